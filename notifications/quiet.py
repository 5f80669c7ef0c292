"""Quiet hours: from 21:00 to 08:00 where the reader is, nothing goes out that can wait."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

FROM, UNTIL = time(21), time(8)
LAST_CALL = time(20, 30)
#: What starts this soon after it is due cannot wait.
SOON = timedelta(hours=3)


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a name; the site's own where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def release_at(due: datetime, zone_name: str, *, event: datetime | None = None) -> datetime:
    """When something that is due may go out to a reader in a zone.

    Quiet hours move it to the next 08:00 on the reader's clock, whatever summer time does that night.
    An event that starts within three hours is not waited for; where 08:00 would be after the event, it
    goes out at 20:30 on the evening before, or at once when that is over.
    """
    where = zone(zone_name)
    local = due.astimezone(where)
    if UNTIL <= local.time() < FROM or (event is not None and event - due <= SOON):
        return due
    day = local.date() + timedelta(days=1 if local.time() >= FROM else 0)
    morning = datetime.combine(day, UNTIL, where).astimezone(UTC)
    if event is None or morning < event:
        return morning
    evening = datetime.combine(event.astimezone(where).date() - timedelta(days=1), LAST_CALL, where)
    return max(due, evening.astimezone(UTC))
