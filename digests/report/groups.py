"""Opinion groups and the map, what is agreed across groups, and minority positions."""

from typing import Any

from digests import charts
from digests.report.blocks import Block, Chart, Column, Finding, Heading, Note, Paragraph, Section, Table, Text, text
from digests.report.source import Source, cell, cells, tally
from digests.wording import letter


def groups(source: Source) -> Section | None:
    """The division with its stability, what marks each group, and the map; or the sentence why there is none."""
    found, words = source.content["groups"], source.words
    if found is None:
        return None
    blocks: list[Block] = []
    if not found["enough"]:
        return Section("groups", words("groups"), (Paragraph(text(words("groups_few"))),))
    blocks.append(Paragraph(text(words("groups_intro", draws=found["draws"])), faint=True))
    blocks += _division(found, source)
    if found["map"]:
        blocks += [Heading(text(words("map"))), Paragraph(text(words("map_intro")), faint=True), _map(found, source)]
    for row in found["representative"] if found["stable"] else []:
        blocks += _representative(row, found, source)
    return Section("groups", words("groups"), tuple(blocks))


def _division(found: dict[str, Any], source: Source) -> list[Block]:
    words = source.words
    threshold = _number(found["threshold"])
    if not found["stable"]:
        if found["stability"] is None:
            return [Note(text(words("groups_none_bare")))]
        return [Note(text(words("groups_none", stability=_number(found["stability"]), threshold=threshold)))]
    sentence = words(
        "groups_found",
        grouped=words.count(found["grouped"]),
        k=found["k"],
        stability=_number(found["stability"]),
        threshold=threshold,
    )
    blocks: list[Block] = [Paragraph(text(sentence))]
    if found["eligible"] > found["grouped"]:
        left = words.count(found["eligible"] - found["grouped"])
        blocks.append(Paragraph(text(words("groups_left", count=left))))
    if found["readiness"]:
        blocks.append(Note(text(words("groups_readiness")), tone="warn"))
    return blocks


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _map(found: dict[str, Any], source: Source) -> Chart:
    """Everybody's place, with the groups when the division repeats."""
    words = source.words
    groups = found["stable"]
    dots = [charts.Dot(row["x"], row["y"], row["group"] if groups else None) for row in found["map"]]
    named = sorted({dot.group for dot in dots if dot.group is not None})
    kinds: list[int | None] = [*named, *([None] if any(dot.group is None for dot in dots) else [])]
    lines = [(kind, _part(kind, dots, source)) for kind in kinds]
    description = f"{words('map_intro')} {'; '.join(line for _kind, line in lines)}"
    table = Table(
        title=words("map"),
        columns=(
            Column(words("column_group"), share=1),
            Column(words("column_mark"), share=1),
            Column(words("column_group_people"), number=True),
        ),
        rows=tuple(
            cells(
                words.group(kind) if kind else words("no_group"),
                words(f"shape_{charts.shape(kind)}"),
                words.count(sum(dot.group == kind for dot in dots)),
            )
            for kind in kinds
        ),
    )
    svg = charts.scatter("map", words("map"), description, dots, [line for _kind, line in lines])
    return Chart(svg, words("map"), description, table, show_table=words("show_table"))


def _part(kind: int | None, dots: list[charts.Dot], source: Source) -> str:
    words = source.words
    name = words.group(kind) if kind else words("no_group")
    count = words.count(sum(dot.group == kind for dot in dots))
    return words("map_part", group=name, shape=words(f"shape_{charts.shape(kind)}"), people=count)


def _representative(row: dict[str, Any], found: dict[str, Any], source: Source) -> list[Block]:
    words = source.words
    sizes = {size["group"]: size["people"] for size in found["sizes"]}
    people = words.count(sizes.get(row["group"], 0))
    title = words("group_title", letter=letter(row["group"]), people=people)
    if not row["opinions"]:
        return [Heading(text(title)), Paragraph(text(words("group_marks_none")), faint=True)]
    table = Table(
        title=title,
        columns=(
            Column(words("column_number"), number=True),
            Column(words("column_proposal"), share=1),
            Column(words("column_side")),
            Column(words("column_in_group"), number=True),
            Column(words("column_in_rest"), number=True),
            Column(words("column_group_voters"), number=True),
        ),
        rows=tuple(
            (
                cell((source.cite(mark["number"]),)),
                cell(source.proposal(mark["number"])),
                *cells(
                    words(mark["side"]),
                    words.percent(mark["share"]),
                    words.percent(mark["rest"]),
                    words.count(mark["voters"]),
                ),
            )
            for mark in row["opinions"]
        ),
    )
    return [Heading(text(title)), Paragraph(text(words("group_marks")), faint=True), table]


# --- across groups ----------------------------------------------------------------------------------


def across(source: Source) -> Section | None:
    """What groups agree on together; without a repeatable division the sentence that says so."""
    content, words = source.content, source.words
    if content["groups"] is None:
        return None
    if content["across"] is None:
        return Section("across", words("across"), (Note(text(words("across_absent"))),))
    if not content["across"]:
        return Section("across", words("across"), (Note(text(words("across_none"))),))
    findings = tuple(
        Finding(source.rows[row["number"]], full=False, chart=by_group(row["number"], source, "across"))
        for row in content["across"]
        if row["number"] in source.rows
    )
    return Section("across", words("across"), (Paragraph(text(words("across_intro")), faint=True), *findings))


def by_group(number: int, source: Source, where: str) -> Chart | None:
    """The votes of each group on one opinion; nothing without groups."""
    words = source.words
    row = source.facts[number]
    if not source.groups or not row["groups"]:
        return None
    split = [(words.group(group), (one[0], one[1], one[2])) for group, one in enumerate(row["groups"], 1)]
    lines = [charts.Tally(name, counts, _numbers(counts, source)) for name, counts in split]
    title = words("by_group_of", number=number)
    description = "; ".join(f"{name}: {_line(counts, source)}" for name, counts in split)
    votes_of = (Column(words(key), number=True) for key in ("agree", "pass", "disagree"))
    table = Table(
        title=title,
        columns=(Column(words("column_group"), share=1), *votes_of, Column(words("column_share"), number=True)),
        rows=tuple(
            cells(name, *(words.count(count) for count in counts), _percent(counts, source)) for name, counts in split
        ),
    )
    svg = charts.tallies(f"{where}-{number}", title, description, lines, words("by_group_legend"))
    return Chart(svg, title, description, table, show_table=words("by_group"))


def _line(counts: tuple[int, int, int], source: Source) -> str:
    if not sum(counts):
        return source.words("no_votes")
    votes = dict(zip(("agree", "pass", "disagree"), counts, strict=True))
    return f"{tally(votes, source.words)} · {_percent(counts, source)}"


def _numbers(counts: tuple[int, int, int], source: Source) -> str:
    """The numbers of one bar, in the order of the legend."""
    return " · ".join([*(source.words.count(count) for count in counts), _percent(counts, source)])


def _percent(counts: tuple[int, int, int], source: Source) -> str:
    total = sum(counts)
    return source.words.percent(counts[0] / total if total else None)


# --- minority positions -----------------------------------------------------------------------------


def minority(source: Source) -> Section | None:
    """Positions of groups and societies that the others do not share, an opinion once; the rule stands above."""
    rows, words = source.content["minority"], source.words
    if rows is None:
        return None
    blocks: list[Block] = [Paragraph(text(words("minority_rule")), faint=True)]
    lines: dict[int, list[Text]] = {}
    for row in rows:
        lines.setdefault(row["number"], []).append(text(_position(row, source)))
    if not lines:
        blocks.append(Note(text(words("minority_none"))))
    for number, notes in lines.items():
        if number in source.rows:
            chart = by_group(number, source, "minority")
            blocks.append(Finding(source.rows[number], full=False, notes=tuple(notes), chart=chart))
    return Section("minority", words("minority"), tuple(blocks))


def _position(row: dict[str, Any], source: Source) -> str:
    words = source.words
    if row["of"] == "group":
        who = words.group(row["group"])
    else:
        who = words.of(row["society"]) if row["society"] else words("a_society")
    return words(
        f"minority_{row['side']}",
        who=who,
        voters=words.count(row["voters"]),
        share=words.percent(row["share"]),
        low=words.percent(row["low"]),
        rest_voters=words.count(row["rest_voters"]),
        rest_share=words.percent(row["rest_share"]),
        rest_high=words.percent(row["rest_high"]),
    )
