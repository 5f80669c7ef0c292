"""Numbers in the organisers' texts: filled in from data, and none typed by hand that the data do not say."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from digests import recommendations
from digests.recommendations import BlockInvalid, Source, build, fill, opinion_figures, problems, wrong_numbers

DAY = date(2026, 9, 1)
#: No. 41: 412 agree, 58 pass, 37 disagree, so 507 votes and shares of 81, 11 and 7 percent.
KNOWN = Source(
    {41: opinion_figures(412, 58, 37), 102: opinion_figures(9, 0, 1), 7: opinion_figures(0, 0, 0)},
    {"opinions": 216, "new": 12, "votes": 41_903, "voters": 1_284, "societies": 37, "turnout": 0.341},
)
BOUND = KNOWN.of([41])


def block(**changes: Any) -> dict[str, Any]:
    whole = {
        "kind": "recommendation",
        "title": {"ko": "직군", "en": "Posts"},
        "body": {"ko": "{{41.agree}}명이 찬성", "en": "{{41.agree}} people agree"},
        "addressee": {"ko": "가상부", "en": "Imaginary Ministry"},
        "opinions": [41],
        "due_on": "2026-10-01",
    }
    return whole | changes


@pytest.mark.parametrize(("text", "filled"), [
    ("{{41.agree}} of {{41.n}}", "412 of 507"), ("{{ 41.share }}", "81%"), ("{{41.pass_share}}/{{41.disagree_share}}", "11%/7%"),
    ("{{voters}} people, {{votes}} votes", "1,284 people, 41,903 votes"), ("{{turnout}}, {{societies}}, {{new}}", "34%, 37, 12"),
    ("no number", "no number"), ("{{41.secret}} {{9.agree}}", "{{41.secret}} {{9.agree}}"),
])  # fmt: skip
def test_placeholders_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, BOUND, "en") == filled


@pytest.mark.parametrize("text", [
    "81%가 찬성", "81 % agree", "81.3%", "81.26 percent", "８１％", "412명", "412 명이", "412명 중", "507표", "412 people", "412-vote",
    "1,284명", "1,284 people", "1천284명", "4만 1903표", "37 disagree", "in 2026", "제3판 표준 5 표준", "5 percentages", "3년", "10건",
    "416 정책", "7% and 11%", "34.1%", "412 peoples",
])  # fmt: skip
def test_what_the_data_say_may_be_typed(text: str) -> None:
    assert wrong_numbers(text, BOUND) == []


@pytest.mark.parametrize(("text", "wrong"), [
    ("82%가 찬성", "82%"), ("81.4%", "81.4%"), ("81.263%", "81.263%"), ("８２％", "82%"), ("413명", "413명"), ("413 명이 찬성", "413 명"),
    ("508표", "508표"), ("about 400 people", "400 people"), ("1 vote", "1 vote"), ("1 person", "1 person"), ("80 percent", "80 percent"),
    ("80 per cent", "80 per cent"), ("80퍼센트", "80퍼센트"), ("1만 2천 명", "1만 2천 명"), ("4만 명", "4만 명"), ("80~85%", "85%"),
    ("412%", "412%"), ("81명", "81명"), ("1.412명", "1.412명"), ("9명", "9명"), ("412\u00a0000 people", "000 people"),
    ("81%p", None), ("100%", "100%"), ("٨٢%", "٨٢%"),
])  # fmt: skip
def test_a_typed_number_that_the_data_do_not_say_is_found(text: str, wrong: str | None) -> None:
    assert wrong_numbers(text, BOUND) == ([wrong] if wrong else [])


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(1, 5_000))
def test_a_filled_in_text_is_always_right(agree: int, passed: int, disagree: int) -> None:
    bound = Source({5: opinion_figures(agree, passed, disagree)}, {"votes": 9})
    for unit in ("명", "표", " people", " votes"):
        assert wrong_numbers(fill("{{5.agree}}" + unit, bound, "ko"), bound) == []
    for share in ("share", "pass_share", "disagree_share"):
        assert wrong_numbers(fill("{{5." + share + "}} agree", bound, "en"), bound) == []


@given(st.integers(0, 10**9), st.sampled_from(["명", "표", " people", " votes", "명이", " 명 중"]))
def test_no_other_count_passes(number: int, unit: str) -> None:
    right = number in {412, 58, 37, 507, 216, 12, 41_903, 1_284}
    assert (wrong_numbers(f"앞 {number}{unit} 뒤", BOUND) == []) is right
    assert (wrong_numbers(f"{number:,}{unit}", BOUND) == []) is right


@given(st.text("0123456789,. 명표만천%people{}", max_size=60))
def test_any_text_is_looked_at(text: str) -> None:
    wrong_numbers(text, BOUND)
    problems(block(body={"ko": text, "en": text}), KNOWN, day=DAY)


def test_long_texts_take_no_time() -> None:
    """A pattern that runs back and forth would take minutes here."""
    for text in ("1만 " * 3_000, "1," * 5_000, "9" * 10_000, "1 " * 5_000 + "명"):
        wrong_numbers(text, BOUND)


# --- what keeps a block from being published --------------------------------------------------------


def test_a_whole_block_has_no_problem() -> None:
    assert problems(block(), KNOWN, day=DAY) == []
    assert problems(block(kind="note", addressee={"ko": "", "en": ""}, due_on=None), KNOWN, day=DAY) == []


@pytest.mark.parametrize(("changes", "said"), [
    ({"title": {"ko": "직군", "en": ""}}, "“Title” is missing in English"),
    ({"body": {"ko": "", "en": "Text"}}, "“Text” is missing in Korean"),
    ({"addressee": {"ko": "부", "en": ""}}, "“Addressee” is missing in English"),
    ({"due_on": None}, "no date"), ({"due_on": "2026-08-31"}, "is over"),
    ({"opinions": []}, "no opinion as its source"), ({"opinions": [41, 8]}, "Opinion No. 8 is not published"),
    ({"body": {"ko": "80%가 찬성", "en": "so"}}, "“80%” is none of the figures"),
    ({"title": {"ko": "직군", "en": "400 people agree"}}, "“400 people” is none"),
    ({"body": {"ko": "{{102.agree}}명", "en": "so"}}, "names an opinion that is not among"),
    ({"body": {"ko": "{{41.email}}", "en": "so"}}, "There is no figure “{{41.email}}”"),
    ({"body": {"ko": "{{password}}", "en": "so"}}, "There is no figure"),
    ({"body": {"ko": "{{41.agree}", "en": "so"}}, "not closed"), ({"body": {"ko": "{{41.agree.real}}", "en": "so"}}, "not closed"),
    ({"body": {"ko": "1{{41.agree}}명", "en": "so"}}, "“1412명”"), ({"body": {"ko": "{{41.agree}}만 명", "en": "so"}}, "“412만 명”"),
    ({"body": {"ko": "{{41.agree}}%", "en": "so"}}, "“412%”"), ({"body": {"ko": "{{41.share}}", "en": "9 people"}}, "“9 people”"),
    ({"opinions": [7], "body": {"ko": "{{7.share}}", "en": "so"}}, "has no value"),
])  # fmt: skip
def test_each_problem_is_named(changes: dict[str, Any], said: str) -> None:
    assert said in " ".join(problems(block(**changes), KNOWN, day=DAY))


def test_compiling_says_which_block_and_why_in_the_readers_language() -> None:
    rows = [block(), block(title={"ko": "둘째", "en": "Second"}, opinions=[])]
    with pytest.raises(BlockInvalid, match=r"Block 2 \(“둘째”\): It names no opinion as its source\."):
        build(rows, KNOWN, day=DAY)
    with translation.override("ko"), pytest.raises(BlockInvalid, match="둘째"):
        build(rows, KNOWN, day=DAY)


def test_every_problem_of_every_block_is_told_at_once() -> None:
    with pytest.raises(BlockInvalid) as told:
        build([block(opinions=[]), block(due_on=None)], KNOWN, day=DAY)
    assert "Block 1" in str(told.value) and "Block 2" in str(told.value)


def test_what_a_content_holds() -> None:
    note = block(kind="note", opinions=[102, 41, 41], body={"ko": "{{102.share}}", "en": "{{102.share}}"})
    first, second = build([block(), note], KNOWN, day=DAY)
    assert first == {
        "number": 1, "kind": "recommendation", "title": {"ko": "직군", "en": "Posts"}, "opinions": [41],
        "body": {"ko": "412명이 찬성", "en": "412 people agree"}, "addressee": {"ko": "가상부", "en": "Imaginary Ministry"},
        "due_on": "2026-10-01",
    }  # fmt: skip
    assert (second["number"], second["opinions"], second["addressee"], second["due_on"]) == (2, [41, 102], None, None)
    assert second["body"] == {"ko": "90%", "en": "90%"}


# --- what became of them ----------------------------------------------------------------------------


def row(edition: int, number: int, state: str, published_at: str | None) -> dict[str, Any]:
    return {"edition": edition, "number": number, "state": state, "published_at": published_at}


def test_the_last_digest_loses_no_recommendation() -> None:
    before = {"number": 2, "cutoff_at": "2026-09-10T00:00:00Z"}
    rows = [
        row(1, 1, "accept", "2026-09-01T00:00:00+00:00"),  # reported in edition 2
        row(1, 2, "decline", "2026-09-11T00:00:00+00:00"),  # answered after it
        row(1, 3, "overdue", None),
        row(2, 1, "accept", "2026-09-09T00:00:00+00:00"),
    ]
    found = recommendations.last_digest(rows, before)
    assert [(r["edition"], r["number"]) for r in found] == [(1, 2), (1, 3), (2, 1)]
    assert all("published_at" not in r for r in found)
    assert recommendations.last_digest(rows, None) == []
