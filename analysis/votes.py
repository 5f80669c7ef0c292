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
    who, rows = np.unique(np.asarray(participants), return_inverse=True)
    what, columns = np.unique(np.asarray(opinions), return_inverse=True)
    # Read backwards, the first entry of a pair is its last vote.
    pairs = (rows.astype(np.int64) * len(what) + columns)[::-1]
    _pairs, last = np.unique(pairs, return_index=True)
    last = len(given) - 1 - last
    entries = (given[last].astype(np.int8), (rows[last], columns[last]))
    return Matrix(who, what, sparse.csr_array(entries, shape=(len(who), len(what)), dtype=np.int8))
