"""Deciding on opinions: claim a case, publish, reject (what is about texts: `versions`). Every decision is one insert-only row.

The moves are in `states.MOVES`; who may make them, in `accounts.access`.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import locks, search, states, voting, waking
from consultations.models import Case, Decision, Opinion
from consultations.models.cases import Reason
from consultations.models.opinions import State
from notifications import occasions

NOTE_LENGTH = 2000
CLAIM = timedelta(minutes=15)


class AlreadyDecided(DomainError):
    """Somebody else closed the case. Who and when stand in the message."""

    code = "already_decided"


class HeldByAnother(DomainError):
    """Somebody else holds the case at the moment."""

    code = "held_by_another"


class WrongCase(DomainError):
    """The verb does not belong to this kind of case."""

    code = "wrong_case"


class TextMoved(DomainError):
    """The text is not the one that the moderator saw."""

    code = "text_changed"


@transaction.atomic
def claim(*, actor: User, case: Case) -> Case:
    """Hold a case for 15 minutes; again extends it. One conditional update, so that one moderator wins.

    Raises `NotAllowed` (no moderator, own opinion), `AlreadyDecided`, `HeldByAnother`.
    """
    _check_actor(actor, case.opinion)
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=actor) | Q(claimed_until__lt=now)
    updated = Case.objects.filter(free, pk=case.pk, closed_at=None).update(claimed_by=actor, claimed_until=now + CLAIM)
    fresh = Case.objects.get(pk=case.pk)
    if not updated:
        _refuse(fresh)
    return fresh


def publish(*, actor: User, case: Case, version_id: int | None = None, note: str = "") -> Opinion:
    """Publish the opinion of a case: it gets its place in the order of publication and is open to votes.

    Takes the consultation's exclusive lock, because it changes what counts. Raises as `claim`, and `TextMoved`
    when `version_id` is given and no longer the case's.
    """
    with transaction.atomic():
        held, opinion = hold("publish", actor=actor, case=case, version_id=version_id)
        opinion.version_id = held.version_id
        opinion.published_at = timezone.now()
        opinion.publish_sequence = _next_publish_sequence(opinion.consultation_id)
        decide("publish", actor=actor, case=held, opinion=opinion, note=note)
        voting.retally([opinion.pk])
        waking.on_commit(waking.VECTORS)
        return opinion


def reject(*, actor: User, case: Case, reason: str, version_id: int | None = None, note: str = "") -> Opinion:
    """Reject the opinion of a case, with a reason that its author is told. Raises as `publish`, and `Invalid`."""
    check_words("reject", reason, note)
    with transaction.atomic():
        held, opinion = hold("reject", actor=actor, case=case, version_id=version_id)
        decide("reject", actor=actor, case=held, opinion=opinion, reason=reason, note=note)
        return opinion


def hold(verb: str, *, actor: User, case: Case, version_id: int | None) -> tuple[Case, Opinion]:
    """The case and its opinion, locked, when this verb may be said now; call inside a transaction.

    Takes the consultation's exclusive lock first. Raises as `publish`.
    """
    locks.take(case.opinion.consultation_id)
    held = Case.objects.select_for_update().get(pk=case.pk)
    opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=held.opinion_id)
    _check_actor(actor, opinion)
    if held.kind != states.MOVES[verb].case:
        raise WrongCase(_("This case is decided in another way."))
    check_free(held, actor, allowed=states.allowed(verb, opinion.state))
    if version_id is not None and version_id != held.version_id:
        raise TextMoved(_("The author changed the text meanwhile. Please read it again."))
    return held, opinion


def decide(verb: str, *, actor: User, case: Case, opinion: Opinion, reason: str = "", note: str = "") -> Decision:
    """Write the decision, move the opinion (its other changed columns go along), close the case, tell the author."""
    decision = record(verb, opinion=opinion, actor=actor, case=case, reason=reason, note=note)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now(), claimed_by=actor)
    tell_author(decision)
    return decision


def record(
    verb: str, *, opinion: Opinion, actor: User | None, case: Case | None = None, reason: str = "", note: str = ""
) -> Decision:
    """One insert-only row, and the opinion moved as the table of states says."""
    move = states.MOVES[verb]
    decision = Decision.objects.create(
        opinion=opinion,
        case=case,
        actor=actor,
        verb=verb,
        from_state=opinion.state,
        to_state=move.target,
        reason=reason,
        note=note,
        versions=[case.version_id if case else opinion.version_id],
    )
    opinion.state = move.target
    if move.target != State.CHANGES_REQUESTED:
        opinion.changes_due_at = None
    opinion.save(update_fields=["state", "version", "published_at", "publish_sequence", "changes_due_at"])
    if opinion.state == State.PUBLISHED:
        search.index([opinion.pk])
    return decision


def tell_author(decision: Decision) -> None:
    author = decision.opinion.author
    if author is not None and author.user is not None:
        occasions.notify("opinion_decided", target=f"decision:{decision.pk}", people=[author.user])


def _next_publish_sequence(consultation_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_consultation SET last_publish_sequence = last_publish_sequence + 1"
            " WHERE id = %s RETURNING last_publish_sequence",
            [consultation_id],
        )
        return int(cursor.fetchone()[0])


def check_words(verb: str, reason: str, note: str) -> None:
    """Raise `Invalid` when a verb lacks the reason or the words that it needs, or has too many of them."""
    move = states.MOVES[verb]
    if len(note) > NOTE_LENGTH:
        message = str(_("At most %(most)d characters.") % {"most": NOTE_LENGTH})
        raise Invalid(message, fields={"note": [message]})
    if move.needs_reason and reason not in Reason.values:
        raise Invalid(_("Please choose a reason."), fields={"reason": [str(_("Please choose a reason."))]})
    if reason and reason not in Reason.values:
        raise Invalid(_("Please choose a reason."), fields={"reason": [str(_("Please choose a reason."))]})
    if (move.needs_note or reason == Reason.OTHER) and not note.strip():
        message = str(_("Please write the reason in words."))
        raise Invalid(message, fields={"note": [message]})


def _check_actor(actor: User, opinion: Opinion) -> None:
    check_actor(actor, opinion.author.user_id if opinion.author is not None else None)


def check_actor(actor: User, author_id: UUID | None) -> None:
    """Raise `NotAllowed` for who is no moderator, and for the author."""
    if not access.is_moderator(actor):
        raise NotAllowed(_("Only moderators decide on opinions."))
    if not access.may_decide(actor, author_id):
        raise NotAllowed(_("Nobody decides on an own opinion."), code="own_opinion")


def check_free(case: Case, actor: User, *, allowed: bool) -> None:
    """Raise `AlreadyDecided` or `HeldByAnother` when the case is not this moderator's to decide on now."""
    if case.closed_at is not None or not allowed:
        _refuse(case)
    if case.claimed_by_id not in (None, actor.pk) and case.claimed_until and case.claimed_until > timezone.now():
        _refuse(case)


def _refuse(case: Case) -> None:
    """Say who was first and when; nothing is stored."""
    zone = timezone.get_current_timezone()
    who = case.claimed_by.name if case.claimed_by else ""
    if case.closed_at is not None:
        at = case.closed_at.astimezone(zone).strftime("%H:%M")
        if not who:  # withdrawn by its author, or lapsed
            raise AlreadyDecided(_("This was closed at %(at)s. Nothing was stored.") % {"at": at})
        raise AlreadyDecided(_("%(who)s decided on this at %(at)s. Nothing was stored.") % {"who": who, "at": at})
    until = case.claimed_until.astimezone(zone).strftime("%H:%M") if case.claimed_until else ""
    raise HeldByAnother(_("%(who)s is working on this until %(until)s.") % {"who": who, "until": until})
