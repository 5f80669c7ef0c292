"""How the moderators decide, in numbers: by week and in all. One definition for the public page, the API and the digest.

What counts, and where:

- *came in*: a case, in the week it was opened. A text that comes back after changes, or after an appeal, came in again.
- *decided*: a case that a moderator's decision closed, in the week it was closed. What its author withdrew, or the clock
  ended, was not decided.
- *acts*: decisions by what was done, in the week they were made; of two people's acts the second, which is in effect.
- *times*: from opening to closing, in whole minutes by the clock, so nights and weekends count. The median is the
  lower one of two.
- *in time*: closed before the case's due time as it stood then. A case decided before a worker had written it is in
  time within the shortest service time, else unknown, and not among the *timed*.
- *overturned*: appeals granted, of those decided.

What is undone within ten minutes was no decision, counts nowhere, and neither does what it opened. As rows of decisions
never change, a week stays as it is once its last ten minutes are over. Weeks are those of ISO 8601, in the site's zone.

Small numbers. A reason says something about an author, so it is counted as people are in the tables of a digest: under five
together with others (`analysis.cells`). "One for insult this week" must not follow from two looks at the page, nor from
the numbers of a week, so reasons stand in *periods* of whole, finished weeks with at least ten rejections, and a period
that would have one line has none. Reasons of removals are no part of it: they stand at each removed opinion's number, and
would give away the others by subtraction. Times are left out under five decisions, shares under five appeals.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from analysis import cells
from consultations import moderation_counts as counts
from consultations.models import Case, Consultation
from consultations.moderation_counts import Times
from consultations.states import TIME_TO_UNDO, VERBS, Who

SMALLEST = cells.SMALLEST
#: So many rejections are needed before they are told apart by reason: two lines of the smallest size.
PERIOD = 2 * SMALLEST
WEEK = timedelta(days=7)

KINDS = tuple(str(kind) for kind in Case.Kind)
#: What was done → the verb that did it.
ACTS: Mapping[str, str] = {
    "publish": "publish",
    "request_changes": "request_changes",
    "reject": "reject",
    "approve_version": "approve_version",
    "reject_version": "reject_version",
    "merge": "merge",
    "hold": "hold",
    "remove": "confirm_removal",
    "redact": "confirm_redaction",
    "dismiss_report": "dismiss_report",
}
APPEALS: Mapping[str, str] = {"made": "appeal", "granted": "grant_appeal", "refused": "refuse_appeal"}
REMOVALS: Mapping[str, str] = {
    "confirmed": "confirm_removal",
    "declined": "decline_removal",
    "lapsed": "lapse_removal",
}
#: How holds ended without a removal: by a moderator, or by the clock as nobody confirmed them.
HOLDS: Mapping[str, str] = {"released": "release", "lapsed": "lapse_hold"}
#: The verbs whose reasons are counted.
REJECTIONS = ("reject", "reject_version")
_COUNTED = {*ACTS.values(), *APPEALS.values(), *REMOVALS.values(), *HOLDS.values()}
#: The decisions that close a case as decided.
DECIDING = tuple(row.verb for row in VERBS.values() if row.cases and row.who != Who.CLOCK)
#: How opinions stand now; "waiting" is what is with a moderator or with its author.
STATES = ("published", "rejected", "held", "removed", "merged", "withdrawn")
WAITING = ("submitted", "changes_requested")


@dataclass(frozen=True)
class Span:
    """The figures of all weeks together, or of one."""

    came_in: dict[str, int]
    decided: int
    median_minutes: int | None
    slowest_minutes: int | None
    timed: int
    in_time: int
    acts: dict[str, int]
    appeals: dict[str, int]
    removals: dict[str, int]
    holds: dict[str, int]

    @property
    def all_came_in(self) -> int:
        return sum(self.came_in.values())

    @property
    def rejections(self) -> int:
        return sum(self.acts[name] for name in REJECTIONS)

    @property
    def appeals_decided(self) -> int:
        return self.appeals["granted"] + self.appeals["refused"]

    @property
    def overturned(self) -> float | None:
        """Appeals granted, of those decided, to four decimals; None of fewer than five."""
        decided = self.appeals_decided
        return round(self.appeals["granted"] / decided, 4) if decided >= SMALLEST else None


@dataclass(frozen=True)
class Week(Span):
    """The figures of the week that begins with a Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def name(self) -> str:
        """As ISO 8601 names it: 2026-W35."""
        return self.monday.strftime("%G-W%V")


@dataclass(frozen=True)
class Period:
    """Whole weeks with enough rejections to tell reasons apart. `reasons`: (code, count), the largest first; no code:
    several together. Empty where only one line would be left."""

    monday: date
    sunday: date
    rejections: int
    reasons: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True)
class Figures:
    """All of it. `known` is false for a consultation that was moderated elsewhere: then only `states` says something."""

    states: dict[str, int]
    known: bool
    all: Span
    appeals_open: int = 0
    weeks: tuple[Week, ...] = ()
    periods: tuple[Period, ...] = ()
    zone: str = field(default_factory=lambda: settings.TIME_ZONE)

    @property
    def received(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return sum(self.states.get(state, 0) for state in WAITING)

    @property
    def reasons(self) -> tuple[tuple[str | None, int], ...]:
        """Over all periods: what stands there by name added up, and last what stands there together."""
        found: Counter[str | None] = Counter()
        for period in self.periods:
            found.update(dict(period.reasons))
        return tuple(sorted(found.items(), key=lambda row: (row[0] is None, -row[1], row[0] or "")))

    @property
    def without_reason(self) -> int:
        """Rejections that no period tells apart (yet)."""
        return self.all.rejections - sum(count for _reason, count in self.reasons)


def of(consultation: Consultation, now: datetime) -> Figures:
    """The figures of one consultation as they stand. Four queries, whatever the number of decisions.

    `now` says which weeks are over, nothing else. Nothing in it is a text, a name or a key.
    """
    key = consultation.pk
    states = counts.states(key)
    if consultation.is_imported:
        return Figures(states, known=False, all=Span(**_numbers({}, {})))
    opened, waiting = counts.opened(key)
    decided = counts.decided(key, DECIDING)
    said, reasons = counts.said(key, _COUNTED, REJECTIONS)
    mondays = sorted({monday for monday in (*opened, *decided, *said) if monday is not None})
    weeks = tuple(Week(**_numbers(opened.get(m, {}), said.get(m, {}), decided.get(m)), monday=m) for m in mondays)
    everything = Span(**_numbers(_summed(opened.values()), _summed(said.values()), decided.get(None)))
    return Figures(states, True, everything, waiting[Case.Kind.APPEAL], weeks, periods(reasons, now))


def as_data(figures: Figures) -> dict[str, Any]:
    """The figures as plain JSON data: what the API answers, and what a digest holds as `moderation`.

    Where nothing is known, there is null in the place of every figure of a decision.
    """
    span = _span_data(figures.all)
    return {
        "received": figures.received,
        "waiting": figures.waiting,
        **{state: figures.states.get(state, 0) for state in STATES},
        "known": figures.known,
        "time_zone": figures.zone,
        **(span if figures.known else dict.fromkeys(span)),
        "appeals": _appeals_data(figures.all) | {"open": figures.appeals_open} if figures.known else None,
        "reasons": _reasons_data(figures.reasons),
        "without_reason": figures.without_reason if figures.known else None,
        "weeks": [{"week": week.name, "from": week.monday.isoformat(), **_span_data(week)} for week in figures.weeks],
        "periods": [
            {
                "from": p.monday.isoformat(),
                "to": p.sunday.isoformat(),
                "rejections": p.rejections,
                "reasons": _reasons_data(p.reasons),
            }
            for p in figures.periods
        ],
    }


# --- reasons ----------------------------------------------------------------------------------------


def periods(rejections: Mapping[date, Mapping[str, int]], now: datetime) -> tuple[Period, ...]:
    """Periods of finished weeks, by Monday → reason → count.

    A period ends with the week that brings it to `PERIOD` rejections. That follows from the weeks' totals alone, so where
    periods end says nothing about reasons; and a week that is over does not change, so neither does a period.
    """
    found: list[Period] = []
    gathered: dict[date, Mapping[str, int]] = {}
    for monday in sorted(rejections):
        if now < ends(monday) + TIME_TO_UNDO:
            break
        gathered[monday] = rejections[monday]
        if sum(sum(week.values()) for week in gathered.values()) >= PERIOD:
            found.append(_period(gathered))
            gathered = {}
    return tuple(found)


def ends(monday: date) -> datetime:
    """The first moment after a week, in the site's zone."""
    return datetime.combine(monday + WEEK, time(), ZoneInfo(settings.TIME_ZONE))


def _period(weeks: Mapping[date, Mapping[str, int]]) -> Period:
    """One line alone would say what every single rejection was for, however few a week had: then there is none."""
    rows = sorted(_summed(weeks.values()).items())
    lines = cells.merged([{"count": count} for _reason, count in rows], ["count"], SMALLEST)
    named = tuple((rows[line.rows[0]][0] if len(line.rows) == 1 else None, line.counts["count"]) for line in lines)
    total = sum(count for _reason, count in rows)
    return Period(min(weeks), max(weeks) + timedelta(days=6), total, named if len(named) > 1 else ())


# --- plain data -------------------------------------------------------------------------------------


def _span_data(span: Span) -> dict[str, Any]:
    names = ("came_in", "decided", "median_minutes", "slowest_minutes", "timed", "in_time", "acts", "removals", "holds")
    return {name: getattr(span, name) for name in names} | {"appeals": _appeals_data(span)}


def _appeals_data(span: Span) -> dict[str, Any]:
    return {**span.appeals, "overturned": span.overturned}


def _reasons_data(reasons: Iterable[tuple[str | None, int]]) -> list[dict[str, Any]]:
    return [{"reason": reason, "count": count} for reason, count in reasons]


# --- one span ---------------------------------------------------------------------------------------


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return found


def _numbers(opened: Mapping[str, int], said: Mapping[str, int], times: Times | None = None) -> dict[str, Any]:
    """The fields of one span; times of fewer than five decisions are left out."""
    times = times or Times()
    enough = times.decided >= SMALLEST
    return {
        "came_in": {kind: opened.get(kind, 0) for kind in KINDS},
        "decided": times.decided,
        "median_minutes": times.median if enough else None,
        "slowest_minutes": times.slowest if enough else None,
        "timed": times.timed,
        "in_time": times.in_time,
        "acts": {name: said.get(verb, 0) for name, verb in ACTS.items()},
        "appeals": {name: said.get(verb, 0) for name, verb in APPEALS.items()},
        "removals": {name: said.get(verb, 0) for name, verb in REMOVALS.items()},
        "holds": {name: said.get(verb, 0) for name, verb in HOLDS.items()},
    }
