"""Small cells: the rule by hand, and that nothing it lets through can be subtracted."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cells, subtraction
from analysis.subtraction import Figure, figure

COLUMNS = ("people", "voters")
rows = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=7).map(
    lambda pairs: [{"people": max(pair), "voters": min(pair)} for pair in pairs]
)


def lines(*rows: tuple[int, int]) -> list[tuple[tuple[int, ...], int, int]]:
    found = cells.merged([{"people": people, "voters": voters} for people, voters in rows], COLUMNS)
    return [(line.rows, line.counts["people"], line.counts["voters"]) for line in found]


def test_the_examples_hold() -> None:
    assert doctest.testmod(cells).failed == 0
    assert doctest.testmod(subtraction).failed == 0


def test_a_row_with_a_small_cell_goes_with_others() -> None:
    assert lines((50, 20), (40, 3), (30, 10), (20, 4)) == [((0,), 50, 20), ((2,), 30, 10), ((1, 3), 60, 7)]


def test_a_joint_line_that_is_small_takes_the_smallest_row_with_it() -> None:
    assert lines((50, 20), (30, 10), (9, 2)) == [((0,), 50, 20), ((1, 2), 39, 12)]


def test_nothing_small_nothing_merged_and_the_first_comes_first_among_equals() -> None:
    assert lines((10, 5), (30, 9), (10, 6)) == [((1,), 30, 9), ((0,), 10, 5), ((2,), 10, 6)]


def test_all_together_too_small_is_no_line() -> None:
    assert lines((9, 2), (8, 2)) == []
    assert lines() == []


def published(given_rows: list[dict[str, int]], found: list[cells.Merged]) -> list[Figure]:
    """What a reader has: every cell shown, and the totals."""
    figures = [figure(((at, column) for at in line.rows), line.counts[column]) for line in found for column in COLUMNS]
    everything = cells.summed(given_rows, range(len(given_rows)), COLUMNS)
    return figures + [figure(((at, c) for at in range(len(given_rows))), everything[c]) for c in COLUMNS if given_rows]


@settings(max_examples=60, deadline=None)
@given(rows)
def test_what_the_rule_shows_gives_no_small_cell_away(given_rows: list[dict[str, int]]) -> None:
    found = cells.merged(given_rows, COLUMNS)
    shown = sorted(at for line in found for at in line.rows)
    assert shown in ([], list(range(len(given_rows))))
    assert all(count >= 5 for line in found for count in line.counts.values())
    if found:
        assert subtraction.exposed(published(given_rows, found)) == []


def test_the_twin_that_only_leaves_small_rows_out_gives_them_away() -> None:
    given_rows = [{"people": 50, "voters": 20}, {"people": 30, "voters": 10}, {"people": 9, "voters": 2}]
    careless = [line for line in cells.merged(given_rows, COLUMNS, smallest=0) if line.rows != (2,)]
    given_away = subtraction.exposed(published(given_rows, careless))
    assert [(set(e.cells), e.number) for e in given_away] == [({(2, "voters")}, 2)]


def test_two_tables_of_the_same_people_can_be_subtracted() -> None:
    # By society: a and b together; by sector: a's part and what is left of b in one.
    figures = [figure("ab", 12), figure("bc", 9), figure("abc", 14)]
    assert [(set(e.cells), e.number) for e in subtraction.exposed(figures)] == [({"c"}, 2)]
    # a = 14 − 9 = 5 and b = 7 are determined too, and large enough.
    assert len(subtraction.exposed(figures, smallest=8)) == 3


def test_cells_that_are_never_told_apart_are_one() -> None:
    assert [(set(e.cells), e.number) for e in subtraction.exposed([figure("abcd", 20), figure("ab", 17)])] == [
        ({"c", "d"}, 3)
    ]


def test_no_fewer_than_nobody_gives_away_too() -> None:
    # a + b = 5, c + d = 5, a + c = 10: so b = d = 0, though the equations alone leave it open.
    figures = [figure("ab", 5), figure("cd", 5), figure("ac", 10)]
    assert [(set(e.cells), e.number) for e in subtraction.exposed(figures)] == [({"b"}, 0), ({"d"}, 0)]


def test_figures_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict"):
        subtraction.exposed([figure("a", 5), figure("ab", 3)])
    assert subtraction.exposed([]) == []
