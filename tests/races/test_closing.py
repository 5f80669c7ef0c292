"""Closing and holding at the same moment as votes (V06, V07, V10): what is acknowledged is what is counted."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from consultations import closing, counts, locks, voting
from consultations.models import Consultation, Opinion, Vote
from tests.races.conftest import CROWD, LOCK, STORE, changed_cast, together

Ledger = dict[tuple[UUID, UUID], int]


def closes_in(seconds: float) -> None:
    now = timezone.now()
    Consultation.objects.update(
        submissions_close_at=now - timedelta(days=2), voting_close_at=now + timedelta(seconds=seconds)
    )


def voter(person: User, opinions: list[Opinion], seconds: float) -> Callable[[], Ledger]:
    """Vote as quickly as possible until refused; what was acknowledged last on each opinion."""

    def act() -> Ledger:
        told: Ledger = {}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            opinion, value = random.choice(opinions), random.choice((-1, 0, 1))
            try:
                voting.cast(user=person, opinion=opinion, value=value)
            except DomainError:
                if not told:
                    continue
                break
            told[person.pk, opinion.pk] = value
        return told

    return act


def closer(seconds: float) -> Callable[[], Ledger]:
    def act() -> Ledger:
        until = time.monotonic() + seconds
        while not closing.close_due() and time.monotonic() < until:
            time.sleep(0.002)
        return {}

    return act


def counted_is_acknowledged(ledgers: list[Ledger]) -> None:
    """The tallies as closing stored them, against what voters were told."""
    told = {key: value for ledger in ledgers for key, value in ledger.items()}
    for opinion in Opinion.objects.all():
        values = [value for (_person, pk), value in told.items() if pk == opinion.pk]
        stored = counts.stored(opinion)
        assert (stored.agree, stored.pass_, stored.disagree) == tuple(values.count(v) for v in (1, 0, -1))


def test_v06_what_is_acknowledged_while_voting_closes_is_counted(people: list[User], opinions: list[Opinion]) -> None:
    closes_in(1.5)
    ledgers = together(closer(20), *[voter(person, opinions, 20) for person in people[: CROWD - 1]])
    counted_is_acknowledged(ledgers)
    rows = Vote.objects.values_list("participant__user", "opinion", "value")
    assert {(p, o): v for p, o, v in rows} == {k: v for ledger in ledgers for k, v in ledger.items()}
    assert sum(len(ledger) for ledger in ledgers) > 100
    with pytest.raises(voting.VotingClosed):
        voting.cast(user=people[0], opinion=opinions[0], value=1)


@contextmanager
def paused_before_storing(*more: tuple[str, str]) -> Iterator[None]:
    """Between the check and the row lies a second, in which voting closes."""
    with changed_cast((STORE, f"    PERFORM pg_sleep(1);\n{STORE}"), *more):
        yield


def close_while_votes_are_being_stored(people: list[User], opinions: list[Opinion]) -> None:
    closes_in(0.6)
    counted_is_acknowledged(together(closer(10), *[voter(p, opinions, 0.2) for p in people[:8]]))


def test_v06_closing_waits_for_votes_that_were_let_in(people: list[User], opinions: list[Opinion]) -> None:
    with paused_before_storing():
        close_while_votes_are_being_stored(people, opinions)
    assert Vote.objects.count() == 8


def test_v06_the_twin_without_the_shared_lock_loses_votes(people: list[User], opinions: list[Opinion]) -> None:
    with paused_before_storing((LOCK, "")), pytest.raises(AssertionError):
        close_while_votes_are_being_stored(people, opinions)


def test_v10_of_many_who_close_one_does(consultation: Consultation, opinions: list[Opinion]) -> None:
    closes_in(-1)
    closed = together(*[closing.close_due] * CROWD)
    assert sorted(closed) == [[]] * (CROWD - 1) + [["talent"]]


def test_v10_the_twin_that_looks_before_it_locks_closes_often(
    consultation: Consultation, opinions: list[Opinion]
) -> None:
    closes_in(-1)

    def act() -> list[str]:
        with transaction.atomic():
            due = Consultation.objects.filter(closed_at=None).exists()
            locks.take(consultation.pk)
            if due:
                Consultation.objects.update(closed_at=timezone.now())
        return ["talent"] if due else []

    assert len([done for done in together(*[act] * CROWD) if done]) > 1


# --- V07: held meanwhile ----------------------------------------------------------------------------


def hold(consultation: Consultation) -> Callable[[], Ledger]:
    """What every verb does that changes what counts: the exclusive lock, the state, the recount."""

    def act() -> Ledger:
        time.sleep(0.6)
        with transaction.atomic():
            locks.take(consultation.pk)
            Opinion.objects.update(state="held")
            time.sleep(0.6)
        return {}

    return act


def none_after_the_hold(people: list[User], opinions: list[Opinion], consultation: Consultation) -> None:
    ledgers = together(hold(consultation), *[voter(p, opinions, 3) for p in people[: CROWD - 1]])
    rows = Vote.objects.values_list("participant__user", "opinion", "value")
    assert {(p, o): v for p, o, v in rows} == {k: v for ledger in ledgers for k, v in ledger.items()}
    held = Opinion.objects.filter(state="held").count()
    assert held == len(opinions)
    with pytest.raises(voting.NotOpenToVotes):
        voting.cast(user=people[0], opinion=opinions[0], value=1)


def test_v07_a_vote_that_waited_for_the_hold_is_refused(
    people: list[User], opinions: list[Opinion], consultation: Consultation
) -> None:
    none_after_the_hold(people, opinions, consultation)


def waits_and_is_refused(people: list[User], opinions: list[Opinion], consultation: Consultation) -> None:
    """A vote that comes while the hold is not committed yet must not be let in."""

    def late() -> Ledger:
        time.sleep(0.9)
        try:
            voting.cast(user=people[0], opinion=opinions[0], value=1)
        except voting.NotOpenToVotes:
            return {}
        return {(people[0].pk, opinions[0].pk): 1}

    assert together(hold(consultation), late)[1] == {}


def test_v07_the_facts_are_read_after_the_lock(
    people: list[User], opinions: list[Opinion], consultation: Consultation
) -> None:
    waits_and_is_refused(people, opinions, consultation)


def test_v07_the_twin_without_the_lock_lets_it_in(
    people: list[User], opinions: list[Opinion], consultation: Consultation
) -> None:
    with changed_cast((LOCK, "")), pytest.raises(AssertionError):
        waits_and_is_refused(people, opinions, consultation)
