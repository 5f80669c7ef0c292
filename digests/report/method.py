"""How to read a digest, and how it was made: rules, conditions of computing, versions, identity."""

import hashlib
from typing import Any

from digests.content import canonical
from digests.report.blocks import Block, Column, Heading, Items, Paragraph, Section, Table, text
from digests.report.source import Source, cells


def reading(source: Source) -> Section:
    """What a reader has to know before the figures, in a few sentences."""
    words = source.words
    keys = ["reading_share", "reading_interval", "reading_numbers"]
    keys += ["reading_groups"] if source.content["groups"] is not None else []
    keys.append("reading_who")
    return Section("reading", words("reading"), (Items(tuple(text(words(key)) for key in keys)),))


def method(content: dict[str, Any], source: Source) -> Section:
    """Rules in words, then every value that is needed to compute it again. `content` is as stored, for its hash."""
    words = source.words
    blocks: list[Block] = [Items(tuple(text(point) for point in points(source)))]
    found = facts(source)
    if found:
        blocks += [Heading(text(words("computation"))), _pairs(words("computation"), found, source)]
    if content["consultation"]["attribution"]:
        said = text(content["consultation"]["attribution"])
        blocks += [Heading(text(words("attribution"))), Paragraph(said)]
    title = words("identity")
    blocks += [Heading(text(title)), _pairs(title, identity(content, source), source)]
    return Section("method", words("method"), tuple(blocks))


def points(source: Source) -> list[str]:
    """The rules in words."""
    words, content = source.words, source.content
    made, edition, groups = content["method"], content["edition"], content["groups"]
    said = [words("method_moment", moment=words.moment(edition["cutoff_at"], edition["time_zone"]))]
    said += [words(f"method_{key}") for key in ("counts", "share", "rank", "divided")]
    if groups is not None:
        threshold = f"{groups['threshold']:.2f}"
        said.append(words("method_groups", min_votes=groups["min_votes"], draws=groups["draws"], threshold=threshold))
        said.append(words("method_across"))
        said.append(words("method_tests", q=made["q"]))
    if content["balance"] is not None and content["balance"]["known"]:
        said.append(words("method_balance", cell=content["balance"]["smallest"]))
    return [*said, words("method_font"), words("method_check")]


def facts(source: Source) -> list[tuple[str, str]]:
    """The conditions of computing groups, each candidate division, and the versions of the libraries."""
    words, content = source.words, source.content
    made, groups = content["method"], content["groups"]
    found: list[tuple[str, str]] = []
    if groups is not None:
        recipe = made["groups"].get("recipe") if made["groups"] else None
        found += [(words("fact_recipe"), str(recipe))] if recipe else []
        keys = ("min_votes", "draws", "draw_size", "threshold", "seed")
        found += [(words(f"fact_{key}"), str(groups[key])) for key in keys if groups[key] is not None]
        found += [
            (words("fact_candidate", k=row["k"]), f"{_two(row['stability'])} · {_two(row['silhouette'])}")
            for row in groups["candidates"] or []
        ]
    return found + sorted((str(name), str(version)) for name, version in made["versions"].items())


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def identity(content: dict[str, Any], source: Source) -> list[tuple[str, str]]:
    """Hashes of the content as stored, of its input and of the edition before."""
    words, edition = source.words, content["edition"]
    hashes = [(words("identity_content"), _spaced(hashlib.sha256(canonical(content)).hexdigest()))]
    hashes.append((words("identity_input"), _spaced(edition["input_sha256"])))
    if edition["before"]:
        before = edition["before"]
        hashes.append((words("identity_before", number=before["number"]), _spaced(before["content_sha256"])))
    hashes.append((words("identity_compiler", compiler=content["method"]["compiler"]), content["consultation"]["url"]))
    return hashes


def _spaced(digest: str) -> str:
    """A hash in pieces of eight, which fit their column and can be compared by eye."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _pairs(title: str, pairs: list[tuple[str, str]], source: Source) -> Table:
    words = source.words
    columns = (Column(words("column_what"), share=2), Column(words("column_value"), share=3))
    return Table(title, columns, tuple(cells(name, value) for name, value in pairs))
