"""The texts of the sample, read from their files."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

#: One bilingual row as it stands in the file: field → text.
Texts = dict[str, str]


@dataclass(frozen=True)
class SampleOpinion:
    """One invented opinion. `agree`: how probably each kind of member agrees; empty while it is queued."""

    theme: str
    fields: dict[str, Any]
    agree: tuple[float, ...]

    @property
    def is_published(self) -> bool:
        return bool(self.agree)


@cache
def summit() -> dict[str, Any]:
    """Summit, meetings with agenda, consultation, themes and societies."""
    return tomllib.loads((_HERE / "summit.toml").read_text(encoding="utf-8"))


@cache
def opinions() -> tuple[SampleOpinion, ...]:
    """Published opinions in the order of their publication, then those that wait in the queue."""
    found = tomllib.loads((_HERE / "opinions.toml").read_text(encoding="utf-8"))
    return tuple(_opinion(dict(entry)) for entry in [*found["published"], *found["queued"]])


def _opinion(entry: dict[str, Any]) -> SampleOpinion:
    return SampleOpinion(theme=entry.pop("theme"), agree=tuple(entry.pop("agree", ())), fields=entry)
