"""Who took part, counted by society, sector and stage, from the roll and the votes that count.

What this gives is raw and never printed: cells of any size. `participation`, `societies` merge and withhold.
Workers only: this brings numpy.
"""

from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Case, IntegerField, Value, When
from numpy.typing import NDArray

from accounts.models import Society
from accounts.models.users import Sector, Stage
from consultations.models import Consultation, RollEntry
from digests import arrays
from digests.ballots import Ballots, cross

Roll = dict[str, NDArray[Any]]
#: Of who has no entry in the roll.
NOWHERE = -1


def facts(consultation: Consultation, cutoff: datetime, ballots: Ballots) -> dict[str, Any]:
    """The tables of a consultation's roll at the cut-off; an imported consultation has none.

    `roll`: each society's people, voters and people at voting's opening; `sectors`, `stages`: the same by what people
    said of themselves (key "": nothing); `society_votes`: [opinion number, society, agree, pass, disagree].
    """
    if consultation.is_imported:
        return {"roll": None, "sectors": [], "stages": [], "society_votes": []}
    roll = _read(consultation, cutoff)
    voted = np.isin(roll["person"], ballots.people)
    return {
        "roll": _societies(roll, voted),
        "sectors": _by_key(roll["sector"], voted, Sector.values),
        "stages": _by_key(roll["stage"], voted, Stage.values),
        "society_votes": _society_votes(roll, ballots),
    }


def _read(consultation: Consultation, cutoff: datetime) -> Roll:
    """The columns of the roll in the order of participants."""
    at_opening = Case(When(entered_at__lte=consultation.voting_open_at, then=1), default=0, output_field=IntegerField())
    found = arrays.columns(
        RollEntry.objects.filter(consultation=consultation, entered_at__lte=cutoff),
        person=("pk", "int8"),
        society=("society_id", "int8"),
        sector=(_code("sector", Sector.values), "int4"),
        stage=(_code("stage", Stage.values), "int4"),
        at_opening=(at_opening, "int4"),
    )
    order = np.argsort(found["person"])
    return {name: column[order] for name, column in found.items()}


def _code(field: str, keys: list[Any]) -> Case:
    """The place of a row's word among `keys`; nothing said: after the last."""
    whens = [When(**{field: key}, then=Value(place)) for place, key in enumerate(keys)]
    return Case(*whens, default=Value(len(keys)), output_field=IntegerField())


def _societies(roll: Roll, voted: NDArray[np.bool_]) -> list[dict[str, Any]]:
    keys, own = np.unique(roll["society"], return_inverse=True)
    names = Society.objects.in_bulk(keys.tolist())
    sums = [np.bincount(own, weights, len(keys)).astype(int).tolist() for weights in (None, voted, roll["at_opening"])]
    return [
        {
            "id": key,
            "ko": names[key].name_ko,
            "en": names[key].name_en,
            "people": people,
            "voters": v,
            "at_opening": first,
        }
        for key, people, v, first in zip(keys.tolist(), *sums, strict=True)
    ]


def _by_key(codes: NDArray[Any], voted: NDArray[np.bool_], keys: list[Any]) -> list[dict[str, Any]]:
    people, voters = (np.bincount(codes, weights, len(keys) + 1).astype(int).tolist() for weights in (None, voted))
    rows = zip([*keys, ""], people, voters, strict=True)
    return [{"key": str(key), "people": of, "voters": who} for key, of, who in rows if of]


def _society_votes(roll: Roll, ballots: Ballots) -> list[list[int]]:
    own = _society_of_each(roll, ballots)[ballots.voters]
    known = own != NOWHERE
    span = int(own.max(initial=0)) + 1
    cells, places = np.unique(ballots.numbers[known] * span + own[known], return_inverse=True)
    counts = cross(places, ballots.values[known], len(cells))
    found: list[list[int]] = np.column_stack([cells // span, cells % span, counts]).tolist()
    return found


def _society_of_each(roll: Roll, ballots: Ballots) -> NDArray[np.int64]:
    """The society of each person of the ballots."""
    if not len(roll["person"]):
        return np.full(len(ballots.people), NOWHERE)
    places = np.minimum(np.searchsorted(roll["person"], ballots.people), len(roll["person"]) - 1)
    entered = roll["person"][places] == ballots.people
    return np.where(entered, roll["society"][places], NOWHERE).astype(np.int64)
