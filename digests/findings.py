"""What the numeric package finds in a snapshot: groups and map, agreement across groups, minority positions, topics.

Everything is computed under one thread and rounded before it goes on (shares 4 decimals, positions 3), so that the same
snapshot gives the same figures on any number of cores. Workers only: this brings numpy.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import across, groups, minority, representative
from analysis.groups import Groups
from digests import figures, societies, topics
from digests.ballots import Ballots
from digests.figures import MOST_FINDINGS, PLACES
from digests.snapshot import Snapshot

POSITION_PLACES = 3
MOST_REPRESENTATIVE = 5
#: An opinion is agreed across groups when, after one imagined vote either way, more than this part of every group agrees.
ACROSS_FROM = 0.5


@dataclass(frozen=True)
class Found:
    """`figures`: plain data for the content. `groups`: labels and positions of the ballots' people, or None when there were
    too few of them."""

    figures: dict[str, Any]
    groups: Groups | None


def compute(taken: Snapshot) -> Found:
    """Everything that needs the votes one by one, or the sentences' meanings."""
    with threadpool_limits(1):
        grouped = find_groups(taken.ballots, taken.facts["seed"])
        made = of_groups(taken.ballots, grouped, taken.facts["seed"])
        made["minority"] += societies.minority(taken.facts)
        made["balance"] = societies.balance(taken.facts)
        made["dominant"] = societies.dominant(taken.facts)
        made["topics"] = topics.by_theme(taken.facts, taken.meanings)
    return Found(made, grouped)


def find_groups(ballots: Ballots, seed: int) -> Groups | None:
    """Groups and map; None with too few people who gave enough votes, or too few opinions."""
    if not len(ballots.people):
        return None
    matrix = ballots.matrix()
    found = groups.find(matrix, seed=seed)
    enough = len(matrix.opinions) >= figures.GROUPS_METHOD["min_opinions"] and found.eligible.sum() >= groups.PEOPLE
    return found if enough else None


def of_groups(ballots: Ballots, found: Groups | None, seed: int) -> dict[str, Any]:
    """The figures that rest on groups: `groups`, `by_group` (opinion number → counts), `across`, `minority`."""
    if found is None:
        return {"groups": figures.NOT_ENOUGH, "by_group": {}, "across": None, "minority": []}
    made: dict[str, Any] = {"groups": _section(found, seed), "by_group": {}, "across": None, "minority": []}
    if found.stable:
        matrix = ballots.matrix()
        numbers: list[int] = matrix.opinions.tolist()
        counts = across.counts(matrix, found.labels, found.k)
        total = matrix.counts()
        made["by_group"] = {number: counts[:, at].tolist() for at, number in enumerate(numbers)}
        made["across"] = _across(counts, numbers)
        made["minority"] = [_minority(position, numbers) for position in minority.positions(counts, total)]
        made["groups"]["representative"] = _representative(counts, total, numbers)
    return made


def _section(found: Groups, seed: int) -> dict[str, Any]:
    return {
        "enough": True,
        "stable": found.stable,
        "k": found.k,
        "stability": round(found.stability, PLACES) if found.candidates else None,
        "threshold": groups.STABLE,
        "readiness": found.readiness,
        "candidates": [
            {
                "k": tried.k,
                "stability": round(tried.stability, PLACES),
                "silhouette": None if tried.silhouette is None else round(tried.silhouette, PLACES),
            }
            for tried in found.candidates
        ],
        "min_votes": found.min_votes,
        "eligible": int(found.eligible.sum()),
        "grouped": int((found.labels >= 0).sum()),
        "draws": found.draws,
        "draw_size": found.draw_size,
        "seed": seed,
        "sizes": [{"group": at + 1, "people": people} for at, people in enumerate(found.sizes.tolist())],
        "representative": [],
        "map": _map(found),
    }


def _map(found: Groups) -> list[dict[str, Any]]:
    """Where each person lies, sorted by where, so that the order tells nothing."""
    points = positions(found)[found.eligible].tolist()
    labels = (found.labels[found.eligible] + 1).tolist()
    rows = sorted((group or found.k + 1, x, y) for (x, y), group in zip(points, labels, strict=True))
    return [{"x": x, "y": y, "group": group if group <= found.k and found.stable else None} for group, x, y in rows]


def positions(found: Groups) -> NDArray[np.float64]:
    """Positions (n, 2) as they are published."""
    return np.round(found.positions, POSITION_PLACES) + 0.0  # adding zero turns −0 into 0


def _across(counts: NDArray[np.int64], numbers: list[int]) -> list[dict[str, Any]]:
    scores = across.agreed(counts)
    each = (counts[:, :, 0] + 1) / (counts.sum(axis=2) + 2)
    chosen = [at for at in across.by_agreement(counts) if (each[:, at] > ACROSS_FROM).all()]
    return [{"number": numbers[at], "score": round(float(scores[at]), PLACES)} for at in chosen[:MOST_FINDINGS]]


def _minority(position: minority.Minority, numbers: list[int]) -> dict[str, Any]:
    row = societies.minority_row(position, numbers[position.opinion])
    return {"of": "group", "group": position.group + 1, "society": None} | row


def _representative(counts: NDArray[np.int64], total: NDArray[np.int64], numbers: list[int]) -> list[dict[str, Any]]:
    rows: list[list[dict[str, Any]]] = [[] for _group in counts]
    for test in representative.representative(counts, total):
        if len(rows[test.group]) < MOST_REPRESENTATIVE:
            rows[test.group].append(
                {
                    "number": numbers[test.opinion],
                    "side": test.side,
                    "share": round(test.votes / test.voters, PLACES),
                    "rest": round(test.rest_votes / test.rest_voters, PLACES),
                    "voters": test.voters,
                    "q": round(test.adjusted, PLACES),
                }
            )
    return [{"group": at + 1, "opinions": own} for at, own in enumerate(rows)]
