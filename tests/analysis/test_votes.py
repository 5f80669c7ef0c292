"""The matrix of votes: a case by hand, then laws."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import votes

rows = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.sampled_from([-1, 0, 1])), max_size=60)
Row = tuple[int, int, int]


def made(entries: list[Row]) -> votes.Matrix:
    return votes.matrix([e[0] for e in entries], [e[1] for e in entries], [e[2] for e in entries])


def test_a_case_by_hand() -> None:
    matrix = made([(9, 2, -1), (7, 1, 1), (7, 2, 0), (9, 2, 1), (8, 1, 0)])
    assert matrix.participants.tolist() == [7, 8, 9]
    assert matrix.opinions.tolist() == [1, 2]
    assert matrix.counts().tolist() == [[1, 1, 0], [1, 1, 0]]
    assert matrix.given().tolist() == [2, 1, 1]


def test_a_pass_is_not_a_missing_vote() -> None:
    matrix = made([(1, 1, 0), (2, 2, 1)])
    assert matrix.values.nnz == 2
    assert matrix.given().tolist() == [1, 1]


def test_no_votes() -> None:
    matrix = made([])
    assert matrix.values.shape == (0, 0)
    assert matrix.counts().shape == (0, 3)


def test_what_is_no_vote_is_refused() -> None:
    with pytest.raises(ValueError, match="-1, 0 or 1"):
        votes.matrix([1], [1], [2])
    with pytest.raises(ValueError, match="equally long"):
        votes.matrix([1, 2], [1], [1])


@given(rows)
def test_the_last_vote_of_a_pair_stands(entries: list[Row]) -> None:
    last = {(who, what): value for who, what, value in entries}
    expected = Counter((what, value) for (_who, what), value in last.items())
    matrix = made(entries)
    for opinion, counts in zip(matrix.opinions.tolist(), matrix.counts().tolist(), strict=True):
        assert counts == [expected[opinion, value] for value in (1, 0, -1)]


@given(rows, st.integers())
def test_the_order_of_different_pairs_does_not_matter(entries: list[Row], seed: int) -> None:
    once = [(who, what, value) for (who, what), value in {(a, b): c for a, b, c in entries}.items()]
    turned = once.copy()
    Random(seed).shuffle(turned)
    one, other = made(once), made(turned)
    assert one.participants.tolist() == other.participants.tolist()
    assert (one.values.data.tolist(), one.values.indices.tolist()) == (
        other.values.data.tolist(),
        other.values.indices.tolist(),
    )


@pytest.mark.parametrize(
    "ids",
    [
        np.array([-128, 127, 0, 127], dtype=np.int8),
        np.array([3, 1, 2, 1], dtype=np.uint64),
        np.array([2**63 + 1, 2**63, 5, 5], dtype=np.uint64),
        np.array([10**12, -(10**12), 7, 7]),
        np.array(["b", "a", "c", "a"]),
        np.array([2**62, 2**62 + 1, 2**62, 2**62]),
    ],
    ids=["int8", "near", "uint64", "far apart", "strings", "large"],
)
def test_ids_of_any_kind_come_in_ascending_order(ids: np.ndarray) -> None:
    matrix = votes.matrix(ids, ["x"] * 4, [1, 0, -1, 1])
    assert matrix.participants.tolist() == sorted(set(ids.tolist()))
    assert matrix.participants.dtype == ids.dtype
    last = dict(zip(ids.tolist(), [1, 0, -1, 1], strict=True))
    assert matrix.values.toarray().ravel().tolist() == [last[who] for who in matrix.participants.tolist()]
