"""What the clock does to texts: it gives back and lets lapse, and never publishes or rejects."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consultations import moderation, versions
from consultations.models import Case, Opinion
from consultations.models.opinions import State


def return_due(now: datetime) -> int:
    """Give back to the queue, as it stands, whatever waited for changes until now; idempotent."""
    due = Opinion.objects.filter(state=State.CHANGES_REQUESTED, changes_due_at__lte=now)
    return sum(_return(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _return(pk: Any, now: datetime) -> bool:
    held = Opinion.objects.select_for_update(of=("self",), skip_locked=True).filter(
        pk=pk, state=State.CHANGES_REQUESTED, changes_due_at__lte=now
    )
    opinion = held.first()
    if opinion is None:
        return False
    decision = versions.back_to_queue("return", opinion, actor=None, offer_to=None)
    moderation.tell_author(decision)
    return True


def lapse_due(now: datetime) -> int:
    """Close what nobody decided on a day before voting closes: the published text stays, the author is told.

    Later a text could not leave its voters the time to vote again. Idempotent; a case that a moderator is deciding on
    at this moment is left to them.
    """
    latest = now + versions.TIME_TO_VOTE_AGAIN
    due = Case.objects.filter(
        kind=Case.Kind.VERSION, closed_at=None, opinion__consultation__voting_close_at__lte=latest
    )
    return sum(_lapse(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: UUID, now: datetime) -> bool:
    case = Case.objects.select_for_update(skip_locked=True).filter(pk=pk, closed_at=None).first()
    if case is None:
        return False
    opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=case.opinion_id)
    decision = moderation.record("lapse_version", opinion=opinion, actor=None, case=case)
    Case.objects.filter(pk=pk).update(closed_at=now)
    moderation.tell_author(decision)
    return True
