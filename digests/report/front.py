"""Cover, headline, what became of the last digest, corrections, and the responses asked for."""

import hashlib
from typing import Any

from digests.content import canonical
from digests.report.blocks import (
    Block,
    Column,
    Cover,
    Figure,
    Heading,
    Headline,
    Note,
    Paragraph,
    Quote,
    Section,
    Span,
    Table,
    text,
)
from digests.report.source import Source, cells

ON_COVER = 3


def cover(content: dict[str, Any], source: Source) -> Cover:
    words = source.words
    edition, meeting, summit = content["edition"], content["meeting"], content["summit"]
    zone = edition["time_zone"]
    return Cover(
        summit=words.of(summit["title"]),
        title=words.of(content["consultation"]["title"]),
        kind=f"{words('digest')} · {words('edition', number=edition['number'])}",
        meeting=words("of_meeting", meeting=words.of(meeting["title"]), moment=words.moment(meeting["starts_at"], zone))
        if meeting
        else "",
        cutoff=words("cutoff", moment=words.moment(edition["cutoff_at"], zone)),
        hosts=words("hosts", hosts=words.of(summit["hosts"])) if summit["hosts"]["ko"] else "",
        sample=words("sample") if summit["is_sample"] else "",
        url=content["consultation"]["url"],
        about=words.of(content["consultation"].get("about") or {"ko": "", "en": ""}),
        check=words("cover_check", sha=hashlib.sha256(canonical(content)).hexdigest()),
    )


def headline(source: Source) -> Headline:
    content, words = source.content, source.words
    sentence, around, quoted = _first_sentence(source)
    return Headline(
        title=words("headline"),
        sentence=sentence,
        around=around,
        quoted=quoted,
        provisional="" if content["consultation"]["voting_closed"] else words("provisional"),
        figures=_figures(source),
        top=tuple(source.rows[number] for number in content["agreed"][:ON_COVER]),
    )


def _figures(source: Source) -> tuple[Figure, ...]:
    content, words = source.content, source.words
    head, people = content["headline"], content["participation"]
    turnout = words.percent(people["turnout"]) if people["known"] else words("not_known")
    figures = [(key, words.count(head[key])) for key in ("opinions", "votes", "voters")]
    figures.append(("turnout", turnout))
    if content["edition"]["before"]:
        figures.append(("new", words.count(head["new"])))
    if head["societies"] is not None:
        figures.append(("societies", words.count(head["societies"])))
    return tuple(Figure(words(f"figure_{key}"), value) for key, value in figures)


def _first_sentence(source: Source) -> tuple[str, tuple[str, str], Span | None]:
    """The main finding: as a whole, and around the quoted proposal, which has its own language."""
    content, words = source.content, source.words
    best = content["agreed"][0] if content["agreed"] else None
    row = next((row for row in content["opinions"] if row["number"] == best), None)
    if row is None:
        sentence = words("headline_none" if content["opinions"] else "headline_empty")
        return sentence, (sentence, ""), None
    proposal = source.rows[row["number"]].proposal.rstrip(".。")
    total, share = words.count(row["votes"]["total"]), words.percent(row["share"])
    before, after = words("headline_best", proposal="\0", total=total, share=share).split("\0")
    return f"{before}{proposal}{after}", (before, after), Span(proposal, language=row["language"])


# --- earlier editions -------------------------------------------------------------------------------


def last_digest(source: Source) -> Section | None:
    """Recommendations of earlier editions with their state in words; absent when there are none."""
    rows, words = source.content["last_digest"], source.words
    if not rows:
        return None
    blocks: list[Block] = [Paragraph(text(words("last_digest_intro")), faint=True)]
    late = sum(row["state"] == "overdue" for row in rows)
    if late:
        blocks.append(Note(text(words("last_digest_late", count=late)), tone="warn"))
    blocks.append(_states(rows, source))
    for row in rows:
        if row["text"]:
            blocks += _answer(row, source)
    return Section("last_digest", words("last_digest"), tuple(blocks))


def _states(rows: list[dict[str, Any]], source: Source) -> Table:
    words = source.words
    return Table(
        title=words("last_digest"),
        columns=(
            Column(words("column_recommendation"), share=6),
            Column(words("column_addressee"), share=3),
            Column(words("column_due"), share=3),
            Column(words("column_state"), share=4),
        ),
        rows=tuple(
            cells(
                f"{words('recommendation_of', edition=row['edition'], number=row['number'])} · {words.of(row['title'])}",
                words.of(row["addressee"]) if row["addressee"] else "–",
                words.day(row["due_on"]) if row["due_on"] else "–",
                text(Span(_state(row, source), strong=row["state"] == "overdue")),
            )
            for row in rows
        ),
    )


def _state(row: dict[str, Any], source: Source) -> str:
    words = source.words
    state = words(f"state_{row['state']}")
    return words("answered", state=state, day=words.day(row["answered_on"])) if row["answered_on"] else state


def _answer(row: dict[str, Any], source: Source) -> list[Block]:
    words = source.words
    what = words("recommendation_of", edition=row["edition"], number=row["number"])
    by = words.of(row["addressee"]) if row["addressee"] else ""
    return [
        Heading(text(words("response_to", what=what, title=words.of(row["title"])))),
        Quote(
            words.of(row["text"]),
            language=words.language,
            label=_state(row, source),
            byline=by,
        ),
    ]


def errata(source: Source) -> Section | None:
    """What has to be put right in earlier editions; absent when there is nothing."""
    rows, words = source.content["errata"], source.words
    if not rows:
        return None
    notes = tuple(
        Note(
            text(Span(words("edition", number=row["of_edition"]), strong=True), " · ", words.of(row["text"])),
            tone="warn",
        )
        for row in rows
    )
    return Section("errata", words("errata"), (Paragraph(text(words("errata_intro")), faint=True), *notes))


# --- what is asked of others ------------------------------------------------------------------------


def recommendations(source: Source) -> Section | None:
    """Each recommendation with whom it asks, by when, and the opinions it rests on; absent when there are none."""
    rows, words = source.content["recommendations"], source.words
    if not rows:
        return None
    asks = any(row["addressee"] for row in rows)
    blocks: list[Block] = [Paragraph(text(words("recommendations_intro")), faint=True)] if asks else []
    for row in rows:
        blocks += _recommendation(row, source)
    return Section("recommendations", words("recommendations"), tuple(blocks))


def _recommendation(row: dict[str, Any], source: Source) -> list[Block]:
    words = source.words
    title = words(f"kind_{row['kind']}", number=row["number"], title=words.of(row["title"]))
    lines = [words.of(row["body"])] if row["body"] else []
    asked = [words("to_addressee", addressee=words.of(row["addressee"]))] if row["addressee"] else []
    asked += [words("due_on", day=words.day(row["due_on"]))] if row["due_on"] else []
    blocks: list[Block] = [Heading(text(title))]
    blocks += [Paragraph(text(part)) for line in lines for part in line.split("\n\n") if part.strip()]
    if asked:
        blocks.append(Note(text(" · ".join(asked))))
    if row["opinions"]:
        blocks.append(Paragraph(text(words("rests_on"), source.cites(row["opinions"])), faint=True))
    return blocks
