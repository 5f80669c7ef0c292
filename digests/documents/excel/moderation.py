"""The sheets about moderation: in all, by week, and reasons by period."""

from datetime import date

from digests.documents.excel.rows import Column, Row, Sheet
from digests.report.moderation import ACTS, KINDS, counted, reason
from digests.report.source import Source

#: Columns of the weeks behind their acts: the part of the week, and its keys.
REST = (
    ("appeals", ("made", "granted", "refused")),
    ("removals", ("declined", "lapsed")),
    ("holds", ("released", "lapsed")),
)


def moderation(source: Source) -> Sheet:
    words, done = source.words, source.content["moderation"]
    columns = (Column(words("column_what"), "text", 40), Column(words("column_count"), "number", 10))
    keys = ("received", "published", "rejected", "waiting", "held", "removed", "merged", "withdrawn")
    rows: list[Row] = [[words(f"moderation_{key}"), done[key]] for key in keys]
    rows += [[f"{words('moderation_reasons')}: {reason(r['reason'], source)}", r["count"]] for r in done["reasons"]]
    times = ("decided", "median_minutes", "slowest_minutes")
    rows += [[words(f"moderation_{key}_label"), done[key]] for key in times if done[key] is not None]
    rows += [[words(f"column_{key}"), done[key]] for key in ("timed", "in_time") if done[key] is not None]
    rows += [[words(f"kind_{key}"), done["came_in"][key]] for key in KINDS if done["came_in"]]
    rows += [[f"{words('moderation_acts')}: {words(key)}", count] for key, count in counted(done)]
    appeals = done["appeals"] or {}
    rows += [[words(f"appeals_{key}"), appeals[key]] for key in ("made", "granted", "refused", "open") if appeals]
    return Sheet(words("moderation"), columns, rows)


def weeks(source: Source) -> Sheet:
    """A row for each week, every number in a column of its own."""
    words = source.words
    labels = [
        *(f"kind_{key}" for key in KINDS), "column_decided", "column_median_minutes", "column_slowest_minutes",
        "column_timed", "column_in_time", *(f"act_{key}" for key in ACTS),
        *(f"{part}_{key}" for part, keys in REST for key in keys),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            date.fromisoformat(week["from"]),
            *(week["came_in"][key] for key in KINDS),
            *(week[key] for key in ("decided", "median_minutes", "slowest_minutes", "timed", "in_time")),
            *(week["acts"][key] for key in ACTS),
            *(week[part][key] for part, keys in REST for key in keys),
        ]
        for week in source.content["moderation"]["weeks"]
    ]
    columns = (Column(words("column_week"), "day", 12), *(Column(words(label), "number", 12) for label in labels))
    return Sheet(words("moderation_by_week"), columns, rows, fixed=1)


def periods(source: Source) -> Sheet:
    """A row for each reason of each period."""
    words = source.words
    columns = (
        Column(words("column_from"), "day", 12),
        Column(words("column_to"), "day", 12),
        Column(words("column_reason"), "text", 40),
        Column(words("column_count"), "number", 10),
    )
    rows: list[Row] = [
        [date.fromisoformat(p["from"]), date.fromisoformat(p["to"]), reason(row["reason"], source), row["count"]]
        for p in source.content["moderation"]["periods"]
        for row in p["reasons"]
    ]
    return Sheet(words("moderation_by_period"), columns, rows)
