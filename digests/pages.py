"""The content of an edition as the page shows it; the same report as the printed one, with counts for the bars."""

from typing import Any

from consultations.counts import Counts
from digests import report

#: Rows of each section on the page; the rest is in the files, so that a page stays light.
MOST_ON_PAGE = 10


def build(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The report in the reader's language, its findings with `Counts` for the tally."""
    made = report.build(content, language)
    for section in made["sections"]:
        section["findings"] = [_with_counts(row) for row in section["findings"][:MOST_ON_PAGE]]
        for theme in section["themes"]:
            theme["findings"] = [_with_counts(row) for row in theme["findings"]]
    del made["table"]
    return made


def _with_counts(row: dict[str, Any]) -> dict[str, Any]:
    counts = Counts(*row["counts"])
    return {**row, "tally_counts": counts if counts.total else None}
