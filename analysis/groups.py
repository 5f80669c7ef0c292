"""Opinion groups: members who vote alike. One recipe for all data.

Votes are centred on the mean of the votes given on each opinion, projected on two axes, and divided by k-means. Whether there is
a division at all, and into how many, is decided by whether it repeats when people are drawn again. That says that a
division is repeatable, not that there are camps: a plain continuum repeats too. After C. Small, M. Bjorkegren,
T. Erkkilä, L. Shaw, C. Megill, *Polis: Scaling deliberation by mapping high dimensional opinion spaces* (2021), and
C. Hennig, *Cluster-wise assessment of cluster stability* (2007).

Nothing depends on the order of rows, the participants' ids, the number of threads or the process: rows are put in an order of
their own by what was voted, and all is computed under one thread.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import axes, clusters, still
from analysis.axes import Floats, Map
from analysis.clusters import Labels
from analysis.measures import distances, silhouette
from analysis.still import Previous
from analysis.votes import Matrix

#: Who gave fewer votes is not grouped, unless there are fewer opinions than that.
VOTES = 7
#: With fewer people on the map no division is looked for.
PEOPLE = 20
KS = (2, 3, 4, 5)
DRAWS, DRAWN = 30, 2_000
#: A division repeats from this mean adjusted Rand index on.
STABLE = 0.7
#: Of the divisions whose stability is so near to the best, the one with the fewest groups is taken.
NEAR = 0.05
#: A group needs so many people, and so large a part of those on the map.
SMALLEST, PART = 5, 0.02
#: From this correlation of the first axis with the mean vote on, a division may only show who agrees readily.
READY = 0.8
SILHOUETTE = 2_000


class Candidate(NamedTuple):
    """A number of groups that was tried. `silhouette` is None where undefined: it cannot tell votes from noise."""

    k: int
    silhouette: float | None
    stability: float


@dataclass(frozen=True, eq=False)
class Groups:
    """What was found; n participants and m opinions in the order of the matrix.

    Attributes
    ----------
    labels : (n,) int
        The group of each, 0 … k − 1, −1 where not grouped. No division: all −1.
    k : int
        How many groups there are; 1 when there is no division.
    stability : float
        Mean adjusted Rand index of the division with those of people drawn again; of the best candidate when there is no division,
        0 when none could be tried.
    stable : bool
        Whether the division repeats (from 0.7 on). False with labels only when k was given.
    positions : (n, 2) float
        Where each voter lies on the map, also those who are not grouped; rounded to 6 decimals.
    readiness : bool
        The division may only reflect how ready people are to agree: `stability_without_own_mean` is under 0.7, or the first axis
        correlates with the voters' mean vote by more than 0.8 (`correlation`, absolute).
    stability_without_own_mean : float or None
        How well the division repeats after each voter's own mean vote is taken out; None without a division.
    candidates : tuple of Candidate
        Every k that was tried.
    min_votes : int
        Votes that were needed to be on the map.
    eligible : (n,) bool
        Who gave that many.
    draws, draw_size : int
        How often people were drawn again, and how many each time.
    loadings : (2, m) float
        The weight of each opinion on each axis.
    extremity : (m,) float
        How far out on the map an opinion lies, ≥ 0: √m times the length of its two weights; the mean square is 2.
    sizes : (k,) int
        People in each group; empty when there is no division.
    """

    labels: Labels
    k: int
    stability: float
    stable: bool
    positions: Floats
    readiness: bool
    stability_without_own_mean: float | None
    correlation: float
    candidates: tuple[Candidate, ...]
    min_votes: int
    eligible: NDArray[np.bool_]
    draws: int
    draw_size: int
    loadings: Floats
    extremity: Floats
    sizes: NDArray[np.int64]
    participants: NDArray[Any]
    opinions: NDArray[Any]

    def previous(self) -> Previous:
        """What the next `find` takes as `previous` to keep still."""
        return Previous(self.participants, self.labels, self.opinions, self.loadings)


def find(matrix: Matrix, seed: int = 0, k: int | None = None, previous: Previous | None = None) -> Groups:
    """Find opinion groups in the votes of published opinions; last votes only, as `votes.matrix` keeps them.

    Parameters
    ----------
    matrix : Matrix
        n participants, m opinions, sparse; never made dense.
    seed : int
        Starts the k-means and the draws.
    k : int, optional
        None: of 2 … 5 the smallest whose stability is within 0.05 of the best, and no division when that is under 0.7 or
        fewer than 20 people are on the map. A number: that many, whatever the stability.
    previous : Previous, optional
        The computation before: groups keep their numbers and the map its sides. Without it the largest group is 0 and each
        axis points to where its largest weight is.

    Groups of under 5 people, or under 2 percent of those on the map, are dissolved (−1), also when k is given; where fewer than two
    remain there is no division. Raises ValueError for k under 2.
    """
    if k is not None and k < 2:
        raise ValueError("a division has two groups or more")
    with threadpool_limits(1):
        on, order = _on_the_map(matrix)
        drawn = _Drawn(matrix.values[order], seed)
        chart = axes.principal(drawn.values, seed) if len(order) else _nowhere(len(matrix.opinions))
        found = _blank(matrix, on, chart)
        tried = _tried(drawn, chart, k) if len(order) >= (PEOPLE if k is None else 2) and chart.loadings.any() else []
        if tried:
            found = _with_division(found, order, drawn, chart, tried, forced=k is not None)
    return _still(found, previous)


class _Drawn(NamedTuple):
    """The votes of those on the map, CSR (n, m), and the seed."""

    values: Any
    seed: int

    @property
    def size(self) -> int:
        return min(int(self.values.shape[0]), DRAWN)


class _Try(NamedTuple):
    candidate: Candidate
    labels: Labels


def _on_the_map(matrix: Matrix) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """The mask of who gave enough votes, and their rows in the order of what they voted.

    That order is by a hash of each row's votes: people with the same votes are the same to all that follows.
    """
    on = matrix.given() >= min_votes(matrix)
    cells = matrix.values.indices.astype(np.uint64) * np.uint64(3) + (matrix.values.data + 1).astype(np.uint64)
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(_mixed(cells), dtype=np.uint64)])
    hashes = sums[matrix.values.indptr[1:]] - sums[matrix.values.indptr[:-1]]
    rows = np.flatnonzero(on)
    return on, rows[np.argsort(hashes[rows], kind="stable")]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number scattered over 64 bits (the finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    x = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def min_votes(matrix: Matrix) -> int:
    """How many votes bring somebody onto the map: seven, or all where there are fewer opinions; at least one."""
    return max(1, min(VOTES, len(matrix.opinions)))


def _nowhere(opinions: int) -> Map:
    return Map(np.zeros((2, opinions)), np.zeros((0, 2)), np.zeros(opinions))


def _blank(matrix: Matrix, on: NDArray[np.bool_], chart: Map) -> Groups:
    """The map without a division."""
    count = len(matrix.participants)
    everybody = axes.project(axes.centred(matrix.values, chart.means), chart.loadings)
    return Groups(
        labels=np.full(count, -1), k=1, stability=0.0, stable=False, positions=everybody, readiness=False,
        stability_without_own_mean=None, correlation=0.0, candidates=(), min_votes=min_votes(matrix), eligible=on,
        draws=DRAWS, draw_size=min(int(on.sum()), DRAWN), loadings=chart.loadings, extremity=extremity(chart.loadings),
        sizes=np.zeros(0, dtype=np.int64), participants=matrix.participants, opinions=matrix.opinions,
    )  # fmt: skip


def extremity(loadings: Floats) -> Floats:
    """How far out each opinion lies (m,), from the weights (2, m): √m times their length; the mean square is 2."""
    far: Floats = np.sqrt(loadings.shape[1] * np.square(loadings).sum(axis=0))
    return far


def _tried(drawn: _Drawn, chart: Map, k: int | None) -> list[_Try]:
    """Every candidate with its labels. One that leaves fewer than two groups of a size is none."""
    ks = [k] if k is not None else list(KS)
    labels = [clusters.divide(chart.positions, number, drawn.seed) for number in ks]
    some = np.sort(np.random.default_rng(drawn.seed).permutation(len(chart.positions))[:SILHOUETTE])
    shown = chart.positions[some]
    far = distances(shown)
    again = clusters.stability(drawn.values, labels, ks, drawn.seed, DRAWS, drawn.size)
    return [
        _Try(Candidate(number, silhouette(shown, own[some], far), repeats), own)
        for number, own, repeats in zip(ks, labels, again, strict=True)
        if len(np.unique(_large(own))) - int((_large(own) < 0).any()) >= 2
    ]


def _large(labels: Labels) -> Labels:
    """The labels, −1 in groups that are too small to be shown."""
    sizes = np.bincount(labels)
    small = (sizes < SMALLEST) | (sizes < PART * len(labels))
    return np.where(small[labels], -1, labels)


def _chosen(tried: list[_Try]) -> _Try:
    best = max(each.candidate.stability for each in tried)
    return next(each for each in tried if round(each.candidate.stability, 9) >= round(best - NEAR, 9))


def _with_division(
    found: Groups, order: NDArray[np.int64], drawn: _Drawn, chart: Map, tried: list[_Try], forced: bool
) -> Groups:
    chosen = _chosen(tried)
    stability = chosen.candidate.stability
    candidates = tuple(each.candidate for each in tried)
    found = replace(found, stability=stability, candidates=candidates)
    if stability < STABLE and not forced:
        return found
    labels = found.labels.copy()
    labels[order] = _large(chosen.labels)
    without = clusters.stability(
        drawn.values, [chosen.labels], [chosen.candidate.k], drawn.seed, DRAWS, drawn.size, voters=True
    )[0]
    along = _correlation(chart.positions[:, 0], axes.row_means(drawn.values))
    return replace(
        found,
        labels=labels,
        stable=stability >= STABLE,
        readiness=without < STABLE or abs(along) > READY,
        stability_without_own_mean=without,
        correlation=along,
    )


def _correlation(one: Floats, other: Floats) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _still(found: Groups, previous: Previous | None) -> Groups:
    """Number the groups, and turn the map as it was before."""
    labels = still.by_size(found.labels, found.positions[:, 0])
    if previous is not None:
        labels = still.matched(labels, found.participants, previous)
        turn = still.turn(found.loadings, found.opinions, previous)
        found = replace(found, loadings=turn @ found.loadings, positions=found.positions @ turn.T + 0.0)
    sizes = np.bincount(labels[labels >= 0])
    return replace(found, labels=labels, k=max(1, len(sizes)), sizes=sizes)
