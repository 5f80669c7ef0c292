"""Rows of a CSV file, read strictly: whatever is broken is reported with file and line."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from django.utils.translation import gettext as _

from common.errors import DomainError

#: Told how many bytes were read since it was last told.
Progress = Callable[[int], object]


class BrokenInput(DomainError):
    """A file of the export cannot be understood; nothing was stored. Facts: file, line."""

    code = "broken_input"
    status = 400


def broken(path: Path, line: int, what: str) -> NoReturn:
    """Say which line of which file is broken, and how; line 0 is the file as a whole."""
    place = _("%(file)s, line %(line)s") % {"file": path.name, "line": line} if line else path.name
    raise BrokenInput(f"{place}: {what}.", file=path.name, line=line)


def read(path: Path, progress: Progress | None = None) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it starts. Raises `BrokenInput`.

    Refused: a file that is missing or is not UTF-8, a NUL, a quote that is never closed. An empty line is none.
    """
    lines = _Lines(path, progress)
    rows = csv.reader(lines, strict=True)
    start = 1
    try:
        for row in rows:
            if row:
                yield start, row
            start = rows.line_num + 1
    except csv.Error as error:
        broken(path, start, str(error))


def columns(path: Path, header: list[str], *names: str) -> list[int]:
    """Where each named column stands. Raises `BrokenInput` for one that is missing or stands there twice."""
    found = [name.strip() for name in header]
    for name in names:
        if name not in found:
            broken(path, 1, _("column “%(name)s” is missing") % {"name": name})
        if found.count(name) > 1:
            broken(path, 1, _("column “%(name)s” stands there twice") % {"name": name})
    return [found.index(name) for name in names]


class _Lines:
    """Lines of a file as text. Decoded one by one, because only so an error knows its line."""

    def __init__(self, path: Path, progress: Progress | None) -> None:
        self.path = path
        self.progress = progress or (lambda size: None)

    def __iter__(self) -> Iterator[str]:
        try:
            with self.path.open("rb") as file:
                yield from self._decoded(file)
        except FileNotFoundError:
            broken(self.path, 0, _("the file is missing"))
        except OSError as error:
            broken(self.path, 0, str(error.strerror))

    def _decoded(self, file: Iterator[bytes]) -> Iterator[str]:
        unread = 0
        for number, line in enumerate(file, 1):
            if b"\x00" in line:
                broken(self.path, number, _("there is a NUL character"))
            try:
                text = line.decode()
            except UnicodeDecodeError:
                broken(self.path, number, _("the text is not UTF-8"))
            yield text.removeprefix("\ufeff") if number == 1 else text
            unread += len(line)
            if unread > 100_000:
                self.progress(unread)
                unread = 0
        self.progress(unread)
