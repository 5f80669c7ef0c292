"""Votes made from a seed, of people whose groups are known."""

import numpy as np
from numpy.typing import NDArray

from analysis import votes
from analysis.votes import Matrix


def voted(values: NDArray[np.int64], there: NDArray[np.bool_]) -> Matrix:
    """The matrix of people (rows) who voted `values` where `there`."""
    who, what = np.nonzero(there)
    return votes.matrix(who, what, values[who, what])


def noise(seed: int, people: int = 400, opinions: int = 60, share: float = 0.4) -> Matrix:
    """Votes that mean nothing."""
    chance = np.random.default_rng(seed)
    return voted(chance.choice([-1, 0, 1], (people, opinions)), chance.random((people, opinions)) < share)


def ready(seed: int, people: int = 400, opinions: int = 60) -> Matrix:
    """People who differ only in how ready they are to agree, to whatever it is."""
    chance = np.random.default_rng(seed)
    readiness = chance.normal(0, 1.5, people)[:, None] + chance.normal(0, 0.5, opinions)
    values = np.where(chance.random(readiness.shape) < 1 / (1 + np.exp(-readiness)), 1, -1)
    return voted(values, chance.random(readiness.shape) < 0.5)


def planted(
    seed: int, people: int, opinions: int, share: float, groups: int, apart: float = 0.8
) -> tuple[Matrix, NDArray[np.int64]]:
    """People in groups that disagree: in each an opinion is agreed to with probability (1 ± apart)/2; a tenth pass."""
    chance = np.random.default_rng(seed)
    own = chance.integers(groups, size=people)
    agreed = (1 + apart * chance.choice([-1, 1], (groups, opinions))) / 2
    values = np.where(chance.random((people, opinions)) < agreed[own], 1, -1)
    values[chance.random(values.shape) < 0.1] = 0
    return voted(values, chance.random(values.shape) < share), own
