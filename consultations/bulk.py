"""One decision on many cases: looked at first, each in a savepoint of its own, kept, and undone within ten minutes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import arguments, deciding, locks, moderation, refusals, reports, states, telling, undoing, versions
from consultations.deciding import Desk
from consultations.models import Bulk, BulkRow, Case, Decision

#: So many cases at once.
MOST = 100
DONE = "done"


@dataclass(frozen=True)
class Verdict:
    """What would become of one case now: `done`, or the code and the words of what stands against it."""

    case: Case
    outcome: str
    said: str = ""

    @property
    def is_possible(self) -> bool:
        return self.outcome == DONE


def preview(*, actor: User, verb: str, cases: Sequence[Case]) -> list[Verdict]:
    """What would become of each case, in order. Changes nothing and takes no lock, so it may differ a moment later.

    Raises `Invalid` for a verb that is not for many, no case, or more than 100.
    """
    _check(verb, cases)
    return [_verdict(actor, verb, case) for case in cases]


def run(*, actor: User, verb: str, cases: Sequence[Case], reason: str = "", note: str = "") -> Bulk:
    """Say a verb about many cases, with one reason; gives the kept outcome of each.

    Each case has a savepoint: what stands against one stops no other. One that changed since it was read (its
    `version_id`) is refused. Takes the exclusive lock of every consultation first, in order. Each author gets one mail.
    Raises as `preview`, and `Invalid` without the words that the verb needs.
    """
    _check(verb, cases)
    deciding.check_words(verb, reason, note)
    with transaction.atomic():
        for consultation in sorted({case.opinion.consultation_id for case in cases}):
            locks.take(consultation)
        made = Bulk.objects.create(actor=actor, verb=verb, reason=reason, note=note)
        words = {"reason": reason, "note": note}
        _keep(made, [(case, partial(_say, verb, actor, case, words)) for case in cases])
        return made


def undo(*, actor: User, bulk: Bulk) -> Bulk:
    """Undo an act on many within ten minutes: new decisions where nothing was voted or decided since.

    Each in a savepoint, each outcome kept, one mail an author. Raises `NotAllowed` (not who did it) and
    `AlreadyDecided` (undone before).
    """
    if bulk.actor_id != actor.pk:
        raise NotAllowed(_("Only who decided can undo it."), code="not_yours")
    with transaction.atomic():
        held = Bulk.objects.select_for_update().get(pk=bulk.pk)
        if Bulk.objects.filter(undoes=held).exists():
            raise deciding.AlreadyDecided(_("This was undone already."))
        done = list(
            held.rows.exclude(decision=None).select_related("decision__opinion", "decision__argument__opinion", "case")
        )
        for consultation in sorted({row.decision.opinion.consultation_id for row in done if row.decision}):
            locks.take(consultation)
        made = Bulk.objects.create(actor=actor, verb="undo", undoes=held)
        _keep(made, [(row.case, partial(_undo, actor, row)) for row in done])
        return made


# --- parts ------------------------------------------------------------------------------------------


def _check(verb: str, cases: Sequence[Case]) -> None:
    if verb not in states.VERBS or not states.VERBS[verb].bulk:
        raise Invalid(_("This is not done for many at once."))
    if not cases:
        raise Invalid(_("Please choose at least one."))
    if len(cases) > MOST:
        raise Invalid(_("At most %(most)d at once.") % {"most": MOST})


def _verdict(actor: User, verb: str, case: Case) -> Verdict:
    opinion, argument = deciding.parts(deciding.of_case(case))
    desk = Desk(states.VERBS[verb], actor, opinion, argument, case, now=timezone.now())
    try:
        deciding.check(desk)
        _check_fits(verb, case)
    except DomainError as error:
        return Verdict(case, error.code, str(error.message))
    return Verdict(case, DONE)


def _check_fits(verb: str, case: Case) -> None:
    rule = states.VERBS[verb]
    if not (rule.arguments if case.argument_id else rule.opinions):
        raise refusals.wrong_case()


def _undo(actor: User, row: BulkRow) -> Decision:
    assert row.decision is not None
    return undoing.undo(actor=actor, decision=row.decision)


Act = Callable[..., Any]


def _say(verb: str, actor: User, case: Case, words: dict[str, str]) -> Decision:
    """The same function as for one case; gives the decision that it wrote."""
    known: dict[tuple[str, bool], Act] = {
        ("publish", False): moderation.publish,
        ("publish", True): arguments.publish,
        ("reject", False): moderation.reject,
        ("reject", True): arguments.reject,
        ("request_changes", False): versions.request_changes,
        ("request_changes", True): arguments.request_changes,
        ("reject_version", False): versions.reject_version,
        ("dismiss_report", False): reports.dismiss,
        ("dismiss_report", True): reports.dismiss,
    }
    act = known.get((verb, case.argument_id is not None))
    if act is None:
        raise refusals.wrong_case()
    given = {"note": words["note"]}
    if verb not in ("publish", "dismiss_report"):
        given["reason"] = words["reason"]
    if case.argument_id is None and verb != "dismiss_report":
        act(actor=actor, case=case, version_id=case.version_id, **given)
    else:
        act(actor=actor, case=case, **given)
    return Decision.objects.filter(case=case, verb=verb).latest("pk")


def _keep(made: Bulk, acts: Iterable[tuple[Case, Callable[[], Decision]]]) -> None:
    """Do each, keep what became of it, and tell the authors at the end."""
    told: list[Decision] = []
    rows = []
    for place, (case, act) in enumerate(acts, 1):
        row = BulkRow(bulk=made, place=place, case=case, outcome=DONE)
        try:
            with telling.gathered() as waiting, transaction.atomic():
                row.decision = act()
            told += waiting
        except DomainError as error:
            row.outcome, row.said = error.code, str(error.message)[:300]
        rows.append(row)
    BulkRow.objects.bulk_create(rows)
    telling.at_once(made, told)
