"""The votes that count, as arrays in an order of their own, so that nothing tells who somebody is or when they came.

People are put in order by what they voted. Two who voted alike are alike to everything that follows, so neither the
order in which the database gives votes, nor the keys of participants, reaches any figure or file.
Workers only: this brings numpy.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import DateField, Func, IntegerField
from django.db.models.functions import TruncDate
from numpy.typing import ArrayLike, NDArray

from analysis import votes
from consultations.models import Vote
from digests import arrays

Integers = NDArray[np.int64]
_EPOCH = date(2000, 1, 1)


class _Day(Func):
    """A date as the number of days since 1 January 2000."""

    template = "((%(expressions)s) - DATE '2000-01-01')"
    output_field = IntegerField()


@dataclass(frozen=True)
class Ballots:
    """v votes of n people, sorted by person, then opinion number.

    `numbers`, `voters`, `values`, `versions` of shape (v,): opinion number, person 0 … n − 1, vote of −1, 0 or 1,
    version it was given on. `people` (n,): the key of each person where they came from; in no figure and no file.
    """

    numbers: Integers
    voters: Integers
    values: Integers
    versions: Integers
    people: NDArray[Any]

    def sha256(self) -> str:
        """Of who voted what, whoever they are: the same votes give the same hash in whatever order they were read."""
        lengths = np.bincount(self.voters, minlength=len(self.people)).astype(">u4")
        return hashlib.sha256(
            lengths.tobytes() + _packed(self.numbers, self.values, self.versions).tobytes()
        ).hexdigest()

    def counts(self) -> dict[int, list[int]]:
        """Agree, pass and disagree of each opinion number that has votes."""
        numbers, columns = np.unique(self.numbers, return_inverse=True)
        return dict(zip(numbers.tolist(), cross(columns, self.values, len(numbers)).tolist(), strict=True))

    def matrix(self) -> votes.Matrix:
        """As the numeric package takes them: rows are people, columns opinion numbers."""
        return votes.matrix(self.voters, self.numbers, self.values)


def cross(rows: Integers, values: Integers, count: int) -> Integers:
    """How often each of `count` rows has agree, pass, disagree: shape (count, 3)."""
    found: Integers = np.bincount(rows * 3 + (1 - values), minlength=count * 3).reshape(count, 3)
    return found


def of(people: ArrayLike, numbers: ArrayLike, values: ArrayLike, versions: ArrayLike) -> Ballots:
    """Ballots from four equally long arrays, one entry a vote, in any order; a person votes once on an opinion."""
    keys, who = np.unique(np.asarray(people), return_inverse=True)
    number, value, version = (np.asarray(x, dtype=np.int64) for x in (numbers, values, versions))
    order = np.lexsort((number, who))
    who, number, value, version = (x[order] for x in (who, number, value, version))
    sizes = np.bincount(who, minlength=len(keys))
    places = _by_content(_packed(number, value, version), sizes)
    # The votes of each person moved as one piece to where that person now stands.
    starts = np.cumsum(sizes) - sizes
    sizes = sizes[places]
    moved = np.arange(len(who)) + np.repeat(starts[places] - (np.cumsum(sizes) - sizes), sizes)
    voters = np.repeat(np.arange(len(keys)), sizes)
    return Ballots(number[moved], voters, value[moved], version[moved], keys[places])


def _packed(numbers: Integers, values: Integers, versions: Integers) -> NDArray[Any]:
    packed = np.empty(len(numbers), dtype=[("number", ">u4"), ("value", "u1"), ("version", ">u2")])
    packed["number"], packed["value"], packed["version"] = numbers, values + 1, versions
    return packed


def _by_content(packed: NDArray[Any], sizes: Integers) -> Integers:
    """The order of people by their votes, of votes that stand person by person."""
    data, width = packed.tobytes(), packed.itemsize
    ends = (np.cumsum(sizes) * width).tolist()
    keys = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return np.asarray(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def read(consultation_id: int, zone: Any) -> tuple[Ballots, list[list[Any]]]:
    """The counting votes of a consultation, and how many were given on each day of the zone, as [day, votes]."""
    found = arrays.columns(
        Vote.objects.counting().filter(opinion__consultation=consultation_id),
        person=("participant_id", "int8"),
        number=("opinion__number", "int4"),
        value=("value", "int4"),
        version=("version_number", "int4"),
        day=(_Day(TruncDate("changed_at", tzinfo=zone, output_field=DateField())), "int4"),
    )
    days, counts = np.unique(found["day"], return_counts=True)
    per_day = [
        [(_EPOCH + timedelta(days=day)).isoformat(), count]
        for day, count in zip(days.tolist(), counts.tolist(), strict=True)
    ]
    return of(found["person"], found["number"], found["value"], found["version"]), per_day
