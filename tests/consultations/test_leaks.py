"""Hidden counts show through nowhere: votes are changed behind the scenes, and the bytes that others see must stay."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts.models import Society, User
from consultations import arguments, orders, voting
from consultations.models import Case, Consultation, Opinion
from consultations.models.consultations import CountsShown
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
LIST = "/consultations/talent/"
API = "/api/v1/consultations/talent/opinions/"
#: What differs from answer to answer for reasons of its own: form tokens, and the time of day.
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|\d\d:\d\d|\d+ \S+ ago')

ORDERS = [*orders.ORDERS, "-agree_count", "votes", "rank_agreed", "author__user__email"]
PLACES = [
    *(f"{LIST}?order={order}&seed=300" for order in ORDERS),
    f"{LIST}?q=직군",
    f"{LIST}?theme=1&language=ko",
    f"{LIST}opinions/1/",
    f"{LIST}opinions/2/",
    "/",
    "/consultations/",
    f"{LIST}digests/",
    API,
    f"{API}?order=newest",
    *(f"{API}?order={order}" for order in ("agreed", "divided", "fewest", "-agree_count")),
    f"{API}?q=직군",
    "/api/v1/consultations/",
    "/api/v1/consultations/talent/",
    f"{LIST}moderation/",
    "/api/v1/consultations/talent/moderation/",
]


@pytest.fixture(params=[CountsShown.AFTER_VOTING, CountsShown.AT_CLOSE])
def hidden(
    request: pytest.FixtureRequest, consultation: Consultation, many: Callable[[int], list[Opinion]]
) -> list[Opinion]:
    """Three opinions, the second one with an argument, in a consultation that hides counts."""
    Consultation.objects.update(counts=request.param)
    consultation.refresh_from_db()
    return many(3)


@pytest.fixture
def crowd(make_user: Callable[..., User], society: Society) -> list[User]:
    return [make_user(f"Voter{n}", society) for n in range(6)]


def stir(crowd: list[User], opinions: list[Opinion], turn: int) -> None:
    """Votes that change every count and every rank, as far as the page's derived figures."""
    for place, person in enumerate(crowd):
        for number, opinion in enumerate(opinions):
            value = (place + number + turn) % 3 - 1
            if (place + turn) % 4:
                voting.cast(user=person, opinion=opinion, value=value)
            else:
                voting.retract(user=person, opinion=opinion)
    voting.retally_recent(3600)
    orders.refresh_all()
    cache.delete_many(cache.keys("page:*") if hasattr(cache, "keys") else [])


def seen(client: Client, place: str, **headers: str) -> tuple[Any, ...]:
    """What one answer shows: status, the headers that could tell, and the body."""
    answer = client.get(place, headers=headers)
    told = {name: answer.headers.get(name) for name in ("ETag", "Last-Modified", "Link", "Location")}
    body = _TOKEN.sub(b"", answer.content)
    return answer.status_code, told, len(body), body


@pytest.fixture(params=["visitor", "visitor, pages kept", "member", "moderator", "author"])
def reader(
    request: pytest.FixtureRequest, as_: As, settings: LazySettings, eve: User, bob: User, alice: User
) -> Iterator[Client]:
    """Everybody who is not entitled. Nobody of them has voted."""
    settings.PAGE_CACHE_SECONDS = 2 if request.param == "visitor, pages kept" else 0
    people = {"member": eve, "moderator": bob, "author": alice}
    yield as_(people.get(request.param))


def test_a06_no_byte_changes(
    reader: Client, hidden: list[Opinion], crowd: list[User], consultation: Consultation
) -> None:
    stir(crowd, hidden, 0)
    before = {place: seen(reader, place) for place in PLACES}
    fragments = {place: seen(reader, place, HX_Request="true") for place in PLACES[:6]}
    counted = sorted((o.agree_count, o.disagree_count) for o in consultation.opinions.all())
    for turn in (1, 2):
        stir(crowd, hidden, turn)
        cache.clear()
        assert {place: seen(reader, place) for place in PLACES} == before
        assert {place: seen(reader, place, HX_Request="true") for place in PLACES[:6]} == fragments
    assert sorted((o.agree_count, o.disagree_count) for o in consultation.opinions.all()) != counted, "a test that sees"


def test_a06_the_same_test_sees_counts_that_are_open(
    as_: As, hidden: list[Opinion], crowd: list[User], consultation: Consultation
) -> None:
    """The twin: with live counts the same comparison finds what changed."""
    Consultation.objects.update(counts=CountsShown.LIVE)
    stir(crowd, hidden, 0)
    before = {place: seen(as_(None), place) for place in PLACES}
    stir(crowd, hidden, 1)
    cache.clear()
    assert {place: seen(as_(None), place) for place in PLACES} != before


def test_a06_the_answers_to_a_vote_and_to_taking_it_back(
    as_: As, hidden: list[Opinion], crowd: list[User], frank: User, consultation: Consultation
) -> None:
    """At close nothing is said; after voting only the count of the opinion that was voted on, and only while it was."""
    token = {"Authorization": f"Token {Token.objects.create(user=frank).key}"}
    address = f"/api/v1/opinions/{hidden[0].pk}/"

    def told() -> list[Any]:
        client = as_(frank)
        put = client.put(f"{address}vote/", {"value": "agree"}, content_type="application/json", headers=token)
        panel = client.post(f"{hidden[1].get_absolute_url()}vote/", {"value": "agree"}, headers={"HX-Request": "true"})
        others = seen(client, f"{hidden[2].get_absolute_url()}")
        gone = client.delete(f"{address}vote/", headers=token)
        after = client.get(address, headers=token)
        assert gone.content == b"" and after.json()["votes"] is None
        return [put.json()["votes"], _TOKEN.sub(b"", panel.content), others, gone.headers.get("ETag"), after.content]

    stir(crowd, hidden, 0)
    first = told()
    stir(crowd, hidden, 1)
    second = told()
    assert first[2:] == second[2:]
    if consultation.counts == CountsShown.AT_CLOSE:
        assert first == second and first[0] is None
    else:
        assert first[0] != second[0], "who votes sees the count"


def test_a06_marks_of_arguments_are_hidden_with_the_count(
    as_: As, hidden: list[Opinion], crowd: list[User], alice: User, bob: User, eve: User
) -> None:
    stir(crowd, hidden, 0)  # everybody is on the roll: a society that grows to be named is another matter
    for words in ("하나의 이유", "다른 이유"):
        made = arguments.submit(user=alice, opinion=hidden[0], fields={"text": words, "side": "for"})
        arguments.publish(actor=bob, case=Case.objects.get(argument=made))
    before = seen(as_(eve), hidden[0].get_absolute_url())
    for person in crowd:
        arguments.mark(user=person, argument=made)
    assert seen(as_(eve), hidden[0].get_absolute_url()) == before


def test_a06_entitled_readers_and_closing_show_them(
    as_: As, hidden: list[Opinion], crowd: list[User], dan: User, eve: User
) -> None:
    stir(crowd, hidden, 0)
    assert 'class="tally"' in as_(dan).get(LIST).content.decode()
    assert 'class="tally"' not in as_(eve).get(LIST).content.decode()
    Consultation.objects.update(voting_close_at=timezone.now(), submissions_close_at=timezone.now() - timedelta(days=2))
    assert 'class="tally"' in as_(eve).get(LIST).content.decode()


def _lookups() -> list[str]:
    names = [f.name for f in Opinion._meta.get_fields()] + ["author__user__email", "votes__value", "version__reason"]
    return [f"{name}{end}" for name in names for end in ("", "__gte", "__startswith", "__isnull")]


def test_a07_no_field_or_lookup_orders_or_filters(as_: As, hidden: list[Opinion], crowd: list[User]) -> None:
    stir(crowd, hidden, 0)
    client = as_(None)
    numbers = re.compile(rb'id="opinion-(\d+)"')
    expected = numbers.findall(client.get(LIST).content)
    listed = [o["number"] for o in client.get(API).json()["results"]]
    known = {"theme", "language"}
    for name in _lookups():
        for query in ({"order": name}, {"order": f"-{name}"}, {"ordering": f"-{name}"}, {name: "1"}):
            if set(query) & known:
                continue
            assert numbers.findall(client.get(LIST, query).content) == expected, query
            answer = client.get(API, query)
            if answer.status_code == 200:
                assert [o["number"] for o in answer.json()["results"]] == listed, query
            else:
                assert answer.status_code == 400, query


def test_the_society_filter_tells_no_concealed_society(
    as_: As, hidden: list[Opinion], crowd: list[User], society: Society
) -> None:
    """Six voters make the society large enough to be named; an author shown as a member stays concealed."""
    stir(crowd, hidden, 0)
    assert TEXT["proposal"] in as_(None).get(LIST, {"society": society.pk}).content.decode()
    Opinion.objects.update(shown_as="member")
    assert TEXT["proposal"] not in as_(None).get(LIST, {"society": society.pk}).content.decode()
    assert as_(None).get(API, {"society": society.pk}).json()["results"] == []
