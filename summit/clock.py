"""Times that people type and read: on the clock of a meeting's place, and on the reader's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from common import moments
from common.errors import Invalid


def from_local(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a clock in the zone shows so.

    An hour that summer time skips does not exist: `Invalid`. One that comes twice is the first of the two.
    """
    moments.check(naive)
    moment = naive.replace(tzinfo=zone, fold=0)
    back = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != naive:
        raise Invalid(
            _("This time does not exist in %(zone)s: clocks are put forward then. Please choose another hour.")
            % {"zone": zone.key}
        )
    return moment.astimezone(UTC)


def to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in the zone shows, as a form field takes it."""
    return moment.astimezone(zone).replace(tzinfo=None)


def span(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """From when to when, in words, with the zone named: “… 14:00–17:00 (Asia/Seoul, KST)”."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    form = "H:i" if first.date() == last.date() else "MOMENT_FORMAT"
    until = formats.date_format(last, form)
    named = zone.key if first.tzname() in (None, zone.key) else f"{zone.key}, {first.tzname()}"
    return f"{formats.date_format(first, 'MOMENT_FORMAT')}–{until} ({named})"


def same_clock(moment: datetime, one: ZoneInfo, other: ZoneInfo) -> bool:
    """Whether clocks in both zones show the same at that moment."""
    return moment.astimezone(one).utcoffset() == moment.astimezone(other).utcoffset()
