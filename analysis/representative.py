"""Which opinions are typical of a group: where it votes otherwise than the rest, allowing for how many were compared.

Sources: the pooled two-proportion z test (its square is Pearson's χ² of the 2 × 2 table, without correction); Y. Benjamini
and Y. Hochberg, *Controlling the false discovery rate*, Journal of the Royal Statistical Society B 57 (1995).
The groups were found in the same votes that are compared here, so the tests describe the groups; they do not prove them.
"""

from math import erfc, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Side = Literal["agree", "disagree"]

#: Among the opinions called representative, so large a part at most is so by luck, on average.
Q = 0.10
SIDES: tuple[tuple[Side, int], ...] = (("agree", 0), ("disagree", 2))


class Representative(NamedTuple):
    """A group agrees (or disagrees) with an opinion more than the rest.

    `group` and `opinion` are indices into the counts. `votes` of `voters` in the group are on that side, `rest_votes` of
    `rest_voters` among the others. `p` is two-sided; `adjusted` the least q at which the test is still a discovery.
    """

    group: int
    opinion: int
    side: Side
    votes: int
    voters: int
    rest_votes: int
    rest_voters: int
    z: float
    p: float
    adjusted: float

    @property
    def share(self) -> float:
        return self.votes / self.voters

    @property
    def rest_share(self) -> float:
        return self.rest_votes / self.rest_voters


def representative(by_group: ArrayLike, everybody: ArrayLike | None = None, q: float = Q) -> list[Representative]:
    """The representative opinions of each group, from counts (k, m, 3) of agree, pass, disagree.

    For every group, opinion and side, the group's share of all its votes there is compared with the rest's: a two-sided
    two-proportion z test; Benjamini–Hochberg with `q` over all those tests. Only where the group's share is the higher. The
    rest are the other groups, or `everybody` (m, 3) less the group. Ordered by group, then the largest z first; ties: more
    voters, the lower column, agree before disagree. Where nobody of the group or of the rest voted there is no test.
    """
    groups = np.asarray(by_group, dtype=np.int64)
    rest = rest_of(groups, everybody)
    tests = [_test(groups, rest, group, opinion, side) for group, opinion, side in _possible(groups, rest)]
    adjusted = benjamini_hochberg([test.p for test in tests])
    found = [
        test._replace(adjusted=a) for test, a in zip(tests, adjusted.tolist(), strict=True) if a <= q and test.z > 0
    ]
    return sorted(found, key=lambda t: (t.group, -round(t.z, 9), -t.voters, t.opinion, t.side))


def rest_of(groups: NDArray[np.int64], everybody: ArrayLike | None) -> NDArray[np.int64]:
    """Counts (k, m, 3) of those who are not in each group, of `everybody` (m, 3), by default of all groups."""
    total = groups.sum(axis=0) if everybody is None else np.asarray(everybody, dtype=np.int64)
    rest: NDArray[np.int64] = total[None] - groups
    if (rest < 0).any():
        raise ValueError("a group has more votes than everybody")
    return rest


def _possible(groups: NDArray[np.int64], rest: NDArray[np.int64]) -> list[tuple[int, int, tuple[Side, int]]]:
    there = (groups.sum(axis=2) > 0) & (rest.sum(axis=2) > 0)
    return [(int(g), int(o), side) for g, o in np.argwhere(there) for side in SIDES]


def _test(
    groups: NDArray[np.int64], rest: NDArray[np.int64], group: int, opinion: int, side: tuple[Side, int]
) -> Representative:
    name, column = side
    inside, outside = groups[group, opinion].tolist(), rest[group, opinion].tolist()
    numbers = inside[column], sum(inside), outside[column], sum(outside)
    z = two_proportions(*numbers)
    return Representative(group, opinion, name, *numbers, z, two_sided(z), 1.0)


def two_proportions(a: int, n: int, b: int, m: int) -> float:
    """The pooled z of a/n against b/m: (a/n − b/m) / √(p(1 − p)(1/n + 1/m)), p = (a + b)/(n + m); 0 where both are 0 or 1.

    >>> round(two_proportions(30, 50, 20, 50), 4)
    2.0
    """
    if not (0 <= a <= n and 0 <= b <= m and n and m):
        raise ValueError(f"{a} of {n} against {b} of {m}")
    p = (a + b) / (n + m)
    spread = sqrt(p * (1 - p) * (1 / n + 1 / m))
    return (a / n - b / m) / spread if spread else 0.0


def two_sided(z: float) -> float:
    """The probability of a normal deviate at least as far out as z, on either side.

    >>> round(two_sided(1.96), 4)
    0.05
    """
    return erfc(abs(z) / sqrt(2))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p (n,) of p (n,): of the i-th smallest the least of p_j · n / j over j ≥ i, at most 1.

    Calling discoveries those with an adjusted p of at most q keeps the expected part of false ones among them under q, for
    tests that are independent or depend on each other positively.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    given = np.asarray(p, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * len(given) / np.arange(1, len(given) + 1)
    result = np.empty_like(given)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return result
