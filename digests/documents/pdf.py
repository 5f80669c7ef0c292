"""The printed report: tagged PDF (PDF/UA-1) set by Typst.

The template is ours and reads no file; the report reaches it as one JSON string, so that a text of a member is a
string in it and never markup.
"""

import json
import logging
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from digests import report
from digests.documents import fonts

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "typst"
_PAGES = re.compile(rb"/Type/Pages/Count (\d+)")


def render(content: dict[str, Any], language: str | None) -> bytes:
    """The PDF of a content in one language; the same content gives the same bytes with the same Typst."""
    assert language is not None
    made = _printable(report.build(content, language))
    moment = datetime.fromisoformat(content["edition"]["cutoff_at"])
    data = {"report": json.dumps(made, ensure_ascii=False)}
    try:
        return _typeset(data, moment, ["ua-1"])
    except typst.TypstError:
        # A text that the checks of PDF/UA refuse must not keep everybody from the digest.
        log.exception("the digest cannot be set as PDF/UA; setting it as a plain tagged PDF")
        return _typeset(data, moment, [])


def count_pages(pdf: bytes) -> int:
    """The pages of a PDF that `render` made."""
    return max(int(count) for count in _PAGES.findall(pdf))


def _typeset(data: dict[str, str], moment: datetime, standards: Any) -> bytes:
    made: bytes = typst.compile(
        FOLDER / "digest.typ",
        root=FOLDER,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs=data,
        pdf_standards=standards,
        timestamp=moment,
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    """Our fonts and no others: a document must not look different on another machine."""
    folders = [str(folder) for folder in fonts.folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _printable(value: Any) -> Any:
    """The report with every text printable, and texts in Chinese marked for their font."""
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        made = {key: _printable(item) for key, item in value.items()}
        if isinstance(value.get("proposal"), str) and fonts.is_chinese(value["proposal"]):
            made["language"] = "zh"
        return made
    return value
