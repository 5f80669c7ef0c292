"""Weights of the deck: hand-worked cases, laws, and simulated voters."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis import routing

counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=60)


def split(rows: list[tuple[int, int, int]]) -> tuple[list[int], list[int], list[int]]:
    return [r[0] for r in rows], [r[1] for r in rows], [sum(r) for r in rows]


def test_the_examples_hold() -> None:
    assert doctest.testmod(routing).failed == 0


def test_a_new_opinion_by_hand() -> None:
    # p = a = 1/2, E = 0, S = 0, age 0: ((1/2)·1·(1/2)·9·2)²
    assert routing.weights([0], [0], [0], age=[0]).tolist() == [20.25]


def test_ten_votes_by_hand() -> None:
    # A = 5, P = 1, S = 10, old: ((1 − 2/12) · (6/12) · (1 + 8/4))² = 1.25²
    assert routing.weights([5], [1], [10])[0] == pytest.approx(1.5625)


@given(counts)
def test_each_is_drawn_with_a_fifth_of_an_even_chance_at_least(rows: list[tuple[int, int, int]]) -> None:
    found = routing.weights(*split(rows))
    assert (found > 0).all()
    assert (found / found.sum() >= 1 / (5 * len(rows)) - 1e-12).all()


@given(counts, st.randoms())
def test_the_order_of_opinions_does_not_matter(rows: list[tuple[int, int, int]], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    there = routing.weights(*split(rows))
    assert np.allclose(routing.weights(*split([rows[i] for i in order])), there[order])


def test_newer_fewer_and_farther_out_weigh_more() -> None:
    new, old = routing.weights([20, 20], [0, 0], [40, 40], age=[0, 240])
    few, many = routing.weights([5, 50], [0, 0], [10, 100])
    out, middle = routing.weights([20, 20], [0, 0], [40, 40], extremity=[1, 0])
    assert new > old and few > many and out > middle


@pytest.mark.parametrize(
    ("arrays", "more"),
    [
        (([1], [0], [0]), {}),
        (([0], [0], [1, 2]), {}),
        (([-1], [0], [1]), {}),
        (([0], [0], [1]), {"age": [1, 2]}),
        (([0], [0], [1]), {"extremity": [float("nan")]}),
    ],
)
def test_what_makes_no_sense_is_refused(arrays: tuple[list[int], ...], more: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError):
        routing.weights(*arrays, **more)


def test_nothing_gives_nothing() -> None:
    assert routing.weights([], [], []).tolist() == []


def simulate(seed: int, steepness: float = 1.0) -> NDArray[np.int64]:
    """300 voters see 15 of 120 opinions each; a third is disliked, 20 come late. Gives the votes on each."""
    chance = np.random.default_rng(seed)
    liked = np.where(np.arange(120) % 3 == 0, 0.03, 0.7)
    tally = np.zeros((120, 3), dtype=np.int64)  # agree, pass, disagree
    for voter in range(300):
        there = 100 if voter < 200 else 120
        age = np.where(np.arange(there) < 100, 999.0, (voter - 200) * 0.5)
        found = routing.weights(tally[:there, 0], tally[:there, 1], tally[:there].sum(1), age=age) ** steepness
        for opinion in np.argsort(-np.log(chance.random(there)) / found)[:15]:
            says = 1 if chance.random() < 0.1 else 0 if chance.random() < liked[opinion] else 2
            tally[opinion, says] += 1
    votes: NDArray[np.int64] = tally.sum(1)
    return votes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_none_starves(seed: int) -> None:
    votes = simulate(seed)
    assert votes.min() >= votes.mean() / 5 >= 7  # seven votes bring an opinion onto the map
    assert votes[100:].min() >= votes.mean() / 5  # late ones catch up
    assert votes.max() < 4 * votes.mean()


def test_the_twin_with_much_steeper_weights_starves_some() -> None:
    votes = simulate(1, steepness=6)
    assert votes.min() < votes.mean() / 5
