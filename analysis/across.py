"""What is agreed in every opinion group, from counts by group.

Source: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, *Polis: Scaling deliberation by mapping high dimensional
opinion spaces* (2021): group-aware consensus.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.votes import Matrix

Counts = NDArray[np.int64]


def counts(matrix: Matrix, labels: ArrayLike, k: int | None = None) -> Counts:
    """Agree, pass, disagree of each group on each opinion, shape (k, m, 3).

    `labels` (n,): the group, or society, of each row of `matrix.participants`, 0 … k − 1; whoever has −1 is in none. `k`
    makes room for groups without a voter; by default there are as many as the labels need.

    >>> from analysis import votes
    >>> m = votes.matrix([1, 2, 3], ["a", "a", "a"], [1, -1, 0])
    >>> counts(m, [0, 0, 1]).tolist()
    [[[1, 0, 1]], [[0, 1, 0]]]
    """
    own = np.asarray(labels, dtype=np.int64)
    if own.shape != matrix.participants.shape:
        raise ValueError("there is one label a participant")
    groups, opinions = int(own.max(initial=-1)) + 1 if k is None else k, len(matrix.opinions)
    if own.max(initial=-1) >= groups or own.min(initial=0) < -1:
        raise ValueError("labels are -1 … k - 1")
    group = np.repeat(own, matrix.given())
    # 1, 0, −1 stand in the columns 0, 1, 2.
    cell = (group * opinions + matrix.values.indices) * 3 + (1 - matrix.values.data)
    found: Counts = np.bincount(cell[group >= 0], minlength=groups * opinions * 3).astype(np.int64)
    return found.reshape(groups, opinions, 3)


def agreed(by_group: ArrayLike) -> NDArray[np.float64]:
    """How far each opinion is agreed across groups, (m,), from counts (k, m, 3): Π (A + 1)/(S + 2) over the groups.

    A of S voters of a group agree; passing is a vote. Each factor is the estimate after one imagined vote either way, so a
    group in which nobody voted counts ½. 0 … 1; high only when every group agrees. Without groups there is no such figure:
    ValueError.

    >>> agreed([[[8, 0, 0]], [[1, 1, 2]]]).round(4).tolist()
    [0.3]
    """
    table = np.asarray(by_group, dtype=np.float64)
    if table.ndim != 3 or table.shape[2] != 3 or not len(table):
        raise ValueError("counts have the shape (k, m, 3), k at least 1")
    product: NDArray[np.float64] = np.prod((table[:, :, 0] + 1) / (table.sum(axis=2) + 2), axis=0)
    return product


def by_agreement(by_group: ArrayLike) -> list[int]:
    """The columns of counts (k, m, 3) from the most agreed across groups down; ties: more votes, then the lower column.

    Opinions without any vote are absent.
    """
    table = np.asarray(by_group)
    total = table.sum(axis=(0, 2))
    # Rounded first: the last bits of a float differ between machines, an order must not.
    score = agreed(table).round(9)
    return sorted(np.flatnonzero(total).tolist(), key=lambda at: (-score[at], -total[at], at))
