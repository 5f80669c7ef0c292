"""What earlier published editions of a consultation said: what an edition compares itself with."""

import json
from typing import Any

from django.db.models import QuerySet

from digests.content import iso
from digests.models import Edition


def edition_before(consultation_id: int) -> dict[str, Any] | None:
    """The edition that this one follows: what it said of each opinion, from its stored JSON."""
    names = ("number", "publish_sequence", "cutoff_at", "content_sha256", "manifest_sha256")
    published = list(_published(consultation_id).values(*names, "content"))
    if not published:
        return None
    contents = [_opinions_of(row["content"]) for row in published]
    last = published[-1]
    return {
        **{name: last[name] for name in names},
        "cutoff_at": iso(last["cutoff_at"]),
        # Of a withdrawn edition nothing is known to have moved.
        "opinions": [[row["number"], row["rank"], row["share"]] for row in contents[-1] or []],
        "ever": _numbers(contents),
    }


def numbers_ever(consultation_id: int) -> list[int] | None:
    """The numbers of the opinions of all published editions; None where one was withdrawn, because it said which."""
    return _numbers(
        [_opinions_of(content) for content in _published(consultation_id).values_list("content", flat=True)]
    )


def _published(consultation_id: int) -> QuerySet[Edition]:
    return Edition.objects.published().filter(consultation=consultation_id).order_by("number")


def _numbers(contents: list[list[dict[str, Any]] | None]) -> list[int] | None:
    if any(opinions is None for opinions in contents):
        return None
    return sorted({row["number"] for opinions in contents for row in opinions or []})


def _opinions_of(content: bytes | memoryview) -> list[dict[str, Any]] | None:
    """What the stored JSON says of each opinion; None of a withdrawn edition, whose JSON is gone."""
    held = bytes(content)
    return json.loads(held).get("opinions", []) if held else None
