"""How much a body of voters agrees, from counts alone.

Sources: E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, Journal of the
American Statistical Association 22 (1927), for the interval; ranking by its lower bound after E. Miller, *How not to
sort by average rating* (2009): 100 percent of three people must not stand above 90 percent of three hundred.
"""

from collections.abc import Hashable, Mapping
from math import sqrt
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)
#: The two-sided 95 percent point of the normal distribution.
Z95 = 1.959963984540054


class Tally(NamedTuple):
    """Votes on one opinion. Passing is a vote: it is in the base of every share."""

    agree: int
    passed: int
    disagree: int

    @property
    def total(self) -> int:
        return self.agree + self.passed + self.disagree


class Interval(NamedTuple):
    """Where a share lies, with 95 percent confidence."""

    low: float
    high: float


def share(tally: Tally) -> float | None:
    """agree / (agree + pass + disagree); None when nobody voted, because nothing of nothing is no share.

    >>> share(Tally(3, 1, 0))
    0.75
    """
    return tally.agree / tally.total if tally.total else None


def wilson(successes: int, trials: int, z: float = Z95) -> Interval | None:
    """The Wilson score interval of a proportion p = successes / trials; None without trials.

    centre = (p + z²/2n) / (1 + z²/n), half width = z/(1 + z²/n) · √(p(1 − p)/n + z²/4n²). Unlike the textbook
    interval it never leaves 0 … 1 and stays honest for small n.

    >>> [round(x, 4) for x in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}")
    if not trials:
        return None
    p, zz = successes / trials, z * z
    scale = 1 + zz / trials
    centre = (p + zz / (2 * trials)) / scale
    half = z / scale * sqrt(p * (1 - p) / trials + zz / (4 * trials * trials))
    # At the ends the two terms are equal; what remains of subtracting them is rounding error.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Interval(low, high)


def agreement(tally: Tally) -> Interval | None:
    """The Wilson interval of the share that agrees."""
    return wilson(tally.agree, tally.total)


def divided(tally: Tally) -> float | None:
    """How surely an opinion divides: the lower Wilson bound of min(agree, disagree) / n, 0 … 0.5.

    High only when many voted and both sides are large; passing lowers it.
    """
    interval = wilson(min(tally.agree, tally.disagree), tally.total)
    return interval.low if interval else None


def by_agreement(tallies: Mapping[Key, Tally]) -> list[Key]:
    """The keys from the surest agreement down; ties: more votes first, then the smaller key. Unvoted ones are absent."""
    return _ranked({key: (interval.low, t.total) for key, t in tallies.items() if (interval := agreement(t))})


def by_division(tallies: Mapping[Key, Tally]) -> list[Key]:
    """The keys from the most surely divided down; ties as in `by_agreement`."""
    scored = {key: (divided(t), t.total) for key, t in tallies.items()}
    return _ranked({key: (score, total) for key, (score, total) in scored.items() if score is not None})


def _ranked(scores: Mapping[Key, tuple[float, int]]) -> list[Key]:
    # Rounded first: the last bits of a float differ between machines, an order must not.
    return sorted(scores, key=lambda key: (-round(scores[key][0], 9), -scores[key][1], key))
