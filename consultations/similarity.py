"""Published opinions that say nearly the same as a sentence: by meaning (vectors) and by wording (character pairs).

The web process only looks up; vectors are written by a worker (`consultations.vectors`). Nothing here rests on
votes, so that nothing hidden shows.
"""

import unicodedata
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common import text
from consultations import waking
from consultations.models import Consultation, Draft, DraftVector, Opinion, OpinionVector, OpinionVersion

#: Below this cosine two sentences have only their subject in common.
NEAR_IN_MEANING = 0.55
#: Shared character pairs, as a share of all: from here on worded alike, and from there on the same but for a typo.
WORDED_ALIKE = 0.4
NEARLY_IDENTICAL = 0.75
MOST = 5
#: Shorter sentences are not looked up yet.
SHORTEST = 6
LONGEST = 500
_CANDIDATES = 50
#: Sixteen bands of three hashes: pairs with half of their characters in common meet in one band nearly always.
_BANDS, _ROWS = 16, 3
_PRIME = 4_294_967_311
_SALTS = [((i * 2_654_435_761) % _PRIME | 1, (i * 40_503_977 + 12_345) % _PRIME) for i in range(1, _BANDS * _ROWS + 1)]


@dataclass(frozen=True)
class Similar:
    """One published opinion that is near; `identical` when only a typo or spaces differ."""

    id: UUID
    number: int
    version: int
    proposal: str
    language: str
    likeness: float
    identical: bool = False


@dataclass(frozen=True)
class Found:
    """What is near; `waits` while the meaning is not known yet: the page asks once more."""

    opinions: list[Similar]
    waits: bool


def to_draft(draft: Draft) -> Found:
    """The published opinions of the consultation that are near to a draft's sentence, the nearest first.

    By wording at once; by meaning as soon as a worker has written the draft's vector, which is asked for.
    """
    proposal = text.clean_line(str(draft.fields.get("proposal", "")))
    if len(letters(proposal)) < SHORTEST or len(proposal) > LONGEST:
        return Found([], waits=False)
    known = DraftVector.objects.filter(draft=draft, proposal=proposal).exists()
    if not known:
        waking.call(waking.VECTORS)
    worded = by_wording(draft.consultation, proposal)
    meant = _by_meaning(_OF_DRAFT, draft.pk, draft.consultation_id) if known else []
    return Found(_merge(worded, meant), waits=not known)


def to_version(version: OpinionVersion) -> list[Similar]:
    """The published opinions that are near to an opinion's text, without itself; by meaning where a worker wrote it."""
    opinion = version.opinion
    meant = []
    if OpinionVector.objects.filter(opinion=opinion, version_id=version.pk).exists():
        meant = _by_meaning(_OF_OPINION, opinion.pk, opinion.consultation_id, MOST + 1)
    worded = by_wording(opinion.consultation, version.proposal)
    return [near for near in _merge(worded, meant) if near.id != opinion.pk]


def to_opinion(opinion: Opinion) -> list[Similar]:
    """The published opinions that are near to an opinion's text in force."""
    if opinion.version is None:
        return []
    opinion.version.opinion = opinion
    return to_version(opinion.version)


def by_wording(consultation: Consultation, proposal: str) -> list[Similar]:
    """Published opinions worded alike: same character pairs, whatever the spaces, signs and letter size."""
    own, own_bands = pairs(proposal), bands(proposal)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, o.number, v.number, v.proposal, o.language
            FROM consultations_opinionvector w
            JOIN consultations_opinion o ON o.id = w.opinion_id AND o.state = 'published'
            JOIN consultations_opinionversion v ON v.id = o.version_id
            WHERE w.consultation_id = %s AND w.bands && %s
            ORDER BY (SELECT count(*) FROM unnest(w.bands) band WHERE band = ANY (%s)) DESC, o.number
            LIMIT %s
            """,
            [consultation.pk, own_bands, own_bands, _CANDIDATES],
        )
        rows = cursor.fetchall()
    found = [_worded(row, own) for row in rows]
    found = [similar for similar in found if similar.likeness >= WORDED_ALIKE]
    return sorted(found, key=lambda similar: -similar.likeness)[:MOST]


def _worded(row: tuple[Any, ...], own: frozenset[str]) -> Similar:
    pk, number, version, proposal, language = row
    likeness = _share(own, pairs(proposal))
    return Similar(pk, number, version, proposal, language, likeness, identical=likeness >= NEARLY_IDENTICAL)


#: Where the vector of what is looked up stands.
_OF_DRAFT = "SELECT d.vector FROM consultations_draftvector d WHERE d.draft_id = %s"
_OF_OPINION = "SELECT d.vector FROM consultations_opinionvector d WHERE d.opinion_id = %s"

_NEAREST = """
SELECT o.id, o.number, v.number, v.proposal, o.language, 1 - near.distance
FROM (
    SELECT w.opinion_id, w.vector <=> ({own}) AS distance
    FROM consultations_opinionvector w
    JOIN consultations_opinion p ON p.id = w.opinion_id AND p.state = 'published'
    WHERE w.consultation_id = %s
    ORDER BY distance LIMIT %s
) near
JOIN consultations_opinion o ON o.id = near.opinion_id
JOIN consultations_opinionversion v ON v.id = o.version_id
WHERE near.distance <= %s
ORDER BY near.distance
"""


def _by_meaning(own: str, pk: UUID, consultation_id: int, most: int = MOST) -> list[Similar]:
    """The nearest by meaning, in one look-up of the index; it goes on until enough are of this consultation."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        cursor.execute(_NEAREST.format(own=own), [pk, consultation_id, most, 1 - NEAR_IN_MEANING])
        return [Similar(*row) for row in cursor.fetchall()]


def _merge(worded: list[Similar], meant: list[Similar], most: int = MOST) -> list[Similar]:
    """Nearly identical ones first, then by meaning, then worded alike; each opinion once."""
    found: dict[UUID, Similar] = {}
    for similar in (*(s for s in worded if s.identical), *meant, *worded):
        found.setdefault(similar.id, similar)
    return list(found.values())[:most]


# --- wording --------------------------------------------------------------------------------------


def letters(sentence: str) -> str:
    """Letters and numbers alone, in one form: what stays the same when spaces, signs and letter size change."""
    folded = unicodedata.normalize("NFKC", sentence).casefold()
    return "".join(c for c in unicodedata.normalize("NFC", folded) if unicodedata.category(c)[0] in "LN")


def pairs(sentence: str) -> frozenset[str]:
    """The overlapping pairs of characters."""
    kept = letters(sentence)
    return frozenset(kept[i : i + 2] for i in range(max(len(kept) - 1, 1)))


def bands(sentence: str) -> list[int]:
    """Sixteen numbers that two sentences share the more likely the more pairs they share (MinHash)."""
    hashes = [zlib.crc32(pair.encode()) for pair in pairs(sentence)]
    lowest = [min((a * h + b) % _PRIME for h in hashes) for a, b in _SALTS]
    grouped = (lowest[i * _ROWS : (i + 1) * _ROWS] for i in range(_BANDS))
    return [zlib.crc32(repr((i, group)).encode()) - 2**31 for i, group in enumerate(grouped)]


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0
