"""Redacting a part of a text: one moderator marks it, a second one confirms or declines."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.guards import moderators_only
from accounts.models import User
from common import db, given
from common.errors import DomainError, Invalid
from consultations import deciding, redaction, states, undoing
from consultations import redaction_places as marking
from consultations.deciding import Desk, Subject
from consultations.forms_moderating import RedactionForm
from consultations.models import Argument, Decision, Opinion
from consultations.models.opinions import State
from consultations.redaction import Place

#: So many different words are looked for on one page, each so long.
_MOST_WORDS, _LONGEST = 20, 500


@moderators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The texts of all versions of an opinion; what is looked for is posted, so that it stands in no address."""
    rows = Opinion.objects.select_related("consultation", "version", "author__user", "entered_by")
    return _page(request, get_object_or_404(rows.exclude(state=State.DRAFT), consultation__slug=slug, number=number))


@moderators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def argument(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same for an argument."""
    rows = Argument.objects.select_related("opinion__consultation", "opinion__version", "author__user")
    return _page(request, get_object_or_404(rows.exclude(state=State.DRAFT), pk=pk))


def _page(request: HttpRequest, subject: Subject) -> HttpResponse:
    first = redaction.pending(subject)
    if request.method != "POST":
        return _mark(request, subject) if first is None else _second(request, subject, first)
    act = request.POST.get("act", "find")
    if act in ("confirm", "decline", "undo"):
        return _answer(request, subject, act)
    if first is not None:
        messages.error(request, _("A redaction of this is proposed already."))
        return redirect(request.path)
    return _propose(request, subject) if act == "propose" else _mark(request, subject)


# --- the first person -----------------------------------------------------------------------------------


def _propose(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Propose what is ticked; whatever stands against it comes back with everything that was found and typed."""
    ticked = marking.parse(request.POST.getlist("place"))
    form = RedactionForm(request.POST)
    try:
        said = form.words()
        redaction.propose(
            actor=_person(request),
            subject=subject,
            places=list(ticked),
            seen=ticked,
            reason=said["reason"],
            note=said["note"],
        )
    except DomainError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        form.is_valid()
        form.errors.clear()
        form.explain(fields or {"__all__": [str(error.message)]})
        return _mark(request, subject, form=form, status=422 if isinstance(error, Invalid) else error.status)
    messages.success(request, _("Proposed. Nothing has changed yet: a second moderator confirms it."))
    return redirect(request.path)


def _mark(
    request: HttpRequest, subject: Subject, *, form: RedactionForm | None = None, status: int = 200
) -> HttpResponse:
    """Look for words, and see every place in its context."""
    earlier, new = _words(request)
    ticked = marking.parse(request.POST.getlist("place"))
    fresh = marking.of_words(subject, new)
    offered = marking.detected(subject)
    places = marking.joined([*marking.of_words(subject, [*earlier, *new]), *offered, *ticked])
    begins = request.method != "POST"
    chosen = [*ticked, *fresh, *(offered if begins else [])]
    shown = [(row, marking.overlap(row.place, chosen)) for row in marking.in_context(subject, places)]
    context = _context(subject, [row.place for row, _is in shown]) | {
        "form": form or RedactionForm(initial=_begun(offered) | request.POST.dict()),
        "places": shown,
        "words": [*earlier, *new],
        "not_found": [part for part in new if not redaction.find(subject, part)],
        "against": _against(_person(request), subject),
        "detected": len(offered),
    }
    return render(request, "moderation/redact.html", context, status=status)


def _begun(offered: list[Place]) -> dict[str, Any]:
    return {"reason": "personal_data"} if offered else {}


def _words(request: HttpRequest) -> tuple[list[str], list[str]]:
    """What was looked for before, and what is new."""
    earlier = [_line_ends(part) for part in request.POST.getlist("found")][:_MOST_WORDS]
    typed = _line_ends(request.POST.get("words", "")).strip()[:_LONGEST]
    return earlier, [typed] if typed and typed not in earlier else []


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def _against(person: User, subject: Subject) -> DomainError | None:
    opinion, argument = deciding.parts(subject)
    try:
        deciding.check(Desk(states.VERBS["redact"], person, opinion, argument, now=db.now()))
    except DomainError as error:
        return error
    return None


# --- the second person ----------------------------------------------------------------------------------


def _second(request: HttpRequest, subject: Subject, first: Decision) -> HttpResponse:
    """What was marked, for who confirms or declines it; who marked it sees that it waits."""
    person = _person(request)
    places = [Place(row.version_id, row.field, row.start, row.length) for row in first.redactions.all()]
    context = _context(subject, places) | {
        "first": first,
        "places": marking.in_context(subject, places),
        "is_first": first.actor_id == person.pk,
        "own": deciding.is_own(person, subject),
        "can_undo": undoing.can_undo(person, first, timezone.now()),
    }
    return render(request, "moderation/redact_second.html", context)


def _answer(request: HttpRequest, subject: Subject, act: str) -> HttpResponse:
    """Say yes or no to the redaction that was shown, and to no other one."""
    number = given.number(request.POST.get("first")) or 0
    first = get_object_or_404(deciding.decisions_on(subject).filter(verb="redact"), pk=number)
    note, actor = str(request.POST.get("note", ""))[: deciding.NOTE_LENGTH], _person(request)
    try:
        if act == "confirm":
            redaction.confirm(actor=actor, first=first, note=note)
            messages.success(request, _("Confirmed. The words are gone for good, and the author is told."))
        elif act == "decline":
            redaction.decline(actor=actor, first=first, note=note)
            messages.success(request, _("Declined. The text stays as it is, and who proposed it is told."))
        else:
            undoing.undo(actor=actor, decision=first)
            messages.success(request, _("Taken back. Nothing was redacted."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(request.path)


# --- parts ------------------------------------------------------------------------------------------


def _context(subject: Subject, places: list[Place]) -> dict[str, Any]:
    opinion, argument = deciding.parts(subject)
    return {
        "opinion": opinion,
        "argument": argument,
        "consultation": opinion.consultation,
        "language": subject.language,
        "versions": marking.versions(subject, places),
        "mark": redaction.MARK,
    }


def _person(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user
