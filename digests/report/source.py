"""What every section is built from: the content, the words of one language, and each opinion as it is printed."""

import re
from dataclasses import dataclass
from typing import Any

from digests.report.blocks import Cell, Opinion, Span, Text, text
from digests.wording import Words

EXCERPT = 320


@dataclass(frozen=True)
class Source:
    """A content in one language. Its opinions by number: `facts` as they stand in it, `rows` as they are printed."""

    content: dict[str, Any]
    words: Words
    facts: dict[int, dict[str, Any]]
    rows: dict[int, Opinion]

    @property
    def groups(self) -> int:
        """How many opinion groups figures are given for; 0 without a repeatable division."""
        found = self.content["groups"]
        return int(found["k"]) if found and found["stable"] else 0

    def cite(self, number: int) -> Span:
        """The number of an opinion, leading to its page when it is in this edition."""
        row = self.rows.get(number)
        return Span(str(number), url=row.url if row else "", cite=True)

    def cites(self, numbers: list[int]) -> Text:
        """Several numbers, with spaces between."""
        spans: list[Span] = []
        for number in numbers:
            spans += [Span(" "), self.cite(number)] if spans else [self.cite(number)]
        return tuple(spans)

    def proposal(self, number: int) -> Text:
        """What an opinion proposes, in its own language; nothing when it is not in this edition."""
        row = self.rows.get(number)
        return (Span(row.proposal, language=row.language),) if row else ()


def of(content: dict[str, Any], language: str) -> Source:
    """The source of a report; the content has every key of the present version."""
    words = Words(language, imported=content["consultation"]["is_imported"])
    found = content["groups"]
    k = found["k"] if found and found["stable"] else 0
    facts = {row["number"]: row for row in content["opinions"]}
    return Source(content, words, facts, {number: _opinion(row, content, words, k) for number, row in facts.items()})


def cell(value: "str | Text") -> Cell:
    return Cell(text(value))


def cells(*values: "str | Text") -> tuple[Cell, ...]:
    return tuple(cell(value) for value in values)


def _opinion(row: dict[str, Any], content: dict[str, Any], words: Words, groups: int) -> Opinion:
    votes = row["votes"]
    voted = votes["total"] > 0
    new = row["new"] and content["edition"]["before"] is not None
    return Opinion(
        number=row["number"],
        url=f"{content['consultation']['url']}opinions/{row['number']}/",
        proposal=one_line(row["proposal"]),
        language=row["language"],
        byline=byline(row["author"], words),
        problem=excerpt(row["problem"]),
        reason=excerpt(row["reason"]),
        counts=(votes["agree"], votes["pass"], votes["disagree"]),
        tally=tally(votes, words) if voted else words("no_votes"),
        share=words.percent(row["share"]),
        of_votes=words("of_votes", total=words.count(votes["total"])) if voted else "",
        interval=_interval(row, words) if voted else "",
        rank=str(row["rank"] or "–"),
        earlier=words("earlier", count=words.count(votes["on_earlier_text"])) if votes["on_earlier_text"] else "",
        new=new,
        not_voted_on=row["not_voted_on"],
        marks=_marks(row, words, new=new),
        total=words.count(votes["total"]),
        groups=tuple(_share(counts, words) for counts in (row["groups"] or [])[:groups]),
        balance=_balance(row["balance"], words),
    )


def tally(votes: dict[str, int], words: Words) -> str:
    """Agree, pass and disagree in one line."""
    return words("tally", **{key: words.count(votes[key]) for key in ("agree", "pass", "disagree")})


def byline(author: dict[str, Any] | None, words: Words) -> str:
    """The author as they chose to be shown; nothing for an imported opinion."""
    if author is None:
        return ""
    if author["shown_as"] == "member":
        return words("by_member")
    society = words.of(author["society"]) if author["society"] else ""
    if author["name"]:
        named = "by_name" if society else "by_name_small"
        return words(named, name=author["name"], society=society)
    return words("by_society", society=society) if society else words("by_small_society")


def excerpt(body: str) -> str:
    """The beginning of a text, word for word, on one line; what is left out is marked."""
    line = one_line(body)
    if len(line) <= EXCERPT:
        return line
    return line[:EXCERPT].rsplit(" ", 1)[0].rstrip(",.;") + " …"


def _interval(row: dict[str, Any], words: Words) -> str:
    return words("interval", low=words.percent(row["low"]), high=words.percent(row["high"]))


def _share(counts: list[int], words: Words) -> str:
    total = sum(counts)
    return words.percent(counts[0] / total if total else None)


def _balance(balance: dict[str, Any] | None, words: Words) -> str:
    if balance is None or balance["mean"] is None:
        return "–"
    return words("balance", mean=words.percent(balance["mean"]), societies=balance["societies"])


def _marks(row: dict[str, Any], words: Words, *, new: bool) -> tuple[str, ...]:
    marks = [words("mark_new")] if new else []
    if row["not_voted_on"]:
        marks.append(words("mark_not_voted_on"))
    return tuple(marks)


def one_line(body: str) -> str:
    """A text without line ends. Control characters stay, so that each format shows a mark where one was."""
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", body).strip(" ")
