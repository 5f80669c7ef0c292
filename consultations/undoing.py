"""Undoing a decision: by who made it, within ten minutes, where nothing was voted or decided since.

An undo is a new decision; the one that it takes back stays as it is. The opinion or argument returns to the state
before, the cases that were closed are open again, those that were opened are closed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError
from consultations import consent, deciding, merging, recording, states, telling, together, uses, voting
from consultations.deciding import Desk, NotPossible, TooLate
from consultations.models import Case, Decision, OpinionVersion, VoteLog
from consultations.models.opinions import State

#: What a decision is about: an opinion, or an argument of it.
Place = tuple[UUID, UUID | None]


class Overtaken(DomainError):
    """Something was voted or decided since; nothing is stored."""

    code = "overtaken"


def undo(*, actor: User, decision: Decision, note: str = "") -> Decision:
    """Take a decision back; of a merge, all of it. Gives the new decision.

    Exclusive lock, and the counts anew; the author is told when the decision was told. Raises `NotAllowed` (not who
    decided), `TooLate` (ten minutes), `Overtaken`, `AlreadyDecided` (undone before), `NotPossible` (cannot be undone: a
    redaction, an undo, what stands in a published digest).
    """
    deciding.check_words("undo", "", note)
    with transaction.atomic():
        merge = decision.merge if decision.verb == "merge" else None
        group = merging.undo_parts(merge) if merge is not None else [decision]
        if decision not in group:
            group.append(decision)
        desks = [deciding.open_for("undo", actor=actor, subject=one.subject, first=one) for one in group]
        for desk in desks:
            _check(desk)
        made = [_undo(desk, note) for desk in desks]
        if merge is not None:
            consent.call_off(merge)
        return next(new for new in made if new.answers_id == decision.pk)


def can_undo(person: User, decision: Decision, now: datetime) -> bool:
    """Whether to offer it; what was voted or decided since is looked at when it is done."""
    rule = states.VERBS.get(decision.verb)
    return rule is not None and rule.undoable and decision.actor_id == person.pk and now < _until(decision)


def _until(decision: Decision) -> datetime:
    return decision.created_at + states.TIME_TO_UNDO


# --- may it be undone? ------------------------------------------------------------------------------


def _check(desk: Desk, *, overtaken: bool | None = None) -> None:
    """`overtaken`: whether something came since, where that was looked up for many at once."""
    decision = desk.first
    assert decision is not None
    if not states.VERBS[decision.verb].undoable:
        raise NotPossible(_("This cannot be undone."))
    if desk.now >= _until(decision):
        raise TooLate(_("It can be undone for ten minutes; they are over."))
    if overtaken is None:
        overtaken = _decided_since(desk, decision) or _voted_since(desk, decision)
    if overtaken:
        raise Overtaken(_("Something was voted or decided since, so it cannot be undone."))
    if decision.verb == "publish" and decision.argument_id is None and uses.of(desk.opinion):
        raise NotPossible(_("It stands in a published digest, so it cannot be undone."))


def _decided_since(desk: Desk, decision: Decision) -> bool:
    later = Decision.objects.filter(pk__gt=decision.pk)
    about = Q(opinion=decision.opinion_id, argument=decision.argument_id)
    if decision.merge is not None and decision.verb == "merge":
        # Whatever happened to the target, or was merged into it by another act, rests on this one.
        about |= Q(opinion=decision.merge.target_id, argument=None) | Q(opinion__merge__target=decision.merge.target_id)
        later = later.exclude(merge=decision.merge)
    return later.filter(about).exists()


def _voted_since(desk: Desk, decision: Decision) -> bool:
    if decision.argument_id is not None:
        return False
    opinions = [decision.opinion_id]
    if decision.merge is not None:
        opinions.append(decision.merge.target_id)
    return VoteLog.objects.filter(opinion_id__in=opinions, created_at__gte=decision.created_at).exists()


# --- taking it back ---------------------------------------------------------------------------------


def _undo(desk: Desk, note: str) -> Decision:
    decision = desk.first
    assert decision is not None
    _take_back(desk, decision)
    new = recording.record(
        desk, note=note, target=State(decision.from_state), versions=decision.versions, merge=decision.merge
    )
    _cases_back([new])
    if decision.verb == "merge" and decision.merge is not None:
        merging.let_go(decision.merge, desk.opinion, actor=desk.actor, now=desk.now)
    if decision.argument_id is None:
        voting.retally([desk.opinion.pk])
    telling.author(new)
    return new


def _take_back(desk: Desk, decision: Decision) -> None:
    """The columns that the decision wrote beside the state."""
    if decision.verb == "publish":
        desk.subject.published_at = None
        if decision.argument_id is None:
            desk.opinion.publish_sequence = None
    if decision.verb == "approve_version":
        desk.opinion.version = OpinionVersion.objects.get(pk=decision.versions[1])
    if decision.verb == "merge":
        desk.opinion.merge = None
    if decision.verb == "grant_appeal" and decision.from_state == State.MERGED:
        raise NotPossible(_("This cannot be undone."))


# --- many at once -------------------------------------------------------------------------------------


def open_all(actor: User, decisions: Sequence[Decision]) -> list[Desk]:
    """A desk for undoing each of these decisions, locked as `deciding.open_for` locks, not checked; none is a merge."""
    together.take(decision.opinion_id for decision in decisions)
    opinions = together.read_opinions(decision.opinion_id for decision in decisions)
    found = together.read_arguments(decision.argument_id for decision in decisions)
    now = db.now()
    return [
        Desk(
            states.VERBS["undo"],
            actor,
            opinions[one.opinion_id],
            found[one.argument_id] if one.argument_id else None,
            first=one,
            now=now,
        )
        for one in decisions
    ]


def check_all(desks: Sequence[Desk]) -> list[DomainError | None]:
    """What stands against undoing each; None where nothing does."""
    voted, decided = _last_votes(desks), _last_decisions(desks)
    return [_against(desk, voted, decided) for desk in desks]


def _against(desk: Desk, voted: dict[UUID, datetime], decided: dict[Place, int]) -> DomainError | None:
    decision = desk.first
    assert decision is not None
    vote = voted.get(decision.opinion_id) if decision.argument_id is None else None
    overtaken = decided[_place(decision)] > decision.pk or (vote is not None and vote >= decision.created_at)
    try:
        deciding.check(desk)
        _check(desk, overtaken=overtaken)
    except DomainError as error:
        return error
    return None


def _place(decision: Decision) -> Place:
    return decision.opinion_id, decision.argument_id


def _last_decisions(desks: Sequence[Desk]) -> dict[Place, int]:
    rows = Decision.objects.filter(opinion__in=[desk.opinion.pk for desk in desks])
    last = rows.order_by().values_list("opinion", "argument").annotate(last=Max("pk"))
    return {(opinion, argument): pk for opinion, argument, pk in last}


def _last_votes(desks: Sequence[Desk]) -> dict[UUID, datetime]:
    """When somebody voted last on each opinion; only votes since the first of the decisions are looked at."""
    since = min((desk.first.created_at for desk in desks if desk.first), default=None)
    if since is None:
        return {}
    rows = VoteLog.objects.filter(opinion_id__in=[desk.opinion.pk for desk in desks], created_at__gte=since)
    return dict(rows.order_by().values_list("opinion_id").annotate(last=Max("created_at")))


def undo_all(desks: Sequence[Desk]) -> list[Decision]:
    """Undo on desks that were checked: new decisions, the moves, the cases, one recount. Authors are told by the caller."""
    rows = []
    for desk in desks:
        assert desk.first is not None
        _take_back(desk, desk.first)
        target = State(desk.first.from_state)
        rows.append(Decision(**recording.facts(desk, target=target, versions=desk.first.versions)))
    made = recording.record_all(desks, rows)
    _cases_back(made)
    recording.recount(made)
    return made


# --- its cases ----------------------------------------------------------------------------------------


def _cases_back(made: Sequence[Decision]) -> None:
    """What was opened is closed, what was closed is open again and with who undoes it.

    Where people have reported anew meanwhile, their case is the open one.
    """
    if not made:
        return
    undone = {new.answers_id: new for new in made}
    for case in Case.objects.filter(opened_by__in=undone):
        recording.close([case], undone[case.opened_by_id])
    closed = list(Case.objects.filter(closed_by__in=undone))
    anew = Case.objects.filter(opinion__in=[case.opinion_id for case in closed], closed_at=None)
    taken = set(anew.values_list("opinion", "argument", "kind"))
    back = [case.pk for case in closed if (case.opinion_id, case.argument_id, case.kind) not in taken]
    until = made[0].created_at + states.CLAIM
    Case.objects.filter(pk__in=back).update(
        closed_at=None, closed_by=None, claimed_by=made[0].actor, claimed_until=until
    )
