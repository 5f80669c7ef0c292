"""The orders of the list, and the stored ranks behind those that rest on counts."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations import counts, opinion_map
from consultations.models import Consultation


class Order(NamedTuple):
    """One order: its word in the address, what readers call it, its column, and which way it runs.

    The publish sequence, running the same way, decides between equals.
    """

    word: str
    label: str | Promise
    column: str
    descending: bool = True
    needs_counts: bool = False
    needs_reader: bool = False
    needs_groups: bool = False


ORDERS = {
    order.word: order
    for order in (
        Order("newest", _("Newest"), "publish_sequence"),
        Order("waiting", _("Waiting for my vote"), "publish_sequence", needs_reader=True),
        Order("agreed", _("Most agreed"), "rank_agreed", needs_counts=True),
        Order("divided", _("Most divided"), "rank_divided", needs_counts=True),
        Order("across", _("Agreed across groups"), "rank_across", needs_counts=True, needs_groups=True),
        Order("fewest", _("Fewest votes"), "rank_votes", descending=False, needs_counts=True),
        Order("random", _("Random"), "shuffle", descending=False),
    )
}
NEWEST = ORDERS["newest"]


def offered(consultation: Consultation, reader: Any, now: datetime | None = None) -> list[Order]:
    """The orders that this reader may use: those by counts are absent while counts are hidden from them.

    One by agreement across groups is there while a division repeats. One query at most.
    """
    open_ = counts.are_open(consultation, reader, now)
    known = bool(reader.is_authenticated)
    divided = open_ and opinion_map.is_divided(consultation)
    return [
        o
        for o in ORDERS.values()
        if (open_ or not o.needs_counts) and (known or not o.needs_reader) and (divided or not o.needs_groups)
    ]


def seed_of(reader: Any, consultation: Consultation) -> float:
    """Where the random order starts for a person: always the same place, another for everybody."""
    digest = blake2b(f"{reader.pk}:{consultation.pk}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


# Lower bounds of the Wilson interval (95 percent), as `analysis.agreement` computes them; rounded, so that a row is
# written only when its place can have changed. Rows that a recount holds are left for the next run: this
# statement waits for nobody, so it is part of no deadlock.
_REFRESH = """
WITH tally AS (
    SELECT id, agree_count::float8 AS agree, least(agree_count, disagree_count)::float8 AS fewer,
           agree_count + pass_count + disagree_count AS votes
    FROM consultations_opinion WHERE consultation_id = %(consultation)s AND state = 'published'
), ranked AS (
    SELECT id, votes,
           CASE WHEN votes = 0 THEN 0 ELSE round(wilson(agree, votes)::numeric, 6)::float8 END AS agreed,
           CASE WHEN votes = 0 THEN 0 ELSE round(wilson(fewer, votes)::numeric, 6)::float8 END AS divided
    FROM tally
), due AS (
    SELECT o.id, r.votes, r.agreed, r.divided
    FROM consultations_opinion o JOIN ranked r USING (id)
    WHERE (o.rank_votes, o.rank_agreed, o.rank_divided) IS DISTINCT FROM (r.votes, r.agreed, r.divided)
    FOR NO KEY UPDATE OF o SKIP LOCKED
)
UPDATE consultations_opinion AS opinion
SET rank_votes = due.votes, rank_agreed = due.agreed, rank_divided = due.divided
FROM due WHERE opinion.id = due.id
"""
_Z = "1.959963984540054::float8"


def _wilson(successes: str, trials: str) -> str:
    """The lower bound as SQL."""
    p, z2 = f"({successes} / {trials})", f"({_Z} * {_Z})"
    half = f"{_Z} * sqrt(greatest({p} * (1 - {p}) + {z2} / (4 * {trials}), 0) / {trials})"
    return f"greatest(({p} + {z2} / (2 * {trials}) - {half}) / (1 + {z2} / {trials}), 0)"


def refresh(consultation: Consultation) -> int:
    """Rewrite the ranks of a consultation's published opinions from their tallies; returns how many changed.

    One statement; locks the rows that it changes and skips those that are locked.
    """
    sql = _REFRESH.replace("wilson(agree, votes)", _wilson("agree", "votes"))
    sql = sql.replace("wilson(fewer, votes)", _wilson("fewer", "votes"))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"consultation": consultation.pk})
        return int(cursor.rowcount)


def refresh_all() -> int:
    """Rewrite the ranks of every consultation; a closed one has none that differ. For the clock, every ten minutes."""
    return sum(refresh(consultation) for consultation in Consultation.objects.order_by("pk"))
