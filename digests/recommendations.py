"""The organisers' texts of an edition, with their numbers filled in from data. Plain data in, plain data out.

A number is named, not typed: `{{41.agree}}`, `{{41.share}}`, `{{voters}}`. Whatever a finished text says with a percent
sign, or of so many people or votes (명, 표, people, votes), must be one of the figures that its block may name, so that a
number typed by hand is right or stops compiling.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from digests.wording import Words

LANGUAGES = ("ko", "en")
#: What may stand behind the number of an opinion, and alone. Nothing else is a placeholder.
OF_AN_OPINION = ("agree", "pass", "disagree", "n", "share", "pass_share", "disagree_share")
OF_THE_WHOLE = ("opinions", "new", "votes", "voters", "societies", "turnout")
SHARES = {"share": "agree", "pass_share": "pass", "disagree_share": "disagree"}

_PLACEHOLDER = re.compile(r"\{\{\s*(?:(\d{1,9})\.)?([a-z_]{1,20})\s*\}\}", re.ASCII)
_BRACES = re.compile(r"\{\{|\}\}")
_UNITS = {"십": 10, "백": 100, "천": 1_000, "만": 10**4, "억": 10**8, "조": 10**12}
#: 명 and 표 are counters, but not where a longer word begins with them (표준, 명예): then a space stands before.
_PARTICLES = "이|가|은|는|을|를|의|과|와|로|도|만|중|에|씩|뿐|보다|까지|부터|정도|이상|이하|미만|초과|입니다|였|인"
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)((?: ?[십백천만억조] ?\d*)*)"
    r"(?: ?(%|٪|퍼센트|per ?cent(?![a-z]))|[명표]| [명표](?=$|[^가-힣]|(?:" + _PARTICLES + r"))"
    r"|[ -]?(?:votes?|people|persons?)(?![a-z]))",
    re.IGNORECASE,
)

Figures = Mapping[str, int | float | None]


class BlockInvalid(DomainError):
    """Something that organisers wrote cannot be published as it stands; the message names each block and why."""

    code = "block_invalid"


@dataclass(frozen=True)
class Source:
    """What texts may name: the published opinions' figures by number, and those of the whole."""

    opinions: Mapping[int, Figures]
    whole: Figures

    def of(self, numbers: Iterable[int]) -> "Source":
        """The figures that a block bound to these opinions may name."""
        return Source({n: self.opinions[n] for n in numbers if n in self.opinions}, self.whole)


def opinion_figures(agree: int, passed: int, disagree: int) -> Figures:
    """The figures of one opinion by the names of placeholders; shares are None while nobody has voted."""
    counts = {"agree": agree, "pass": passed, "disagree": disagree}
    total = sum(counts.values())
    return {
        **counts,
        "n": total,
        **{share: round(counts[of] / total, 4) if total else None for share, of in SHARES.items()},
    }


def source(opinions: Iterable[dict[str, Any]], headline: Figures, people: Mapping[str, Any]) -> Source:
    """The figures that the texts of a content may name: its opinions, its headline and its turn-out."""
    sides = ("agree", "pass", "disagree")
    figures = {row["number"]: opinion_figures(*(row["votes"][side] for side in sides)) for row in opinions}
    return Source(figures, {**headline, "turnout": people.get("turnout")})


def source_of(content: Mapping[str, Any]) -> Source:
    """The source of a finished content; empty for one without opinions."""
    return source(content.get("opinions", []), content.get("headline", {}), content.get("participation", {}))


def build(blocks: Sequence[dict[str, Any]], known: Source, *, day: date) -> list[dict[str, Any]]:
    """The rows of `recommendations` in a content, numbered in order. Raises `BlockInvalid` with everything wrong."""
    found = []
    for number, block in enumerate(blocks, 1):
        title = block["title"]["ko"] or block["title"]["en"] or "–"
        place = {"number": number, "title": title}
        found += [
            _("Block %(number)d (“%(title)s”): %(reason)s") % {**place, "reason": reason}
            for reason in problems(block, known, day=day)
        ]
    if found:
        raise BlockInvalid(" ".join(found))
    return rows(blocks, known)


def rows(blocks: Sequence[dict[str, Any]], known: Source) -> list[dict[str, Any]]:
    """The rows as `build` makes them, unchecked."""
    return [{"number": number, **_row(block, known)} for number, block in enumerate(blocks, 1)]


def _row(block: dict[str, Any], known: Source) -> dict[str, Any]:
    asks = block["kind"] == "recommendation"
    filled = {name: {lang: fill(block[name][lang], known, lang) for lang in LANGUAGES} for name in ("title", "body")}
    return {
        "kind": block["kind"],
        **filled,
        "opinions": sorted(set(block["opinions"])),
        "addressee": block["addressee"] if asks else None,
        "due_on": block["due_on"] if asks else None,
    }


# --- what is wrong ----------------------------------------------------------------------------------

_NAMES: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "body": gettext_lazy("Text"),
    "addressee": gettext_lazy("Addressee"),
}
_LANGUAGES: dict[str, Promise] = {"ko": gettext_lazy("Korean"), "en": gettext_lazy("English")}


def problems(block: dict[str, Any], known: Source, *, day: date) -> list[str]:
    """Why a block cannot be published, in the reader's language; empty when it can."""
    asks = block["kind"] == "recommendation"
    texts = ("title", "body", "addressee") if asks else ("title", "body")
    found = [
        _("“%(field)s” is missing in %(language)s.") % {"field": _NAMES[name], "language": _LANGUAGES[lang]}
        for name in texts
        for lang in LANGUAGES
        if not block[name][lang]
    ]
    if asks and not block["due_on"]:
        found.append(_("It has no date by which an answer is due."))
    elif asks and date.fromisoformat(block["due_on"]) < day:
        found.append(_("The date by which an answer is due is over."))
    if not block["opinions"]:
        found.append(_("It names no opinion as its source."))
    lacking = [n for n in block["opinions"] if n not in known.opinions]
    found += [_("Opinion No. %(number)d is not published.") % {"number": n} for n in lacking]
    bound = known.of(block["opinions"])
    for name in ("title", "body"):
        for lang in LANGUAGES:
            found += _of_text(block[name][lang], bound, lang)
    return list(dict.fromkeys(found))


def _of_text(text: str, bound: Source, language: str) -> list[str]:
    found = [w for match in _PLACEHOLDER.finditer(text) if (w := _of_placeholder(match, bound))]
    if _BRACES.search(_PLACEHOLDER.sub("", text)):
        found.append(
            _("A placeholder is not closed or not known. Write for example {{41.agree}}, {{41.share}} or {{voters}}.")
        )
    if found:
        return found  # its numbers cannot be checked before its placeholders are right
    return [
        _("“%(number)s” is none of the figures of its opinions or of the whole. Name the figure instead of typing it.")
        % {"number": typed}
        for typed in wrong_numbers(fill(text, bound, language), bound)
    ]


def _of_placeholder(match: re.Match[str], bound: Source) -> str:
    number, name = match.groups()
    if name not in (OF_AN_OPINION if number else OF_THE_WHOLE):
        return _("There is no figure “%(name)s”.") % {"name": match[0]}
    if number and int(number) not in bound.opinions:
        return _("“%(name)s” names an opinion that is not among the block's published sources.") % {"name": match[0]}
    if _value(match, bound) is None:
        return _("“%(name)s” has no value: nobody has voted, or it is not known.") % {"name": match[0]}
    return ""


# --- filling in and checking ------------------------------------------------------------------------


def _value(match: re.Match[str], bound: Source) -> int | float | None:
    number, name = match.groups()
    figures = bound.opinions.get(int(number), {}) if number else bound.whole
    return figures.get(name)


def fill(text: str, bound: Source, language: str) -> str:
    """The text with its placeholders filled in as documents write numbers; what cannot be filled stays."""
    words = Words(language)

    def figure(match: re.Match[str]) -> str:
        value = _value(match, bound)
        if value is None:
            return match[0]
        return words.percent(value) if _is_share(match[2]) else words.count(int(value))

    return _PLACEHOLDER.sub(figure, text)


def _is_share(name: str) -> bool:
    return name in SHARES or name == "turnout"


def wrong_numbers(text: str, bound: Source) -> list[str]:
    """Percentages, and numbers of people or votes, that are none of the figures; as they stand in the text."""
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    every = [pair for figures in (*bound.opinions.values(), bound.whole) for pair in figures.items()]
    shares = [value for name, value in every if value is not None and _is_share(name)]
    counts = {value for name, value in every if value is not None and not _is_share(name)}
    return [
        match[0].strip()
        for match in _NUMBER.finditer(line)
        if not (_is_one_of(match, shares) if match[3] else _composed(match) in counts)
    ]


def _is_one_of(match: re.Match[str], shares: list[int | float]) -> bool:
    """Whether a typed percentage is a share, rounded to the places that were typed."""
    places = len(match[1].partition(".")[2])
    typed = _composed(match)
    return places <= 2 and any(typed == Decimal(f"{share * 100:.{places}f}") for share in shares)


def _composed(match: re.Match[str]) -> Decimal:
    """The value of a number with Korean units: 1만 2천 is 12,000."""
    total, section, number = Decimal(0), Decimal(0), Decimal(match[1].replace(",", ""))
    pending: Decimal | None = number
    for unit, digits in re.findall(r"([십백천만억조]) ?(\d*)", match[2]):
        size = _UNITS[unit]
        if size < 10**4:
            section += (1 if pending is None else pending) * size
        else:
            section += pending or 0
            total, section = total + (section or 1) * size, Decimal(0)
        pending = Decimal(digits) if digits else None
    return total + section + (pending or 0)


# --- what became of them ----------------------------------------------------------------------------


def last_digest(rows: Iterable[dict[str, Any]], before: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The rows of `last_digest` in a content: the edition before, and what earlier ones still waited for then.

    So no recommendation drops out of sight unanswered, and each published answer is reported at least once.
    """
    if before is None:
        return []
    since = datetime.fromisoformat(before["cutoff_at"])
    return [
        {name: value for name, value in row.items() if name != "published_at"}
        for row in rows
        if row["edition"] == before["number"]
        or row["published_at"] is None
        or datetime.fromisoformat(row["published_at"]) >= since
    ]
