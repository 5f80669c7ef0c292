"""Topics: opinions near in meaning, inside one theme, across languages; from the unit vectors of `analysis.sentences`.

Average linkage on cosine (R. R. Sokal and C. D. Michener, *A statistical method for evaluating systematic relationships*,
University of Kansas Science Bulletin 38, 1958), after the mean vector of each language is taken out: all opinions of one
consultation share a subject, and all of one language share a manner, which are near in the vectors and say nothing.

Topics are an aid to reading, not a finding: of the pairs that people would call the same, and of those put together here, about two in
three or more agree on invented sentences (tests/analysis/meanings.toml; the tests hold the figures).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

#: Topics are joined while their sentences have this mean cosine or more, after what is common was taken out.
NEAR = 0.30
#: A mean over n sentences is taken out by n / (n + this): of three sentences it says little of what they share.
CAUTION = 20
#: Cosines are rounded to so many decimals: the encoder's last bits decide nothing.
DECIMALS = 4
#: Pairs are compared among so many at once; more are divided in two first, again and again.
TOGETHER = 4_000


def find(vectors: ArrayLike, languages: Sequence[str] | None = None) -> Labels:
    """The topic of each of n opinions, from unit vectors (n, d) and, if given, the language of each.

    Labels (n,): 0 for the largest topic, and so on; equal sizes: the one whose first member comes first; −1 for an opinion
    that is near to no other. The order of rows changes nothing but that. Takes TOGETHER² memory at most.

    >>> find([[1, 0], [0, 1], [0.99, 0.14], [0.14, 0.99], [-0.7, -0.7]]).tolist()
    [0, 1, 0, 1, -1]
    """
    given = np.asarray(vectors, dtype=np.float64)
    if languages is not None and len(languages) != len(given):
        raise ValueError("there is one language a vector")
    if len(given) < 2:
        return np.full(len(given), -1)
    order = np.array(sorted(range(len(given)), key=lambda at: given[at].round(DECIMALS).tolist()))
    common = np.array(["" if languages is None else languages[at] for at in order])
    labels = np.empty(len(given), dtype=np.int64)
    labels[order] = _joined(_without_common(given[order], common))
    return _numbered(labels)


def central(vectors: ArrayLike, labels: ArrayLike) -> list[int]:
    """The index of the most central opinion of each topic 0 … t − 1: the nearest to the mean of its topic's vectors (n, d).

    Ties: the lower index.

    >>> central([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, -1]], [0, 0, 0, -1])
    [1]
    """
    given, own = np.asarray(vectors, dtype=np.float64), np.asarray(labels)
    found = []
    for topic in range(int(own.max(initial=-1)) + 1):
        members = np.flatnonzero(own == topic)
        nearness = np.round(given[members] @ given[members].mean(axis=0), DECIMALS)
        found.append(int(members[nearness.argmax()]))
    return found


def _without_common(vectors: Floats, languages: NDArray[np.str_]) -> Floats:
    """The vectors less what those of one language share, of length one again."""
    result = vectors.copy()
    for language in np.unique(languages):
        same = languages == language
        result[same] -= vectors[same].mean(axis=0) * same.sum() / (same.sum() + CAUTION)
    lengths = np.linalg.norm(result, axis=1, keepdims=True)
    return result / np.where(lengths > 0, lengths, 1.0)


def _joined(vectors: Floats) -> Labels:
    """A label for each vector, from average linkage up to the limit."""
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    if len(vectors) > TOGETHER:
        return _halved(vectors)
    far = np.round(1 - np.clip(vectors @ vectors.T, -1, 1), DECIMALS)
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(far, checks=False), "average")
    return np.asarray(fcluster(tree, 1 - NEAR, "distance"), dtype=np.int64)


def _halved(vectors: Floats) -> Labels:
    """Divided in two where few are near to each other, each part joined by itself."""
    if not np.ptp(vectors, axis=0).any():
        return np.zeros(len(vectors), dtype=np.int64)
    with threadpool_limits(1):
        side = KMeans(n_clusters=2, n_init=1, random_state=0).fit_predict(vectors)
    labels = np.empty(len(vectors), dtype=np.int64)
    labels[side == 0] = _joined(vectors[side == 0])
    labels[side == 1] = _joined(vectors[side == 1]) + labels[side == 0].max() + 1
    return labels


def _numbered(labels: Labels) -> Labels:
    """The labels from 0, the largest topic first; −1 for topics of one."""
    names, first, own, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    number = np.empty(len(names), dtype=np.int64)
    number[order] = np.arange(len(names))
    return np.where(sizes[own] > 1, number[own], -1)
