"""Texts of an opinion: changes asked for, a new text proposed, approved or refused, withdrawn.

A new text of a published opinion waits beside the one in force. Approved, it either keeps the votes (a small
correction) or asks every voter once more. The moves are in `states.VERBS`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations import (
    authors,
    deciding,
    drafts,
    locks,
    moderation,
    personal_data,
    recording,
    retexted,
    states,
    submission,
    telling,
    voting,
)
from consultations.deciding import Desk, NotPossible, TooLate, check_words
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion, Vote
from consultations.models.opinions import State
from notifications import occasions

__all__ = ["NotPossible", "TooLate"]

#: An author may answer a request for changes at most until so long after submissions close.
AFTER_CLOSING = timedelta(hours=24)
#: A text that does not keep votes must leave people this much time to vote again.
TIME_TO_VOTE_AGAIN = timedelta(hours=24)
TIME_FOR_CHANGES = states.TIME_FOR_CHANGES


# --- what moderators do ---------------------------------------------------------------------------


def request_changes(*, actor: User, case: Case, note: str, reason: str = "", version_id: int | None = None) -> Opinion:
    """Ask the author for changes, in words; 48 hours, at most until a day after submissions close.

    Closes the case; the answer, or the clock, opens another one. Exclusive lock. Raises as `moderation.publish`,
    `Invalid` without a note, and `TooLate` when no time is left.
    """
    check_words("request_changes", reason, note)
    with transaction.atomic():
        desk = moderation.open_new("request_changes", actor=actor, case=case, version_id=version_id)
        give_time(desk)
        recording.finish(desk, recording.record(desk, reason=reason, note=note))
        return desk.opinion


def give_time(desk: Desk) -> None:
    """Write until when the author may answer; raises `TooLate` when no time is left."""
    desk.opinion.changes_due_at = min(desk.now + TIME_FOR_CHANGES, latest_answer(desk))


def latest_answer(desk: Desk) -> datetime:
    """Until when an answer can be given at most; raises `TooLate` when that is over."""
    latest = desk.opinion.consultation.submissions_close_at + AFTER_CLOSING
    if latest <= desk.now:
        raise TooLate(_("Submissions closed more than a day ago. Publish or reject it as it stands."))
    return latest


def approve_version(
    *, actor: User, case: Case, keeps_votes: bool, version_id: int | None = None, note: str = ""
) -> Opinion:
    """Put the text that waits in force. A small correction keeps the votes; any other text asks its voters again.

    Exclusive lock, and the count anew. Not keeping votes ends 24 hours before voting closes (`TooLate`).
    Raises as `moderation.publish` otherwise.
    """
    check_words("approve_version", "", note)
    with transaction.atomic():
        desk = moderation.open_new("approve_version", actor=actor, case=case, version_id=version_id)
        if not keeps_votes and desk.now > desk.opinion.consultation.voting_close_at - TIME_TO_VOTE_AGAIN:
            raise TooLate(
                _("Voting closes in less than a day: only a correction that keeps the votes can be approved.")
            )
        assert desk.case is not None and desk.opinion.version is not None
        old, new = desk.opinion.version, desk.case.version
        new.votes_since = old.votes_since if keeps_votes else new.number
        new.save(update_fields=["votes_since"])
        desk.opinion.version = new
        recording.finish(desk, recording.record(desk, note=note, versions=[new.pk, old.pk]))
        voting.retally([desk.opinion.pk])
        if not keeps_votes:
            retexted.ask_again(desk.opinion, desk.now)
        return desk.opinion


def reject_version(*, actor: User, case: Case, reason: str, version_id: int | None = None, note: str = "") -> Opinion:
    """Refuse the text that waits; the published one stays. Locks and errors as `moderation.reject`."""
    check_words("reject_version", reason, note)
    with transaction.atomic():
        desk = moderation.open_new("reject_version", actor=actor, case=case, version_id=version_id)
        recording.finish(desk, recording.record(desk, reason=reason, note=note))
        return desk.opinion


# --- what authors do ------------------------------------------------------------------------------


def resubmit(*, user: User, opinion: Opinion, fields: Mapping[str, Any], key: str | None = None) -> Opinion:
    """Answer a request for changes: a new text under the same number, offered to the same moderator first.

    Shared lock. Raises `Invalid`, `NotAllowed` (not the author) and `NotPossible` (nobody waits for changes).
    """
    checked = submission.check(fields, opinion.consultation)
    with transaction.atomic():
        desk = deciding.open_for("submit", actor=user, subject=opinion, shared=True)
        held = desk.opinion
        held.version = _add(held, checked)
        for name in ("shown_as", "language", "quote"):
            setattr(held, name, checked[name])
        held.theme_id = checked["theme"]
        held.save(update_fields=["theme", "shown_as", "language", "quote"])
        back_to_queue(desk, offer_to=who_asked(held))
        drafts.finish(user=user, key=key)
        occasions.notify(
            "opinion_received", target=f"opinion:{held.pk}", version=str(held.version.number), people=[user]
        )
        return held


def propose_version(
    *, user: User, opinion: Opinion, fields: Mapping[str, Any], key: str | None = None
) -> OpinionVersion:
    """Propose another text of a published opinion; the published one stays in force until a moderator approves.

    A newer proposal takes the place of one that still waits; the same text again is the same proposal. Until
    submissions close, by the database's clock after the shared lock (`TooLate`). Raises as `resubmit`.
    """
    checked = submission.check(fields, opinion.consultation)
    with transaction.atomic():
        desk = deciding.open_for("propose_version", actor=user, subject=opinion, shared=True)
        held = desk.opinion
        if desk.now >= Consultation.objects.get(pk=held.consultation_id).submissions_close_at:
            raise TooLate(_("Submissions have closed: the text stays as it is."))
        waiting = deciding.cases_of(held).filter(kind=Case.Kind.VERSION).first()
        before = waiting.version if waiting else held.version
        if before is not None and _same(before, checked):
            if waiting is None:
                raise NotPossible(_("This is the text as it stands."))
            return before
        version = _add(held, checked)
        decision = recording.record(desk, versions=[version.pk])
        if waiting is None:
            recording.open_case(Case.Kind.VERSION, held, now=desk.now, decision=decision, version_id=version.pk)
        else:
            Case.objects.filter(pk=waiting.pk).update(version=version, looks_personal=personal_data.is_in(version))
        drafts.finish(user=user, key=key)
        return version


def withdraw(*, user: User, opinion: Opinion) -> Opinion:
    """Take an own opinion back, until voting closes. Its votes count no more; what others have read leaves a stub.

    Exclusive lock, because it changes what counts. Again changes nothing. Raises `NotAllowed`, `NotPossible` (also
    where several people wrote it, or other opinions were merged into it), `TooLate`.
    """
    with transaction.atomic():
        locks.take(opinion.consultation_id)
        fresh = Opinion.objects.select_related("author__user").get(pk=opinion.pk)
        deciding.check_author(user, fresh)
        if fresh.state == State.WITHDRAWN:
            return fresh
        if len(authors.participants_of(fresh)) > 1 or Opinion.objects.filter(merge__target=fresh).exists():
            raise NotPossible(_("Others have a part in this opinion: please write to the moderators instead."))
        desk = deciding.open_for("withdraw", actor=user, subject=fresh)
        decision = recording.record(desk)
        telling.reporters(recording.close_all(desk, decision), decision)
        voting.retally([fresh.pk])
        return desk.opinion


# --- reading --------------------------------------------------------------------------------------


def public(opinion: Opinion) -> QuerySet[OpinionVersion]:
    """The texts that were or are in force, in order: what everybody may compare."""
    told = Decision.objects.filter(opinion=opinion, argument=None, verb__in=states.IN_FORCE)
    ids = set(told.exclude(answer__verb="undo").values_list("versions__0", flat=True))
    return opinion.versions.filter(pk__in=ids | {opinion.version_id}).order_by("number")


def left_a_stub() -> Q:
    """Which opinions leave a note at their number: withdrawn ones that people had voted on."""
    return Q(Exists(Vote.objects.filter(opinion=OuterRef("pk"))), state=State.WITHDRAWN)


def withdrawal(opinion: Opinion) -> Decision | None:
    """Who took the opinion back, and when, where that is told to everybody; None where nothing is."""
    if not Opinion.objects.filter(left_a_stub(), pk=opinion.pk).exists():
        return None
    return opinion.decisions.filter(verb="withdraw").last()


def pending(opinion: Opinion) -> OpinionVersion | None:
    """The text that waits for a moderator beside the published one."""
    case = opinion.cases.filter(kind=Case.Kind.VERSION, closed_at=None).select_related("version").first()
    return case.version if case else None


# --- parts ----------------------------------------------------------------------------------------


def _add(opinion: Opinion, checked: Mapping[str, Any]) -> OpinionVersion:
    """The next version; it counts only votes of its own, unless its approval says otherwise."""
    last = opinion.versions.order_by("-number").first()
    number = (last.number if last else 0) + 1
    texts = submission.texts_of(checked)
    return OpinionVersion.objects.create(opinion=opinion, number=number, votes_since=number, **texts)


def _same(version: OpinionVersion, checked: Mapping[str, Any]) -> bool:
    return {name: getattr(version, name) for name in submission.VERSION_FIELDS} == submission.texts_of(checked)


def who_asked(subject: deciding.Subject) -> User | None:
    """The moderator who asked for changes last: the new text is offered to them first."""
    asked = deciding.decisions_on(subject).filter(verb="request_changes").select_related("actor").last()
    return asked.actor if asked else None


def back_to_queue(desk: Desk, *, offer_to: User | None = None) -> Decision:
    """What is on the desk is submitted again, with a case of its own."""
    decision = recording.record(desk, versions=[desk.opinion.version_id] if desk.argument is None else ())
    kind = recording.first_kind(desk.subject)
    recording.open_case(kind, desk.subject, now=desk.now, decision=decision, offer_to=offer_to)
    return decision
