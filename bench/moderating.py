"""The moderators' page with a hundred and with ten thousand cases waiting, and one case, beside a trivial page.

The same server and connections as for reading (`bench.pages`). A peer's list of fifty makes 128 queries and 1.7 requests
a second (measured once, `docs/architecture.md` names it); the aim is 60 a second and more, whatever waits.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import Role, Society, User
from bench.database import own_database, sql
from bench.pages import cookie_of, load, serving
from bench.registry import Figure, benchmark
from consultations.models import Case, Consultation
from summit.models import Summit

SIZES = (100, 10_000)
#: Pages a second that are wanted at every size.
WANTED = 60

_CASES = """
WITH made AS (
    INSERT INTO consultations_opinion (id, consultation_id, number, author_id, state, source, language, shown_as, quote,
        submitted_at, agree_count, pass_count, disagree_count, rank_agreed, rank_divided, rank_votes)
    SELECT gen_random_uuid(), c.id, n, p.id, 'submitted', 'form', 'ko', 'society', true, now(), 0, 0, 0, 0, 0, 0
    FROM consultations_consultation c, generate_series({first}, {last}) n, consultations_participant p
    RETURNING id, number
), texts AS (
    INSERT INTO consultations_opinionversion (opinion_id, number, votes_since, proposal, problem, reason, addressee,
        horizon, evidence, interests)
    SELECT id, 1, 1, '박사후연구원을 위한 독립 직군을 만들자 ' || number,
        repeat('국내 연구는 대학원생에게 과도하게 의존한다. ', 12), repeat('학생이 졸업해도 이어진다. ', 12), '', '', '{{}}', ''
    FROM made RETURNING id, opinion_id
)
INSERT INTO consultations_case (id, kind, opinion_id, version_id, opened_at, half_at, due_at)
SELECT gen_random_uuid(), 'new', opinion_id, id, now() - random() * interval '9 hours', now(), now() + interval '2 hours'
FROM texts;
UPDATE consultations_opinion o SET version_id = v.id FROM consultations_opinionversion v
WHERE v.opinion_id = o.id AND o.version_id IS NULL;
"""


@benchmark("moderating")
def moderating() -> Iterator[Figure]:
    """The list, a page of it deep inside, a filter, a search, and the page of one case."""
    with own_database(), tempfile.TemporaryDirectory() as scratch:
        cookie = _people()
        with serving(Path(scratch)) as port:
            limit = load(port, "/health/live")
            yield Figure(f"trivial page: {limit.rate:,.0f} a second", 1000 / limit.rate, "limit", 1000 / limit.rate)
            waiting = 0
            for size in SIZES:
                sql(_CASES.format(first=waiting + 1, last=size))
                sql("VACUUM ANALYZE")
                waiting = size
                for what, path in _pages():
                    found = load(port, path, cookie)
                    named = f"{size:,} waiting, {what}: {found.rate:,.0f} a second, p99 {found.p99:,.1f} ms"
                    yield Figure(named, 1000 / found.rate, f"{WANTED} a second", 1000 / WANTED)


def _pages() -> Iterator[tuple[str, str]]:
    middle = Case.objects.waiting()[Case.objects.count() // 2]
    yield "the list", "/moderation/"
    yield "a page in the middle", f"/moderation/?after={middle.pk}"
    yield "free ones of a kind", "/moderation/?kind=new&held=free"
    yield "one case", f"/moderation/{middle.pk}/"


def _people() -> str:
    """One consultation, one author, one moderator; gives the moderator's cookie."""
    now = timezone.now()
    summit = Summit.objects.create(slug="bench", title_ko="x", title_en="x")
    made = Consultation.objects.create(
        slug="queue", summit=summit, title_ko="x", title_en="x", submissions_open_at=now,
        submissions_close_at=now + timedelta(days=5), voting_open_at=now, voting_close_at=now + timedelta(days=9),
    )  # fmt: skip
    society = Society.objects.create(slug="society", name_ko="x", name_en="x")
    author = User.objects.create_user("author@bench.test", name="A")
    participant = made.participants.create(user=author)
    made.roll.create(participant=participant, society=society, fixed_at=now)
    moderator = User.objects.create_user("moderator@bench.test", name="M")
    moderator.role_grants.create(role=Role.MODERATOR)
    return cookie_of(moderator)
