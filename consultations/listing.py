"""The list of published opinions: filters, and pages by key."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from consultations import authors, counts, voting
from consultations.models import Consultation, Opinion

PAGE = 20


@dataclass
class Card:
    """One opinion as a list shows it to one reader."""

    opinion: Opinion
    byline: str
    counts: counts.Counts | None
    my_vote: int | None


@dataclass
class Page:
    """Some cards and the key of where the next page starts; empty at the end."""

    cards: list[Card]
    next_key: str
    theme_id: int | None


def read(consultation: Consultation, reader: Any, query: QueryDict) -> Page:
    """A page of the list, the newest first. Paging is by publish sequence, never by offset."""
    found = consultation.opinions.published().select_related("version", "theme").order_by("-publish_sequence")
    theme_id = _number(query.get("theme"))
    if theme_id is not None:
        found = found.filter(theme=theme_id)
    before = _number(query.get("before"))
    if before is not None:
        found = found.filter(publish_sequence__lt=before)
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(cards(rows, consultation, reader), str(rows[-1].publish_sequence) if more else "", theme_id)


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


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None
