"""Holding a published text at once, and what becomes of a hold: confirmed by a second moderator, or released.

A held opinion's votes leave the totals and come back unchanged: they are never touched, only not counted.
"""

from django.db import transaction

from accounts.models import User
from consultations import deciding, recording, telling
from consultations.deciding import Subject
from consultations.models import Case, Decision


def hold(*, actor: User, subject: Subject, reason: str, note: str = "", case: Case | None = None) -> Decision:
    """Hide a published opinion or argument at once; a second moderator confirms within four hours, else it is back.

    `case`: the case of reports from which it is done; it stays open. Exclusive lock, and the count anew; the author and
    the other moderators are told. Raises `Invalid` and what `deciding.check` raises.
    """
    deciding.check_words("hold", reason, note)
    with transaction.atomic():
        desk = deciding.open_for("hold", actor=actor, subject=subject, case=case)
        decision = recording.finish(desk, recording.record(desk, reason=reason, note=note))
        telling.second_wanted(decision)
        return decision


def confirm(*, actor: User, first: Decision, note: str = "") -> Decision:
    """A second moderator says that the hold is right; it then stays until it is released or the text removed.

    Raises `NotAllowed` for who held it, `TooLate` after four hours, `AlreadyDecided`.
    """
    deciding.check_words("confirm_hold", "", note)
    with transaction.atomic():
        desk = deciding.open_for("confirm_hold", actor=actor, subject=first.subject, first=first)
        return recording.finish(desk, recording.record(desk, reason=first.reason, note=note))


def release(*, actor: User, subject: Subject, note: str = "") -> Decision:
    """Show a held text again, with its votes as they were; by a moderator who did not hold it.

    Closes what was reported: the text stays, and who reported is told. Exclusive lock, and the count anew.
    """
    deciding.check_words("release", "", note)
    with transaction.atomic():
        desk = deciding.open_for("release", actor=actor, subject=subject)
        desk.first = pending_hold(desk.subject)
        decision = recording.finish(desk, recording.record(desk, note=note))
        telling.reporters(recording.close_all(desk, decision, Case.Kind.REPORT), decision)
        return decision


def pending_hold(subject: Subject) -> Decision | None:
    """The hold that still wants a second person."""
    return deciding.decisions_on(subject).pending().filter(verb="hold").first()
