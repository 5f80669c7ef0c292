"""The rows of an imported consultation: participants, opinions with versions, cases, decisions, votes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection

from common import db
from consultations.importing.read import Comment, Export, language_of
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion, Participant
from consultations.models.cases import Reason
from consultations.models.opinions import ShownAs, Source, State

#: What an imported decision says: nobody here made it.
NOTE = "Decided in the consultation that this was imported from."

_PARTICIPANTS = """
INSERT INTO consultations_participant (consultation_id, external_id, void_reason)
SELECT %s, external_id, '' FROM staged_voter ORDER BY voter
"""

# The row of a vote is written now; when it was cast is `changed_at`.
_VOTES = """
INSERT INTO consultations_vote (opinion_id, participant_id, version_number, value, changed_at)
SELECT o.id, p.id, 1, last.value, timestamptz 'epoch' + last.at * interval '1 millisecond'
FROM staged_last last
JOIN consultations_opinion o ON o.consultation_id = %(consultation)s AND o.number = last.comment + 1
JOIN staged_voter USING (voter)
JOIN consultations_participant p
    ON p.consultation_id = %(consultation)s AND p.external_id = staged_voter.external_id
"""


def write(consultation: Consultation, export: Export) -> None:
    """Write everything below a new consultation from the export and the staged votes, in bulk."""
    comments = sorted(export.comments.values(), key=lambda comment: (comment.at, comment.id))
    with connection.cursor() as cursor:
        cursor.execute(_PARTICIPANTS, [consultation.pk])
    opinions = _write_opinions(consultation, comments)
    _write_moderation(opinions)
    consultation.last_publish_sequence = sum(opinion.state == State.PUBLISHED for opinion in opinions)
    consultation.save(update_fields=["last_publish_sequence"])
    with connection.cursor() as cursor:
        # The planner knows nothing of rows that this transaction wrote: without this, a million votes take hours.
        cursor.execute("ANALYZE consultations_opinion, consultations_opinionversion, consultations_participant")
        cursor.execute(_VOTES, {"consultation": consultation.pk})
        cursor.execute("ANALYZE consultations_vote")


def _write_opinions(consultation: Consultation, comments: list[Comment]) -> list[Opinion]:
    """Opinions and their only version; numbers from comment ids, publish sequence by timestamp."""
    authors = dict(Participant.objects.filter(consultation=consultation).values_list("external_id", "pk"))
    opinions, sequence = [], 0
    for comment in comments:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=comment.at)
        published = comment.state == State.PUBLISHED
        sequence += published
        opinions.append(
            Opinion(
                consultation=consultation,
                number=comment.number,
                author_id=authors[comment.author],
                state=comment.state,
                source=Source.IMPORT,
                language=language_of(comment.text),
                shown_as=ShownAs.MEMBER,
                submitted_at=at,
                published_at=at if published else None,
                publish_sequence=sequence if published else None,
            )
        )
    Opinion.objects.bulk_create(opinions)
    versions = OpinionVersion.objects.bulk_create(
        OpinionVersion(opinion=opinion, number=1, votes_since=1, proposal=comment.text)
        for opinion, comment in zip(opinions, comments, strict=True)
    )
    for opinion, version in zip(opinions, versions, strict=True):
        opinion.version = version
    Opinion.objects.bulk_update(opinions, ["version"], batch_size=500)
    return opinions


def _write_moderation(opinions: Iterable[Opinion]) -> None:
    """A decision where one was made elsewhere, an open case where none was; it waits here from now on."""
    verbs = {State.PUBLISHED: "publish", State.REJECTED: "reject"}
    now = db.now()
    cases, decisions = [], []
    for opinion in opinions:
        state = State(opinion.state)
        if state == State.SUBMITTED:
            cases.append(Case(kind=Case.Kind.NEW, opinion=opinion, version=opinion.version, opened_at=now))
            continue
        decisions.append(
            Decision(
                opinion=opinion,
                verb=verbs[state],
                from_state=State.SUBMITTED,
                to_state=state,
                reason=Reason.OTHER if state == State.REJECTED else "",
                note=NOTE,
                versions=[opinion.version_id],
            )
        )
    Case.objects.bulk_create(cases)
    Decision.objects.bulk_create(decisions)
