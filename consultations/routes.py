"""The deck's weights, written by a worker (this module imports numpy: no web process does)."""

from uuid import UUID

from django.db import connection

from analysis import routing
from common import db
from consultations.models import Consultation, OpinionMap

# Only rows that differ are written, so that a quiet consultation costs nothing.
_WRITE = """
INSERT INTO consultations_route AS route (opinion_id, weight)
SELECT * FROM unnest(%s::uuid[], %s::float8[])
ON CONFLICT (opinion_id) DO UPDATE SET weight = EXCLUDED.weight
WHERE abs(route.weight - EXCLUDED.weight) > 0.01 * route.weight
"""


def refresh(consultation: Consultation) -> int:
    """Rewrite the weights of a consultation's published opinions from their tallies; returns how many changed.

    Takes no lock: a weight that is some seconds old only changes chances. Two runs at once write in the order of
    the ids, so they do not deadlock.
    """
    now = db.now()
    columns = ("pk", "agree_count", "pass_count", "disagree_count", "published_at")
    rows = list(consultation.opinions.published().order_by("pk").values_list(*columns))
    if not rows:
        return 0
    ids: tuple[UUID, ...]
    ids, agrees, passes, disagrees, published = zip(*rows, strict=True)
    found = routing.weights(
        agrees,
        passes,
        [sum(counts) for counts in zip(agrees, passes, disagrees, strict=True)],
        age=[(now - at).total_seconds() / 3600 for at in published],
        extremity=_extremity(consultation, ids),
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(ids), found.tolist()])
        return int(cursor.rowcount)


def _extremity(consultation: Consultation, ids: tuple[UUID, ...]) -> list[float]:
    """How far out on the last map each opinion lies; the mean for one that is not on it, 0 for all without a map."""
    found = OpinionMap.objects.filter(consultation=consultation).only("opinions", "extremity").first()
    known = dict(zip(found.opinions, found.extremity, strict=True)) if found else {}
    mean = sum(known.values()) / len(known) if known else 0.0
    return [known.get(pk, mean) for pk in ids]


def refresh_open() -> int:
    """Rewrite the weights of every consultation where voting is open."""
    now = db.now()
    opened = Consultation.objects.filter(voting_open_at__lte=now, voting_close_at__gt=now, is_imported=False)
    return sum(refresh(consultation) for consultation in opened)
