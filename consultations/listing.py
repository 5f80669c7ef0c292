"""The list of published opinions: filters, search, orders, and pages by key."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from django.core.cache import cache
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce
from django.http import QueryDict

from common import given, text
from consultations import authors, counts, orders, search, voting
from consultations.models import Consultation, Opinion, Vote
from consultations.models.opinions import ShownAs
from consultations.orders import Order

PAGE = 20
LANGUAGES = ("ko", "en")
#: So many addressees are offered as a filter, those that most opinions name; kept for a minute.
ADDRESSEES = 30
KEPT = 60


@dataclass
class Card:
    """One opinion as a list shows it to one reader."""

    opinion: Opinion
    byline: str
    counts: counts.Counts | None
    my_vote: int | None


@dataclass(frozen=True)
class Asked:
    """What a reader asked to see, each part read by its own rule; what cannot be read counts as not asked."""

    theme: int | None = None
    language: str = ""
    society: int | None = None
    addressee: str = ""
    q: str = ""

    @property
    def narrows(self) -> bool:
        return self != Asked()


@dataclass
class Page:
    """Some cards and the key of where the next page starts; empty at the end."""

    cards: list[Card]
    next_key: str
    asked: Asked
    order: Order
    orders: list[Order]
    societies: list[authors.Named]

    @property
    def theme_id(self) -> int | None:
        return self.asked.theme


def asked_of(query: QueryDict) -> Asked:
    """Read the filters of an address."""
    language = query.get("language", "")
    return Asked(
        theme=number(query.get("theme")),
        language=language if language in LANGUAGES else "",
        society=number(query.get("society")),
        addressee=text.clean_line(query.get("addressee", "")[:200]),
        q=text.clean_line(query.get("q", "")[: search.LONGEST_QUERY]),
    )


def read(consultation: Consultation, reader: Any, query: QueryDict, now: datetime | None = None) -> Page:
    """A page of the list as this reader may see it; two queries, in the random order three at most.

    An order that the reader may not use is as if it had not been asked for. Paging is by key, never by offset.
    """
    asked = asked_of(query)
    offered = orders.offered(consultation, reader, now)
    order = next((o for o in offered if o.word == query.get("order")), orders.NEWEST)
    societies = authors.named_societies(consultation)
    rows = narrowed(consultation.opinions.published(), asked, societies)
    rows = with_own_vote(rows.select_related("version", "theme", *authors.JOINED), consultation, reader)
    rows = rows.defer("version__reason", "version__interests")
    if order.word == "waiting":
        rows = waiting(rows)
    found = _page(rows, order, query.get("after", ""), _seed(consultation, reader, query))
    more = len(found) > PAGE
    found = found[:PAGE]
    lines = authors.bylines_of_joined(found, societies)
    for opinion in found:
        opinion.consultation = consultation
    made = [_card(reader, opinion, lines[opinion.pk], now) for opinion in found]
    return Page(made, _key_of(found[-1], order) if more else "", asked, order, offered, societies)


def narrowed(rows: QuerySet[Opinion], asked: Asked, societies: list[authors.Named]) -> QuerySet[Opinion]:
    """The opinions that pass every filter.

    A society finds only opinions that are shown with its name: the filter must not tell what a byline conceals.
    """
    if asked.theme is not None:
        rows = rows.filter(theme=asked.theme)
    if asked.language:
        rows = rows.filter(language=asked.language)
    if asked.addressee:
        rows = rows.filter(version__addressee=asked.addressee)
    if asked.society is not None:
        if asked.society not in {s.pk for s in societies}:
            return rows.none()
        rows = rows.filter(author__roll_entry__society=asked.society).exclude(shown_as=ShownAs.MEMBER)
    return search.matching(rows, asked.q) if asked.q else rows


def cards(opinions: list[Opinion], consultation: Consultation, reader: Any) -> list[Card]:
    """What this reader may see of some opinions of one consultation; a fixed number of queries."""
    for opinion in opinions:
        opinion.consultation = consultation
    mine = voting.votes_of(reader, opinions)
    lines = authors.bylines(opinions)
    return [
        Card(o, lines.get(o.pk, ""), counts.visible_counts(reader, o, has_voted=o.pk in mine), mine.get(o.pk))
        for o in opinions
    ]


def addressees(consultation: Consultation) -> list[str]:
    """Whom most published opinions address."""
    key = addressees_key(consultation.pk)
    kept: list[str] | None = cache.get(key)
    if kept is None:
        kept = list(
            consultation.opinions.published()
            .exclude(version__addressee="")
            .values_list("version__addressee", flat=True)
            .order_by("version__addressee")
            .distinct()[:ADDRESSEES]
        )
        cache.set(key, kept, KEPT)
    return kept


def addressees_key(consultation_id: int) -> str:
    """Under which the addressees of a consultation are kept."""
    return f"addressees:{consultation_id}"


def number(value: str | None) -> int | None:
    """A number of an address that fits a column of the database."""
    return given.number(value, digits=9)


# --- one page -------------------------------------------------------------------------------------


def with_own_vote(rows: QuerySet[Opinion], consultation: Consultation, reader: Any) -> QuerySet[Opinion]:
    """Each opinion with the reader's counting vote, looked up row by row in the index of votes.

    A join would read all votes of the reader first, which for somebody who voted on nearly everything is slower.
    """
    if not reader.is_authenticated:
        return rows
    mine = Vote.objects.filter(
        opinion=OuterRef("pk"),
        version_number__gte=OuterRef("version__votes_since"),
        participant__consultation=consultation.pk,
        participant__user=reader.pk,
        participant__voided_at=None,
    )
    return rows.annotate(my_vote=Subquery(mine.values("value")[:1]))


def waiting(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """Those without a vote of `with_own_vote`.

    Said as an inequality: of a null test the planner believes that almost no row passes, and sorts them all
    instead of walking the order's index until the page is full.
    """
    return rows.alias(waits=Coalesce("my_vote", 9)).filter(Q(waits__gt=1))


def _card(reader: Any, opinion: Opinion, byline: str, now: datetime | None) -> Card:
    mine: int | None = getattr(opinion, "my_vote", None)
    return Card(opinion, byline, counts.visible_counts(reader, opinion, has_voted=mine is not None, now=now), mine)


def _seed(consultation: Consultation, reader: Any, query: QueryDict) -> float:
    """A person's own seed; a visitor's stands in the address, in thousandths."""
    if reader.is_authenticated:
        return orders.seed_of(reader, consultation)
    return (number(query.get("seed")) or 0) % 1000 / 1000


def _page(rows: QuerySet[Opinion], order: Order, after: str, seed: float) -> list[Opinion]:
    """One row more than a page, from behind a key; the random order starts at the seed and wraps round."""
    key = _parsed(after, order)
    sign = "-" if order.descending else ""
    rows = rows.order_by(*dict.fromkeys((f"{sign}{order.column}", f"{sign}publish_sequence")))
    following = rows if key is None else rows.filter(_beyond(order, key))
    if order.word != "random":
        return list(following[: PAGE + 1])
    if key is not None and key[0] < seed:
        return list(following.filter(shuffle__lt=seed)[: PAGE + 1])
    found = list(following.filter(shuffle__gte=seed)[: PAGE + 1])
    if len(found) <= PAGE:
        found += rows.filter(shuffle__lt=seed)[: PAGE + 1 - len(found)]
    return found


def _beyond(order: Order, key: tuple[float, int]) -> Any:
    if order.column == "publish_sequence":
        return Q(publish_sequence__lt=key[1])
    compare = TupleLessThan if order.descending else TupleGreaterThan
    return compare(Tuple(F(order.column), F("publish_sequence")), key)


def _key_of(opinion: Opinion, order: Order) -> str:
    if order.column == "publish_sequence":
        return str(opinion.publish_sequence)
    return f"{getattr(opinion, order.column)!r}_{opinion.publish_sequence}"


def _parsed(key: str, order: Order) -> tuple[float, int] | None:
    value, _sign, sequence = key[:60].rpartition("_")
    place = number(sequence)
    if place is None:
        return None
    if order.column == "publish_sequence":
        return float(place), place
    try:
        found = float(value)
    except ValueError:
        return None
    return (found, place) if isfinite(found) else None
