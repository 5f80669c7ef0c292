"""Every vote that was acknowledged to a member, with what it was before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from consultations.models import Opinion, Participant, Vote, VoteLog
from consultations.models.opinions import READABLE, State
from consultations.models.votes import Value

PAGE = 50
TAKEN_BACK = 100


@dataclass(frozen=True)
class Line:
    """One acknowledged act: a value, or None when it took the vote back."""

    value: Value | None
    version: int
    at: datetime


@dataclass
class MyVote:
    """A vote as it stands, and the acts before it, the newest first."""

    opinion: Opinion
    now: Line
    before: list[Line]

    @property
    def readable(self) -> bool:
        """What everybody may read; of others only the number is told."""
        return self.opinion.state in READABLE

    @property
    def earlier_text(self) -> bool:
        """Given on a text that was replaced by one that it does not count for."""
        version = self.opinion.version
        return version is not None and self.now.version < version.votes_since

    @property
    def counts(self) -> bool:
        return self.opinion.state == State.PUBLISHED and not self.earlier_text


@dataclass
class Page:
    """Votes, the newest first, the key of the next page, and on the first page what was taken back."""

    votes: list[MyVote]
    next_key: str
    taken_back: list[MyVote]


def read(user: Any, before: str = "") -> Page:
    """A page of one's own votes in all consultations; a fixed number of queries."""
    mine = Vote.objects.filter(participant__user=user.pk).order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before))
    mine = mine.select_related("opinion__version", "opinion__consultation")
    votes = list(mine[: PAGE + 1])
    more, votes = len(votes) > PAGE, votes[:PAGE]
    history = _history((vote.opinion_id, vote.participant_id) for vote in votes)
    rows = [
        MyVote(
            vote.opinion,
            Line(Value(vote.value), vote.version_number, vote.changed_at),
            history[vote.opinion_id][1:],
        )
        for vote in votes
    ]
    return Page(rows, str(votes[-1].pk) if more else "", [] if before else taken_back(user))


def taken_back(user: Any) -> list[MyVote]:
    """The newest votes that were taken back and not given again."""
    people = list(Participant.objects.filter(user=user.pk).values_list("pk", flat=True))
    given = Vote.objects.filter(opinion_id=OuterRef("opinion_id"), participant_id=OuterRef("participant_id"))
    gone = VoteLog.objects.filter(~Exists(given), participant_id__in=people, value=None).order_by("-pk")[:TAKEN_BACK]
    pairs = list(dict.fromkeys((line.opinion_id, line.participant_id) for line in gone))
    opinions = Opinion.objects.select_related("version", "consultation").in_bulk([pair[0] for pair in pairs])
    history = _history(pairs)
    return [MyVote(opinions[pk], history[pk][0], history[pk][1:]) for pk, _person in pairs if pk in opinions]


def _history(pairs: Iterable[tuple[UUID, int]]) -> dict[UUID, list[Line]]:
    """The log of some (opinion, participant), the newest first; a person has one participant an opinion."""
    wanted = set(pairs)
    lines: dict[UUID, list[Line]] = defaultdict(list)
    found = VoteLog.objects.filter(
        participant_id__in={person for _opinion, person in wanted},
        opinion_id__in={opinion for opinion, _person in wanted},
    ).order_by("-pk")
    for line in found:
        if (line.opinion_id, line.participant_id) in wanted:
            value = None if line.value is None else Value(line.value)
            lines[line.opinion_id].append(Line(value, line.version_number, line.created_at))
    return lines
