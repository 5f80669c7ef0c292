"""What societies hold, each counted alike: minority positions, the balance of societies, one that outweighs the others.

Nothing here may tell how a single person voted. Beside the rules of the figures themselves (ten voters, five voters):

- where all voters of a society voted alike, its row is left out under 20 voters: whoever knew that a member voted would
  know how;
- with all rows of an opinion subtracted from its totals, nobody or at least five voters must be left; else the society
  with the fewest voters is left out;
- a mean over one society is that society's own figure, so it is left out too.

Workers only: this brings numpy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import balance as balances
from analysis import minority as minorities
from digests.figures import PLACES
from digests.participation import SMALLEST_CELL

#: From so many voters on a society that voted alike is shown.
UNANIMOUS_FROM = 20
FEWEST_SOCIETIES = 2

Counts = NDArray[np.int64]


def minority(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The minority positions of societies, by society and then the surest first, less what must not be shown."""
    table, societies, numbers = _table(facts)
    if not table.size:
        return []
    total = _totals(facts, numbers)
    names = {row["id"]: {"ko": row["ko"], "en": row["en"]} for row in facts["roll"] or []}
    shown = _safe(minorities.positions(table, total), total.sum(axis=1))
    return [
        {"of": "society", "group": None, "society": names[societies[position.group]]}
        | minority_row(position, numbers[position.opinion])
        for position in shown
    ]


def minority_row(position: minorities.Minority, number: int) -> dict[str, Any]:
    """A minority position as a row of the content, without whose it is."""
    return {
        "number": number,
        "side": position.side,
        "voters": position.voters,
        "share": round(position.votes / position.voters, PLACES),
        "low": round(position.held.low, PLACES),
        "rest_voters": position.rest_voters,
        "rest_share": round(position.rest_votes / position.rest_voters, PLACES),
        "rest_high": round(position.rest.high, PLACES),
    }


def _safe(positions: list[minorities.Minority], voters: Counts) -> list[minorities.Minority]:
    kept = [p for p in positions if p.votes < p.voters or p.voters >= UNANIMOUS_FROM]
    for opinion in sorted({p.opinion for p in kept}):
        own = sorted((p for p in kept if p.opinion == opinion), key=lambda p: (p.voters, p.group))
        while own and 0 < int(voters[opinion]) - sum(p.voters for p in own) < SMALLEST_CELL:
            kept.remove(own.pop(0))
    return kept


def balance(facts: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Of each opinion the mean share over societies with at least five voters there, and how many they are."""
    table, _societies, numbers = _table(facts)
    if not table.size:
        return {}
    found = balances.balance(table, SMALLEST_CELL)
    rows = zip(numbers, found.share.tolist(), found.societies.tolist(), strict=True)
    return {n: {"mean": round(share, PLACES), "societies": of} for n, share, of in rows if of >= FEWEST_SOCIETIES}


def dominant(facts: dict[str, Any]) -> dict[str, Any] | None:
    """The society with the most votes, when they are more than 30 percent of all; a small one is not named."""
    votes: dict[int, int] = {}
    for _number, society, *counts in facts["society_votes"]:
        votes[society] = votes.get(society, 0) + sum(counts)
    everybody = sum(sum(row["tally"][:3]) for row in facts["opinions"])
    found = balances.dominant(votes, everybody - sum(votes.values()))
    if not found:
        return None
    society, share = found[0]
    row = next(row for row in facts["roll"] if row["id"] == society)
    named = row["people"] >= SMALLEST_CELL
    return {"society": {"ko": row["ko"], "en": row["en"]} if named else None, "share": round(share, PLACES)}


def _table(facts: dict[str, Any]) -> tuple[Counts, list[int], list[int]]:
    """Agree, pass, disagree by society and opinion, shape (s, m, 3), with the societies and opinion numbers."""
    rows = np.asarray(facts["society_votes"], dtype=np.int64).reshape(-1, 5)
    numbers, columns = np.unique(rows[:, 0], return_inverse=True)
    societies, places = np.unique(rows[:, 1], return_inverse=True)
    table = np.zeros((len(societies), len(numbers), 3), dtype=np.int64)
    table[places, columns] = rows[:, 2:]
    return table, societies.tolist(), numbers.tolist()


def _totals(facts: dict[str, Any], numbers: list[int]) -> Counts:
    tallies = {row["number"]: row["tally"][:3] for row in facts["opinions"]}
    return np.asarray([tallies[number] for number in numbers], dtype=np.int64)
