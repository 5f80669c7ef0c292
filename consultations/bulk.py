"""One decision on many cases: looked at first, each row by itself, kept, and undone within ten minutes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError, Invalid, NotAllowed
from consultations import deciding, refusals, states, telling, together, undoing
from consultations.deciding import Desk
from consultations.models import Bulk, BulkRow, Case, Decision

log = logging.getLogger(__name__)
#: So many cases at once.
MOST = 100
DONE = "done"
#: What the database itself refused; it stops no other row.
FAILED = "failed"
Seen = Mapping[UUID, int]


@dataclass(frozen=True)
class Verdict:
    """What would become of one case now: `done`, or the code and the words of what stands against it."""

    case: Case
    outcome: str
    said: str = ""

    @property
    def is_possible(self) -> bool:
        return self.outcome == DONE


@dataclass
class _Row:
    """One case on its way: where it stands in the act, and what became of it."""

    case: Case
    decision: Decision | None = None
    error: DomainError | None = None

    def kept(self, bulk: Bulk, place: int) -> BulkRow:
        outcome, said = (DONE, "") if self.error is None else (self.error.code, str(self.error.message)[:300])
        return BulkRow(bulk=bulk, place=place, case=self.case, decision=self.decision, outcome=outcome, said=said)


def preview(*, actor: User, verb: str, cases: Sequence[Case], seen: Seen | None = None) -> list[Verdict]:
    """What would become of each case, in order. Changes nothing and takes no lock, so it may differ a moment later.

    `seen` as in `run`. Raises `Invalid` for a verb that is not for many, no case, or more than 100.
    """
    _check(verb, cases)
    now = db.now()
    return [_verdict(_desk(verb, actor, case, now), case, seen or {}) for case in cases]


def run(
    *,
    actor: User,
    verb: str,
    cases: Sequence[Case],
    reason: str = "",
    note: str = "",
    seen: Seen | None = None,
    key: UUID | None = None,
) -> Bulk:
    """Say a verb about many cases, with one reason; gives the kept outcome of each.

    What stands against one stops no other. `seen`: case id → the version that was read (`together.text_read`); without
    it the version of the case object. Where the text is another one by now, the row is refused. `key`: the same key
    again gives the first outcome again and does nothing (double click, retry).
    One transaction with the exclusive lock of every consultation, in order, and a fixed number of statements; all of it
    is there or nothing. Each author gets one mail. Raises as `preview`, `Invalid` without the words that the verb
    needs, and `NotAllowed` for a key of somebody else's act.
    """
    _check(verb, cases)
    deciding.check_words(verb, reason, note)
    made = Bulk(id=key or uuid4(), actor=actor, verb=verb, reason=reason, note=note)
    with transaction.atomic():
        desks = together.open_all(verb, actor=actor, cases=cases)
        earlier = Bulk.objects.filter(pk=made.pk).first()
        if earlier is not None:
            if earlier.actor_id != actor.pk:
                raise NotAllowed(_("Somebody else sent this form."), code="not_yours")
            return earlier
        made.save(force_insert=True)
        rows = [_Row(case) for case in cases]
        for row, desk in zip(rows, desks, strict=True):
            version = (seen or {}).get(row.case.pk, row.case.version_id if row.case.kind != Case.Kind.REPORT else None)
            row.error = _against(desk, version)
        _write(
            _first_of_each(list(zip(rows, desks, strict=True))),
            partial(together.write, reason=reason, note=note),
            _as_before(verb, actor),
        )
        _keep(made, rows)
        return made


def undo(*, actor: User, bulk: Bulk) -> Bulk:
    """Undo an act on many within ten minutes: new decisions where nothing was voted or decided since.

    Each row by itself, its outcome kept, one mail an author; locks as `run`. Raises `NotAllowed` (not who did it) and
    `AlreadyDecided` (undone before).
    """
    if bulk.actor_id != actor.pk:
        raise NotAllowed(_("Only who decided can undo it."), code="not_yours")
    with transaction.atomic():
        held = Bulk.objects.select_for_update().get(pk=bulk.pk)
        if Bulk.objects.filter(undoes=held).exists():
            raise deciding.AlreadyDecided(_("This was undone already."))
        done = list(held.rows.exclude(decision=None).select_related("decision__actor", "case"))
        rows = [_Row(row.case) for row in done]
        desks = undoing.open_all(actor, [row.decision for row in done if row.decision])
        made = Bulk.objects.create(actor=actor, verb="undo", undoes=held)
        for row, error in zip(rows, undoing.check_all(desks), strict=True):
            row.error = error
        ready = [pair for pair in zip(rows, desks, strict=True) if pair[0].error is None]
        _write(ready, undoing.undo_all, lambda desk: undoing.open_all(actor, [desk.first] if desk.first else []))
        _keep(made, rows)
        return made


# --- reading ----------------------------------------------------------------------------------------


def takes_reason(verb: str) -> bool:
    """Whether a verb for many may have a reason: those that say no, or ask for another text."""
    return verb not in ("publish", "dismiss_report")


def rows_of(bulk: Bulk) -> QuerySet[BulkRow]:
    """What became of each, in order, with what a page shows of it."""
    return bulk.rows.select_related("case__opinion__consultation", "case__version", "case__argument").order_by("place")


def can_undo(person: Any, bulk: Bulk, now: datetime) -> bool:
    """Whether to offer it; what was voted or decided since is looked at when it is done."""
    mine = person.is_authenticated and bulk.actor_id == person.pk and bulk.undoes_id is None
    in_time = now < bulk.created_at + states.TIME_TO_UNDO
    done = mine and in_time and not Bulk.objects.filter(undoes=bulk).exists()
    return done and bulk.rows.exclude(decision=None).exists()


# --- parts ------------------------------------------------------------------------------------------


def _check(verb: str, cases: Sequence[Case]) -> None:
    if verb not in states.VERBS or not states.VERBS[verb].bulk:
        raise Invalid(_("This is not done for many at once."))
    if not cases:
        raise Invalid(_("Please choose at least one."))
    if len(cases) > MOST:
        raise Invalid(_("At most %(most)d at once.") % {"most": MOST})


def _desk(verb: str, actor: User, case: Case, now: datetime) -> Desk:
    opinion, argument = deciding.parts(deciding.of_case(case))
    return Desk(states.VERBS[verb], actor, opinion, argument, case, now=now)


def _verdict(desk: Desk, case: Case, seen: Seen) -> Verdict:
    error = _against(desk, seen.get(case.pk))
    return Verdict(case, DONE) if error is None else Verdict(case, error.code, str(error.message))


def _against(desk: Desk, version: int | None) -> DomainError | None:
    try:
        together.check(desk, seen=version)
    except DomainError as error:
        return error
    return None


Pair = tuple[_Row, Desk]


def _first_of_each(pairs: Sequence[Pair]) -> list[Pair]:
    """Those that nothing stands against; of two about the same text the second finds it decided."""
    ready: dict[UUID, Pair] = {}
    for row, desk in pairs:
        if row.error is not None:
            continue
        if desk.subject.pk in ready:
            row.error = refusals.decided_by(desk.actor, desk.now)
            continue
        ready[desk.subject.pk] = (row, desk)
    return list(ready.values())


def _write(
    pairs: Sequence[Pair], act: Callable[[list[Desk]], list[Decision]], reopen: Callable[[Desk], list[Desk]]
) -> None:
    """Write all at once; where the database refuses that, each in a savepoint of its own, so that one stops no other."""
    try:
        with transaction.atomic():
            decisions = act([desk for _row, desk in pairs])
    except (IntegrityError, DataError):
        log.exception("%d decisions could not be written at once", len(pairs))
        if len(pairs) == 1:
            pairs[0][0].error = DomainError(_("This one could not be stored. The operators see why."), code=FAILED)
            return
        for row, desk in pairs:
            _write([(row, again) for again in reopen(desk)], act, reopen)
    else:
        for (row, _desk), decision in zip(pairs, decisions, strict=True):
            row.decision = decision


def _as_before(verb: str, actor: User) -> Callable[[Desk], list[Desk]]:
    """The rows of one desk read again, after what was changed on them was rolled back."""
    return lambda desk: together.open_all(verb, actor=actor, cases=[desk.case] if desk.case else [])


def _keep(made: Bulk, rows: Sequence[_Row]) -> None:
    """Keep what became of each, and tell the authors."""
    BulkRow.objects.bulk_create(row.kept(made, place) for place, row in enumerate(rows, 1))
    telling.at_once(made, [row.decision for row in rows if row.decision and telling.tells(row.decision)])
