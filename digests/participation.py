"""Who took part, by society, sector and stage, and when votes came, so that no figure points at a person."""

from collections.abc import Callable
from typing import Any

#: A cell that counts fewer people is merged with others.
SMALLEST_CELL = 5

Row = dict[str, Any]


def participation(facts: Row) -> Row:
    """Turn-out with its base, and tables by society, sector and stage; an imported consultation has no roll: not known."""
    roll = facts["roll"]
    days = merged_days(facts.get("days", []))
    when = {"days": days} if days else {}
    if roll is None:
        return {"known": False, "voters": facts["voters"]} | when
    people = sum(society["people"] for society in roll)
    voters = sum(society["voters"] for society in roll)
    return {
        "known": True,
        "voters": facts["voters"],
        "people": people,
        "people_at_opening": sum(society["at_opening"] for society in roll),
        "turnout": round(voters / people, 4) if people else None,
        "societies": merged(roll),
        **{name: rows for name in ("sectors", "stages") if (rows := merged_by_key(facts.get(name, [])))},
        **when,
    }


def merged(roll: list[Row]) -> list[Row]:
    """Rows of societies, the largest first; those with small cells in one row without a name."""
    named, others = _apart(sorted(roll, key=lambda row: (-row["people"], row["id"])), lambda row: True)
    shown: list[Row] = [
        {"name": {"ko": r["ko"], "en": r["en"]}, "societies": 1, "people": r["people"], "voters": r["voters"]}
        for r in named
    ]
    # Everything in one small cell: the totals above say all that may be said.
    if others and not (_is_small(_sum(others)) and not named):
        shown.append({"name": None, "societies": len(others), **_sum(others)})
    return shown


def merged_by_key(rows: list[Row]) -> list[Row]:
    """Rows of sectors or stages, the largest first; small ones go with who said nothing (key ""), in a row without a key.

    No rows when nothing could be told apart.
    """
    named, others = _apart(sorted(rows, key=lambda row: (-row["people"], row["key"])), lambda row: bool(row["key"]))
    if not named:
        return []
    shown = [{name: row[name] for name in ("key", "people", "voters")} for row in named]
    return shown + ([{"key": None, **_sum(others)}] if others else [])


def merged_days(days: list[list[Any]]) -> list[Row]:
    """Votes by day; a day with few votes is counted with the day before it, the first ones with the day after."""
    shown: list[Row] = []
    waiting = 0
    for day, votes in days:
        if waiting + votes >= SMALLEST_CELL:
            shown.append({"day": day, "votes": waiting + votes})
            waiting = 0
        elif shown:
            shown[-1]["votes"] += votes
        else:
            waiting += votes
    return shown


def _apart(rows: list[Row], may_be_named: Callable[[Row], bool]) -> tuple[list[Row], list[Row]]:
    """Rows that stand alone, and those that are summed in one row without a name; `rows` are given the largest first.

    When that row is itself small, the smallest named row joins it: else the total, less the named rows, would give
    the small cell away.
    """
    named = [row for row in rows if may_be_named(row) and not _is_small(row)]
    others = [row for row in rows if not (may_be_named(row) and not _is_small(row))]
    while others and named and _is_small(_sum(others)):
        others.append(named.pop())
    return named, others


def _is_small(row: Row) -> bool:
    return bool(row["people"] < SMALLEST_CELL or row["voters"] < SMALLEST_CELL)


def _sum(rows: list[Row]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("people", "voters")}
