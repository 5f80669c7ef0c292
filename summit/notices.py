"""What people are told about meetings, and in which words."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import kinds, quiet
from notifications.kinds import Kind, Mail, absolute
from notifications.models import Occasion
from summit import calendar, clock
from summit.models import Meeting, Registration

State = Registration.State


def register() -> None:
    """Register the kinds; called when the app starts."""
    kinds.register(Kind("registered", _registered, compulsory=True, urgent=True))
    kinds.register(Kind("meeting_invited", _invited, event_at=_start))
    kinds.register(Kind("meeting_reminder", _reminder, audience=_registrants, event_at=_start))
    kinds.register(Kind("meeting_changed", _changed, audience=_registrants, compulsory=True, event_at=_start))
    kinds.register(Kind("meeting_cancelled", _cancelled, audience=_registrants, compulsory=True, urgent=True))


def _meeting(occasion: Occasion) -> Meeting | None:
    """The meeting of an occasion, as it stands now."""
    pk = occasion.facts.get("meeting") or occasion.target.removeprefix("meeting:")
    return Meeting.objects.select_related("summit").prefetch_related("agenda").filter(pk=pk).first()


def _start(occasion: Occasion) -> datetime | None:
    pk = occasion.facts.get("meeting") or occasion.target.removeprefix("meeting:")
    return Meeting.objects.filter(pk=pk).values_list("starts_at", flat=True).first()


def _registrants(occasion: Occasion) -> QuerySet[User]:
    pk = UUID(occasion.target.removeprefix("meeting:"))
    return User.objects.filter(registrations__meeting=pk, registrations__state=State.REGISTERED)


def _coming(occasion: Occasion, user: User, *states: str) -> Meeting | None:
    """The meeting, when it lies ahead and the person still belongs to those who are told about it."""
    meeting = _meeting(occasion)
    if meeting is None or meeting.is_cancelled or meeting.starts_at <= timezone.now():
        return None
    return meeting if meeting.registrations.filter(user=user, state__in=states).exists() else None


def _when_and_where(meeting: Meeting, user: User) -> list[str]:
    lines = [clock.span(meeting.starts_at, meeting.ends_at, meeting.zone)]
    own = quiet.zone(user.time_zone)
    if not clock.same_clock(meeting.starts_at, meeting.zone, own):
        lines.append(_("On your clock: %(time)s") % {"time": clock.span(meeting.starts_at, meeting.ends_at, own)})
    lines += [part for part in (meeting.place, meeting.address) if part]
    return ["\n".join(lines)]


def _agenda(meeting: Meeting) -> list[str]:
    items = [f"· {item.title}" + (f" ({item.speaker})" if item.speaker else "") for item in meeting.agenda.all()]
    return ["\n".join([_("Agenda:"), *items])] if items else []


def _mail(meeting: Meeting, subject: str, paragraphs: list[str], *, file: bool = True) -> Mail:
    return Mail(
        subject=subject,
        paragraphs=paragraphs,
        link=absolute(meeting.get_absolute_url()),
        link_text=_("Agenda, place and registration"),
        calendar=calendar.meeting_calendar(meeting).decode() if file else "",
        calendar_method="PUBLISH" if file else "",
    )


def _registered(occasion: Occasion, user: User) -> Mail | None:
    meeting = _coming(occasion, user, State.REGISTERED)
    if meeting is None:
        return None
    return _mail(
        meeting,
        _("You are registered: %(meeting)s") % {"meeting": meeting.title},
        [
            _("You have a place at “%(meeting)s” (%(summit)s).")
            % {"meeting": meeting.title, "summit": meeting.summit.title},
            *_when_and_where(meeting, user),
            _(
                "The attached file puts it into your calendar. If you cannot come, please give your place back on the page of the meeting."
            ),
        ],
    )


def _invited(occasion: Occasion, user: User) -> Mail | None:
    meeting = _coming(occasion, user, State.INVITED)
    if meeting is None:
        return None
    return _mail(
        meeting,
        _("Invitation: %(meeting)s") % {"meeting": meeting.title},
        [
            _("You are invited to “%(meeting)s” (%(summit)s).")
            % {"meeting": meeting.title, "summit": meeting.summit.title},
            *_when_and_where(meeting, user),
            *_agenda(meeting),
            _("Please register on the page of the meeting. Sign in with this e-mail address; there is no password."),
        ],
    )


def _reminder(occasion: Occasion, user: User) -> Mail | None:
    meeting = _coming(occasion, user, State.REGISTERED)
    if meeting is None:
        return None
    return _mail(
        meeting,
        _("Reminder: %(meeting)s") % {"meeting": meeting.title},
        [
            _("You are registered for “%(meeting)s” (%(summit)s).")
            % {"meeting": meeting.title, "summit": meeting.summit.title},
            *_when_and_where(meeting, user),
            *_agenda(meeting),
            _("If you cannot come, please give your place back on the page of the meeting."),
        ],
    )


def _changed(occasion: Occasion, user: User) -> Mail | None:
    meeting = _coming(occasion, user, State.REGISTERED)
    if meeting is None:
        return None
    return _mail(
        meeting,
        _("Changed: %(meeting)s") % {"meeting": meeting.title},
        [
            _("The time, the place or the title of a meeting that you are registered for has changed. It is now:"),
            meeting.title,
            *_when_and_where(meeting, user),
            _("The attached file changes it in your calendar."),
        ],
    )


def _cancelled(occasion: Occasion, user: User) -> Mail | None:
    meeting = _meeting(occasion)
    if meeting is None or not meeting.is_cancelled:
        return None
    return _mail(
        meeting,
        _("Cancelled: %(meeting)s") % {"meeting": meeting.title},
        [
            _("“%(meeting)s” (%(summit)s) does not take place.")
            % {"meeting": meeting.title, "summit": meeting.summit.title},
            *_when_and_where(meeting, user),
            _("The attached file marks it as cancelled in your calendar."),
        ],
    )
