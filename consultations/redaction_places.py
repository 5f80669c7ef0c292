"""Places of a text that may be redacted, as a page shows them: found by words, or by themselves, in their context.

What looks like personal data (`personal_data`) is proposed; people decide.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from common import given
from consultations import personal_data, redaction
from consultations.deciding import Subject
from consultations.models import Argument, OpinionVersion
from consultations.redaction import Place

#: So many characters before and after a place tell what it is about.
AROUND = 40


class Shown(NamedTuple):
    """A place in its context; `value` is what a form sends back: the place and the fingerprint of its words."""

    place: Place
    label: str
    version: int | None
    before: str
    words: str
    after: str
    value: str


class Piece(NamedTuple):
    """A stretch of a text, marked or not."""

    text: str
    marked: bool


class Field(NamedTuple):
    """One text of a version or an argument, cut at the marked places."""

    label: str
    pieces: list[Piece]


class Version(NamedTuple):
    """The texts of one version (None: an argument's); `pk` says which is in force."""

    number: int | None
    pk: int | None
    fields: list[Field]


def detected(subject: Subject) -> list[Place]:
    """What looks like personal data in every text."""
    return joined(
        Place(version_id, name, found.start, found.length)
        for version_id, name, text in redaction.texts(subject)
        for found in personal_data.find(text)
    )


def of_words(subject: Subject, words: Iterable[str]) -> list[Place]:
    """Every place where one of these stands."""
    return joined(place for part in words for place in redaction.find(subject, part))


def joined(places: Iterable[Place]) -> list[Place]:
    """The same places in order; those that overlap or touch are one."""
    made: list[Place] = []
    for place in sorted(set(places), key=lambda p: (p.version_id or 0, p.field, p.start)):
        last = made[-1] if made else None
        if last is not None and last[:2] == place[:2] and place.start <= last.start + last.length:
            end = max(last.start + last.length, place.start + place.length)
            made[-1] = last._replace(length=end - last.start)
        else:
            made.append(place)
    return made


def overlap(place: Place, others: Iterable[Place]) -> bool:
    end = place.start + place.length
    return any(
        other[:2] == place[:2] and other.start < end and place.start < other.start + other.length for other in others
    )


# --- for a page ---------------------------------------------------------------------------------------


def in_context(subject: Subject, places: Sequence[Place]) -> list[Shown]:
    """Each place with what stands around it; one that is not in the texts (any more) is left out."""
    texts = {(version_id, name): text for version_id, name, text in redaction.texts(subject)}
    numbers = _numbers(subject)
    shown = []
    for place in places:
        text, end = texts.get((place.version_id, place.field), ""), place.start + place.length
        if place.start < 0 or place.length < 1 or end > len(text):
            continue
        words = text[place.start : end]
        before, after = text[max(0, place.start - AROUND) : place.start], text[end : end + AROUND]
        before = f"…{before}" if place.start > AROUND else before
        after = f"{after}…" if end + AROUND < len(text) else after
        number = None if place.version_id is None else numbers[place.version_id]
        shown.append(Shown(place, label(subject, place.field), number, before, words, after, _value(place, words)))
    order = (*redaction.FIELDS, *redaction.ARGUMENT_FIELDS)
    return sorted(shown, key=lambda row: (-(row.version or 0), order.index(row.place.field), row.place.start))


def versions(subject: Subject, places: Sequence[Place]) -> list[Version]:
    """Every text, version by version, the newest first, cut at the marked places."""
    rows = [row for row in redaction.texts(subject) if row[2]]
    numbers = _numbers(subject)
    made = []
    for version_id, group in groupby(rows, key=lambda row: row[0]):
        fields = [
            Field(label(subject, name), _pieces(text, [p for p in places if p[:2] == (version_id, name)]))
            for _pk, name, text in group
        ]
        made.append(Version(None if version_id is None else numbers[version_id], version_id, fields))
    return made[::-1]


def parse(values: Iterable[str]) -> dict[Place, str]:
    """What a form sent back: place → fingerprint; what is none is left out."""
    found = {}
    for value in values:
        parts = value.split(":")
        if len(parts) != 5 or not all(given.number(part) is not None for part in (parts[0] or "0", parts[2], parts[3])):
            continue
        version_id = int(parts[0]) if parts[0] else None
        found[Place(version_id, parts[1], int(parts[2]), int(parts[3]))] = parts[4]
    return found


def label(subject: Subject, name: str) -> str:
    """How people call a field."""
    model = Argument if isinstance(subject, Argument) else OpinionVersion
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _numbers(subject: Subject) -> dict[int, int]:
    return {} if isinstance(subject, Argument) else dict(subject.versions.values_list("pk", "number"))


def _value(place: Place, words: str) -> str:
    at = "" if place.version_id is None else str(place.version_id)
    return f"{at}:{place.field}:{place.start}:{place.length}:{redaction.fingerprint(words)}"


def _pieces(text: str, places: Sequence[Place]) -> list[Piece]:
    made, at = [], 0
    for place in joined(places):
        made += [Piece(text[at : place.start], marked=False)]
        at = place.start + place.length
        made += [Piece(text[place.start : at], marked=True)]
    return [piece for piece in [*made, Piece(text[at:], marked=False)] if piece.text]
