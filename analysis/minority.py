"""Minority positions: what a group or society clearly holds and the rest clearly does not, by a rule fixed beforehand."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.agreement import Interval, wilson
from analysis.representative import SIDES, Side, rest_of

Votes = NDArray[np.int64]

#: Voters of the group on the opinion.
VOTERS = 10
#: At least so large a share of the group holds it, and less than so large a share of the rest: both by the Wilson bound.
HELD, NOT_HELD = 0.60, 0.40


class Minority(NamedTuple):
    """`group` and `opinion` are indices into the counts; `votes` of `voters` of the group are on that side, with the
    interval `held`; `rest_votes` of `rest_voters` of the others, with the interval `rest`."""

    group: int
    opinion: int
    side: Side
    votes: int
    voters: int
    held: Interval
    rest_votes: int
    rest_voters: int
    rest: Interval

    @property
    def share(self) -> float:
        return self.votes / self.voters

    @property
    def rest_share(self) -> float:
        return self.rest_votes / self.rest_voters


def positions(by_group: ArrayLike, everybody: ArrayLike | None = None) -> list[Minority]:
    """The minority positions, from counts (k, m, 3) of agree, pass, disagree by group or by society.

    In a group of at least 10 voters on the opinion the lower 95 percent Wilson bound of the share that agrees is ≥ 0.60, and
    in the rest the upper bound is < 0.40; the same for disagreeing. The rest are the other groups, or `everybody` (m, 3) less
    the group; without a vote of theirs nothing is known of them, and there is no position. Ordered by group, then the
    surest (the highest lower bound) first; ties: the lower column.
    """
    groups = np.asarray(by_group, dtype=np.int64)
    rest = rest_of(groups, everybody)
    enough = np.argwhere((groups.sum(axis=2) >= VOTERS) & (rest.sum(axis=2) > 0)).tolist()
    found = [
        position
        for group, opinion in enough
        for side, column in SIDES
        if (position := _position(group, opinion, side, column, groups[group, opinion], rest[group, opinion]))
    ]
    return sorted(found, key=lambda p: (p.group, -round(p.held.low, 9), p.opinion, p.side))


def _position(group: int, opinion: int, side: Side, column: int, inside: Votes, outside: Votes) -> Minority | None:
    votes, voters, rest_votes, rest_voters = (
        int(n) for n in (inside[column], inside.sum(), outside[column], outside.sum())
    )
    held, rest = wilson(votes, voters), wilson(rest_votes, rest_voters)
    if held is None or rest is None or held.low < HELD or rest.high >= NOT_HELD:
        return None
    return Minority(group, opinion, side, votes, voters, held, rest_votes, rest_voters, rest)
