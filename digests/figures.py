"""Figures of each opinion, and which opinions are findings. Plain data; the formulas are in `analysis.agreement`."""

from collections.abc import Callable
from typing import Any

from analysis import agreement
from analysis.agreement import Tally
from digests.participation import SMALLEST_CELL

#: An agreement is a finding when, with 95 percent confidence, more than half agree.
AGREED_FROM = 0.5
#: A division is one when, with 95 percent confidence, each side holds more than a quarter.
DIVIDED_FROM = 0.25
MOST_FINDINGS = 10
MOST_PRIORITIES = 20
#: An opinion moved when its share changed by so much since the edition before.
MOVED_FROM = 0.05
MOST_MOVED = 20
PLACES = 4
#: A division into groups repeats from this stability on (`analysis.groups` finds them; web processes read this alone).
STABLE_FROM = 0.7

METHOD: dict[str, Any] = {
    "share": "agree / (agree + pass + disagree)",
    "interval": "Wilson score interval, 95 percent",
    "rank": "lower bound of the interval, then votes, then number",
    "divided": "lower Wilson bound of min(agree, disagree) / n",
    "agreed_from": AGREED_FROM,
    "divided_from": DIVIDED_FROM,
    "most_findings": MOST_FINDINGS,
    "across": "product over groups of (agree + 1) / (votes + 2)",
    "across_from": "(agree + 1) / (votes + 2) over 0.5 in every group",
    "representative": "two-proportion z test, the group against all other voters, two-sided; Benjamini-Hochberg",
    "q": 0.1,
    "minority": "10 voters; lower Wilson bound at least 0.6 inside, upper bound under 0.4 among all other voters",
    "balance": "unweighted mean of shares over societies with 5 voters on the opinion, two societies at least",
    "moved": "share changed by at least 0.05 since the edition before",
}
#: How groups are found, in facts; the constants are those of `analysis.groups`.
GROUPS_METHOD: dict[str, Any] = {
    "recipe": "last votes, centred on each opinion's mean, two leading singular vectors, k-means with ten starts",
    "min_votes": 7,
    "min_people": 20,
    "min_opinions": 3,
    "ks": [2, 3, 4, 5],
    "draws": 30,
    "draw_size": 2000,
    "threshold": STABLE_FROM,
    "near": 0.05,
    "smallest_group": 5,
    "smallest_part": 0.02,
}
#: The section on groups when there are too few people or opinions to look for any.
NOT_ENOUGH: dict[str, Any] = {
    "enough": False,
    "stable": False,
    "readiness": False,
    "threshold": STABLE_FROM,
    **dict.fromkeys(("k", "stability", "min_votes", "eligible", "grouped", "draws", "draw_size", "seed")),
    **{name: [] for name in ("candidates", "sizes", "representative", "map")},
}


def opinions(facts: dict[str, Any], found: dict[str, Any]) -> list[dict[str, Any]]:
    """Every published opinion in order of number: text, author as shown, counts, share, interval, rank, arguments;
    counts by group and the balance of societies as they were found."""
    tallies = {row["number"]: Tally(*row["tally"][:3]) for row in facts["opinions"]}
    ranks = {number: rank for rank, number in enumerate(agreement.by_agreement(tallies), 1)}
    is_new = news(facts["before"])
    sizes = {society["id"]: society for society in facts["roll"] or []}
    no_votes = [[0, 0, 0] for _group in found["groups"]["sizes"]] or None
    return [
        {
            **_text(row),
            "author": _author(row, sizes),
            "new": is_new(row["number"], row["sequence"]),
            "not_voted_on": row["published_after_voting"] and not tallies[row["number"]].total,
            "votes": _votes(row["tally"]),
            "rank": ranks.get(row["number"]),
            **_measures(tallies[row["number"]]),
            "groups": found["by_group"].get(row["number"], no_votes),
            "balance": found["balance"].get(row["number"]),
            "arguments": row.get("arguments", []),
        }
        for row in facts["opinions"]
    ]


def news(before: dict[str, Any] | None) -> Callable[[int, int], bool]:
    """Whether an opinion (number, place in the order of publication) has been in no edition before; new once, never twice.

    What was held when an edition was made is new in the one after its release. Of a withdrawn edition only the last
    place is known.
    """
    if before is None:
        return lambda _number, _sequence: True
    known, since = before["ever"], before["publish_sequence"]
    return lambda number, sequence: sequence > since or (known is not None and number not in known)


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


def priorities(facts: dict[str, Any]) -> dict[str, Any]:
    """How many people picked priorities, and the opinions that most picked; ties: the lower number."""
    picked = facts["priorities"]
    most = sorted(picked["counts"], key=lambda pair: (-pair[1], pair[0]))[:MOST_PRIORITIES]
    return {"people": picked["people"], "opinions": [{"number": number, "count": count} for number, count in most]}


def changes(before: dict[str, Any] | None, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What became of the opinions of the edition before: shares that moved, the most moved first, and those that are gone."""
    if before is None:
        return None
    now = {row["number"]: row for row in rows}
    moved = [
        {
            "number": number,
            "rank_before": rank,
            "rank": now[number]["rank"],
            "share_before": share,
            "share": now[number]["share"],
        }
        for number, rank, share in before["opinions"]
        if number in now and _moved(share, now[number]["share"]) >= MOVED_FROM
    ]
    moved.sort(key=lambda row: (-_moved(row["share_before"], row["share"]), row["number"]))
    gone = sorted(number for number, _rank, _share in before["opinions"] if number not in now)
    return {"since": before["number"], "moved": moved[:MOST_MOVED], "settled": gone}


def _moved(before: float | None, now: float | None) -> float:
    """By how much a share changed; one that was not there before has not moved."""
    return 0.0 if before is None or now is None else round(abs(now - before), PLACES)


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
