"""Casting, changing and taking back votes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from common.errors import DomainError, NotAllowed
from consultations import counts, voting
from consultations.models import Consultation, Merge, Opinion, Participant, Vote, VoteLog


def tally(opinion: Opinion) -> tuple[int, int, int]:
    found = counts.recounted(opinion)
    return found.agree, found.pass_, found.disagree


def test_a_vote_counts(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    assert tally(opinion) == (1, 0, 0)


def test_voting_again_changes_the_vote_and_never_counts_twice(frank: User, opinion: Opinion) -> None:
    for value in (1, 1, 0, -1):
        voting.cast(user=frank, opinion=opinion, value=value)
    assert tally(opinion) == (0, 0, 1)
    assert Vote.objects.count() == 1


def test_v03_the_log_holds_every_change_in_order_and_no_repetition(frank: User, opinion: Opinion) -> None:
    for value in (1, 1, -1, 0):
        voting.cast(user=frank, opinion=opinion, value=value)
    voting.retract(user=frank, opinion=opinion)
    voting.retract(user=frank, opinion=opinion)
    assert list(VoteLog.objects.order_by("id").values_list("value", flat=True)) == [1, -1, 0, None]


def test_v15_authors_and_moderators_may_vote(alice: User, bob: User, opinion: Opinion) -> None:
    voting.cast(user=alice, opinion=opinion, value=1)
    voting.cast(user=bob, opinion=opinion, value=-1)
    assert tally(opinion) == (1, 0, 1)


def test_who_belongs_nowhere_may_not(eve: User, opinion: Opinion) -> None:
    with pytest.raises(NotAllowed):
        voting.cast(user=eve, opinion=opinion, value=1)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "rejected", "held", "removed", "merged", "withdrawn"])
def test_v07_only_published_opinions_are_open_to_votes(frank: User, opinion: Opinion, state: str) -> None:
    into = Merge.objects.create(target=opinion, is_joint=False) if state == "merged" else None
    Opinion.objects.update(state=state, merge=into)
    with pytest.raises(DomainError) as caught:
        voting.cast(user=frank, opinion=opinion, value=1)
    assert caught.value.code == "not_open_to_votes"
    assert not Vote.objects.exists()


@pytest.mark.parametrize(("opens", "closes"), [(1, 9), (-9, -1)], ids=["before", "after"])
def test_v07_the_phase_is_kept(frank: User, opinion: Opinion, opens: int, closes: int) -> None:
    now = timezone.now()
    Consultation.objects.update(
        submissions_open_at=now - timedelta(days=20),
        submissions_close_at=now - timedelta(days=10),
        voting_open_at=now + timedelta(days=opens),
        voting_close_at=now + timedelta(days=closes),
    )
    with pytest.raises(voting.VotingClosed):
        voting.cast(user=frank, opinion=opinion, value=1)


def test_a_text_that_changed_meanwhile_stores_nothing(frank: User, opinion: Opinion) -> None:
    with pytest.raises(voting.TextChanged) as caught:
        voting.cast(user=frank, opinion=opinion, value=1, version=7)
    assert caught.value.facts["version"] == 1
    assert not Vote.objects.exists()


def test_v14_who_left_keeps_votes_and_casts_no_new_ones(
    frank: User, alice: User, opinion: Opinion, submitted: Opinion
) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    Membership.objects.filter(user=frank).update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        voting.cast(user=frank, opinion=opinion, value=-1)
    assert tally(opinion) == (1, 0, 0)


def test_a_voided_participant_leaves_every_count_and_casts_no_more(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    Participant.objects.filter(user=frank).update(voided_at=timezone.now(), void_reason="two accounts")
    assert tally(opinion) == (0, 0, 0)
    with pytest.raises(NotAllowed):
        voting.cast(user=frank, opinion=opinion, value=1)


def test_votes_on_an_earlier_text_do_not_count(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    newer = opinion.versions.create(number=2, votes_since=2, proposal="다른 제안", problem="글", reason="글")
    Opinion.objects.update(version=newer)
    assert tally(Opinion.objects.get()) == (0, 0, 0)
    voting.cast(user=frank, opinion=opinion, value=1)
    assert tally(Opinion.objects.get()) == (1, 0, 0)


def test_a_small_correction_keeps_votes(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    newer = opinion.versions.create(number=2, votes_since=1, proposal="같은 제안", problem="글", reason="글")
    Opinion.objects.update(version=newer)
    assert tally(Opinion.objects.get()) == (1, 0, 0)


def test_v08_hold_and_release_restores_the_same_totals(frank: User, bob: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.cast(user=bob, opinion=opinion, value=-1)
    before = tally(opinion)
    Opinion.objects.update(state="held")
    assert tally(opinion) == (0, 0, 0)
    Opinion.objects.update(state="published")
    assert tally(opinion) == before == (1, 0, 1)


class TestTallies:
    def test_recounting_follows_votes(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=-1)
        assert voting.retally_recent() == 1
        opinion.refresh_from_db()
        assert counts.stored(opinion) == counts.Counts(0, 0, 1)
        assert voting.retally_recent() == 0

    def test_taking_back_is_found_too(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        voting.retally_recent()
        voting.retract(user=frank, opinion=opinion)
        voting.retally_recent()
        opinion.refresh_from_db()
        assert counts.stored(opinion).total == 0

    def test_drift_heals(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        Opinion.objects.update(agree_count=99)
        assert voting.retally_consultation(opinion.consultation_id) == 1
        opinion.refresh_from_db()
        assert opinion.agree_count == 1


class TestTheDatabaseDecides:
    """The rules hold against raw SQL, not only against our own functions."""

    def test_v04_a_second_vote_of_the_same_person_is_refused(self, frank: User, opinion: Opinion) -> None:
        vote = voting.cast(user=frank, opinion=opinion, value=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(opinion=opinion, participant_id=vote.participant_id, version_number=1, value=0)
        for column in ("opinion_id", "participant_id", "value", "version_number"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE consultations_vote SET {column} = NULL")

    def test_a_value_outside_the_three_is_refused(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.update(value=2)

    def test_a_vote_names_a_version_of_its_own_opinion(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE consultations_vote SET version_number = 9")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_v18_raw_sql_is_logged_too(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE consultations_vote SET value = -1")
        assert list(VoteLog.objects.order_by("id").values_list("value", flat=True)) == [1, -1]

    def test_the_log_cannot_be_rewritten(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE consultations_votelog SET value = 0")


def test_a_known_voter_costs_one_call(
    frank: User, opinion: Opinion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    with django_assert_num_queries(1):  # lock, facts and upsert are three statements inside it
        voting.cast(user=frank, opinion=opinion, value=-1)


def test_taking_back_what_was_never_cast_leaves_no_trace(frank: User, opinion: Opinion) -> None:
    voting.retract(user=frank, opinion=opinion)
    assert not Participant.objects.filter(user=frank).exists()
