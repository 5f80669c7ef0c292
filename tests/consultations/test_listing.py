"""The list: filters, queries at any size, and the kept page of visitors."""

import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations import overwriting, voting
from consultations.models import Consultation, Opinion, Theme
from consultations.models.opinions import State

As = Callable[[User | None], Client]
Many = Callable[[int], list[Opinion]]
LIST = "/consultations/talent/"


def shown(client: Client, **query: str | int) -> set[str]:
    page = client.get(LIST, query).content.decode()
    return {part.split('"')[0] for part in page.split('id="opinion-')[1:]}


class TestFilters:
    def test_theme_language_and_addressee(self, as_: As, many: Many, consultation: Consultation) -> None:
        first, second, third = many(3)
        other = Theme.objects.exclude(title_en="").exclude(opinions=first).first()
        assert first.theme_id is not None and third.version is not None
        Opinion.objects.filter(pk=second.pk).update(theme=other, language="en")
        third.version.addressee = "교육부"
        with transaction.atomic(), overwriting.allowed():
            third.version.save()
        client = as_(None)
        assert shown(client, theme=first.theme_id) == {"1", "3"}
        assert shown(client, language="en") == {"2"}
        assert shown(client, addressee="교육부") == {"3"}
        assert shown(client, theme=first.theme_id, language="en") == set()
        assert '<option value="교육부"' in client.get(LIST).content.decode()

    @pytest.mark.parametrize(
        "query", [{"theme": "x"}, {"theme": "9" * 40}, {"language": "fr"}, {"society": "-1"}, {"order": "nonsense"}]
    )
    def test_what_cannot_be_read_counts_as_not_asked(self, as_: As, many: Many, query: dict[str, str]) -> None:
        many(2)
        assert shown(as_(None), **query) == {"1", "2"}

    def test_the_next_page_keeps_what_was_asked(self, as_: As, many: Many, theme: Theme) -> None:
        many(21)
        page = as_(None).get(LIST, {"theme": str(theme.pk), "order": "agreed"}).content.decode()
        assert f"theme={theme.pk}&amp;order=agreed&amp;after=" in page

    def test_the_number_of_published_opinions_is_kept_by_the_database(
        self, consultation: Consultation, many: Many
    ) -> None:
        made = many(4)
        Opinion.objects.filter(pk=made[0].pk).update(state=State.WITHDRAWN)
        made[1].votes.all().delete()
        consultation.save()  # a whole row, read before the withdrawal
        consultation.refresh_from_db()
        assert consultation.published_count == consultation.opinions.published().count() == 3


@pytest.mark.parametrize("order", ["newest", "waiting", "agreed", "random"])
@pytest.mark.parametrize(("signed_in", "most"), [(False, 6), (True, 8)], ids=["visitor", "member"])
def test_d06_the_list_costs_the_same_few_queries_at_any_size(
    as_: As, frank: User, many: Many, consultation: Consultation, signed_in: bool, most: int, order: str
) -> None:
    client = as_(frank if signed_in else None)
    counted = []
    for size in (1, 2, 47):
        for one in many(size):
            if order != "waiting":
                voting.cast(user=frank, opinion=one, value=1)
        address = f"{LIST}?order={order}&seed=500"
        client.get(address)  # consent is remembered in the session, addressees for a minute
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted.append(len(queries))
    assert max(counted) <= most, counted
    # The random order needs its second half only where the first one does not fill the page.
    assert max(counted) - min(counted) <= (order == "random"), counted


class TestKeptPage:
    @pytest.fixture(autouse=True)
    def kept(self, settings: LazySettings) -> None:
        settings.PAGE_CACHE_SECONDS = 2

    def test_it_is_kept_for_two_seconds_and_no_longer(self, as_: As, many: Many) -> None:
        many(1)
        client = as_(None)
        assert shown(client) == {"1"}
        many(1)
        with CaptureQueriesContext(connection) as queries:
            assert shown(client) == {"1"}
        assert len(queries) == 0
        time.sleep(2.1)
        assert shown(client) == {"1", "2"}

    def test_whoever_has_it_gets_304(self, as_: As, many: Many) -> None:
        many(1)
        client = as_(None)
        etag = client.get(LIST).headers["ETag"]
        answer = client.get(LIST, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert client.get(LIST, headers={"If-None-Match": '"another"'}).status_code == 200

    def test_a12_nothing_of_a_person_is_kept_or_served_from_it(self, as_: As, many: Many, frank: User) -> None:
        many(1)
        visitor = as_(None).get(LIST).content.decode()
        member = as_(frank).get(LIST)
        assert "csrfmiddlewaretoken" in member.content.decode() and "ETag" not in member.headers
        assert "csrfmiddlewaretoken" not in visitor
        assert Client().get(LIST).content.decode() == visitor
        assert "Cookie" in member.headers["Vary"] and "no-cache" in member.headers["Cache-Control"]

    def test_languages_and_addresses_and_fragments_are_kept_apart(self, many: Many) -> None:
        many(1)
        client = Client()
        pages = [
            client.get(LIST, headers={"Accept-Language": "ko"}).content,
            client.get(LIST, headers={"Accept-Language": "en"}).content,
            client.get(LIST, {"language": "ko"}, headers={"Accept-Language": "en"}).content,
            client.get(LIST, headers={"Accept-Language": "en", "HX-Request": "true"}).content,
        ]
        assert len(set(pages)) == 4

    def test_it_sets_no_cookie_and_holds_no_token(self, many: Many) -> None:
        many(1)
        answer = Client().get(LIST)
        assert not answer.cookies

    def test_without_redis_it_is_made_anew(self, many: Many, settings: LazySettings) -> None:
        many(1)
        away = {"BACKEND": "common.cache.ForgivingRedisCache", "LOCATION": "unix:///nowhere/redis.sock"}
        settings.CACHES = {"default": away}
        assert Client().get(LIST).status_code == 200

    def test_a_page_that_is_not_there_is_not_kept(self, consultation: Consultation) -> None:
        assert Client().get("/consultations/nowhere/").status_code == 404
        Consultation.objects.update(slug="nowhere")
        assert Client().get("/consultations/nowhere/").status_code == 200
