"""One case, or one opinion or argument without a case: what there is to know, and every verb that can be said about it."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import moderators_only
from common.errors import DomainError, Invalid
from consultations import deciding, moderation, review, saying, service_time, states, workbench
from consultations.deciding import Subject
from consultations.forms import DecideForm
from consultations.models import Argument, Case, Decision, Opinion, OpinionVersion
from consultations.moderation_views import address, go_on, posted_filter, rows
from consultations.workbench import Filter, Waiting

_NEAR = 12
_ARGUMENTS = Argument.objects.select_related(
    "opinion__consultation", "opinion__version", "opinion__theme", "opinion__author", "author"
)
_OPINIONS = Opinion.objects.select_related("consultation", "version", "theme", "author")


class Place(NamedTuple):
    """What is worked on: an opinion or argument, and the case in which it waits."""

    subject: Subject
    case: Case | None = None

    @property
    def opinion(self) -> Opinion:
        return deciding.parts(self.subject)[0]

    @property
    def version(self) -> OpinionVersion:
        found = self.case.version if self.case is not None else self.opinion.version
        assert found is not None
        return found


def _of_case(pk: UUID) -> Place:
    case = get_object_or_404(
        Case.objects.select_related("version", "claimed_by", "closed_by__actor", "opened_by"), pk=pk
    )
    case.opinion = _OPINIONS.get(pk=case.opinion_id)
    if case.argument_id is not None:
        case.argument = _ARGUMENTS.get(pk=case.argument_id)
    case.version.opinion = case.opinion
    return Place(deciding.of_case(case), case)


def _of_opinion(slug: str, number: int) -> Place:
    return Place(get_object_or_404(_OPINIONS.exclude(version=None), consultation__slug=slug, number=number))


def _of_argument(pk: UUID) -> Place:
    return Place(get_object_or_404(_ARGUMENTS, pk=pk))


# --- looking ------------------------------------------------------------------------------------------


@moderators_only
@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case beside the queue. Reading claims nothing: a look must not stop a colleague."""
    return _page(request, _of_case(pk))


@moderators_only
@require_safe
def opinion_desk(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An opinion that waits for nothing: to hold, remove, merge or redact it, or to be the second person."""
    return _page(request, _of_opinion(slug, number))


@moderators_only
@require_safe
def argument_desk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same for an argument."""
    return _page(request, _of_argument(pk))


def _page(request: HttpRequest, place: Place, form: DecideForm | None = None, status: int = 200) -> HttpResponse:
    assert request.user.is_authenticated
    wanted = Filter.parse(request.GET) if form is None else posted_filter(request)
    subject, found = place
    first = review.first_of_two(subject)
    context: dict[str, Any] = review.beside(request.user, subject, place.version, found) | {
        "place": place,
        "case": found,
        "opinion": place.opinion,
        "argument": subject if isinstance(subject, Argument) else None,
        "wanted": wanted,
        "query": wanted.suffix,
        "coming": rows(_coming(request.user, wanted, found), request.user),
        "reports": found.reports.all() if found is not None and found.kind == Case.Kind.REPORT else [],
        "history": list(deciding.decisions_on(subject).select_related("actor")),
        "open_cases": list(deciding.cases_of(subject)) if found is None else [],
        "first": first,
        "appeal": review.appeal(found) if found is not None else (None, None),
        "actions": review.actions(request.user, subject, found, first, timezone.now()),
        "recent": workbench.recent(request.user),
        "form": form or DecideForm(),
    }
    context |= _of_claim(found, request) if found is not None else {}
    return render(request, "moderation/case.html", context, status=status)


def _of_claim(found: Case, request: HttpRequest) -> dict[str, Any]:
    assert request.user.is_authenticated
    now = timezone.now()
    is_open = found.closed_at is None
    is_held = is_open and deciding.is_held_by_another(found, request.user, now)
    is_running = is_open and found.claimed_until is not None and found.claimed_until > now
    mark = service_time.mark(found, now)
    return {
        "age": service_time.age_in_words(found, now),
        "mark": mark,
        "sign": service_time.SIGNS[mark],
        "is_mine": is_running and found.claimed_by_id == request.user.pk,
        "is_held": is_held,
    }


def _coming(reader: Any, wanted: Filter, found: Case | None) -> list[Waiting]:
    """The list beside it: this case and those that come after it."""
    if found is None:
        return workbench.page(wanted, reader).rows[:_NEAR]
    own = [] if found.closed_at is not None else [workbench.row_of(found)]
    return own + workbench.page(wanted, reader, after=found).rows[: _NEAR - len(own)]


# --- holding it -----------------------------------------------------------------------------------------


@moderators_only
@require_POST
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hold it for a quarter of an hour; again, or by working on it, longer. A script asks for no page (204)."""
    found = get_object_or_404(Case.objects.select_related("opinion__author", "argument__author"), pk=pk)
    assert request.user.is_authenticated
    try:
        moderation.claim(actor=request.user, case=found)
    except DomainError as error:
        if _is_script(request):
            return HttpResponse(str(error.message), status=409)
        messages.error(request, str(error.message))
    if _is_script(request):
        return HttpResponse(status=204)
    return redirect(address("case", posted_filter(request), pk))


@moderators_only
@require_POST
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let go of it and go back to the list."""
    found = get_object_or_404(Case, pk=pk)
    assert request.user.is_authenticated
    moderation.give_back(actor=request.user, case=found)
    return redirect(address("moderation", posted_filter(request)))


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


# --- deciding -------------------------------------------------------------------------------------------


@moderators_only
@require_POST
def decide_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _decide(request, _of_case(pk))


@moderators_only
@require_POST
def decide_opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _decide(request, _of_opinion(slug, number))


@moderators_only
@require_POST
def decide_argument(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _decide(request, _of_argument(pk))


def _decide(request: HttpRequest, place: Place) -> HttpResponse:
    """Say one verb. What it lacks, and what refuses it, comes back with the page as it stands now and what was typed."""
    assert request.user.is_authenticated
    verb = str(request.POST.get("verb", ""))
    said = saying.of_form(request.POST, actor=request.user, subject=place.subject, case=place.case, verb=verb)
    try:
        saying.say(said)
    except Invalid as error:
        return _page(request, place, DecideForm.refused(request.POST, error), status=422)
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, _again(place), DecideForm(request.POST), status=409)
    done = _("No. %(number)d: %(what)s.") % {"number": place.opinion.number, "what": states.label(verb)}
    told = _("Its author is told.") if states.VERBS[verb].tells else ""
    messages.success(request, f"{done} {told}".strip())
    if place.case is None:
        return redirect(request.path.removesuffix("decide/"))
    return go_on(request, posted_filter(request), place.case)


def _again(place: Place) -> Place:
    """As it stands after somebody else was first."""
    if place.case is not None:
        return _of_case(place.case.pk)
    if isinstance(place.subject, Argument):
        return _of_argument(place.subject.pk)
    return _of_opinion(place.opinion.consultation.slug, place.opinion.number)


@moderators_only
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one decided within the last ten minutes."""
    rows = Decision.objects.select_related("opinion__consultation", "argument__opinion", "case", "merge")
    found = get_object_or_404(rows, pk=pk)
    assert request.user.is_authenticated
    try:
        saying.say(saying.Said("undo", request.user, found.subject, first=found))
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Undone. No. %(number)d is as it was before.") % {"number": found.opinion.number})
        if found.case_id is not None:
            return redirect("case", pk=found.case_id)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page of ours on which the button stood, else the list."""
    given = str(request.POST.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_ours else "moderation"
