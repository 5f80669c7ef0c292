"""Personal data in what people write: where it looks like some, for moderators and for the author before sending.

It marks, and never blocks or changes a text. What the rules leave alone on purpose: numbers of companies' services
(1588-…, 080-…), numbers that are published as such (ORCID, patents, grants), numbers hidden in part so that nobody
can be called (010-****-5678), and whatever stands in a web address but for an e-mail address. An office's telephone
and e-mail are marked all the same: only a person can tell whether somebody's name hangs on them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consultations import personal_contacts, personal_papers
from consultations.folding import fold
from consultations.personal_signs import ENOUGH, NumberRule, Rule, Sign, begins
from consultations.personal_signs import Kind as Kind  # for who shows what was found

RULES: tuple[Rule, ...] = (
    personal_contacts.emails,
    personal_contacts.spelled_phones,
    personal_papers.ibans,
    personal_papers.passports,
    personal_papers.old_licences,
)
NUMBER_RULES: tuple[NumberRule, ...] = (
    personal_contacts.phone,
    personal_contacts.foreign_phone,
    personal_papers.resident,
    personal_papers.account,
    personal_papers.card,
    personal_papers.licence,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|1(?<![0-9].)0\.[0-9]{4,9}/)[^\s<>\"]+")


@dataclass(frozen=True, order=True)
class Found:
    """A part of a text that looks like personal data: its place and length in characters of the text as given."""

    start: int
    length: int
    kind: Kind

    @property
    def end(self) -> int:
        return self.start + self.length


def find(text: str) -> list[Found]:
    """What looks like personal data, in the order of the text, never overlapping. Takes time in proportion to length."""
    folded = fold(text)
    addresses = [found.span() for found in _ADDRESS.finditer(folded.text)]
    signs = [
        sign
        for sign in _signs(folded.text)
        if sign.weight >= ENOUGH and (sign.kind == Kind.EMAIL or not _touches(sign, addresses))
    ]
    return [Found(*folded.origin(sign.start, sign.end), sign.kind) for sign in _apart(signs)]


def _signs(text: str) -> Iterator[Sign]:
    for rule in RULES:
        yield from rule(text)
    for start in begins(text):
        for number_rule in NUMBER_RULES:
            if sign := number_rule(text, start):
                yield sign


def _touches(sign: Sign, spans: list[tuple[int, int]]) -> bool:
    """Whether the sign overlaps one of the spans, which are in order and apart."""
    before = bisect_left(spans, (sign.end, 0))
    return before > 0 and spans[before - 1][1] > sign.start


def _apart(signs: list[Sign]) -> list[Sign]:
    """Of signs that overlap the weightiest, then the longest; in the order of the text."""
    taken: list[Sign] = []
    for sign in sorted(signs, key=lambda s: (s.start, s.end)):
        while taken and taken[-1].end > sign.start and _outweighs(sign, taken[-1]):
            taken.pop()
        if not taken or taken[-1].end <= sign.start:
            taken.append(sign)
    return taken


def _outweighs(one: Sign, other: Sign) -> bool:
    return (one.weight, one.end - one.start) > (other.weight, other.end - other.start)


def is_in(text: Any) -> bool:
    """Whether a version of an opinion, or an argument, seems to hold personal data in any of its fields."""
    return any(find(value) for value in texts_of(text).values())


def texts_of(text: Any) -> dict[str, str]:
    """The filled fields of a version or of an argument, by name, in the order of the form; several lines as one text."""
    values = {name: getattr(text, name) for name in (*FIELDS, "text") if hasattr(text, name)}
    return {name: "\n".join(v) if isinstance(v, list) else v for name, v in values.items() if v}


# --- how it is shown --------------------------------------------------------------------------------


def marked(text: str, found: list[Found]) -> SafeString:
    """The text as safe HTML with each found part in a `<mark>` that says its kind; everything else is escaped.

    `found` is what `find` gave for this very text. A screen reader hears the kind before the part.
    """
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, found)))


def _pieces(text: str, found: list[Found]) -> Iterator[str]:
    done = 0
    for part in sorted(found, key=attrgetter("start")):
        yield text[done : part.start]
        yield format_html(
            '<mark title="{0}"><span class="visually-hidden">{0}: </span>{1}</mark>',
            part.kind.label,
            text[part.start : part.end],
        )
        done = part.end
    yield text[done:]


@dataclass(frozen=True)
class Note:
    """What the author is told, before sending, of one part of the text. It asks for nothing."""

    sentence: Promise
    part: str


SENTENCES = {
    Kind.RESIDENT: _("This looks like a resident registration number. Readers can see it."),
    Kind.PHONE: _("This looks like a phone number. Readers can see it."),
    Kind.EMAIL: _("This looks like an e-mail address. Readers can see it."),
    Kind.ACCOUNT: _("This looks like a bank account number. Readers can see it."),
    Kind.PASSPORT: _("This looks like a passport number. Readers can see it."),
    Kind.LICENCE: _("This looks like a driver's licence number. Readers can see it."),
    Kind.CARD: _("This looks like a card number. Readers can see it."),
}
#: The fields that people write into, in the order of the form.
FIELDS = ("proposal", "problem", "reason", "addressee", "evidence", "interests")
#: So much of a field is looked at: more than can be submitted. A draft may hold a long paste.
LONGEST = 20_000
MOST_NOTES = 5


def notes(fields: Mapping[str, Any]) -> list[Note]:
    """What in the fields looks like personal data, each part once, at most `MOST_NOTES`, for its author to think of."""
    texts = (str(fields.get(name, ""))[:LONGEST] for name in FIELDS)
    seen = {(part.kind, text[part.start : part.end]): None for text in texts for part in find(text)}
    return [Note(SENTENCES[kind], part) for kind, part in list(seen)[:MOST_NOTES]]
