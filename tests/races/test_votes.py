"""Votes at the same moment over 32 connections (V01, V02, V03, V05). Each check has a twin that is broken and fails it."""

import random
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Society, User
from consultations import counts, voting
from consultations.models import Opinion, Participant, RollEntry, Vote, VoteLog
from tests.conftest import Make
from tests.races.conftest import CROWD, STORE, changed_cast, together, without

Act = Callable[[], int]


def votes_of_one(person: User, opinion: Opinion, times: int) -> Act:
    def act() -> int:
        value = 0
        for _ in range(times):
            value = voting.cast(user=person, opinion=opinion, value=random.choice((-1, 0, 1))).value
        return value

    return act


# --- V01: one member, one opinion ------------------------------------------------------------------


def one_vote_stays(person: User, opinion: Opinion) -> None:
    told = together(*[votes_of_one(person, opinion, 2) for _ in range(CROWD)])
    assert [vote.value in told for vote in Vote.objects.filter(opinion=opinion)] == [True]
    assert counts.recounted(opinion).total == 1


def test_v01_64_votes_of_one_member_over_32_connections_are_one(people: list[User], opinions: list[Opinion]) -> None:
    one_vote_stays(people[0], opinions[0])


def test_v01_the_twin_without_the_constraint_counts_twice(people: list[User], opinions: list[Opinion]) -> None:
    naive = (
        "PERFORM FROM consultations_vote w WHERE w.opinion_id = the_opinion AND w.participant_id = participant;"
        "IF FOUND THEN RETURN; END IF; PERFORM pg_sleep(0.05);" + STORE,
        "",
    )
    conflict = "ON CONFLICT (opinion_id, participant_id) DO UPDATE"
    with (
        without("consultations_vote", "vote_once"),
        changed_cast(
            (STORE, naive[0]),
            (conflict, "; RETURN; UPDATE consultations_vote AS vote"),
            ("EXCLUDED.version_number", "version"),
            ("EXCLUDED.value", "the_value"),
        ),
        pytest.raises(AssertionError),
    ):
        one_vote_stays(people[0], opinions[0])


# --- V02: the tally is the ledger -------------------------------------------------------------------


def tally_is_the_ledger(
    people: list[User],
    opinions: list[Opinion],
    count: Callable[[UUID, int], object],
    finish: Callable[[], object],
) -> None:
    """Everybody votes on every opinion at once; `count` is what happens after each vote, `finish` after all."""

    def votes(person: User) -> Callable[[], list[tuple[UUID, int]]]:
        def act() -> list[tuple[UUID, int]]:
            told = []
            for opinion in random.sample(opinions, len(opinions)):
                value = voting.cast(user=person, opinion=opinion, value=random.choice((-1, 0, 1))).value
                count(opinion.pk, value)
                told.append((opinion.pk, value))
            return told

        return act

    ledger = Counter(entry for told in together(*map(votes, people)) for entry in told)
    finish()
    for opinion in Opinion.objects.all():
        stored = counts.stored(opinion)
        assert (stored.agree, stored.pass_, stored.disagree) == tuple(ledger[opinion.pk, v] for v in (1, 0, -1))


def test_v02_the_tally_of_256_votes_is_what_they_were_told(people: list[User], opinions: list[Opinion]) -> None:
    def count(_opinion: UUID, _value: int) -> None:
        if random.random() < 0.3:
            voting.retally_recent()  # as the worker does meanwhile

    tally_is_the_ledger(people, opinions, count, voting.retally_recent)


def test_v02_the_twin_that_reads_and_writes_counters_loses_votes(people: list[User], opinions: list[Opinion]) -> None:
    column = {1: "agree_count", 0: "pass_count", -1: "disagree_count"}

    def count(opinion: UUID, value: int) -> None:
        seen = Opinion.objects.values_list(column[value], flat=True).get(pk=opinion)
        time.sleep(0.005)
        Opinion.objects.filter(pk=opinion).update(**{column[value]: seen + 1})

    with pytest.raises(AssertionError):
        tally_is_the_ledger(people, opinions, count, lambda: None)


# --- V03: a register of one's own -------------------------------------------------------------------


def register_holds(people: list[User], opinion: Opinion) -> None:
    """Sixteen members flip on two devices each; the last acknowledged stands, and the log has every change."""

    def device(person: User) -> Callable[[], tuple[float, float, int]]:
        def act() -> tuple[float, float, int]:
            for _ in range(12):
                began = time.monotonic()
                value = voting.cast(user=person, opinion=opinion, value=random.choice((-1, 0, 1))).value
            return began, time.monotonic(), value

        return act

    members = people[: CROWD // 2]
    told = together(*[device(person) for person in members for _ in range(2)])
    for person, first, second in zip(members, told[::2], told[1::2], strict=True):
        vote = Vote.objects.get(opinion=opinion, participant__user=person)
        possible = {first[2], second[2]}
        for earlier, later in ((first, second), (second, first)):
            if earlier[1] < later[0]:  # acknowledged before the other began
                possible = {later[2]}
        assert vote.value in possible
        lines = (
            VoteLog.objects.filter(participant_id=vote.participant_id).order_by("id").values_list("value", flat=True)
        )
        assert len(lines) > 0 and lines[len(lines) - 1] == vote.value
        assert all(a != b for a, b in pairwise(lines))


def test_v03_two_devices_flip_quickly(people: list[User], opinions: list[Opinion]) -> None:
    register_holds(people, opinions[0])


def test_v03_the_twin_without_the_trigger_has_no_history(people: list[User], opinions: list[Opinion]) -> None:
    def trigger(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE consultations_vote {word} TRIGGER vote_logged")

    trigger("DISABLE")
    try:
        with pytest.raises(AssertionError):
            register_holds(people, opinions[0])
    finally:
        trigger("ENABLE")


# --- V05: a row that somebody else has just written --------------------------------------------------


def test_v05_first_votes_at_once_leave_each_transaction_usable(
    make_user: Make, society: Society, opinions: list[Opinion]
) -> None:
    """Participant, roll entry and vote do not exist yet; 32 connections make them at the same moment."""
    person = make_user("Newcomer", society)

    def act() -> int:
        with transaction.atomic():
            voting.cast(user=person, opinion=opinions[0], value=1)
            return Vote.objects.filter(participant__user=person).count()  # the transaction still answers

    assert together(*[act] * CROWD) == [1] * CROWD
    assert Participant.objects.filter(user=person).count() == RollEntry.objects.count() == Vote.objects.count() == 1


def test_v05_the_twin_that_only_inserts_breaks(people: list[User], opinions: list[Opinion]) -> None:
    participant = Participant.objects.get(user=people[0])

    def act() -> int:
        with transaction.atomic():
            Vote.objects.create(opinion=opinions[0], participant=participant, version_number=1, value=1)
            return 1

    with pytest.raises(IntegrityError):
        together(*[act] * CROWD)
