"""The deck: what comes next, and the pages around it."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Society, User
from consultations import deck, routes, voting
from consultations.models import Consultation, Opinion, OpinionVersion, Route, Vote
from tests.conftest import Make

As = Callable[[User | None], Client]


@pytest.fixture
def many(consultation: Consultation) -> list[Opinion]:
    """Twelve published opinions."""
    made = []
    for number in range(1, 13):
        opinion = Opinion.objects.create(consultation=consultation, number=number, language="en")
        opinion.version = OpinionVersion.objects.create(
            opinion=opinion, number=1, votes_since=1, proposal=f"Proposal {number}", problem="Text", reason="Text"
        )
        opinion.state, opinion.publish_sequence, opinion.published_at = "published", number, timezone.now()
        opinion.save()
        made.append(opinion)
    return made


class TestDraw:
    def test_it_goes_through_all_once(self, frank: User, consultation: Consultation, many: list[Opinion]) -> None:
        seen = []
        while (drawn := deck.draw(user=frank, consultation=consultation)) is not None:
            seen.append(drawn.number)
            voting.cast(user=frank, opinion=drawn, value=0)
        assert sorted(seen) == list(range(1, 13))
        assert deck.progress(user=frank, consultation=consultation) == deck.Progress(12, 12)

    def test_loaded_again_it_is_the_same(self, frank: User, consultation: Consultation, many: list[Opinion]) -> None:
        assert len({deck.draw(user=frank, consultation=consultation) for _ in range(5)}) == 1

    def test_readers_have_orders_of_their_own(
        self, consultation: Consultation, many: list[Opinion], make_user: Make, society: Society
    ) -> None:
        first = Counter(deck.draw(user=make_user(f"Reader{n}", society), consultation=consultation) for n in range(40))
        assert len(first) >= 6 and max(first.values()) < 15

    def test_heavy_ones_come_first(
        self, consultation: Consultation, many: list[Opinion], make_user: Make, society: Society
    ) -> None:
        for opinion in many:
            Route.objects.create(opinion=opinion, weight=100 if opinion.number <= 2 else 1)
        first = Counter(
            drawn.number <= 2
            for n in range(60)
            if (drawn := deck.draw(user=make_user(f"Reader{n}", society), consultation=consultation))
        )
        assert first[True] > 50  # expected: 200 of 210

    def test_what_is_not_published_does_not_come(
        self, frank: User, consultation: Consultation, many: list[Opinion]
    ) -> None:
        Opinion.objects.exclude(number=3).update(state="held")
        assert deck.draw(user=frank, consultation=consultation) == many[2]
        Opinion.objects.update(state="held")
        assert deck.draw(user=frank, consultation=consultation) is None

    def test_a_vote_on_an_earlier_text_comes_again(
        self, frank: User, consultation: Consultation, opinion: Opinion
    ) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        assert deck.draw(user=frank, consultation=consultation) is None
        Opinion.objects.update(
            version=opinion.versions.create(number=2, votes_since=2, proposal="New", problem="", reason="")
        )
        assert deck.draw(user=frank, consultation=consultation) == opinion

    def test_one_statement_chooses(
        self,
        frank: User,
        consultation: Consultation,
        many: list[Opinion],
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        with django_assert_num_queries(2):  # the draw, and the opinion that was drawn
            deck.draw(user=frank, consultation=consultation)

    def test_the_seed_is_each_readers_own_and_secret(
        self, frank: User, alice: User, consultation: Consultation
    ) -> None:
        seed = deck.seed_of(frank.pk, consultation.pk)
        assert seed != deck.seed_of(alice.pk, consultation.pk) != deck.seed_of(alice.pk, consultation.pk + 1)


class TestWeights:
    def test_a_worker_writes_them_once(self, frank: User, consultation: Consultation, many: list[Opinion]) -> None:
        assert routes.refresh(consultation) == 12
        assert routes.refresh_open() == 0
        assert Route.objects.get(opinion=many[0]).weight == pytest.approx(deck.NEW, rel=0.01)

    def test_votes_lower_the_weight(self, frank: User, consultation: Consultation, many: list[Opinion]) -> None:
        Opinion.objects.filter(number=1).update(agree_count=20, disagree_count=20)
        routes.refresh(consultation)
        assert Route.objects.get(opinion=many[0]).weight < Route.objects.get(opinion=many[1]).weight


class TestPage:
    def test_w13_vote_undo_and_skip_without_javascript(
        self, as_: As, frank: User, consultation: Consultation, many: list[Opinion]
    ) -> None:
        client = as_(frank)
        page = client.get("/consultations/talent/vote/")
        shown = page.context["opinion"]
        assert b"0 of 12" in page.content or "12" in page.content.decode()
        answer = client.post(
            "/consultations/talent/vote/cast/", {"number": shown.number, "version": 1, "value": "agree"}, follow=True
        )
        assert Vote.objects.get().value == 1
        assert answer.context["last"] == shown and answer.context["last_counts"].agree == 1
        assert answer.context["opinion"] != shown
        answer = client.post("/consultations/talent/vote/undo/", {"number": shown.number}, follow=True)
        assert not Vote.objects.exists() and answer.context["opinion"] == shown
        answer = client.post("/consultations/talent/vote/skip/", {"number": shown.number}, follow=True)
        assert answer.context["opinion"] != shown and not Vote.objects.exists()

    def test_all_skipped_come_back_when_asked(
        self, as_: As, frank: User, consultation: Consultation, opinion: Opinion
    ) -> None:
        client = as_(frank)
        answer = client.post("/consultations/talent/vote/skip/", {"number": opinion.number}, follow=True)
        assert "opinion" not in answer.context and b'name="again"' in answer.content
        answer = client.post("/consultations/talent/vote/skip/", {"again": "1"}, follow=True)
        assert answer.context["opinion"] == opinion

    def test_v11_a_text_that_changed_is_shown_anew_and_nothing_stored(
        self, as_: As, frank: User, consultation: Consultation, opinion: Opinion
    ) -> None:
        newer = opinion.versions.create(number=2, votes_since=2, proposal="A new text", problem="", reason="")
        Opinion.objects.update(version=newer)
        answer = as_(frank).post(
            "/consultations/talent/vote/cast/", {"number": opinion.number, "version": 1, "value": "agree"}, follow=True
        )
        assert b"A new text" in answer.content and b'name="version" value="2"' in answer.content
        assert not Vote.objects.exists()

    @pytest.mark.parametrize("counts", ["after_voting", "at_close"])
    def test_hidden_counts_show_on_no_card(
        self, as_: As, frank: User, alice: User, consultation: Consultation, many: list[Opinion], counts: str
    ) -> None:
        Consultation.objects.update(counts=counts)
        for opinion in many:
            voting.cast(user=alice, opinion=opinion, value=1)
        voting.cast(user=frank, opinion=many[0], value=-1)
        client = as_(frank)
        assert b"tally-key" not in client.get("/consultations/talent/vote/").content
        after = client.get("/consultations/talent/vote/?last=1")
        assert (after.context["last_counts"] is not None) == (counts == "after_voting")
        assert b"tally-key" not in client.get("/consultations/talent/vote/?last=2").content  # not voted on

    @pytest.mark.parametrize("sent", [{}, {"value": "yes"}, {"value": "agree"}, {"value": "agree", "version": "x"}])
    def test_v16_a_doubtful_vote_is_refused(self, as_: As, frank: User, opinion: Opinion, sent: dict[str, str]) -> None:
        answer = as_(frank).post("/consultations/talent/vote/cast/", {"number": opinion.number, **sent})
        assert answer.status_code == 400 and not Vote.objects.exists()

    def test_an_opinion_that_is_not_published_is_not_known_here(self, as_: As, frank: User, submitted: Opinion) -> None:
        client = as_(frank)
        for verb in ("cast", "skip", "undo"):
            sent = {"number": submitted.number, "version": 1, "value": "agree"}
            assert client.post(f"/consultations/talent/vote/{verb}/", sent).status_code == 404
        assert "opinion" not in client.get(f"/consultations/talent/vote/?opinion={submitted.number}").context

    def test_visitors_sign_in_and_others_ask_their_society(
        self, as_: As, eve: User, consultation: Consultation, opinion: Opinion
    ) -> None:
        assert "/account/sign-in/" in as_(None).get("/consultations/talent/vote/")["Location"]
        assert as_(eve).get("/consultations/talent/vote/").status_code == 302

    def test_after_closing_it_says_so(self, as_: As, frank: User, consultation: Consultation, opinion: Opinion) -> None:
        now = timezone.now()
        Consultation.objects.update(
            submissions_close_at=now - timedelta(days=5), voting_close_at=now - timedelta(days=1)
        )
        page = as_(frank).get("/consultations/talent/vote/")
        assert page.status_code == 200 and "opinion" not in page.context
        answer = as_(frank).post(
            "/consultations/talent/vote/cast/", {"number": opinion.number, "version": 1, "value": "agree"}
        )
        assert answer.status_code == 302 and not Vote.objects.exists()

    def test_the_page_costs_the_same_whatever_the_size(
        self,
        as_: As,
        frank: User,
        many: list[Opinion],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(frank)
        voting.cast(user=frank, opinion=many[0], value=1)
        with django_assert_max_num_queries(18):
            client.get("/consultations/talent/vote/?last=1")


class TestUndo:
    def test_it_restores_the_vote_before(self, frank: User, opinion: Opinion) -> None:
        for value in (1, -1):
            voting.cast(user=frank, opinion=opinion, value=value)
        assert voting.undo(user=frank, opinion=opinion) == 1
        assert Vote.objects.get().value == 1

    def test_a_first_vote_is_taken_back(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        assert voting.undo(user=frank, opinion=opinion) is None
        assert voting.undo(user=frank, opinion=opinion) is None
        assert not Vote.objects.exists()

    def test_a_vote_after_taking_back_is_taken_back(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        voting.retract(user=frank, opinion=opinion)
        voting.cast(user=frank, opinion=opinion, value=0)
        voting.undo(user=frank, opinion=opinion)
        assert not Vote.objects.exists()

    def test_a_vote_on_an_earlier_text_comes_back_as_one(self, frank: User, opinion: Opinion) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        newer = opinion.versions.create(number=2, votes_since=2, proposal="New", problem="", reason="")
        Opinion.objects.update(version=newer)
        voting.cast(user=frank, opinion=opinion, value=-1)
        assert voting.undo(user=frank, opinion=opinion) == 1
        assert Vote.objects.get().version_number == 1 and not Vote.objects.counting().exists()
