"""What the clock does to texts and to what wants a second person: it gives back, lets lapse and releases.

It never publishes or rejects. Each function is idempotent, and what a moderator is deciding on at this moment is left to
them: whoever has the consultation's lock first has decided.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import DomainError
from consultations import deciding, recording, telling, versions
from consultations.deciding import Subject
from consultations.models import Argument, Case, Decision, Opinion
from consultations.models.opinions import State

#: What becomes of a first of two without a second person.
LAPSES = {"hold": "lapse_hold", "remove": "lapse_removal", "redact": "lapse_redaction"}


def return_due(now: datetime) -> int:
    """Give back to the queue, as it stands, whatever waited for changes until now."""
    waiting = {"state": State.CHANGES_REQUESTED, "changes_due_at__lte": now}
    due: Iterable[Subject] = [
        *Opinion.objects.filter(**waiting),
        *Argument.objects.filter(**waiting).select_related("opinion"),
    ]
    return sum(_return(subject, now) for subject in due)


@transaction.atomic
def _return(subject: Subject, now: datetime) -> bool:
    try:
        desk = deciding.open_for("return", actor=None, subject=subject)
    except deciding.NotPossible:
        return False
    due = desk.subject.changes_due_at
    if due is None or due > now:
        return False
    telling.author(versions.back_to_queue(desk))
    return True


def lapse_due(now: datetime) -> int:
    """Close what nobody decided on a day before voting closes: the published text stays, the author is told.

    Later a text could not leave its voters the time to vote again.
    """
    latest = now + versions.TIME_TO_VOTE_AGAIN
    due = Case.objects.filter(
        kind=Case.Kind.VERSION, closed_at=None, opinion__consultation__voting_close_at__lte=latest
    )
    return sum(_lapse(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: UUID) -> bool:
    case = Case.objects.select_related("opinion").get(pk=pk)
    try:
        desk = deciding.open_for("lapse_version", actor=None, subject=case.opinion, case=case)
    except DomainError:
        return False
    recording.finish(desk, recording.record(desk))
    return True


def lapse_unconfirmed(now: datetime) -> int:
    """Release holds, and void removals and redactions, that no second person confirmed in time; both sides are told."""
    due = Decision.objects.pending().filter(second_until__lte=now).values_list("pk", flat=True)
    return sum(_lapse_unconfirmed(pk) for pk in list(due))


@transaction.atomic
def _lapse_unconfirmed(pk: int) -> bool:
    first = Decision.objects.select_related("opinion", "argument__opinion", "actor").get(pk=pk)
    try:
        desk = deciding.open_for(LAPSES[first.verb], actor=None, subject=first.subject, first=first)
    except DomainError:
        return False
    decision = recording.record(desk, reason=first.reason)
    telling.second_answered(recording.finish(desk, decision))
    return True
