"""What earlier published editions of a consultation said: what an edition compares itself with."""

import json
from typing import Any

from digests.content import iso
from digests.models import Edition


def edition_before(consultation_id: int) -> dict[str, Any] | None:
    """The edition that this one follows: what it said of each opinion, from its stored JSON."""
    names = ("number", "publish_sequence", "cutoff_at", "content_sha256", "manifest_sha256")
    published = Edition.objects.published().filter(consultation=consultation_id)
    last = published.order_by("-number").values(*names, "content").first()
    if last is None:
        return None
    held = bytes(last["content"])  # empty when it was withdrawn: then nothing is known to have moved
    opinions = _opinions_of(held)
    return {
        **{name: last[name] for name in names},
        "cutoff_at": iso(last["cutoff_at"]),
        "opinions": [[row["number"], row["rank"], row["share"]] for row in opinions],
        "ever": numbers_ever(consultation_id),
    }


def numbers_ever(consultation_id: int) -> list[int] | None:
    """The numbers of the opinions of all published editions; None where one was withdrawn, because it said which."""
    held = Edition.objects.published().filter(consultation=consultation_id).values_list("content", flat=True)
    contents = [bytes(content) for content in held]
    if not all(contents):
        return None
    return sorted({row["number"] for content in contents for row in _opinions_of(content)})


def _opinions_of(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content).get("opinions", []) if content else []
    return found
