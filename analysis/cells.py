"""Tables of people in which no cell is small, nor can be had by subtracting.

The threshold rule of official statistics: A. Hundepool and others, *Statistical Disclosure Control* (2012). Plain Python: a
web process may load it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: A cell that counts fewer people is merged with others.
SMALLEST = 5

Row = Mapping[str, int]


class Merged(NamedTuple):
    """One line of a table that may be published: the rows that are summed in it (indices into what was given), and its
    counts. A line of one row may carry that row's name; a line of several has none."""

    rows: tuple[int, ...]
    counts: dict[str, int]


def merged(rows: Sequence[Row], columns: Sequence[str], smallest: int = SMALLEST) -> list[Merged]:
    """Lines of which every cell counts at least `smallest`, beside a published total of each column.

    Each row holds a count for each of `columns`; the first decides what is large. A row with a small cell (0 too) goes with
    the others of its kind in one line, the same rows for every column, so that no column can be set off against another.
    While that line has a small cell, the smallest other row joins it: else the total, less the other lines, would give it
    away. Lines come largest first, the joint one last. When not even all rows together are large enough, no
    line is left; whether the total, small itself, may be published is for the caller to decide.

    A count that follows from two columns (who did not vote: people less voters) is a cell too: give it as a column of its
    own if it can be small.

    >>> lines = merged([{"people": 9}, {"people": 30}, {"people": 3}], ["people"])
    >>> [(line.rows, line.counts["people"]) for line in lines]
    [((1,), 30), ((0, 2), 12)]
    """
    first = columns[0]
    order = sorted(range(len(rows)), key=lambda at: (-rows[at][first], at))
    alone = [at for at in order if not _is_small(rows[at], columns, smallest)]
    joint = [at for at in order if at not in set(alone)]
    while joint and alone and _is_small(summed(rows, joint, columns), columns, smallest):
        joint.append(alone.pop())
    lines = [Merged((at,), summed(rows, [at], columns)) for at in alone]
    if joint and not _is_small(counts := summed(rows, joint, columns), columns, smallest):
        lines.append(Merged(tuple(sorted(joint)), counts))
    return lines


def summed(rows: Sequence[Row], chosen: Sequence[int], columns: Sequence[str]) -> dict[str, int]:
    """The sum of each column over the chosen rows."""
    return {name: sum(rows[at][name] for at in chosen) for name in columns}


def _is_small(row: Row, columns: Sequence[str], smallest: int) -> bool:
    return any(row[name] < smallest for name in columns)
