"""An opinion that somebody enters for another: for a named member, or from the floor of a meeting, or both.

Source and who entered it are shown; a member gets a receipt, may withdraw it, and decides on its text from then on. Who
entered it does not decide on it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Role, User
from common import db
from common.errors import Invalid, NotAllowed
from consultations import locks, roll, submission
from consultations.models import Consultation, Opinion
from consultations.models.opinions import Source
from summit.models import Meeting


def enter(
    *,
    actor: User,
    consultation: Consultation,
    fields: Mapping[str, Any],
    member: User | None = None,
    meeting: Meeting | None = None,
    key: str | None = None,
) -> Opinion:
    """Submit an opinion for a member, or without one from the floor of a meeting; it waits for a moderator as others do.

    `fields` as in `submission.submit`. The same key of the same person again gives the first opinion again. Takes the
    consultation's shared lock and reads the phase after it. Raises `NotAllowed` (neither moderator nor secretary of a
    society of the member; the member may not take part), `SubmissionsClosed`, `Invalid`, `KeyReused` (the same key for
    somebody else, or with another text).
    """
    _check_may_enter(actor, member)
    if member is None and meeting is None:
        raise Invalid(_("Say for which member, or at which meeting this was said."))
    if meeting is not None and meeting.summit_id != consultation.summit_id:
        raise Invalid(_("This meeting belongs to another summit."))
    checked = submission.check(fields, consultation)
    with transaction.atomic():
        locks.share(consultation.pk)
        fresh = Consultation.objects.get(pk=consultation.pk)
        earlier = _earlier(actor, fresh, key)
        if earlier is not None:
            _check_same_person(earlier, member, meeting)
            return submission.same_or_refuse(earlier, checked)
        submission.check_open(fresh, db.now())
        author = None if member is None else roll.enter(user=member, consultation=fresh)
        source = Source.ENTERED if meeting is None else Source.FLOOR
        return submission.store(fresh, author, checked, source, key, entered_by=actor, meeting=meeting)


def enters_for_others(person: access.Person) -> bool:
    """Whether somebody enters opinions for others at all; for whom, `may_enter` says."""
    return bool(access.roles_of(person) & {Role.MODERATOR, Role.SECRETARY})


def may_enter(person: User, member: User | None) -> bool:
    """Moderators for everybody; secretaries for members of a society that they vouch for."""
    if access.is_moderator(person):
        return True
    membership = None if member is None else roll.current_membership(member)
    return membership is not None and access.is_secretary_of(person, membership.society_id)


def _check_may_enter(actor: User, member: User | None) -> None:
    if not may_enter(actor, member):
        raise NotAllowed(_("Only moderators, and secretaries for members of their society, enter opinions for others."))
    if member is not None and member.pk == actor.pk:
        raise NotAllowed(_("Please submit your own opinions by the form."), code="own_opinion")


def _check_same_person(earlier: Opinion, member: User | None, meeting: Meeting | None) -> None:
    """Going back in the browser and choosing somebody else is another opinion, and needs a form of its own."""
    person = earlier.author.user_id if earlier.author is not None else None
    if (person, earlier.meeting_id) != (member and member.pk, meeting and meeting.pk):
        raise submission.KeyReused(_("This form was sent already, for somebody else. Please send it again."))


def _earlier(actor: User, consultation: Consultation, key: str | None) -> Opinion | None:
    """What this key of this person already made; parallel requests of one person wait for each other here."""
    if not key:
        return None
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    return (
        Opinion.objects.filter(consultation=consultation, entered_by=actor, idempotency_key=key[:80])
        .select_related("author")
        .first()
    )
