"""One row a published opinion with its counts, for spreadsheets: UTF-8 with a byte-order mark, RFC 4180.

Spreadsheets run cells that look like formulas. Such a cell gets an apostrophe in front; taking away one leading
apostrophe gives the text back, because a cell that begins with an apostrophe gets another one.
"""

import csv
import io
from typing import Any

#: What starts a formula in some spreadsheet, full-width forms and the real minus sign included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠", "\u2212")

COLUMNS = (
    "number", "version", "theme_ko", "theme_en", "language", "proposal", "agree", "pass", "disagree", "votes", "share",
    "low", "high", "divided", "rank", "votes_on_earlier_text", "new", "not_voted_on", "published_at", "shown_as", "author",
    "society_ko", "society_en", "addressee", "horizon", "problem", "reason", "evidence", "interests",
)  # fmt: skip


def render(content: dict[str, Any], language: str | None) -> bytes:
    themes = {theme["place"]: theme["title"] for theme in content["themes"]}
    out = io.StringIO(newline="")
    # Strings in quotes: no separator inside a text can start a cell, whatever separator the reader assumes.
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for opinion in content["opinions"]:
        row = _row(opinion, themes)
        writer.writerow([harmless(row[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def harmless(value: Any) -> Any:
    """The cell as a spreadsheet will not run it; numbers stay numbers, nothing is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def _row(opinion: dict[str, Any], themes: dict[int | None, Any]) -> dict[str, Any]:
    votes, author = opinion["votes"], opinion["author"] or {}
    theme, society = themes.get(opinion["theme"]) or {}, author.get("society") or {}
    return {
        **opinion,
        "theme_ko": theme.get("ko", ""),
        "theme_en": theme.get("en", ""),
        "agree": votes["agree"],
        "pass": votes["pass"],
        "disagree": votes["disagree"],
        "votes": votes["total"],
        "votes_on_earlier_text": votes["on_earlier_text"],
        "new": int(opinion["new"]),
        "not_voted_on": int(opinion["not_voted_on"]),
        "shown_as": author.get("shown_as", ""),
        "author": author.get("name", ""),
        "society_ko": society.get("ko", ""),
        "society_en": society.get("en", ""),
        "evidence": "\n".join(opinion["evidence"]),
    }
