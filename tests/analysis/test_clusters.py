"""k-means and stability, and keeping numbers and sides: by hand."""

import numpy as np
import pytest

from analysis import clusters, still
from analysis.measures import adjusted_rand
from tests.analysis import made


def test_two_heaps_by_hand() -> None:
    points = np.array([[0.0, 0], [1, 0], [0, 1], [9, 9], [8, 9]])
    labels = clusters.divide(points, 2, seed=0)
    assert adjusted_rand(labels, [0, 0, 0, 1, 1]) == 1


@pytest.mark.parametrize("k", [2, 3, 5])
def test_with_fewer_places_than_groups_each_place_is_one(k: int) -> None:
    points = np.array([[0.0, 0], [1, 0], [0, 0], [1, 0]])
    assert clusters.divide(points, k, seed=0).tolist() == [0, 1, 0, 1]
    assert clusters.divide(np.zeros((3, 2)), k, seed=0).tolist() == [0, 0, 0]


def test_many_points_are_divided_like_few() -> None:
    chance = np.random.default_rng(0)
    own = chance.integers(3, size=20_000)
    points = np.array([[0.0, 0], [6, 0], [0, 6]])[own] + chance.normal(size=(20_000, 2))
    assert adjusted_rand(own, clusters.divide(points, 3, seed=0)) > 0.98
    # Nearly everybody in one place: those who were tried may all be there, the division is of everybody.
    rare = np.zeros((20_000, 2))
    rare[7] = 1
    assert np.bincount(clusters.divide(rare, 2, seed=0)).tolist() == [19_999, 1]


def test_what_cannot_come_out_otherwise_repeats_and_noise_does_not() -> None:
    rows = np.repeat([[1, 1, -1], [-1, -1, 1]], 15, axis=0)
    clear = made.voted(rows, np.ones(rows.shape, dtype=bool)).values
    own = np.repeat([0, 1], 15)
    assert clusters.stability(clear, [own], [2], seed=0, draws=5, size=30) == [1.0]
    # A division that is not the one of the votes: everybody of each kind half and half.
    other = np.arange(30) % 2
    assert abs(clusters.stability(clear, [other], [2], seed=0, draws=20, size=30)[0]) < 0.1


def test_numbered_by_size_then_from_the_right() -> None:
    labels = np.array([5, 5, 2, 2, 9, 9, 9, -1])
    x = np.array([0.0, 0, 1, 1, -5, -5, -5, 9])
    assert still.by_size(labels, x).tolist() == [2, 2, 1, 1, 0, 0, 0, -1]
    assert still.by_size(np.array([-1, -1]), x[:2]).tolist() == [-1, -1]


def test_axes_are_swapped_and_flipped_back() -> None:
    before = still.Previous(np.arange(0), np.arange(0), np.array([1, 2, 4]), np.array([[1.0, 0, 0], [0, 1, 0]]))
    # The first axis now is the second of before, turned round; opinion 4 has gone and 3 has come.
    turn = still.turn(np.array([[0.0, -0.9, 0.4], [0.9, 0, 0.4]]), np.array([1, 2, 3]), before)
    assert turn.tolist() == [[0, 1], [-1, 0]]
