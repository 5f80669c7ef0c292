"""What an edition counts: the snapshot, and the figures of it."""

import json
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Society
from consultations.models import Consultation, Opinion, OpinionVersion, Vote
from digests import content, editions, snapshot
from digests.models import Edition
from tests.digests.conftest import Join, Publish, cast, close, compiled

pytestmark = pytest.mark.django_db(transaction=True)


def read(edition: Edition) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(Edition.objects.get(pk=edition.pk).content))
    return data


def test_counts_equal_a_recount_by_hand(
    consultation: Consultation, society: Society, other_society: Society, join: Join, publish: Publish
) -> None:
    voters = join(society, 8) + join(other_society, 6)
    values = {number: [(number * 7 + i * 3) % 3 - 1 for i in range(14 - number)] for number in range(1, 6)}
    opinions = {number: publish(f"제안 {number}", voters, votes) for number, votes in values.items()}
    # Five things that must not count: an earlier text, a voided participant, and votes on what is not published.
    second = OpinionVersion.objects.create(opinion=opinions[2], number=2, votes_since=2, proposal="새 글")
    opinions[2].version = second
    opinions[2].save(update_fields=["version"])
    voters[0].voided_at, voters[0].void_reason = timezone.now(), "double account"
    voters[0].save()
    publish("비공개", voters, [1] * 14, state="held")

    found = {row["number"]: row["votes"] for row in read(compiled(consultation))["opinions"]}

    assert set(found) == {1, 2, 3, 4, 5}
    for number, votes in values.items():
        counted = Counter(votes[1:]) if number != 2 else Counter()
        expected = {"agree": counted[1], "pass": counted[0], "disagree": counted[-1], "total": sum(counted.values())}
        assert found[number] == {**expected, "on_earlier_text": 11 if number == 2 else 0}


def test_a_recounted_total_equals_what_counts(
    consultation: Consultation, society: Society, join: Join, publish: Publish
) -> None:
    voters = join(society, 6)
    publish(votes=[1, 1, 0, -1], voters=voters)
    head = read(compiled(consultation))["headline"]
    assert head == {
        "opinions": 1,
        "new": 1,
        "votes": Vote.objects.counting().count(),
        "voters": 4,
        "societies": 1,
    }


def test_input_is_the_same_until_something_changes(
    consultation: Consultation, society: Society, join: Join, publish: Publish
) -> None:
    voters = join(society, 6)
    opinion = publish(voters=voters, votes=[1, 1])
    first = compiled(consultation)
    assert content.digest_of(snapshot.take(consultation).facts) == first.input_sha256
    cast(opinion, voters[2:], [0])
    assert content.digest_of(snapshot.take(consultation).facts) != first.input_sha256


def test_voting_goes_on_while_the_snapshot_is_read(
    consultation: Consultation, society: Society, join: Join, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    voters = join(society, 6)
    opinion = publish(voters=voters, votes=[1, 1])
    read_all = snapshot._read

    def vote_meanwhile(*args: Any) -> Any:
        def vote() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(1, %s)", [consultation.pk])
                assert cursor.fetchone() == (True,), "the exclusive lock is let go before the reading"
                cast(opinion, voters[2:3], [1])
            connection.close()

        thread = threading.Thread(target=vote)
        thread.start()
        thread.join()
        return read_all(*args)

    monkeypatch.setattr(snapshot, "_read", vote_meanwhile)
    facts = snapshot.take(consultation).facts
    assert Vote.objects.count() == 3
    assert facts["opinions"][0]["tally"] == [2, 0, 0, 0], "the snapshot is older than the vote"


def test_the_snapshot_waits_for_a_vote_under_way(
    consultation: Consultation, society: Society, join: Join, publish: Publish
) -> None:
    voters = join(society, 6)
    opinion = publish(voters=voters, votes=[1])
    holds, tallies = threading.Event(), []

    def vote_slowly() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(1, %s)", [consultation.pk])
            cast(opinion, voters[1:2], [1])
            holds.set()
            cursor.execute("SELECT pg_sleep(0.5)")
        connection.close()

    thread = threading.Thread(target=vote_slowly)
    thread.start()
    holds.wait(10)
    tallies.append(snapshot.take(consultation).facts["opinions"][0]["tally"])
    thread.join()
    assert tallies == [[2, 0, 0, 0]]


def test_reading_costs_the_same_queries_whatever_the_size(
    consultation: Consultation, society: Society, join: Join, publish: Publish, django_assert_num_queries: Any
) -> None:
    voters = join(society, 6)
    for size in (1, 3, 20):
        for _ in range(size):
            publish(voters=voters, votes=[1, 0, -1], author=voters[0])
        with django_assert_num_queries(18):
            snapshot._read(consultation.pk, None, timezone.now())


def test_an_opinion_is_new_in_exactly_one_edition(consultation: Consultation, publish: Publish) -> None:
    publish("하나")
    first = editions.publish(edition=compiled(consultation))
    publish("둘")
    publish("셋")
    second = editions.publish(edition=compiled(consultation))
    third = compiled(consultation)
    assert [read(e)["new"] for e in (first, second, third)] == [[1], [2, 3], []]
    assert [e.number for e in (first, second, third)] == [1, 2, 3]
    assert read(second)["edition"]["before"]["content_sha256"] == first.content_sha256


def test_what_was_held_meanwhile_is_new_once_it_is_back(consultation: Consultation, publish: Publish) -> None:
    held, seen = publish("붙들린 글"), publish("보인 글")
    publish("셋")
    Opinion.objects.filter(pk=held.pk).update(state="held")
    first = editions.publish(edition=compiled(consultation))
    Opinion.objects.filter(pk=held.pk).update(state="published")
    Opinion.objects.filter(pk=seen.pk).update(state="held")
    second = editions.publish(edition=compiled(consultation))
    Opinion.objects.filter(pk=seen.pk).update(state="published")
    third = compiled(consultation)
    assert [read(e)["new"] for e in (first, second, third)] == [[2, 3], [1], []]


def test_what_is_published_after_voting_is_not_voted_on(consultation: Consultation, publish: Publish) -> None:
    close(consultation)
    publish("제때", published_at=timezone.now() - timedelta(days=3))
    publish("늦게")
    found = read(compiled(consultation))
    assert found["not_voted_on"] == [2]
    assert found["opinions"][1]["rank"] is None


def test_an_imported_consultation_has_no_turnout(consultation: Consultation, publish: Publish) -> None:
    Consultation.objects.update(is_imported=True)
    publish()
    assert read(compiled(Consultation.objects.get()))["participation"] == {"known": False, "voters": 0}
