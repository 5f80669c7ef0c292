"""Who took part, society by society, so that no figure points at a person."""

from typing import Any

from analysis import cells

#: A cell that counts fewer people is merged with others.
SMALLEST_CELL = cells.SMALLEST


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
    """Rows of societies, the largest first; those with small cells in one row without a name, by `cells.merged`."""
    rows = sorted(roll, key=lambda row: row["id"])
    return [
        {"name": _name(rows, line.rows), "societies": len(line.rows), **line.counts}
        for line in cells.merged(rows, ["people", "voters"], SMALLEST_CELL)
    ]


def _name(rows: list[dict[str, Any]], chosen: tuple[int, ...]) -> dict[str, str] | None:
    return {"ko": rows[chosen[0]]["ko"], "en": rows[chosen[0]]["en"]} if len(chosen) == 1 else None
