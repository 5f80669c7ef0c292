"""Agreed across groups: by hand, then laws."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import across, votes
from tests.analysis import made

tables = st.integers(1, 4).flatmap(
    lambda k: st.lists(st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=5, max_size=5), min_size=k, max_size=k)
)


def test_the_examples_hold() -> None:
    assert doctest.testmod(across).failed == 0


def test_counts_by_hand() -> None:
    matrix = votes.matrix([1, 1, 2, 3, 4], ["a", "b", "a", "b", "a"], [1, 0, -1, 1, 1])
    assert across.counts(matrix, [0, 1, 1, -1]).tolist() == [[[1, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, 0]]]
    assert across.counts(matrix, [0, 0, 0, 0], k=2)[1].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert across.counts(matrix, [-1, -1, -1, -1]).shape == (0, 2, 3)


def test_labels_that_cannot_be_are_refused() -> None:
    matrix = votes.matrix([1, 2], ["a", "a"], [1, 1])
    for labels, k in (([0], None), ([0, 2], 2), ([0, -2], None)):
        with pytest.raises(ValueError, match="label"):
            across.counts(matrix, labels, k=k)


def test_agreed_by_hand() -> None:
    # (8 + 1)/(8 + 2) · (1 + 1)/(4 + 2); nobody of the second group voted on the second opinion: (3 + 1)/(5 + 2) · 1/2.
    found = across.agreed([[[8, 0, 0], [3, 1, 1]], [[1, 1, 2], [0, 0, 0]]])
    assert found == pytest.approx([0.9 / 3, 4 / 14])


def test_one_large_group_does_not_carry_an_opinion() -> None:
    assert across.by_agreement([[[900, 0, 0], [600, 0, 300], [0, 0, 0]], [[2, 0, 40], [30, 0, 12], [0, 0, 0]]]) == [
        1,
        0,
    ]


def test_ties_go_by_votes_then_column() -> None:
    assert across.by_agreement([[[1, 0, 1], [3, 0, 3], [1, 0, 1]]]) == [1, 0, 2]


def test_without_groups_there_is_no_such_figure() -> None:
    with pytest.raises(ValueError, match="shape"):
        across.agreed(np.zeros((0, 3, 3)))


@given(tables)
def test_it_is_a_product_of_chances_and_groups_are_alike(rows: list[list[tuple[int, int, int]]]) -> None:
    found = across.agreed(rows)
    assert ((found > 0) & (found < 1)).all()
    assert across.agreed(rows[::-1]) == pytest.approx(found)
    for at in range(5):
        plain = np.prod([(row[at][0] + 1) / (sum(row[at]) + 2) for row in rows])
        assert found[at] == pytest.approx(plain)


@given(tables)
def test_one_more_agreement_raises_it(rows: list[list[tuple[int, int, int]]]) -> None:
    more = np.array(rows)
    more[0, 0, 0] += 1
    assert across.agreed(more)[0] > across.agreed(rows)[0]


@given(st.integers(0, 10**6))
def test_counts_of_groups_sum_to_those_of_the_matrix(seed: int) -> None:
    matrix = made.noise(seed, people=20, opinions=6)
    labels = np.random.default_rng(seed).integers(3, size=len(matrix.participants))
    assert across.counts(matrix, labels).sum(axis=0).tolist() == matrix.counts().tolist()
