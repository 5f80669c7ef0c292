"""Terms of topics: by hand."""

import doctest
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from analysis import nouns

LISTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "meanings.toml").read_text(encoding="utf-8"))


def test_the_examples_hold() -> None:
    assert doctest.testmod(nouns).failed == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("박사후연구원 계약을 최소 3년으로 하자.", ["박사후연구원", "계약"]),
        ("대학원생 수에 상한을 두자.", ["대학원생", "상한"]),
        ("Companies’ policies, companies' glass; a family's salaries easily rise.",
         ["company", "policy", "company", "glass", "family", "salary", "rise"]),
        ("It is a good thing that they do", []),
        ("R&D 예산", ["예산"]),
        ("", []),
        ("!!! 12 34", []),
        ("이것은 사람의 문제", []),
    ],
)  # fmt: skip
def test_nouns_by_hand(text: str, found: list[str]) -> None:
    assert nouns.nouns(text) == found


def test_decomposed_hangul_is_the_same() -> None:
    import unicodedata

    assert nouns.nouns(unicodedata.normalize("NFD", "연구비 정산")) == nouns.nouns("연구비 정산") == ["연구비", "정산"]


def test_what_every_topic_says_is_no_term_of_any() -> None:
    visas = ["Simplify visas for scientists", "Scientists need a visa quickly"]
    budgets = ["Fix budgets for scientists", "Scientists need a budget for years"]
    found = nouns.terms([visas, budgets], [*visas, *budgets, "Scientists should rest", "More scientists"])
    assert found == [["visa", "simplify"], ["budget", "fix"]]


def test_background_without_the_topics_and_topics_without_nouns() -> None:
    assert nouns.terms([["연구비 정산"], ["!"], []], []) == [[], [], []]
    assert nouns.terms([["연구비 정산"], ["!"], []], ["연구실 안전 교육"]) == [["연구비", "정산"], [], []]
    assert nouns.terms([], []) == []


def test_the_order_of_texts_changes_nothing_and_terms_are_few() -> None:
    groups = [list(group) for group in LISTS["first"]["same"]]
    background = [text for group in groups for text in group] + list(LISTS["first"]["alone"])
    found = nouns.terms(groups, background)
    assert all(3 <= len(terms) <= 5 for terms in found)
    mixed = random.Random(1)
    for texts in (*groups, background):
        mixed.shuffle(texts)
    assert nouns.terms(groups, background) == found


def test_terms_say_what_a_topic_is_about() -> None:
    groups = LISTS["first"]["same"]
    background = [text for group in groups for text in group] + LISTS["first"]["alone"]
    found = nouns.terms(groups, background)
    expected = [
        "계약",
        "인건비",
        "childcare",
        "장비",
        "company",
        "논문",
        "invention",
        "retirement",
        "military",
        "연구비",
    ]
    assert [word in terms for word, terms in zip(expected, found, strict=True)] == [True] * len(expected)
