"""Who took part, by society, sector and stage, and when votes came, so that no figure points at a person."""

from typing import Any

from analysis import cells

#: A cell that counts fewer people is merged with others.
SMALLEST_CELL = cells.SMALLEST

Row = dict[str, Any]
_COUNTS = ("people", "voters")


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
    """Rows of societies, the largest first; those with small cells in one row without a name, by `cells.merged`."""
    rows = sorted(roll, key=lambda row: row["id"])
    return [
        {"name": _name(rows, line.rows), "societies": len(line.rows), **line.counts}
        for line in cells.merged(rows, _COUNTS, SMALLEST_CELL)
    ]


def _name(rows: list[Row], chosen: tuple[int, ...]) -> dict[str, str] | None:
    return {"ko": rows[chosen[0]]["ko"], "en": rows[chosen[0]]["en"]} if len(chosen) == 1 else None


def merged_by_key(rows: list[Row]) -> list[Row]:
    """Rows of sectors or stages, the largest first; small ones go with who said nothing (key ""), in a row without a key.

    No rows when nothing could be told apart.
    """
    apart = [row for row in sorted(rows, key=lambda row: str(row["key"])) if row["key"] and not _is_small(row)]
    rest = [row for row in rows if not row["key"] or _is_small(row)]
    together: list[Row] = [{"key": None, **cells.summed(rest, range(len(rest)), _COUNTS)}] if rest else []
    lines = cells.merged([*apart, *together], _COUNTS, SMALLEST_CELL)
    keys = [row["key"] for row in [*apart, *together]]
    shown = [{"key": keys[line.rows[0]] if len(line.rows) == 1 else None, **line.counts} for line in lines]
    named = [row for row in shown if row["key"]]
    return named + [row for row in shown if not row["key"]] if named else []


def _is_small(row: Row) -> bool:
    return any(row[name] < SMALLEST_CELL for name in _COUNTS)


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
