"""Keeping the numbers of groups and the sides of the map where they were, from one computation to the next.

Source: H. W. Kuhn, *The Hungarian method for the assignment problem*, Naval Research Logistics Quarterly 2 (1955).
"""

from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.axes import Floats
from analysis.clusters import Labels


@dataclass(frozen=True, eq=False)
class Previous:
    """What the next computation needs of the one before, to keep still.

    `participants` (n,) ids with `labels` (n,), −1 where not grouped; `opinions` (m,) ids with `loadings` (2, m).
    """

    participants: NDArray[Any]
    labels: Labels
    opinions: NDArray[Any]
    loadings: Floats


def by_size(labels: Labels, x: Floats) -> Labels:
    """The labels (n,) numbered from 0, the largest group first; −1 stays. Equal sizes: the one further right (by the mean
    of `x` (n,)) first."""
    names = np.unique(labels[labels >= 0])
    order = sorted(names, key=lambda name: (-(labels == name).sum(), -round(float(x[labels == name].mean()), 6)))
    return renamed(labels, {int(name): number for number, name in enumerate(order)})


def matched(labels: Labels, participants: NDArray[Any], previous: Previous) -> Labels:
    """The labels (n,), numbered 0 … k − 1, with the numbers that `previous` gave to the most of the same people.

    The assignment with the largest number of people who keep their number; a group without a counterpart takes the lowest
    free number. When groups have become fewer, what was numbered k or higher takes a free number too.
    """
    k = int(labels.max(initial=-1)) + 1
    _same, here, there = np.intersect1d(participants, previous.participants, return_indices=True)
    now, before = labels[here], previous.labels[there]
    both = (now >= 0) & (before >= 0) & (before < k)
    overlap = np.bincount(now[both] * k + before[both], minlength=k * k).reshape(k, k)
    # Among equally good assignments, the one that renames least.
    rows, columns = linear_sum_assignment(overlap + np.eye(k) / (k + 1), maximize=True)
    return renamed(labels, dict(zip(rows.tolist(), columns.tolist(), strict=True)))


def renamed(labels: Labels, names: dict[int, int]) -> Labels:
    """The labels (n,) by their new names; −1 stays."""
    result = np.full_like(labels, -1)
    for old, new in names.items():
        result[labels == old] = new
    return result


def turn(loadings: Floats, opinions: NDArray[Any], previous: Previous) -> Floats:
    """The matrix (2, 2) that swaps and flips axes, so that `loadings` (2, m) lie as near as can be to the ones before.

    Compared over the opinions that are in both; without any, nothing is turned. Only swaps and flips: the axes stay the
    principal ones. Use: `turn @ loadings`, `positions @ turn.T`.
    """
    _same, here, there = np.intersect1d(opinions, previous.opinions, return_indices=True)
    likeness = np.round(previous.loadings[:, there] @ loadings[:, here].T, 9)
    best, most = np.eye(2), 0.0
    for order, signs in product(permutations((0, 1)), product((1.0, -1.0), repeat=2)):
        candidate = np.diag(signs) @ np.eye(2)[list(order)]
        if (found := float((candidate * likeness).sum())) > most:
            best, most = candidate, found
    return best
