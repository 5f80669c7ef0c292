"""Whether files are those that an imported consultation was made from."""

from django.db import connection

from consultations.importing.read import Export
from consultations.importing.stage import Staged
from consultations.importing.write import NOTE
from consultations.models import Consultation, Decision, OpinionVersion
from consultations.models.opinions import State

# Both ways round: a vote that is only in the files, and one that is only here.
_DIFFERENCES = """
WITH here AS (
    SELECT o.number - 1 AS comment, p.external_id, v.value::integer AS value,
           v.changed_at AS at
    FROM consultations_vote v
    JOIN consultations_opinion o ON o.id = v.opinion_id
    JOIN consultations_participant p ON p.id = v.participant_id
    WHERE o.consultation_id = %s
), files AS (
    SELECT last.comment, voter.external_id, last.value::integer,
           timestamptz 'epoch' + last.at * interval '1 millisecond'
    FROM staged_last last JOIN staged_voter voter USING (voter)
)
SELECT EXISTS ((TABLE files EXCEPT TABLE here) UNION ALL (TABLE here EXCEPT TABLE files))
"""

_PEOPLE = """
SELECT EXISTS (
    SELECT external_id FROM staged_voter
    EXCEPT SELECT external_id FROM consultations_participant WHERE consultation_id = %s
)
"""


def same(consultation: Consultation, export: Export, staged: Staged) -> bool:
    """Whether texts, authors, times, decisions made elsewhere, participants and last votes are all the same.

    What moderators did here since then is no difference: the first version and the imported decision are
    compared, not the state.
    """
    return _opinions_here(consultation) == _opinions_of(export) and not (
        _exists(_PEOPLE, consultation) or _exists(_DIFFERENCES, consultation)
    )


Row = tuple[int, str, str | None, int, str]


def _opinions_of(export: Export) -> set[Row]:
    return {(c.number, c.text, c.author, c.at, str(c.state)) for c in export.comments.values()}


def _opinions_here(consultation: Consultation) -> set[Row]:
    imported = Decision.objects.filter(opinion__consultation=consultation, actor=None, note=NOTE)
    decided = dict(imported.values_list("opinion_id", "to_state"))
    found = OpinionVersion.objects.filter(opinion__consultation=consultation, number=1).values_list(
        "opinion_id", "opinion__number", "proposal", "opinion__author__external_id", "opinion__submitted_at"
    )
    return {
        (number, text, author, round(at.timestamp() * 1000) if at else 0, decided.get(key, str(State.SUBMITTED)))
        for key, number, text, author, at in found
    }


def _exists(sql: str, consultation: Consultation) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [consultation.pk])
        return bool(cursor.fetchone()[0])
