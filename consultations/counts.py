"""Who sees an opinion's counts, and the counts themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from accounts import access
from consultations.models import Consultation, Opinion, Vote
from consultations.models.consultations import CountsShown
from consultations.models.opinions import READABLE, State
from consultations.models.votes import Value, VoteQuerySet


class Part(NamedTuple):
    """One part of a tally's bar: its word, and where it lies on a line of 1,000."""

    word: str
    x: int
    width: int


@dataclass(frozen=True)
class Counts:
    """How many agree, pass and disagree. ``total`` is everybody who voted, passing included."""

    agree: int
    pass_: int
    disagree: int

    @property
    def total(self) -> int:
        return self.agree + self.pass_ + self.disagree

    @property
    def share(self) -> float | None:
        """agree / (agree + pass + disagree); None without votes."""
        return self.agree / self.total if self.total else None

    @property
    def agree_percent(self) -> int:
        return round(100 * self.agree / self.total) if self.total else 0

    @property
    def disagree_percent(self) -> int:
        return round(100 * self.disagree / self.total) if self.total else 0

    @property
    def bar(self) -> list[Part]:
        """Three parts with a thin gap between them."""
        parts, x = [], 0
        for word, count in (("agree", self.agree), ("pass", self.pass_), ("disagree", self.disagree)):
            if count and self.total:
                width = round(1000 * count / self.total)
                parts.append(Part(word, x, max(width - 4, 2)))
                x += width
        return parts

    def as_words(self) -> dict[str, int]:
        """As the API shows them."""
        return {"agree": self.agree, "pass": self.pass_, "disagree": self.disagree}


def stored(opinion: Opinion) -> Counts:
    """The tally on the opinion; at most two seconds behind its votes."""
    return Counts(opinion.agree_count, opinion.pass_count, opinion.disagree_count)


def recounted(opinion: Opinion) -> Counts:
    """The tally counted from the votes now; for a page about one opinion."""
    return _tally(Vote.objects.counting().filter(opinion=opinion))


def final(opinion: Opinion) -> Counts:
    """The tally that a merged opinion had when it was closed to votes; it counts nowhere."""
    return _tally(Vote.objects.final().filter(opinion=opinion))


def _tally(votes: VoteQuerySet) -> Counts:
    tally = votes.aggregate(
        agree=Count("pk", Q(value=Value.AGREE)),
        pass_=Count("pk", Q(value=Value.PASS)),
        disagree=Count("pk", Q(value=Value.DISAGREE)),
    )  # fmt: skip
    return Counts(**tally)


def are_open(consultation: Consultation, reader: Any, now: datetime | None = None) -> bool:
    """Whether this reader may see whatever rests on counts of more than one opinion (orders, home figures)."""
    if consultation.counts == CountsShown.LIVE or consultation.is_closed(now or timezone.now()):
        return True
    return access.sees_everything(reader)


def visible_counts(
    reader: Any, opinion: Opinion, *, has_voted: bool | None = None, now: datetime | None = None, exact: bool = False
) -> Counts | None:
    """One opinion's counts as this reader may see them, or None while they are hidden.

    `has_voted` saves the look-up of the reader's own counting vote; `exact` counts now instead of taking the
    stored tally. Of a merged opinion these are its final counts; of any other that is not published, none.
    """
    if opinion.state not in READABLE:
        return None
    consultation = opinion.consultation
    visible = are_open(consultation, reader, now)
    if not visible and consultation.counts == CountsShown.AFTER_VOTING:
        if has_voted is None:
            has_voted = (
                reader.is_authenticated and _votes(opinion).filter(opinion=opinion, participant__user=reader).exists()
            )
        visible = has_voted
    if not visible:
        return None
    if opinion.state == State.MERGED:
        return final(opinion)
    return recounted(opinion) if exact else stored(opinion)


def _votes(opinion: Opinion) -> VoteQuerySet:
    return Vote.objects.final() if opinion.state == State.MERGED else Vote.objects.counting()
