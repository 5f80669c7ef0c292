"""Content of an earlier format, read as the present one: what it did not have yet stands as nothing.

The one place that knows versions: published editions never change, so their pages are rendered from what was stored.
"""

from typing import Any

#: Parts that version 1 lacks; None: not part of it, so no section and no sentence about it.
_SINCE_2: dict[str, Any] = {
    "groups": None,
    "across": None,
    "minority": None,
    "balance": None,
    "priorities": None,
    "changes": None,
    "recommendations": [],
    "last_digest": [],
    "errata": [],
}
_OPINION: dict[str, Any] = {"groups": None, "balance": None, "arguments": []}
_PARTICIPATION: dict[str, Any] = {"societies": [], "sectors": [], "stages": [], "days": []}
#: What was counted of decisions before they were counted by week stays as it was; None: not said then.
_MODERATION: dict[str, Any] = {
    **dict.fromkeys(("decided", "median_minutes", "slowest_minutes", "known", "time_zone", "timed", "in_time")),
    **dict.fromkeys(("came_in", "acts", "appeals", "removals", "holds", "without_reason")),
    "weeks": [],
    "periods": [],
}
_METHOD: dict[str, Any] = {"groups": None, "versions": {}, "across": None, "q": None}


def upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """The content with every key of the present version; what it has is kept, the given one is not changed."""
    return {
        **_SINCE_2,
        **content,
        "participation": _PARTICIPATION | content["participation"],
        "moderation": _MODERATION | content["moderation"],
        "method": _METHOD | content["method"],
        "themes": [{"topics": []} | theme for theme in content["themes"]],
        "opinions": [_OPINION | opinion for opinion in content["opinions"]],
    }
