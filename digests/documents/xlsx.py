"""The numbers as an Excel workbook (Office Open XML): typed cells, frozen headers, filters, no formulas.

Every text is written as a string, whatever it begins with; nothing in it becomes a formula or a link.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from common.cells import fitting
from digests import report
from digests.documents.excel import moderation, opinions, people
from digests.documents.excel.rows import Column, Row, Sheet
from digests.documents.safe import repacked
from digests.documents.safe import text as allowed
from digests.report import source
from digests.report.blocks import Report
from digests.report.source import Source
from digests.report.upgrade import upgraded

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31
_FORMATS = {"number": "#,##0", "share": "0.0%", "decimal": "0.0000", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
_LOOK = {"font_name": "Malgun Gothic", "font_size": 10, "valign": "top"}


def render(content: dict[str, Any], language: str | None) -> bytes:
    """The workbook of a content in one language; the same content gives the same bytes."""
    assert language is not None
    made, given = report.build(content, language), source.of(upgraded(content), language)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        moment = datetime.fromisoformat(content["edition"]["cutoff_at"]).replace(tzinfo=None)
        title = allowed(f"{made.cover.title} · {made.cover.kind}")
        book.set_properties({"title": title, "subject": allowed(made.cover.summit), "created": moment})
        writer = _Writer(book)
        writer.overview(made, given)
        for sheet in _sheets(content, given):
            writer.sheet(sheet)
    return repacked(out.getvalue(), order=lambda name: name != "[Content_Types].xml")


def _sheets(content: dict[str, Any], given: Source) -> Iterator[Sheet]:
    """Every sheet that has rows; the opinions always."""
    yield opinions.opinions(given)
    about = (opinions.groups, opinions.across, opinions.minority, opinions.topics, opinions.arguments)
    also = (opinions.priorities, opinions.moved, people.people, people.days)
    dealt = (moderation.moderation, moderation.weeks, moderation.periods)
    for make in (*about, *also, *dealt, people.recommendations, people.last):
        sheet = make(given)
        if sheet.rows:
            yield sheet
    yield people.how(content, given)


class _Writer:
    """Writes sheets into one workbook; formats and names are the workbook's."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._names: set[str] = set()
        kinds: dict[str, dict[str, Any]] = {kind: {"num_format": form} for kind, form in _FORMATS.items()}
        kinds |= {"text": {}, "long": {"text_wrap": True}}
        self._formats: dict[str, Format] = {kind: book.add_format({**_LOOK, **more}) for kind, more in kinds.items()}
        self._head = book.add_format({**_LOOK, "bold": True, "text_wrap": True, "bg_color": "#ECF2FE", "bottom": 1})
        self._title = book.add_format({**_LOOK, "bold": True, "font_size": 18})
        self._label = book.add_format({**_LOOK, "font_color": "#58616A"})
        self._sentence = book.add_format({**_LOOK, "bold": True, "text_wrap": True, "font_size": 12})

    def sheet(self, sheet: Sheet) -> None:
        page = self._page(sheet.name)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width, self._formats[column.kind])
            page.write_string(0, place, fitting(column.label), self._head)
        page.freeze_panes(1, sheet.fixed)
        page.repeat_rows(0)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        for down, row in enumerate(sheet.rows, 1):
            self._row(page, down, row, sheet.columns)

    def overview(self, made: Report, given: Source) -> None:
        """What this is, the main finding, and the figures as numbers."""
        page, cover, head = self._page(given.words("overview")), made.cover, made.headline
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 90)
        page.write_string(0, 0, fitting(cover.title), self._title)
        lines = [
            cover.kind,
            cover.summit,
            cover.meeting,
            cover.cutoff,
            cover.hosts,
            cover.sample,
            cover.url,
            cover.check,
        ]
        down = 1
        for line in filter(None, lines):
            page.write_string(down, 0, fitting(line), self._label)
            down += 1
        for line in filter(None, (head.sentence, head.provisional)):
            page.merge_range(down + 1, 0, down + 1, 1, fitting(line), self._sentence)
            page.set_row(down + 1, 48)
            down += 1
        content = given.content["headline"]
        new = ("new",) if given.content["edition"]["before"] else ()
        for key in ("opinions", "votes", "voters", *new, "societies"):
            if content[key] is not None:
                page.write_string(down + 2, 0, given.words(f"figure_{key}"), self._formats["text"])
                page.write_number(down + 2, 1, content[key], self._formats["number"])
                down += 1
        turnout = given.content["participation"].get("turnout")
        page.write_string(down + 2, 0, given.words("figure_turnout"), self._formats["text"])
        if turnout is None:
            page.write_string(down + 2, 1, given.words("not_known"), self._formats["text"])
        else:
            page.write_number(down + 2, 1, turnout, self._formats["share"])

    def _page(self, name: str) -> Worksheet:
        """A sheet under a name that Excel takes: short, without certain signs, and there once."""
        base = "".join(" " if sign in "[]:*?/\\'" else sign for sign in allowed(name))[:LONGEST_NAME].strip()
        found, place = base, 2
        while found.lower() in self._names:
            found = f"{base[: LONGEST_NAME - 3]} {place}"
            place += 1
        self._names.add(found.lower())
        page: Worksheet = self.book.add_worksheet(found)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P / &N")
        return page

    def _row(self, page: Worksheet, down: int, row: Row, columns: tuple[Column, ...]) -> None:
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            form = self._formats[column.kind]
            if value is None or value == "":
                continue
            if isinstance(value, str):
                page.write_string(down, place, fitting(value), form)
            elif isinstance(value, date):
                page.write_datetime(down, place, value, form)
            else:
                page.write_number(down, place, value, form)
