"""Whether small cells can be had from published numbers by subtracting them from each other."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.cells import SMALLEST

Cell = Hashable
#: Bounds of whole numbers that are nearer than this are the same.
SAME = 1e-6


class Figure(NamedTuple):
    """A published number: the sum of people over `cells`. Cells may be anything hashable: ("society", 3, "agree")."""

    cells: frozenset[Cell]
    number: int


class Exposed(NamedTuple):
    """People who can be counted although they are few: `cells` are those that no figure tells apart."""

    cells: frozenset[Cell]
    number: int


def figure(cells: Iterable[Cell], number: int) -> Figure:
    """A published number over these cells."""
    return Figure(frozenset(cells), int(number))


def exposed(figures: Sequence[Figure], smallest: int = SMALLEST) -> list[Exposed]:
    """What is determined by all figures taken together and counts under `smallest` people, the smallest number first.

    Cells are unknown numbers of people, 0 or more; each figure is an equation. Cells that stand in the same figures are one
    unknown, their sum: two merged societies of three people are a small cell as much as one. An unknown is determined when its
    least and largest possible value (two linear programmes) are the same. Raises ValueError for figures that contradict each
    other.

    >>> a, b, c = "abc"
    >>> [(sorted(e.cells), e.number) for e in exposed([figure([a, b, c], 30), figure([a, b], 27)])]
    [(['c'], 3)]
    """
    blocks = _blocks(figures)
    table = np.array([[float(block <= f.cells) for block in blocks] for f in figures])
    numbers = np.array([float(f.number) for f in figures])
    found = []
    for at, block in enumerate(blocks):
        low, high = (_bound(table, numbers, at, sign) for sign in (1.0, -1.0))
        if high - low < SAME and round(low) < smallest:
            found.append(Exposed(block, round(low)))
    return sorted(found, key=lambda e: (e.number, sorted(map(repr, e.cells))))


def _blocks(figures: Sequence[Figure]) -> list[frozenset[Cell]]:
    """Cells by the figures that they are in, in the order in which they first come."""
    together: dict[tuple[bool, ...], list[Cell]] = {}
    for cell in dict.fromkeys(cell for f in figures for cell in sorted(f.cells, key=repr)):
        together.setdefault(tuple(cell in f.cells for f in figures), []).append(cell)
    return [frozenset(cells) for cells in together.values()]


def _bound(table: NDArray[np.float64], numbers: NDArray[np.float64], at: int, sign: float) -> float:
    """The least (sign 1) or largest (−1) value of one unknown; infinite where there is none."""
    cost = np.zeros(table.shape[1])
    cost[at] = sign
    solved = linprog(cost, A_eq=table, b_eq=numbers, bounds=(0, None), method="highs")
    if solved.status == 2:
        raise ValueError("the figures contradict each other")
    return sign * float(solved.fun) if solved.status == 0 else -sign * np.inf
