"""Texts of an opinion: changes asked for, a new text proposed, approved or refused, withdrawn.

A new text of a published opinion waits beside the one in force. Approved, it either keeps the votes (a small
correction) or asks every voter once more. The moves are in `states.MOVES`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError, NotAllowed
from consultations import drafts, locks, moderation, retexted, states, submission, voting, waking
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion, Vote
from consultations.models.opinions import State
from notifications import occasions

#: So long an author may write when changes were asked for; at most until a day after submissions close.
TIME_FOR_CHANGES = timedelta(hours=48)
AFTER_CLOSING = timedelta(hours=24)
#: A text that does not keep votes must leave people this much time to vote again.
TIME_TO_VOTE_AGAIN = timedelta(hours=24)
#: The moderator who asked for changes sees the new text first.
OFFERED = timedelta(hours=1)


class TooLate(DomainError):
    """The time for this is over."""

    code = "too_late"


class NotPossible(DomainError):
    """The opinion is not in a state where this can be done."""

    code = "not_possible"


# --- what moderators do ---------------------------------------------------------------------------


def request_changes(*, actor: User, case: Case, note: str, reason: str = "", version_id: int | None = None) -> Opinion:
    """Ask the author for changes, in words; 48 hours, at most until a day after submissions close.

    Closes the case; the answer, or the clock, opens another one. Exclusive lock. Raises as `moderation.publish`,
    `Invalid` without a note, and `TooLate` when no time is left.
    """
    moderation.check_words("request_changes", reason, note)
    with transaction.atomic():
        held, opinion = moderation.hold("request_changes", actor=actor, case=case, version_id=version_id)
        now = db.now()
        latest = opinion.consultation.submissions_close_at + AFTER_CLOSING
        if latest <= now:
            raise TooLate(_("Submissions closed more than a day ago. Publish or reject it as it stands."))
        opinion.changes_due_at = min(now + TIME_FOR_CHANGES, latest)
        moderation.decide("request_changes", actor=actor, case=held, opinion=opinion, reason=reason, note=note)
        return opinion


def approve_version(
    *, actor: User, case: Case, keeps_votes: bool, version_id: int | None = None, note: str = ""
) -> Opinion:
    """Put the text that waits in force. A small correction keeps the votes; any other text asks its voters again.

    Exclusive lock, and the count anew. Not keeping votes ends 24 hours before voting closes (`TooLate`).
    Raises as `moderation.publish` otherwise.
    """
    with transaction.atomic():
        held, opinion = moderation.hold("approve_version", actor=actor, case=case, version_id=version_id)
        now = db.now()
        if not keeps_votes and now > opinion.consultation.voting_close_at - TIME_TO_VOTE_AGAIN:
            raise TooLate(
                _("Voting closes in less than a day: only a correction that keeps the votes can be approved.")
            )
        old, new = opinion.version, held.version
        assert old is not None
        new.votes_since = old.votes_since if keeps_votes else new.number
        new.save(update_fields=["votes_since"])
        opinion.version = new
        moderation.decide("approve_version", actor=actor, case=held, opinion=opinion, note=note)
        voting.retally([opinion.pk])
        waking.on_commit(waking.VECTORS)
        if not keeps_votes:
            retexted.ask_again(opinion, now)
        return opinion


def reject_version(*, actor: User, case: Case, reason: str, version_id: int | None = None, note: str = "") -> Opinion:
    """Refuse the text that waits; the published one stays. Locks and errors as `moderation.reject`."""
    moderation.check_words("reject_version", reason, note)
    with transaction.atomic():
        held, opinion = moderation.hold("reject_version", actor=actor, case=case, version_id=version_id)
        moderation.decide("reject_version", actor=actor, case=held, opinion=opinion, reason=reason, note=note)
        return opinion


# --- what authors do ------------------------------------------------------------------------------


def resubmit(*, user: User, opinion: Opinion, fields: Mapping[str, Any], key: str | None = None) -> Opinion:
    """Answer a request for changes: a new text under the same number, offered to the same moderator first.

    Shared lock. Raises `Invalid`, `NotAllowed` (not the author) and `NotPossible` (nobody waits for changes).
    """
    checked = submission.check(fields, opinion.consultation)
    with transaction.atomic():
        held = _hold_own(user, opinion)
        if held.state != State.CHANGES_REQUESTED:
            raise NotPossible(_("Nobody waits for changes of this opinion."))
        held.version = _add(held, checked)
        for name in ("shown_as", "language", "quote"):
            setattr(held, name, checked[name])
        held.theme_id = checked["theme"]
        held.save(update_fields=["theme", "shown_as", "language", "quote"])
        asked = held.decisions.filter(verb="request_changes").last()
        back_to_queue("submit", held, actor=user, offer_to=asked.actor if asked else None)
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
        held = _hold_own(user, opinion)
        if held.state != State.PUBLISHED:
            raise NotPossible(_("Only a published opinion gets a new text."))
        if db.now() >= Consultation.objects.get(pk=held.consultation_id).submissions_close_at:
            raise TooLate(_("Submissions have closed: the text stays as it is."))
        waiting = Case.objects.filter(opinion=held, kind=Case.Kind.VERSION, closed_at=None).first()
        before = waiting.version if waiting else held.version
        if before is not None and _same(before, checked):
            if waiting is None:
                raise NotPossible(_("This is the text as it stands."))
            return before
        version = _add(held, checked)
        if waiting is None:
            Case.objects.create(kind=Case.Kind.VERSION, opinion=held, version=version, opened_at=timezone.now())
        else:
            Case.objects.filter(pk=waiting.pk).update(version=version)
        _record_own("propose_version", held, user, version)
        drafts.finish(user=user, key=key)
        return version


def withdraw(*, user: User, opinion: Opinion) -> Opinion:
    """Take an own opinion back, until voting closes. Its votes count no more; what others have read leaves a stub.

    Exclusive lock, because it changes what counts. Again changes nothing. Raises `NotAllowed`, `NotPossible`.
    """
    with transaction.atomic():
        held = _hold_own(user, opinion, exclusive=True)
        if held.state == State.WITHDRAWN:
            return held
        if not states.allowed("withdraw", held.state):
            raise NotPossible(_("This opinion cannot be withdrawn."))
        if db.now() >= held.consultation.voting_close_at:
            raise TooLate(_("Voting has closed: what was voted on stays."))
        Case.objects.filter(opinion=held, closed_at=None).update(closed_at=timezone.now())
        moderation.record("withdraw", opinion=held, actor=user)
        voting.retally([held.pk])
        return held


# --- reading --------------------------------------------------------------------------------------


def public(opinion: Opinion) -> QuerySet[OpinionVersion]:
    """The texts that were or are in force, in order: what everybody may compare."""
    told = Decision.objects.filter(opinion=opinion, verb__in=["publish", "approve_version"])
    ids = {pk for versions in told.values_list("versions", flat=True) for pk in versions}
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


def _hold_own(user: User, opinion: Opinion, *, exclusive: bool = False) -> Opinion:
    (locks.take if exclusive else locks.share)(opinion.consultation_id)
    held = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("consultation", "version", "author")
        .get(pk=opinion.pk)
    )
    if held.author is None or held.author.user_id != user.pk:
        raise NotAllowed(_("Only its author does this."))
    if held.author.voided_at is not None:
        raise NotAllowed(_("Your participation was ended by the organisers."), code="voided")
    return held


def _add(opinion: Opinion, checked: Mapping[str, Any]) -> OpinionVersion:
    """The next version; it counts only votes of its own, unless its approval says otherwise."""
    last = opinion.versions.order_by("-number").first()
    number = (last.number if last else 0) + 1
    texts = submission.texts_of(checked)
    return OpinionVersion.objects.create(opinion=opinion, number=number, votes_since=number, **texts)


def _same(version: OpinionVersion, checked: Mapping[str, Any]) -> bool:
    return {name: getattr(version, name) for name in submission.VERSION_FIELDS} == submission.texts_of(checked)


def _record_own(verb: str, opinion: Opinion, user: User, version: OpinionVersion) -> None:
    Decision.objects.create(
        opinion=opinion,
        actor=user,
        verb=verb,
        from_state=opinion.state,
        to_state=states.MOVES[verb].target,
        versions=[version.pk],
    )


def back_to_queue(verb: str, opinion: Opinion, *, actor: User | None, offer_to: User | None) -> Decision:
    """The opinion submitted again, with a case of its own; call inside a transaction that holds the opinion."""
    now = timezone.now()
    decision = moderation.record(verb, opinion=opinion, actor=actor)
    assert opinion.version is not None
    Case.objects.create(
        kind=Case.Kind.NEW,
        opinion=opinion,
        version=opinion.version,
        opened_at=now,
        claimed_by=offer_to,
        claimed_until=now + OFFERED if offer_to else None,
    )
    return decision
