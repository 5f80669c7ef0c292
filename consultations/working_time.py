"""When a case is due: four working hours, one on the day of a meeting and for what several societies reported.

Working time is 9:00 to 18:00 on working days in the site's zone; Korean public holidays and weekends are none, unless an
organiser says so for a consultation. The day of a meeting always is working time, from 8:30 until it ends. What was
opened before the last quarter of the voting time is due before it begins. For workers only: web processes never import
this, because the table of holidays takes half a second to load.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from django.db.models import Q
from django.utils import timezone

from consultations import queue_notices
from consultations.models import Case, Consultation
from consultations.states import SERVICE, SHORT_SERVICE
from summit.models import Meeting

FROM, UNTIL = time(9), time(18)
MEETING_FROM = time(8, 30)
#: A case that no working day comes for is due after so many days at the latest.
_FARTHEST = 60


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year in Korea, substitutes included."""
    return frozenset(holidays.country_holidays("KR", years=year))


@dataclass
class Calendar:
    """The working time of a consultation's moderators. `meetings`: day → when its last meeting ends."""

    works_on_days_off: bool = False
    meetings: dict[date, datetime] = field(default_factory=dict)

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """From when to when people work on a day; None on a day off."""
        if day in self.meetings:
            return _at(day, MEETING_FROM), max(_at(day, UNTIL), self.meetings[day])
        is_off = day.weekday() >= 5 or day in public_holidays(day.year)
        return None if is_off and not self.works_on_days_off else (_at(day, FROM), _at(day, UNTIL))

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when so much working time has passed since a start."""
        day, left = timezone.localdate(start), amount
        for step in range(_FARTHEST):
            hours = self.hours(day + timedelta(days=step))
            if hours is None:
                continue
            begin, end = max(hours[0], start), hours[1]
            if begin < end and end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta())
        return start + timedelta(days=_FARTHEST)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments."""
        total, day = timedelta(), timezone.localdate(start)
        while day <= timezone.localdate(end):
            hours = self.hours(day)
            if hours is not None:
                total += max(min(hours[1], end) - max(hours[0], start), timedelta())
            day += timedelta(days=1)
        return total


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def calendar_of(consultation: Consultation) -> Calendar:
    """The working time that holds for a consultation: its own setting, and the meetings of its summit."""
    days: dict[date, datetime] = {}
    for meeting in Meeting.objects.filter(summit=consultation.summit_id, is_cancelled=False):
        day, last = timezone.localdate(meeting.starts_at), timezone.localdate(meeting.ends_at)
        while day <= last:
            end = min(meeting.ends_at, _at(day, time.max))
            days[day] = max(days.get(day, end), end)
            day += timedelta(days=1)
    return Calendar(consultation.works_on_days_off, days)


# --- due times ----------------------------------------------------------------------------------------


def due_at(case: Case, calendar: Calendar | None = None) -> datetime:
    """When a case is to be decided on at the latest."""
    consultation = case.opinion.consultation
    calendar = calendar or calendar_of(consultation)
    due = calendar.after(case.opened_at, SERVICE)
    if case.urgent_since is not None:
        due = min(due, calendar.after(case.urgent_since, SHORT_SERVICE))
    for day in calendar.meetings:
        if timezone.localdate(case.opened_at) <= day <= timezone.localdate(due):
            begin = max(case.opened_at, _at(day, MEETING_FROM))
            due = min(due, calendar.after(begin, SHORT_SERVICE))
    quarter = _last_quarter(consultation)
    if case.opened_at < quarter:
        due = min(due, max(quarter, calendar.after(case.opened_at, SHORT_SERVICE)))
    return due


def half_at(case: Case, due: datetime, calendar: Calendar) -> datetime:
    """When half of the working time until it is due has passed."""
    return calendar.after(case.opened_at, calendar.between(case.opened_at, due) / 2)


def _last_quarter(consultation: Consultation) -> datetime:
    opens, closes = consultation.voting_open_at, consultation.voting_close_at
    return opens + (closes - opens) * 3 / 4


def keep() -> int:
    """Write the due times of cases that have none, and plan the reminders; gives the number of cases."""
    return _write(Case.objects.filter(closed_at=None).filter(Q(due_at=None) | Q(half_at=None)))


def refresh(consultation: Consultation | None = None) -> int:
    """Look at the due times of all waiting cases anew: a setting was changed, or a meeting moved. Gives the changes."""
    waiting = Case.objects.filter(closed_at=None)
    return _write(waiting if consultation is None else waiting.filter(opinion__consultation=consultation))


def _write(cases: Iterable[Case]) -> int:
    calendars: dict[int, Calendar] = {}
    changed = []
    found = Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("opinion__consultation")
    for case in found.order_by("opened_at"):
        consultation = case.opinion.consultation
        calendar = calendars.setdefault(consultation.pk, calendar_of(consultation))
        due = due_at(case, calendar)
        times = (half_at(case, due, calendar), due)
        if times != (case.half_at, case.due_at):
            case.half_at, case.due_at = times
            changed.append(case)
    Case.objects.bulk_update(changed, ["half_at", "due_at"], batch_size=500)
    queue_notices.plan(changed)
    return len(changed)
