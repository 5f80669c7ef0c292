"""The canonical content itself."""

from typing import Any

from digests.content import canonical


def render(content: dict[str, Any], language: str | None) -> bytes:
    return canonical(content)
