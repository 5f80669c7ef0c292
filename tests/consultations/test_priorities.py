"""Five priorities, and the page of my votes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from common.errors import NotAllowed
from consultations import my_votes, priorities, voting
from consultations.models import Consultation, Opinion, OpinionVersion, Participant, Priority

As = Callable[[User | None], Client]


@pytest.fixture
def seven(consultation: Consultation) -> list[Opinion]:
    made = []
    for number in range(1, 8):
        opinion = Opinion.objects.create(consultation=consultation, number=number, language="en")
        opinion.version = OpinionVersion.objects.create(
            opinion=opinion, number=1, votes_since=1, proposal=f"Proposal {number}", problem="Text", reason="Text"
        )
        opinion.state, opinion.publish_sequence, opinion.published_at = "published", number, timezone.now()
        opinion.save()
        made.append(opinion)
    return made


def numbers(user: User, consultation: Consultation) -> list[int]:
    return [p.opinion.number for p in priorities.of(user=user, consultation=consultation)]


class TestMarking:
    def test_five_and_no_sixth(self, frank: User, consultation: Consultation, seven: list[Opinion]) -> None:
        assert [priorities.mark(user=frank, opinion=o) for o in seven[:5]] == [1, 2, 3, 4, 5]
        with pytest.raises(priorities.FiveAlready):
            priorities.mark(user=frank, opinion=seven[5])
        assert priorities.mark(user=frank, opinion=seven[2]) == 3  # again changes nothing
        assert numbers(frank, consultation) == [1, 2, 3, 4, 5]

    def test_dropping_closes_the_gap(self, frank: User, consultation: Consultation, seven: list[Opinion]) -> None:
        for opinion in seven[:4]:
            priorities.mark(user=frank, opinion=opinion)
        priorities.drop(user=frank, opinion=seven[1])
        priorities.drop(user=frank, opinion=seven[6])
        priorities.mark(user=frank, opinion=seven[5])
        found = priorities.of(user=frank, consultation=consultation)
        assert [(p.rank, p.opinion.number) for p in found] == [(1, 1), (2, 3), (3, 4), (4, 6)]

    def test_raising_changes_places(self, frank: User, consultation: Consultation, seven: list[Opinion]) -> None:
        for opinion in seven[:3]:
            priorities.mark(user=frank, opinion=opinion)
        for _ in range(3):
            priorities.raise_(user=frank, opinion=seven[2])
        assert numbers(frank, consultation) == [3, 1, 2]

    def test_only_members_and_only_published_ones(
        self, eve: User, frank: User, consultation: Consultation, seven: list[Opinion]
    ) -> None:
        with pytest.raises(NotAllowed):
            priorities.mark(user=eve, opinion=seven[0])
        Opinion.objects.filter(number=1).update(state="held")
        with pytest.raises(priorities.NotOpenToPriorities):
            priorities.mark(user=frank, opinion=seven[0])

    @pytest.mark.parametrize(
        ("own", "allowed"), [(None, False), (timedelta(days=1), True), (timedelta(days=-2), False)]
    )
    def test_until_they_close(
        self, frank: User, consultation: Consultation, seven: list[Opinion], own: timedelta | None, allowed: bool
    ) -> None:
        now = timezone.now()
        Consultation.objects.update(
            submissions_close_at=now - timedelta(days=5),
            voting_close_at=now - timedelta(days=1),
            priorities_close_at=None if own is None else now + own,
        )
        if allowed:
            assert priorities.mark(user=frank, opinion=seven[0]) == 1
            return
        with pytest.raises(priorities.PrioritiesClosed):
            priorities.mark(user=frank, opinion=seven[0])

    def test_what_counts(self, frank: User, alice: User, consultation: Consultation, seven: list[Opinion]) -> None:
        for user in (frank, alice):
            priorities.mark(user=user, opinion=seven[0])
            priorities.mark(user=user, opinion=seven[1])
        Opinion.objects.filter(number=2).update(state="held")
        assert priorities.counted(consultation) == {seven[0].pk: 2}
        Participant.objects.filter(user=alice).update(voided_at=timezone.now(), void_reason="two accounts")
        assert priorities.counted(consultation) == {seven[0].pk: 1}

    def test_the_database_decides(self, frank: User, seven: list[Opinion]) -> None:
        priorities.mark(user=frank, opinion=seven[0])
        mine = Participant.objects.get(user=frank)
        for opinion, rank in ((seven[1], 1), (seven[1], 6), (seven[1], 0), (seven[0], 2)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Priority.objects.create(participant=mine, opinion=opinion, rank=rank)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestPages:
    def test_mark_raise_and_drop(self, as_: As, frank: User, consultation: Consultation, seven: list[Opinion]) -> None:
        client, base = as_(frank), "/consultations/talent/priorities/"
        for number in (1, 2):
            back = f"/consultations/talent/vote/?opinion={number}"
            answer = client.post(f"{base}mark/", {"number": number, "next": back})
            assert answer["Location"] == back
        client.post(f"{base}raise/", {"number": 2})
        assert numbers(frank, consultation) == [2, 1]
        Opinion.objects.filter(number=2).update(state="held")
        page = client.get(base)
        assert b"Proposal 1" in page.content and b"Proposal 2" not in page.content
        client.post(f"{base}drop/", {"number": 2})
        assert numbers(frank, consultation) == [1]

    def test_a_sixth_is_explained(self, as_: As, frank: User, consultation: Consultation, seven: list[Opinion]) -> None:
        client = as_(frank)
        for number in range(1, 7):
            answer = client.post("/consultations/talent/priorities/mark/", {"number": number}, follow=True)
        assert answer.status_code == 200 and b"notice-warn" in answer.content
        assert Priority.objects.count() == 5

    def test_somebody_elses_hidden_opinion_is_not_known(
        self, as_: As, frank: User, submitted: Opinion, consultation: Consultation
    ) -> None:
        for verb in ("mark", "raise", "drop"):
            answer = as_(frank).post(f"/consultations/talent/priorities/{verb}/", {"number": submitted.number})
            assert answer.status_code == 404


class TestMyVotes:
    def test_v20_every_acknowledged_vote_is_there_again(
        self, as_: As, frank: User, alice: User, seven: list[Opinion]
    ) -> None:
        ledger: dict[int, list[int | None]] = {}
        for opinion, value in zip(seven * 2, (1, 0, -1, 1, 1, 0, 0, -1, -1, 1, 0, 1, 1, -1), strict=True):
            cast = voting.cast(user=frank, opinion=opinion, value=value)
            told = ledger.setdefault(opinion.number, [])
            if told[-1:] != [cast.value]:  # the same again is no change
                told.append(cast.value)
        voting.retract(user=frank, opinion=seven[0])
        ledger[1].append(None)
        voting.cast(user=alice, opinion=seven[0], value=1)
        page = my_votes.read(frank)
        found = {
            row.opinion.number: [line.value for line in [*reversed(row.before), row.now]]
            for row in [*page.votes, *page.taken_back]
        }
        assert found == ledger
        assert as_(frank).get("/account/votes/").status_code == 200

    def test_v20_a_vote_on_an_earlier_text_is_marked(self, as_: As, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        newer = opinion.versions.create(number=2, votes_since=2, proposal="새 글", problem="", reason="")
        Opinion.objects.update(version=newer)
        (row,) = my_votes.read(frank).votes
        assert row.earlier_text and not row.counts and row.now.version == 1
        assert as_(frank).get("/account/votes/?lang=en").content.count(b"earlier text") == 1

    def test_the_text_of_what_is_not_public_any_more_is_not_shown(self, as_: As, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        Opinion.objects.update(state="removed")
        assert opinion.version is not None
        assert opinion.version.proposal not in as_(frank).get("/account/votes/").content.decode()

    def test_pages_by_key(self, frank: User, seven: list[Opinion], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(my_votes, "PAGE", 3)
        for opinion in seven:
            voting.cast(user=frank, opinion=opinion, value=1)
        seen, key = [], ""
        while True:
            page = my_votes.read(frank, key)
            seen += [row.opinion.number for row in page.votes]
            key = page.next_key
            if not key:
                break
        assert seen == [7, 6, 5, 4, 3, 2, 1]

    def test_a_fixed_number_of_queries(
        self, frank: User, seven: list[Opinion], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for opinion in seven:
            voting.cast(user=frank, opinion=opinion, value=1)
            voting.cast(user=frank, opinion=opinion, value=0)
        with django_assert_num_queries(4):  # votes, their log; who I am, what was taken back
            my_votes.read(frank)

    def test_visitors_sign_in(self, as_: As, db: None) -> None:
        assert "/account/sign-in/" in as_(None).get("/account/votes/")["Location"]
