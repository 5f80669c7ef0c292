"""Hand-worked cases first, then laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import agreement
from analysis.agreement import Tally

counts = st.integers(0, 10_000)
tallies = st.builds(Tally, counts, counts, counts)


def test_share_has_passes_in_its_base() -> None:
    assert agreement.share(Tally(3, 1, 0)) == 0.75


def test_share_of_nothing_is_none() -> None:
    assert agreement.share(Tally(0, 0, 0)) is None
    assert agreement.agreement(Tally(0, 0, 0)) is None
    assert agreement.divided(Tally(0, 0, 0)) is None


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # p = 0.8, z² = 3.8415: centre (0.8 + 0.19207) / 1.38415 = 0.71674, half 1.96/1.38415 · √(0.016 + 0.009604) = 0.22657
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (270, 300, 0.8608, 0.9291),
    ],
)
def test_wilson_by_hand(successes: int, trials: int, low: float, high: float) -> None:
    interval = agreement.wilson(successes, trials)
    assert interval is not None
    assert interval == pytest.approx((low, high), abs=5e-5)


def test_wilson_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        agreement.wilson(3, 2)


def test_three_of_three_stand_below_270_of_300() -> None:
    assert agreement.by_agreement({1: Tally(3, 0, 0), 2: Tally(270, 0, 30), 3: Tally(0, 0, 0)}) == [2, 1]


def test_ties_go_by_votes_then_key() -> None:
    nobody = {2: Tally(0, 0, 4), 1: Tally(0, 0, 4), 3: Tally(0, 4, 4)}
    assert agreement.by_agreement(nobody) == [3, 1, 2]


def test_an_even_split_of_many_divides_more_than_one_of_few_and_passing_divides_less() -> None:
    assert agreement.by_division({1: Tally(5, 0, 5), 2: Tally(200, 0, 200), 3: Tally(200, 400, 200)}) == [2, 1, 3]


@given(tallies)
def test_the_interval_holds_the_share(tally: Tally) -> None:
    interval, share = agreement.agreement(tally), agreement.share(tally)
    if interval is None or share is None:
        assert tally.total == 0
        return
    assert 0 <= interval.low <= share <= interval.high <= 1


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_is_mirrored_by_the_other_side(agree: int, disagree: int) -> None:
    one, other = agreement.wilson(agree, agree + disagree), agreement.wilson(disagree, agree + disagree)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(2, 20))
def test_more_votes_of_the_same_share_are_surer(agree: int, other: int, times: int) -> None:
    few, many = agreement.wilson(agree, agree + other), agreement.wilson(agree * times, (agree + other) * times)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@given(tallies)
def test_division_is_the_same_from_both_sides_and_at_most_half(tally: Tally) -> None:
    score = agreement.divided(tally)
    assert score == agreement.divided(Tally(tally.disagree, tally.passed, tally.agree))
    assert score is None or 0 <= score <= 0.5


@given(st.dictionaries(st.integers(0, 30), tallies), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_rows(given_tallies: dict[int, Tally], random: object) -> None:
    rows = list(given_tallies.items())
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert agreement.by_agreement(dict(rows)) == agreement.by_agreement(given_tallies)
    assert agreement.by_division(dict(rows)) == agreement.by_division(given_tallies)
