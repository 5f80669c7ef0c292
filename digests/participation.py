"""Who took part, society by society, so that no figure points at a person."""

from typing import Any

#: A cell that counts fewer people is merged with others.
SMALLEST_CELL = 5


def participation(facts: dict[str, Any]) -> dict[str, Any]:
    """Turn-out with its base, and the table by society; an imported consultation has no roll: not known."""
    roll = facts["roll"]
    if roll is None:
        return {"known": False, "voters": facts["voters"]}
    people = sum(society["people"] for society in roll)
    voters = sum(society["voters"] for society in roll)
    return {
        "known": True,
        "voters": facts["voters"],
        "people": people,
        "people_at_opening": sum(society["at_opening"] for society in roll),
        "turnout": round(voters / people, 4) if people else None,
        "societies": merged(roll),
    }


def merged(roll: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of societies, the largest first; those with small cells in one row without a name.

    When that row is itself small, the smallest named row joins it: else the total, less the named rows, would give
    the small cell away.
    """
    rows = sorted(roll, key=lambda row: (-row["people"], row["id"]))
    named = [row for row in rows if not _is_small(row)]
    others = [row for row in rows if _is_small(row)]
    while others and named and _is_small(_sum(others)):
        others.append(named.pop())
    shown = [
        {"name": {"ko": r["ko"], "en": r["en"]}, "societies": 1, "people": r["people"], "voters": r["voters"]}
        for r in named
    ]
    # Everything in one small cell: the totals above say all that may be said.
    if others and not (_is_small(_sum(others)) and not named):
        shown.append({"name": None, "societies": len(others), **_sum(others)})
    return shown


def _is_small(row: dict[str, Any]) -> bool:
    return bool(row["people"] < SMALLEST_CELL or row["voters"] < SMALLEST_CELL)


def _sum(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("people", "voters")}
