"""Tallies against votes, and the keeping of the vote log."""

import logging
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from consultations import reconcile, vote_log, voting
from consultations.models import Consultation, Opinion, VoteLog


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile.find, "__kwdefaults__", {"patience": 0.0})


def run(*arguments: str) -> tuple[int, str]:
    """Status and everything that was said."""
    out, err = StringIO(), StringIO()
    try:
        call_command("reconcile", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{err.getvalue()}{error}"
    return 0, out.getvalue() + err.getvalue()


def test_v17_equal_tallies_end_with_status_0(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.retally_recent()
    assert run("talent") == (0, "1 opinions compared: every tally equals its votes.\n")


@pytest.mark.parametrize("column", ["agree_count", "pass_count", "disagree_count"])
def test_v17_a_drift_is_named_and_mended_only_when_asked(
    frank: User, opinion: Opinion, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.retally_recent()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consultations_opinion SET {column} = {column} + 3")
    for _ in range(2):  # looking changes nothing
        status, said = run()
        assert status == 1 and f"talent No. {opinion.number}" in said
    with caplog.at_level(logging.WARNING):
        assert run("--repair")[0] == 0
    assert f"repaired talent No. {opinion.number}" in caplog.text
    assert run()[0] == 0


def test_v17_only_the_named_consultation_is_looked_at(frank: User, opinion: Opinion) -> None:
    Opinion.objects.update(agree_count=9)
    other = Consultation.objects.get()
    Consultation.objects.create(
        slug="other",
        summit=other.summit,
        submissions_open_at=other.submissions_open_at,
        submissions_close_at=other.submissions_close_at,
        voting_open_at=other.voting_open_at,
        voting_close_at=other.voting_close_at,
    )
    assert run("other")[0] == 0 and run("talent")[0] == 1 and run("nowhere")[0] == 2


def test_v17_a_vote_that_is_being_counted_gets_time(
    frank: User, opinion: Opinion, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    assert len(reconcile.compare()) == 1
    # What the worker does meanwhile.
    monkeypatch.setattr("time.sleep", lambda _seconds: voting.retally_recent())
    assert reconcile.find(patience=5) == []


def test_a_held_opinion_counts_nothing(frank: User, opinion: Opinion) -> None:
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.retally_recent()
    Opinion.objects.update(state="held")
    assert [(d.stored.agree, d.counted.agree) for d in reconcile.compare()] == [(1, 0)]


class TestVoteLog:
    def test_this_and_the_next_month_are_there(self, db: None) -> None:
        vote_log.keep()
        month = datetime.now(UTC).strftime("consultations_votelog_%Y_%m")
        assert month in vote_log.partitions() and len(vote_log.partitions()) >= 2
        assert vote_log.keep() == ([], [])

    def test_a_vote_lands_in_its_month(self, frank: User, opinion: Opinion) -> None:
        vote_log.keep()
        voting.cast(user=frank, opinion=opinion, value=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text FROM consultations_votelog")
            assert cursor.fetchall() == [(datetime.now(UTC).strftime("consultations_votelog_%Y_%m"),)]

    def test_strays_move_into_their_month(self, frank: User, opinion: Opinion) -> None:
        participant = voting.cast(user=frank, opinion=opinion, value=1).participant_id
        far = datetime(2091, 12, 31, 23, 59, tzinfo=UTC)
        VoteLog.objects.create(
            opinion_id=opinion.pk, participant_id=participant, version_number=1, value=0, created_at=far
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM consultations_votelog_stray")
            assert cursor.fetchone() == (1,)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        made, _dropped = vote_log.keep(far)
        assert made == ["consultations_votelog_2091_12", "consultations_votelog_2092_01"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM consultations_votelog_2091_12")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM consultations_votelog_stray")
            assert cursor.fetchone() == (0,)

    def test_what_is_over_its_time_is_dropped(self, frank: User, opinion: Opinion, settings: object) -> None:
        settings.VOTE_LOG_MONTHS = 2  # type: ignore[attr-defined]
        voting.cast(user=frank, opinion=opinion, value=1)
        now = datetime.now(UTC)
        ahead = datetime(now.year + 1, now.month, 1, tzinfo=UTC)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _made, dropped = vote_log.keep(ahead)
        assert now.strftime("consultations_votelog_%Y_%m") in dropped
        assert VoteLog.objects.count() == 0

    def test_the_months_of_a_year_follow_each_other(self) -> None:
        start = datetime(2026, 11, 1, tzinfo=UTC)
        assert vote_log._later(start, 2) == datetime(2027, 1, 1, tzinfo=UTC)
        assert vote_log._later(start, -24) == datetime(2024, 11, 1, tzinfo=UTC)
        assert vote_log._later(start, -11) == datetime(2025, 12, 1, tzinfo=UTC)
