"""Columns of a query as arrays: a million rows in about a second.

The database packs each column into one string of bytes, in network order, so that no row becomes an object of ours.
All columns of a query are packed in one pass and so in the same order of rows. Workers only: this brings numpy.
"""

from typing import Any

import numpy as np
from django.db.models import Aggregate, BinaryField, Count, QuerySet
from numpy.typing import NDArray

from consultations.models.vectors import DIMENSIONS

#: Kinds of column: the database's function that packs a value, and how numpy reads it.
KINDS: dict[str, tuple[str, Any]] = {
    "int4": ("int4send", np.dtype(">i4")),
    "int8": ("int8send", np.dtype(">i8")),
    # As pgvector sends a half-precision vector of a sentence: two numbers, then its values.
    "meaning": (
        "halfvec_send",
        np.dtype([("dimensions", ">i2"), ("unused", ">i2"), ("meaning", ">f2", (DIMENSIONS,))]),
    ),
}


class _Packed(Aggregate):
    """The values one behind the other as bytes; nulls are left out, which `columns` notices."""

    template = "string_agg(%(function)s(%(expressions)s), ''::bytea)"
    output_field = BinaryField()


def columns(query: QuerySet[Any, Any], **wanted: tuple[Any, str]) -> dict[str, NDArray[Any]]:
    """Equally long arrays of a query's rows, by the names of `wanted`: an expression or field, and a kind.

    Raises ValueError where a value is null or of another width; the database refuses what does not fit the kind.
    """
    packed = {name: _Packed(value, function=KINDS[kind][0]) for name, (value, kind) in wanted.items()}
    found = query.order_by().aggregate(rows_=Count("*"), **packed)
    count = found.pop("rows_")
    return {name: _unpacked(name, data, KINDS[wanted[name][1]][1], count) for name, data in found.items()}


def _unpacked(name: str, data: Any, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    array = np.frombuffer(data or b"", np.uint8)
    if array.size != count * kind.itemsize:
        raise ValueError(f"column {name}: {array.size} bytes for {count} rows of {kind.itemsize}")
    return array.view(kind).astype(kind.newbyteorder("="))
