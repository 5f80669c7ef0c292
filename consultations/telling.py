"""Who is told of a decision: its authors at once, those who reported, the colleague who waits for a second person.

Each is one occasion, written in the transaction of the decision; the words are in `decision_notices`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Role, User
from consultations import authors, states
from consultations.models import Bulk, Case, Decision, Report
from notifications import occasions
from notifications.occasions import Notice

OPINION_DECIDED, ARGUMENT_DECIDED = "opinion_decided", "argument_decided"
DECIDED_TOGETHER = "decided_together"
REPORT_DECIDED = "report_decided"
DECIDER_WANTED = "decider_wanted"
SECOND_WANTED, SECOND_ANSWERED = "second_wanted", "second_answered"

_gathered: ContextVar[list[Decision] | None] = ContextVar("gathered", default=None)


def author(decision: Decision) -> None:
    """Tell everybody who wrote it, when the table says so; inside `gathered` that is left to the caller."""
    if not tells(decision):
        return
    waiting = _gathered.get()
    if waiting is not None:
        waiting.append(decision)
        return
    _tell(decision, authors.people_of(decision.subject))


def tells(decision: Decision) -> bool:
    """Whether its author is told, by the table; an undo is told to whom the decision was told that it undoes."""
    undone = decision.answers if decision.verb == "undo" else None
    return states.VERBS[decision.verb].tells and (undone is None or states.VERBS[undone.verb].tells)


def _tell(decision: Decision, people: Iterable[User]) -> None:
    kind = ARGUMENT_DECIDED if decision.argument_id else OPINION_DECIDED
    occasions.notify(kind, target=target(decision), people=people)


@contextmanager
def gathered() -> Iterator[list[Decision]]:
    """Collect the decisions whose authors are to be told, instead of telling them; for acts on many."""
    found: list[Decision] = []
    token = _gathered.set(found)
    try:
        yield found
    finally:
        _gathered.reset(token)


def at_once(bulk: Bulk, decisions: Iterable[Decision]) -> None:
    """One mail an author about all of these; who wrote only one of them gets the ordinary one."""
    people: dict[User, list[Decision]] = {}
    for decision in decisions:
        for person in authors.people_of(decision.subject):
            people.setdefault(person, []).append(decision)
    occasions.notify_many(
        DECIDED_TOGETHER,
        [
            Notice(f"bulk:{bulk.pk}", str(person.pk), [person], {"decisions": [decision.pk for decision in own]})
            for person, own in people.items()
        ],
    )


def reporters(cases: Iterable[Case], decision: Decision) -> None:
    """Tell those whose reports a decision has closed; once a case."""
    reporters_of_each((case, decision) for case in cases)


def reporters_of_each(decided: Iterable[tuple[Case, Decision]]) -> None:
    """`reporters` of many cases, each closed by a decision of its own."""
    closed = {case.pk: decision for case, decision in decided if case.kind == Case.Kind.REPORT}
    if not closed:
        return
    people: dict[UUID, list[User]] = {}
    for report in Report.objects.filter(case__in=closed).select_related("user"):
        people.setdefault(report.case_id, []).append(report.user)
    notices = [Notice(target(decision), str(pk), people.get(pk, [])) for pk, decision in closed.items()]
    occasions.notify_many(REPORT_DECIDED, notices)


def second_wanted(decision: Decision) -> None:
    """Tell the other moderators that a decision wants one of them, and until when."""
    own = {person.pk for person in authors.people_of(decision.subject)}
    others = moderators().exclude(pk__in=own | {decision.actor_id})
    occasions.notify(SECOND_WANTED, target=target(decision), people=others)


def decider_wanted(decision: Decision, barred: Iterable[UUID]) -> None:
    """Tell the organisers of an appeal that no moderator of today may decide; nobody is told where one may."""
    if not moderators().exclude(pk__in=barred).exists():
        people = User.objects.filter(is_active=True, role_grants__role=Role.ORGANISER).distinct()
        occasions.notify(DECIDER_WANTED, target=target(decision), people=people)


def second_answered(answer: Decision) -> None:
    """Tell the first of two what became of the decision."""
    if answer.answers is not None and answer.answers.actor is not None:
        occasions.notify(SECOND_ANSWERED, target=target(answer), people=[answer.answers.actor])


def target(decision: Decision) -> str:
    """How occasions name a decision."""
    return f"decision:{decision.pk}"


def moderators() -> QuerySet[User]:
    """Everybody who moderates today."""
    return User.objects.filter(is_active=True, role_grants__role=Role.MODERATOR).distinct()
