"""The log of moderation as files: CSV in pieces while it is read, and an Excel workbook made in a temporary file.

Both hold the same rows (`decision_log.Row`) and keep memory the same however many there are. Nothing in a cell is run by
a spreadsheet, and what a file cannot hold is replaced by a visible mark (`common.cells`).
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import cells
from consultations import decision_log
from consultations.decision_log import Row
from consultations.models import Consultation

MARK = b"\xef\xbb\xbf"
#: The rows of one sheet of Excel, its head among them.
ROWS_OF_A_SHEET = 1_048_576
#: A column's name in words, and its width in letters.
_LABELS: dict[str, tuple[str | Promise, int]] = {
    "number": (_("Number of the decision"), 10),
    "at_utc": (_("When (UTC)"), 20),
    "at_local": (_("When (local time)"), 20),
    "opinion": (_("Opinion No."), 9),
    "argument": (_("Argument"), 12),
    "verb": (_("Decision, code"), 16),
    "verb_words": (_("Decision"), 22),
    "from_state": (_("State before, code"), 16),
    "from_state_words": (_("State before"), 20),
    "to_state": (_("State after, code"), 16),
    "to_state_words": (_("State after"), 20),
    "reason": (_("Reason, code"), 16),
    "reason_words": (_("Reason"), 24),
    "note": (_("Note"), 60),
    "decided_by": (_("Decided by"), 18),
    "case_kind": (_("Case, code"), 10),
    "case_kind_words": (_("Case"), 14),
    "case_opened_utc": (_("Case opened (UTC)"), 20),
    "case_closed_utc": (_("Case closed (UTC)"), 20),
    "minutes_waited": (_("Minutes waited"), 10),
    "second_person": (_("Second person"), 18),
    "answers_number": (_("Answers decision"), 10),
    "versions": (_("Versions"), 10),
    "merged_into": (_("Merged into No."), 9),
}


class _Echo:
    """What the CSV writer writes into: gives back each line."""

    def write(self, line: str) -> str:
        return line


def as_csv(consultation: Consultation, language: str) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, RFC 4180, in pieces of one batch; columns have their fixed names."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    yield MARK + _line(writer, decision_log.COLUMNS)
    for rows in _in_language(consultation, language):
        yield b"".join(_line(writer, [_cell(value) for value in row]) for row in rows)


def _line(writer: Any, row: Any) -> bytes:
    line: str = writer.writerow(row)
    return line.encode()


def _in_language(consultation: Consultation, language: str) -> Iterator[list[Row]]:
    """The batches, each made in the reader's language; between them the language is that of whoever reads."""
    batches = decision_log.batches(consultation)
    while True:
        with translation.override(language):
            rows = next(batches, None)
        if rows is None:
            return
        yield rows


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return cells.harmless(cells.visible(value) if isinstance(value, str) else value)


def as_workbook(consultation: Consultation, language: str) -> IO[bytes]:
    """An Excel workbook in a temporary file, which goes when it is closed; texts are texts, times are times.

    Times are without a zone, as Excel has none; the head says which one they are in.
    """
    import xlsxwriter  # loaded by the first who asks: a web process starts without it

    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override(language), xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": cells.fitting(consultation.title), "created": datetime(1980, 1, 1)})  # noqa: DTZ001
        _Sheets(book).fill(decision_log.batches(consultation))
    out.seek(0)
    return out


class _Sheets:
    """One sheet, and another one whenever a sheet is full."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#ECF2FE", "bottom": 1})
        self._page, self._down = self._new(), 1

    def fill(self, batches: Iterator[list[Row]]) -> None:
        for rows in batches:
            for row in rows:
                if self._down == ROWS_OF_A_SHEET:
                    self._page, self._down = self._new(), 1
                self._write(row)
                self._down += 1

    def _new(self) -> Any:
        page = self.book.add_worksheet()
        page.freeze_panes(1, 1)
        for place, name in enumerate(decision_log.COLUMNS):
            label, width = _LABELS[name]
            page.set_column(place, place, width)
            page.write_string(0, place, _named(name, str(label)), self._head)
        return page

    def _write(self, row: Row) -> None:
        """Cells from left to right, as a workbook wants it that keeps no row in memory."""
        page, down = self._page, self._down
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                page.write_string(down, place, cells.fitting(value))
            elif isinstance(value, datetime):
                zoned = value if decision_log.COLUMNS[place] == "at_local" else value.astimezone(UTC)
                page.write_datetime(down, place, zoned.replace(tzinfo=None, microsecond=0), self._time)
            else:
                page.write_number(down, place, value)


def _named(name: str, label: str) -> str:
    return f"{label}: {settings.TIME_ZONE}" if name == "at_local" else label
