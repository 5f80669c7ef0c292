"""The two axes: by hand, and against a dense decomposition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis import axes
from tests.analysis import made

TWO_BY_TWO = sparse.csr_array(np.array([[1, 1], [1, -1], [-1, 0]], dtype=np.int8))


def test_means_are_of_votes_given_and_a_pass_is_a_vote() -> None:
    # Stored entries: the second voter passed on the third opinion; nobody voted on the fourth.
    values = sparse.csr_array((np.array([1, -1, 1, 0], dtype=np.int8), ([0, 0, 1, 1], [0, 1, 0, 2])), shape=(2, 4))
    assert axes.column_means(values).tolist() == [1, -1, 0, 0]
    assert axes.row_means(values).tolist() == [0, 0.5]


def test_centring_by_hand() -> None:
    means = axes.column_means(TWO_BY_TWO)
    assert means.tolist() == [1 / 3, 0]  # the last vote on the second opinion was not given
    assert axes.centred(TWO_BY_TWO, means).data == pytest.approx([2 / 3, 1, 2 / 3, -1, -4 / 3])


def test_taking_out_the_voters_own_means_leaves_nothing_of_readiness() -> None:
    # Everybody agrees, or disagrees, with everything: after the voter's mean is out nothing is left.
    values = sparse.csr_array(np.repeat([[1], [-1], [1]], 4, axis=1).astype(np.int8))
    assert axes.centred(values, axes.column_means(values), voters=True).data == pytest.approx(np.zeros(12))
    assert not axes.principal(values, 0, voters=True).loadings.any()


def test_no_votes_no_axes() -> None:
    for shape in ((0, 0), (0, 3), (3, 0), (5, 40)):
        found = axes.principal(sparse.csr_array(shape, dtype=np.int8), 0)
        assert found.loadings.shape == (2, shape[1])
        assert found.positions.shape == (shape[0], 2)
        assert not found.loadings.any()


def test_a_vectors_sign_is_fixed_by_its_largest_weight() -> None:
    assert axes.turned(np.array([[0.6, -0.8], [0.8, 0.6]])).tolist() == [[-0.6, 0.8], [0.8, 0.6]]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 60), st.integers(2, 80), st.booleans())
def test_the_axes_are_those_of_the_dense_matrix(seed: int, people: int, opinions: int, voters: bool) -> None:
    values = made.noise(seed, people=people, opinions=opinions, share=0.6).values
    dense = axes.centred(values, axes.column_means(values), voters).toarray()
    _left, singular, right = np.linalg.svd(dense)
    found = axes.principal(values, seed, voters)
    for axis in range(min(2, len(singular))):
        alike = [s for s in singular if abs(s - singular[axis]) < 1e-3 * singular[0]]
        if singular[axis] > 1e-3 * singular[0] and len(alike) == 1:
            assert abs(right[axis] @ found.loadings[axis]) == pytest.approx(1, abs=1e-6)
    assert found.positions == pytest.approx(dense @ found.loadings.T, abs=1e-6)
    assert np.abs(dense.sum(axis=0)).max() < 1e-9
