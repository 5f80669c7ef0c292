"""What the sentences of published opinions mean, as vectors: those that are stored, others encoded here.

Workers only: this brings numpy, and the encoder where a vector is missing.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from consultations.models import OpinionVector
from consultations.models.vectors import DIMENSIONS
from digests import arrays


@dataclass(frozen=True)
class Meanings:
    """`vectors` (m, 512) of half precision, of the opinions with these `numbers` (m,), ascending."""

    numbers: NDArray[np.int64]
    vectors: NDArray[np.float16]

    def sha256(self) -> str:
        return hashlib.sha256(self.numbers.astype(">i8").tobytes() + self.vectors.astype(">f2").tobytes()).hexdigest()

    def of(self, numbers: list[int]) -> NDArray[np.float64]:
        """The vectors of these opinions, in this order."""
        return self.vectors[np.searchsorted(self.numbers, numbers)].astype(np.float64)


def stored(consultation_id: int) -> dict[int, NDArray[np.float16]]:
    """The vectors that stand in the database and are of the text in force, by opinion number."""
    found = arrays.columns(
        OpinionVector.objects.filter(
            consultation=consultation_id, opinion__state="published", version_id=F("opinion__version_id")
        ),
        number=("opinion__number", "int4"),
        vector=("vector", "meaning"),
    )
    return dict(zip(found["number"].tolist(), found["vector"]["meaning"].astype(np.float16), strict=True))


def complete(known: dict[int, NDArray[np.float16]], opinions: list[dict[str, Any]]) -> Meanings:
    """The vector of every opinion of a snapshot; what is missing is encoded, and rounded as the database would."""
    missing = [row for row in opinions if row["number"] not in known]
    if missing:
        from analysis.sentences import encode  # the encoder is loaded only where it is needed

        made = np.asarray(encode([row["proposal"] for row in missing]), dtype=np.float16)
        known = {**known, **dict(zip((row["number"] for row in missing), made, strict=True))}
    numbers = sorted(row["number"] for row in opinions)
    vectors = np.array([known[number] for number in numbers], dtype=np.float16).reshape(len(numbers), DIMENSIONS)
    return Meanings(np.asarray(numbers, dtype=np.int64), vectors)
