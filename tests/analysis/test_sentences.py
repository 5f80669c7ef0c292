"""Meaning across languages."""

import math

from analysis.sentences import encode


def product(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_a_sentence_is_nearer_to_its_translation_than_to_another() -> None:
    korean, english, other = encode(
        [
            "박사후연구원을 위한 독립 직군을 만들자",
            "Create an independent job category for postdoctoral researchers",
            "Shorten the review time of laboratory safety applications",
        ]
    )
    assert len(korean) == 512
    assert math.isclose(product(korean, korean), 1, abs_tol=1e-3)
    assert product(korean, english) > product(korean, other) + 0.2


def test_nothing_of_nothing() -> None:
    assert encode([]) == []
