"""The table of states against what the functions do: every verb, by every role, from every state, for both kinds of text."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from consultations import (
    appeals,
    arguments,
    deadlines,
    deciding,
    floor,
    holding,
    merging,
    moderation,
    redaction,
    removal,
    reports,
    states,
    undoing,
    versions,
)
from consultations.deciding import Subject
from consultations.models import Argument, Case, Decision, Opinion
from consultations.models.opinions import State
from consultations.states import VERBS, Kind, Who
from tests.consultations.stage import ARGUMENT, STATES, TEXT, Stage

#: How a verb is tried: the stage, who, on what. What it needs beside the state is there, whatever the state.
Attempt = Callable[[Stage, User, Subject], object]


def on_case(kind: Kind, of_opinion: Callable[..., object], of_argument: Callable[..., object], **words: Any) -> Attempt:
    def attempt(stage: Stage, actor: User, subject: Subject) -> object:
        is_argument = isinstance(subject, Argument)
        wanted = Kind.ARGUMENT if is_argument and kind == Kind.NEW else kind
        case = stage.any_case(subject, wanted)
        return (of_argument if is_argument else of_opinion)(actor=actor, case=case, **words)

    return attempt


def answering(verb: str, act: Callable[..., object]) -> Attempt:
    def attempt(stage: Stage, actor: User, subject: Subject) -> object:
        pending = deciding.decisions_on(subject).pending().filter(verb=verb).first()
        return act(actor=actor, first=pending or stage.any_decision(subject, verb))

    return attempt


def submit(stage: Stage, actor: User, subject: Subject) -> object:
    if isinstance(subject, Argument):
        return arguments.resubmit(user=actor, argument=subject, fields=ARGUMENT)
    return versions.resubmit(user=actor, opinion=subject, fields=TEXT | {"reason": "다른 까닭"})


def withdraw(stage: Stage, actor: User, subject: Subject) -> object:
    if isinstance(subject, Argument):
        return arguments.withdraw(user=actor, argument=subject)
    return versions.withdraw(user=actor, opinion=subject)


def propose_version(stage: Stage, actor: User, subject: Subject) -> object:
    assert isinstance(subject, Opinion)
    return versions.propose_version(user=actor, opinion=subject, fields=TEXT | {"reason": "다른 까닭"})


def merge(stage: Stage, actor: User, subject: Subject) -> object:
    assert isinstance(subject, Opinion)
    return merging.merge(actor=actor, opinions=[subject], into=stage.another())


def redact(stage: Stage, actor: User, subject: Subject) -> object:
    words = ARGUMENT["text"] if isinstance(subject, Argument) else TEXT["problem"]
    return redaction.propose(
        actor=actor, subject=subject, places=redaction.find(subject, words[3:6]), reason="personal_data"
    )


def undo(stage: Stage, actor: User, subject: Subject) -> object:
    return undoing.undo(actor=actor, decision=stage.any_decision(subject, "dismiss_report"))


def release(stage: Stage, actor: User, subject: Subject) -> object:
    return holding.release(actor=actor, subject=subject)


ATTEMPTS: dict[str, Attempt] = {
    "submit": submit,
    "propose_version": propose_version,
    "withdraw": withdraw,
    "appeal": lambda stage, actor, subject: appeals.appeal(user=actor, subject=subject, words="다시 봐 주십시오"),
    "publish": on_case(Kind.NEW, moderation.publish, arguments.publish),
    "request_changes": on_case(Kind.NEW, versions.request_changes, arguments.request_changes, note="고쳐 주십시오"),
    "reject": on_case(Kind.NEW, moderation.reject, arguments.reject, reason="off_topic"),
    "approve_version": on_case(Kind.VERSION, versions.approve_version, versions.approve_version, keeps_votes=True),
    "reject_version": on_case(Kind.VERSION, versions.reject_version, versions.reject_version, reason="off_topic"),
    "dismiss_report": on_case(Kind.REPORT, reports.dismiss, reports.dismiss),
    "grant_appeal": on_case(Kind.APPEAL, appeals.grant, appeals.grant),
    "refuse_appeal": on_case(Kind.APPEAL, appeals.refuse, appeals.refuse, reason="off_topic"),
    "merge": merge,
    "hold": lambda stage, actor, subject: holding.hold(actor=actor, subject=subject, reason="insult"),
    "release": release,
    "remove": lambda stage, actor, subject: removal.propose(actor=actor, subject=subject, reason="insult"),
    "redact": redact,
    "undo": undo,
    "confirm_hold": answering("hold", holding.confirm),
    "confirm_removal": answering("remove", removal.confirm),
    "decline_removal": answering("remove", removal.decline),
    "confirm_redaction": answering("redact", redaction.confirm),
    "decline_redaction": answering("redact", redaction.decline),
    "report": lambda stage, actor, subject: reports.report(user=actor, opinion=subject, reason="insult"),
}
MODERATORS = {"first", "third"}


def may(verb: str, role: str, state: State) -> bool:
    """What the table says of this person; `first` brought the text into its state, `third` took no part."""
    rule = VERBS[verb]
    who = {
        Who.AUTHOR: {"author"},
        Who.MEMBER: {"member"},
        Who.HOLDER: {"third"} if Kind.APPEAL in rule.cases else MODERATORS,
        Who.MODERATOR: MODERATORS,
        Who.OTHER: {"third"} if state == State.HELD else MODERATORS,
        Who.SECOND: {"third"},
        Who.DECIDER: {"first"},
    }
    return state in rule.moves and role in who[rule.who]


def expected(verb: str, subject: Subject) -> State:
    if verb == "grant_appeal" and subject.state == State.MERGED:
        return State.PUBLISHED  # where it stood before
    return states.after(verb, subject.state, subject.state)


def stored(subject: Subject) -> tuple[object, ...]:
    opinion, _argument = deciding.parts(subject)
    return (
        Decision.objects.count(),
        sorted(Case.objects.filter(closed_at=None).values_list("pk", "kind")),
        type(subject).objects.get(pk=subject.pk).state,
        Opinion.objects.get(pk=opinion.pk).version_id,
    )


def attempt(stage: Stage, verb: str, role: str, subject: Subject) -> str:
    """What became of it: the state after, or that it was refused; everything is rolled back."""
    fresh = type(subject).objects.get(pk=subject.pk)
    with transaction.atomic():
        try:
            # What is written for the attempt itself stays; what the refused verb wrote must be nothing.
            with transaction.atomic():
                ATTEMPTS[verb](stage, stage.people[role], fresh)
            found = type(subject).objects.get(pk=subject.pk).state
        except DomainError:
            found = "refused"
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("kind", ["opinion", "argument"])
@pytest.mark.parametrize("state", STATES)
def test_a27_every_verb_by_every_role_from_every_state(stage: Stage, state: State, kind: str) -> None:
    is_argument = kind == "argument"
    if is_argument and state == State.MERGED:
        pytest.skip("arguments are not merged")
    subject = stage.put(state, argument=is_argument)
    verbs = [v for v in ATTEMPTS if VERBS[v].arguments or not is_argument]
    wanted, found = {}, {}
    for verb in verbs:
        for role in stage.people:
            is_allowed = may(verb, role, state)
            wanted[verb, role] = str(expected(verb, subject)) if is_allowed else "refused"
            if (verb, role, state, kind) == ("withdraw", "author", State.WITHDRAWN, "opinion"):
                wanted[verb, role] = str(state)  # again changes nothing
            found[verb, role] = attempt(stage, verb, role, subject)
    assert {key: (found[key], wanted[key]) for key in wanted if found[key] != wanted[key]} == {}


@pytest.mark.parametrize("state", STATES)
def test_what_is_refused_stores_nothing(stage: Stage, state: State) -> None:
    subject = stage.put(state)
    before = stored(subject)
    for verb in ("propose_version", "withdraw", "appeal", "hold", "release", "remove", "redact", "report"):
        for role in stage.people:
            if not may(verb, role, state) and (verb, role, state) != ("withdraw", "author", State.WITHDRAWN):
                with pytest.raises(DomainError):
                    ATTEMPTS[verb](stage, stage.people[role], type(subject).objects.get(pk=subject.pk))
                assert stored(subject) == before, (verb, role)


CLOCK = {
    "return": lambda: deadlines.return_due(timezone.now() + timedelta(hours=49)),
    "lapse_version": lambda: deadlines.lapse_due(timezone.now() + timedelta(days=30)),
    "lapse_hold": lambda: deadlines.lapse_unconfirmed(timezone.now() + timedelta(hours=25)),
    "lapse_removal": lambda: deadlines.lapse_unconfirmed(timezone.now() + timedelta(hours=25)),
    "lapse_redaction": lambda: deadlines.lapse_unconfirmed(timezone.now() + timedelta(hours=25)),
}


@pytest.mark.parametrize("verb", CLOCK)
@pytest.mark.parametrize("state", STATES)
def test_the_clock_does_what_the_table_says(stage: Stage, state: State, verb: str) -> None:
    subject = stage.put(state)
    first = next((v for v, lapse in deadlines.LAPSES.items() if lapse == verb), "")
    if first and not deciding.decisions_on(subject).pending().filter(verb=first).exists():
        stage.any_decision(subject, first)
    if verb == "lapse_version":
        stage.any_case(subject, Kind.VERSION)
    if verb == "return":
        Opinion.objects.filter(pk=subject.pk).update(changes_due_at=timezone.now())
    done = CLOCK[verb]()
    subject.refresh_from_db()
    said = deciding.decisions_on(subject).filter(verb=verb)
    assert said.exists() is (state in VERBS[verb].moves) and bool(done) >= said.exists()
    if verb != "lapse_hold" and state != State.HELD:
        assert subject.state == (states.after(verb, state) if said.exists() else state)


class TestTheTable:
    def test_every_verb_is_tried_here_or_has_nobody_to_say_it(self) -> None:
        tried = {*ATTEMPTS, *CLOCK, "enter"}
        assert {v for v, rule in VERBS.items() if rule.who != Who.FOLLOWS} == tried

    def test_the_clock_never_publishes_what_was_not_or_rejects(self) -> None:
        for rule in VERBS.values():
            if rule.who == Who.CLOCK:
                moved = {(source, target) for source, target in rule.moves.items() if source != target}
                assert moved <= {(State.HELD, State.PUBLISHED), (State.CHANGES_REQUESTED, State.SUBMITTED)}

    def test_what_wants_a_second_person_has_the_clocks_end_and_a_confirmation(self) -> None:
        firsts = {v for v, rule in VERBS.items() if rule.second is not None}
        assert firsts == set(deadlines.LAPSES)
        for verb in firsts:
            answers = [rule.verb for rule in VERBS.values() if rule.answers == verb]
            assert any(answer.startswith("confirm_") for answer in answers)
            assert deadlines.LAPSES[verb] in answers

    def test_removing_and_redacting_change_nothing_by_one_person(self) -> None:
        for verb in ("remove", "redact"):
            assert all(source == target for source, target in VERBS[verb].moves.items())

    def test_every_verb_has_words_and_every_button_a_name(self) -> None:
        for rule in VERBS.values():
            assert str(rule.label)
            assert bool(str(rule.act)) is (rule.who not in (Who.CLOCK, Who.FOLLOWS)), rule.verb

    def test_words_of_an_older_release_are_shown_as_stored(self) -> None:
        assert states.label("bogus") == "bogus"

    def test_what_moderators_decide_with_a_reason_is_told(self) -> None:
        """A hold and a rejection without the author hearing of it is a fault of other platforms."""
        hidden = {State.HELD, State.REJECTED, State.REMOVED, State.MERGED, State.CHANGES_REQUESTED}
        for rule in VERBS.values():
            if any(target in hidden and source != target for source, target in rule.moves.items()):
                assert rule.tells, rule.verb


@pytest.mark.parametrize(
    ("role", "is_allowed"),
    [("author", False), ("member", False), ("first", True), ("third", True), ("organiser", False), ("stranger", False)],
)
def test_who_may_enter_for_others(stage: Stage, role: str, is_allowed: bool) -> None:
    """Organisers may, as they may vouch where there is no secretary."""
    assert floor.may_enter(stage.people[role], stage.member) is (is_allowed or role == "organiser")
