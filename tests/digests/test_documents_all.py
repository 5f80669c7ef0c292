"""What holds for every format: the same opinions and numbers, the same bytes again, nothing of its makers inside."""

import csv
import hashlib
import io
import json
import re
from typing import Any

import pytest

from digests.documents import FORMATS, LANGUAGES, Format, wanted
from digests.documents import docx as word_module
from digests.documents import hwpx as hancom_module
from digests.documents import pdf as pdf_module
from digests.documents import xlsx as book_module
from tests.digests import reading, sample_content
from tests.digests.reading import TEXTS

MADE: dict[str, Any] = {form.key: form for form in FORMATS}
OURS = ("pdf", "docx", "hwpx", "xlsx", "csv", "json")
PRINTED = ("pdf", "docx", "hwpx", "xlsx")


def made(key: str, content: dict[str, Any], language: str) -> bytes:
    form: Format = MADE[key]
    return form.render(content, language if form.per_language else None)


def numbered(count: int) -> dict[str, Any]:
    """Opinions whose texts tell them apart."""
    content = sample_content.few(*(f"제안 번호 {n:03}" for n in range(1, count + 1)))
    for row in content["opinions"]:
        row["votes"] |= {"agree": 100 + row["number"]}
    return content


def last_table_of_word(data: bytes) -> list[tuple[int, int]]:
    table = reading.word(data).tables[-1]
    return [(int(row.cells[0].text), int(row.cells[2].text)) for row in table.rows[1:]]


def last_table_of_hancom(data: bytes) -> list[tuple[int, int]]:
    table = list(reading.hancom(data).tables)[-1]
    return [(int(table.cell(n, 0).text), int(table.cell(n, 2).text)) for n in range(1, table.row_count)]


def opinions_of_book(data: bytes) -> list[tuple[int, int]]:
    rows = reading.book(data).worksheets[1].iter_rows(min_row=2, values_only=True)
    return [(row[0], row[2]) for row in rows]


def table_of_pdf(data: bytes, count: int) -> list[tuple[int, int]]:
    """Number and agreeing votes of each line of the last chapter."""
    text = reading.pdf_text(data)
    text = text[text.rindex("제안 번호 001") :]
    return [(int(n), int(agree)) for n, agree in re.findall(r"제안 번호 (\d{3})\s+(\d+)", text)][:count]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_says_the_same(language: str) -> None:
    """X01: same opinions, same order, same numbers in every format."""
    content = numbered(40)
    expected = [(row["number"], row["votes"]["agree"]) for row in content["opinions"]]
    from_json = json.loads(made("json", content, language))["opinions"]
    assert [(row["number"], row["votes"]["agree"]) for row in from_json] == expected
    rows = csv.DictReader(io.StringIO(made("csv", content, language).decode("utf-8-sig"), newline=""))
    assert [(int(row["number"]), int(row["agree"])) for row in rows] == expected
    assert opinions_of_book(made("xlsx", content, language)) == expected
    assert last_table_of_word(made("docx", content, language)) == expected
    assert last_table_of_hancom(made("hwpx", content, language)) == expected
    assert table_of_pdf(made("pdf", content, language), 40) == expected


@pytest.mark.parametrize("key", PRINTED)
def test_the_identity_of_the_content_is_printed(key: str) -> None:
    """X01: every document names the content that it was made from."""
    content = sample_content.few("하나")
    identity = hashlib.sha256(made("json", content, "en")).hexdigest()
    assert identity in re.sub(r"\s", "", TEXTS[key](made(key, content, "en")))


@pytest.mark.parametrize("key", ["pdf", "docx", "hwpx"])
def test_chapters_are_the_same_in_the_same_order(key: str) -> None:
    """X01: what is read first in one format is read first in all."""
    from digests import report

    content = sample_content.rich()
    text = TEXTS[key](made(key, content, "ko"))
    text = text[text.rindex("지난 다이제스트 이후") :]
    at = 0
    for section in report.build(content, "ko").sections:
        at = text.index(section.title, at)


@pytest.mark.parametrize("key", OURS)
@pytest.mark.parametrize("which", ["rich", "imported"])
def test_the_same_content_gives_the_same_bytes(key: str, which: str) -> None:
    """X04: twice, and in whatever order the keys of the content stand."""
    content = sample_content.rich() if which == "rich" else sample_content.imported()
    turned = json.loads(json.dumps(dict(reversed(list(content.items())))))
    for language in LANGUAGES:
        assert made(key, content, language) == made(key, turned, language)


@pytest.mark.parametrize("key", PRINTED)
def test_nothing_of_its_makers_is_inside(key: str) -> None:
    """X09, P07: no author, no name of a program's author or of this machine, no hidden sheet, no comment."""
    inside = reading.unpacked(made(key, sample_content.rich(), "ko"))
    for word in (
        *reading.MAKERS,
        b"/Author",
        b"thumbnail",
        b"comments1.xml",
        b'state="hidden"',
        b"veryHidden",
        b"<w:rsids",
    ):
        assert word not in inside, word
    for name in (b"creator", b"lastModifiedBy"):
        assert not re.findall(rb"<(?:dc|cp):" + name + rb">[^<]", inside)


@pytest.mark.parametrize("key", PRINTED)
def test_who_wants_no_name_has_none(key: str) -> None:
    """P07, P08: only the one who chose to be named is."""
    content = sample_content.rich(groups=0, edition=1)
    text = TEXTS[key](made(key, content, "ko"))
    assert "김가상" in text
    for row in content["opinions"]:
        row["author"] = {"name": "", "society": None, "shown_as": "member"}
    again = made(key, content, "ko")
    assert "김가상" not in TEXTS[key](again)
    assert "김가상".encode() not in reading.unpacked(again)


@pytest.mark.parametrize(
    ("key", "links"), [("pdf", reading.pdf_links), ("docx", reading.word_links), ("hwpx", reading.hancom_links)]
)
def test_links_are_absolute_and_carry_no_key(key: str, links: Any) -> None:
    """X10: every link leads to the platform's own address, without a query."""
    content = sample_content.rich()
    content["opinions"][0] |= {"proposal": "http://evil.example/?token=1", "reason": "<https://evil.example>"}
    found = links(made(key, content, "en"))
    address = content["consultation"]["url"]
    assert {f"{address}opinions/{n}/" for n in (1, 2, 12)} <= found
    assert all(url.startswith(address) and "?" not in url and "#" not in url for url in found), found


def test_a_workbook_links_nowhere() -> None:
    """X10: addresses in a workbook are texts."""
    assert b"<hyperlink" not in reading.unpacked(made("xlsx", sample_content.rich(), "en"))


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("key", OURS)
def test_none_or_one_opinion(key: str, count: int) -> None:
    """X14: a digest of nothing is a file too."""
    content = sample_content.few(*(["하나뿐인 제안"] * count))
    for language in LANGUAGES:
        assert ("하나뿐인 제안" in TEXTS[key](made(key, content, language))) == bool(count)


@pytest.mark.parametrize("key", OURS)
def test_an_opinion_of_fifty_pages(key: str) -> None:
    """X14: printed formats quote its beginning, a cell holds what a cell can hold, JSON and CSV everything."""
    content = sample_content.few("짧은 제안")
    content["opinions"][0]["problem"] = "한 문장입니다. " * 20_000
    text = TEXTS[key](made(key, content, "ko"))
    assert "짧은 제안" in text
    assert len(text) > 150_000 if key in ("csv", "json") else len(text) < 50_000


@pytest.mark.long
@pytest.mark.parametrize("key", OURS)
def test_thousands_of_opinions(key: str) -> None:
    """X14: 5,000 of them, each in its place, in the full layout."""
    content = sample_content.imported(opinions=5000, people=3000)
    content["opinions"][-1]["proposal"] = "the very last one"
    text = TEXTS[key](made(key, content, "en"))
    assert "the very last one" in text
    assert "is set in a plain one" not in text.replace("\n", " ")


def test_a_rich_digest_is_made_in_seconds() -> None:
    """Every document of an imported consultation of 197 opinions and 1,921 people; typically three seconds."""
    import time

    content = sample_content.imported(opinions=197, people=1921)
    for form, language in wanted():
        form.render(content, language or None)
    started = time.process_time()
    for form, language in wanted():
        if form.key != "pdf":  # computes in another process, with a limit of its own
            form.render(content, language or None)
    assert time.process_time() - started < 5


def test_formats_are_modules_with_one_signature() -> None:
    """docs/documents.md: content and language in, bytes out."""
    for module in (pdf_module, word_module, hancom_module, book_module):
        assert list(module.render.__annotations__)[:2] == ["content", "language"]
        assert module.render.__annotations__["return"] is bytes
