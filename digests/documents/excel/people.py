"""The sheets about people and what is asked of them: who took part, recommendations, method."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from digests.documents.excel.rows import Column, Row, Sheet, part
from digests.report import method
from digests.report.source import Source


def people(source: Source) -> Sheet:
    words, people = source.words, source.content["participation"]
    columns = (
        Column(words("column_what"), "text", 14),
        Column(words("column_name"), "text", 40),
        Column(words("column_people"), "number", 10),
        Column(words("column_voters"), "number", 10),
        Column(words("column_turnout"), "share", 10),
    )
    return Sheet(words("participation"), columns, list(_shares_of_people(people, source)))


def _shares_of_people(people: dict[str, Any], source: Source) -> Iterable[Row]:
    words = source.words
    for row in people["societies"]:
        name = words.of(row["name"]) if row["name"] else words("other_societies", count=row["societies"])
        yield [words("column_society"), name, row["people"], row["voters"], part(row["voters"], row["people"])]
    for what in ("sector", "stage"):
        for row in people[f"{what}s"]:
            name = words(f"{what}_{row['key']}" if row["key"] else "not_said")
            yield [words(f"column_{what}"), name, row["people"], row["voters"], part(row["voters"], row["people"])]


def days(source: Source) -> Sheet:
    words = source.words
    columns = (Column(words("column_day"), "day", 12), Column(words("column_day_votes"), "number", 10))
    rows: list[Row] = [
        [date.fromisoformat(row["day"]), row["votes"]] for row in source.content["participation"]["days"]
    ]
    return Sheet(words("votes_by_day"), columns, rows)


def recommendations(source: Source) -> Sheet:
    words = source.words
    columns = (
        Column(words("column_number"), "number", 7),
        Column(words("column_recommendation"), "long", 40),
        Column(words("column_body"), "long", 60),
        Column(words("column_addressee"), "text", 28),
        Column(words("column_due"), "day", 12),
        Column(words("column_opinions"), "text", 20),
    )
    rows: list[Row] = [
        [
            row["number"],
            words.of(row["title"]),
            words.of(row["body"]) if row["body"] else "",
            words.of(row["addressee"]) if row["addressee"] else "",
            date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            ", ".join(map(str, row["opinions"])),
        ]
        for row in source.content["recommendations"]
    ]
    return Sheet(words("recommendations"), columns, rows)


def last(source: Source) -> Sheet:
    words = source.words
    columns = (
        Column(words("column_edition"), "number", 8),
        Column(words("column_number"), "number", 7),
        Column(words("column_recommendation"), "long", 40),
        Column(words("column_addressee"), "text", 28),
        Column(words("column_due"), "day", 12),
        Column(words("column_state"), "text", 24),
        Column(words("column_answered"), "day", 12),
        Column(words("column_response"), "long", 60),
    )
    rows: list[Row] = [
        [
            row["edition"],
            row["number"],
            words.of(row["title"]),
            words.of(row["addressee"]) if row["addressee"] else "",
            date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            words(f"state_{row['state']}"),
            date.fromisoformat(row["answered_on"]) if row["answered_on"] else None,
            words.of(row["text"]) if row["text"] else "",
        ]
        for row in source.content["last_digest"]
    ]
    return Sheet(words("last_digest"), columns, rows)


def how(content: dict[str, Any], source: Source) -> Sheet:
    words = source.words
    columns = (Column(words("column_what"), "text", 36), Column(words("column_value"), "long", 100))
    rows: list[Row] = [["", point] for point in method.points(source)]
    rows += [[name, value] for name, value in (*method.facts(source), *method.identity(content, source))]
    rows += (
        [[words("attribution"), content["consultation"]["attribution"]]]
        if content["consultation"]["attribution"]
        else []
    )
    return Sheet(words("method"), columns, rows)
