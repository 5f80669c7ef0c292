"""Likeness of divisions and silhouettes: by hand, then against scikit-learn."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, silhouette_score

from analysis import measures

labellings = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(-1, 4), min_size=n, max_size=n), st.lists(st.integers(0, 4), min_size=n, max_size=n)
    )
)
#: Points on a grid, so that some lie in the same place.
points = st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=3, max_size=30)


def test_the_examples_hold() -> None:
    assert doctest.testmod(measures).failed == 0


def test_adjusted_rand_by_hand() -> None:
    # Pairs together in both: 1; in the first 1, in the second 2, of 6: (1 − 2/6) / (3/2 − 2/6) = 4/7.
    assert measures.adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(4 / 7)
    assert measures.adjusted_rand([0, 0, 1, 1], [5, 5, -1, -1]) == 1
    assert measures.adjusted_rand([0, 1, 0, 1], [0, 0, 1, 1]) == pytest.approx(-0.5)


@pytest.mark.parametrize("labels", [[], [3], [0, 0, 0], [0, 1, 2]])
def test_divisions_that_leave_no_choice_are_the_same(labels: list[int]) -> None:
    assert measures.adjusted_rand(labels, labels) == 1


def test_labellings_are_equally_long() -> None:
    with pytest.raises(ValueError, match="equally long"):
        measures.adjusted_rand([0, 1], [0])


def test_silhouette_by_hand() -> None:
    # 0, 1 | 5, 6: of 0 a = 1, b = 5.5; of 1 a = 1, b = 4.5; mirrored: (4.5/5.5 + 3.5/4.5)/2.
    assert measures.silhouette(np.array([[0.0], [1.0], [5.0], [6.0]]), [0, 0, 1, 1]) == pytest.approx(
        (4.5 / 5.5 + 3.5 / 4.5) / 2
    )


def test_silhouette_is_not_defined_for_one_group_or_for_each_alone() -> None:
    assert measures.silhouette(np.eye(3), [0, 0, 0]) is None
    assert measures.silhouette(np.eye(3), [0, 1, 2]) is None
    assert measures.silhouette(np.zeros((0, 2)), []) is None
    assert measures.silhouette(np.zeros((4, 2)), [0, 0, 1, 1]) == 0


@given(labellings)
def test_adjusted_rand_is_scikit_learns(pair: tuple[list[int], list[int]]) -> None:
    assert measures.adjusted_rand(*pair) == pytest.approx(adjusted_rand_score(*pair), abs=1e-12)
    assert measures.adjusted_rand(*pair) == measures.adjusted_rand(*pair[::-1])


@settings(deadline=None)
@given(points, st.integers(2, 4), st.integers(0, 99))
def test_silhouette_is_scikit_learns(places: list[tuple[int, int]], k: int, seed: int) -> None:
    labels = np.random.default_rng(seed).integers(k, size=len(places))
    where = np.array(places, dtype=float)
    ours = measures.silhouette(where, labels)
    if not 2 <= len(set(labels)) < len(where):
        assert ours is None
        return
    assert ours == pytest.approx(silhouette_score(where, labels), abs=1e-9)
