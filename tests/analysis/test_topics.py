"""Topics across languages: by hand, laws, and how well they do on labelled sentences."""

import doctest
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import topics
from analysis.sentences import encode

LISTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "meanings.toml").read_text(encoding="utf-8"))


def circle(*degrees: float) -> list[list[float]]:
    """Unit vectors at these angles."""
    return [[float(np.cos(np.radians(d))), float(np.sin(np.radians(d)))] for d in degrees]


def test_the_examples_hold() -> None:
    assert doctest.testmod(topics).failed == 0


def test_two_bundles_and_one_alone_by_hand() -> None:
    vectors = circle(0, 120, 5, 125, 240, 130)
    assert topics.find(vectors).tolist() == [1, 0, 1, 0, -1, 0]
    assert topics.central(vectors, [1, 0, 1, 0, -1, 0]) == [3, 0]


def test_few_vectors() -> None:
    assert topics.find(np.zeros((0, 512))).tolist() == []
    assert topics.find([[1.0, 0.0]]).tolist() == [-1]
    assert topics.find([[1.0, 0.0], [1.0, 0.0]]).tolist() == [0, 0]
    assert topics.central(np.zeros((0, 512)), []) == []
    with pytest.raises(ValueError, match="one language"):
        topics.find([[1.0, 0.0]], ["ko", "en"])


def test_what_a_language_shares_is_taken_out() -> None:
    """Two meanings in two languages; each vector is mostly its language."""
    meanings, manners = np.eye(4)[:2], np.eye(4)[2:]
    vectors = np.array([0.5 * meanings[m] + 0.9 * manners[g] for g in (0, 1) for _ in range(40) for m in (0, 1)])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    languages = [g for g in ("ko", "en") for _ in range(80)]
    assert topics.find(vectors, languages).tolist() == [0, 1] * 80
    assert topics.find(vectors).tolist() == [0] * 80 + [1] * 80


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_changes_only_numbers_of_equals(seed: int) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(30, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order = chance.permutation(30)
    one, other = topics.find(vectors)[order], topics.find(vectors[order])
    assert ((one[:, None] == one) & (one >= 0)).tolist() == ((other[:, None] == other) & (other >= 0)).tolist()
    assert np.bincount(one + 1).tolist() == np.bincount(other + 1).tolist()


def test_many_are_halved_and_the_topics_stay() -> None:
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(200, 64))
    vectors = np.repeat(centres, 25, axis=0) + 0.15 * chance.normal(size=(5_000, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = topics.find(vectors)
    whole = [len(set(found[at : at + 25].tolist())) == 1 for at in range(0, 5_000, 25)]
    assert np.mean(whole) > 0.95
    assert set(topics.find(np.tile([1.0, 0.0], (5_000, 1))).tolist()) == {0}


def labelled(name: str) -> tuple[list[str], np.ndarray[Any, Any], list[str]]:
    same = LISTS[name]["same"]
    texts = [text for group in same for text in group] + LISTS[name]["alone"]
    labels = [at for at, group in enumerate(same) for _ in group] + [-1] * len(LISTS[name]["alone"])
    return texts, np.array(labels), ["ko" if any("가" <= c <= "힣" for c in text) else "en" for text in texts]


def pairs(labels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    upper = np.triu_indices(len(labels), 1)
    together: np.ndarray[Any, Any] = ((labels[:, None] == labels) & (labels >= 0))[upper]
    return together


# Of pairs that were put together so many mean the same; of pairs that mean the same so many were put together. Measured:
# 1.00 and 0.75 on the list that the limit was chosen on, 0.59 and 0.68 on the other.
@pytest.mark.parametrize(("name", "right", "complete"), [("first", 0.9, 0.7), ("second", 0.5, 0.6)])
def test_how_well_meanings_meet(name: str, right: float, complete: float) -> None:
    texts, labels, languages = labelled(name)
    found = topics.find(encode(texts), languages)
    there, got = pairs(labels), pairs(found)
    assert (there & got).sum() / got.sum() >= right
    assert (there & got).sum() / there.sum() >= complete
    assert (found[labels < 0] >= 0).sum() <= 1


@pytest.mark.parametrize("name", ["first", "second"])
def test_korean_and_english_of_one_meaning_meet(name: str) -> None:
    texts, labels, languages = labelled(name)
    found = topics.find(encode(texts), languages)
    met = 0
    for meaning in range(labels.max() + 1):
        members = np.flatnonzero(labels == meaning)
        korean, english = (
            {int(found[at]) for at in members if languages[at] == which} - {-1} for which in ("ko", "en")
        )
        met += bool(korean & english)
    assert met >= 0.8 * (labels.max() + 1)
