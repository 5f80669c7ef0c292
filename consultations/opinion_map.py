"""What a reader may see of the opinion map. The map itself is computed by a worker (`consultations.mapping`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import charts
from common.charts import Dot
from consultations import counts
from consultations.models import Consultation, Opinion, OpinionMap

#: So many dots are drawn at most, evenly taken, so that a page stays light; the figures count everybody.
MOST_DOTS = 500
MOST_ACROSS = 10
#: Letters that people read groups by.
LETTERS = "ABCDE"


@dataclass(frozen=True)
class Group:
    """One group as a page shows it."""

    number: int
    people: int

    @property
    def letter(self) -> str:
        return LETTERS[self.number - 1]


@dataclass(frozen=True)
class Mark:
    """One opinion on which a group differs from the rest."""

    opinion: Opinion
    side: str
    percent: int
    rest: int


@dataclass(frozen=True)
class Shared:
    """One opinion that is agreed across groups: the agreeing percentage of each, None where few of it voted."""

    opinion: Opinion
    percents: list[int | None]


@dataclass(frozen=True)
class Page:
    """The picture, what marks each group (or the chosen one), and what is agreed across all."""

    picture: SafeString
    marks: list[tuple[Group, list[Mark]]]
    chosen: int | None
    across: list[Shared]


@dataclass(frozen=True)
class Seen:
    """The map as one reader sees it."""

    found: OpinionMap
    groups: list[Group]
    dots: list[Dot]
    me: Dot | None

    @property
    def people(self) -> int:
        return len(self.found.participants)


def of(consultation: Consultation, reader: Any, now: datetime | None = None) -> Seen | None:
    """The map, or None: while counts are hidden from this reader, and before a first one was computed.

    Three queries at most.
    """
    if not counts.are_open(consultation, reader, now):
        return None
    found = OpinionMap.objects.filter(consultation=consultation).first()
    if found is None:
        return None
    groups = [Group(number, people) for number, people in enumerate(found.facts["sizes"], 1)]
    return Seen(found, groups, _dots(found), _mine(found, reader))


def page(seen: Seen, chosen: int | None) -> Page:
    """What the page shows of a map; one query. A group that is not there counts as none chosen."""
    facts = seen.found.facts
    chosen = chosen if chosen in [group.number for group in seen.groups] else None
    marked = {mark["number"] for marks in facts["marks"] for mark in marks}
    published = seen.found.consultation.opinions.published().select_related("version")
    texts = {o.number: o for o in published.filter(number__in=marked)}
    across = list(published.filter(rank_across__gt=0).order_by("-rank_across", "-publish_sequence")[:MOST_ACROSS])
    for opinion in (*texts.values(), *across):
        opinion.consultation = seen.found.consultation
    marks = [
        (group, [Mark(texts[m["number"]], m["side"], m["percent"], m["rest"]) for m in own if m["number"] in texts])
        for group, own in zip(seen.groups, facts["marks"], strict=True)
        if chosen in (None, group.number)
    ]
    shared = [Shared(o, facts["shares"].get(str(o.number), [])) for o in across] if seen.groups else []
    return Page(_picture(seen), marks, chosen, shared)


def _picture(seen: Seen) -> SafeString:
    labels = {
        group.number: _("Group %(letter)s · %(people)d") % {"letter": group.letter, "people": group.people}
        for group in seen.groups
    }
    about = _("Each mark is a participant; those who vote alike lie close to each other.")
    return charts.scatter(seen.dots, labels, title=_("Opinion map"), description=about, me=seen.me, my_word=_("You"))


def with_division(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Consultations that know already whether they are divided, so that a page asks no more for it."""
    return rows.annotate(divided=Exists(_stable(OuterRef("pk"))))


def is_divided(consultation: Consultation) -> bool:
    """Whether the last map has groups that repeat, so that opinions can be ordered by agreement across them."""
    known: bool | None = getattr(consultation, "divided", None)
    return _stable(consultation.pk).exists() if known is None else known


def _stable(consultation: int | OuterRef) -> QuerySet[OpinionMap]:
    return OpinionMap.objects.filter(pk=consultation, facts__stable=True)


def _dots(found: OpinionMap) -> list[Dot]:
    """Dots by place, not by participant: their order tells nothing about who came when."""
    everybody = sorted(map(Dot, found.xs, found.ys, found.groups))
    step = max(1, -(-len(everybody) // MOST_DOTS))
    return everybody[::step]


def _mine(found: OpinionMap, reader: Any) -> Dot | None:
    if not reader.is_authenticated:
        return None
    participant = found.consultation.participants.filter(user=reader.pk).values_list("pk", flat=True).first()
    if participant not in found.participants:
        return None
    at = found.participants.index(participant)
    return Dot(found.xs[at], found.ys[at], found.groups[at])
