"""Two moderators on one case, two second persons, a hold beside votes, many who report: over real connections (V07–V12).

Each race has a twin that is broken on purpose and must show the fault.
"""

import random
import threading
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from accounts.models import Role, Society, User
from common.errors import DomainError
from consultations import (
    bulk,
    deadlines,
    deciding,
    holding,
    moderation,
    removal,
    reports,
    submission,
)
from consultations.models import Bulk, Case, Consultation, Decision, Opinion, Report
from tests.conftest import Make
from tests.races.conftest import deadlocks, together, without

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


# --- two moderators on one case -----------------------------------------------------------------------


def test_v09_of_eight_who_decide_differently_one_wins_and_the_others_are_told(
    case: Case, moderators: list[User]
) -> None:
    publish, reject = moderation.publish, moderation.reject
    acts = [
        outcome(lambda m=m, n=n: publish(actor=m, case=case) if n % 2 else reject(actor=m, case=case, reason="insult"))  # type: ignore[misc]
        for n, m in enumerate(moderators)
    ]
    found = together(*acts)
    assert sorted(found) == ["already_decided"] * 7 + ["done"]
    decision = Decision.objects.get()
    assert Opinion.objects.get().state == decision.to_state
    closed = Case.objects.get()
    assert (closed.closed_by, closed.claimed_by) == (decision, decision.actor)


def test_v09_the_twin_that_looks_before_it_locks_decides_twice(case: Case, moderators: list[User]) -> None:
    looked = threading.Barrier(2)

    def act(moderator: User) -> str:
        seen = Case.objects.get(pk=case.pk)
        looked.wait(30)
        if seen.closed_at is not None:
            return "already_decided"
        with transaction.atomic():
            Decision.objects.create(
                opinion=case.opinion, case=case, actor=moderator, verb="publish", from_state="submitted",
                to_state="published",
            )  # fmt: skip
        return "done"

    assert together(*[lambda m=m: act(m) for m in moderators[:2]]) == ["done", "done"]
    assert Decision.objects.count() == 2


def test_claiming_at_once_one_holds_it(case: Case, moderators: list[User]) -> None:
    found = together(*[outcome(lambda m=m: moderation.claim(actor=m, case=case)) for m in moderators])  # type: ignore[misc]
    assert sorted(found) == ["done"] + ["held_by_another"] * 7


# --- two second persons -----------------------------------------------------------------------------


def test_v10_of_seven_second_persons_one_confirms(opinions: list[Opinion], moderators: list[User]) -> None:
    first = removal.propose(actor=moderators[0], subject=opinions[0], reason="insult")
    confirm, decline = removal.confirm, removal.decline
    acts = [
        outcome(lambda m=m, n=n: (confirm if n % 2 else decline)(actor=m, first=first))  # type: ignore[misc]
        for n, m in enumerate(moderators[1:])
    ]
    found = together(*acts)
    assert sorted(found) == ["already_decided"] * 6 + ["done"]
    answer = Decision.objects.get(answers=first)
    assert Opinion.objects.get(pk=opinions[0].pk).state == answer.to_state


def test_the_clock_and_a_second_person_at_once_one_wins(opinions: list[Opinion], moderators: list[User]) -> None:
    for opinion in opinions:
        holding.hold(actor=moderators[0], subject=opinion, reason="insult")
    holds = list(Decision.objects.filter(verb="hold").order_by("pk"))
    late = holds[0].created_at.replace(year=holds[0].created_at.year + 1)

    def confirm() -> int:
        return sum(outcome(lambda d=d: holding.confirm(actor=moderators[1], first=d))() == "done" for d in holds)  # type: ignore[misc]

    confirmed, lapsed = together(confirm, lambda: deadlines.lapse_unconfirmed(late))
    assert confirmed + lapsed == len(opinions)
    states = sorted(Opinion.objects.values_list("state", flat=True))
    assert states == sorted(["held"] * confirmed + ["published"] * lapsed)
    assert Decision.objects.exclude(answers=None).count() == len(opinions)


def test_v10_the_twin_without_the_rule_is_answered_twice(opinions: list[Opinion], moderators: list[User]) -> None:
    first = removal.propose(actor=moderators[0], subject=opinions[0], reason="insult")
    looked = threading.Barrier(2)

    def act(moderator: User) -> bool:
        free = not Decision.objects.filter(answers=first).exists()
        looked.wait(30)
        if free:
            Decision.objects.create(
                opinion=opinions[0], actor=moderator, verb="confirm_removal", from_state="published",
                to_state="removed", answers=first,
            )  # fmt: skip
        return free

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'consultations_decision'::regclass AND contype = 'u'"
        )
        constraint = cursor.fetchone()[0]
    with without("consultations_decision", constraint):
        assert all(together(*[lambda m=m: act(m) for m in moderators[1:3]]))
        assert Decision.objects.filter(answers=first).count() == 2


# --- many at once, and reports ---------------------------------------------------------------------------


def test_a28_many_who_act_on_many_decide_each_case_once(
    alice: User, consultation: Consultation, moderators: list[User]
) -> None:
    for n in range(12):
        submission.submit(user=alice, consultation=consultation, fields=TEXT | {"proposal": f"Proposal {n}"})
    cases = list(Case.objects.select_related("opinion__consultation"))
    before = deadlocks()
    acts = [
        lambda m=m: bulk.run(actor=m, verb="publish", cases=random.sample(cases, len(cases))).pk for m in moderators[:6]
    ]
    made = Bulk.objects.filter(pk__in=together(*acts))
    done = sum(row.outcome == "done" for one in made for row in one.rows.all())
    assert done == len(cases) == Decision.objects.count() and deadlocks() == before


def test_v10_undone_twice_at_once_it_is_undone_once(alice: User, case: Case, moderators: list[User]) -> None:
    made = bulk.run(actor=moderators[0], verb="publish", cases=[case])
    found = together(*[outcome(lambda: bulk.undo(actor=moderators[0], bulk=made))] * 6)
    assert sorted(found) == ["already_decided"] * 5 + ["done"]
    assert Decision.objects.filter(verb="undo").count() == 1


# --- reports ------------------------------------------------------------------------------------------


def test_first_reports_at_once_are_one_case_and_decisions_beside_them_do_not_deadlock(
    people: list[User], opinions: list[Opinion], moderators: list[User], society: Society
) -> None:
    before = deadlocks()

    def dismiss(moderator: User) -> Callable[[], str]:
        def act() -> str:
            for _turn in range(20):
                found = Case.objects.filter(kind="report", closed_at=None).select_related("opinion").first()
                if found is not None:
                    outcome(lambda c=found: reports.dismiss(actor=moderator, case=c))()  # type: ignore[misc]
                time.sleep(0.005)
            return "done"

        return act

    reporters = [
        outcome(lambda p=p: reports.report(user=p, opinion=opinions[0], reason="insult"))  # type: ignore[misc]
        for p in people[:20]
    ]
    assert together(*reporters, *[dismiss(m) for m in moderators[:4]])[:20] == ["done"] * 20
    assert Report.objects.count() == 20
    assert Case.objects.filter(kind="report", closed_at=None).count() <= 1
    assert deadlocks() == before
    assert deciding.cases_of(opinions[0]).count() <= 1
