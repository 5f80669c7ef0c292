"""Figures of each opinion, and which opinions are findings. Plain data; the formulas are in `analysis.agreement`."""

from typing import Any

from analysis import agreement
from analysis.agreement import Tally
from digests.participation import SMALLEST_CELL

#: An agreement is a finding when, with 95 percent confidence, more than half agree.
AGREED_FROM = 0.5
#: A division is one when, with 95 percent confidence, each side holds more than a quarter.
DIVIDED_FROM = 0.25
MOST_FINDINGS = 10
PLACES = 4

METHOD: dict[str, Any] = {
    "share": "agree / (agree + pass + disagree)",
    "interval": "Wilson score interval, 95 percent",
    "rank": "lower bound of the interval, then votes, then number",
    "divided": "lower Wilson bound of min(agree, disagree) / n",
    "agreed_from": AGREED_FROM,
    "divided_from": DIVIDED_FROM,
    "most_findings": MOST_FINDINGS,
}


def opinions(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Every published opinion in order of number: text, author as shown, counts, share, interval, rank."""
    tallies = {row["number"]: Tally(*row["tally"][:3]) for row in facts["opinions"]}
    ranks = {number: rank for rank, number in enumerate(agreement.by_agreement(tallies), 1)}
    since = facts["before"]["publish_sequence"] if facts["before"] else 0
    sizes = {society["id"]: society for society in facts["roll"] or []}
    return [
        {
            **_text(row),
            "author": _author(row, sizes),
            "new": row["sequence"] > since,
            "not_voted_on": row["published_after_voting"] and not tallies[row["number"]].total,
            "votes": _votes(row["tally"]),
            "rank": ranks.get(row["number"]),
            **_measures(tallies[row["number"]]),
        }
        for row in facts["opinions"]
    ]


def findings(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Numbers of the opinions that are agreed on, that divide, that are new, and that nobody could vote on."""
    tallies = {row["number"]: Tally(*(row["votes"][k] for k in ("agree", "pass", "disagree"))) for row in rows}
    known = {row["number"]: row for row in rows}
    agreed = [n for n in agreement.by_agreement(tallies) if known[n]["low"] > AGREED_FROM]
    split = [n for n in agreement.by_division(tallies) if known[n]["divided"] > DIVIDED_FROM]
    return {
        "agreed": agreed[:MOST_FINDINGS],
        "divided": split[:MOST_FINDINGS],
        "new": [row["number"] for row in rows if row["new"]],
        "not_voted_on": [row["number"] for row in rows if row["not_voted_on"]],
    }


def by_rank(row: dict[str, Any]) -> tuple[bool, int, int]:
    """A key that sorts by rank; what has no votes comes last, by number."""
    return (row["rank"] is None, row["rank"] or 0, row["number"])


def _text(row: dict[str, Any]) -> dict[str, Any]:
    """What may be shown of the text: all of it, or the proposal alone when the author wants no word-for-word quote."""
    always = ("number", "sequence", "version", "theme", "language", "proposal", "horizon", "published_at", "quote")
    quoted = ("problem", "reason", "addressee", "evidence", "interests")
    empty: dict[str, Any] = dict.fromkeys(quoted, "") | {"evidence": []}
    return {name: row[name] for name in always} | ({name: row[name] for name in quoted} if row["quote"] else empty)


def _author(row: dict[str, Any], societies: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """As the author chose to be shown; a society with few people on the roll is not named. None: imported."""
    if not row["shown_as"]:
        return None
    if row["shown_as"] == "member":
        return {"name": "", "society": None, "shown_as": "member"}
    society = societies.get(row["society"])
    named = society is not None and society["people"] >= SMALLEST_CELL
    title = {"ko": society["ko"], "en": society["en"]} if society is not None and named else None
    return {"name": row["name"], "society": title, "shown_as": row["shown_as"]}


def _votes(tally: list[int]) -> dict[str, int]:
    agree, passed, disagree, earlier = tally
    total = agree + passed + disagree
    return {"agree": agree, "pass": passed, "disagree": disagree, "total": total, "on_earlier_text": earlier}


def _measures(tally: Tally) -> dict[str, float | None]:
    interval = agreement.agreement(tally)
    return {
        "share": _rounded(agreement.share(tally)),
        "low": _rounded(interval.low if interval else None),
        "high": _rounded(interval.high if interval else None),
        "divided": _rounded(agreement.divided(tally)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
