"""A generated consultation in the export format, from a stated model and a seed.

The model. Every participant belongs to one of K latent groups, the first twice as large as the last. Of the
opinions 35 percent are shared (each group agrees with probability 0.75 to 0.95), 40 percent divide (a group
agrees with probability 0.80 to 0.95 or 0.05 to 0.20, never all groups alike), the others are mixed (0.2 to
0.8). Whoever votes passes with a probability of the opinion's own, 0.05 to 0.25. How many opinions somebody
votes on is heavy-tailed: few vote on nearly everything, many on a handful, and which ones is chance. One row
in a hundred is a revote, every tenth of those with the same timestamp as the vote that it replaces. Of the
opinions 80 percent are published, 15 rejected and 5 undecided. Opinions come in during the first three
quarters of four weeks, votes after the opinion that they are about, one vote every few seconds.

Plain Python with one generator, so that the same seed gives the same bytes with any version of any library.
"""

import csv
import io
import random
import time
from dataclasses import dataclass
from pathlib import Path

from common.errors import Invalid
from consultations.importing.sentences import sentences

#: 4 March 2024, 00:00 UTC; and four weeks; in milliseconds.
START = 1_709_510_400_000
LENGTH = 28 * 86_400_000
REVOTES = 0.01
#: A matrix with more cells is not written: nobody reads it here.
LARGEST_MATRIX = 2_000_000


@dataclass(frozen=True)
class Size:
    """What is asked for. Votes are rows, revotes included."""

    participants: int
    opinions: int
    votes: int
    groups: int = 2

    def check(self) -> None:
        """Raise `Invalid` for what cannot be."""
        if min(self.participants, self.opinions, self.groups) < 1 or self.votes < 0:
            raise Invalid("Participants, opinions and groups are at least one.")
        if self.votes > self.participants * self.opinions:
            raise Invalid("There are more votes than participants times opinions.")


@dataclass
class _Opinion:
    at: int
    author: int
    moderated: int
    text: str
    #: Below the first bound a draw is a pass, below the group's own an agreement.
    passes: float
    agrees: list[float]


#: One row: at, voter, value. Rows are kept by opinion.
_Row = tuple[int, int, int]


def generate(*, folder: Path, size: Size, seed: int) -> None:
    """Write comments.csv, votes.csv, summary.csv and, unless very large, participants-votes.csv.

    The folder is made when missing; files of these names are overwritten. Same size and seed: same bytes.
    Raises `Invalid` for a size that cannot be.
    """
    size.check()
    rng = random.Random(f"{seed} {size}")  # noqa: S311 - a model, no secret
    groups = _groups(size, rng)
    opinions = _opinions(size, rng)
    rows = _votes(size, opinions, groups, rng)
    folder.mkdir(parents=True, exist_ok=True)
    _write_comments(folder / "comments.csv", opinions, rows)
    _write_votes(folder / "votes.csv", rows)
    _write_summary(folder / "summary.csv", size, seed)
    if size.participants * size.opinions <= LARGEST_MATRIX:
        _write_matrix(folder / "participants-votes.csv", size, opinions, groups, rows)


def _groups(size: Size, rng: random.Random) -> list[int]:
    weights = [2 - number / max(size.groups - 1, 1) for number in range(size.groups)]
    return rng.choices(range(size.groups), weights, k=size.participants)


def _opinions(size: Size, rng: random.Random) -> list[_Opinion]:
    found = []
    for text in sentences(size.opinions, rng):
        passes = rng.uniform(0.05, 0.25)
        draw = rng.random()
        moderated = 1 if draw < 0.80 else -1 if draw < 0.95 else 0
        author = int(rng.random() ** 2 * size.participants)  # a few write much
        at = START + int(rng.random() * LENGTH * 0.75)
        agrees = [passes + (1 - passes) * share for share in _shares(size.groups, rng)]
        found.append(_Opinion(at, author, moderated, text, passes, agrees))
    found.sort(key=lambda opinion: opinion.at)
    found[0].moderated = 1
    return found


def _shares(groups: int, rng: random.Random) -> list[float]:
    """How probably each group agrees."""
    draw = rng.random()
    if draw < 0.35:
        return [rng.uniform(0.75, 0.95) for _group in range(groups)]
    if draw >= 0.75:
        return [rng.uniform(0.2, 0.8) for _group in range(groups)]
    sides = [rng.random() < 0.5 for _group in range(groups)]
    if groups > 1 and len(set(sides)) == 1:
        sides[rng.randrange(groups)] ^= True
    return [rng.uniform(0.80, 0.95) if side else rng.uniform(0.05, 0.20) for side in sides]


def _activity(size: Size, votes: int, rng: random.Random) -> list[int]:
    """How many opinions each participant votes on: heavy-tailed, none over all opinions, the sum exact."""
    weights = [1 / (0.02 + rng.random()) for _participant in range(size.participants)]
    scale = votes / sum(weights)
    found = [min(size.opinions, int(weight * scale)) for weight in weights]
    missing = votes - sum(found)
    order = sorted(range(size.participants), key=lambda participant: -weights[participant])
    while missing > 0:
        for participant in order:
            if missing > 0 and found[participant] < size.opinions:
                found[participant] += 1
                missing -= 1
    return found


def _votes(size: Size, opinions: list[_Opinion], groups: list[int], rng: random.Random) -> list[list[_Row]]:
    again = int(size.votes * REVOTES)
    rows: list[list[_Row]] = [[] for _opinion in opinions]
    draw, numbers = rng.random, range(size.opinions)
    for voter, count in enumerate(_activity(size, size.votes - again, rng)):
        at, group = START + int(draw() * LENGTH), groups[voter]
        for number in rng.sample(numbers, count):
            at += 1_000 + int(draw() * 8_000)
            opinion, chance = opinions[number], draw()
            value = 0 if chance < opinion.passes else 1 if chance < opinion.agrees[group] else -1
            rows[number].append((max(at, opinion.at + 500 + voter % 500), voter, value))
    voted = [number for number in numbers if rows[number]]
    for turn in range(again if voted else 0):
        number = voted[int(draw() * len(voted))]
        at, voter, value = rows[number][int(draw() * len(rows[number]))]
        rows[number].append((at + (int(draw() * 3_600_000) if turn % 10 else 0), voter, (value + 2) % 3 - 1))
    return rows


class _Clock:
    """The `datetime` column, each minute written out once; always UTC and English."""

    def __init__(self) -> None:
        self.minutes: dict[int, tuple[str, str]] = {}

    def __call__(self, at: int) -> str:
        minute, rest = divmod(at, 60_000)
        parts = self.minutes.get(minute)
        if parts is None:
            text = time.asctime(time.gmtime(minute * 60))
            parts = self.minutes[minute] = (text[:17], text[19:])
        return f"{parts[0]}{rest // 1000:02d} UTC{parts[1]}"


def _write_votes(path: Path, rows: list[list[_Row]]) -> None:
    clock = _Clock()
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("timestamp,datetime,comment-id,voter-id,vote\n")
        for number, found in enumerate(rows):
            file.writelines(f"{at},{clock(at)},{number},{voter},{value}\n" for at, voter, value in found)


def _write_comments(path: Path, opinions: list[_Opinion], rows: list[list[_Row]]) -> None:
    """The newest first, as the real ones are; `agrees` and `disagrees` count revotes too."""
    clock = _Clock()
    lines: list[list[object]] = []
    for number, (opinion, found) in enumerate(zip(opinions, rows, strict=True)):
        values = [value for _at, _voter, value in found]
        counted = (values.count(1), values.count(-1))
        lines.append([opinion.at, clock(opinion.at), number, opinion.author, *counted, opinion.moderated, opinion.text])
    header: list[object] = [
        "timestamp",
        "datetime",
        "comment-id",
        "author-id",
        "agrees",
        "disagrees",
        "moderated",
        "comment-body",
    ]
    _write(path, [header, *reversed(lines)])


def _write_summary(path: Path, size: Size, seed: int) -> None:
    about = "Invented opinions and votes from a model; nobody said or voted any of this."
    facts: dict[str, object] = {
        "topic": f"Generated consultation {seed}",
        "voters": size.participants,
        "comments": size.opinions,
        "groups": size.groups,
        "conversation-description": about,
    }
    lines: list[list[object]] = [[key, value] for key, value in facts.items()]
    _write(path, lines)


def _write_matrix(path: Path, size: Size, opinions: list[_Opinion], groups: list[int], rows: list[list[_Row]]) -> None:
    """One row a participant: the planted group, and the vote that stands on each comment."""
    votes: list[dict[int, int]] = [{} for _participant in range(size.participants)]
    for number, found in enumerate(rows):
        for _at, voter, value in sorted(found, key=lambda row: row[0]):  # stable: of equal stamps the later line
            votes[voter][number] = value
    written = [0] * size.participants
    for opinion in opinions:
        written[opinion.author] += 1
    header: list[object] = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    lines: list[list[object]] = [[*header, *range(size.opinions)]]
    for voter, own in enumerate(votes):
        values = list(own.values())
        facts = [voter, groups[voter], written[voter], len(values), values.count(1), values.count(-1)]
        lines.append([*facts, *(own.get(number, "") for number in range(size.opinions))])
    _write(path, lines)


def _write(path: Path, lines: list[list[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
