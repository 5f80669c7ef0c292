"""Deciding on opinions: claim a case, publish, reject. Every decision is one insert-only row.

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
from consultations import locks, states, voting
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
    return _decide("publish", actor=actor, case=case, version_id=version_id, note=note)


def reject(*, actor: User, case: Case, reason: str, version_id: int | None = None, note: str = "") -> Opinion:
    """Reject the opinion of a case, with a reason that its author is told. Raises as `publish`, and `Invalid`."""
    return _decide("reject", actor=actor, case=case, version_id=version_id, reason=reason, note=note)


def _decide(verb: str, *, actor: User, case: Case, version_id: int | None, reason: str = "", note: str = "") -> Opinion:
    move = states.MOVES[verb]
    _check_reason(move, reason, note)
    with transaction.atomic():
        locks.take(case.opinion.consultation_id)
        held = Case.objects.select_for_update().get(pk=case.pk)
        opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=held.opinion_id)
        _check_actor(actor, opinion)
        if held.closed_at is not None or not states.allowed(verb, opinion.state):
            _refuse(held)
        if held.claimed_by_id not in (None, actor.pk) and held.claimed_until and held.claimed_until > timezone.now():
            _refuse(held)
        if version_id is not None and version_id != held.version_id:
            raise TextMoved(_("The author changed the text meanwhile. Please read it again."))
        return _carry_out(move, actor, held, opinion, reason, note)


def _carry_out(move: states.Move, actor: User, case: Case, opinion: Opinion, reason: str, note: str) -> Opinion:
    now = timezone.now()
    decision = Decision.objects.create(
        opinion=opinion,
        case=case,
        actor=actor,
        verb=move.verb,
        from_state=opinion.state,
        to_state=move.target,
        reason=reason,
        note=note,
        versions=[case.version_id],
    )
    opinion.state = move.target
    if move.target == State.PUBLISHED:
        opinion.version_id = case.version_id
        opinion.published_at = now
        opinion.publish_sequence = _next_publish_sequence(opinion.consultation_id)
    opinion.save(update_fields=["state", "version", "published_at", "publish_sequence"])
    Case.objects.filter(pk=case.pk).update(closed_at=now, claimed_by=actor)
    voting.retally([opinion.pk])
    if opinion.author is not None and opinion.author.user is not None:
        occasions.notify("opinion_decided", target=f"decision:{decision.pk}", people=[opinion.author.user])
    return opinion


def _next_publish_sequence(consultation_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_consultation SET last_publish_sequence = last_publish_sequence + 1"
            " WHERE id = %s RETURNING last_publish_sequence",
            [consultation_id],
        )
        return int(cursor.fetchone()[0])


def _check_reason(move: states.Move, reason: str, note: str) -> None:
    if len(note) > NOTE_LENGTH:
        message = str(_("At most %(most)d characters.") % {"most": NOTE_LENGTH})
        raise Invalid(message, fields={"note": [message]})
    if not move.needs_reason:
        return
    if reason not in Reason.values:
        raise Invalid(_("Please choose a reason."), fields={"reason": [str(_("Please choose a reason."))]})
    if reason == Reason.OTHER and not note.strip():
        message = str(_("Please write the reason in words."))
        raise Invalid(message, fields={"note": [message]})


def _check_actor(actor: User, opinion: Opinion) -> None:
    author_id: UUID | None = opinion.author.user_id if opinion.author is not None else None
    if not access.is_moderator(actor):
        raise NotAllowed(_("Only moderators decide on opinions."))
    if not access.may_decide(actor, author_id):
        raise NotAllowed(_("Nobody decides on an own opinion."), code="own_opinion")


def _refuse(case: Case) -> None:
    """Say who was first and when; nothing is stored."""
    zone = timezone.get_current_timezone()
    who = case.claimed_by.name if case.claimed_by else ""
    if case.closed_at is not None:
        at = case.closed_at.astimezone(zone).strftime("%H:%M")
        raise AlreadyDecided(_("%(who)s decided on this at %(at)s. Nothing was stored.") % {"who": who, "at": at})
    until = case.claimed_until.astimezone(zone).strftime("%H:%M") if case.claimed_until else ""
    raise HeldByAnother(_("%(who)s is working on this until %(until)s.") % {"who": who, "until": until})
