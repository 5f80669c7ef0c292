"""Priorities: the five opinions that a participant picks as most important."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError
from consultations import locks, roll
from consultations.models import Consultation, Opinion, Participant, Priority
from consultations.models.priorities import MOST


class PrioritiesClosed(DomainError):
    """Priorities cannot be picked now: before voting opens, or after they closed."""

    code = "priorities_closed"


class FiveAlready(DomainError):
    """The participant has picked five; one has to go first."""

    code = "five_already"


class NotOpenToPriorities(DomainError):
    """The opinion is not published (any more)."""

    code = "not_open_to_priorities"


@transaction.atomic
def mark(*, user: User, opinion: Opinion) -> int:
    """Pick an opinion as one of one's five; gives its rank, the last one. Picked already: nothing changes.

    Takes the consultation's shared lock, then the participant's row, so that one person's acts queue. Raises
    `PrioritiesClosed`, `NotOpenToPriorities`, `FiveAlready` and `NotAllowed` (not a member, voided).
    """
    participant = _admit(user, opinion.consultation_id)
    if not Opinion.objects.published().filter(pk=opinion.pk).exists():
        raise NotOpenToPriorities(_("This opinion is not published any more."))
    mine = dict(participant.priorities.values_list("opinion_id", "rank"))
    if opinion.pk in mine:
        return mine[opinion.pk]
    if len(mine) >= MOST:
        raise FiveAlready(_("You have five priorities already. Take one back first."))
    return Priority.objects.create(participant=participant, opinion=opinion, rank=len(mine) + 1).rank


@transaction.atomic
def drop(*, user: User, opinion: Opinion) -> None:
    """Take a priority back; those after it move up. Not picked: nothing happens. Locks and errors as `mark`."""
    participant = _admit(user, opinion.consultation_id)
    found = participant.priorities.filter(opinion=opinion).first()
    if found is not None:
        found.delete()
        participant.priorities.filter(rank__gt=found.rank).update(rank=F("rank") - 1)


@transaction.atomic
def raise_(*, user: User, opinion: Opinion) -> None:
    """Let a priority change places with the one before it; the first one stays. Locks and errors as `mark`."""
    participant = _admit(user, opinion.consultation_id)
    found = participant.priorities.filter(opinion=opinion).first()
    if found is None or found.rank == 1:
        return
    participant.priorities.filter(rank=found.rank - 1).update(rank=found.rank)
    Priority.objects.filter(pk=found.pk).update(rank=found.rank - 1)


def _admit(user: User, consultation_id: int) -> Participant:
    """The participant, with its row locked; raises when nothing may be picked."""
    locks.share(consultation_id)
    consultation = Consultation.objects.get(pk=consultation_id)
    now = db.now()
    if not consultation.priorities_are_open(now):
        raise PrioritiesClosed(
            _("Priorities cannot be picked before voting opens.")
            if now < consultation.voting_open_at
            else _("Picking priorities is closed.")
        )
    participant = roll.enter(user=user, consultation=consultation)
    return Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)


def of(*, user: Any, consultation: Consultation) -> list[Priority]:
    """One's own priorities in order, with their opinions; also of opinions that are not published any more."""
    if not user.is_authenticated:
        return []
    mine = Priority.objects.of(user).filter(participant__consultation=consultation)
    return list(mine.select_related("opinion__version", "opinion__theme").order_by("rank"))


def counted(consultation: Consultation) -> Counter[UUID]:
    """How many participants picked each opinion, of those that count; for who may see counts, and the digest."""
    found = Priority.objects.counting().filter(opinion__consultation=consultation).values("opinion_id")
    return Counter({row["opinion_id"]: row["times"] for row in found.annotate(times=Count("pk")).order_by()})
