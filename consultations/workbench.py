"""What waits for moderators: filtered, counted, searched, a page at a time, and the next one to work on.

Every page costs the same few queries whether a hundred or ten thousand cases wait: it goes on from the last case by its
place in the order, never by counting rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import given
from common.errors import DomainError
from consultations import moderation, states
from consultations.models import Case, Consultation, Decision
from consultations.models.cases import CaseQuerySet

PAGE = 25
LONGEST_SEARCH = 100
#: Who holds what is shown.
HELD = {"mine": _("held by me"), "free": _("free"), "others": _("held by others")}
DUE = {"half": _("half of the time is over"), "late": _("overdue")}
#: So many cases are tried when the next one is looked for: own texts and those of colleagues are passed over.
_TRIES = 50


@dataclass(frozen=True)
class Filter:
    """Which cases are shown; what is empty filters nothing. Made of an address by `parse`, and back by `query`."""

    kind: str = ""
    consultation: str = ""
    held: str = ""
    due: str = ""
    q: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, Any]) -> "Filter":
        """From an address; what is not known is left out, so that an old link shows more and never an error."""
        words = {name: str(asked.get(name, ""))[:LONGEST_SEARCH].strip() for name in cls.__dataclass_fields__}
        known = {"kind": Case.Kind.values, "held": HELD, "due": DUE}
        words |= {name: "" for name, values in known.items() if words[name] not in values}
        return cls(**words)

    @property
    def query(self) -> str:
        """As the part of an address behind the question mark; empty when everything is shown."""
        return urlencode({name: value for name, value in self.__dict__.items() if value})

    @property
    def suffix(self) -> str:
        """`query` as it stands behind a path, with its question mark."""
        return f"?{self.query}" if self.query else ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()


@dataclass(frozen=True)
class KindCount:
    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class Counts:
    """How much waits in all, whatever the filter: by kind, how much of it is overdue, and since when the oldest does."""

    kinds: list[KindCount] = field(default_factory=list)
    total: int = 0
    late: int = 0


class Waiting(NamedTuple):
    """One waiting case as a list shows it."""

    pk: UUID
    kind: str
    version_id: int
    number: int
    sentence: str
    argument: str | None
    language: str
    argument_language: str | None
    theme: str | None
    opened_at: datetime
    half_at: datetime | None
    due_at: datetime | None
    urgent_since: datetime | None
    looks_personal: bool
    holder: UUID | None
    holder_name: str | None
    held_until: datetime | None
    author: UUID | None
    argument_author: UUID | None
    argument_id: UUID | None


@dataclass(frozen=True)
class Page:
    rows: list[Waiting]
    #: The id of the last case of this page when more follow.
    after: UUID | None


# --- reading ----------------------------------------------------------------------------------------


def cases(wanted: Filter, reader: User) -> CaseQuerySet:
    """The waiting cases that a filter shows, in order."""
    found = Case.objects.waiting()
    now = timezone.now()
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.consultation:
        found = found.filter(opinion__consultation__slug=wanted.consultation)
    if wanted.held:
        found = found.filter(_held(wanted.held, reader, now))
    if wanted.due:
        found = found.filter(**{f"{'due_at' if wanted.due == 'late' else 'half_at'}__lte": now})
    return found.filter(_search(wanted.q)) if wanted.q else found


def page(wanted: Filter, reader: User, after: Case | None = None) -> Page:
    """A page of what waits; one query, which reads no more than a row shows. `after`: the last case of the page before."""
    found = cases(wanted, reader)
    if after is not None:
        found = found.filter(behind(after))
    rows = [Waiting(*row) for row in found.values_list(*_columns())[: PAGE + 1]]
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def row_of(case: Case) -> Waiting:
    """One case, waiting or not, as a row."""
    return Waiting(*Case.objects.values_list(*_columns()).get(pk=case.pk))


def _columns() -> tuple[str, ...]:
    """Of `Waiting`, in its order; the theme in the reader's language."""
    theme = "ko" if (get_language() or "").startswith("ko") else "en"
    return (
        "pk", "kind", "version_id", "opinion__number", "version__proposal", "argument__text", "opinion__language",
        "argument__language", f"opinion__theme__title_{theme}", "opened_at", "half_at", "due_at", "urgent_since",
        "looks_personal", "claimed_by_id", "claimed_by__name", "claimed_until", "opinion__author__user_id",
        "argument__author__user_id", "argument_id",
    )  # fmt: skip


def counts() -> Counts:
    """One query over the index of waiting cases."""
    late = Count("id", filter=Q(due_at__lte=timezone.now()))
    rows = Case.objects.filter(closed_at=None).order_by().values("kind").annotate(count=Count("id"), late=late)
    found = {row["kind"]: row for row in rows}
    kinds = [KindCount(kind, str(kind.label), found[kind]["count"]) for kind in Case.Kind if kind in found]
    return Counts(kinds, sum(k.count for k in kinds), sum(row["late"] for row in found.values()))


def wanting_second() -> list[Decision]:
    """Decisions that want a second person, the one with the least time first."""
    rows = Decision.objects.pending().select_related("opinion__consultation", "opinion__version", "argument", "actor")
    shown = ("verb", "second_until", "opinion__number", "opinion__language", "opinion__consultation__slug",
             "opinion__version__proposal", "argument__text", "argument__language", "actor__name")  # fmt: skip
    return list(rows.only(*shown)[:PAGE])


def open_consultations() -> list[Consultation]:
    """Those that a filter can name: where something waits or may come in."""
    now = timezone.now()
    rows = Consultation.objects.filter(is_imported=False, voting_close_at__gt=now)
    return list(rows.only("slug", "title_ko", "title_en")[:50])


def recent(actor: User) -> list[Decision]:
    """What this moderator decided within the last ten minutes and can undo, the latest first."""
    since = timezone.now() - states.TIME_TO_UNDO
    rows = Decision.objects.filter(actor=actor, created_at__gt=since, answer=None).order_by("-pk")
    undoable = [verb for verb, rule in states.VERBS.items() if rule.undoable]
    rows = rows.filter(verb__in=undoable).select_related("opinion")
    return list(rows.only("verb", "created_at", "opinion__number")[:5])


# --- working on ---------------------------------------------------------------------------------------


def claim_next(*, actor: User, wanted: Filter, after: Case | None = None) -> Case | None:
    """Claim the next case that is free for this moderator, behind `after` and then from the start; None: none is left.

    Own texts, and appeals against a decision that they took part in, are passed over; of two moderators who ask at once
    each gets another case.
    """
    free = cases(wanted, actor).filter(_held("free", actor, timezone.now()) | Q(claimed_by=actor))
    places = [free.filter(behind(after)), free.exclude(pk=after.pk)] if after is not None else [free]
    for place in places:
        for found in place.select_related("opinion__author", "argument__author")[:_TRIES]:
            try:
                return moderation.claim(actor=actor, case=found)
            except DomainError:
                continue
    return None


# --- parts --------------------------------------------------------------------------------------------


def behind(case: Case) -> Q:
    """What comes after a case in the order of `CaseQuerySet.waiting`."""
    later = Q(opened_at__gt=case.opened_at) | Q(opened_at=case.opened_at, id__gt=case.pk)
    if case.urgent_since is None:
        # Follows from the rest, but the index can start at it.
        return Q(urgent_since=None, opened_at__gte=case.opened_at) & later
    return Q(urgent_since=None) | Q(urgent_since__gt=case.urgent_since) | Q(urgent_since=case.urgent_since) & later


def _held(held: str, reader: User, now: datetime) -> Q:
    running = Q(claimed_until__gt=now)
    if held == "mine":
        return running & Q(claimed_by=reader)
    if held == "others":
        return running & ~Q(claimed_by=reader)
    return Q(claimed_until=None) | Q(claimed_until__lte=now)


def number_in(words: str) -> int | None:
    """The number of an opinion, when a search is one and nothing else: 12, No. 12, #12."""
    return given.number(words.strip().removeprefix("No.").strip().lstrip("#"), digits=8)


def _search(words: str) -> Q:
    """Every word stands in the text; a number alone is the number of an opinion."""
    number = number_in(words)
    if number is not None:
        return Q(opinion__number=number)
    found = Q()
    for word in words.split():
        texts = Q(argument__text__icontains=word)
        for name in ("proposal", "problem", "reason"):
            texts |= Q(argument=None, **{f"version__{name}__icontains": word})
        found &= texts
    return found
