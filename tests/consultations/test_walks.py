"""Random sequences of verbs by random people: the table is never left, no vote is lost, no decision is altered."""

import pytest
from django.db import transaction

from accounts.models import Role, Society, User
from consultations import deciding, moderation, submission, voting
from consultations.models import Consultation, Decision, Opinion, Vote
from consultations.models.opinions import State
from consultations.states import VERBS
from tests.conftest import Make
from tests.consultations.walk import Walk

STEPS = 120


@pytest.fixture
def people(make_user: Make, society: Society, other_society: Society) -> dict[str, User]:
    found = {name: make_user(name, society) for name in ("alice", "frank", "ivan")}
    found["judy"] = make_user("judy", other_society)
    found |= {name: make_user(name, society, Role.MODERATOR) for name in ("mod1", "mod2", "mod3")}
    return found | {"dan": make_user("dan", role=Role.ORGANISER), "eve": make_user("eve")}


def walk(seed: int, people: dict[str, User], consultation: Consultation, steps: int, every: int = 4) -> Walk:
    made = Walk(seed, people, consultation)
    for person in made.members * 2:
        submission.submit(user=person, consultation=consultation, fields=made._fields())
    for number in range(steps):
        made.step()
        if number % every == 0:
            made.check()
    made.check()
    return made


@pytest.mark.parametrize("seed", range(6))
def test_random_walks_never_leave_the_table(people: dict[str, User], consultation: Consultation, seed: int) -> None:
    assert sum(walk(seed, people, consultation, STEPS).said.values()) > STEPS / 4


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_long_walks_say_every_verb(people: dict[str, User], consultation: Consultation) -> None:
    """At least eight walks, and more until chance has said the rarest verb too."""
    missing = {v for v in VERBS if v not in ("report", "enter")}
    for seed in range(100, 140):
        with transaction.atomic():
            walk(seed, people, consultation, 300, every=10)
            missing -= set(Decision.objects.values_list("verb", flat=True))
            transaction.set_rollback(True)
        if seed >= 107 and not missing:
            break
    assert not missing


def test_the_walk_sees_a_state_that_the_table_forbids(people: dict[str, User], consultation: Consultation) -> None:
    made = walk(0, people, consultation, 0)
    Opinion.objects.filter(number=1).update(state=State.REJECTED)
    with pytest.raises(AssertionError):
        made.check()


def test_the_walk_sees_a_vote_that_moved(people: dict[str, User], consultation: Consultation) -> None:
    made = walk(0, people, consultation, 0)
    first, second = Opinion.objects.order_by("number")[:2]
    for opinion in (first, second):
        moderation.publish(actor=people["mod1"], case=deciding.cases_of(opinion).get())
    voting.cast(user=people["alice"], opinion=first, value=1)
    made.told[people["alice"].pk, first.pk] = 1
    made.check()
    Vote.objects.update(opinion=second)
    with pytest.raises(AssertionError):
        made.check()
