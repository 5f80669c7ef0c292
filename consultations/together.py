"""One verb about many cases in a fixed number of statements: locked and read at once, checked one by one, written at once.

So the consultation's exclusive lock is short, however many they are. Checks, and what a verb changes, are the same
functions as for one case.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from accounts.models import User
from common import db
from consultations import arguments, deciding, locks, moderation, recording, refusals, states, telling, versions
from consultations.deciding import Desk
from consultations.models import Argument, Case, Decision, Opinion

#: What a verb changes besides the state; by whether it is about an argument.
_PREPARE: dict[tuple[str, bool], Callable[[Desk], None]] = {
    ("publish", True): arguments.prepare,
    ("request_changes", False): versions.give_time,
    ("request_changes", True): arguments.prepare,
}


def text_read(case: Case) -> int | None:
    """The version that somebody sees who reads a case: the one that waits; where people reported, the one in force."""
    return case.opinion.version_id if case.kind == Case.Kind.REPORT else case.version_id


# --- reading ----------------------------------------------------------------------------------------


def open_all(verb: str, *, actor: User, cases: Sequence[Case]) -> list[Desk]:
    """A desk for each case, in their order, locked as `deciding.open_for` locks; nothing is checked yet.

    Takes the exclusive lock of every consultation first, in order; call inside a transaction.
    """
    take([case.opinion_id for case in cases])
    waiting = Case.objects.select_for_update(of=("self",)).select_related("version", "claimed_by", "closed_by__actor")
    held = {c.pk: c for c in waiting.filter(pk__in=[case.pk for case in cases]).order_by("pk")}
    opinions = read_opinions(case.opinion_id for case in cases)
    found = read_arguments(case.argument_id for case in cases)
    now = db.now()
    desks = []
    for fresh in (held[case.pk] for case in cases):
        fresh.opinion = opinions[fresh.opinion_id]
        fresh.argument = found[fresh.argument_id] if fresh.argument_id else None
        desks.append(Desk(states.VERBS[verb], actor, fresh.opinion, fresh.argument, fresh, now=now))
    return desks


def take(opinion_ids: Iterable[UUID]) -> None:
    """The exclusive locks of the consultations of some opinions, in order."""
    ids = Opinion.objects.filter(pk__in=list(opinion_ids)).values_list("consultation_id", flat=True)
    for consultation in sorted(set(ids)):
        locks.take(consultation)


def read_opinions(ids: Iterable[UUID]) -> dict[UUID, Opinion]:
    return {o.pk: o for o in deciding.opinions_to_decide().filter(pk__in=list(ids)).order_by("pk")}


def read_arguments(ids: Iterable[UUID | None]) -> dict[UUID, Argument]:
    return {a.pk: a for a in deciding.arguments_to_decide().filter(pk__in=list(ids)).order_by("pk")}


# --- checking and writing -----------------------------------------------------------------------------


def check(desk: Desk, *, seen: int | None = None) -> None:
    """Raise what stands against this decision now, as the function for one case does; changes and locks nothing.

    `seen`: the version that the moderator read; another one by now is refused (`TextMoved`).
    """
    assert desk.case is not None
    deciding.check(desk)
    if not (desk.rule.arguments if desk.argument else desk.rule.opinions):
        raise refusals.wrong_case()
    if desk.rule.verb == "request_changes" and desk.argument is None:
        versions.latest_answer(desk)
    if seen is not None and seen != text_read(desk.case):
        raise refusals.text_moved()


def write(desks: Sequence[Desk], *, reason: str, note: str) -> list[Decision]:
    """Decide on desks that were checked: the rows, the moves, the closed cases, one recount. Authors are told by the caller.

    No two desks about the same text.
    """
    if not desks:
        return []
    if desks[0].rule.verb == "publish":
        _put_in_force([desk for desk in desks if desk.argument is None])
    for desk in desks:
        _PREPARE.get((desk.rule.verb, desk.argument is not None), _nothing)(desk)
    decisions = recording.record_all(
        desks, [Decision(**recording.facts(desk, reason=reason, note=note)) for desk in desks]
    )
    recording.finish_all(desks, decisions)
    if desks[0].rule.verb == "dismiss_report":
        telling.reporters_of_each((desk.case, row) for desk, row in zip(desks, decisions, strict=True) if desk.case)
    return decisions


def _nothing(desk: Desk) -> None:
    """The verb moves the text and nothing else."""


def _put_in_force(desks: Sequence[Desk]) -> None:
    """Their places in the order of publication, taken at once; within a consultation in the order of the desks."""
    wanted = Counter(desk.opinion.consultation_id for desk in desks)
    places = {pk: recording.next_publish_sequence(pk, count) for pk, count in sorted(wanted.items())}
    for desk in desks:
        moderation.put_in_force(desk, places[desk.opinion.consultation_id])
        places[desk.opinion.consultation_id] += 1
