"""What moderation may have done, as a digest holds it: made of the same figures that are counted from rows."""

from datetime import date, timedelta
from typing import Any

from consultations import moderation_figures
from consultations.moderation_figures import ACTS, APPEALS, HOLDS, KINDS, REMOVALS, Figures, Period, Span, Week

MONDAY = date(2026, 7, 27)


def nothing(published: int = 0) -> dict[str, Any]:
    """So many published opinions and no decision that is known of."""
    return moderation_figures.as_data(Figures({"published": published}, True, Span(**_numbers())))


def five_weeks(published: int) -> dict[str, Any]:
    """Five weeks with something of everything: 24 rejections, of which 21 are told apart in two periods."""
    weeks = tuple(
        Week(
            monday=MONDAY + timedelta(days=7 * n),
            **_numbers(8 + n, reject, made=made, granted=granted, refused=refused),
        )
        for n, (reject, made, granted, refused) in enumerate(
            [(10, 2, 0, 1), (6, 3, 1, 2), (5, 1, 0, 2), (3, 1, 1, 0), (0, 0, 0, 0)]
        )
    )
    everything = Span(**_added(weeks))
    periods = (
        Period(MONDAY, MONDAY + timedelta(days=6), 10, (("duplicate", 5), (None, 5))),
        Period(MONDAY + timedelta(days=7), MONDAY + timedelta(days=20), 11, (("off_topic", 6), ("duplicate", 5))),
    )
    states = {"published": published, "submitted": 2, "rejected": 3, "removed": 1, "merged": 2}
    return moderation_figures.as_data(Figures(states, True, everything, 0, weeks, periods))


def unknown(published: int) -> dict[str, Any]:
    """Of a consultation that was held elsewhere."""
    states = {"published": published, "submitted": 2, "rejected": 3}
    return moderation_figures.as_data(Figures(states, False, Span(**_numbers())))


def _numbers(decided: int = 0, reject: int = 0, **appeals: int) -> dict[str, Any]:
    some = {
        "reject": reject,
        "reject_version": 0,
        "publish": decided // 2,
        "request_changes": decided // 8,
        "merge": decided // 10,
    }
    return {
        "came_in": {kind: decided // (place + 1) for place, kind in enumerate(KINDS)},
        "decided": decided,
        "median_minutes": 95 + decided if decided >= 5 else None,
        "slowest_minutes": 3100 - decided if decided >= 5 else None,
        "timed": decided,
        "in_time": decided * 4 // 5,
        "acts": {name: some.get(name, decided // 9) for name in ACTS},
        "appeals": {name: appeals.get(name, 0) for name in APPEALS},
        "removals": dict.fromkeys(REMOVALS, decided // 9),
        "holds": dict.fromkeys(HOLDS, decided // 9),
    }


def _added(weeks: tuple[Week, ...]) -> dict[str, Any]:
    totals = {name: sum(getattr(week, name) for week in weeks) for name in ("decided", "timed", "in_time")}
    parts = {
        name: {key: sum(getattr(week, name)[key] for week in weeks) for key in getattr(weeks[0], name)}
        for name in ("came_in", "acts", "appeals", "removals", "holds")
    }
    return {**totals, **parts, "median_minutes": 95, "slowest_minutes": 3100}
