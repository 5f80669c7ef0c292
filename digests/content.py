"""The canonical content of an edition: what the facts of a snapshot say, as one JSON that every document is made from.

Plain data in, plain data out: no query, no clock, no language of a reader. The same facts give the same bytes.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from digests import figures, recommendations
from digests.participation import SMALLEST_CELL, participation

FORMAT_VERSION = 2
#: What is found in votes and meanings (`findings.compute`), where there is nothing to find.
NOTHING_FOUND: dict[str, Any] = {
    "groups": figures.NOT_ENOUGH,
    "by_group": {},
    "across": None,
    "minority": [],
    "balance": {},
    "dominant": None,
    "topics": {},
}
#: Facts that a snapshot of before may lack.
NOTHING_READ: dict[str, Any] = {"priorities": {"people": 0, "counts": []}, "seed": 0, "versions": {}}


class TextMissing(DomainError):
    """Something that organisers write stands in one language only; the message says where."""

    code = "text_missing"


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes of a content: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def build(
    facts: dict[str, Any], *, number: int, cutoff_at: datetime, found: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The content of edition `number`. Raises `TextMissing` where a text of the organisers lacks a language, and
    `BlockInvalid` where a recommendation or note cannot be published as it stands.

    `found`: the figures of `findings.compute`; without them the content has no groups, balance or topics.
    """
    _check_languages(facts)
    facts, found, given = NOTHING_READ | facts, NOTHING_FOUND | (found or {}), facts
    opinions = figures.opinions(facts, found)
    return {
        "format": "summit-digest",
        "format_version": FORMAT_VERSION,
        "edition": _edition(facts, number, cutoff_at, digest_of(given)),
        "summit": facts["summit"],
        "meeting": facts["meeting"],
        "consultation": _consultation(facts),
        "headline": _headline(facts, opinions),
        "participation": participation(facts),
        "moderation": facts["moderation"],
        "themes": _themes(facts["themes"], opinions, found["topics"]),
        "opinions": opinions,
        **figures.findings(opinions),
        "groups": found["groups"],
        "across": found["across"],
        "minority": found["minority"],
        "balance": _balance(facts, found),
        "priorities": figures.priorities(facts),
        "changes": figures.changes(facts["before"], opinions),
        "method": _method(facts),
        **_written(facts, opinions, cutoff_at),
    }


def _written(facts: dict[str, Any], opinions: list[dict[str, Any]], cutoff_at: datetime) -> dict[str, Any]:
    """What organisers wrote, its numbers filled in, and what became of earlier recommendations."""
    day = cutoff_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    known = recommendations.source(opinions, _headline(facts, opinions), participation(facts))
    return {
        "recommendations": recommendations.build(facts.get("blocks", []), known, day=day),
        "last_digest": recommendations.last_digest(facts.get("answers", []), facts["before"]),
        "errata": facts.get("errata", []),
    }


def _edition(facts: dict[str, Any], number: int, cutoff_at: datetime, input_sha256: str) -> dict[str, Any]:
    before = facts["before"]
    return {
        "number": number,
        "cutoff_at": iso(cutoff_at),
        "time_zone": facts["time_zone"],
        "input_sha256": input_sha256,
        "before": before and {k: before[k] for k in ("number", "cutoff_at", "content_sha256")},
    }


def _balance(facts: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {"smallest": SMALLEST_CELL, "dominant": found["dominant"], "known": facts["roll"] is not None}


def _method(facts: dict[str, Any]) -> dict[str, Any]:
    return figures.METHOD | {
        "compiler": facts["compiler"],
        "smallest_cell": SMALLEST_CELL,
        "groups": figures.GROUPS_METHOD | {"seed": facts["seed"]},
        "versions": facts["versions"],
    }


def last_sequence(facts: dict[str, Any]) -> int:
    """Where the next edition's "new" begins: never before where the edition before ended."""
    before: int = facts["before"]["publish_sequence"] if facts["before"] else 0
    sequences: list[int] = [opinion["sequence"] for opinion in facts["opinions"]]
    return max([before, *sequences])


def _consultation(facts: dict[str, Any]) -> dict[str, Any]:
    consultation = facts["consultation"]
    return {
        **consultation,
        "url": f"{facts['site']}/consultations/{consultation['slug']}/",
        "voting_closed": facts["voting_closed"],
    }


def _headline(facts: dict[str, Any], opinions: list[dict[str, Any]]) -> dict[str, int | None]:
    roll = facts["roll"]
    return {
        "opinions": len(opinions),
        "new": sum(opinion["new"] for opinion in opinions),
        "votes": sum(opinion["votes"]["total"] for opinion in opinions),
        "voters": facts["voters"],
        "societies": None if roll is None else sum(society["voters"] > 0 for society in roll),
    }


def _themes(
    themes: list[dict[str, Any]], opinions: list[dict[str, Any]], topics: dict[int | None, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Each theme's opinions, the surest agreement first, and its topics; what has no theme comes last, under no title.

    The opinions' `theme` becomes the theme's place in this list: a key of the database means nothing outside.
    """
    places = {theme["id"]: place for place, theme in enumerate(themes, 1)}
    for opinion in opinions:
        opinion["theme"] = places.get(opinion["theme"])
    sections = []
    for place, key, title in [*((places[t["id"]], t["id"], t["title"]) for t in themes), (None, None, None)]:
        own = sorted((o for o in opinions if o["theme"] == place), key=figures.by_rank)
        if own or place is not None:
            votes = sum(o["votes"]["total"] for o in own)
            numbers = [o["number"] for o in own]
            section = {
                "place": place,
                "title": title,
                "votes": votes,
                "numbers": numbers,
                "topics": topics.get(key, []),
            }
            sections.append(section)
    return sections


def _check_languages(facts: dict[str, Any]) -> None:
    """A text may be absent, but not in one language only."""
    texts = {"summit": facts["summit"], "meeting": facts["meeting"] or {}, "consultation": facts["consultation"]}
    found = [
        f"{where}.{name} ({missing})"
        for where, row in texts.items()
        for name, value in row.items()
        if isinstance(value, dict) and (missing := _missing(value))
    ]
    found += [f"theme “{_either(t['title'])}” ({m})" for t in facts["themes"] if (m := _missing(t["title"]))]
    if found:
        raise TextMissing(_("A text is there in one language only: %(where)s.") % {"where": ", ".join(found)})


def _missing(text: dict[str, str]) -> str:
    lacking = [language for language in ("ko", "en") if not text[language]]
    return lacking[0] if len(lacking) == 1 else ""


def _either(text: dict[str, str]) -> str:
    return text["ko"] or text["en"]
