"""Proving that the stored tallies are the votes, and mending them when they are not."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from consultations import locks, voting
from consultations.counts import Counts
from consultations.models import Consultation, Opinion, Vote

log = logging.getLogger(__name__)
#: A worker counts a vote within two seconds; what is still uncounted after this many is drift.
PATIENCE = 5.0

# One statement, so one snapshot: both sides are of the same moment.
_COMPARE = """
SELECT c.id, c.slug, o.id, o.number, o.agree_count, o.pass_count, o.disagree_count,
       coalesce(t.agree, 0), coalesce(t.pass, 0), coalesce(t.disagree, 0)
FROM consultations_opinion o
JOIN consultations_consultation c ON c.id = o.consultation_id
LEFT JOIN (
    SELECT opinion_id, count(*) FILTER (WHERE value = 1) AS agree, count(*) FILTER (WHERE value = 0) AS pass,
           count(*) FILTER (WHERE value = -1) AS disagree
    FROM ({counting}) counting GROUP BY opinion_id
) t ON t.opinion_id = o.id
WHERE (o.agree_count, o.pass_count, o.disagree_count)
      IS DISTINCT FROM (coalesce(t.agree, 0), coalesce(t.pass, 0), coalesce(t.disagree, 0))
  AND (%s::bigint IS NULL OR o.consultation_id = %s)
ORDER BY c.slug, o.number
"""


@dataclass(frozen=True)
class Drift:
    """An opinion whose stored tally is not what its votes say."""

    consultation_id: int
    slug: str
    opinion_id: UUID
    number: int
    stored: Counts
    counted: Counts

    def __str__(self) -> str:
        before, after = (f"{c.agree} agree, {c.pass_} pass, {c.disagree} disagree" for c in (self.stored, self.counted))
        return f"{self.slug} No. {self.number}: stored {before}; votes say {after}"


def compare(consultation: Consultation | None = None) -> list[Drift]:
    """Every opinion whose stored tally differs from its counting votes at this moment. Changes nothing, no lock."""
    sql, parameters = Vote.objects.counting().values("opinion_id", "value").query.sql_with_params()
    scope = None if consultation is None else consultation.pk
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE.format(counting=sql), [*parameters, scope, scope])
        rows = cursor.fetchall()
    return [
        Drift(scope_id, slug, pk, number, Counts(*counts[:3]), Counts(*counts[3:]))
        for scope_id, slug, pk, number, *counts in rows
    ]


def find(consultation: Consultation | None = None, *, patience: float = PATIENCE) -> list[Drift]:
    """Every drift that is no vote on its way: differences that lie within the last seconds get time to be counted.

    A tally follows its votes by up to two seconds, so a difference on an opinion that was voted on just now is looked
    at again until `patience` seconds have passed; any other is drift at once.
    """
    until = time.monotonic() + patience
    found = compare(consultation)
    while found and time.monotonic() < until and voting.recently_voted() & {drift.opinion_id for drift in found}:
        time.sleep(min(0.5, patience))
        found = compare(consultation)
    return found


def repair(drifts: Iterable[Drift]) -> int:
    """Recount the named tallies, each consultation in a transaction of its own; gives how many were wrong.

    Takes the consultation's exclusive lock, so that nothing counts or stops counting meanwhile. Every repair is a
    line in the log of the process, with both numbers.
    """
    mended = 0
    by_consultation: dict[int, list[Drift]] = {}
    for drift in drifts:
        by_consultation.setdefault(drift.consultation_id, []).append(drift)
    for consultation_id, named in by_consultation.items():
        with transaction.atomic():
            locks.take(consultation_id)
            mended += voting.retally([drift.opinion_id for drift in named])
        for drift in named:
            log.warning("repaired %s", drift)
    return mended


def total(consultation: Consultation | None = None) -> int:
    """How many opinions are compared."""
    rows = Opinion.objects.all()
    return (rows if consultation is None else rows.filter(consultation=consultation)).count()
