"""How alike two divisions of the same people are, and how well one division separates them.

Sources: L. Hubert and P. Arabie, *Comparing partitions*, Journal of Classification 2 (1985); P. J. Rousseeuw,
*Silhouettes: a graphical aid to the interpretation and validation of cluster analysis*, Journal of Computational and
Applied Mathematics 20 (1987).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    """The adjusted Rand index of two labellings of shape (n,): 1 for the same division, 0 on average by chance.

    The names of the labels have no meaning. With the contingency table n_ij and C(x) = x(x − 1)/2:
    (Σ C(n_ij) − e) / ((Σ C(a_i) + Σ C(b_j))/2 − e), e = Σ C(a_i) Σ C(b_j) / C(n). Where the denominator is 0 (both all
    in one, or both all apart) the divisions are the same: 1.

    >>> round(adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]), 4)
    0.5714
    """
    table = contingency(one, other)
    together, rows, columns = (_pairs(x) for x in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = rows * columns / max(_pairs(table.sum(keepdims=True)), 1)
    largest = (rows + columns) / 2
    return float((together - expected) / (largest - expected)) if largest != expected else 1.0


def contingency(one: ArrayLike, other: ArrayLike) -> NDArray[np.int64]:
    """How many have the i-th label in one labelling and the j-th in the other, labels in ascending order."""
    a_names, a = np.unique(np.asarray(one), return_inverse=True)
    b_names, b = np.unique(np.asarray(other), return_inverse=True)
    if a.shape != b.shape:
        raise ValueError("two labellings of the same people are equally long")
    cells = np.bincount(a * len(b_names) + b, minlength=len(a_names) * len(b_names))
    table: NDArray[np.int64] = cells.reshape(len(a_names), len(b_names)).astype(np.int64)
    return table


def _pairs(counts: NDArray[np.int64]) -> float:
    return float((counts * (counts - 1) // 2).sum())


def silhouette(points: Floats, labels: ArrayLike, far: Floats | None = None) -> float | None:
    """The mean silhouette of `points` (n, d) divided by `labels` (n,): −1 … 1, high when groups lie apart.

    Of each point (b − a)/max(a, b), a its mean distance to the others of its group, b the least mean distance to another
    group; 0 for a group of one. None where it is not defined: fewer than two groups, or every point its own.
    Takes n² memory: give at most a few thousand points; `far`: their `distances`, where several divisions are measured.

    >>> round(silhouette(np.array([[0.0], [1.0], [5.0], [6.0]]), [0, 0, 1, 1]), 4)
    0.798
    """
    _names, own, sizes = np.unique(np.asarray(labels), return_inverse=True, return_counts=True)
    if not 2 <= len(sizes) < len(points):
        return None
    member = np.eye(len(sizes))[own]
    sums = (distances(points) if far is None else far) @ member
    index = np.arange(len(points))
    within = sums[index, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[index, own] = np.inf
    nearest = means.min(axis=1)
    widest = np.maximum(within, nearest)
    single = (sizes[own] == 1) | (widest == 0)
    return float(np.where(single, 0.0, (nearest - within) / np.where(single, 1.0, widest)).mean())


def distances(points: Floats) -> Floats:
    """Euclidean distances between all pairs, shape (n, n)."""
    squares = np.zeros((len(points), len(points)))
    for axis in points.T:
        squares += (axis[:, None] - axis[None, :]) ** 2
    return np.sqrt(squares, out=squares)
