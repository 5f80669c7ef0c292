"""How long an author waits: the whole request of the form, with 100, 1,000 and 10,000 opinions already there."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Consent, Membership, Society, User
from bench.database import own_database, sql
from bench.registry import Figure, benchmark
from consultations.models import Consultation, Opinion
from summit.models import Summit

SIZES = (100, 1_000, 10_000)
REQUESTS = 300
#: What the author may wait at most, at the 99th percentile.
LIMIT = 0.100

_FILL = """
WITH made AS (
    INSERT INTO consultations_opinion (id, consultation_id, number, state, source, language, shown_as, quote,
        submitted_at, published_at, publish_sequence, agree_count, pass_count, disagree_count{more})
    SELECT gen_random_uuid(), {consultation}, n, 'published', 'form', 'ko', 'society', true, now(), now(), n, 0, 0, 0{values}
    FROM generate_series({first}, {last}) n
    RETURNING id, number
), texts AS (
    INSERT INTO consultations_opinionversion (opinion_id, number, votes_since, proposal, problem, reason, addressee,
        horizon, evidence, interests)
    SELECT id, 1, 1, '제안 ' || number || ' ' || md5(number::text), '문제', '까닭', '', '', '{{}}', '' FROM made
    RETURNING id, opinion_id
)
SELECT count(*) FROM texts
"""


def world() -> tuple[Consultation, User]:
    """An open consultation and a member."""
    now = timezone.now()
    summit = Summit.objects.create(slug="bench", title_ko="서밋", title_en="Summit")
    made = Consultation.objects.create(
        slug="bench",
        summit=summit,
        title_ko="무엇을?",
        title_en="What?",
        submissions_open_at=now - timedelta(days=1),
        submissions_close_at=now + timedelta(days=7),
        voting_open_at=now - timedelta(days=1),
        voting_close_at=now + timedelta(days=9),
    )
    society = Society.objects.create(slug="bench", name_ko="학회", name_en="Society")
    person = User.objects.create_user("bench@sample.test", name="Bench")
    Consent.objects.create(user=person, version=settings.PRIVACY_NOTICE_VERSION)
    Membership.objects.create(user=person, society=society, starts_on=timezone.localdate() - timedelta(days=9))
    return made, person


def fill(consultation: Consultation, until: int) -> None:
    """Published opinions up to this number, made by SQL."""
    first = Consultation.objects.get(pk=consultation.pk).last_number + 1
    needed = {"search_text": "''", "shuffle": "random()"}
    columns = {field.column for field in Opinion._meta.fields if not field.null and not field.has_db_default()}
    more = {name: value for name, value in needed.items() if name in columns}
    sql(
        _FILL.format(
            consultation=consultation.pk,
            first=first,
            last=until,
            more="".join(f", {name}" for name in more),
            values="".join(f", {value}" for value in more.values()),
        )
    )
    sql(
        "UPDATE consultations_opinion o SET version_id = v.id FROM consultations_opinionversion v"
        " WHERE v.opinion_id = o.id AND o.version_id IS NULL"
    )
    Consultation.objects.filter(pk=consultation.pk).update(last_number=until, last_publish_sequence=until)
    sql("ANALYZE")


@benchmark("submitting")
def submitting() -> Iterator[Figure]:
    """Median and 99th percentile of a POST through Django's test client: everything but the socket."""
    with own_database(), override_settings(ALLOWED_HOSTS=["localhost"]):
        consultation, person = world()
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for size in SIZES:
            fill(consultation, size)
            took = sorted(_submit(client) for _ in range(REQUESTS))
            yield Figure(f"submitting beside {size:,}: median", statistics.median(took), "limit at p99", LIMIT)
            yield Figure(f"submitting beside {size:,}: p99", took[int(len(took) * 0.99)], "limit at p99", LIMIT)


def _submit(client: Client) -> float:
    fields = {"proposal": "새 제안", "problem": "문제는 이렇다", "reason": "까닭은 이렇다", "key": str(uuid4())}
    begun = time.perf_counter()
    answer = client.post("/consultations/bench/submit/", fields, headers={"Host": "localhost"})
    took = time.perf_counter() - begun
    assert answer.status_code == 302, answer.status_code
    return took
