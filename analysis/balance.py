"""How an opinion stands when every society counts alike, and whether one society outweighs the others."""

from collections.abc import Hashable, Mapping
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Key = TypeVar("Key", bound=Hashable)

#: Voters that a society needs on an opinion to count there.
VOTERS = 5
#: A society with more than this part of all votes dominates.
DOMINANT = 0.30


class Balance(NamedTuple):
    """`share` (m,): the mean share, NaN where no society counts; `societies` (m,): how many do."""

    share: NDArray[np.float64]
    societies: NDArray[np.int64]


def balance(by_society: ArrayLike, voters: int = VOTERS) -> Balance:
    """The unweighted mean of the agreeing share over the societies with at least `voters` voters on that opinion.

    From counts (s, m, 3) of agree, pass, disagree. Who is in no society, and who is in a smaller one, is not in it: the
    number of societies belongs beside the figure, always.

    >>> found = balance([[[90, 0, 10]], [[1, 0, 4]], [[4, 0, 0]]])
    >>> found.share.round(2).tolist(), found.societies.tolist()
    ([0.55], [2])
    """
    table = np.asarray(by_society, dtype=np.float64)
    if table.ndim != 3 or table.shape[2] != 3:
        raise ValueError("counts have the shape (s, m, 3)")
    base = table.sum(axis=2)
    there = base >= max(voters, 1)
    shares = np.where(there, table[:, :, 0] / np.maximum(base, 1), 0.0)
    number = there.sum(axis=0)
    mean = np.where(number, shares.sum(axis=0) / np.maximum(number, 1), np.nan)
    return Balance(mean, number.astype(np.int64))


def dominant(votes: Mapping[Key, int], others: int = 0, limit: float = DOMINANT) -> list[tuple[Key, float]]:
    """The societies with more than `limit` of all votes, each with its part, the largest first; ties: the smaller key.

    `votes` by society; `others`: votes of people without a society, which are in the base too.

    >>> dominant({"a": 31, "b": 30, "c": 39})
    [('c', 0.39), ('a', 0.31)]
    """
    total = sum(votes.values()) + others
    parts = {key: number / total for key, number in votes.items() if total and number > limit * total}
    return sorted(parts.items(), key=lambda pair: (-pair[1], pair[0]))
