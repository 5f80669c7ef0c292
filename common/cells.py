"""Cells of spreadsheets that hold what people wrote: never run, never cut silently, nothing that a file cannot hold.

Spreadsheets run cells that look like formulas. An apostrophe makes them text: at the start of a cell, and after a
semicolon, tab, bar or line end inside it, because a spreadsheet that takes that for the separator starts a cell there.
Taking one apostrophe away at each such place gives the text back (docs/documents.md has the rule).
"""

import re
from typing import Any

#: Stands for a character that a file cannot hold.
MISSING = "\u25a1"
#: What a cell of Excel can hold (Excel specifications and limits).
LONGEST = 32_767

#: What starts a formula in some spreadsheet, full-width forms and the real minus sign included.
_FORMULA = "=+\\-@＝＋－＠\u2212"
_START = re.compile(rf"^(?=[{_FORMULA}\t\r\n'])")
_INSIDE = re.compile(rf"([;|\t\r\n] *)(?='*[{_FORMULA}])")
#: Everything outside of the characters of XML 1.0 (Char, section 2.2).
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def harmless(value: Any) -> Any:
    """The cell as a spreadsheet will not run it; numbers stay numbers, nothing is an empty cell."""
    if isinstance(value, str):
        return _START.sub("'", _INSIDE.sub(r"\1'", value))
    return "" if value is None else value


def visible(body: str) -> str:
    """The text with what XML cannot hold replaced by a visible mark, never silently missing; line ends as \\n."""
    return _ILLEGAL.sub(MISSING, body.replace("\r\n", "\n").replace("\r", "\n"))


def fitting(body: str) -> str:
    """The text as a cell of a workbook can hold it; what is left out is marked."""
    line = visible(body)
    return line if len(line) <= LONGEST else line[: LONGEST - 2] + " …"
