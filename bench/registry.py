"""Benchmarks by name, and the table that they print."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of a table: what was done, its seconds, the limit's, and the most memory, in MB, it took."""

    what: str
    seconds: float
    limit: str
    limit_seconds: float
    memory: float | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.limit_seconds


Benchmark = Callable[[], Iterable[Figure]]
BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a benchmark under the name that `python -m bench NAME` takes."""

    def register(function: Benchmark) -> Benchmark:
        BENCHMARKS[name] = function
        return function

    return register


def table(figures: Iterable[Figure]) -> str:
    """The figures as plain text, columns in line."""
    rows = [["what", "seconds", "peak MB", "limit", "seconds", "ratio"]]
    for figure in figures:
        memory = "" if figure.memory is None else f"{figure.memory:,.0f}"
        rows.append(
            [
                figure.what,
                f"{figure.seconds:.2f}",
                memory,
                figure.limit,
                f"{figure.limit_seconds:.2f}",
                f"{figure.ratio:.1f}",
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 3) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
