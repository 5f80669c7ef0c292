"""The time zones that a person chooses from: those that people here often need, then all others by region."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Choice = tuple[str, str | Promise]

#: Where members of the societies mostly live and work.
OFTEN: dict[str, str | Promise] = {
    "Asia/Seoul": _("Seoul"),
    "Asia/Tokyo": _("Tokyo"),
    "Asia/Shanghai": _("Beijing, Shanghai"),
    "Asia/Singapore": _("Singapore"),
    "Europe/London": _("London"),
    "Europe/Paris": _("Paris, Berlin, Zurich"),
    "America/New_York": _("New York, Boston"),
    "America/Chicago": _("Chicago"),
    "America/Los_Angeles": _("Los Angeles, San Francisco"),
    "Australia/Sydney": _("Sydney"),
    "UTC": _("Coordinated universal time"),
}
REGIONS: dict[str, str | Promise] = {
    "Asia": _("Asia"),
    "America": _("America"),
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "Australia": _("Australia"),
    "Pacific": _("Pacific Ocean"),
    "Atlantic": _("Atlantic Ocean"),
    "Indian": _("Indian Ocean"),
    "Antarctica": _("Antarctica"),
}


def choices(kept: str) -> list[tuple[str | Promise, list[Choice]]]:
    """Groups of choices, each with its distance from UTC now; `kept` is among them whatever it is."""
    now = timezone.now()
    often: list[Choice] = [(name, format_lazy("{} ({})", label, _offset(name, now))) for name, label in OFTEN.items()]
    groups = [(label, list(_of_region(region, now.date().isoformat()))) for region, label in REGIONS.items()]
    known = OFTEN.keys() | {name for _label, group in groups for name, _text in group}
    if kept not in known and kept in available_timezones():
        often.append((kept, kept))
    return [(_("Often chosen"), often), *groups]


@lru_cache(maxsize=2 * len(REGIONS))
def _of_region(region: str, day: str) -> tuple[Choice, ...]:
    """The cities of a region in the order of their names, as of a day; without those that are often chosen."""
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    names = sorted(n for n in available_timezones() if n.startswith(f"{region}/") and n not in OFTEN)
    return tuple((name, f"{_city(name)} ({_offset(name, now)})") for name in names)


def _city(name: str) -> str:
    """America/Argentina/Buenos_Aires → Argentina, Buenos Aires."""
    return ", ".join(name.split("/")[1:]).replace("_", " ")


def _offset(name: str, now: datetime) -> str:
    """How far a zone is from UTC at a moment: UTC+9, UTC−3:30."""
    minutes = int((now.astimezone(ZoneInfo(name)).utcoffset() or now - now).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
