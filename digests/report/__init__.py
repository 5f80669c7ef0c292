"""The content of an edition as a report in one language: every sentence and number ready to be set.

`build` gives sections of generic blocks (`blocks.py`) that page, PDF, Word and HWPX all lay out in the same way, so
that they cannot disagree and a new section costs no work in any of them. Texts of members stay what they are.
"""

from typing import Any

from digests.report import front, groups, method, moderation, opinions, people, source
from digests.report.blocks import Report, Section
from digests.report.upgrade import upgraded

#: Words that formats need beside the blocks.
_WORDS = ("contents", "agree", "pass", "disagree", "problem", "reason", "headline_top", "plain_layout")


def build(content: dict[str, Any], language: str) -> Report:
    """The report of a content in Korean or English; content of earlier formats is read as the present one."""
    given = source.of(upgraded(content), language)
    return Report(
        language=language,
        cover=front.cover(content, given),
        headline=front.headline(given),
        sections=tuple(section for section in _sections(content, given) if section is not None),
        words={key: given.words(key) for key in _WORDS},
    )


def _sections(content: dict[str, Any], given: source.Source) -> list[Section | None]:
    """In the order in which they are read; what has nothing to say is absent."""
    return [
        front.last_digest(given),
        front.errata(given),
        people.participation(given),
        method.reading(given),
        groups.groups(given),
        opinions.agreed(given),
        groups.across(given),
        opinions.divided(given),
        groups.minority(given),
        opinions.themes(given),
        opinions.priorities(given),
        opinions.changes(given),
        opinions.not_voted_on(given),
        moderation.moderation(given),
        front.recommendations(given),
        method.method(content, given),
        opinions.table(given),
    ]
