"""k-means on the map, and how well its divisions repeat when people are drawn again.

Sources: S. P. Lloyd, *Least squares quantization in PCM*, IEEE Transactions on Information Theory 28 (1982); C. Hennig,
*Cluster-wise assessment of cluster stability*, Computational Statistics & Data Analysis 52 (2007).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from analysis import axes
from analysis.axes import Floats
from analysis.measures import adjusted_rand

Labels = NDArray[np.int64]

STARTS = 10
#: The starts are tried on at most so many different positions; the best goes on with everybody.
TRIED = 5_000


def divide(points: Floats, k: int, seed: int) -> Labels:
    """Divide `points` (n, 2) into k by k-means with ten starts; labels (n,) without meaning in their order.

    With k or fewer different points, each different point is a group.
    """
    tried = points if len(points) <= TRIED else _some(points, seed)
    if not _differ(tried, k):
        tried = points
    if not _differ(tried, k):
        return np.asarray(np.unique(points, axis=0, return_inverse=True)[1], dtype=np.int64)
    model = KMeans(n_clusters=k, n_init=STARTS, random_state=seed).fit(tried)
    if tried is not points:
        model = KMeans(n_clusters=k, init=model.cluster_centers_, n_init=1).fit(points)
    return np.asarray(model.labels_, dtype=np.int64)


def _differ(points: Floats, k: int) -> bool:
    """Whether there are more than k different points; mostly the first few tell."""
    return any(len(np.unique(some, axis=0)) > k for some in (points[: 8 * k], points))


def _some(points: Floats, seed: int) -> Floats:
    chosen = np.random.default_rng(seed).choice(len(points), TRIED, replace=False)
    return points[np.sort(chosen)]


def stability(
    values: Any, first: Sequence[Labels], ks: Sequence[int], seed: int, draws: int, size: int, voters: bool = False
) -> list[float]:
    """How well each division repeats: drawn again, projected and grouped anew, the mean adjusted Rand index with it.

    `values` is a CSR array of votes (n, m), `first` one labelling (n,) for each k of `ks`. `size` people are drawn with
    replacement `draws` times. With `voters`, each voter's own mean is taken out of what is drawn.
    """
    found = np.zeros((draws, len(ks)))
    for draw in range(draws):
        people = np.sort(np.random.default_rng([seed, draw]).integers(values.shape[0], size=size))
        positions = axes.principal(values[people], seed, voters).positions
        for at, k in enumerate(ks):
            found[draw, at] = adjusted_rand(first[at][people], divide(positions, k, seed))
    means: list[float] = found.mean(axis=0).tolist()
    return means
