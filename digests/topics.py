"""Topics of a snapshot: opinions of one theme that are near in meaning, and the words that they stand out by.

Workers only: this brings numpy, and the Korean analyser where there is a topic.
"""

from typing import Any

import numpy as np

from analysis import topics
from digests.meanings import Meanings

#: So many opinions of a topic are named as its most central ones.
MOST_CENTRAL = 2


def by_theme(facts: dict[str, Any], meanings: Meanings) -> dict[int | None, list[dict[str, Any]]]:
    """The topics of each theme (by its id; None: opinions without a theme), the largest first; of two opinions or more.

    Each has its `numbers` in order, its `central` opinions, the most central first, and its `terms`. Words are taken
    from the proposals alone, which everybody may read.
    """
    proposals = {row["number"]: row["proposal"] for row in facts["opinions"]}
    found = {theme: _topics(rows, meanings) for theme, rows in _themes(facts).items()}
    everything = [topic for own in found.values() for topic in own]
    if everything:
        from analysis.nouns import terms

        texts = [[proposals[number] for number in topic["numbers"]] for topic in everything]
        for topic, words in zip(everything, terms(texts, list(proposals.values())), strict=True):
            topic["terms"] = words
    return found


def _themes(facts: dict[str, Any]) -> dict[int | None, list[dict[str, Any]]]:
    themes: dict[int | None, list[dict[str, Any]]] = {}
    for row in facts["opinions"]:
        themes.setdefault(row["theme"], []).append(row)
    return themes


def _topics(rows: list[dict[str, Any]], meanings: Meanings) -> list[dict[str, Any]]:
    numbers = [row["number"] for row in rows]
    vectors = meanings.of(numbers)
    labels = topics.find(vectors, [row["language"] for row in rows])
    return [
        {
            "terms": [],
            "numbers": [numbers[at] for at in members],
            "central": [numbers[at] for at in _central(vectors, members)],
        }
        for members in (np.flatnonzero(labels == topic).tolist() for topic in range(int(labels.max(initial=-1)) + 1))
    ]


def _central(vectors: Any, members: list[int]) -> list[int]:
    """The members nearest to the mean of the topic's vectors; ties: the lower number."""
    nearness = np.round(vectors[members] @ vectors[members].mean(axis=0), topics.DECIMALS).tolist()
    return [at for _near, at in sorted(zip((-near for near in nearness), members, strict=True))[:MOST_CENTRAL]]
