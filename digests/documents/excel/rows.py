"""What a sheet is: a name, columns with their types, rows. Numbers are numbers, everything else is text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from digests.report.source import Source

Value = str | int | float | date | datetime | None
Row = Sequence[Value]


@dataclass(frozen=True)
class Column:
    """`kind`: text, long (wrapped), number, share, decimal, day or moment."""

    label: str
    kind: str = "text"
    width: float = 12


@dataclass(frozen=True)
class Sheet:
    """A table under one header. `fixed`: how many columns stay in view."""

    name: str
    columns: tuple[Column, ...]
    rows: list[Row]
    fixed: int = 0


def part(count: int, total: int) -> float | None:
    return count / total if total else None


def local(iso: str, source: Source) -> datetime:
    """A moment in the edition's zone; a cell knows no zone."""
    zone = ZoneInfo(source.content["edition"]["time_zone"])
    return datetime.fromisoformat(iso).astimezone(zone).replace(tzinfo=None)


def named(source: Source) -> tuple[Column, Column]:
    return Column(source.words("column_number"), "number", 7), Column(source.words("column_proposal"), "long", 60)


def proposal(number: int, source: Source) -> str:
    return source.rows[number].proposal if number in source.rows else ""
