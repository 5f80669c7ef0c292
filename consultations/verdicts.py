"""What an author is shown of what was decided on an own text: why, what can be done and until when, what became of it.

Read-only; the rules of appealing are in `appeals`, the words of reasons in `reasons`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consultations import appeals, deciding, reasons, states
from consultations.deciding import Subject
from consultations.models import Decision
from consultations.reasons import Words


@dataclass(frozen=True)
class Told:
    """One decision as its author may see it, with the words of its reason as they hold now."""

    decision: Decision
    reason: Words | None


@dataclass(frozen=True)
class Verdict:
    """What was decided on a text, for who wrote it.

    `history`: everything that authors are told, in order. `last`: the decision that the state rests on, or the last one
    that gave a reason; `ended`: it is one that can be appealed against. `closes`: when that can be done no more;
    `until`: the same moment while this person may still do it. `appeal` and its `answer`, once there are.
    """

    history: list[Told]
    last: Told | None
    ended: bool
    closes: datetime | None
    until: datetime | None
    appeal: Decision | None
    answer: Told | None


def of(person: Any, subject: Subject) -> Verdict:
    """The verdict on a text that this person wrote; the number of queries does not grow with the history."""
    rows = list(
        deciding.decisions_on(subject).select_related("answer", "merge__target__consultation", "merge__target__version")
    )
    words = {one.code: one for one in reasons.all_()} if any(row.reason for row in rows) else {}
    told = [Told(row, words.get(row.reason)) for row in rows]
    history = [one for one in told if states.is_for_authors(one.decision.verb)]
    against = _against(rows, subject)
    appeal = next((row for row in rows if row.verb == "appeal"), None)
    return Verdict(
        history=history,
        last=next((one for one in told if one.decision == against), None) if against else _last_with_reason(history),
        ended=against is not None,
        closes=against.created_at + states.TIME_TO_APPEAL if against and appeal is None else None,
        until=appeals.possible_until(person, subject) if against and appeal is None else None,
        appeal=appeal,
        answer=_answer(told) if appeal else None,
    )


def _against(rows: list[Decision], subject: Subject) -> Decision | None:
    """The decision in effect that can be appealed against; without a query where there is none."""
    ends = any(row.verb in appeals.APPEALABLE for row in rows) and states.allowed("appeal", subject.state)
    return appeals.against(subject) if ends else None


def _last_with_reason(history: list[Told]) -> Told | None:
    """What was told last, when it came with a reason: changes asked for, a hold, a new text refused."""
    last = history[-1] if history else None
    return last if last is not None and last.reason is not None else None


def _answer(told: list[Told]) -> Told | None:
    """What became of the appeal; an answer that was undone is none."""
    answers = (one for one in told if one.decision.verb in ("grant_appeal", "refuse_appeal"))
    return next((one for one in answers if not _is_undone(one.decision)), None)


def _is_undone(decision: Decision) -> bool:
    answer: Decision | None = getattr(decision, "answer", None)
    return answer is not None and answer.verb == "undo"
