"""When somebody is reminded of a recommendation that waits for an answer: one planned occasion at a time.

14, 3 and 0 days before the answer is due, then weekly. The next occasion is planned when one is expanded, from the clock
as it stands then: after an outage one reminder goes, not all that were missed.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from digests.models import Recommendation
from notifications import occasions

KIND = "response_due"
DAYS_BEFORE = (14, 3, 0)
WEEK = timedelta(days=7)
AT = time(9)


def moments(due_on: date) -> list[datetime]:
    """The reminders before the answer is due, at nine in the site's zone."""
    return [_morning(due_on - timedelta(days=days)) for days in DAYS_BEFORE]


def next_after(due_on: date, after: datetime) -> datetime:
    """The first reminder after a moment: one of `moments`, or a whole number of weeks after the day it was due."""
    for moment in moments(due_on):
        if moment > after:
            return moment
    weeks = max((timezone.localdate(after) - due_on).days // 7, 1)
    following = _morning(due_on + weeks * WEEK)
    return following if following > after else _morning(due_on + (weeks + 1) * WEEK)


def plan_next(recommendation: Recommendation, after: datetime) -> None:
    """Plan the next reminder, once for its day."""
    moment = next_after(recommendation.due_on, after)
    version = timezone.localdate(moment).isoformat()
    occasions.plan(KIND, target=target(recommendation), version=version, due_at=moment)


def target(recommendation: Recommendation) -> str:
    """How occasions name a recommendation."""
    return f"recommendation:{recommendation.pk}"


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, AT))
