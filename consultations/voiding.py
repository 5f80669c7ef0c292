"""Ending and restoring somebody's part in a consultation: against fraud, by an organiser, with a reason.

The votes of a voided participant leave every count and come back unchanged when they are restored.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db, text
from common.errors import DomainError, Invalid, NotAllowed
from consultations import locks, voting
from consultations.models import Participant, Voiding, Vote
from notifications import occasions

LONGEST = 300
KIND = "participation_changed"


class NothingToChange(DomainError):
    """The participant is voided already, or was not."""

    code = "nothing_to_change"


def void(*, actor: User, participant: Participant, reason: str) -> Participant:
    """Take a participant's votes, priorities and marks out of every count; they can do no more here, and are told why.

    Exclusive lock, and the count anew of whatever they voted on. Raises `NotAllowed` (organisers only, and nobody
    ends their own part), `Invalid` without a reason, `NothingToChange`.
    """
    return _change(actor, participant, reason, voids=True)


def restore(*, actor: User, participant: Participant, reason: str) -> Participant:
    """Let a voided participant's votes count again. Locks and errors as `void`."""
    return _change(actor, participant, reason, voids=False)


def _change(actor: User, participant: Participant, reason: str, *, voids: bool) -> Participant:
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers do this."))
    if participant.user_id == actor.pk:
        raise NotAllowed(_("Nobody decides on their own part."))
    words = text.clean_line(reason)
    if not words or len(words) > LONGEST:
        message = str(_("Please write the reason, in at most %(most)d characters.") % {"most": LONGEST})
        raise Invalid(message, fields={"reason": [message]})
    with transaction.atomic():
        locks.take(participant.consultation_id)
        held = Participant.objects.select_for_update(of=("self",)).select_related("user").get(pk=participant.pk)
        if (held.voided_at is not None) is voids:
            raise NothingToChange(_("This has been done already."))
        held.voided_at, held.void_reason = (db.now(), words) if voids else (None, "")
        held.save(update_fields=["voided_at", "void_reason"])
        record = Voiding.objects.create(participant=held, actor=actor, voids=voids, reason=words)
        voting.retally(Vote.objects.filter(participant=held).values_list("opinion", flat=True))
        if held.user is not None:
            occasions.notify(KIND, target=f"voiding:{record.pk}", people=[held.user])
        return held
