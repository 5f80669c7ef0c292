"""What moderation did with what came in: by state, by week, by decision, by reason. Given figures: none is computed here."""

from collections.abc import Iterable
from typing import Any

from common import charts
from digests.report.blocks import Block, Chart, Column, Figure, Figures, Heading, Paragraph, Section, Table, text
from digests.report.source import Source, cells

#: The chart and the table show the last half year; every week stands in the files.
MOST_WEEKS = 26
#: Content is kept with its keys sorted, so orders that people read are written here.
KINDS = ("new", "version", "argument", "report", "appeal")
ACTS = (
    "publish", "request_changes", "reject", "merge", "hold", "remove", "approve_version", "reject_version", "redact",
    "dismiss_report",
)  # fmt: skip
#: What stands in the table of decisions also when there was none of it.
_ALWAYS = ("act_publish", "act_request_changes", "act_reject")


def moderation(source: Source) -> Section:
    done, words = source.content["moderation"], source.words
    always = ("received", "published", "rejected", "waiting")
    sometimes = ("held", "removed", "merged", "withdrawn")
    shown = [key for key in (*always, *sometimes) if key in always or done[key]]
    blocks: list[Block] = [
        Figures(tuple(Figure(words(f"moderation_{key}"), words.count(done[key])) for key in shown)),
        *_sentences(done, source),
        *_by_week(done, source),
        *_acts(done, source),
        *_reasons(done, source),
    ]
    if done["known"]:
        cell = source.content["method"]["smallest_cell"]
        blocks.append(Paragraph(text(words("moderation_given", cell=cell, zone=done["time_zone"])), faint=True))
    return Section("moderation", words("moderation"), tuple(blocks))


def _sentences(done: dict[str, Any], source: Source) -> Iterable[Block]:
    words = source.words
    if done["known"] is False:
        yield Paragraph(text(words("moderation_unknown")))
        return
    yield from _times(done, source)
    if done["timed"]:
        counts = {key: words.count(done[key]) for key in ("timed", "in_time")}
        yield Paragraph(text(words("moderation_in_time", **counts)))
    if done["appeals"] and done["appeals"]["made"]:
        appeals = done["appeals"]
        said = words(
            "moderation_appeals", **{k: words.count(appeals[k]) for k in ("made", "granted", "refused", "open")}
        )
        if appeals["overturned"] is not None:
            said += " " + words("moderation_overturned", share=words.percent(appeals["overturned"]))
        yield Paragraph(text(said))


def _times(done: dict[str, Any], source: Source) -> list[Block]:
    words = source.words
    if done["decided"] is None:
        return []
    decided = words.count(done["decided"])
    if done["median_minutes"] is None or done["slowest_minutes"] is None:
        return [Paragraph(text(words("moderation_decided", decided=decided)))]
    median, slowest = words.minutes(done["median_minutes"]), words.minutes(done["slowest_minutes"])
    return [Paragraph(text(words("moderation_times", decided=decided, median=median, slowest=slowest)))]


def _by_week(done: dict[str, Any], source: Source) -> list[Block]:
    words, weeks = source.words, done["weeks"][-MOST_WEEKS:]
    if not weeks:
        return []
    title, about = words("moderation_weeks"), words("moderation_weeks_text")
    drawn = [charts.Pair(words.short_day(w["from"]), sum(w["came_in"].values()), w["decided"]) for w in weeks]
    names = (words("column_came_in"), words("column_decided"))
    svg = charts.pairs("moderation", drawn, names=names, title=title, description=about)
    table = _weeks_table(title, weeks, source)
    blocks: list[Block] = [
        Heading(text(title)),
        Chart(str(svg), title, about, table, show_table=words("show_table"), printed=True, width=0.55),
    ]
    if left := len(done["weeks"]) - len(weeks):
        blocks.append(Paragraph(text(words("moderation_earlier_weeks", count=left)), faint=True))
    return blocks


def _weeks_table(title: str, weeks: list[dict[str, Any]], source: Source) -> Table:
    words = source.words
    numbers = ("came_in", "decided", "median", "slowest", "in_time")
    columns = (Column(words("column_week"), share=1), *(Column(words(f"column_{key}"), number=True) for key in numbers))
    rows = tuple(
        cells(
            words.day(week["from"]),
            words.count(sum(week["came_in"].values())),
            words.count(week["decided"]),
            _minutes(week["median_minutes"], source),
            _minutes(week["slowest_minutes"], source),
            words("of", n=words.count(week["in_time"]), of=words.count(week["timed"])) if week["timed"] else "–",
        )
        for week in weeks
    )
    return Table(title, columns, rows)


def _minutes(minutes: int | None, source: Source) -> str:
    return "–" if minutes is None else source.words.minutes(minutes)


def counted(done: dict[str, Any]) -> list[tuple[str, int]]:
    """Every act with its number, by the key of its words; nothing where nothing is known."""
    if done["acts"] is None:
        return []
    acts = [(f"act_{key}", done["acts"][key]) for key in ACTS]
    removals = [(f"removals_{key}", done["removals"][key]) for key in ("declined", "lapsed")]
    return [*acts, *removals, *((f"holds_{key}", done["holds"][key]) for key in ("released", "lapsed"))]


def _acts(done: dict[str, Any], source: Source) -> list[Block]:
    """The decisions of all weeks; nothing at all of what there was none."""
    words = source.words
    found = counted(done)
    if not any(number for _key, number in found):
        return []
    rows = tuple(cells(words(k), words.count(n)) for k, n in found if n or k in _ALWAYS)
    title = words("moderation_acts")
    columns = (Column(words("column_act"), share=1), Column(words("column_count"), number=True))
    return [Heading(text(title)), Table(title, columns, rows)]


def _reasons(done: dict[str, Any], source: Source) -> list[Block]:
    words, blocks = source.words, list[Block]()
    if done["reasons"]:
        title = words("moderation_reasons")
        columns = (Column(words("column_reason"), share=1), Column(words("column_count"), number=True))
        rows = tuple(cells(reason(row["reason"], source), words.count(row["count"])) for row in done["reasons"])
        blocks += [Heading(text(title)), Table(title, columns, rows)]
    if (done["reasons"] and done["known"]) or done["without_reason"]:
        cell, left = source.content["method"]["smallest_cell"], words.count(done["without_reason"])
        said = words("moderation_periods_rule", period=2 * cell, cell=cell, left=left)
        blocks.append(Paragraph(text(said), faint=True))
    return blocks


def reason(code: str | None, source: Source) -> str:
    """A reason in words; none: several together."""
    return source.words(f"reason_{code or 'several'}")
