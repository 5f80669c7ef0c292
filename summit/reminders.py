"""Reminding the registrants of a meeting at once, at an organiser's wish."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db
from common.errors import NotAllowed
from notifications import occasions
from notifications.models import Occasion
from summit.models import Meeting
from summit.registration import RegistrationClosed

KIND = "meeting_reminder"
#: One reminder a meeting in this time.
PAUSE = timedelta(hours=1)


def remind_now(*, actor: User, meeting: Meeting) -> Occasion:
    """Remind everyone who is registered: an occasion due at once. Within the hour: the same one again.

    Locks the meeting's row, so that two presses make one occasion. Raises `NotAllowed` (organisers only) and
    `RegistrationClosed` for a meeting that has begun or was cancelled.
    """
    return remind(actor=actor, meeting=meeting)[0]


def remind(*, actor: User, meeting: Meeting) -> tuple[Occasion, bool]:
    """`remind_now`, and whether the occasion is a new one."""
    if not access.is_organiser(actor):
        raise NotAllowed(_("Only organisers may send reminders."))
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        now = db.now()
        if fresh.is_cancelled or now >= fresh.starts_at:
            raise RegistrationClosed(_("This meeting has begun or was cancelled: nobody is reminded of it."))
        earlier = latest(fresh)
        if earlier is not None and earlier.created_at > now - PAUSE:
            return earlier, False
        made = occasions.plan(
            KIND, target=target(fresh), version=f"now-{now:%Y%m%dT%H%M%S}", due_at=now, facts={"by": str(actor.pk)}
        )
    return made, True


def latest(meeting: Meeting) -> Occasion | None:
    """The last reminder that an organiser asked for and that was not called off."""
    asked = Occasion.objects.filter(kind=KIND, target=target(meeting), version__startswith="now-")
    return asked.exclude(state=Occasion.State.CANCELLED).order_by("-created_at").first()


def target(meeting: Meeting) -> str:
    """How occasions name a meeting."""
    return f"meeting:{meeting.pk}"
