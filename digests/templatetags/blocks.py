"""How a page shows the blocks of a report."""

from collections.abc import Iterator

from django import template

from consultations.counts import Counts
from digests.report.blocks import Cell, Column, Table

register = template.Library()


@register.filter
def counted(counts: tuple[int, int, int]) -> Counts | None:
    """Agree, pass and disagree as the tally component takes them; nothing without votes."""
    found = Counts(*counts)
    return found if found.total else None


@register.filter
def template_of(kind: str) -> str:
    """The template of a kind of block: a new kind needs one file, and no branch anywhere."""
    return f"digests/blocks/{kind}.html"


@register.filter
def under_columns(table: Table) -> Iterator[list[tuple[Cell, Column]]]:
    """The rows of a table, each cell with its column."""
    for row in table.rows:
        yield list(zip(row, table.columns, strict=True))
