"""Calendar files (RFC 5545): the same meeting is the same event in every calendar, whatever changes.

The UID comes from the meeting's id, SEQUENCE grows with each change, DTSTAMP is the moment of the last one;
so the same meeting gives the same bytes. Times are in UTC: each calendar shows them on its owner's clock.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from notifications.kinds import absolute
from summit.models import Meeting, Summit

REMIND_BEFORE = timedelta(hours=1)


def meeting_calendar(meeting: Meeting, *, method: str = "PUBLISH", attendee: str = "") -> bytes:
    """One meeting as a calendar file. `method`: PUBLISH, REQUEST or CANCEL; the latter two name the attendee."""
    return _file([_event(meeting, method, attendee)], method)


def summit_calendar(summit: Summit) -> bytes:
    """All meetings of a summit as one calendar; cancelled ones stay in it, marked so that calendars drop them."""
    meetings = summit.meetings.select_related("summit").prefetch_related("agenda")
    return _file([_event(meeting, "PUBLISH", "") for meeting in meetings], "PUBLISH", name=summit.title)


def _file(events: Iterable[Event], method: str, *, name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{urlsplit(settings.SITE_URL).hostname}//Summit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _event(meeting: Meeting, method: str, attendee: str) -> Event:
    cancelled = method == "CANCEL" or meeting.is_cancelled
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", _utc(meeting.changed_at))
    event.add("last-modified", _utc(meeting.changed_at))
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.ends_at))
    event.add("summary", f"{meeting.summit.title}: {meeting.title}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", absolute(meeting.get_absolute_url()))
    if place := ", ".join(part for part in (meeting.place, meeting.address) if part):
        event.add("location", place)
    if description := _description(meeting):
        event.add("description", description)
    if method != "PUBLISH":
        _add_people(event, attendee)
    if not cancelled:
        event.add_component(_alarm(meeting))
    return event


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _description(meeting: Meeting) -> str:
    agenda = [
        f"{n}. {item.title}{f' ({item.speaker})' if item.speaker else ''}"
        for n, item in enumerate(meeting.agenda.all(), 1)
    ]
    return "\n".join(part for part in (meeting.about, *agenda) if part)


def _add_people(event: Event, attendee: str) -> None:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = vText(name or address)
    event["organizer"] = organiser
    if attendee:
        event.add("attendee", f"mailto:{attendee}", parameters={"RSVP": "FALSE", "PARTSTAT": "ACCEPTED"})


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm
