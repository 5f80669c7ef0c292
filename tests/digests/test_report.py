"""What a report says: the sections in their order, the sentence that fits each case, both languages alike."""

import string
from typing import Any

import pytest

from digests import report
from digests.report import blocks
from digests.report.blocks import Block, Chart, Finding, Heading, Note, Paragraph, Quote, Section, Table, plain, walk
from digests.report.upgrade import upgraded
from digests.wording import WORDS, Words, front, groups, method, moderation, opinions, people, sheets
from tests.digests import sample_content
from tests.digests.test_documents import built


def sections(content: dict[str, Any], language: str = "en") -> dict[str, Section]:
    return {section.key: section for section in report.build(content, language).sections}


def said(section: Section) -> str:
    """Every text of a section, charts by their tables."""
    parts: list[str] = [section.title]
    for block in walk(section.blocks):
        parts += _texts(block)
    return "\n".join(parts)


def _texts(block: Block) -> list[str]:
    match block:
        case Heading(text=body) | Paragraph(text=body) | Note(text=body):
            return [plain(body)]
        case Quote():
            return [block.label, block.text, block.byline]
        case Table(rows=rows):
            return [" | ".join(plain(cell.text) for cell in row) for row in rows]
        case Chart(table=table):
            return _texts(table)
        case Finding(opinion=row, notes=notes, arguments=arguments):
            return [row.proposal, *(plain(note) for note in notes), *(text for a in arguments for text in _texts(a))]
        case _:
            return []


# --- words ------------------------------------------------------------------------------------------


def test_no_word_stands_in_two_places() -> None:
    modules = (front, people, moderation, groups, opinions, method, sheets)
    assert len(WORDS) == sum(len(module.WORDS) for module in modules)


def test_both_languages_take_the_same_values() -> None:
    def fields(text: str) -> set[str]:
        return {name for _text, name, _spec, _how in string.Formatter().parse(text) if name}

    for key, (korean, english) in WORDS.items():
        assert korean and english, key
        assert fields(korean) == fields(english), key


def test_nothing_is_said_of_people_that_numbers_do_not_show() -> None:
    """Groups are a division that repeats; no word makes parties of them."""
    for language in ("ko", "en"):
        for content in (sample_content.rich(), sample_content.rich(groups=0), sample_content.imported()):
            text = "\n".join(said(section) for section in sections(content, language).values()).lower()
            for word in ("camp", "faction", "polaris", "진영", "편 가르", "양극"):
                assert word not in text, word


def test_lengths_of_time() -> None:
    words = Words("en")
    assert [words.minutes(n) for n in (5, 95, 2879, 3100)] == ["5 min", "1 h 35 min", "47 h 59 min", "2 d 3 h"]
    assert Words("ko").day("2026-10-01") == "2026년 10월 1일"


# --- order and absence ------------------------------------------------------------------------------

ORDER = [
    "last_digest", "errata", "participation", "reading", "groups", "agreed", "across", "divided", "minority", "themes",
    "priorities", "changes", "not_voted_on", "moderation", "recommendations", "method", "table",
]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_sections_come_in_one_order(language: str) -> None:
    assert list(sections(sample_content.rich(), language)) == ORDER
    first = list(sections(sample_content.rich(edition=1), language))
    assert first == [key for key in ORDER if key not in ("last_digest", "errata", "changes")]


def test_what_does_not_apply_is_absent() -> None:
    imported = sections(sample_content.imported())
    assert not {"priorities", "changes", "recommendations", "last_digest"} & set(imported)
    assert "participants" in imported["agreed"].title
    assert "roll" in said(imported["participation"])


def test_content_of_the_first_version_is_read_without_what_it_lacks() -> None:
    """An edition that was published before groups were computed says nothing about groups."""
    old = built(("하나", "둘"))
    for key in ("groups", "across", "minority", "balance", "priorities", "changes", "recommendations", "last_digest", "errata"):  # fmt: skip
        old.pop(key, None)
    found = sections(old)
    assert list(found) == ["participation", "reading", "agreed", "divided", "themes", "moderation", "method", "table"]
    assert "group" not in "\n".join(said(section) for section in found.values()).lower()
    assert set(upgraded(old)) >= {"groups", "minority", "errata"}


def test_what_is_there_is_kept() -> None:
    content = sample_content.rich()
    assert upgraded(content) == content


# --- sentences --------------------------------------------------------------------------------------


def test_states_are_said_in_words() -> None:
    text = said(sections(sample_content.rich())["last_digest"])
    assert "Recommendations without a response after their date: 1" in text
    assert "Overdue: no response" in text
    assert "Accepted in part, 29 August 2026" in text
    assert "Two public institutes will begin." in text


def test_a_society_with_a_third_of_the_votes_is_warned_of() -> None:
    content = sample_content.rich()
    assert "gave 34% of all votes: Imaginary Society of Materials" in said(sections(content)["participation"])
    content["balance"]["dominant"]["society"] = None
    assert "too small to be named, gave 34%" in said(sections(content)["participation"])
    content["balance"]["dominant"] = None
    assert "No society gave more than 30 percent" in said(sections(content)["participation"])


def test_groups_are_said_with_their_stability() -> None:
    text = said(sections(sample_content.rich())["groups"])
    assert "A division of 205 people into 3 groups repeats. Its stability is 0.88; the threshold is 0.70." in text
    assert "People with enough votes who were put in no group: 12." in text
    assert "readiness" not in text
    assert "how ready people are to agree" in said(sections(sample_content.rich(groups=2))["groups"])


def test_without_a_repeatable_division_it_is_said_and_nothing_is_given() -> None:
    found = sections(sample_content.rich(groups=0))
    assert "There is no repeatable division: the best one has a stability of 0.51" in said(found["groups"])
    assert "this order is not given" in said(found["across"])
    assert not [b for b in walk(found["across"].blocks) if isinstance(b, Finding)]
    table = found["table"].blocks[-1]
    assert isinstance(table, Table)
    assert "A" not in [column.label for column in table.columns]


def test_too_few_people_are_told_so() -> None:
    text = said(sections(sample_content.few("하나"))["groups"])
    assert "it takes 20 people" in text
    assert not [b for b in sections(sample_content.few("하나"))["groups"].blocks if isinstance(b, Chart)]


def test_minority_positions_name_whose_they_are() -> None:
    found = sections(sample_content.rich())["minority"]
    text = said(found)
    assert "at least 10 voters" in text
    assert "Group B: 82% of 34 agree (lower bound 66%); of the other 300, 20% agree (upper bound 25%)." in text
    assert "A society: 82% of 34 disagree" in text
    # Two societies hold the same position: one finding, two lines.
    assert [len(b.notes) for b in found.blocks if isinstance(b, Finding)] == [1, 2]
    content = sample_content.rich()
    content["minority"] = []
    assert "No opinion meets this rule." in said(sections(content)["minority"])


def test_topics_quote_their_centre_with_reasons_and_arguments() -> None:
    text = said(sections(sample_content.rich(), "ko")["themes"])
    assert "화제: 박사후연구원, 계약, 정년" in text
    assert "찬성 논거" in text
    assert "반대 논거" in text
    assert "도움이 된다고 한 사람 12명" in text
    assert "같은 화제의 다른 의견: " in text


def test_changes_say_what_moved_and_what_is_gone() -> None:
    text = said(sections(sample_content.rich())["changes"])
    assert "Numbers of opinions withdrawn, merged or removed since: 98, 99" in text
    assert "Opinions whose rank moved" in text


def test_recommendations_say_whom_they_ask_and_what_they_rest_on() -> None:
    text = said(sections(sample_content.rich())["recommendations"])
    assert "To: Imaginary ministry of education · Response by: 1 October 2026" in text
    assert "Rests on opinions: 1 2 4" in text
    assert "Note 2. Published figures of graduates" in text


def test_an_opinion_that_is_gone_is_cited_without_a_link() -> None:
    content = sample_content.rich()
    content["recommendations"][0]["opinions"] = [1, 4711]
    found = sections(content)["recommendations"]
    spans = [span for b in found.blocks if isinstance(b, Paragraph) for span in b.text if span.cite]
    assert [(span.text, bool(span.url)) for span in spans] == [("1", True), ("4711", False), ("5", True)]


def test_the_table_has_every_opinion_and_every_count() -> None:
    content = sample_content.rich()
    table = sections(content)["table"].blocks[-1]
    assert isinstance(table, Table)
    assert [c.label for c in table.columns] == [
        "No.", "Proposal", "Agree", "Pass", "Disagree", "Votes", "Share", "95% interval", "A", "B", "C", "Balance", "Rank", "Marks",
    ]  # fmt: skip
    first = [plain(cell.text) for cell in table.rows[0]]
    row = content["opinions"][0]
    assert first[2:6] == [str(row["votes"][key]) for key in ("agree", "pass", "disagree", "total")]
    last = [plain(cell.text) for cell in table.rows[-1]]
    assert last[6:] == ["–", "–", "–", "–", "–", "–", "–", "new, not voted on"]
    assert len(table.rows) == len(content["opinions"])


def test_quotations_are_parts_of_what_was_written() -> None:
    """X11: an excerpt is the beginning of its text, and what was left out is marked."""
    content = sample_content.rich()
    content["opinions"][0]["problem"] = "아주 긴 이야기 " * 100
    written = {row["number"]: row for row in content["opinions"]}
    for section in report.build(content, "ko").sections:
        for block in walk(section.blocks):
            if isinstance(block, Finding):
                for field in ("problem", "reason"):
                    shown = getattr(block.opinion, field)
                    whole = " ".join(written[block.opinion.number][field].split())
                    assert whole.startswith(shown.removesuffix(" …"))
                    assert (shown == whole) != shown.endswith(" …")


def test_a_report_is_plain_data() -> None:
    import json

    data = json.loads(blocks.as_json(report.build(sample_content.rich(), "ko")))
    assert {block["kind"] for section in data["sections"] for block in section["blocks"]} >= {"note", "chart", "part"}
