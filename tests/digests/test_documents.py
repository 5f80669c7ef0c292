"""Contents, and the table of every opinion as CSV. The other formats: `test_documents_*.py`."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.cells import harmless
from common.text import clean
from digests import content
from digests.documents import csv as csv_module
from digests.participation import participation
from digests.report import source
from digests.report.upgrade import upgraded
from tests.digests import moderated

NASTY = (
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "a;=1", "a; +1|=2", "줄\n-3", 'he said "no", twice', "줄\n바꿈", "#read(\"/etc/passwd\")", "$x$ *b* _i_",
    "\\input{/etc/passwd}", "<img src=file:///etc/passwd>", "{{7*7}}", "😀 이모지", "مرحبا", "ᄒᆞᆫ글 옛한글", "w" * 140, "臺灣計程車",
    "a\u200db\ufe0f", "𠮷野家", "e\u0301", "\u0e01\u0e33",
)  # fmt: skip


def facts(
    proposals: tuple[str, ...] = ("연구직군을 신설한다", "Publish starting salaries"), **changes: Any
) -> dict[str, Any]:
    """A snapshot's facts with one opinion a proposal."""

    def both(ko: str, en: str) -> dict[str, str]:
        return {"ko": ko, "en": en}

    moment = "2026-08-20T00:00:00Z"
    opinions = [
        {
            "number": n, "sequence": n, "theme": 7, "language": "ko", "shown_as": "society", "society": 1, "name": "", "quote": True,
            "version": 1, "proposal": text, "problem": text, "reason": text, "addressee": text[:200], "horizon": "now",
            "evidence": [text], "interests": "", "published_at": moment, "published_after_voting": False,
            "tally": [40 + n, 3, 2, 0],
        }
        for n, text in enumerate(proposals, 1)
    ]  # fmt: skip
    return {
        "compiler": "1", "site": "https://summit.example", "time_zone": "Asia/Seoul", "voting_closed": True,
        "summit": {"title": both("이공계 인재 서밋", "Talent summit"), "hosts": both("", ""), "is_sample": False}, "meeting": None,
        "consultation": {
            "slug": "talent", "title": both("무엇부터 바꿔야 합니까?", "What should change first?"), "about": both("", ""),
            "is_imported": False, "attribution": "", "submissions_open_at": moment, "submissions_close_at": moment,
            "voting_open_at": moment, "voting_close_at": moment,
        },
        "themes": [{"id": 7, "title": both("연구 경력", "Research careers")}], "before": None, "opinions": opinions, "voters": 50,
        "roll": [{"id": 1, "ko": "가상재료학회", "en": "Imaginary Materials Society", "people": 60, "voters": 50, "at_opening": 55}],
        "moderation": moderated.nothing(len(opinions)),
    } | changes  # fmt: skip


def built(*args: Any, **changes: Any) -> dict[str, Any]:
    return content.build(facts(*args, **changes), number=1, cutoff_at=datetime(2026, 9, 1, 9, 30, tzinfo=UTC))


def recovered(cell: str) -> str:
    """The written rule, backwards."""
    cell = cell.removeprefix("'")
    return re.sub(r"([;|\t\r\n] *)'(?='*[=+\-@＝＋－＠\u2212])", r"\1", cell)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("'=+-@;| \t\nab−", max_size=12)))
def test_a_cell_is_harmless_and_its_text_recoverable(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert recovered(cell) == text


def test_csv_has_a_row_an_opinion_and_no_formulas() -> None:
    data = csv_module.render(built(NASTY), None)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert len(rows) == len(NASTY)
    for row, text in zip(rows, NASTY, strict=True):
        assert recovered(row["proposal"]) == text
        assert not any(value[:1] in set("=+-@") for value in row.values() if value)
        assert (row["agree"], row["pass"], row["disagree"]) == (str(40 + int(row["number"])), "3", "2")
    # Opened with another separator, no part of a text starts a formula either.
    for separator in ";\t|":
        for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator):
            assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_csv_keeps_rows_and_columns_for_any_text(texts: list[str]) -> None:
    data = csv_module.render(built(tuple(clean(text) or "x" for text in texts)), None)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(csv_module.COLUMNS)}
    assert len(rows) == len(texts) + 1


# --- content ----------------------------------------------------------------------------------------


def test_who_does_not_want_to_be_quoted_is_not() -> None:
    given = facts(("하나", "둘"))
    given["opinions"][0]["quote"] = False
    given["opinions"][0]["problem"] = "비밀스러운 사연"
    whole = content.canonical(content.build(given, number=1, cutoff_at=datetime(2026, 9, 1, tzinfo=UTC))).decode()
    assert "비밀스러운 사연" not in whole
    assert "하나" in whole


@pytest.mark.parametrize(
    ("shown_as", "people", "expected"),
    [
        ("society", 60, "가상재료학회 회원"),
        ("society", 4, "어느 학회의 회원"),
        ("name", 60, "김서연 (가상재료학회)"),
        ("name", 4, "김서연 (어느 학회)"),
        ("member", 60, "회원"),
        ("", 60, ""),
    ],
)
def test_authors_are_shown_as_they_chose(shown_as: str, people: int, expected: str) -> None:
    given = facts(("하나",))
    given["opinions"][0] |= {"shown_as": shown_as, "name": "김서연" if shown_as == "name" else ""}
    given["roll"][0] |= {"people": people, "voters": min(people, 50)}
    whole = content.build(given, number=1, cutoff_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert source.of(upgraded(whole), "ko").rows[1].byline == expected
    assert ("김서연" in content.canonical(whole).decode()) == (shown_as == "name")


def society(identity: int, people: int, voters: int) -> dict[str, Any]:
    return {
        "id": identity,
        "ko": f"학회{identity}",
        "en": f"S{identity}",
        "people": people,
        "voters": voters,
        "at_opening": people,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(60, 50), (30, 20)], [("학회1", 60, 50), ("학회2", 30, 20)]),
        ([(60, 50), (30, 3), (20, 2)], [("학회1", 60, 50), (None, 50, 5)]),
        # the small cell alone would be total minus the rest: the smallest shown one joins it
        ([(60, 50), (30, 20), (4, 2)], [("학회1", 60, 50), (None, 34, 22)]),
        ([(4, 2)], []),
        ([(60, 3)], []),
    ],
)
def test_small_cells_are_merged(rows: list[tuple[int, int]], expected: list[tuple[str | None, int, int]]) -> None:
    roll = [society(i, *row) for i, row in enumerate(rows, 1)]
    shown = participation(facts(roll=roll))["societies"]
    assert [(row["name"] and row["name"]["ko"], row["people"], row["voters"]) for row in shown] == expected


def test_no_small_cell_can_be_had_by_subtraction() -> None:
    for sizes in range(3**4):
        roll = [society(i, *[(60, 40), (30, 3), (4, 1)][sizes // 3**i % 3]) for i in range(4)]
        shown = participation(facts(roll=roll))["societies"]
        assert all(row["people"] >= 5 and row["voters"] >= 5 for row in shown)
        if shown:
            assert sum(row["voters"] for row in shown) == sum(row["voters"] for row in roll)


def test_canonical_bytes_do_not_depend_on_the_order_of_keys() -> None:
    whole = built()
    turned = dict(reversed(list(whole.items())))
    assert content.canonical(whole) == content.canonical(turned)
    assert content.canonical({"b": 1, "a": "가"}) == '{"a":"가","b":1}'.encode()
