"""The moderators' page: what waits, one case, the decision."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import moderators_only
from common import text
from common.errors import DomainError, Invalid
from consultations import authors, comparing, deciding, moderation, versions
from consultations.forms import RejectForm
from consultations.models import Case


def _cases() -> "list[Case]":
    return list(
        Case.objects.waiting().select_related(
            "opinion__consultation", "opinion__theme", "version", "claimed_by", "argument"
        )
    )


@moderators_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    return render(request, "moderation/queue.html", {"cases": _cases()})


@moderators_only
@require_safe
def case(request: HttpRequest, pk: UUID, form: RejectForm | None = None, status: int = 200) -> HttpResponse:
    """One case beside the queue. Reading claims nothing: a look must not stop a colleague."""
    found = get_object_or_404(
        Case.objects.select_related(
            "opinion__consultation",
            "opinion__theme",
            "opinion__author",
            "opinion__version",
            "version",
            "claimed_by",
            "argument__author",
        ),
        pk=pk,
    )
    assert request.user.is_authenticated
    context = {
        "case": found,
        "opinion": found.opinion,
        "cases": _cases(),
        "byline": authors.bylines([found.opinion]).get(found.opinion_id, ""),
        "own": deciding.is_own(request.user, found.argument or found.opinion),
        "form": form or RejectForm(),
        "history": found.opinion.decisions.filter(argument=found.argument),
        "reports": found.reports.all() if found.kind == Case.Kind.REPORT else [],
        "changes": _changes(found),
    }
    return render(request, "moderation/case.html", context, status=status)


def _changes(case: Case) -> "list[comparing.Changed]":
    """What a new text changes: against the one in force, or the one that was sent back."""
    earlier = case.opinion.version
    if earlier is None or earlier.pk == case.version_id:
        earlier = case.opinion.versions.filter(number=case.version.number - 1).first()
    return comparing.compare(earlier, case.version) if earlier is not None else []


@moderators_only
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, moderation.publish, _("Published. Its author is told."))


@moderators_only
@require_POST
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, moderation.reject, _("Rejected. Its author is told the reason."), **_words(request))


@moderators_only
@require_POST
def request_changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    done = _("Its author is asked for changes.")
    return _decide(request, pk, versions.request_changes, done, **_words(request))


@moderators_only
@require_POST
def approve_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`keeps_votes` must be said, one way or the other."""
    if request.POST.get("keeps_votes") not in ("yes", "no"):
        messages.error(request, _("Please say whether the votes stay."))
        return redirect("case", pk=pk)
    keeps = request.POST["keeps_votes"] == "yes"
    done = _("The new text is published. Its author is told.")
    return _decide(request, pk, versions.approve_version, done, keeps_votes=keeps)


@moderators_only
@require_POST
def reject_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    done = _("The new text is refused. Its author is told the reason.")
    return _decide(request, pk, versions.reject_version, done, **_words(request))


def _decide(request: HttpRequest, pk: UUID, act: Callable[..., object], done: str, **words: object) -> HttpResponse:
    """Call one decision; what it lacks comes back with the form, what refuses it as a message."""
    found = get_object_or_404(Case.objects.select_related("opinion__author", "opinion__consultation"), pk=pk)
    assert request.user.is_authenticated
    try:
        act(actor=request.user, case=found, version_id=_version(request), **words)
    except Invalid as error:
        form = RejectForm(request.POST)
        form.is_valid()
        form.errors.clear()
        for name, texts in error.fields.items():
            form.add_error(name, texts)
        request.method = "GET"
        return case(request, pk, form=form, status=422)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, done)
    return redirect("moderation")


def _words(request: HttpRequest) -> dict[str, str]:
    return {name: text.clean(str(request.POST.get(name, ""))) for name in ("reason", "note")}


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
