"""The printed report: accessible, whole in any script, and set within its limits whatever it holds."""

import io
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.cells import MISSING
from common.text import clean_line
from digests.documents import fonts, pdf
from tests.digests import sample_content
from tests.digests.reading import pdf_tags, pdf_text
from tests.digests.test_documents import NASTY, built


@pytest.mark.parametrize(
    ("language", "title", "heading"),
    [
        ("ko", "무엇부터 바꿔야 합니까?", "회원들이 찬성하는 것"),
        ("en", "What should change first?", "What members agree on"),
    ],
)
def test_the_pdf_is_tagged_titled_and_in_its_language(language: str, title: str, heading: str) -> None:
    """X02, U08: for PDF."""
    data = pdf.render(sample_content.rich(), language)
    reader = pypdf.PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(title)
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert heading in [str(item.title) for item in reader.outline if not isinstance(item, list)]
    assert {"/H1", "/H2", "/Table", "/TH", "/Link", "/TOC", "/L", "/Figure"} <= set(pdf_tags(reader))
    assert len(reader.pages) == pdf.count_pages(data)
    text = pdf_text(data)
    for wanted_text in (title, heading, "장비를 운영하는 전문 기술직을", "Set a national minimum"):
        assert wanted_text in text


def test_charts_are_vectors_with_words_for_them() -> None:
    """U02, U08: no raster picture, and every figure has a text."""
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(sample_content.rich(), "en")))
    assert not [image for page in reader.pages for image in page.images]
    root: Any = reader.trailer["/Root"]
    waiting, texts = [root["/StructTreeRoot"]], []
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                texts.append(str(node.get("/Alt", "")))
            waiting += [node["/K"]] if "/K" in node else []
    assert any("Group A: circles" in text for text in texts)
    assert any("Imaginary Physical Society" in text for text in texts)
    assert all(texts)


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not installed")
def test_another_reader_opens_the_pdf(tmp_path: Path) -> None:
    """X02: by a library that is not ours."""
    file = tmp_path / "digest.pdf"
    file.write_bytes(pdf.render(sample_content.rich(), "ko"))
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True)
    # Poppler takes a key that PDF 1.7 defines as a boolean for something else; nothing else may be wrong.
    assert [line for line in told.stderr.splitlines() if "Suspects" not in line] == []
    assert "Tagged:          yes" in told.stdout
    assert "Author:" not in told.stdout
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "그룹을 가로질러 찬성하는 것" in text


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
    """X03: a character that no font holds is replaced by a visible mark."""
    assert fonts.printable("연구 研究 臺灣優步 優歩 Research ½ – 「」") == "연구 研究 臺灣優步 優歩 Research ½ – 「」"
    assert fonts.printable("😀") == MISSING
    assert fonts.printable("👩‍🔬️") == MISSING * 2
    assert fonts.printable("a\nb") == "a\nb"


def test_what_no_font_holds_is_seen_in_the_pdf() -> None:
    """X03: in the file itself."""
    text = pdf_text(pdf.render(sample_content.few("이모지 😀 와 مرحبا"), "ko"))
    assert f"이모지 {MISSING} 와 {MISSING * 5}" in text


def test_chinese_is_set_in_one_design() -> None:
    assert fonts.is_chinese("政府應該保障駕駛的勞動權益")
    assert not fonts.is_chinese("연구자(硏究者)를 돕는다")
    assert not fonts.is_chinese("Taxis")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_texts_that_look_like_code_are_printed_as_they_are(language: str) -> None:
    """I20: for PDF."""
    text = pdf_text(pdf.render(built(NASTY), language)).replace("\n", "")
    for nasty in ('#read("/etc/passwd")', "$x$ *b* _i_", "\\input{/etc/passwd}", "{{7*7}}", "臺灣計程車", "w" * 28):
        assert nasty in text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=3))
def test_any_text_can_be_set_as_accessible_pdf(texts: list[str]) -> None:
    proposals = tuple(clean_line(text) or "x" for text in texts)
    data = pdf.render(built(proposals), "ko")
    assert b"pdfuaid" in data


# --- D05: limits ------------------------------------------------------------------------------------

HOSTILE = {
    "a long Korean word": "가" * 10_000,
    "a long Latin word": "w" * 10_000,
    "nested brackets": "[" * 5_000 + "]" * 5_000,
    "markup": "#" * 3_000 + "$" * 3_000,
    "many words": "가나다 " * 3_000,
    "many lines": "a\n" * 3_000,
    "right to left": "مرحبا " * 1_000,
    "pictures": "👩‍🔬" * 2_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_set(text: str) -> None:
    """D05: as a proposal, in the longest text of the organisers, and as an argument."""
    made = sample_content.rich(repeat=1)
    made["opinions"][0]["proposal"] = text
    made["opinions"][0]["arguments"][0]["text"] = text
    made["recommendations"][0]["body"] = {"ko": text, "en": text}
    assert b"pdfuaid" in pdf.render(made, "ko")


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "단순한 모양으로 만들었습니다"), ("en", "is set in a plain one")]
)
def test_what_needs_too_much_memory_is_set_plainly_and_says_so(language: str, words: str) -> None:
    """D05: the digest falls back to a layout that always works, and is marked."""
    data = pdf.render(sample_content.rich(), language, memory=64 << 20)
    text = pdf_text(data)
    assert words in text.replace("\n", " ")
    assert "Set a national minimum" in text
    assert b"pdfuaid" in data


def test_what_takes_too_long_is_given_up() -> None:
    """D05: shaping thousands of marks on one letter takes minutes; nobody waits for it."""
    started = time.monotonic()
    text = pdf_text(pdf.render(sample_content.few("e" + "\u0301" * 60_000), "en", seconds=3))
    assert "is set in a plain one" in text.replace("\n", " ")
    assert time.monotonic() - started < 3 + pdf.SECONDS_PLAIN + 5


def test_the_typesetter_imports_nothing_of_ours_and_gets_no_environment() -> None:
    """D05: what sets hostile texts knows no password and no module of the platform."""
    source = (Path(pdf.__file__).parent / "typesetting.py").read_text()
    assert "digests" not in source.replace("digest.typ", "")
    assert "django" not in source.lower()
    assert "env={}" in Path(pdf.__file__).read_text()
