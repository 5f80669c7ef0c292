"""Word, HWPX and Excel: valid packages, real structure, and texts that stay texts."""

import io
import itertools
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hwpx.tools.package_validator import validate_editor_open_safety
from lxml import etree

from common import cells
from common.cells import MISSING
from digests.documents import docx, hwpx, safe, xlsx
from tests.digests import sample_content
from tests.digests.reading import book, book_text, hancom, hancom_text, word, word_text
from tests.digests.test_documents import NASTY

CONTROL = "제어\x01문자\x0b와\ufffe끝"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def package(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


# --- Word -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_word_has_real_headings_and_tables(language: str) -> None:
    """X02, U08: for Word."""
    document = word(docx.render(sample_content.rich(), language))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1
    assert {"Heading 1", "Heading 2", "Heading 3", "Heading 4", "List Bullet"} <= set(styles)
    levels = [int(name[-1]) for name in styles if name.startswith("Heading ")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in document.tables:
        properties = table._tbl.tblPr
        assert properties.find(f"{W}tblCaption").get(f"{W}val")
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None


def test_word_says_what_it_is_and_in_which_language() -> None:
    """U08: a title, a language for the whole and for texts in another one."""
    data = docx.render(sample_content.rich(), "ko")
    document = word(data)
    assert document.core_properties.title == "무엇부터 바꿔야 합니까? · 다이제스트 · 제2판"
    assert document.core_properties.language == "ko"
    assert document.core_properties.author == ""
    languages = {lang.get(f"{W}val") for lang in document.element.body.iter(f"{W}lang")}
    assert {"ko-KR", "en-US"} <= languages
    imported = word(docx.render(sample_content.imported(), "en"))
    assert "zh-TW" in {lang.get(f"{W}eastAsia") for lang in imported.element.body.iter(f"{W}lang")}


def test_word_turns_the_wide_table_on_its_side() -> None:
    document = word(docx.render(sample_content.rich(), "ko"))
    assert [section.page_width > section.page_height for section in document.sections] == [False, True]
    assert "다이제스트" in document.sections[1].header.paragraphs[0].text


def test_word_has_contents_that_lead_somewhere() -> None:
    body = word(docx.render(sample_content.rich(), "en")).element.body
    wanted = {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} - {None}
    marks = {mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")}
    assert len(wanted) > 10
    assert wanted == marks


# --- HWPX -------------------------------------------------------------------------------------------


def test_hwpx_is_a_package_that_readers_take(tmp_path: Path) -> None:
    """X02: for HWPX. The type first and stored, the parts well formed, the schema kept, safe to open."""
    data = hwpx.render(sample_content.rich(), "ko")
    with package(data) as found:
        first = found.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert data[30:38] == b"mimetype"  # where readers look for it
        assert found.read("mimetype") == b"application/hwp+zip"
        for name in found.namelist():
            if name.endswith((".xml", ".hpf", ".rdf")):
                etree.fromstring(found.read(name))
    assert validate_editor_open_safety(data).ok
    assert list(hancom(data).validate().issues) == []


def test_hwpx_has_headings_tables_and_two_kinds_of_pages() -> None:
    """U08: for HWPX: headings by their style and their place in the outline, headers of tables marked."""
    data = hwpx.render(sample_content.rich(), "ko")
    document = hancom(data)
    outline = {str(document.styles.resolve(f"개요 {level}").id) for level in (1, 2, 3, 4)}
    used = {paragraph.element.get("styleIDRef") for paragraph in document.paragraphs}
    assert outline <= used
    with package(data) as found:
        sections = [etree.fromstring(found.read(f"Contents/section{n}.xml")) for n in (0, 1)]
        header = found.read("Contents/header.xml").decode()
    assert [s.find(".//{*}pagePr").get("landscape") for s in sections] == ["WIDELY", "NARROWLY"]
    for table in sections[1].iter("{*}tbl"):
        assert table.get("repeatHeader") == "1"
        assert {cell.get("header") for cell in table.find("{*}tr").iter("{*}tc")} == {"1"}
    assert 'type="OUTLINE"' in header
    assert "^1" not in header  # opinions have numbers of their own


def test_hwpx_tells_title_and_language_and_nobody() -> None:
    """X09: for HWPX."""
    with package(hwpx.render(sample_content.rich(), "en")) as found:
        described = found.read("Contents/content.hpf").decode()
        assert found.read("Preview/PrvText.txt") == b""
    assert "<opf:title>What should change first?" in described
    assert "<opf:language>en<" in described
    assert re.search(r'name="creator" content="text" ?/>', described)


def test_hwpx_numbers_are_there_once() -> None:
    """Two objects of one number, or a link without its end, keep Hancom Office from opening a file."""
    data = hwpx.render(sample_content.rich(), "ko")
    with package(data) as found:
        roots = [etree.fromstring(found.read(f"Contents/section{n}.xml")) for n in (0, 1)]
    known = [e.get("id") for root in roots for e in root.iter("{*}tbl", "{*}fieldBegin")]
    assert len(known) == len(set(known))
    begun = [e.get("id") for root in roots for e in root.iter("{*}fieldBegin")]
    assert begun == [e.get("beginIDRef") for root in roots for e in root.iter("{*}fieldEnd")]


# --- Excel ------------------------------------------------------------------------------------------


def test_excel_cells_have_types() -> None:
    """X02: for Excel. Numbers are numbers, shares are shares, moments are moments; headers stay, filters are set."""
    found = book(xlsx.render(sample_content.rich(), "en"))
    sheet = found["Every opinion"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert row["No."].data_type == row["Agree"].data_type == row["Share"].data_type == "n"
    assert row["Share"].number_format == "0.0%"
    assert row["Published"].is_date
    assert row["Proposal"].data_type == "s"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert len(found.worksheets) == 17
    assert all(s.freeze_panes for s in found.worksheets[1:])
    assert {s.sheet_state for s in found.worksheets} == {"visible"}


def test_excel_has_what_it_says_in_every_sheet() -> None:
    found = book(xlsx.render(sample_content.rich(), "en"))
    rows = list(found["Minority positions"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["Group B", "Invented Mathematical Society", "A society"]
    assert next(found["Votes by day"].iter_rows(min_row=2, values_only=True))[1] == 812
    assert [row[5] for row in found["What became of the last digest"].iter_rows(min_row=2, values_only=True)] == [
        "Accepted in part",
        "Overdue: no response",
        "Waiting for a response",
    ]


def test_no_cell_is_a_formula_or_a_link() -> None:
    """I17: for Excel: whatever a text begins with, it is a string."""
    texts = (*NASTY, '=HYPERLINK("https://evil.example")', "https://evil.example", "{=1+1}", "x" * 40_000)
    data = xlsx.render(sample_content.few(*texts), "ko")
    with package(data) as found:
        sheets = [found.read(name) for name in found.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [xml for xml in sheets if b"<f>" in xml or b"<hyperlink" in xml]
    rows = list(book(data).worksheets[1].iter_rows(min_row=2, max_col=2, values_only=True))
    assert len(rows) == len(texts)
    assert rows[0][1] == "=1+1"
    assert len(rows[-1][1]) == cells.LONGEST
    assert rows[-1][1].endswith(" …")


@pytest.mark.parametrize("sheet_name", ["[a]:b*?/\\c", "'x'", "가" * 60])
def test_a_sheet_gets_a_name_that_excel_takes(sheet_name: str) -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        writer = xlsx._Writer(made)
        writer._page(sheet_name)
        writer._page(sheet_name)
    names = book(out.getvalue()).sheetnames
    assert len(set(names)) == 2
    assert all(len(name) <= xlsx.LONGEST_NAME for name in names)


# --- texts of others --------------------------------------------------------------------------------

RENDER: dict[str, Any] = {
    "docx": (docx.render, word_text), "hwpx": (hwpx.render, hancom_text), "xlsx": (xlsx.render, book_text)
}  # fmt: skip


@pytest.mark.parametrize("key", RENDER)
def test_texts_that_look_like_code_are_kept_as_they_are(key: str) -> None:
    """I20: for Word, HWPX and Excel."""
    render, read = RENDER[key]
    codes = (
        "<w:p/>",
        "</hp:t><hp:tbl/>",
        "&amp; <b>",
        "{{7*7}}",
        "\\input{/etc/passwd}",
        "\"quoted'",
        "_x0041_",
        "]]>",
    )
    text = read(render(sample_content.few(*codes, *NASTY), "en"))
    for code in (*codes, '#read("/etc/passwd")', "臺灣計程車", "w" * 140, "مرحبا", "😀 이모지"):
        assert code in text, code


@pytest.mark.parametrize("key", RENDER)
def test_what_xml_cannot_hold_is_seen(key: str) -> None:
    """I19, X03: control characters are replaced by a mark, in every format that is XML inside."""
    render, read = RENDER[key]
    assert f"제어{MISSING}문자{MISSING}와{MISSING}끝" in read(render(sample_content.few(CONTROL), "ko")).replace(
        "\n", ""
    )


@pytest.mark.parametrize("key", RENDER)
def test_hostile_texts_are_held(key: str) -> None:
    """D05: long words and deep brackets cost these formats nothing."""
    render, read = RENDER[key]
    for text in ("w" * 10_000, "[" * 5_000, "가나다 " * 3_000):
        assert text.strip()[:9_000] in read(render(sample_content.few(text), "ko"))


def test_packages_carry_no_time_of_their_making() -> None:
    """X04, X09: the earliest time that ZIP knows, for every file."""
    for render in (docx.render, hwpx.render, xlsx.render):
        with package(render(sample_content.few("하나"), "ko")) as found:
            assert {entry.date_time for entry in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_columns_fill_their_width() -> None:
    from digests import report
    from digests.report.blocks import Table, walk

    for language in ("ko", "en"):
        for section in report.build(sample_content.rich(), language).sections:
            for block in walk(section.blocks):
                if isinstance(block, Table):
                    found = safe.widths(block, 9000, 180)
                    assert abs(sum(found) - 9000) < len(found)
                    assert min(found) > 200
