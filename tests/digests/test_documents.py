"""The files themselves, read back by other people's libraries."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.text import clean, clean_line
from digests import content, report
from digests.documents import csv as csv_module
from digests.documents import fonts, pdf, wanted
from digests.documents.csv import harmless
from digests.participation import participation

NASTY = (
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "a;=1", "a; +1|=2", "줄\n-3", 'he said "no", twice', "줄\n바꿈", "#read(\"/etc/passwd\")", "$x$ *b* _i_",
    "\\input{/etc/passwd}", "<img src=file:///etc/passwd>", "{{7*7}}", "😀 이모지", "مرحبا", "ᄒᆞᆫ글 옛한글", "w" * 140, "臺灣計程車",
    "a\u200db\ufe0f", "𠮷野家", "e\u0301", "\u0e01\u0e33",
)  # fmt: skip


def facts(
    proposals: tuple[str, ...] = ("연구직군을 신설한다", "Publish starting salaries"), **changes: Any
) -> dict[str, Any]:
    """A snapshot's facts with one opinion a proposal."""

    def both(ko: str, en: str) -> dict[str, str]:
        return {"ko": ko, "en": en}

    moment = "2026-08-20T00:00:00Z"
    opinions = [
        {
            "number": n, "sequence": n, "theme": 7, "language": "ko", "shown_as": "society", "society": 1, "name": "", "quote": True,
            "version": 1, "proposal": text, "problem": text, "reason": text, "addressee": text[:200], "horizon": "now",
            "evidence": [text], "interests": "", "published_at": moment, "published_after_voting": False,
            "tally": [40 + n, 3, 2, 0],
        }
        for n, text in enumerate(proposals, 1)
    ]  # fmt: skip
    return {
        "compiler": "1", "site": "https://summit.example", "time_zone": "Asia/Seoul", "voting_closed": True,
        "summit": {"title": both("이공계 인재 서밋", "Talent summit"), "hosts": both("", ""), "is_sample": False}, "meeting": None,
        "consultation": {
            "slug": "talent", "title": both("무엇부터 바꿔야 합니까?", "What should change first?"), "about": both("", ""),
            "is_imported": False, "attribution": "", "submissions_open_at": moment, "submissions_close_at": moment,
            "voting_open_at": moment, "voting_close_at": moment,
        },
        "themes": [{"id": 7, "title": both("연구 경력", "Research careers")}], "before": None, "opinions": opinions, "voters": 50,
        "roll": [{"id": 1, "ko": "가상재료학회", "en": "Imaginary Materials Society", "people": 60, "voters": 50, "at_opening": 55}],
        "moderation": {"states": {"published": len(opinions)}, "decisions": []},
    } | changes  # fmt: skip


def built(*args: Any, **changes: Any) -> dict[str, Any]:
    return content.build(facts(*args, **changes), number=1, cutoff_at=datetime(2026, 9, 1, 9, 30, tzinfo=UTC))


def texts_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def tags_of(reader: pypdf.PdfReader) -> Iterator[str]:
    """The roles in the structure tree."""
    root: Any = reader.trailer["/Root"]
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/S" in node:
                yield node["/S"]
            if "/K" in node:
                waiting.append(node["/K"])


@pytest.mark.parametrize(
    ("language", "title", "heading"),
    [
        ("ko", "무엇부터 바꿔야 합니까?", "회원들이 찬성하는 것"),
        ("en", "What should change first?", "What members agree on"),
    ],
)
def test_the_pdf_is_tagged_titled_and_in_its_language(language: str, title: str, heading: str) -> None:
    data = pdf.render(built(), language)
    reader = pypdf.PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(title)
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert heading in [str(item.title) for item in reader.outline if not isinstance(item, list)]
    assert {"/H1", "/Table", "/TH", "/Link", "/TOC"} <= set(tags_of(reader))
    assert len(reader.pages) == pdf.count_pages(data)
    text = texts_of(data)
    for wanted_text in (title, heading, "연구직군을 신설한다", "Publish starting salaries"):
        assert wanted_text in text


def test_every_font_is_embedded_and_ours() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(built(("臺灣計程車", "연구직군")), "ko")))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
            names.add(str(inner["/BaseFont"]).split("+")[-1])
    assert all(name.startswith(("NanumGothic", "NotoSansCJK")) for name in names), names


def test_what_the_fonts_hold() -> None:
    assert fonts.printable("연구 研究 臺灣優步 優歩 Research ½ – 「」") == "연구 研究 臺灣優步 優歩 Research ½ – 「」"
    assert fonts.printable("😀") == fonts.MISSING
    assert fonts.printable("👩‍🔬️") == fonts.MISSING * 2
    assert fonts.printable("a\nb") == "a\nb"


def test_chinese_is_set_in_one_design() -> None:
    assert fonts.is_chinese("政府應該保障駕駛的勞動權益")
    assert not fonts.is_chinese("연구자(硏究者)를 돕는다")
    assert not fonts.is_chinese("Taxis")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_texts_that_look_like_code_are_printed_as_they_are(language: str) -> None:
    text = texts_of(pdf.render(built(NASTY), language)).replace("\n", "")
    for nasty in ('#read("/etc/passwd")', "$x$ *b* _i_", "\\input{/etc/passwd}", "{{7*7}}", "臺灣計程車", "w" * 28):
        assert nasty in text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=3))
def test_any_text_can_be_set_as_accessible_pdf(texts: list[str]) -> None:
    proposals = tuple(clean_line(text) or "x" for text in texts)
    data = pdf.render(built(proposals), "ko")
    assert b"pdfuaid" in data


def recovered(cell: str) -> str:
    """The written rule, backwards."""
    cell = cell.removeprefix("'")
    return re.sub(r"([;|\t\r\n] *)'(?='*[=+\-@＝＋－＠\u2212])", r"\1", cell)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("'=+-@;| \t\nab−", max_size=12)))
def test_a_cell_is_harmless_and_its_text_recoverable(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert recovered(cell) == text


def test_csv_has_a_row_an_opinion_and_no_formulas() -> None:
    data = csv_module.render(built(NASTY), None)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert len(rows) == len(NASTY)
    for row, text in zip(rows, NASTY, strict=True):
        assert recovered(row["proposal"]) == text
        assert not any(value[:1] in set("=+-@") for value in row.values() if value)
        assert (row["agree"], row["pass"], row["disagree"]) == (str(40 + int(row["number"])), "3", "2")
    # Opened with another separator, no part of a text starts a formula either.
    for separator in ";\t|":
        for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator):
            assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_csv_keeps_rows_and_columns_for_any_text(texts: list[str]) -> None:
    data = csv_module.render(built(tuple(clean(text) or "x" for text in texts)), None)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(csv_module.COLUMNS)}
    assert len(rows) == len(texts) + 1


def test_every_format_says_the_same() -> None:
    """X01: same opinions, same order, same numbers in PDF, CSV and JSON."""
    whole = built(tuple(f"제안 번호 {n}" for n in range(1, 40)))
    made = {form.key: form.render(whole, language or None) for form, language in wanted()}
    from_json = [(row["number"], row["votes"]["agree"]) for row in json.loads(made["json"])["opinions"]]
    rows = csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"), newline=""))
    from_csv = [(int(row["number"]), int(row["agree"])) for row in rows]
    assert from_json == from_csv
    assert [(row["number"], row["counts"][0]) for row in report.build(whole, "ko")["table"]["rows"]] == from_json
    text = texts_of(made["pdf"])
    table = text[text.rindex("Every opinion") :]
    places = [
        table.index(f"제안 번호 {n}\n") if f"제안 번호 {n}\n" in table else table.index(f"제안 번호 {n} ")
        for n in (5, 17, 38)
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("count", [0, 1, 600])
def test_any_number_of_opinions(count: int) -> None:
    data = pdf.render(built(tuple(f"제안 {n}" for n in range(count))), "en")
    assert pdf.count_pages(data) >= 3


# --- content ----------------------------------------------------------------------------------------


def test_who_does_not_want_to_be_quoted_is_not() -> None:
    given = facts(("하나", "둘"))
    given["opinions"][0]["quote"] = False
    given["opinions"][0]["problem"] = "비밀스러운 사연"
    whole = content.canonical(content.build(given, number=1, cutoff_at=datetime(2026, 9, 1, tzinfo=UTC))).decode()
    assert "비밀스러운 사연" not in whole
    assert "하나" in whole


@pytest.mark.parametrize(
    ("shown_as", "people", "expected"),
    [
        ("society", 60, "가상재료학회 회원"),
        ("society", 4, "어느 학회의 회원"),
        ("name", 60, "김서연 (가상재료학회)"),
        ("name", 4, "김서연 (어느 학회)"),
        ("member", 60, "회원"),
        ("", 60, ""),
    ],
)
def test_authors_are_shown_as_they_chose(shown_as: str, people: int, expected: str) -> None:
    given = facts(("하나",))
    given["opinions"][0] |= {"shown_as": shown_as, "name": "김서연" if shown_as == "name" else ""}
    given["roll"][0] |= {"people": people, "voters": min(people, 50)}
    whole = content.build(given, number=1, cutoff_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert report.build(whole, "ko")["table"]["rows"][0]["byline"] == expected
    assert ("김서연" in content.canonical(whole).decode()) == (shown_as == "name")


def society(identity: int, people: int, voters: int) -> dict[str, Any]:
    return {
        "id": identity,
        "ko": f"학회{identity}",
        "en": f"S{identity}",
        "people": people,
        "voters": voters,
        "at_opening": people,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(60, 50), (30, 20)], [("학회1", 60, 50), ("학회2", 30, 20)]),
        ([(60, 50), (30, 3), (20, 2)], [("학회1", 60, 50), (None, 50, 5)]),
        # the small cell alone would be total minus the rest: the smallest shown one joins it
        ([(60, 50), (30, 20), (4, 2)], [("학회1", 60, 50), (None, 34, 22)]),
        ([(4, 2)], []),
        ([(60, 3)], []),
    ],
)
def test_small_cells_are_merged(rows: list[tuple[int, int]], expected: list[tuple[str | None, int, int]]) -> None:
    roll = [society(i, *row) for i, row in enumerate(rows, 1)]
    shown = participation(facts(roll=roll))["societies"]
    assert [(row["name"] and row["name"]["ko"], row["people"], row["voters"]) for row in shown] == expected


def test_no_small_cell_can_be_had_by_subtraction() -> None:
    for sizes in range(3**4):
        roll = [society(i, *[(60, 40), (30, 3), (4, 1)][sizes // 3**i % 3]) for i in range(4)]
        shown = participation(facts(roll=roll))["societies"]
        assert all(row["people"] >= 5 and row["voters"] >= 5 for row in shown)
        if shown:
            assert sum(row["voters"] for row in shown) == sum(row["voters"] for row in roll)


def test_canonical_bytes_do_not_depend_on_the_order_of_keys() -> None:
    whole = built()
    turned = dict(reversed(list(whole.items())))
    assert content.canonical(whole) == content.canonical(turned)
    assert content.canonical({"b": 1, "a": "가"}) == '{"a":"가","b":1}'.encode()
