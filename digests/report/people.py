"""Who took part."""

from typing import Any

from digests import charts
from digests.report.blocks import Block, Chart, Column, Heading, Note, Paragraph, Section, Table, text
from digests.report.source import Source, cells


def participation(source: Source) -> Section:
    content, words = source.content, source.words
    people = content["participation"]
    blocks: list[Block] = []
    if people["known"]:
        blocks.append(Paragraph(text(_against_the_roll(people, source))))
        blocks += _balance(source)
        blocks += _by_society(people, source)
        blocks += _by("sector", people["sectors"], source) + _by("stage", people["stages"], source)
        if people["sectors"] or people["stages"]:
            blocks.append(Paragraph(text(words("optional_answers")), faint=True))
        blocks.append(
            Paragraph(text(words("participation_small", cell=content["method"]["smallest_cell"])), faint=True)
        )
    else:
        blocks.append(Paragraph(text(words("participation_unknown", voters=words.count(people["voters"])))))
    return Section("participation", words("participation"), (*blocks, *_by_day(people["days"], source)))


def _against_the_roll(people: dict[str, Any], source: Source) -> str:
    words = source.words
    return words(
        "participation_roll",
        people=words.count(people["people"]),
        opening=words.count(people["people_at_opening"]),
        voters=words.count(people["voters"]),
        turnout=words.percent(people["turnout"]),
    )


def _balance(source: Source) -> list[Block]:
    """A warning when one society gave more than 30 percent of the votes, and a word when none did."""
    balance, words = source.content["balance"], source.words
    if balance is None or not balance["known"]:
        return []
    found = balance["dominant"]
    if found is None:
        return [Paragraph(text(words("not_dominant")))]
    share = words.percent(found["share"])
    if found["society"] is None:
        return [Note(text(words("dominant_unnamed", share=share)), tone="warn")]
    return [Note(text(words("dominant", share=share, society=words.of(found["society"]))), tone="warn")]


def _by_society(people: dict[str, Any], source: Source) -> list[Block]:
    words, rows = source.words, people["societies"]
    if not rows:
        return []
    named = [(_society(row, source), row) for row in rows]
    drawn = [charts.Bar(name, _turnout(row) or 0, _voted(row, source)) for name, row in named]
    title = words("turnout_by_society")
    description = "; ".join(f"{bar.label}: {bar.value}" for bar in drawn)
    table = _turnout_table(title, "column_society", named, source)
    return [
        Heading(text(words("each_society"))),
        Chart(
            svg=charts.bars("societies", title, description, drawn),
            title=title,
            description=description,
            table=table,
            show_table=words("show_table"),
        ),
    ]


def _by(what: str, rows: list[dict[str, Any]], source: Source) -> list[Block]:
    words = source.words
    if not rows:
        return []
    named = [(words(f"{what}_{row['key']}" if row["key"] else "not_said"), row) for row in rows]
    title = words(f"each_{what}")
    return [Heading(text(title)), _turnout_table(title, f"column_{what}", named, source)]


def _turnout_table(title: str, column: str, named: list[tuple[str, dict[str, Any]]], source: Source) -> Table:
    words = source.words
    numbers = (Column(words(f"column_{key}"), number=True) for key in ("people", "voters", "turnout"))
    return Table(
        title=title,
        columns=(Column(words(column), share=1), *numbers),
        rows=tuple(
            cells(name, words.count(row["people"]), words.count(row["voters"]), words.percent(_turnout(row)))
            for name, row in named
        ),
    )


def _society(row: dict[str, Any], source: Source) -> str:
    words = source.words
    return words.of(row["name"]) if row["name"] else words("other_societies", count=row["societies"])


def _turnout(row: dict[str, Any]) -> float | None:
    return row["voters"] / row["people"] if row["people"] else None


def _voted(row: dict[str, Any], source: Source) -> str:
    words = source.words
    turnout = words.percent(_turnout(row))
    return words("voted_of", voters=words.count(row["voters"]), people=words.count(row["people"]), turnout=turnout)


def _by_day(days: list[dict[str, Any]], source: Source) -> list[Block]:
    words = source.words
    if not days:
        return []
    title = words("votes_by_day")
    description = "; ".join(f"{words.short_day(row['day'])} {words.count(row['votes'])}" for row in days)
    table = Table(
        title=title,
        columns=(Column(words("column_day"), share=1), Column(words("column_day_votes"), number=True)),
        rows=tuple(cells(words.day(row["day"]), words.count(row["votes"])) for row in days),
    )
    drawn = charts.columns("days", title, description, [(words.short_day(row["day"]), row["votes"]) for row in days])
    chart = Chart(svg=drawn, title=title, description=description, table=table, show_table=words("show_table"))
    return [Heading(text(words("each_day"))), chart]
