"""What stands against a decision, as errors: somebody was first, somebody holds the case, the text moved, time is over.

Who and when stand in the message; nothing is stored.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from consultations import colleagues
from consultations.models import Case, Decision


class AlreadyDecided(DomainError):
    """Somebody else was first. Who and when stand in the message."""

    code = "already_decided"


class HeldByAnother(DomainError):
    """Somebody else holds the case at the moment."""

    code = "held_by_another"


class WrongCase(DomainError):
    """The verb does not belong to this kind of case."""

    code = "wrong_case"


class TextMoved(DomainError):
    """The text is not the one that the moderator saw."""

    code = "text_changed"


class TooLate(DomainError):
    """The time for this is over."""

    code = "too_late"


class NotPossible(DomainError):
    """The opinion or argument is not in a state where this can be done."""

    code = "not_possible"


def text_moved() -> TextMoved:
    """The error of who decides on a text that they have not read."""
    return TextMoved(_("The author changed the text meanwhile. Please read it again."))


def wrong_case() -> WrongCase:
    """The error of a verb that does not fit the kind of case."""
    return WrongCase(_("This case is decided in another way."))


def closed(case: Case) -> AlreadyDecided:
    """Who closed a case and when, as an error to raise."""
    assert case.closed_at is not None
    decision = case.closed_by
    return decided_by(case.claimed_by if decision is None else colleagues.decider(decision), case.closed_at)


def held_by_another(case: Case) -> HeldByAnother:
    """Who holds a case and until when, as an error to raise."""
    assert case.claimed_until is not None
    until = timezone.localtime(case.claimed_until).strftime("%H:%M")
    facts = {"who": colleagues.named(case.claimed_by), "until": until}
    return HeldByAnother(_("%(who)s is working on this until %(until)s.") % facts)


def decided(decision: Decision) -> AlreadyDecided:
    """Who decided first and when, as an error to raise."""
    return decided_by(colleagues.decider(decision), decision.created_at)


def decided_by(who: User | None, when: datetime) -> AlreadyDecided:
    """The same, of somebody and a moment; nobody: its author, or the clock."""
    at = timezone.localtime(when).strftime("%H:%M")
    if who is None:  # withdrawn by its author, or lapsed
        return AlreadyDecided(_("This was closed at %(at)s. Nothing was stored.") % {"at": at})
    facts = {"who": colleagues.named(who), "at": at}
    return AlreadyDecided(_("%(who)s decided on this at %(at)s. Nothing was stored.") % facts)
