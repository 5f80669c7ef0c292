"""Deciding on new opinions: claim a case, publish, reject (what is about texts: `versions`). Every decision is one
insert-only row.

The moves are in `states.VERBS`; who may make them, in `deciding.check`.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.errors import NotAllowed
from consultations import deciding, recording, refusals, states
from consultations.deciding import (
    AlreadyDecided,
    Desk,
    HeldByAnother,
    NotPossible,
    TextMoved,
    TooLate,
    WrongCase,
    check_words,
)
from consultations.models import Case, Opinion

__all__ = [
    "CLAIM",
    "AlreadyDecided",
    "HeldByAnother",
    "NotAllowed",
    "NotPossible",
    "TextMoved",
    "TooLate",
    "WrongCase",
    "claim",
    "give_back",
    "publish",
    "reject",
]

CLAIM = states.CLAIM


@transaction.atomic
def claim(*, actor: User, case: Case) -> Case:
    """Hold a case for 15 minutes; again extends it. One conditional update, so that one moderator wins.

    Raises `NotAllowed` (no moderator, own opinion, took part before an appeal), `AlreadyDecided`, `HeldByAnother`.
    """
    _check_may_hold(actor, case)
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=actor) | Q(claimed_until__lt=now)
    updated = Case.objects.filter(free, pk=case.pk, closed_at=None).update(claimed_by=actor, claimed_until=now + CLAIM)
    fresh = Case.objects.select_related("claimed_by", "closed_by__actor").get(pk=case.pk)
    if not updated:
        raise refusals.closed(fresh) if fresh.closed_at is not None else refusals.held_by_another(fresh)
    return fresh


def give_back(*, actor: User, case: Case) -> bool:
    """Let go of a case that one holds, so that colleagues need not wait; whether it was held."""
    mine = Case.objects.filter(pk=case.pk, claimed_by=actor, closed_at=None)
    return mine.update(claimed_by=None, claimed_until=None) == 1


def _check_may_hold(actor: User, case: Case) -> None:
    """The same people who may decide on it; the phase and the state are looked at when they do."""
    opinion, argument = deciding.parts(deciding.of_case(case))
    verb = next(row for row in states.VERBS.values() if row.who == states.Who.HOLDER and case.kind in row.cases)
    deciding.check_person(Desk(verb, actor, opinion, argument, case))


def publish(*, actor: User, case: Case, version_id: int | None = None, note: str = "") -> Opinion:
    """Publish the opinion of a case: it gets its place in the order of publication and is open to votes.

    Takes the consultation's exclusive lock, because it changes what counts. Raises as `claim`, and `TextMoved`
    when `version_id` is given and no longer the case's.
    """
    check_words("publish", "", note)
    with transaction.atomic():
        desk = open_new("publish", actor=actor, case=case, version_id=version_id)
        put_in_force(desk)
        recording.finish(desk, recording.record(desk, note=note))
        return desk.opinion


def reject(*, actor: User, case: Case, reason: str, version_id: int | None = None, note: str = "") -> Opinion:
    """Reject the opinion of a case, with a reason that its author is told. Raises as `publish`, and `Invalid`."""
    check_words("reject", reason, note)
    with transaction.atomic():
        desk = open_new("reject", actor=actor, case=case, version_id=version_id)
        recording.finish(desk, recording.record(desk, reason=reason, note=note))
        return desk.opinion


def open_new(verb: str, *, actor: User, case: Case, version_id: int | None) -> Desk:
    """The desk of a verb about opinions; a case about an argument is decided by the verbs of `arguments`."""
    if case.argument_id is not None:
        raise refusals.wrong_case()
    return deciding.open_for(verb, actor=actor, subject=case.opinion, case=case, version_id=version_id)


def put_in_force(desk: Desk, sequence: int | None = None) -> None:
    """Give an opinion its place in the order of publication (the next one), with the text of its case."""
    opinion = desk.opinion
    if desk.case is not None:
        opinion.version = desk.case.version
    opinion.published_at = timezone.now()
    opinion.publish_sequence = sequence or recording.next_publish_sequence(opinion.consultation_id)
