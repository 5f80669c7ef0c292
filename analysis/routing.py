"""Which opinion to show next: how much weight each should have in a random draw.

After the comment routing of Polis (Small, Bjorkegren, Erkkilä, Shaw, Megill: *Polis: Scaling deliberation by mapping
high dimensional opinion spaces*, 2021), with two additions: a boost by age, because counts of a new opinion
are small only until somebody looks, and a floor, because a square lets an early bad score starve an opinion.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: No weight is under this part of the mean weight.
FLOOR = 0.25
#: After so many hours the boost of a new opinion is half of what it was.
HALF_LIFE = 24.0


def weights(
    agrees: ArrayLike,
    passes: ArrayLike,
    votes: ArrayLike,
    age: ArrayLike | None = None,
    extremity: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """The weight of each opinion, all of one consultation; only their ratios matter.

    With S votes, A of them agreeing and P passing: a = (A + 1)/(S + 2), p = (P + 1)/(S + 2), and

        w = [ (1 − p) (E + 1) a · (1 + 8 · 2^(−S/5)) · (1 + 2^(−age/24)) ]²

    `age` in hours since publication (None: all old); `extremity` E ≥ 0 says how far out on the map an opinion
    lies (None: 0, neutral). Then every weight is lifted to at least a quarter of the mean. Since the lifted weights sum
    to at most 5/4 of the unlifted, each of m opinions is drawn with a probability of at least 1 / 5m, whoever
    has voted on whatever else: none starves.

    >>> weights([0, 50], [0, 25], [0, 100]).round(3).tolist()
    [5.062, 0.65]
    """
    a, p, s = (np.asarray(x, dtype=np.float64) for x in (agrees, passes, votes))
    if not a.shape == p.shape == s.shape or a.ndim != 1:
        raise ValueError("agrees, passes and votes must be equally long")
    if (a < 0).any() or (p < 0).any() or (a + p > s).any():
        raise ValueError("agrees and passes are parts of votes")
    old = _like(age, s, np.inf)
    out = _like(extremity, s, 0.0)
    interest = (1 - (p + 1) / (s + 2)) * (out + 1) * (a + 1) / (s + 2)
    few = 1 + 8 * np.exp2(-s / 5)
    new = 1 + np.exp2(-np.maximum(old, 0) / HALF_LIFE)
    return floored((interest * few * new) ** 2)


def floored(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights with none under `FLOOR` of their mean."""
    return np.maximum(raw, FLOOR * raw.mean()) if raw.size else raw


def _like(given: Any, like: NDArray[np.float64], absent: float) -> NDArray[np.float64]:
    found = np.full(like.shape, absent) if given is None else np.asarray(given, dtype=np.float64)
    if found.shape != like.shape or np.isnan(found).any():
        raise ValueError("age and extremity need one number an opinion")
    return found
