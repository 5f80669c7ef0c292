"""Voting: cast, change, take back, and the counts that follow from votes."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DateTimeField, Func
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError
from consultations import locks, roll
from consultations.models import Consultation, Opinion, Participant, Vote, VoteLog
from consultations.models.votes import Value


class ClockTimestamp(Func):
    """The database's clock at this row, not at the start of the transaction."""

    function = "clock_timestamp"
    output_field = DateTimeField()


# Admits and stores; `consultations_cast` stands in migration 0005 and takes the lock in a statement of its own.
_CAST = """
SELECT outcome, version, proposal, participant
FROM consultations_cast(%(consultation)s, %(opinion)s, %(user)s, %(today)s, %(value)s, %(seen)s)
"""


class VotingClosed(DomainError):
    """Voting is not open: before it opens, or after it closed."""

    code = "voting_closed"


class NotOpenToVotes(DomainError):
    """The opinion is not published (any more)."""

    code = "not_open_to_votes"


class TextChanged(DomainError):
    """The text that the voter saw is not the current one; nothing is stored. Facts: version, proposal."""

    code = "text_changed"


class Acknowledged(NamedTuple):
    """A vote as it stands now; what a member was told."""

    opinion_id: UUID
    participant_id: int
    version_number: int
    value: int


def cast(*, user: User, opinion: Opinion, value: int, version: int | None = None) -> Acknowledged:
    """Store what a member thinks of an opinion; the last vote of a member stands.

    One short transaction, in one call of the database: it takes the consultation's shared lock first, in a statement of
    its own, so that the facts are read after whoever changes what counts has finished, then stores. A vote is either
    acknowledged and in the final count, or refused. The same value on the same version again writes nothing.
    Raises `VotingClosed`, `NotOpenToVotes`, `TextChanged` (when `version` is given and not the current one)
    and `NotAllowed` (not a member, voided).
    """
    value = Value(value)
    admitted = _ask(user, opinion, version, value)
    if admitted.participant is None:  # the first act here, or somebody who may not vote: the slow way says which
        with transaction.atomic():
            _enter(user, opinion)
            admitted = _ask(user, opinion, version, value)
    assert admitted.participant is not None
    return Acknowledged(opinion.pk, admitted.participant, admitted.version, value)


@transaction.atomic
def retract(*, user: User, opinion: Opinion) -> None:
    """Take a vote back while voting is open; without a vote nothing happens."""
    mine = Vote.objects.filter(opinion=opinion, participant__user=user)
    # Who never acted here enters no roll by taking back nothing; who may vote no more is refused in words.
    if _ask(user, opinion, None, None).participant is None and mine.exists():
        _enter(user, opinion)
    mine.delete()


@transaction.atomic
def undo(*, user: User, opinion: Opinion) -> int | None:
    """Go back to the vote before the last one: its value and version, or no vote; gives the value.

    What was before stands in the log. Locks and errors as `cast`; without a vote nothing happens.
    """
    participant_id = _admit(user, opinion)
    mine = Vote.objects.select_for_update().filter(opinion=opinion, participant=participant_id)
    if not mine.exists():
        return None
    lines = VoteLog.objects.filter(opinion_id=opinion.pk, participant_id=participant_id).order_by("-id")[:2]
    before = lines[1] if len(lines) == 2 else None
    if before is None or before.value is None:
        mine.delete()
        return None
    mine.update(value=before.value, version_number=before.version_number, changed_at=ClockTimestamp())
    return before.value


class Admitted(NamedTuple):
    """The current version's number, and the voter's participant: None before the first act here."""

    version: int
    participant: int | None


def _ask(user: User, opinion: Opinion, version: int | None, value: Value | None) -> Admitted:
    """Let the database decide, and store when there is a value; raises when the vote must be refused."""
    facts: dict[str, UUID | date | int | None] = {
        "consultation": opinion.consultation_id,
        "opinion": opinion.pk,
        "user": user.pk,
        "today": timezone.localdate(),
        "value": None if value is None else int(value),
        "seen": version,
    }
    outcome, number, proposal, participant_id = db.prepared_row(_CAST, facts)
    if outcome == "not_open":
        raise NotOpenToVotes(_("This opinion is not open to votes."))
    if outcome in ("not_yet", "closed"):
        raise VotingClosed(_("Voting is closed.") if outcome == "closed" else _("Voting has not opened yet."))
    if outcome == "text_changed":
        raise TextChanged(
            _("The text has changed since you opened it. Please read it again."), version=number, proposal=proposal
        )
    return Admitted(number, participant_id)


def _admit(user: User, opinion: Opinion) -> int:
    """The voter's participant, under the shared lock until the transaction ends; raises as `cast`."""
    found = _ask(user, opinion, None, None).participant
    return _enter(user, opinion) if found is None else found


def _enter(user: User, opinion: Opinion) -> int:
    locks.share(opinion.consultation_id)
    return roll.enter(user=user, consultation=Consultation(pk=opinion.consultation_id)).pk


# --- counts that follow from votes ----------------------------------------------------------------

_TALLY = """
SELECT o.id, count(*) FILTER (WHERE t.value = 1) AS agree, count(*) FILTER (WHERE t.value = 0) AS pass,
       count(*) FILTER (WHERE t.value = -1) AS disagree
FROM consultations_opinion o
LEFT JOIN ({counting}) t ON t.opinion_id = o.id
WHERE o.id = ANY(%s)
GROUP BY o.id
"""

_DIFFERS = """
(opinion.agree_count, opinion.pass_count, opinion.disagree_count)
    IS DISTINCT FROM (tally.agree, tally.pass, tally.disagree)
"""

_LOCK_WRONG = """
SELECT opinion.id FROM consultations_opinion opinion JOIN ({tally}) tally ON tally.id = opinion.id
WHERE {differs} ORDER BY opinion.id FOR NO KEY UPDATE OF opinion {skip}
"""

_RETALLY = """
UPDATE consultations_opinion AS opinion
SET agree_count = tally.agree, pass_count = tally.pass, disagree_count = tally.disagree
FROM ({tally}) AS tally
WHERE opinion.id = tally.id AND {differs}
"""


@transaction.atomic
def retally(opinion_ids: Iterable[UUID], *, wait: bool = True) -> int:
    """Recount the stored tallies of some opinions from their counting votes; returns how many were wrong.

    Idempotent and safe beside votes: a vote committed meanwhile is found by the next run. The rows that are wrong are
    locked first, in the order of their ids, and counted afterwards, so that no older count overwrites a newer one.
    Without `wait`, rows that somebody else holds are left to them or to the next run: what counts in the background
    never waits for a row, so it is part of no deadlock.
    """
    ids = list(opinion_ids)
    if not ids:
        return 0
    counting, parameters = (
        Vote.objects.counting().filter(opinion_id__in=ids).values("opinion_id", "value").query.sql_with_params()
    )
    parts = {"tally": _TALLY.format(counting=counting), "differs": _DIFFERS}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_WRONG.format(**parts, skip="" if wait else "SKIP LOCKED"), [*parameters, ids])
        wrong = [row[0] for row in cursor.fetchall()]
        if not wrong:
            return 0
        cursor.execute(_RETALLY.format(**parts), [*parameters, wrong])
        return int(cursor.rowcount)


def retally_recent(seconds: int = 15) -> int:
    """Recount the opinions with a line in the vote log of the last seconds.

    The window is wider than the pause between two runs and than a vote's transaction can last, so that a
    vote that commits late is still found.
    """
    return retally(recently_voted(seconds), wait=False)


def recently_voted(seconds: int = 15) -> set[UUID]:
    """The opinions with a line in the vote log of the last seconds; reads the newest partition only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT opinion_id FROM consultations_votelog"
            " WHERE created_at > statement_timestamp() - make_interval(secs => %s)",
            [seconds],
        )
        return {row[0] for row in cursor.fetchall()}


def retally_consultation(consultation_id: int, *, wait: bool = True) -> int:
    """Recount every opinion of a consultation; what heals drift (without waiting) and what closing calls."""
    ids = Opinion.objects.filter(consultation_id=consultation_id).values_list("pk", flat=True)
    return retally(ids, wait=wait)


def vote_of(user: Any, opinion: Opinion) -> Vote | None:
    """The reader's own counting vote on an opinion."""
    if not user.is_authenticated:
        return None
    return Vote.objects.counting().filter(opinion=opinion, participant__user=user).first()


def votes_of(user: Any, opinions: Iterable[Opinion]) -> dict[UUID, int]:
    """The reader's own counting votes on some opinions: id → value, one query."""
    if not user.is_authenticated:
        return {}
    found = Vote.objects.counting().filter(participant__user=user, opinion__in=[o.pk for o in opinions])
    return dict(found.values_list("opinion_id", "value"))


def participants_voted(consultation: Consultation) -> int:
    """How many people have at least one vote that counts."""
    voters = Vote.objects.counting().filter(opinion__consultation=consultation).values("participant")
    return Participant.objects.filter(pk__in=voters).count()
