"""Appealing against a rejection, a removal or a merge: once, within 72 hours, decided by somebody who took no part."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db, text
from consultations import authors, deciding, merging, recording, states, telling, voting
from consultations.deciding import Desk, NotPossible, Subject, TooLate
from consultations.models import Case, Decision
from consultations.models.opinions import State

#: What an author may appeal against.
APPEALABLE = ("reject", "confirm_removal", "merge")


def appeal(*, user: User, subject: Subject, words: str) -> Decision:
    """Ask that somebody else looks again; opens a case that nobody holds who took part before. The state stays.

    The words stand in the decision, for the moderator. Raises `Invalid` without words, `NotAllowed` (not its author),
    `TooLate` after 72 hours, `NotPossible` (nothing to appeal against, or appealed before).
    """
    note = text.clean(words)
    deciding.check_words("appeal", "", note)
    with transaction.atomic():
        desk = deciding.open_for("appeal", actor=user, subject=subject)
        if deciding.decisions_on(desk.subject).filter(verb="appeal").exists():
            raise NotPossible(_("You have appealed once; that decision was the last one."))
        until = _until(desk.subject)
        if until is None or until <= desk.now:
            raise TooLate(_("The 72 hours to appeal are over."))
        decision = recording.record(desk, note=note)
        recording.open_case(Case.Kind.APPEAL, desk.subject, now=desk.now, decision=decision)
        own = {person.pk for person in authors.people_of(desk.subject)}
        telling.decider_wanted(decision, deciding.who_took_part(desk.subject) | own)
        return decision


def possible_until(user: Any, subject: Subject) -> datetime | None:
    """Until when this person may appeal; None when they may not."""
    own = [p for p in authors.participants_of(subject) if user.is_authenticated and p.user_id == user.pk]
    if not own or own[0].voided_at is not None:
        return None
    until = _until(subject)
    appealed = deciding.decisions_on(subject).filter(verb="appeal").exists()
    return None if until is None or appealed or until <= db.now() else until


def _until(subject: Subject) -> datetime | None:
    """72 hours after the decision that brought it into its state."""
    if not states.allowed("appeal", subject.state):
        return None
    decided = against(subject)
    return None if decided is None else decided.created_at + states.TIME_TO_APPEAL


def against(subject: Subject) -> Decision | None:
    """The decision that is in effect and that an appeal is against."""
    found = deciding.decisions_on(subject).filter(verb__in=APPEALABLE, to_state=subject.state)
    return found.exclude(answer__verb="undo").last()


def grant(*, actor: User, case: Case, note: str = "") -> Decision:
    """The appeal is right: what was rejected waits anew, what was removed is back, what was merged is as before.

    Exclusive lock, and the count anew. Raises what `deciding.check` raises, `NotAllowed` for who took part before.
    """
    deciding.check_words("grant_appeal", "", note)
    with transaction.atomic():
        desk = deciding.open_for("grant_appeal", actor=actor, subject=deciding.of_case(case), case=case)
        decided = against(desk.subject)
        before = State(decided.from_state) if decided is not None else None
        if desk.state == State.MERGED:
            decision = _restore(desk, before, note)
        else:
            decision = recording.record(desk, note=note, target=before)
        if decision.to_state == State.SUBMITTED:
            recording.open_case(recording.first_kind(desk.subject), desk.subject, now=desk.now, decision=decision)
        recording.finish(desk, decision)
        voting.retally([desk.opinion.pk])
        return decision


def _restore(desk: Desk, before: State | None, note: str) -> Decision:
    """Out of the merge; a joint text that nothing is merged into any more ends with it."""
    merge, opinion = desk.opinion.merge, desk.opinion
    assert merge is not None
    opinion.merge = None
    decision = recording.record(desk, note=note, target=before, merge=merge)
    merging.let_go(merge, opinion, actor=desk.actor, now=desk.now)
    return decision


def refuse(*, actor: User, case: Case, reason: str, note: str = "") -> Decision:
    """The decision stands; its author is told why. Raises as `grant`, and `Invalid` without a reason."""
    deciding.check_words("refuse_appeal", reason, note)
    with transaction.atomic():
        desk = deciding.open_for("refuse_appeal", actor=actor, subject=deciding.of_case(case), case=case)
        return recording.finish(desk, recording.record(desk, reason=reason, note=note))
