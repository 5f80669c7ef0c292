"""Removing a published or held text: always by two people. A stub with the reason stays.

The first proposes, which changes nothing; another confirms within 24 hours, else the proposal is void.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations import deciding, gone, recording, states, telling
from consultations.deciding import Desk, NotPossible, Subject
from consultations.holding import pending_hold
from consultations.models import Case, Decision, Opinion
from consultations.models.opinions import State


def propose(*, actor: User, subject: Subject, reason: str, note: str = "", case: Case | None = None) -> Decision:
    """Propose to remove an opinion or argument; the other moderators are told. Whoever held it does not propose it.

    Where the text is held and nobody confirmed the hold, the proposal does, as it comes from a second person.
    Exclusive lock. Raises `Invalid`, `NotPossible` (proposed already) and what `deciding.check` raises.
    """
    deciding.check_words("remove", reason, note)
    with transaction.atomic():
        desk = deciding.open_for("remove", actor=actor, subject=subject, case=case)
        if pending(desk.subject) is not None:
            raise NotPossible(_("Removing this is proposed already."))
        _confirm_hold(desk)
        decision = recording.record(desk, reason=reason, note=note)
        telling.second_wanted(decision)
        return decision


def _confirm_hold(desk: Desk) -> None:
    hold = pending_hold(desk.subject)
    if hold is not None:
        second = Desk(states.VERBS["confirm_hold"], desk.actor, desk.opinion, desk.argument, first=hold, now=desk.now)
        recording.record(second, reason=hold.reason)


def confirm(*, actor: User, first: Decision, note: str = "") -> Decision:
    """Remove it, as the second of two. Its votes leave every count, its open cases close, author and reporters are told.

    Exclusive lock, and the count anew. Raises `NotAllowed` for who proposed it, `TooLate` after 24 hours,
    `AlreadyDecided`, `NotPossible` when it is no longer there to be removed.
    """
    deciding.check_words("confirm_removal", "", note)
    with transaction.atomic():
        desk = deciding.open_for("confirm_removal", actor=actor, subject=first.subject, first=first)
        decision = recording.record(desk, reason=first.reason, note=note or first.note)
        telling.reporters(recording.close_all(desk, decision), decision)
        recording.finish(desk, decision)
        telling.second_answered(decision)
        gone.tell(desk.opinion)
        return decision


def decline(*, actor: User, first: Decision, note: str = "") -> Decision:
    """Say no to a removal, as the second of two: nothing changes, and who proposed it is told. Errors as `confirm`."""
    deciding.check_words("decline_removal", "", note)
    with transaction.atomic():
        desk = deciding.open_for("decline_removal", actor=actor, subject=first.subject, first=first)
        decision = recording.record(desk, note=note)
        telling.second_answered(decision)
        return decision


def pending(subject: Subject) -> Decision | None:
    """The proposal to remove it that wants a second person."""
    return deciding.decisions_on(subject).pending().filter(verb="remove").first()


@dataclass(frozen=True)
class Stub:
    """What is left of a removed opinion for everybody: its number and state are on the opinion, no text here."""

    reason: str
    at: datetime


def stub(opinion: Opinion) -> Stub | None:
    """The reason and the moment of a removal; None when the opinion is not removed."""
    if opinion.state != State.REMOVED:
        return None
    removed = deciding.decisions_on(opinion).filter(verb="confirm_removal").last()
    return None if removed is None else Stub(removed.reason, removed.created_at)
