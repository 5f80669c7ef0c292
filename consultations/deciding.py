"""What every decision shares: the locks, who may, what is refused, the row that stays, the case that closes.

`open_for` takes the locks and checks, by the table of `states`; `record` writes the one insert-only row and moves the
opinion or argument; both are called inside one transaction. Locks are always taken in the same order: the
consultation's exclusive lock, the case's row, the opinion's, the argument's.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import User
from common import db
from common.errors import Invalid, NotAllowed
from consultations import authors, locks, refusals, states
from consultations.models import Argument, Case, Decision, Opinion, Report
from consultations.models.cases import CaseQuerySet, DecisionQuerySet, Reason
from consultations.models.opinions import State
from consultations.refusals import AlreadyDecided, HeldByAnother, NotPossible, TextMoved, TooLate, WrongCase
from consultations.states import Verb, Who

__all__ = ["AlreadyDecided", "HeldByAnother", "NotPossible", "TextMoved", "TooLate", "WrongCase"]

log = logging.getLogger(__name__)
NOTE_LENGTH = 2000
Subject = Opinion | Argument


@dataclass
class Desk:
    """What one decision has before it, locked: the rows as they stand now, and the moment by the database's clock."""

    rule: Verb
    actor: User | None
    opinion: Opinion
    argument: Argument | None = None
    case: Case | None = None
    #: The decision that this one answers: a first of two, or what is undone.
    first: Decision | None = None
    now: datetime = field(default_factory=timezone.now)

    @property
    def subject(self) -> Subject:
        return self.argument or self.opinion

    @property
    def state(self) -> str:
        return self.subject.state


# --- opening ----------------------------------------------------------------------------------------


def open_for(
    verb: str,
    *,
    actor: User | None,
    subject: Subject,
    case: Case | None = None,
    first: Decision | None = None,
    version_id: int | None = None,
    shared: bool = False,
) -> Desk:
    """The rows of a decision, locked and read afresh, when this person may say this verb now.

    Takes the consultation's exclusive lock first, or the shared one where no vote's weight can change; call inside a
    transaction. Raises what `check` raises.
    """
    opinion, argument = parts(subject)
    (locks.share if shared else locks.take)(opinion.consultation_id)
    desk = Desk(
        states.VERBS[verb],
        actor,
        case=None if case is None else Case.objects.select_for_update().get(pk=case.pk),
        opinion=locked_opinion(opinion.pk),
        argument=None if argument is None else locked_argument(argument.pk),
        first=first,
        now=db.now(),
    )
    check(desk, version_id=version_id)
    return desk


def of_case(case: Case) -> Subject:
    """What a case is about."""
    return case.argument or case.opinion


def parts(subject: Subject) -> tuple[Opinion, Argument | None]:
    """An opinion alone, or an argument with the opinion that it belongs to."""
    return (subject.opinion, subject) if isinstance(subject, Argument) else (subject, None)


def opinions_to_decide() -> QuerySet[Opinion]:
    """Opinions with what a decision looks at, locked when they are read."""
    rows = Opinion.objects.select_for_update(of=("self",))
    return rows.select_related("consultation", "version", "author__user", "merge__target")


def arguments_to_decide() -> QuerySet[Argument]:
    return Argument.objects.select_for_update(of=("self",)).select_related("author__user", "opinion")


def locked_opinion(pk: UUID) -> Opinion:
    return opinions_to_decide().get(pk=pk)


def locked_argument(pk: UUID) -> Argument:
    return arguments_to_decide().get(pk=pk)


# --- checking ---------------------------------------------------------------------------------------


def check(desk: Desk, *, version_id: int | None = None) -> None:
    """Raise what stands against this decision now; changes nothing and takes no lock, so a preview calls it too.

    `NotAllowed` (who: not the role, an own opinion, took part before, the same person twice), `WrongCase`,
    `AlreadyDecided`, `HeldByAnother`, `NotPossible` (the state), `TooLate` (the phase, or the time since), `TextMoved`.
    """
    check_person(desk)
    if desk.case is not None:
        _check_case(desk.case, desk)
    if desk.first is not None:
        _check_first(desk.first, desk)
    if desk.state not in desk.rule.moves:
        refuse(desk)
    if not desk.rule.late and desk.opinion.consultation.is_closed(desk.now):
        raise TooLate(_("Voting has closed: what was voted on stays."))
    if version_id is not None and desk.case is not None and version_id != desk.case.version_id:
        raise refusals.text_moved()


def _check_case(case: Case, desk: Desk) -> None:
    if case.opinion_id != desk.opinion.pk or case.argument_id != (desk.argument and desk.argument.pk):
        raise WrongCase(_("This case is about something else."))
    if desk.rule.who == Who.HOLDER and case.kind not in desk.rule.cases:
        raise refusals.wrong_case()
    if case.closed_at is not None:
        log.info("refused %s: case %s is closed", desk.rule.verb, case.pk)
        raise refusals.closed(case)
    if is_held_by_another(case, desk.actor, desk.now):
        raise refusals.held_by_another(case)


def _check_first(first: Decision, desk: Desk) -> None:
    """A decision is answered once, by the verbs that answer it; a first of two only while the second person has time."""
    if desk.rule.answers and first.verb != desk.rule.answers:
        raise NotPossible(_("This is no answer to that decision."))
    answer = Decision.objects.select_related("actor").filter(answers=first).first()
    if answer is not None:
        raise _first(answer, desk)
    if desk.rule.who == Who.SECOND and first.second_until is not None and first.second_until <= desk.now:
        raise TooLate(_("The time for a second person is over."))


def check_person(desk: Desk) -> None:
    """Raise `NotAllowed` when the person may not say this verb about this text, whatever its state."""
    who, actor = desk.rule.who, desk.actor
    if who in (Who.CLOCK, Who.FOLLOWS):
        return
    assert actor is not None
    if who == Who.AUTHOR:
        check_author(actor, desk.subject)
        return
    if not access.is_moderator(actor):
        raise NotAllowed(_("Only moderators decide on opinions."))
    if is_own(actor, desk.subject):
        raise NotAllowed(_("Nobody decides on an own opinion."), code="own_opinion")
    if desk.case is not None and desk.case.kind == Case.Kind.APPEAL and took_part(actor, desk.subject):
        raise NotAllowed(_("Who took part in a decision does not decide on the appeal."), code="took_part")
    if desk.first is not None:
        _check_against_first(who, actor, desk.first)
    elif who == Who.OTHER and caused_hold(actor, desk.subject):
        raise NotAllowed(_("Whoever held it does not decide what becomes of it."), code="second_person")


def _check_against_first(who: str, actor: User, first: Decision) -> None:
    if who == Who.DECIDER and first.actor_id != actor.pk:
        raise NotAllowed(_("Only who decided can undo it."), code="not_yours")
    if who != Who.DECIDER and first.actor_id == actor.pk:
        raise NotAllowed(_("This wants a second person."), code="second_person")


def check_author(user: User, subject: Subject) -> None:
    """Raise `NotAllowed` for who did not write this, and for an author who was voided."""
    mine = [p for p in authors.participants_of(subject) if p.user_id == user.pk]
    if not mine:
        raise NotAllowed(_("Only its author does this."))
    if mine[0].voided_at is not None:
        raise NotAllowed(_("Your participation was ended by the organisers."), code="voided")


def is_own(person: User, subject: Subject) -> bool:
    """Whether somebody wrote this, alone or with others, or entered it for somebody else."""
    entered_by = subject.entered_by_id if isinstance(subject, Opinion) else None
    return entered_by == person.pk or any(p.user_id == person.pk for p in authors.participants_of(subject))


def took_part(person: User, subject: Subject) -> bool:
    """Whether somebody decided anything about this before, or reported it."""
    return person.pk in who_took_part(subject)


def who_took_part(subject: Subject) -> set[UUID]:
    """Everybody who decided anything about this, or reported it."""
    opinion, argument = parts(subject)
    own = Q(opinion=opinion, argument=argument)
    decided = Decision.objects.filter(own, actor__isnull=False).values_list("actor", flat=True)
    return {*decided, *Report.objects.filter(own).values_list("user", flat=True)}


def caused_hold(person: User, subject: Subject) -> bool:
    """Whether this person's hold is the one that is in effect."""
    last = decisions_on(subject).filter(verb="hold").last()
    return subject.state == State.HELD and last is not None and last.actor_id == person.pk


def is_held_by_another(case: Case, actor: User | None, now: datetime) -> bool:
    """Whether a colleague's claim on the case is running."""
    mine = actor is not None and case.claimed_by_id in (None, actor.pk)
    return not mine and case.claimed_until is not None and case.claimed_until > now


def decisions_on(subject: Subject) -> DecisionQuerySet:
    """The decisions on an opinion itself or on an argument, in order."""
    opinion, argument = parts(subject)
    return Decision.objects.about(opinion.pk, argument.pk if argument else None)


def cases_of(subject: Subject) -> CaseQuerySet:
    """The open cases of an opinion itself or of an argument."""
    opinion, argument = parts(subject)
    return Case.objects.about(opinion.pk, argument.pk if argument else None).filter(closed_at=None)


def check_words(verb: str, reason: str, note: str) -> None:
    """Raise `Invalid` when a verb lacks the reason or the words that it needs, or has too many of them."""
    rule = states.VERBS[verb]
    if len(note) > NOTE_LENGTH:
        message = str(_("At most %(most)d characters.") % {"most": NOTE_LENGTH})
        raise Invalid(message, fields={"note": [message]})
    if (rule.needs_reason or reason) and reason not in Reason.values:
        raise Invalid(_("Please choose a reason."), fields={"reason": [str(_("Please choose a reason."))]})
    if (rule.needs_note or reason == Reason.OTHER) and not note.strip():
        message = str(_("Please write the reason in words."))
        raise Invalid(message, fields={"note": [message]})


# --- refusing: who was first and when; nothing is stored ------------------------------------------------


def refuse(desk: Desk) -> None:
    """Raise `AlreadyDecided` when somebody else brought about the state as it is, else `NotPossible`."""
    last = decisions_on(desk.subject).select_related("actor").last()
    own = desk.actor is not None and last is not None and last.actor_id == desk.actor.pk
    if desk.rule.who != Who.AUTHOR and last is not None and not own and last.to_state == desk.state:
        raise _first(last, desk)
    raise NotPossible(_("This cannot be done now: %(state)s.") % {"state": State(desk.state).label})


def _first(decision: Decision, desk: Desk) -> AlreadyDecided:
    """The one line that stays of a decision that came second is in the log of the process."""
    actor = desk.actor.pk if desk.actor else "the clock"
    log.info("refused %s by %s: decision %s was first", desk.rule.verb, actor, decision.pk)
    return refusals.decided(decision)
