"""Representative opinions: by hand, then the statistics against scipy."""

import doctest
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import representative
from analysis.agreement import wilson

shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_examples_hold() -> None:
    assert doctest.testmod(representative).failed == 0


def test_two_proportions_by_hand() -> None:
    # 0.6 − 0.4 over √(0.5 · 0.5 · 2/50).
    assert representative.two_proportions(30, 50, 20, 50) == pytest.approx(0.2 / sqrt(0.01))
    assert representative.two_proportions(5, 5, 9, 9) == 0
    with pytest.raises(ValueError, match="3 of 2"):
        representative.two_proportions(3, 2, 1, 2)


def test_benjamini_hochberg_by_hand() -> None:
    # 0.01 · 4/1; 0.03 · 4/2 = 0.06, but 0.04 · 4/3 = 0.0533 is less; 0.5 · 4/4.
    assert representative.benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert representative.benjamini_hochberg([]).tolist() == []


def test_what_a_group_holds_otherwise_than_the_rest_by_hand() -> None:
    counts = [[[40, 0, 10], [5, 40, 5], [25, 0, 25]], [[10, 0, 40], [5, 40, 5], [0, 0, 0]]]
    found = representative.representative(counts)
    # Of 8 tests (the third opinion has no rest) four are the first opinion's: z = 0.6/√(0.25 · 2/50) = ±6.
    assert [(r.group, r.opinion, r.side) for r in found] == [(0, 0, "agree"), (1, 0, "disagree")]
    assert [r.z for r in found] == pytest.approx([6, 6])
    assert found[0][3:7] == (40, 50, 10, 50)
    assert (found[0].share, found[0].rest_share) == (0.8, 0.2)
    assert found[0].adjusted == pytest.approx(found[0].p * 2)


def test_the_rest_may_be_more_than_the_other_groups() -> None:
    groups = [[[20, 0, 0]], [[20, 0, 0]]]
    assert representative.representative(groups) == []
    assert len(representative.representative(groups, everybody=[[40, 0, 60]])) == 2
    with pytest.raises(ValueError, match="more votes than everybody"):
        representative.representative(groups, everybody=[[19, 0, 60]])


def test_by_luck_few_are_representative() -> None:
    """Two groups drawn from the same people: of 200 opinions nearly none may be typical, though many tests have p < 0.1."""
    chance = np.random.default_rng(0)
    counts = chance.multinomial(60, [0.5, 0.2, 0.3], size=(2, 200))
    uncorrected = representative.representative(counts, q=1.0)
    assert sum(r.p < 0.1 for r in uncorrected) > 20
    assert len(representative.representative(counts)) <= 2


@given(shares, shares)
def test_z_is_pearsons(one: tuple[int, int], other: tuple[int, int]) -> None:
    z = representative.two_proportions(*one, *other)
    yes, everybody = one[0] + other[0], one[1] + other[1]
    if yes in (0, everybody):
        assert z == 0
        return
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]
    chi2, p, *_more = stats.chi2_contingency(table, correction=False)
    assert z * z == pytest.approx(chi2, abs=1e-9)
    assert representative.two_sided(z) == pytest.approx(p, rel=1e-9, abs=1e-12)
    assert representative.two_proportions(*other, *one) == pytest.approx(-z)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_p_is_scipys(p: list[float]) -> None:
    assert representative.benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


@given(shares)
def test_wilson_is_scipys(share: tuple[int, int]) -> None:
    ours, theirs = wilson(*share), stats.binomtest(*share).proportion_ci(method="wilson")
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_groups_and_opinions_does_not_matter(seed: int) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.integers(0, 40, (3, 6, 3))
    found = {r[:3]: r[3:] for r in representative.representative(counts)}
    turned = representative.representative(counts[::-1, ::-1])
    assert {(2 - r.group, 5 - r.opinion, r.side): r[3:] for r in turned} == found
