"""The tables of the ZIP: parts of the content as CSV, one file a list."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from digests.opendata import verify


def render(content: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each table; also of empty ones, so that whoever reads them need not ask.

    What stands in which table is written down once, in `verify.TABLES`, which travels with the data.
    """
    for name in verify.TABLES:
        columns, cells = verify.table(content, name)
        yield f"tables/{name}.csv", rendered([columns, *cells])


def rendered(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of texts as CSV: UTF-8, line ends LF."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
