"""Minority positions: at the edges of the rule, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import minority
from analysis.agreement import wilson


def found(*groups: tuple[int, int, int], everybody: tuple[int, int, int] | None = None) -> list[tuple[int, str]]:
    table = np.array(groups)[:, None, :]
    rows = minority.positions(table, None if everybody is None else [everybody])
    return [(p.group, p.side) for p in rows]


def test_the_rule_by_hand() -> None:
    # 18 of 20: 0.6990 … 0.9721; 30 of 100: 0.2189 … 0.3958.
    position = minority.positions([[[18, 0, 2]], [[30, 10, 60]]])[0]
    assert position[:5] == (0, 0, "agree", 18, 20)
    assert position.held == pytest.approx((0.6990, 0.9721), abs=5e-5)
    assert position.rest == pytest.approx((0.2189, 0.3958), abs=5e-5)
    assert (position.rest_votes, position.rest_voters, position.share, position.rest_share) == (30, 100, 0.9, 0.3)


@pytest.mark.parametrize(
    ("group", "rest", "holds"),
    [
        ((10, 0, 0), (0, 10, 0), True),  # 1.0 of ten: from 0.7225; 0 of ten: to 0.2775
        ((9, 0, 0), (0, 99, 0), False),  # nine voters are too few
        ((9, 1, 0), (0, 10, 0), False),  # 9 of 10: from 0.5958
        ((10, 1, 0), (0, 10, 0), True),  # 10 of 11: from 0.6226
        ((10, 0, 0), (31, 69, 0), False),  # 31 of 100: to 0.4063
        ((10, 0, 0), (30, 70, 0), True),  # 30 of 100: to 0.3958
        ((10, 0, 0), (0, 0, 0), False),  # nobody else voted: nothing is known of the rest
    ],
)
def test_at_the_edges(group: tuple[int, int, int], rest: tuple[int, int, int], holds: bool) -> None:
    assert found(group, rest) == ([(0, "agree")] if holds else [])
    # The same of disagreeing.
    assert found(group[::-1], rest[::-1]) == ([(0, "disagree")] if holds else [])


def test_of_two_camps_each_holds_its_own() -> None:
    assert found((40, 0, 0), (0, 0, 40)) == [(0, "agree"), (1, "disagree")]


def test_voters_in_no_society_are_in_the_rest() -> None:
    assert found((20, 0, 0), (0, 20, 0)) == [(0, "agree")]
    assert found((20, 0, 0), (0, 20, 0), everybody=(120, 20, 0)) == []


def test_the_surest_come_first() -> None:
    rows = minority.positions([[[10, 0, 0], [0, 0, 90], [50, 0, 0]], [[0, 50, 0]] * 3])
    assert [(p.opinion, p.side) for p in rows if p.group == 0] == [(1, "disagree"), (2, "agree"), (0, "agree")]


@given(st.lists(st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=4, max_size=4), min_size=2, max_size=4))
def test_no_position_breaks_the_rule(groups: list[list[tuple[int, int, int]]]) -> None:
    table = np.array(groups)
    for p in minority.positions(table):
        column = 0 if p.side == "agree" else 2
        assert (p.votes, p.voters) == (table[p.group, p.opinion, column], table[p.group, p.opinion].sum())
        rest = table[:, p.opinion].sum(axis=0) - table[p.group, p.opinion]
        low, high = wilson(p.votes, p.voters), wilson(int(rest[column]), int(rest.sum()))
        assert low is not None
        assert high is not None
        assert p.voters >= 10
        assert low.low >= 0.6
        assert high.high < 0.4
