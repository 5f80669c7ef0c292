"""Arguments for and against an opinion: submitted, decided on, marked as helpful. One level, 1,000 characters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db, text
from common.errors import DomainError, Invalid
from consultations import authors, deciding, locks, recording, refusals, roll, states, telling, versions
from consultations.deciding import Desk
from consultations.models import Argument, Case, Consultation, Helpful, Opinion, Participant
from consultations.models.arguments import ARGUMENT_LENGTH, Side
from consultations.models.opinions import ShownAs, State


class ArgumentsClosed(DomainError):
    """The opinion takes no arguments: it is not published, or voting on it has closed."""

    code = "arguments_closed"


class NotShown(DomainError):
    """The argument is not published."""

    code = "not_shown"


# --- writing --------------------------------------------------------------------------------------


def submit(*, user: User, opinion: Opinion, fields: Mapping[str, Any], key: str | None = None) -> Argument:
    """Submit a reason for or against a published opinion; it waits for a moderator.

    From when the opinion is published until voting closes, by the database's clock after the consultation's shared
    lock. The same key again gives the first argument again. Raises `Invalid`, `ArgumentsClosed`, `NotAllowed`.
    """
    checked = check(fields)
    with transaction.atomic():
        locks.share(opinion.consultation_id)
        fresh = Opinion.objects.select_related("consultation", "version").get(pk=opinion.pk)
        author = roll.enter(user=user, consultation=fresh.consultation)
        earlier = _earlier(author, key)
        if earlier is not None:
            return earlier
        if fresh.state != State.PUBLISHED or fresh.consultation.is_closed(db.now()):
            raise ArgumentsClosed(_("This opinion takes no more arguments."))
        assert fresh.version is not None
        now = timezone.now()
        made = Argument.objects.create(
            opinion=fresh, author=author, submitted_at=now, idempotency_key=key or None, **checked
        )
        recording.open_case(Case.Kind.ARGUMENT, made, now=now)
        return made


def check(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they will be stored; raises `Invalid` with every field's messages at once."""
    errors: dict[str, list[str]] = {}
    words = text.clean(str(fields.get("text") or ""))
    if not text.has_letters(words):
        errors["text"] = [str(_("Write at least one sentence."))]
    elif len(words) > ARGUMENT_LENGTH:
        over = {"over": len(words) - ARGUMENT_LENGTH, "longest": ARGUMENT_LENGTH}
        errors["text"] = [str(_("%(over)d characters too many (at most %(longest)d).") % over)]
    side = str(fields.get("side") or "")
    if side not in Side.values:
        errors["side"] = [str(_("Say whether this speaks for or against."))]
    shown_as = str(fields.get("shown_as") or ShownAs.SOCIETY)
    if shown_as not in ShownAs.values:
        errors["shown_as"] = [str(_("Please choose one of the options."))]
    if errors:
        raise Invalid(_("Some fields need mending."), fields=errors)
    return {"text": words, "side": side, "shown_as": shown_as, "language": text.guess_language(words)}


def _earlier(author: Participant, key: str | None) -> Argument | None:
    """What this key already made; parallel requests of one author wait for each other here."""
    if not key:
        return None
    Participant.objects.select_for_update(no_key=True).get(pk=author.pk)
    return author.arguments.filter(idempotency_key=key[:80]).first()


# --- deciding -------------------------------------------------------------------------------------


def publish(*, actor: User, case: Case, note: str = "") -> Argument:
    """Publish the argument of a case; its author is told. Errors as `moderation.publish`."""
    return _decide("publish", actor=actor, case=case, note=note)


def reject(*, actor: User, case: Case, reason: str, note: str = "") -> Argument:
    """Reject the argument of a case, with a reason that its author is told. Errors as `moderation.reject`."""
    return _decide("reject", actor=actor, case=case, reason=reason, note=note)


def request_changes(*, actor: User, case: Case, note: str, reason: str = "") -> Argument:
    """Ask the author for changes, in words; 48 hours, at most until voting closes. Errors as `publish`, `Invalid`."""
    return _decide("request_changes", actor=actor, case=case, reason=reason, note=note)


def _decide(verb: str, *, actor: User, case: Case, reason: str = "", note: str = "") -> Argument:
    deciding.check_words(verb, reason, note)
    with transaction.atomic():
        if case.argument is None:
            raise refusals.wrong_case()
        desk = deciding.open_for(verb, actor=actor, subject=case.argument, case=case)
        prepare(desk)
        recording.finish(desk, recording.record(desk, reason=reason, note=note))
        assert desk.argument is not None
        return desk.argument


def prepare(desk: Desk) -> None:
    """What a decision writes on an argument besides its state."""
    found = desk.argument
    assert found is not None
    if desk.rule.verb == "publish":
        found.published_at = desk.now
    if desk.rule.verb == "request_changes":
        found.changes_due_at = min(desk.now + states.TIME_FOR_CHANGES, desk.opinion.consultation.voting_close_at)


# --- what its author does later -------------------------------------------------------------------


def resubmit(*, user: User, argument: Argument, fields: Mapping[str, Any]) -> Argument:
    """Answer a request for changes with other words, which nobody has seen; offered to the same moderator first.

    Shared lock. Raises `Invalid`, `NotAllowed` (not the author), `NotPossible` (nobody waits for changes), `TooLate`.
    """
    checked = check(fields)
    with transaction.atomic():
        desk = deciding.open_for("submit", actor=user, subject=argument, shared=True)
        for name, value in checked.items():
            setattr(desk.subject, name, value)
        versions.back_to_queue(desk, offer_to=versions.who_asked(desk.subject))
        assert desk.argument is not None
        return desk.argument


@transaction.atomic
def withdraw(*, user: User, argument: Argument) -> Argument:
    """Take an own argument back, until voting closes. Raises as `resubmit`."""
    desk = deciding.open_for("withdraw", actor=user, subject=argument)
    decision = recording.record(desk)
    telling.reporters(recording.close_all(desk, decision), decision)
    assert desk.argument is not None
    return desk.argument


# --- marking as helpful ---------------------------------------------------------------------------


@transaction.atomic
def mark(*, user: User, argument: Argument, helpful: bool = True) -> None:
    """Mark a published argument as helpful, or take the mark back; once a person, again changes nothing.

    Open as voting is, with the consultation's shared lock. Raises `NotShown`, `ArgumentsClosed`, `NotAllowed`
    (not a member, voided, or an own argument).
    """
    opinion = argument.opinion
    locks.share(opinion.consultation_id)
    consultation = Consultation.objects.get(pk=opinion.consultation_id)
    if not Argument.objects.published().filter(pk=argument.pk, opinion__state=State.PUBLISHED).exists():
        raise NotShown(_("This argument is not shown any more."))
    if not consultation.voting_is_open(db.now()):
        raise ArgumentsClosed(_("Voting is closed."))
    participant = roll.enter(user=user, consultation=consultation)
    if participant.pk == argument.author_id:
        raise DomainError(_("This is your own argument."), code="own_argument")
    if helpful:
        Helpful.objects.get_or_create(argument=argument, participant=participant)
    else:
        Helpful.objects.filter(argument=argument, participant=participant).delete()


# --- reading --------------------------------------------------------------------------------------


@dataclass
class Shown:
    """One argument as a page shows it; the number of marks is None while it is hidden."""

    argument: Argument
    byline: str
    helpful: int | None
    mine: bool
    own: bool


@dataclass
class Sides:
    """The arguments of an opinion, and the reader's own that still wait or were rejected."""

    for_: list[Shown] = field(default_factory=list)
    against: list[Shown] = field(default_factory=list)
    waiting: list[Argument] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.for_) + len(self.against)


def of(opinion: Opinion, reader: Any, *, with_marks: bool) -> Sides:
    """What this reader sees of an opinion's arguments; four queries at most, whatever their number.

    Marks are shown, and decide the order, only where the reader sees the opinion's count: else the oldest first.
    """
    rows = opinion.arguments.published().order_by("published_at", "pk")
    person = reader.pk if reader.is_authenticated else None
    if with_marks:
        counting = Count("marks", Q(marks__participant__voided_at=None))
        rows = rows.annotate(helpful=counting).order_by("-helpful", "published_at", "pk")
    mine = Helpful.objects.filter(argument=OuterRef("pk"), participant__user=person)
    found = list(rows.annotate(mine=Exists(mine)).select_related("author"))
    lines = authors.bylines(found)
    sides = Sides()
    for row in found:
        helpful: int | None = getattr(row, "helpful", None)
        own = person is not None and row.author.user_id == person
        shown = Shown(row, lines.get(row.pk, ""), helpful, bool(getattr(row, "mine", False)), own)
        (sides.for_ if row.side == Side.FOR else sides.against).append(shown)
    if person is not None:
        hidden = opinion.arguments.filter(author__user=person).exclude(state=State.PUBLISHED)
        sides.waiting = list(hidden.order_by("submitted_at"))
    return sides


def readable(pk: UUID) -> Argument | None:
    """A published argument, or None."""
    return Argument.objects.published().select_related("opinion__consultation").filter(pk=pk).first()
