"""Deciding on opinions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import moderation, submission
from consultations.models import Case, Consultation, Decision, Opinion
from notifications.models import Delivery
from tests.conftest import Make
from tests.consultations.conftest import TEXT


@pytest.fixture
def case(submitted: Opinion) -> Case:
    return Case.objects.get(opinion=submitted)


def test_it_publishes_records_and_tells(bob: User, alice: User, case: Case) -> None:
    done = moderation.publish(actor=bob, case=case)
    assert (done.state, done.publish_sequence) == ("published", 1)
    decision = Decision.objects.get()
    assert (decision.verb, decision.from_state, decision.to_state, decision.actor) == (
        "publish",
        "submitted",
        "published",
        bob,
    )
    assert Delivery.objects.filter(user=alice, occasion__kind="opinion_decided").count() == 1
    case.refresh_from_db()
    assert case.closed_at is not None


def test_it_rejects_with_a_reason(bob: User, case: Case) -> None:
    done = moderation.reject(actor=bob, case=case, reason="off_topic", note="다른 의견 수렴에 맞습니다.")
    assert done.state == "rejected"
    assert Decision.objects.get().reason == "off_topic"


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("bogus", ""), ("other", " ")])
def test_rejecting_needs_a_reason(bob: User, case: Case, reason: str, note: str) -> None:
    with pytest.raises(Invalid):
        moderation.reject(actor=bob, case=case, reason=reason, note=note)
    assert not Decision.objects.exists()


def test_only_moderators_decide(alice: User, dan: User, carol: User, case: Case) -> None:
    for person in (alice, dan, carol):
        with pytest.raises(NotAllowed):
            moderation.publish(actor=person, case=case)


def test_nobody_decides_on_an_own_opinion(bob: User, consultation: Consultation) -> None:
    own = submission.submit(user=bob, consultation=consultation, fields=TEXT)
    with pytest.raises(NotAllowed) as caught:
        moderation.publish(actor=bob, case=Case.objects.get(opinion=own))
    assert caught.value.code == "own_opinion"


def test_v09_the_second_decision_is_refused_and_says_who_and_when(bob: User, make_user: Make, case: Case) -> None:
    second = make_user("Grace", role="moderator")
    moderation.publish(actor=bob, case=case)
    with pytest.raises(moderation.AlreadyDecided) as caught:
        moderation.reject(actor=second, case=case, reason="off_topic")
    assert "Bob" in str(caught.value.message)
    assert Decision.objects.count() == 1


def test_a_case_that_a_colleague_holds_is_refused_until_the_claim_runs_out(
    bob: User, make_user: Make, case: Case
) -> None:
    second = make_user("Grace", role="moderator")
    moderation.claim(actor=second, case=case)
    with pytest.raises(moderation.HeldByAnother):
        moderation.publish(actor=bob, case=case)
    with pytest.raises(moderation.HeldByAnother):
        moderation.claim(actor=bob, case=case)
    Case.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert moderation.publish(actor=bob, case=case).state == "published"


def test_a_text_that_moved_is_not_decided_on(bob: User, case: Case) -> None:
    with pytest.raises(moderation.TextMoved):
        moderation.publish(actor=bob, case=case, version_id=case.version_id + 1)


def test_publish_sequence_has_no_gap_and_no_double(bob: User, alice: User, consultation: Consultation) -> None:
    for _ in range(3):
        made = submission.submit(user=alice, consultation=consultation, fields=TEXT)
        moderation.publish(actor=bob, case=Case.objects.get(opinion=made))
    assert list(Opinion.objects.order_by("number").values_list("publish_sequence", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consultations_decision SET note = 'x'",
        "DELETE FROM consultations_decision",
        "TRUNCATE consultations_decision CASCADE",
    ],
    ids=["update", "delete", "truncate"],
)
def test_decisions_are_insert_only_for_everybody(bob: User, case: Case, statement: str) -> None:
    moderation.publish(actor=bob, case=case)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    assert Decision.objects.count() == 1
