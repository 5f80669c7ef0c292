"""Societies that count alike, and one that outweighs: by hand."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import balance


def test_the_examples_hold() -> None:
    assert doctest.testmod(balance).failed == 0


def test_societies_count_alike_from_five_voters_on() -> None:
    # 0.9 and 0.2; four voters do not count. The second opinion: nobody counts.
    found = balance.balance([[[90, 0, 10], [4, 0, 0]], [[1, 0, 4], [0, 0, 0]], [[4, 0, 0], [0, 4, 0]]])
    assert found.share[0] == pytest.approx(0.55)
    assert np.isnan(found.share[1])
    assert found.societies.tolist() == [2, 0]


def test_no_societies() -> None:
    found = balance.balance(np.zeros((0, 2, 3)))
    assert np.isnan(found.share).all()
    assert found.societies.tolist() == [0, 0]
    with pytest.raises(ValueError, match="shape"):
        balance.balance([[1, 2, 3]])


def test_more_than_thirty_percent_of_the_votes_dominates() -> None:
    assert balance.dominant({"a": 30, "b": 70}) == [("b", 0.7)]
    assert balance.dominant({"a": 31, "b": 29}, others=40) == [("a", 0.31)]
    assert balance.dominant({"a": 0}) == []
    assert balance.dominant({}) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_it_is_the_plain_mean_whatever_the_order(rows: list[tuple[int, int, int]]) -> None:
    shares = [row[0] / sum(row) for row in rows if sum(row) >= 5]
    for order in (rows, rows[::-1]):
        found = balance.balance([[row] for row in order])
        assert found.societies[0] == len(shares)
        assert np.isnan(found.share[0]) if not shares else found.share[0] == pytest.approx(np.mean(shares))
