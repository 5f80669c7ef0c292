"""Votes as a sparse matrix: who gave what on which opinion, and where nothing was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ids = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True)
class Matrix:
    """Votes of participants (rows) on opinions (columns).

    `participants` of shape (n,) and `opinions` of shape (m,) are the ids in ascending order; `values` is a CSR array of
    shape (n, m) of −1, 0, 1. A pass is stored as an explicit 0; what is not stored was not voted on.
    """

    participants: NDArray[Any]
    opinions: NDArray[Any]
    values: Any

    def counts(self) -> NDArray[np.int64]:
        """Agree, pass, disagree of each opinion, shape (m, 3)."""
        columns, values = self.values.indices, self.values.data
        return np.stack([np.bincount(columns[values == v], minlength=len(self.opinions)) for v in (1, 0, -1)], axis=1)

    def given(self) -> NDArray[np.int64]:
        """How many votes each participant gave, shape (n,)."""
        votes: NDArray[np.int64] = np.diff(self.values.indptr).astype(np.int64)
        return votes


def matrix(participants: Ids, opinions: Ids, values: Ids) -> Matrix:
    """Build the matrix from three equally long sequences: participant ids, opinion ids, votes of −1, 0 or 1.

    Where one participant votes twice on an opinion, the later entry stands. The order of entries has no other effect.
    Raises ValueError for other values and unequal lengths.

    >>> m = matrix([7, 7, 9], ["a", "b", "a"], [1, 0, -1])
    >>> m.counts().tolist()
    [[1, 0, 1], [0, 1, 0]]
    """
    given = np.asarray(values)
    if not len(participants) == len(opinions) == len(given):
        raise ValueError("participants, opinions and values must be equally long")
    if given.size and not np.isin(given, (-1, 0, 1)).all():
        raise ValueError("a vote is -1, 0 or 1")
    who, rows = _numbered(np.asarray(participants))
    what, columns = _numbered(np.asarray(opinions))
    pairs = rows.astype(np.int64) * len(what) + columns
    # Stable: entries of one pair stay in order, and the last of each run is the last vote.
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order]
    last = np.append(pairs[1:] != pairs[:-1], np.ones(min(len(pairs), 1), dtype=bool))
    entries, pairs = given[order[last]].astype(np.int8), pairs[last]
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs // max(len(what), 1), minlength=len(who)))])
    indices = (pairs % max(len(what), 1)).astype(np.int32)
    return Matrix(who, what, sparse.csr_array((entries, indices, starts.astype(np.int32)), shape=(len(who), len(what))))


def _numbered(ids: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The different ids in ascending order, and the place of each in them. Whole numbers close together need no sorting."""
    if ids.size and np.issubdtype(ids.dtype, np.integer):
        least, most = int(ids.min()), int(ids.max())
        if most - least < 4 * ids.size and least > -(2**62) and most < 2**62:
            off = ids.astype(np.int64) - least
            there = np.zeros(most - least + 1, dtype=bool)
            there[off] = True
            return (np.flatnonzero(there) + least).astype(ids.dtype), (np.cumsum(there) - 1)[off]
    names, places = np.unique(ids, return_inverse=True)
    return names, places.astype(np.int64)
