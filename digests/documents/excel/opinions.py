"""The sheets about opinions: all of them, what they have in common, what is said for and against, what changed."""

from typing import Any

from digests.documents.excel.rows import Column, Row, Sheet, Value, local, named, part, proposal
from digests.report.source import Source
from digests.wording import letter


def opinions(source: Source) -> Sheet:
    """One row a published opinion, in order of number, with every count."""
    words, content = source.words, source.content
    counts = [Column(words(key), "number", 8) for key in ("agree", "pass", "disagree", "column_votes")]
    measures = [Column(words(f"column_{key}"), "share", 9) for key in ("share", "low", "high")]
    groups = [
        Column(f"{words.group(group)} {words(key)}", "share" if key == "column_share" else "number", 11)
        for group in range(1, source.groups + 1)
        for key in ("agree", "pass", "disagree", "column_share")
    ]
    balance = [Column(words("column_balance"), "share", 10), Column(words("column_societies"), "number", 10)]
    columns = (
        Column(words("column_number"), "number", 7),
        Column(words("column_proposal"), "long", 60),
        *counts,
        *measures,
        Column(words("column_rank"), "number", 7),
        *groups,
        *balance,
        Column(words("column_theme"), "text", 18),
        Column(words("mark_new"), "text", 8),
        Column(words("mark_not_voted_on"), "text", 10),
        Column(words("column_earlier"), "number", 12),
        Column(words("column_author"), "text", 24),
        Column(words("addressee"), "text", 24),
        Column(words("problem"), "long", 50),
        Column(words("reason"), "long", 50),
        Column(words("column_language"), "text", 8),
        Column(words("column_published"), "moment", 17),
        Column(words("column_page"), "text", 30),
    )
    return Sheet(words("table"), columns, [_opinion(row, source) for row in content["opinions"]], fixed=2)


def _opinion(row: dict[str, Any], source: Source) -> Row:
    words, shown, votes = source.words, source.rows[row["number"]], row["votes"]
    themes = {theme["place"]: theme["title"] for theme in source.content["themes"]}
    theme = themes.get(row["theme"])
    balance = row["balance"] or {}
    return [
        row["number"],
        shown.proposal,
        *(votes[key] for key in ("agree", "pass", "disagree", "total")),
        *(row[key] for key in ("share", "low", "high")),
        row["rank"],
        *_by_group(row, source),
        balance.get("mean"),
        balance.get("societies"),
        words.of(theme) if theme else "",
        words("yes") if shown.new else "",
        words("yes") if shown.not_voted_on else "",
        votes["on_earlier_text"] or None,
        shown.byline,
        row["addressee"],
        row["problem"],
        row["reason"],
        row["language"],
        local(row["published_at"], source),
        shown.url,
    ]


def _by_group(row: dict[str, Any], source: Source) -> list[Value]:
    values: list[Value] = []
    for place in range(source.groups):
        counts = row["groups"][place] if row["groups"] else [0, 0, 0]
        values += [*counts, part(counts[0], sum(counts))]
    return values


# --- groups -----------------------------------------------------------------------------------------


def groups(source: Source) -> Sheet:
    found, words = source.content["groups"], source.words
    known = found if found and found["stable"] else {"sizes": [], "representative": []}
    sizes = {row["group"]: row["people"] for row in known["sizes"]}
    columns = (
        Column(words("column_group"), "text", 8),
        Column(words("column_group_people"), "number", 9),
        *named(source),
        Column(words("column_side"), "text", 8),
        Column(words("column_in_group"), "share", 10),
        Column(words("column_in_rest"), "share", 10),
        Column(words("column_group_voters"), "number", 12),
        Column("q", "decimal", 9),
    )
    rows: list[Row] = []
    for row in known["representative"]:
        first: list[Value] = [letter(row["group"]), sizes.get(row["group"])]
        for mark in row["opinions"]:
            side = words(mark["side"])
            numbers = [mark[key] for key in ("share", "rest", "voters", "q")]
            rows.append([*first, mark["number"], proposal(mark["number"], source), side, *numbers])
        if not row["opinions"]:
            rows.append([*first, *[None] * 7])
    return Sheet(words("groups"), columns, rows)


def across(source: Source) -> Sheet:
    words, content = source.words, source.content
    columns = (*named(source), Column(words("column_score"), "decimal", 10), Column(words("column_share"), "share", 9))
    rows: list[Row] = [
        [row["number"], proposal(row["number"], source), row["score"], source.facts[row["number"]]["share"]]
        for row in content["across"] or []
        if row["number"] in source.facts
    ]
    return Sheet(words("across"), columns, rows)


def minority(source: Source) -> Sheet:
    words = source.words
    numbers = ("voters", "share", "low", "rest_voters", "rest_share", "rest_high")
    kinds = ("number", "share", "share", "number", "share", "share")
    columns = (
        Column(words("column_who"), "text", 24),
        *named(source),
        Column(words("column_side"), "text", 8),
        *(Column(words(f"column_minority_{key}"), kind, 11) for key, kind in zip(numbers, kinds, strict=True)),
    )
    rows: list[Row] = [
        [
            _who(row, source),
            row["number"],
            proposal(row["number"], source),
            words(row["side"]),
            *(row[key] for key in numbers),
        ]
        for row in source.content["minority"] or []
    ]
    return Sheet(words("minority"), columns, rows)


def _who(row: dict[str, Any], source: Source) -> str:
    if row["of"] == "group":
        return source.words.group(row["group"])
    return source.words.of(row["society"]) if row["society"] else source.words("a_society")


def topics(source: Source) -> Sheet:
    words = source.words
    columns = (
        Column(words("column_theme"), "text", 18),
        Column(words("column_terms"), "text", 36),
        *named(source),
        Column(words("column_central"), "text", 10),
    )
    rows: list[Row] = []
    for theme in source.content["themes"]:
        title = words.of(theme["title"]) if theme["title"] else ""
        for topic in theme["topics"]:
            rows += [
                [
                    title,
                    ", ".join(topic["terms"]),
                    n,
                    proposal(n, source),
                    words("yes") if n in topic["central"] else "",
                ]
                for n in topic["numbers"]
            ]
    return Sheet(words("column_topics"), columns, rows)


def arguments(source: Source) -> Sheet:
    words = source.words
    columns = (
        *named(source),
        Column(words("column_side"), "text", 12),
        Column(words("column_argument"), "long", 60),
        Column(words("column_language"), "text", 8),
        Column(words("column_helpful"), "number", 10),
    )
    rows: list[Row] = [
        [
            row["number"],
            proposal(row["number"], source),
            words(f"argument_{one['side']}"),
            one["text"],
            one["language"],
            one["helpful"],
        ]
        for row in source.content["opinions"]
        for one in row["arguments"]
    ]
    return Sheet(words("column_arguments"), columns, rows)


def priorities(source: Source) -> Sheet:
    words, found = source.words, source.content["priorities"] or {"people": 0, "opinions": []}
    columns = (
        *named(source),
        Column(words("column_picked"), "number", 10),
        Column(words("column_of_people"), "share", 12),
    )
    rows: list[Row] = [
        [row["number"], proposal(row["number"], source), row["count"], part(row["count"], found["people"])]
        for row in found["opinions"]
    ]
    return Sheet(words("column_priorities"), columns, rows)


def moved(source: Source) -> Sheet:
    words = source.words
    columns = (
        *named(source),
        Column(words("column_rank_before"), "number", 9),
        Column(words("column_rank_now"), "number", 9),
        Column(words("column_share_before"), "share", 11),
        Column(words("column_share_now"), "share", 11),
    )
    rows: list[Row] = [
        [
            row["number"],
            proposal(row["number"], source),
            *(row[key] for key in ("rank_before", "rank", "share_before", "share")),
        ]
        for row in (source.content["changes"] or {"moved": []})["moved"]
    ]
    return Sheet(words("moved"), columns, rows)
