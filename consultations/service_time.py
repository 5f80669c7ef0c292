"""How long something waits, and how that stands against the service time, in words and by a mark.

The due times are columns of the case; a worker writes them (`working_time`), because it knows the public holidays.
"""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import models
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from consultations.models import Case


class Mark(models.TextChoices):
    """How a waiting case stands; a word and a sign, never a colour alone."""

    IN_TIME = "in_time", _("in time")
    HALF = "half", _("half of the time is over")
    LATE = "late", _("overdue")


SIGNS = {Mark.IN_TIME: "○", Mark.HALF: "◐", Mark.LATE: "●"}


def age(case: Case, now: datetime | None = None) -> timedelta:
    """How long it waits, or waited until it was closed, by the clock on the wall."""
    return max((case.closed_at or now or timezone.now()) - case.opened_at, timedelta())


def age_in_words(case: Case, now: datetime | None = None) -> str:
    """`age` in the reader's language: “3 hours, 20 minutes”."""
    until = case.closed_at or now or timezone.now()
    return timesince(case.opened_at, until)


class Times(Protocol):
    """What a waiting case, or a row of one, says of its times."""

    @property
    def opened_at(self) -> datetime: ...
    @property
    def half_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...


def in_words(times: Times, at: datetime) -> str:
    """Sign and age, and in words how it stands where half of the time is over: “● 5 hours · overdue”."""
    mark = mark_of(times, at)
    age = f"{SIGNS[mark]} {timesince(times.opened_at, at)}"
    return age if mark == Mark.IN_TIME else f"{age} · {mark.label}"


def mark_of(times: Times, at: datetime) -> Mark:
    """How something stands at a moment; what no worker has looked at yet is in time."""
    if times.due_at is not None and at >= times.due_at:
        return Mark.LATE
    return Mark.HALF if times.half_at is not None and at >= times.half_at else Mark.IN_TIME


def mark(case: Case, now: datetime | None = None) -> Mark:
    """How it stands; a case that no worker has looked at yet is in time."""
    return mark_of(case, case.closed_at or now or timezone.now())
