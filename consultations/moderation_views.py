"""The moderators' page: what waits, one case, the decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.guards import moderators_only
from common.errors import DomainError, Invalid
from consultations import authors, moderation
from consultations.forms import RejectForm
from consultations.models import Case


def _cases() -> "list[Case]":
    return list(
        Case.objects.waiting().select_related("opinion__consultation", "opinion__theme", "version", "claimed_by")
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
            "opinion__consultation", "opinion__theme", "opinion__author", "version", "claimed_by"
        ),
        pk=pk,
    )
    author = found.opinion.author
    context = {
        "case": found,
        "opinion": found.opinion,
        "cases": _cases(),
        "byline": authors.bylines([found.opinion]).get(found.opinion_id, ""),
        "own": author is not None and not access.may_decide(request.user, author.user_id),
        "form": form or RejectForm(),
        "history": found.opinion.decisions.all(),
    }
    return render(request, "moderation/case.html", context, status=status)


@moderators_only
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Case.objects.select_related("opinion__author"), pk=pk)
    assert request.user.is_authenticated
    try:
        done = moderation.publish(actor=request.user, case=found, version_id=_version(request))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, _("Published as No. %(number)d. Its author is told.") % {"number": done.number})
    return redirect("moderation")


@moderators_only
@require_POST
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Case.objects.select_related("opinion__author"), pk=pk)
    assert request.user.is_authenticated
    form = RejectForm(request.POST)
    if not form.is_valid() and "note" in form.errors:
        request.method = "GET"
        return case(request, pk, form=form, status=422)
    reason, note = str(request.POST.get("reason", "")), form.cleaned_data.get("note", "")
    try:
        moderation.reject(actor=request.user, case=found, reason=reason, note=note, version_id=_version(request))
    except Invalid as error:
        for name, texts in error.fields.items():
            if name not in form.errors:
                form.add_error(name, texts)
        request.method = "GET"
        return case(request, pk, form=form, status=422)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("case", pk=pk)
    messages.success(request, _("Rejected. Its author is told the reason."))
    return redirect("moderation")


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
