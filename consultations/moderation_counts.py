"""The rows behind the figures of moderation: cases and decisions counted by week in the database.

What counts is written down in `moderation_figures`, which alone calls this. Each function is one query, whatever the number
of rows. A week is its Monday in the site's zone.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count

from consultations.models import Opinion
from consultations.states import SHORT_SERVICE

_CASES = (
    "consultations_case c JOIN consultations_opinion o ON o.id = c.opinion_id AND o.consultation_id = %(consultation)s"
)
#: As a list that is hashed once: a third faster than looking for each decision's own undo.
_NOT_UNDONE = (
    "d.id NOT IN (SELECT answers_id FROM consultations_decision WHERE verb = 'undo' AND answers_id IS NOT NULL)"
)

_OPENED = f"""
SELECT date_trunc('week', c.opened_at AT TIME ZONE %(zone)s)::date, c.kind, count(*),
       count(*) FILTER (WHERE c.closed_at IS NULL)
FROM {_CASES} LEFT JOIN consultations_decision d ON d.id = c.closed_by_id
WHERE d.verb IS DISTINCT FROM 'undo' GROUP BY 1, 2
"""  # noqa: S608 - constants alone

# A case closed before its closing decision was kept beside it: by the last one on it.
_DECIDED = f"""
SELECT week, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY took), max(took),
       count(*) FILTER (WHERE in_time IS NOT NULL), count(*) FILTER (WHERE in_time)
FROM (
    SELECT date_trunc('week', c.closed_at AT TIME ZONE %(zone)s)::date AS week,
           floor(extract(epoch FROM c.closed_at - c.opened_at) / 60)::integer AS took,
           CASE WHEN c.due_at IS NOT NULL THEN c.closed_at < c.due_at
                WHEN c.closed_at < c.opened_at + %(short)s THEN true END AS in_time
    FROM {_CASES}
    JOIN consultations_decision d ON d.id = coalesce(
        c.closed_by_id, (SELECT max(id) FROM consultations_decision WHERE case_id = c.id)
    )
    WHERE c.closed_at IS NOT NULL AND d.verb = ANY(%(verbs)s) AND {_NOT_UNDONE}
) decided GROUP BY GROUPING SETS ((week), ())
"""  # noqa: S608 - constants alone

_SAID = f"""
SELECT date_trunc('week', d.created_at AT TIME ZONE %(zone)s)::date, d.verb,
       CASE WHEN d.verb = ANY(%(with_reason)s) THEN d.reason ELSE '' END, count(*)
FROM consultations_decision d
JOIN consultations_opinion o ON o.id = d.opinion_id AND o.consultation_id = %(consultation)s
WHERE d.verb = ANY(%(verbs)s) AND {_NOT_UNDONE} GROUP BY 1, 2, 3
"""  # noqa: S608 - constants alone

#: Monday → word → number.
Counts = dict[date, Counter[str]]


class Times(NamedTuple):
    """How long decided cases had waited, in whole minutes; `timed` is how many have a due time to be held against."""

    decided: int = 0
    median: int | None = None
    slowest: int | None = None
    timed: int = 0
    in_time: int = 0


def states(consultation_id: int) -> dict[str, int]:
    """Opinions by the state that they are in; drafts are nothing yet."""
    submitted = Opinion.objects.filter(consultation=consultation_id).exclude(state="draft").order_by()
    return dict(sorted(submitted.values_list("state").annotate(Count("pk"))))


def opened(consultation_id: int) -> tuple[Counts, Counter[str]]:
    """Cases by the week they were opened and by kind; and those that are open now, by kind."""
    found: Counts = {}
    waiting: Counter[str] = Counter()
    for monday, kind, count, still in _rows(_OPENED, consultation_id):
        found.setdefault(monday, Counter())[kind] += count
        waiting[kind] += still
    return found, waiting


def decided(consultation_id: int, verbs: Iterable[str]) -> dict[date | None, Times]:
    """Cases that one of these verbs closed, by the week they were closed; under None all of them."""
    rows = _rows(_DECIDED, consultation_id, verbs=sorted(verbs), short=SHORT_SERVICE)
    return {monday: Times(*times) for monday, *times in rows}


def said(consultation_id: int, verbs: Iterable[str], with_reason: Iterable[str]) -> tuple[Counts, Counts]:
    """Decisions by week and verb; and those of the verbs `with_reason` by week and reason."""
    found: Counts = {}
    reasons: Counts = {}
    wanted = sorted(with_reason)
    for monday, verb, reason, count in _rows(_SAID, consultation_id, verbs=sorted({*verbs}), with_reason=wanted):
        found.setdefault(monday, Counter())[verb] += count
        if verb in wanted:
            reasons.setdefault(monday, Counter())[reason] += count
    return found, reasons


def _rows(sql: str, consultation_id: int, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"consultation": consultation_id, "zone": settings.TIME_ZONE, **values})
        return list(cursor.fetchall())
