"""Coming to a meeting: register, cancel, invite. Doing either twice changes nothing."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import db
from common.errors import DomainError
from notifications import occasions
from summit.models import Meeting, Registration

State = Registration.State


class Full(DomainError):
    """Every place is taken."""

    code = "full"


class RegistrationClosed(DomainError):
    """The meeting has begun, or it was called off."""

    code = "registration_closed"


def register(*, user: User, meeting: Meeting) -> Registration:
    """Give a person a place; they get a receipt with a calendar file. Again: the same place, no second receipt.

    Locks the meeting's row, so that two people cannot take the last place. Raises `RegistrationClosed`
    (begun or cancelled, by the database's clock) and `Full`.
    """
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        place = Registration.objects.filter(meeting=fresh, user=user).first()
        if place is not None and place.state == State.REGISTERED:
            return place
        _check_open(fresh)
        if fresh.capacity is not None and taken(fresh) >= fresh.capacity:
            raise Full(_("All places at this meeting are taken."))
        place = _take(place, user, fresh)
        occasions.notify(
            "registered",
            target=f"registration:{place.pk}",
            version=str(place.turn),
            people=[user],
            facts={"meeting": str(fresh.pk)},
        )
    return place


def cancel(*, user: User, meeting: Meeting) -> None:
    """Give a place back, or decline an invitation. The row is kept; without one, or again, nothing changes."""
    with transaction.atomic():
        Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        Registration.objects.filter(meeting=meeting, user=user).exclude(state=State.CANCELLED).update(
            state=State.CANCELLED
        )


def invite(*, meeting: Meeting, people: Iterable[User]) -> int:
    """Invite people who have no registration yet, each once; gives the number of new invitations.

    Who registered, declined or was invited before is left alone. An invitation holds no place. Locks the
    meeting's row. Raises `RegistrationClosed`.
    """
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        _check_open(fresh)
        wanted = {person.pk: person for person in people}
        known = set(Registration.objects.filter(meeting=fresh, user__in=wanted).values_list("user_id", flat=True))
        new = [Registration(meeting=fresh, user=wanted[pk], state=State.INVITED) for pk in wanted if pk not in known]
        for invitation in Registration.objects.bulk_create(new):
            occasions.notify(
                "meeting_invited",
                target=f"registration:{invitation.pk}",
                people=[invitation.user],
                facts={"meeting": str(fresh.pk)},
            )
    return len(new)


def taken(meeting: Meeting) -> int:
    """How many places are taken."""
    return meeting.registrations.filter(state=State.REGISTERED).count()


def is_open(meeting: Meeting) -> bool:
    """Whether somebody may register now, places apart."""
    return not meeting.is_cancelled and db.now() < meeting.starts_at


def _check_open(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise RegistrationClosed(_("This meeting was cancelled."))
    if db.now() >= meeting.starts_at:
        raise RegistrationClosed(_("Registration closed when the meeting began."))


def _take(place: Registration | None, user: User, meeting: Meeting) -> Registration:
    if place is None:
        return Registration.objects.create(meeting=meeting, user=user)
    if place.state == State.CANCELLED:
        place.turn += 1
    place.state = State.REGISTERED
    place.save(update_fields=["state", "turn"])
    return place
