"""The opinion map: what is computed, when, who sees it, and what it must not tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Consent, User
from consultations import mapping, opinion_map, routes
from consultations.models import Consultation, Opinion, OpinionMap, Participant, Route, Vote
from consultations.models.consultations import CountsShown

As = Callable[[User | None], Client]
Many = Callable[[int], list[Opinion]]
MAP = "/consultations/talent/map/"


def vote(people: list[Participant], opinions: list[Opinion], value: Callable[[int, int], int]) -> None:
    """One vote of each on each; the value from the places of person and opinion."""
    Vote.objects.bulk_create(
        Vote(participant=person, opinion=opinion, version_number=1, value=value(i, j))
        for i, person in enumerate(people)
        for j, opinion in enumerate(opinions)
    )


@pytest.fixture
def opinions(many: Many) -> list[Opinion]:
    return many(8)


@pytest.fixture
def people(consultation: Consultation) -> list[Participant]:
    """Thirty participants of this consultation."""
    made = User.objects.bulk_create(User(email=f"p{i}@sample.test", name=f"P{i}") for i in range(30))
    return Participant.objects.bulk_create(Participant(consultation=consultation, user=user) for user in made)


@pytest.fixture
def planted(people: list[Participant], opinions: list[Opinion]) -> list[Participant]:
    """Twenty who agree with the first four and disagree with the next three, ten the other way; all agree with the last."""
    vote(people, opinions, lambda i, j: 1 if j == 7 or (i < 20) == (j < 4) else -1)
    return people


@pytest.fixture
def hidden(consultation: Consultation) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(counts=CountsShown.AFTER_VOTING)


class TestComputing:
    def test_a_planted_division_is_found_and_stored(
        self, consultation: Consultation, planted: list[Participant], opinions: list[Opinion]
    ) -> None:
        assert mapping.refresh(consultation)
        found = OpinionMap.objects.get()
        assert (found.facts["k"], found.facts["stable"], found.facts["sizes"]) == (2, True, [20, 10])
        own = dict(zip(found.participants, found.groups, strict=True))
        assert [own[p.pk] for p in planted] == [1] * 20 + [2] * 10
        assert {m["number"] for m in found.facts["marks"][0]} <= {o.number for o in opinions[:7]}
        assert found.facts["shares"][str(opinions[7].number)] == [100, 100]
        last = Opinion.objects.get(pk=opinions[7].pk)
        assert last.rank_across == pytest.approx(21 / 22 * 11 / 12, abs=1e-6)
        assert Opinion.objects.order_by("-rank_across").first() == last

    def test_it_keeps_still(self, consultation: Consultation, planted: list[Participant]) -> None:
        mapping.refresh(consultation)
        before = OpinionMap.objects.get()
        Vote.objects.filter(participant=planted[0]).update(value=0)
        Vote.objects.filter(participant=planted[0]).first().delete()  # type: ignore[union-attr]
        OpinionMap.objects.update(votes=0)
        assert mapping.refresh(consultation)
        after = OpinionMap.objects.get()
        assert after.groups[1:] == before.groups[1:]

    def test_p02_not_before_five_more_votes(self, consultation: Consultation, planted: list[Participant]) -> None:
        assert mapping.refresh(consultation)
        Vote.objects.filter(participant=planted[3])[0].delete()
        assert not mapping.refresh(consultation)
        assert OpinionMap.objects.get().votes == 240
        for gone in Vote.objects.filter(participant=planted[3])[:4]:
            gone.delete()
        assert mapping.refresh(consultation)

    def test_p02_at_most_once_an_hour(self, consultation: Consultation, planted: list[Participant]) -> None:
        assert mapping.refresh_due() == 1
        Vote.objects.filter(participant=planted[3]).delete()
        assert mapping.refresh_due() == 0
        OpinionMap.objects.update(computed_at=timezone.now() - timedelta(minutes=61))
        assert mapping.refresh_due() == 1

    def test_once_more_after_closing(self, consultation: Consultation, planted: list[Participant]) -> None:
        mapping.refresh(consultation)
        now = timezone.now()
        OpinionMap.objects.update(computed_at=now - timedelta(minutes=10))
        Consultation.objects.update(
            voting_close_at=now - timedelta(minutes=5), submissions_close_at=now - timedelta(days=2)
        )
        assert mapping.refresh_due() == 1
        assert mapping.refresh_due() == 0

    def test_who_is_voided_is_not_on_it(self, consultation: Consultation, planted: list[Participant]) -> None:
        Participant.objects.filter(pk=planted[0].pk).update(voided_at=timezone.now(), void_reason="x")
        mapping.refresh(consultation)
        assert planted[0].pk not in OpinionMap.objects.get().participants

    def test_few_people_and_no_votes_have_no_groups(
        self, consultation: Consultation, people: list[Participant], opinions: list[Opinion]
    ) -> None:
        assert mapping.refresh(consultation)
        assert not OpinionMap.objects.get().facts["enough"]
        vote(people[:5], opinions, lambda i, j: (i + j) % 3 - 1)
        assert mapping.refresh(consultation)
        found = OpinionMap.objects.get()
        assert (len(found.participants), found.facts["stable"], set(found.groups)) == (5, False, {0})

    def test_p04_a_small_unanimous_group_shows_no_share(self) -> None:
        assert mapping._share(6, 0, 0) is None
        assert mapping._share(5, 1, 0) == 83
        assert mapping._share(2, 1, 1) is None
        assert mapping._share(10, 0, 0) == 100

    def test_the_deck_is_told_which_opinions_lie_far_out(
        self, consultation: Consultation, planted: list[Participant], opinions: list[Opinion]
    ) -> None:
        mapping.refresh(consultation)
        routes.refresh(consultation)
        weights = {route.opinion_id: route.weight for route in Route.objects.all()}
        far = dict(zip(OpinionMap.objects.get().opinions, OpinionMap.objects.get().extremity, strict=True))
        assert far[opinions[0].pk] > far[opinions[7].pk]
        assert weights[opinions[0].pk] > weights[opinions[7].pk]


class TestReading:
    @pytest.fixture(autouse=True)
    def computed(self, consultation: Consultation, planted: list[Participant]) -> None:
        mapping.refresh(consultation)

    def test_a06_it_is_hidden_while_counts_are(self, as_: As, hidden: None, alice: User, dan: User) -> None:
        for reader in (None, alice):
            page = as_(reader).get(MAP).content.decode()
            assert '<svg class="map"' not in page
            assert "Group A" not in page
            assert "order=across" not in as_(reader).get("/consultations/talent/").content.decode()
        assert '<svg class="map"' in as_(dan).get(MAP).content.decode()

    def test_closing_shows_it(self, as_: As, hidden: None) -> None:
        now = timezone.now()
        Consultation.objects.update(voting_close_at=now, submissions_close_at=now - timedelta(days=2))
        assert '<svg class="map"' in as_(None).get(MAP).content.decode()

    def test_groups_marks_and_what_is_agreed_across(self, as_: As, opinions: list[Opinion]) -> None:
        page = as_(None).get(MAP, {"lang": "en"}).content.decode()
        assert page.count('<path class="map-1"') - page.count("map-key") // 2 >= 20
        assert "Group A · 20" in page
        assert "Group B · 10" in page
        assert f'/opinions/{opinions[7].number}/">' in page.split("<table>")[1]
        for word in ("camp", "진영", "separate groups exist"):
            assert word not in page

    def test_one_group_is_chosen(self, as_: As) -> None:
        page = as_(None).get(MAP, {"group": "2", "lang": "en"}).content.decode()
        assert page.count('<section class="panel stack-s">') == 1
        assert 'aria-current="true"' in page
        assert as_(None).get(MAP, {"group": "9" * 30}).status_code == 200

    def test_one_finds_oneself(self, as_: As, planted: list[Participant], eve: User) -> None:
        assert planted[25].user is not None
        Consent.objects.create(user=planted[25].user, version=settings.PRIVACY_NOTICE_VERSION)
        page = as_(planted[25].user).get(MAP, {"lang": "en"}).content.decode()
        assert page.count('class="map-me"') == 1
        assert "You are here" in page
        assert 'class="map-me"' not in as_(eve).get(MAP).content.decode()

    def test_no_id_of_a_person_is_on_it(self, as_: As, planted: list[Participant]) -> None:
        page = as_(None).get(MAP).content.decode()
        assert not any(str(person.user_id) in page for person in planted)

    def test_the_order_across_groups_is_there_once_there_are_groups(
        self, as_: As, consultation: Consultation, opinions: list[Opinion]
    ) -> None:
        page = as_(None).get("/consultations/talent/", {"order": "across"}).content.decode()
        numbers = [part.split('"')[0] for part in page.split('id="opinion-')[1:]]
        assert numbers[0] == str(opinions[7].number)
        OpinionMap.objects.update(facts={**OpinionMap.objects.get().facts, "stable": False})
        assert "across" not in as_(None).get("/consultations/talent/").content.decode().split("order=")

    def test_d06_it_costs_few_queries(self, as_: As, consultation: Consultation) -> None:
        client = as_(None)
        client.get(MAP)
        with CaptureQueriesContext(connection) as queries:
            client.get(MAP)
        assert len(queries) <= 6

    def test_many_people_are_drawn_thinly(self, consultation: Consultation) -> None:
        size = 3_000
        OpinionMap.objects.update(
            participants=list(range(size)), groups=[1] * size, xs=[i / 7 for i in range(size)], ys=[0.0] * size
        )
        consultation.refresh_from_db()
        seen = opinion_map.of(consultation, AnonymousUser())
        assert seen is not None
        assert len(seen.dots) <= opinion_map.MOST_DOTS
        assert seen.people == size
