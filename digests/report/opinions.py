"""Findings about opinions: agreed, divided, by theme and topic, priorities, new and changed, the table of all."""

from typing import Any

from digests.report.blocks import (
    Block,
    Cell,
    Column,
    Finding,
    Heading,
    Note,
    Paragraph,
    Part,
    Quote,
    Section,
    Table,
    text,
)
from digests.report.groups import by_group
from digests.report.source import Source, cell, cells
from digests.wording import letter

#: Opinions of a theme that stand outside its topics, before the table of every opinion takes over.
MOST_OF_A_THEME = 5
MOST_TOPICS = 12
MOST_MOVED = 20


def agreed(source: Source) -> Section:
    most = source.content["method"]["most_findings"]
    return _list("agreed", source.content["agreed"], source, most=most)


def divided(source: Source) -> Section:
    return _list("divided", source.content["divided"], source, charts=True)


def not_voted_on(source: Source) -> Section | None:
    numbers = source.content["not_voted_on"]
    return _list("not_voted_on", numbers, source) if numbers else None


def _list(key: str, numbers: list[int], source: Source, *, charts: bool = False, **values: Any) -> Section:
    words = source.words
    intro = Paragraph(text(words(f"{key}_intro", **values)), faint=True)
    if not numbers:
        return Section(key, words(key, **values), (intro, Note(text(words(f"{key}_none")))))
    found = tuple(
        Finding(source.rows[number], chart=by_group(number, source, key) if charts else None) for number in numbers
    )
    return Section(key, words(key, **values), (intro, *found))


# --- themes and topics ------------------------------------------------------------------------------


def themes(source: Source) -> Section | None:
    """Each theme with its topics and what is in none; absent when that would only repeat the ranking."""
    rows, words = [theme for theme in source.content["themes"] if theme["numbers"]], source.words
    topics = any(theme["topics"] for theme in rows)
    if not any(theme["title"] for theme in rows) and not topics:
        return None
    intro = (Paragraph(text(words("themes_topics")), faint=True),) if topics else ()
    return Section("themes", words("themes"), (*intro, *(_theme(theme, source) for theme in rows)))


def _theme(theme: dict[str, Any], source: Source) -> Part:
    words = source.words
    alone = all(other["title"] is None for other in source.content["themes"])
    title = words.of(theme["title"]) if theme["title"] else words("theme_all" if alone else "theme_none")
    topics = theme["topics"]
    in_topics = {number for topic in topics for number in topic["numbers"]}
    others = [number for number in theme["numbers"] if number not in in_topics]
    blocks: list[Block] = []
    for topic in topics[:MOST_TOPICS]:
        blocks += _topic(topic, source)
    if len(topics) > MOST_TOPICS:
        blocks.append(Paragraph(text(words("topics_rest", count=len(topics) - MOST_TOPICS)), faint=True))
    if others and topics:
        blocks.append(Heading(text(words("theme_others")), level=3))
    blocks += [_entry(number, source, level=4 if topics else 3) for number in others[:MOST_OF_A_THEME]]
    if len(others) > MOST_OF_A_THEME:
        blocks.append(Paragraph(text(words("theme_rest", count=len(others) - MOST_OF_A_THEME)), faint=True))
    meta = words("theme_intro", opinions=words.count(len(theme["numbers"])), votes=words.count(theme["votes"]))
    return Part(text(title), meta, tuple(blocks))


def _topic(topic: dict[str, Any], source: Source) -> list[Block]:
    """The terms as a heading, the central opinions with their reasons and arguments, the others by number."""
    words = source.words
    terms = ", ".join(topic["terms"])
    heading = words("topic", terms=terms) if terms else words("topic_size", count=len(topic["numbers"]))
    size = words("topic_size", count=len(topic["numbers"]))
    blocks: list[Block] = [Heading(text(heading), level=3)]
    if terms:
        blocks.append(Paragraph(text(size), faint=True))
    central = [number for number in topic["central"] if number in source.rows]
    blocks += [_entry(number, source, level=4, full=True) for number in central]
    others = [number for number in topic["numbers"] if number not in central]
    if others:
        blocks.append(Paragraph(text(words("topic_others"), source.cites(others))))
    return blocks


def _entry(number: int, source: Source, *, level: int, full: bool = False) -> Finding:
    return Finding(source.rows[number], level=level, full=full, arguments=_arguments(number, source))


def _arguments(number: int, source: Source) -> tuple[Quote, ...]:
    words = source.words
    row = source.facts[number]
    return tuple(
        Quote(
            argument["text"],
            language=argument["language"],
            label=words(f"argument_{argument['side']}"),
            byline=words("helpful", count=words.count(argument["helpful"])) if argument["helpful"] else "",
        )
        for argument in row["arguments"]
    )


# --- priorities and changes -------------------------------------------------------------------------


def priorities(source: Source) -> Section | None:
    found, words = source.content["priorities"], source.words
    if found is None or (not found["opinions"] and source.content["consultation"]["is_imported"]):
        return None
    title = words("priorities")
    if not found["opinions"]:
        return Section("priorities", title, (Note(text(words("priorities_none"))),))
    people = found["people"]
    columns = (
        Column(words("column_number"), number=True),
        Column(words("column_proposal"), share=1),
        Column(words("column_picked"), number=True),
        Column(words("column_of_people"), number=True),
    )
    rows = tuple(
        (
            cell((source.cite(row["number"]),)),
            cell(source.proposal(row["number"])),
            *cells(words.count(row["count"]), words.percent(row["count"] / people if people else None)),
        )
        for row in found["opinions"]
    )
    intro = Paragraph(text(words("priorities_intro", people=words.count(people))), faint=True)
    return Section("priorities", title, (intro, Table(title, columns, rows)))


def changes(source: Source) -> Section | None:
    """What is new, what moved, and what is no longer listed; absent in a first edition."""
    content, words = source.content, source.words
    before = content["edition"]["before"]
    if before is None:
        return None
    most = content["method"]["most_findings"]
    shown, more = content["new"][:most], content["new"][most:]
    blocks: list[Block] = [
        Heading(text(words("new"))),
        Paragraph(text(words("new_intro", number=before["number"])), faint=True),
        *(Finding(source.rows[number], level=3, full=False) for number in shown),
    ]
    if not shown:
        blocks.append(Note(text(words("new_none"))))
    if more:
        blocks.append(Paragraph(text(words("new_rest"), source.cites(more))))
    if content["changes"] is not None:
        blocks += _moved(content["changes"]["moved"], source) + _settled(content["changes"]["settled"], source)
    return Section("changes", words("changes", number=before["number"]), tuple(blocks))


def _moved(rows: list[dict[str, Any]], source: Source) -> list[Block]:
    words = source.words
    title = words("moved")
    if not rows:
        return [Heading(text(title)), Paragraph(text(words("moved_none")), faint=True)]
    far = sorted(rows, key=lambda row: (-abs((row["rank_before"] or 0) - (row["rank"] or 0)), row["number"]))
    names = ("rank_before", "rank_now", "share_before", "share_now")
    numbers = (Column(words(f"column_{name}"), number=True) for name in names)
    columns = (Column(words("column_number"), number=True), Column(words("column_proposal"), share=1), *numbers)
    table = Table(title, columns, tuple(_move(row, source) for row in far[:MOST_MOVED]))
    return [Heading(text(title)), table]


def _move(row: dict[str, Any], source: Source) -> tuple[Cell, ...]:
    words = source.words
    numbers = cells(
        str(row["rank_before"] or "–"),
        str(row["rank"] or "–"),
        words.percent(row["share_before"]),
        words.percent(row["share"]),
    )
    return (cell((source.cite(row["number"]),)), cell(source.proposal(row["number"])), *numbers)


def _settled(numbers: list[int], source: Source) -> list[Block]:
    words = source.words
    if not numbers:
        return []
    listed = ", ".join(str(number) for number in numbers)
    return [Heading(text(words("settled"))), Paragraph(text(words("settled_list", numbers=listed)))]


# --- every opinion ----------------------------------------------------------------------------------


def table(source: Source) -> Section:
    """Every published opinion with all its counts, in order of number."""
    content, words = source.content, source.words
    marked = any(row.marks or row.earlier for row in source.rows.values())
    balanced = content["balance"] is not None and content["balance"]["known"]
    columns = [Column(words("column_number"), number=True), Column(words("column_proposal"), share=1)]
    columns += [Column(words(name), number=True) for name in ("agree", "pass", "disagree", "column_votes")]
    columns += [Column(words("column_share"), number=True, bar=True), Column(words("column_interval"), number=True)]
    columns += [Column(letter(group), number=True) for group in range(1, source.groups + 1)]
    columns += [Column(words("column_balance"), number=True)] if balanced else []
    columns.append(Column(words("column_rank"), number=True))
    columns += [Column(words("column_marks"))] if marked else []
    rows = tuple(_line(row, source, balanced=balanced, marked=marked) for row in content["opinions"])
    intro = words("table_intro") + (f" {words('table_groups')}" if source.groups else "")
    blocks = (Paragraph(text(intro), faint=True), Table(words("table"), tuple(columns), rows))
    return Section("table", words("table"), blocks, wide=True, on_page=False)


def _line(row: dict[str, Any], source: Source, *, balanced: bool, marked: bool) -> tuple[Cell, ...]:
    words, opinion = source.words, source.rows[row["number"]]
    voted = sum(opinion.counts) > 0
    interval = f"{words.percent(row['low'])}–{words.percent(row['high'])}" if voted else "–"
    missing = ("–",) * (source.groups - len(opinion.groups))
    earlier = row["votes"]["on_earlier_text"]
    marks = [*opinion.marks, *([words("mark_earlier", count=words.count(earlier))] if earlier else [])]
    return (
        cell((source.cite(row["number"]),)),
        cell(source.proposal(row["number"])),
        *cells(*(words.count(count) for count in opinion.counts), opinion.total),
        Cell(text(opinion.share), counts=opinion.counts if voted else None),
        *cells(interval, *opinion.groups, *missing),
        *(cells(opinion.balance) if balanced else ()),
        cell(opinion.rank),
        *(cells(", ".join(marks)) if marked else ()),
    )
