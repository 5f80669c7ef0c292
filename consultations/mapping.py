"""Computing the opinion map, in a worker: this module imports numpy through `analysis`, no web process does."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import F, Q

from analysis import across, groups, representative, votes
from analysis.groups import Groups
from analysis.still import Previous, remembered
from analysis.votes import Matrix
from common import db
from consultations.models import Consultation, Opinion, OpinionMap, Vote

#: What rests on groups is computed anew this often at most, and only after so many more votes: whoever watches cannot
#: tell from two maps what one person voted.
PAUSE = timedelta(hours=1)
MORE_VOTES = 5
#: Opinions shown as what marks a group.
MOST_MARKS = 5
SMALLEST, SMALLEST_UNANIMOUS = 5, 10
PLACES = 3


def refresh_due() -> int:
    """Compute every map that is due: of consultations whose voting has begun, closed ones once after closing."""
    now = db.now()
    begun = Consultation.objects.filter(voting_open_at__lte=now).filter(
        Q(opinion_map=None)
        | Q(opinion_map__computed_at__lte=now - PAUSE, voting_close_at__gt=now)
        | Q(opinion_map__computed_at__lt=F("voting_close_at"), voting_close_at__lte=now)
    )
    return sum(refresh(consultation) for consultation in begun)


def refresh(consultation: Consultation) -> bool:
    """Compute and store the map; False when too few votes came since the last one.

    Reads one snapshot and takes no lock: a vote that comes meanwhile is in the next map. Two runs at once store one
    after the other, each a whole map.
    """
    ballots = read(consultation.pk)
    last = OpinionMap.objects.filter(consultation=consultation).first()
    closed = last is not None and last.computed_at < consultation.voting_close_at <= db.now()
    if last is not None and abs(len(ballots.values) - last.votes) < MORE_VOTES and not closed:
        OpinionMap.objects.filter(pk=last.pk).update(computed_at=db.now())
        return False
    matrix = votes.matrix(ballots.participants, ballots.columns, ballots.values)
    found = groups.find(matrix, previous=_previous(last, ballots))
    _store(consultation, ballots, matrix, found)
    return True


@dataclass(frozen=True)
class Ballots:
    """Every counting vote of a consultation as three equally long lists, and the opinions that the columns stand for.

    Columns are places in `opinions`: ids and numbers of the published opinions with votes, in order of number.
    """

    participants: list[int]
    columns: list[int]
    values: list[int]
    opinions: list[UUID]
    numbers: list[int]


def read(consultation_id: int) -> Ballots:
    """The counting votes; the server puts them into arrays, which is quicker than rows. Two queries, one snapshot's votes."""
    # The arrays of one query are filled row by row, so their places belong together.
    found = (
        Vote.objects.counting()
        .filter(opinion__consultation=consultation_id)
        .aggregate(
            participants=ArrayAgg("participant_id", default=[]),
            numbers=ArrayAgg("opinion__number", default=[]),
            values=ArrayAgg("value", default=[]),
        )
    )
    voted_on = Opinion.objects.filter(consultation=consultation_id, number__in=set(found["numbers"])).order_by("number")
    named = list(voted_on.values_list("number", "pk"))
    column = {number: place for place, (number, _pk) in enumerate(named)}
    return Ballots(
        participants=found["participants"],
        columns=[column[number] for number in found["numbers"]],
        values=found["values"],
        opinions=[pk for _number, pk in named],
        numbers=[number for number, _pk in named],
    )


def _previous(last: OpinionMap | None, ballots: Ballots) -> Previous | None:
    """What keeps the next map still: who was where, and how the opinions lay. Opinions are named by their columns here."""
    if last is None or not last.participants:
        return None
    column = {pk: place for place, pk in enumerate(ballots.opinions)}
    kept = [
        (column[pk], x, y)
        for pk, x, y in zip(last.opinions, last.weights_x, last.weights_y, strict=True)
        if pk in column
    ]
    return remembered(
        last.participants,
        [group - 1 for group in last.groups],
        [place for place, _x, _y in kept],
        [[x for _place, x, _y in kept], [y for _place, _x, y in kept]],
    )


@transaction.atomic
def _store(consultation: Consultation, ballots: Ballots, matrix: Matrix, found: Groups) -> None:
    """The map, and on each opinion how far it is agreed across groups."""
    on = found.eligible
    people = found.participants[on].tolist()
    x, y = found.positions[on].round(PLACES).T.tolist()
    OpinionMap.objects.update_or_create(
        consultation=consultation,
        defaults={
            "computed_at": db.now(),
            "votes": len(ballots.values),
            "facts": facts(ballots, matrix, found),
            "participants": people,
            "groups": (found.labels[on] + 1).tolist() if found.stable else [0] * len(people),
            "xs": x,
            "ys": y,
            "opinions": [ballots.opinions[column] for column in found.opinions.tolist()],
            "weights_x": found.loadings[0].tolist(),
            "weights_y": found.loadings[1].tolist(),
            "extremity": found.extremity.tolist(),
        },
    )
    _rank(consultation.pk, ballots, matrix, found)


def facts(ballots: Ballots, matrix: Matrix, found: Groups) -> dict[str, Any]:
    """What the page says, as plain JSON; opinions by number."""
    numbers = [ballots.numbers[column] for column in found.opinions.tolist()]
    stable = bool(found.stable)
    by_group = across.counts(matrix, found.labels, found.k) if stable else None
    return {
        "k": int(found.k) if stable else 1,
        "stable": stable,
        "stability": round(float(found.stability), 2),
        "readiness": bool(found.readiness),
        "min_votes": int(found.min_votes),
        "enough": len(found.candidates) > 0,
        "sizes": found.sizes.tolist() if stable else [],
        "marks": _marks(by_group, numbers) if by_group is not None else [],
        "shares": _shares(by_group, numbers) if by_group is not None else {},
    }


def _marks(by_group: Any, numbers: list[int]) -> list[list[dict[str, Any]]]:
    """For each group, the opinions on which it differs most from the rest."""
    made: list[list[dict[str, Any]]] = [[] for _group in by_group]
    for test in representative.representative(by_group):
        own = made[test.group]
        if len(own) < MOST_MARKS and numbers[test.opinion] not in [mark["number"] for mark in own]:
            own.append(
                {
                    "number": numbers[test.opinion],
                    "side": test.side,
                    "percent": round(100 * test.votes / test.voters),
                    "rest": round(100 * test.rest_votes / test.rest_voters),
                    "voters": test.voters,
                }
            )
    return made


def _shares(by_group: Any, numbers: list[int]) -> dict[str, list[int | None]]:
    """The agreeing percentage of each group on each opinion; None where it would point at people."""
    return {
        str(number): [_share(*row) for row in rows]
        for number, rows in zip(numbers, by_group.transpose(1, 0, 2).tolist(), strict=True)
    }


def _share(agree: int, passed: int, disagree: int) -> int | None:
    """None under five voters, and under ten who all gave the same: 100 percent of six says what each of them voted."""
    total = agree + passed + disagree
    if total < SMALLEST or (total < SMALLEST_UNANIMOUS and total in (agree, passed, disagree)):
        return None
    return round(100 * agree / total)


# Written in the order of the ids, rows that differ only; whoever recounts meanwhile is not waited for.
_RANK = """
WITH scored AS (SELECT * FROM unnest(%s::uuid[], %s::float8[]) AS s(id, score)),
due AS (
    SELECT o.id, coalesce(s.score, 0) AS score FROM consultations_opinion o LEFT JOIN scored s USING (id)
    WHERE o.consultation_id = %s AND o.state = 'published' AND o.rank_across IS DISTINCT FROM coalesce(s.score, 0)
    ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED
)
UPDATE consultations_opinion AS opinion SET rank_across = due.score FROM due WHERE opinion.id = due.id
"""


def _rank(consultation_id: int, ballots: Ballots, matrix: Matrix, found: Groups) -> None:
    ids, scores = [], []
    if found.stable:
        scores = across.agreed(across.counts(matrix, found.labels, found.k)).round(6).tolist()
        ids = [ballots.opinions[column] for column in found.opinions.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(_RANK, [ids, scores, consultation_id])
