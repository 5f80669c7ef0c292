"""One row a published opinion with its counts, for spreadsheets: UTF-8 with a byte-order mark, RFC 4180.

What looks like a formula is made harmless (`common.cells`). Columns are named and explained in docs/digest-format.md;
those by group are as many as there are groups.
"""

import csv
import io
from typing import Any

from common.cells import harmless

COLUMNS = (
    "number", "version", "theme_ko", "theme_en", "language", "proposal", "agree", "pass", "disagree", "votes", "share",
    "low", "high", "divided", "rank", "votes_on_earlier_text", "new", "not_voted_on", "published_at", "shown_as", "author",
    "society_ko", "society_en", "addressee", "horizon", "problem", "reason", "evidence", "interests", "across",
    "balance_mean", "balance_societies", "priorities",
)  # fmt: skip
#: Of each group, behind the others.
GROUP_COLUMNS = ("agree", "pass", "disagree", "share")


def render(content: dict[str, Any], language: str | None) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    groups = [size["group"] for size in content["groups"]["sizes"]]
    columns = [*COLUMNS, *(f"group_{group}_{name}" for group in groups for name in GROUP_COLUMNS)]
    writer.writerow(columns)
    about = _About(content)
    for opinion in content["opinions"]:
        row = _row(opinion, about)
        writer.writerow([harmless(row[name]) for name in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


class _About:
    """What the content says of opinions outside their own rows, by theme or number."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.themes = {theme["place"]: theme["title"] for theme in content["themes"]}
        self.across = {row["number"]: row["score"] for row in content["across"] or []}
        self.priorities = {row["number"]: row["count"] for row in content["priorities"]["opinions"]}


def _row(opinion: dict[str, Any], about: _About) -> dict[str, Any]:
    votes, author, balance = opinion["votes"], opinion["author"] or {}, opinion["balance"] or {}
    theme, society = about.themes.get(opinion["theme"]) or {}, author.get("society") or {}
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
        "across": about.across.get(opinion["number"]),
        "balance_mean": balance.get("mean"),
        "balance_societies": balance.get("societies"),
        "priorities": about.priorities.get(opinion["number"]),
        **_by_group(opinion["groups"] or []),
    }


def _by_group(groups: list[list[int]]) -> dict[str, Any]:
    """Counts and share of each group; no share without votes."""
    cells: dict[str, Any] = {}
    for group, counts in enumerate(groups, 1):
        share = round(counts[0] / sum(counts), 4) if sum(counts) else None
        cells |= {f"group_{group}_{name}": value for name, value in zip(GROUP_COLUMNS, [*counts, share], strict=True)}
    return cells
