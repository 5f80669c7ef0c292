"""What every XML format needs: texts that XML can hold, and packages whose bytes depend on nothing but their content."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

from common.cells import visible as text
from digests.report.blocks import Column, Table, plain

__all__ = ["escaped", "repacked", "text", "widths"]

#: The only time that a file in a package carries: the earliest that ZIP knows.
_TIME = (1980, 1, 1, 0, 0, 0)
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")


def escaped(body: str) -> str:
    """The text as character data, quotes included, so that it can stand in attributes too."""
    return escape(text(body), {'"': "&quot;"})


def repacked(
    package: bytes,
    *,
    stored: tuple[str, ...] = (),
    order: Callable[[str], Any] = str,
    edits: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({}),
) -> bytes:
    """A ZIP with the same files, always in the same order and with the same times; those in `stored` uncompressed.

    `edits` change files by name.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(out, "w") as made:
        for name in sorted(given.namelist(), key=lambda name: (name not in stored, order(name), name)):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 0
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            data = edits.get(name, bytes)(given.read(name))
            made.writestr(entry, data, compress_type=method, compresslevel=6)
    return out.getvalue()


def widths(table: Table, total: int, em: int) -> list[int]:
    """The widths of a table's columns, `total` together: numbers take what they need, the others share the rest.

    `em`: the size of a letter in the same unit.
    """
    needed = [0 if column.share else _needed(table, place, column, em) for place, column in enumerate(table.columns)]
    most = total * 7 // 10 if any(column.share for column in table.columns) else total
    if sum(needed) > most:
        needed = [width * most // sum(needed) for width in needed]
    shares = sum(column.share for column in table.columns)
    rest = total - sum(needed)
    made = [
        rest * column.share // shares if column.share else width
        for column, width in zip(table.columns, needed, strict=True)
    ]
    made[-1] += (total - sum(made)) if not shares else 0
    return made


def _needed(table: Table, place: int, column: Column, em: int) -> int:
    longest = max((_length(plain(row[place].text)) for row in table.rows), default=0.0)
    return int(em * (max(longest, min(_length(column.label), 5.0), 1.5) + 1.6))


def _length(body: str) -> float:
    """About how many ems a line of it takes."""
    wide = len(_WIDE.findall(body))
    return wide + 0.56 * (len(body) - wide)
