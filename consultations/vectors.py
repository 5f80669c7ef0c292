"""Writing vectors of sentences: in a worker, with the encoder loaded once. Web processes never import this."""

from typing import Any

from django.db import connection

from analysis.sentences import encode
from consultations import similarity
from consultations.models import DraftVector, OpinionVector

#: So many sentences at a time: a batch is quicker by the sentence, and a lost one costs little.
BATCH = 256


def write_due() -> int:
    """Write what is missing or of an older text, people who are typing first; gives the number of vectors.

    Two runs at once do not hurt each other: the later one writes the same again. Idempotent.
    """
    written = _write_drafts()
    while count := _write_opinions():
        written += count + _write_drafts()
    return written


_DUE_DRAFTS = """
SELECT d.id, d.fields ->> 'proposal'
FROM consultations_draft d LEFT JOIN consultations_draftvector w ON w.draft_id = d.id
WHERE d.sent_at IS NULL AND d.deleted_at IS NULL AND length(d.fields ->> 'proposal') BETWEEN %s AND %s
  AND w.proposal IS DISTINCT FROM d.fields ->> 'proposal'
ORDER BY d.saved_at DESC LIMIT %s
"""

_DUE_OPINIONS = """
SELECT o.id, o.consultation_id, o.version_id, v.proposal
FROM consultations_opinion o
JOIN consultations_opinionversion v ON v.id = o.version_id
LEFT JOIN consultations_opinionvector w ON w.opinion_id = o.id
WHERE o.state IN ('published', 'submitted') AND w.version_id IS DISTINCT FROM o.version_id
ORDER BY o.published_at DESC NULLS LAST LIMIT %s
"""


def _write_drafts() -> int:
    due = _rows(_DUE_DRAFTS, [similarity.SHORTEST, similarity.LONGEST, BATCH])
    meanings = encode([proposal for _id, proposal in due])
    DraftVector.objects.bulk_create(
        (
            DraftVector(draft_id=pk, proposal=proposal, vector=vector)
            for (pk, proposal), vector in zip(due, meanings, strict=True)
        ),
        update_conflicts=True,
        unique_fields=["draft"],
        update_fields=["proposal", "vector"],
    )
    return len(due)


def _write_opinions() -> int:
    due = _rows(_DUE_OPINIONS, [BATCH])
    meanings = encode([row[3] for row in due])
    OpinionVector.objects.bulk_create(
        (
            OpinionVector(
                opinion_id=pk,
                consultation_id=consultation,
                version_id=version,
                vector=vector,
                bands=similarity.bands(proposal),
            )
            for (pk, consultation, version, proposal), vector in zip(due, meanings, strict=True)
        ),
        update_conflicts=True,
        unique_fields=["opinion"],
        update_fields=["version_id", "vector", "bands"],
    )
    return len(due)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
