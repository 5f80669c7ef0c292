"""Styles, pages, headers and footers of the Word document."""

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor

from digests.documents.safe import escaped

#: Text width in twips: A4 less 22 mm on either side, upright and on its side.
UPRIGHT, SIDEWAYS = 9411, 14343
FONT = "Malgun Gothic"
INK, FAINT, ACCENT, WARN = "1E2124", "58616A", "0B50D0", "7A5200"
LINE, WASH, WARN_WASH = "CDD1D5", "ECF2FE", "FFF3D9"
_HEADINGS = {1: (17, 24, 10), 2: (12, 16, 4), 3: (11, 13, 4), 4: (10.5, 11, 3)}
_LANGUAGES = {"ko": "ko-KR", "en": "en-US"}


def dress(document: Document, language: str) -> None:
    """Fonts, headings and our own paragraph styles; the languages that texts are in when nothing else is said."""
    _defaults(document, language)
    for level, (size, above, below) in _HEADINGS.items():
        _heading(document, level, size, above, below)
    for name, size, color, bold in (
        ("Digest Faint", 9.2, FAINT, False),
        ("Digest Small", 8.5, INK, False),
        ("Digest Label", 8.5, FAINT, True),
        ("Digest Cell", 8.5, INK, False),
        ("Digest Head", 8, FAINT, True),
        ("Digest Value", 16, INK, True),
        ("Digest Note", 10, INK, False),
        ("Digest Warning", 10, INK, False),
        ("Digest Quote", 9.5, INK, False),
        ("Digest Contents", 10, INK, False),
        ("Digest Sentence", 13, INK, True),
        ("Digest Kind", 14, INK, True),
        ("Digest Summit", 12, ACCENT, True),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _font(style, size, color, bold=bold)
    for name in ("Digest Cell", "Digest Head", "Digest Value"):
        _spacing(document.styles[name], 0, 0)
    _spacing(document.styles["Digest Contents"], 0, 2)
    _boxed(document.styles["Digest Note"], ACCENT, WASH)
    _boxed(document.styles["Digest Warning"], WARN, WARN_WASH)
    _boxed(document.styles["Digest Quote"], LINE, None)
    _boxed(document.styles["Digest Sentence"], ACCENT, WASH)


def _defaults(document: Document, language: str) -> None:
    normal = document.styles["Normal"]
    _font(normal, 10, INK, bold=False)
    _spacing(normal, 0, 6)
    normal.paragraph_format.line_spacing = 1.25
    lang = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    lang.set(qn("w:val"), _LANGUAGES[language])
    lang.set(qn("w:eastAsia"), "ko-KR")
    title = document.styles["Title"]
    _font(title, 28, INK, bold=True)
    _unruled(title)


def _heading(document: Document, level: int, size: float, above: float, below: float) -> None:
    style = document.styles[f"Heading {level}"]
    _font(style, size, INK, bold=True)
    style.font.italic = False
    _spacing(style, above, below)
    style.paragraph_format.keep_with_next = True


def _font(style: Any, size: float, color: str, *, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _spacing(style: Any, above: float, below: float) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)


def _unruled(style: Any) -> None:
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _boxed(style: Any, line: str, fill: str | None) -> None:
    """A bar at the left, and a shade behind."""
    properties = style.element.get_or_add_pPr()
    border = f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{line}"/></w:pBdr>'
    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    # The order of the schema: keepLines, pBdr, shd, spacing, ind.
    place = next((n for n, e in enumerate(properties) if e.tag in (qn("w:spacing"), qn("w:ind"))), len(properties))
    for piece in filter(None, (shade, border)):
        properties.insert(place, parse_xml(piece))
    style.paragraph_format.left_indent = Mm(4)
    _spacing(style, 6, 8)


def page(section: Section, *, sideways: bool, head: tuple[str, str], foot: str) -> None:
    """Size, margins, running header and footer of a section."""
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if sideways else (Mm(210), Mm(297))
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    width = SIDEWAYS if sideways else UPRIGHT
    _fill(section.header, _line(escaped(head[0]), _run(escaped(head[1])), width, border="bottom"))
    pages = f"{_field('PAGE')}{_run(' / ')}{_field('NUMPAGES')}"
    _fill(section.footer, _line(escaped(foot), pages, width, border=""))


def _fill(part: Any, paragraph: str) -> None:
    for old in list(part._element):
        part._element.remove(old)
    part._element.append(parse_xml(paragraph))


def _line(left: str, right: str, width: int, *, border: str) -> str:
    ruled = f'<w:pBdr><w:{border} w:val="single" w:sz="4" w:space="4" w:color="{LINE}"/></w:pBdr>' if border else ""
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="DigestSmall"/>{ruled}'
        f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs></w:pPr>'
        f"{_run(left)}<w:r><w:tab/></w:r>{right}</w:p>"
    )


def _run(body: str) -> str:
    return (
        f'<w:r><w:rPr><w:color w:val="{FAINT}"/><w:sz w:val="16"/></w:rPr><w:t xml:space="preserve">{body}</w:t></w:r>'
    )


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}">{_run("1")}</w:fldSimple>'
