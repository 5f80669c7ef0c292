"""The list page at three sizes, signed in and out, beside a trivial page of the same server.

Granian on loopback with the production settings; a few connections that stay open, each asking for the next page as
soon as it has one. The limit is `/health/live`, which answers three letters after the same middleware. Figures are
seconds for a thousand pages, so a ratio of 2 is half of the limit's pages a second.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from accounts.models import Society, User
from bench.database import own_database, sql
from bench.pages import Load, cookie_of, load, serving
from bench.registry import Figure, benchmark
from consultations import search
from consultations.models import Consultation, Opinion, Theme
from summit.models import Summit

SIZES = (100, 10_000, 100_000)
THEMES = 8

_CONSULTATION = """
INSERT INTO consultations_participant (consultation_id, user_id, void_reason)
SELECT c.id, u.id, '' FROM consultations_consultation c, accounts_user u WHERE c.slug = 's{size}';
INSERT INTO consultations_rollentry (participant_id, consultation_id, society_id, sector, stage, fixed_at)
SELECT p.id, p.consultation_id, s.id, '', '', now() FROM consultations_participant p
JOIN consultations_consultation c ON c.id = p.consultation_id AND c.slug = 's{size}'
JOIN accounts_society s ON s.slug = 'society-' || (p.id % 20 + 1);
WITH authors AS (
    SELECT p.id, row_number() OVER () - 1 AS place, count(*) OVER () AS many FROM consultations_participant p
    JOIN consultations_consultation c ON c.id = p.consultation_id AND c.slug = 's{size}'
), themes AS (
    SELECT t.id, t."order" AS place FROM consultations_theme t
    JOIN consultations_consultation c ON c.id = t.consultation_id AND c.slug = 's{size}'
), made AS (
    INSERT INTO consultations_opinion (id, consultation_id, number, author_id, theme_id, state, source, language,
        shown_as, quote, submitted_at, published_at, publish_sequence, agree_count, pass_count, disagree_count,
        rank_agreed, rank_divided, rank_votes)
    SELECT gen_random_uuid(), c.id, n, authors.id, themes.id, 'published', 'form', 'ko', 'society', true, now(), now(),
        n, n * 7 % 400, n % 50, n * 11 % 300, random(), random(), n % 700
    FROM consultations_consultation c, generate_series(1, {size}) n
    JOIN authors ON authors.place = n % authors.many JOIN themes ON themes.place = n % {themes} + 1
    WHERE c.slug = 's{size}' RETURNING id, number
), texts AS (
    INSERT INTO consultations_opinionversion (opinion_id, number, votes_since, proposal, problem, reason, addressee,
        horizon, evidence, interests)
    SELECT id, 1, 1, '박사후연구원을 위한 독립 직군을 만들자 ' || number,
        repeat('국내 연구는 대학원생에게 과도하게 의존한다. ', 12), repeat('학생이 졸업해도 이어진다. ', 12),
        CASE number % 5 WHEN 0 THEN '교육부' ELSE '' END, '', '{{}}', ''
    FROM made RETURNING id
) SELECT count(*) FROM texts;
UPDATE consultations_opinion o SET version_id = v.id FROM consultations_opinionversion v
WHERE v.opinion_id = o.id AND o.version_id IS NULL;
"""

#: Readers, and the share of opinions that they voted on, spread evenly over the list.
READERS = {"voted on 10%": 10, "voted on 95%": 95}


@benchmark("reading")
def reading() -> Iterator[Figure]:
    """The list, unfiltered, by theme, searched, and "waiting" for readers who voted on little and on nearly all."""
    with own_database(), tempfile.TemporaryDirectory() as scratch:
        cookies = _rows()
        with serving(Path(scratch)) as port:
            limit = load(port, "/health/live")
            yield _figure("trivial page", limit, limit)
            for size in SIZES:
                for what, path, cookie in _cases(size, cookies):
                    yield _figure(f"{size:,} opinions, {what}", load(port, path, cookie), limit)


def _cases(size: int, cookies: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """What is asked for: a name, an address (`{n}` is another number each time), a cookie."""
    theme = Consultation.objects.get(slug=f"s{size}").themes.all()[0].pk
    page = f"/consultations/s{size}/"
    few, many = cookies.values()
    yield "signed out", page, ""
    yield "signed out, by theme", f"{page}?theme={theme}", ""
    yield "signed out, made anew", f"{page}?unknown={{n}}", ""
    yield "signed out, searched", f"{page}?q={quote('독립 직군')}&unknown={{n}}", ""
    yield "signed in", page, few
    yield "signed in, by theme", f"{page}?theme={theme}", few
    yield "signed in, most agreed", f"{page}?order=agreed", few
    yield "waiting, voted on 10%", f"{page}?order=waiting", few
    yield "waiting, voted on 95%", f"{page}?order=waiting", many


def _figure(what: str, found: Load, limit: Load) -> Figure:
    named = f"{what}: {found.rate:,.0f} a second, p99 {found.p99:,.1f} ms"
    return Figure(named, 1000 / found.rate, f"trivial {limit.rate:,.0f} a second", 1000 / limit.rate)


# --- rows -----------------------------------------------------------------------------------------


def _rows() -> dict[str, str]:
    """Everything by SQL; gives a session cookie for each reader."""
    summit = Summit.objects.create(slug="bench", title_ko="x", title_en="x")
    names = [f"society-{n}" for n in range(1, 21)]
    Society.objects.bulk_create(Society(slug=name, name_ko=name, name_en=name) for name in names)
    readers = {
        what: User.objects.create_user(f"reader{percent}@bench.test", name="R") for what, percent in READERS.items()
    }
    User.objects.bulk_create(User(email=f"author{n}@bench.test", name=f"A{n}") for n in range(300))
    for size in SIZES:
        _consultation(summit, size)
        sql(_CONSULTATION.format(size=size, themes=THEMES))
    for what, percent in READERS.items():
        sql(_votes(readers[what].email, percent))
    _search_texts()
    sql("VACUUM ANALYZE")
    return {what: cookie_of(person) for what, person in readers.items()}


def _consultation(summit: Summit, size: int) -> None:
    now = timezone.now()
    made = Consultation.objects.create(
        slug=f"s{size}", summit=summit, title_ko="x", title_en="x", counts="live", submissions_open_at=now,
        submissions_close_at=now + timedelta(days=5), voting_open_at=now, voting_close_at=now + timedelta(days=9),
        last_number=size, last_publish_sequence=size,
    )  # fmt: skip
    names = [(n, f"Theme {n}") for n in range(1, THEMES + 1)]
    Theme.objects.bulk_create(Theme(consultation=made, order=n, title_ko=name, title_en=name) for n, name in names)


def _search_texts() -> None:
    """The vectors of all: the texts differ in their number only."""
    first = Opinion.objects.select_related("version")[0].version
    assert first is not None
    common = sorted(search.lexemes(f"{first.proposal}\n{first.problem}\n{first.reason}"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consultations_searchtext (opinion_id, version_id, vector)"
            " SELECT id, version_id, array_to_tsvector(%s::text[] || number::text) FROM consultations_opinion",
            [common],
        )


def _votes(email: str, percent: int) -> str:
    return f"""
    SET session_replication_role = replica;
    INSERT INTO consultations_vote (opinion_id, participant_id, version_number, value)
    SELECT o.id, p.id, 1, o.number % 3 - 1 FROM consultations_opinion o
    JOIN consultations_participant p ON p.consultation_id = o.consultation_id
    JOIN accounts_user u ON u.id = p.user_id AND u.email = '{email}'
    WHERE o.number * 7919 % 100 < {percent};
    SET session_replication_role = origin;
    """
