"""The canonical content of an edition: what the facts of a snapshot say, as one JSON that every document is made from.

Plain data in, plain data out: no query, no clock, no language of a reader. The same facts give the same bytes.
"""

import hashlib
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from digests import figures, recommendations
from digests.participation import SMALLEST_CELL, participation
from digests.snapshot import iso

FORMAT_VERSION = 1


class TextMissing(DomainError):
    """Something that organisers write stands in one language only; the message says where."""

    code = "text_missing"


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes of a content: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def build(facts: dict[str, Any], *, number: int, cutoff_at: datetime) -> dict[str, Any]:
    """The content of edition `number`. Raises `TextMissing` where a text of the organisers lacks a language, and
    `BlockInvalid` where a recommendation or note cannot be published as it stands.
    """
    _check_languages(facts)
    opinions = figures.opinions(facts)
    before = facts["before"]
    return {
        "format": "summit-digest",
        "format_version": FORMAT_VERSION,
        "edition": {
            "number": number,
            "cutoff_at": iso(cutoff_at),
            "time_zone": facts["time_zone"],
            "input_sha256": digest_of(facts),
            "before": before and {k: before[k] for k in ("number", "cutoff_at", "content_sha256")},
        },
        "summit": facts["summit"],
        "meeting": facts["meeting"],
        "consultation": _consultation(facts),
        "headline": _headline(facts, opinions),
        "participation": participation(facts),
        "moderation": _moderation(facts["moderation"]),
        "themes": _themes(facts["themes"], opinions),
        "opinions": opinions,
        **figures.findings(opinions),
        "method": figures.METHOD | {"compiler": facts["compiler"], "smallest_cell": SMALLEST_CELL},
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


def _themes(themes: list[dict[str, Any]], opinions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each theme's opinions, the surest agreement first; what has no theme comes last, under no title.

    The opinions' `theme` becomes the theme's place in this list: a key of the database means nothing outside.
    """
    places = {theme["id"]: place for place, theme in enumerate(themes, 1)}
    for opinion in opinions:
        opinion["theme"] = places.get(opinion["theme"])
    sections = []
    for place, title in [*((places[t["id"]], t["title"]) for t in themes), (None, None)]:
        own = sorted((o for o in opinions if o["theme"] == place), key=figures.by_rank)
        if own or place is not None:
            votes = sum(o["votes"]["total"] for o in own)
            sections.append({"place": place, "title": title, "votes": votes, "numbers": [o["number"] for o in own]})
    return sections


def _moderation(moderation: dict[str, Any]) -> dict[str, Any]:
    """What was received and what became of it; the reasons of rejections as counted from the decisions."""
    states = moderation["states"]
    waiting = sum(states.get(state, 0) for state in ("submitted", "changes_requested"))
    reasons = [{"reason": r, "count": n} for verb, r, n in moderation["decisions"] if verb == "reject" and r]
    return {
        "received": sum(states.values()),
        "waiting": waiting,
        "reasons": sorted(reasons, key=lambda row: (-row["count"], row["reason"])),
        **{
            state: states.get(state, 0) for state in ("published", "rejected", "held", "removed", "merged", "withdrawn")
        },
    }


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
