"""Shapes of letters, paragraphs and borders of the HWPX document, made by python-hwpx and known by name here.

OWPML keeps them in its header and refers to them by number. A paragraph names its shapes itself; its style gives it
its place in the outline.
"""

from dataclasses import dataclass
from typing import Any

from hwpx import HwpxDocument

#: Units in a millimetre (7,200 in an inch), and the text's width on an upright page and on one on its side.
MM = 283.465
UPRIGHT, SIDEWAYS = 47056, 71717
FONT = "함초롬돋움"
INK, FAINT, ACCENT, WARN = "#1E2124", "#58616A", "#0B50D0", "#7A5200"
LINE, WASH, WARN_WASH = "#CDD1D5", "#ECF2FE", "#FFF3D9"
#: Paragraphs that only carry a shape into the header; taken away again when the file is written.
SHAPE_MARK = "digest-shape"

#: Letters by name: size in points, colour, bold.
_LETTERS: dict[str, tuple[float, str, bool]] = {
    "text": (10, INK, False), "strong": (10, INK, True), "faint": (9, FAINT, False), "faint strong": (9, FAINT, True),
    "cite": (9, ACCENT, True), "link": (10, ACCENT, False), "share": (14, ACCENT, True), "cell": (8.5, INK, False),
    "cell strong": (8.5, INK, True), "cell cite": (8.5, ACCENT, True), "head": (8, FAINT, True), "value": (16, INK, True),
    "title": (27, INK, True), "kind": (14, INK, True), "summit": (12, ACCENT, True), "sentence": (13, INK, True),
    "h1": (17, INK, True), "h2": (12, INK, True), "h3": (11, INK, True), "h4": (10.5, INK, True), "edge": (8, FAINT, False),
}  # fmt: skip

#: Paragraphs by name, as python-hwpx takes them.
_PARAGRAPHS: dict[str, dict[str, Any]] = {
    "text": {"line_spacing_percent": 160, "spacing_after_pt": 4},
    "faint": {"line_spacing_percent": 155, "spacing_after_pt": 4},
    "item": {"line_spacing_percent": 160, "spacing_after_pt": 4, "indent_left_mm": 4, "first_line_indent_mm": -4},
    "cell": {"line_spacing_percent": 135, "alignment": "LEFT"},
    "number": {"line_spacing_percent": 135, "alignment": "RIGHT"},
    "box": {"line_spacing_percent": 155, "spacing_before_pt": 2, "spacing_after_pt": 2, "indent_left_mm": 1.5},
    "quote": {
        "line_spacing_percent": 155, "indent_left_mm": 5, "spacing_after_pt": 5,
        "border": {"sides": ["left"], "color": LINE, "width": "0.5 mm", "offset_mm": (2, 0, 0, 0)},
    },
    "contents": {"line_spacing_percent": 150},
    "lifted": {"spacing_before_pt": 150, "line_spacing_percent": 140, "spacing_after_pt": 6},
    "lowered": {"spacing_before_pt": 210, "line_spacing_percent": 150},
    "title": {"line_spacing_percent": 125, "spacing_after_pt": 14, "alignment": "LEFT"},
    "h1": {"line_spacing_percent": 140, "alignment": "LEFT", "spacing_before_pt": 22, "spacing_after_pt": 8, "outline_level": 1, "keep_with_next": True},
    "h2": {"line_spacing_percent": 140, "alignment": "LEFT", "spacing_before_pt": 14, "spacing_after_pt": 4, "outline_level": 2, "keep_with_next": True},
    "h3": {"line_spacing_percent": 140, "alignment": "LEFT", "spacing_before_pt": 11, "spacing_after_pt": 3, "outline_level": 3, "keep_with_next": True},
    "h4": {"line_spacing_percent": 140, "alignment": "LEFT", "spacing_before_pt": 9, "spacing_after_pt": 3, "outline_level": 4, "keep_with_next": True},
    "right": {"alignment": "RIGHT"},
}  # fmt: skip

_BORDERS: dict[str, dict[str, Any]] = {
    "none": {"active_borders": []},
    "row": {"active_borders": ["bottom"], "border_color": LINE, "border_width": "0.12 mm"},
    "head": {"active_borders": ["bottom"], "border_color": INK, "border_width": "0.25 mm"},
    "info": {"active_borders": ["left"], "border_color": ACCENT, "border_width": "1.0 mm", "fill_color": WASH},
    "warn": {"active_borders": ["left"], "border_color": WARN, "border_width": "1.0 mm", "fill_color": WARN_WASH},
}


@dataclass(frozen=True)
class Look:
    """Numbers of the shapes by name, and of the styles that give headings their place in the outline."""

    letters: dict[str, str]
    paragraphs: dict[str, str]
    borders: dict[str, str]
    styles: dict[str, str]


def make(document: HwpxDocument) -> Look:
    """Put every shape into the document's header; always in the same order, so that the same numbers come out."""
    styles = document.styles
    letters = {
        name: str(styles.ensure_run(size=size, color=color, bold=bold, font=FONT))
        for name, (size, color, bold) in _LETTERS.items()
    }
    paragraphs = {}
    for name, wanted in _PARAGRAPHS.items():
        carrier = document.add_paragraph(SHAPE_MARK, inherit_style=False)
        styles.apply_paragraph_format(paragraphs=[carrier], **wanted)
        paragraphs[name] = str(carrier.element.get("paraPrIDRef"))
    borders = {name: str(styles.ensure_border_fill(**wanted)) for name, wanted in _BORDERS.items()}
    outline = {f"h{level}": str(styles.resolve(f"개요 {level}").id) for level in (1, 2, 3, 4)}
    return Look(letters, paragraphs, borders, outline)


def pages(document: HwpxDocument, section: int, *, sideways: bool) -> None:
    """A4 with the margins of the printed report. The margins of header and footer count on top of the page's here."""
    document.page.setup(
        paper_size="A4",
        orientation="landscape" if sideways else "portrait",
        margin_left_mm=22,
        margin_right_mm=22,
        margin_top_mm=13,
        margin_bottom_mm=12,
        header_margin_mm=11,
        footer_margin_mm=10,
        section=section,
    )
