"""The page and the API of the moderators' record: for everybody, in both languages, in few queries, naming nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from consultations import moderation_figures, reasons
from consultations.models import Consultation, Decision, Opinion
from tests.consultations.recount import SEOUL, Rows, scatter

As = Callable[[User | None], Client]
PAGE = "/consultations/talent/moderation/"
API = "/api/v1/consultations/talent/moderation/"


@pytest.fixture
def rows(consultation: Consultation, bob: User, dan: User) -> Rows:
    return Rows(consultation, bob, dan)


@pytest.fixture
def start() -> datetime:
    """A Monday ten weeks ago."""
    then = timezone.now().astimezone(SEOUL) - timedelta(weeks=10)
    return (then - timedelta(days=then.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def filled(rows: Rows, start: datetime) -> Rows:
    """Decisions of six weeks; in the second of them rejections for three reasons, one of them once."""
    scatter(rows, 3, 50, start)
    for reason, times in (("off_topic", 9), ("duplicate", 8), ("insult", 1)):
        rows.reject(start + timedelta(days=10), reason, times)
    return rows


def text(client: Client, address: str = f"{PAGE}?lang=en", **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("reader", [None, "eve", "alice", "bob", "dan"])
def test_everybody_reads_the_same(
    filled: Rows, as_: As, request: pytest.FixtureRequest, reader: str | None, settings: Any
) -> None:
    settings.SAMPLE_SITE = False
    person = request.getfixturevalue(reader) if reader else None
    page = text(as_(person))
    figures = moderation_figures.of(filled.consultation, timezone.now())
    main = page[page.index("<h1>") :]
    assert main.count("<time datetime=") == 2 * len(figures.weeks)
    for week in figures.weeks:
        assert f'datetime="{week.name}"' in main
    assert as_(person).get(API).json() == moderation_figures.as_data(figures)


def test_figures_stand_as_they_are_counted(filled: Rows, client: Client) -> None:
    page, found = text(client), moderation_figures.of(filled.consultation, timezone.now())
    assert f"<b>{found.all.all_came_in}</b><span>Came in</span>" in page
    assert f"<b>{found.all.decided}</b><span>Decided</span>" in page
    assert f"<b>{found.all.in_time} of {found.all.timed}</b><span>Within the service time</span>" in page
    named = {words.code: words.title for words in reasons.all_()}
    for reason, count in found.reasons:
        label = named[reason] if reason else "Several reasons together"
        assert f'<td>{label}</td><td class="number">{count}</td>' in page
    assert "Insulting" not in page, "one rejection for insult"
    assert "a reason that was given fewer than 5 times then is counted with others" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart"' in page


def test_organisers_words_of_a_reason_stand_here_too(filled: Rows, client: Client, dan: User) -> None:
    words = {f"{name}_{language}": f"{name} {language}" for name in reasons.LENGTHS for language in ("ko", "en")}
    reasons.edit(actor=dan, code="off_topic", fields=words | {"title_en": "Beside the point"})
    assert "Beside the point" in text(client)


def test_nothing_has_come_in(consultation: Consultation, client: Client) -> None:
    page = text(client)
    assert "Nothing has come in yet, so nothing was decided." in page
    assert "<svg xmlns" not in page
    assert "How it is counted" in page


def test_of_an_imported_consultation_nothing_is_known(filled: Rows, client: Client) -> None:
    Consultation.objects.update(is_imported=True)
    page = text(client)
    assert "How it was moderated there is not known." in page
    assert "Week by week" not in page
    assert "How the opinions stand now" in page
    assert client.get(API).json()["known"] is False


def test_a_consultation_that_is_not_there(client: Client, db: None) -> None:
    assert client.get("/consultations/nowhere/moderation/").status_code == 404
    assert client.get("/api/v1/consultations/nowhere/moderation/").status_code == 404


@pytest.mark.parametrize("size", [0, 1, 3, 50])
def test_at_most_twelve_queries_whatever_the_number(rows: Rows, start: datetime, as_: As, eve: User, size: int) -> None:
    scatter(rows, size, size, start)
    for person in (None, eve):
        client = as_(person)
        client.get(PAGE)  # a new session writes itself once
        with CaptureQueriesContext(connection) as seen:
            client.get(PAGE)
        assert len(seen) <= 12


def test_it_is_kept_for_visitors(filled: Rows, client: Client, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 2
    first = client.get(PAGE)
    assert client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a16_nothing_is_changed_by_reading(filled: Rows, client: Client) -> None:
    assert client.post(PAGE).status_code == 405
    before = Decision.objects.count()
    client.get(PAGE)
    client.head(PAGE)
    assert Decision.objects.count() == before


def test_no_text_name_or_key_is_in_it(filled: Rows, client: Client, bob: User, dan: User) -> None:
    for address in (f"{PAGE}?lang=en", f"{PAGE}?lang=ko", API):
        seen = text(client, address)
        assert "비밀" not in seen
        for person in User.objects.all():
            assert str(person.pk) not in seen
            assert person.email not in seen
            assert f">{person.name}<" not in seen
        for key in Opinion.objects.values_list("pk", flat=True):
            assert str(key) not in seen


def test_a_page_of_a_year_is_light(rows: Rows, start: datetime, client: Client) -> None:
    """Sixty weeks, each with something."""
    for week in range(60):
        rows.reject(start - timedelta(weeks=week), "off_topic")
    page = client.get(PAGE).content
    assert len(page) < 100_000
    assert page.count(b"<time datetime=") == 2 * 61, "this year's weeks and those before, each in two tables"


def test_it_is_linked_from_the_consultation_and_from_an_opinion(opinion: Opinion, client: Client) -> None:
    for address in ("/consultations/talent/", opinion.get_absolute_url()):
        assert f'href="{PAGE}"' in text(client, address)
