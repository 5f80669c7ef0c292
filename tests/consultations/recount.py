"""The figures of moderation counted once more, row by row and slowly; and rows to count.

Written from the words of the definitions, not from the queries, so that both must be wrong in the same way to agree.
"""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from consultations import moderation_figures
from consultations.models import Case, Consultation, Decision, Opinion, OpinionVersion
from consultations.models.cases import Reason

SEOUL = ZoneInfo("Asia/Seoul")
#: What a moderator decides on a case with.
CLOSES = {
    "publish", "request_changes", "reject", "approve_version", "reject_version", "dismiss_report", "grant_appeal",
    "refuse_appeal", "merge", "release", "confirm_removal",
}  # fmt: skip


def monday_of(at: datetime) -> date:
    day = at.astimezone(SEOUL).date()
    return day - timedelta(days=day.weekday())


def recount(consultation: Consultation) -> dict[str, Any]:
    """Everything but reasons, in the shape of `as_data`: of all, and by Monday."""
    rows = Decision.objects.filter(opinion__consultation=consultation).select_related("answers")
    decisions = list(rows)
    undone = {d.answers_id for d in decisions if d.verb == "undo"}
    valid = [d for d in decisions if d.pk not in undone]
    cases = [
        case
        for case in Case.objects.filter(opinion__consultation=consultation).select_related("closed_by")
        if case.closed_by is None or case.closed_by.verb != "undo"
    ]
    closed = [
        case
        for case in cases
        if case.closed_by is not None and case.closed_by.verb in CLOSES and case.closed_by_id not in undone
    ]
    mondays = {monday_of(c.opened_at) for c in cases} | {monday_of(d.created_at) for d in valid if _counts(d.verb)}
    mondays |= {monday_of(c.closed_at) for c in closed if c.closed_at}
    weeks = {
        monday: _span(
            [c for c in cases if monday_of(c.opened_at) == monday],
            [c for c in closed if c.closed_at and monday_of(c.closed_at) == monday],
            [d for d in valid if monday_of(d.created_at) == monday],
        )
        for monday in sorted(mondays)
    }
    return {"all": _span(cases, closed, valid), "weeks": weeks}


def _counts(verb: str) -> bool:
    tables = (
        moderation_figures.ACTS,
        moderation_figures.APPEALS,
        moderation_figures.REMOVALS,
        moderation_figures.HOLDS,
    )
    return any(verb in table.values() for table in tables)


def _span(opened: list[Case], closed: list[Case], decisions: list[Decision]) -> dict[str, Any]:
    said = Counter(d.verb for d in decisions)
    took = sorted(int((c.closed_at - c.opened_at).total_seconds() // 60) for c in closed if c.closed_at)
    in_time = [_in_time(c) for c in closed]
    granted, refused = said["grant_appeal"], said["refuse_appeal"]
    return {
        "came_in": {kind: sum(c.kind == kind for c in opened) for kind in Case.Kind.values},
        "decided": len(closed),
        "median_minutes": took[(len(took) - 1) // 2] if len(took) >= 5 else None,
        "slowest_minutes": took[-1] if len(took) >= 5 else None,
        "timed": sum(found is not None for found in in_time),
        "in_time": sum(found is True for found in in_time),
        "acts": {
            "publish": said["publish"], "request_changes": said["request_changes"], "reject": said["reject"],
            "approve_version": said["approve_version"], "reject_version": said["reject_version"], "merge": said["merge"],
            "hold": said["hold"], "remove": said["confirm_removal"], "redact": said["confirm_redaction"],
            "dismiss_report": said["dismiss_report"],
        },
        "appeals": {
            "made": said["appeal"], "granted": granted, "refused": refused,
            "overturned": round(granted / (granted + refused), 4) if granted + refused >= 5 else None,
        },
        "removals": {
            "confirmed": said["confirm_removal"], "declined": said["decline_removal"], "lapsed": said["lapse_removal"],
        },
        "holds": {"released": said["release"], "lapsed": said["lapse_hold"]},
    }  # fmt: skip


def _in_time(case: Case) -> bool | None:
    assert case.closed_at is not None
    if case.due_at is not None:
        return case.closed_at < case.due_at
    return True if case.closed_at - case.opened_at < timedelta(hours=1) else None


def agrees(figures: moderation_figures.Figures, consultation: Consultation) -> None:
    """Assert that figures say what a recount says, of all and of each week."""
    data, found = moderation_figures.as_data(figures), recount(consultation)
    by_monday = {date.fromisoformat(week["from"]): week for week in data["weeks"]}
    assert list(by_monday) == list(found["weeks"])
    for monday, expected in found["weeks"].items():
        assert {key: by_monday[monday][key] for key in expected} == expected, monday
        assert by_monday[monday]["week"] == monday.strftime("%G-W%V")
    expected = found["all"]
    open_now = Case.objects.filter(opinion__consultation=consultation, kind="appeal", closed_at=None).count()
    assert {key: data[key] for key in expected} == expected | {"appeals": expected["appeals"] | {"open": open_now}}


# --- rows -------------------------------------------------------------------------------------------


class Rows:
    """Cases and decisions written straight into the tables, at moments of one's choosing."""

    def __init__(self, consultation: Consultation, actor: User, second: User) -> None:
        self.consultation, self.actor, self.second = consultation, actor, second

    def opinion(self) -> Opinion:
        number = self.consultation.opinions.count() + 1
        made = Opinion.objects.create(consultation=self.consultation, number=number, state="submitted", language="ko")
        made.version = OpinionVersion.objects.create(opinion=made, number=1, votes_since=1, proposal="비밀 제안")
        made.save(update_fields=["version"])
        return made

    def case(self, opened: datetime, *, kind: str = "new", opinion: Opinion | None = None) -> Case:
        opinion = opinion or self.opinion()
        assert opinion.version is not None
        return Case.objects.create(kind=kind, opinion=opinion, version=opinion.version, opened_at=opened)

    def say(
        self, verb: str, at: datetime, *, reason: str = "", opinion: Opinion | None = None, **more: Any
    ) -> Decision:
        opinion = opinion or self.opinion()
        if verb == "confirm_removal":
            more["answers"] = self.say("remove", at, opinion=opinion, actor=self.second)
        words = {"from_state": "submitted", "to_state": "rejected", "reason": reason, "created_at": at}
        return Decision.objects.create(opinion=opinion, verb=verb, **{"actor": self.actor, **words, **more})

    def close(self, case: Case, verb: str, at: datetime, *, reason: str = "", due: datetime | None = None) -> Decision:
        made = self.say(verb, at, reason=reason, opinion=case.opinion, case=case)
        Case.objects.filter(pk=case.pk).update(closed_at=at, closed_by=made, due_at=due)
        return made

    def reject(self, at: datetime, reason: str, times: int = 1) -> None:
        """So many opinions rejected at one moment, each an hour after it came in."""
        for _ in range(times):
            self.close(self.case(at - timedelta(hours=1)), "reject", at, reason=reason)

    def undo(self, decision: Decision) -> Decision:
        return self.say("undo", decision.created_at + timedelta(minutes=5), opinion=decision.opinion, answers=decision)


def scatter(rows: Rows, seed: int, size: int, start: datetime) -> None:
    """Random cases and decisions over six weeks, many of them near the border of two, some undone."""
    chance = random.Random(seed)
    for _ in range(size):
        opened = start + timedelta(seconds=chance.randrange(6 * 7 * 86_400))
        if chance.random() < 0.4:
            opened = start + timedelta(days=7 * chance.randrange(1, 6), seconds=chance.randrange(-3, 3))
        kind = chance.choice([k for k in Case.Kind.values if k != "argument"])
        case = rows.case(opened, kind=kind)
        if chance.random() < 0.2:
            continue
        closed = opened + timedelta(seconds=chance.choice([59, 60, 3600, 3601, 40_000, chance.randrange(900_000)]))
        verb = chance.choice([*sorted(CLOSES), "withdraw", "lapse_version", "undo", "dissolve"])
        due = chance.choice([None, closed, closed - timedelta(seconds=1), closed + timedelta(seconds=1)])
        made = rows.close(case, verb, closed, reason=chance.choice(Reason.values), due=due)
        if chance.random() < 0.2 and verb != "undo":
            rows.undo(made)
        for other in chance.sample(["hold", "appeal", "decline_removal", "lapse_removal", "lapse_hold", "remove"], 2):
            rows.say(other, closed, opinion=case.opinion)
