"""Bulk moderation beside votes (V19): no deadlock, and nothing that was acknowledged is lost."""

import random
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import OperationalError, transaction

from accounts.models import User
from common.errors import DomainError
from consultations import locks, moderation, submission, voting
from consultations.models import Case, Consultation, Opinion, Vote
from tests.races.conftest import CROWD, deadlocks, together

Told = dict[tuple[UUID, UUID], int]
TEXT = {"proposal": "Another proposal", "problem": "Text", "reason": "Text"}


def voter(person: User, opinions: list[Opinion], seconds: float) -> Callable[[], Told]:
    def act() -> Told:
        told: Told = {}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            opinion, value = random.choice(opinions), random.choice((-1, 0, 1))
            try:
                voting.cast(user=person, opinion=opinion, value=value)
            except voting.NotOpenToVotes:
                continue
            told[person.pk, opinion.pk] = value
        return told

    return act


def moderator(bob: User, consultation: Consultation, opinions: list[Opinion], seconds: float) -> Callable[[], Told]:
    """Publishes what waits, and holds and releases many at a time as the workbench does: one lock, then rows."""

    def act() -> Told:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            case = Case.objects.filter(closed_at=None).first()
            if case is not None:
                try:
                    moderation.publish(actor=bob, case=case)
                except DomainError:
                    continue
            for state in ("held", "published"):
                with transaction.atomic():
                    locks.take(consultation.pk)
                    some = random.sample(opinions, 3)
                    for opinion in some:
                        Opinion.objects.filter(pk=opinion.pk).update(state=state)
                    voting.retally([opinion.pk for opinion in some])
            time.sleep(0.01)
        return {}

    return act


def mixed_load(
    people: list[User], alice: User, bob: User, consultation: Consultation, opinions: list[Opinion], seconds: float
) -> None:
    for n in range(10):
        submission.submit(user=alice, consultation=consultation, fields=TEXT | {"proposal": f"Proposal no. {n}"})
    before = deadlocks()

    def worker() -> Told:
        """Counts beside them all, much more often than in reality."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            voting.retally_recent()
        return {}

    moderators = [moderator(bob, consultation, opinions, seconds)] * 6
    voters = [voter(person, opinions, seconds) for person in people[: CROWD - 8]]
    told = {k: v for found in together(worker, worker, *moderators, *voters) for k, v in found.items()}
    rows = Vote.objects.values_list("participant__user", "opinion", "value")
    assert {(p, o): v for p, o, v in rows} == told and len(told) > 100
    assert deadlocks() == before


def test_v19_votes_beside_bulk_moderation(
    people: list[User], alice: User, bob: User, consultation: Consultation, opinions: list[Opinion]
) -> None:
    mixed_load(people, alice, bob, consultation, opinions, 4)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_v19_two_minutes_of_it(
    people: list[User], alice: User, bob: User, consultation: Consultation, opinions: list[Opinion]
) -> None:
    mixed_load(people, alice, bob, consultation, opinions, 120)


def test_v19_the_twin_without_one_order_of_locks_deadlocks(opinions: list[Opinion]) -> None:
    def bulk() -> int:
        with transaction.atomic():
            for opinion in random.sample(opinions, len(opinions)):
                Opinion.objects.filter(pk=opinion.pk).update(state="held")
                time.sleep(0.01)
        return 1

    with pytest.raises(OperationalError, match="deadlock"):
        together(*[bulk] * 8)
