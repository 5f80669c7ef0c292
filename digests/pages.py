"""The content of an edition as a page: the same report as the printed one, shortened so that a page stays light."""

from dataclasses import replace
from typing import Any

from digests import report
from digests.report.blocks import Block, Finding, Paragraph, Report, Section, Span, text
from digests.wording import Words

#: Findings of each section on the page; the others are named by number and stand in the files.
MOST_ON_PAGE = 4


def build(content: dict[str, Any], language: str) -> Report:
    """The report in the reader's language, without the table of every opinion, long sections cut."""
    made = report.build(content, language)
    words = Words(language)
    return replace(made, sections=tuple(_shortened(section, words) for section in made.sections if section.on_page))


def _shortened(section: Section, words: Words) -> Section:
    found = [block for block in section.blocks if isinstance(block, Finding)]
    if len(found) <= MOST_ON_PAGE:
        return section
    left: list[Span] = []
    for finding in found[MOST_ON_PAGE:]:
        left += [Span(" "), Span(str(finding.opinion.number), url=finding.opinion.url, cite=True)]
    kept = set(map(id, found[:MOST_ON_PAGE]))
    blocks: list[Block] = [block for block in section.blocks if not isinstance(block, Finding) or id(block) in kept]
    return replace(section, blocks=(*blocks, Paragraph(text(words("in_the_files"), left))))
