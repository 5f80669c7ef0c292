"""Holding, merging and undoing beside votes: what was acknowledged is kept, and nothing is stored on what is hidden.

Each race has a twin that is broken on purpose and must show the fault.
"""

import random
import time
from collections.abc import Callable
from uuid import UUID

import pytest

from accounts.models import Role, User
from common.errors import DomainError
from consultations import (
    counts,
    holding,
    merging,
    moderation,
    reconcile,
    submission,
    undoing,
    voting,
)
from consultations.models import Case, Consultation, Decision, Opinion, Vote
from consultations.models.opinions import State
from tests.conftest import Make
from tests.races.conftest import CROWD, LOCK, STORE, changed_cast, deadlocks, together

Told = dict[tuple[UUID, UUID], int]
TEXT = {"proposal": "Another proposal", "problem": "Text", "reason": "Text"}


@pytest.fixture
def moderators(make_user: Make) -> list[User]:
    return [make_user(f"Moderator{n}", role=Role.MODERATOR) for n in range(8)]


@pytest.fixture
def case(alice: User, consultation: Consultation) -> Case:
    opinion = submission.submit(user=alice, consultation=consultation, fields=TEXT)
    return Case.objects.select_related("opinion__consultation").get(opinion=opinion)


def outcome(act: Callable[[], object]) -> Callable[[], str]:
    """Done, or the code of what was said instead."""

    def run() -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        return "done"

    return run


# --- a hold beside votes ------------------------------------------------------------------------------


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


def stored() -> Told:
    rows = Vote.objects.values_list("participant__user", "opinion", "value")
    return {(person, opinion): value for person, opinion, value in rows}


def hold_and_release(opinions: list[Opinion], moderators: list[User], seconds: float) -> Callable[[], Told]:
    """One holds, another releases, as fast as they can; each time the totals are zero and back as they were."""

    def act() -> Told:
        until, turns = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            opinion = random.choice(opinions)
            holding.hold(actor=moderators[0], subject=opinion, reason="insult")
            held = counts.stored(Opinion.objects.get(pk=opinion.pk))
            before = list(Vote.objects.filter(opinion=opinion).order_by("pk").values_list("value", flat=True))
            time.sleep(0.02)
            after = list(Vote.objects.filter(opinion=opinion).order_by("pk").values_list("value", flat=True))
            assert held.total == 0 and before == after, "no vote while it is held"
            holding.release(actor=moderators[1], subject=opinion)
            turns += 1
        assert turns > 1
        return {}

    return act


def test_v08_holding_and_releasing_beside_votes_loses_none(
    people: list[User], opinions: list[Opinion], moderators: list[User]
) -> None:
    before = deadlocks()
    voters = [voter(person, opinions, 3) for person in people[: CROWD - 1]]
    found = together(hold_and_release(opinions, moderators, 3), *voters)
    told = {key: value for ledger in found for key, value in ledger.items()}
    assert stored() == told and len(told) > 50
    voting.retally(opinion.pk for opinion in opinions)
    assert reconcile.compare() == [] and sum(counts.stored(o).total for o in Opinion.objects.all()) == len(told)
    assert deadlocks() == before


def late_vote(people: list[User], opinions: list[Opinion], moderators: list[User]) -> tuple[str, int]:
    """A vote that has read the facts and waits before it stores, while the opinion is held."""

    def hold() -> str:
        time.sleep(0.4)
        holding.hold(actor=moderators[0], subject=opinions[0], reason="insult")
        seen = Vote.objects.filter(opinion=opinions[0]).count()
        time.sleep(1.2)
        assert Vote.objects.filter(opinion=opinions[0]).count() == seen, "a vote was stored after the hold"
        return "held"

    said = together(hold, outcome(lambda: voting.cast(user=people[0], opinion=opinions[0], value=1)))
    return said[1], Vote.objects.count()


def test_v07_a_hold_waits_for_a_vote_that_was_let_in(
    people: list[User], opinions: list[Opinion], moderators: list[User]
) -> None:
    with changed_cast((STORE, f"    PERFORM pg_sleep(1);\n{STORE}")):
        assert late_vote(people, opinions, moderators) == ("done", 1)
    assert counts.stored(Opinion.objects.get(pk=opinions[0].pk)).total == 0


def test_v07_the_twin_without_the_shared_lock_stores_after_the_hold(
    people: list[User], opinions: list[Opinion], moderators: list[User]
) -> None:
    with changed_cast((STORE, f"    PERFORM pg_sleep(1);\n{STORE}"), (LOCK, "")), pytest.raises(AssertionError):
        late_vote(people, opinions, moderators)


# --- merging, undoing, many at once, beside votes -------------------------------------------------------


def test_v12_merging_beside_votes_keeps_every_acknowledged_one_where_it_was_given(
    people: list[User], opinions: list[Opinion], moderators: list[User]
) -> None:
    def merge() -> Told:
        for number in (0, 2, 4):
            time.sleep(0.3)
            merging.merge(actor=moderators[0], opinions=[opinions[number]], into=opinions[number + 1])
        return {}

    found = together(merge, *[voter(person, opinions, 1.5) for person in people[: CROWD - 1]])
    told = {key: value for ledger in found for key, value in ledger.items()}
    assert stored() == told
    for number in (0, 2, 4):
        merged = Opinion.objects.get(pk=opinions[number].pk)
        values = [value for (_person, pk), value in told.items() if pk == merged.pk]
        final = counts.final(merged)
        assert merged.state == State.MERGED
        assert (final.agree, final.pass_, final.disagree) == tuple(values.count(v) for v in (1, 0, -1))


def test_an_undo_beside_votes_is_done_or_says_that_somebody_voted(
    people: list[User], alice: User, consultation: Consultation, moderators: list[User]
) -> None:
    """Never a vote on what is unpublished again."""
    made = []
    for n in range(6):
        opinion = submission.submit(user=alice, consultation=consultation, fields=TEXT | {"proposal": f"Proposal {n}"})
        made.append(moderation.publish(actor=moderators[0], case=Case.objects.get(opinion=opinion)))
    decisions = list(Decision.objects.filter(verb="publish").order_by("pk"))

    def undo() -> list[str]:
        said = []
        for decision in decisions:
            time.sleep(0.01)
            said.append(outcome(lambda d=decision: undoing.undo(actor=moderators[0], decision=d))())  # type: ignore[misc]
        return said

    def vote(person: User) -> Callable[[], list[str]]:
        shuffled = random.sample(made, len(made))
        return lambda: [outcome(lambda o=o: voting.cast(user=person, opinion=o, value=1))() for o in shuffled]  # type: ignore[misc]

    said = together(undo, *[vote(person) for person in people[:4]])[0]
    assert set(said) <= {"done", "overtaken"}
    undone = {d.opinion_id for d, what in zip(decisions, said, strict=True) if what == "done"}
    assert not Vote.objects.filter(opinion__in=undone).exists()
    assert set(Opinion.objects.filter(state="submitted").values_list("pk", flat=True)) == undone
