"""The two axes along which votes differ most, from sparse votes that are never made dense.

Missing votes stand at the mean of the votes given on that opinion. After centring on that mean they are zero, so the centred
matrix has just the entries of the votes, and its leading singular vectors are the principal axes.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

Floats = NDArray[np.float64]

#: Up to so many opinions all axes are computed at once; beyond, only the two that are wanted.
FEW = 24
#: Positions are rounded to so many decimals, so that the last bits of one machine decide nothing that follows.
DECIMALS = 6


class Map(NamedTuple):
    """`loadings` (2, m): the weight of each opinion on each axis, rows of length one, or zero where there is no such
    axis. `positions` (n, 2): where each voter lies. `means` (m,): the mean of the votes given on each opinion."""

    loadings: Floats
    positions: Floats
    means: Floats


def column_means(values: Any) -> Floats:
    """The mean of the votes given on each opinion (pass is 0), of a CSR array (n, m); 0 where there are none."""
    size = values.shape[1]
    given = np.bincount(values.indices, minlength=size)
    total = np.bincount(values.indices, weights=values.data, minlength=size)
    means: Floats = total / np.maximum(given, 1)
    return means


def row_means(values: Any) -> Floats:
    """The mean of the entries of each voter, of a CSR array (n, m); 0 where there are none."""
    given = np.diff(values.indptr)
    sums = np.concatenate([[0.0], np.cumsum(values.data, dtype=np.float64)])
    means: Floats = (sums[values.indptr[1:]] - sums[values.indptr[:-1]]) / np.maximum(given, 1)
    return means


def centred(values: Any, means: Floats, voters: bool = False) -> Any:
    """The entries less their opinion's mean; with `voters` less the voter's own mean of what then is left, too.

    `values` is a CSR array (n, m); the result has entries in the same places, and columns whose mean is 0. A voter's own
    mean is taken after the opinions', so that whoever saw only popular opinions does not pass for easily pleased.
    """
    result = values.astype(np.float64)
    result.data -= means[values.indices]
    if voters:
        result.data -= np.repeat(row_means(result), np.diff(result.indptr))
        result.data -= column_means(result)[result.indices]
    return result


def principal(values: Any, seed: int, voters: bool = False) -> Map:
    """The two axes of a CSR array of votes (n, m), each vector's largest weight positive.

    `voters` takes out each voter's own mean as well. `seed` starts the iteration; the result is exact to about ten
    digits whatever it is, unless two axes explain the same.
    """
    means = column_means(values)
    matrix = centred(values, means, voters)
    loadings = turned(_leading(matrix, seed))
    return Map(loadings, project(matrix, loadings), means)


def project(matrix: Any, loadings: Floats) -> Floats:
    """Positions (n, 2) of centred votes (n, m), rounded."""
    # Adding zero turns −0 into 0.
    positions: Floats = np.round(matrix @ loadings.T, DECIMALS) + 0.0
    return positions


def turned(loadings: Floats) -> Floats:
    """Each axis with the sign that makes its largest weight positive: a vector's sign is arbitrary, a map's is not."""
    largest = np.abs(np.round(loadings, 9)).argmax(axis=1) if loadings.size else np.zeros(2, dtype=int)
    signs = np.array(
        [-1.0 if loadings.size and row[at] < 0 else 1.0 for row, at in zip(loadings, largest, strict=True)]
    )
    found: Floats = loadings * signs[:, None]
    return found


def _leading(matrix: Any, seed: int) -> Floats:
    """The two right singular vectors of the largest singular values, as rows; zero rows where there are fewer."""
    size = matrix.shape[1]
    found = np.zeros((2, size))
    scale = float(np.square(matrix.data).sum())
    if scale < 1e-12:
        return found
    values, vectors = _all(matrix) if size <= FEW else _two(matrix, seed)
    # In the square of a matrix, what is below 1e-12 of all is nothing.
    for axis, at in enumerate(np.argsort(-values, kind="stable")[:2]):
        if values[at] > 1e-12 * scale:
            found[axis] = vectors[:, at]
    return found


def _all(matrix: Any) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh((matrix.T @ matrix).toarray())
    return values, vectors


def _two(matrix: Any, seed: int) -> tuple[Floats, Floats]:
    size = matrix.shape[1]
    other = matrix.T
    square = LinearOperator((size, size), matvec=lambda v: other @ (matrix @ v), dtype=np.float64)
    start = np.random.default_rng(seed).standard_normal(size)
    values, vectors = eigsh(square, k=2, v0=start, rng=np.random.default_rng(seed))
    return values, vectors
