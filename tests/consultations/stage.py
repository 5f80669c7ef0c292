"""Opinions and arguments brought into any state by the verbs themselves, with people of every role beside them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Role, Society, User
from consultations import (
    arguments,
    deciding,
    holding,
    merging,
    moderation,
    removal,
    roll,
    submission,
    versions,
    voting,
)
from consultations.deciding import Subject
from consultations.models import Argument, Case, Consultation, Decision, Opinion
from consultations.models.opinions import State
from tests.conftest import Make

TEXT = {
    "proposal": "박사후연구원을 위한 독립 직군을 만들자",
    "problem": "국내 연구는 대학원생에게 과도하게 의존한다.",
    "reason": "학생이 졸업해도 연구가 이어진다.",
}
ARGUMENT = {"text": "학생이 떠나도 연구가 이어진다.", "side": "for"}
#: Every state that a submitted text can be in.
STATES = tuple(state for state in State if state != State.DRAFT)


@dataclass
class Stage:
    """`first` decides first; `second` is the second of two; `third` takes no part in anything."""

    consultation: Consultation
    author: User
    member: User
    first: User
    second: User
    third: User
    people: dict[str, User] = field(default_factory=dict)

    def submit(self, **changes: Any) -> Opinion:
        fields = TEXT | {"proposal": f"제안 {Opinion.objects.count() + 1}"} | changes
        return submission.submit(user=self.author, consultation=self.consultation, fields=fields)

    def publish(self, opinion: Opinion | None = None, *, by: User | None = None) -> Opinion:
        return moderation.publish(actor=by or self.first, case=self.case(opinion or self.submit()))

    def another(self) -> Opinion:
        """A published opinion of the member's, for others to be merged into."""
        fields = TEXT | {"proposal": f"다른 사람의 제안 {Opinion.objects.count() + 1}"}
        made = submission.submit(user=self.member, consultation=self.consultation, fields=fields)
        return self.publish(made, by=self.second)

    def argue(self) -> Argument:
        return arguments.submit(user=self.author, opinion=self.another(), fields=ARGUMENT)

    def case(self, subject: Subject, kind: str = "") -> Case:
        """The open case of a subject; of its own first kind unless another is named."""
        wanted = kind or ("argument" if isinstance(subject, Argument) else "new")
        return deciding.cases_of(subject).get(kind=wanted)

    def put(self, state: str, *, argument: bool = False) -> Subject:
        """A text of the author's in a state, reached by `first` and, where two are wanted, `second`."""
        made: Subject = self.argue() if argument else self.submit()
        act = arguments if argument else moderation
        if state == State.CHANGES_REQUESTED:
            ask = arguments.request_changes if argument else versions.request_changes
            ask(actor=self.first, case=self.case(made), note="고쳐 주십시오")
        elif state == State.REJECTED:
            act.reject(actor=self.first, case=self.case(made), reason="off_topic")
        elif state == State.WITHDRAWN:
            if isinstance(made, Argument):
                arguments.withdraw(user=self.author, argument=made)
            else:
                versions.withdraw(user=self.author, opinion=made)
        elif state != State.SUBMITTED:
            act.publish(actor=self.first, case=self.case(made))
            self._further(made, state)
        made.refresh_from_db()
        return made

    def _further(self, made: Subject, state: str) -> None:
        made.refresh_from_db()
        if state == State.HELD:
            holding.hold(actor=self.first, subject=made, reason="insult")
        if state == State.REMOVED:
            proposed = removal.propose(actor=self.first, subject=made, reason="insult")
            removal.confirm(actor=self.second, first=proposed)
        if state == State.MERGED:
            assert isinstance(made, Opinion)
            merging.merge(actor=self.first, opinions=[made], into=self.another())

    # --- what a verb needs besides a state, written straight into the tables --------------------------

    def any_case(self, subject: Subject, kind: str) -> Case:
        """An open case of a kind, whether or not the state would have one."""
        opinion, argument = deciding.parts(subject)
        assert opinion.version is not None
        found = deciding.cases_of(subject).filter(kind=kind).first()
        return found or Case.objects.create(
            kind=kind, opinion=opinion, argument=argument, version=opinion.version, opened_at=timezone.now()
        )

    def any_decision(self, subject: Subject, verb: str, *, by: User | None = None, ago: int = 0) -> Decision:
        """A decision by `first` that changed nothing; one that wants a second person has an hour, or had it."""
        opinion, argument = deciding.parts(subject)
        wants = verb in ("hold", "remove", "redact")
        return Decision.objects.create(
            opinion=opinion, argument=argument, actor=by or self.first, verb=verb, from_state=subject.state,
            to_state=subject.state, reason="insult", waits_for_second=wants,
            second_until=timezone.now() + timedelta(hours=1 - ago) if wants else None,
        )  # fmt: skip


def set_up(make_user: Make, society: Society, consultation: Consultation) -> Stage:
    """The people of a stage; moderators are members of no society, so that each role is one thing only."""
    author, member = make_user("Author", society), make_user("Member", society)
    first, second, third = (make_user(name, role=Role.MODERATOR) for name in ("First", "Second", "Third"))
    stage = Stage(consultation, author, member, first, second, third)
    stage.people = {
        "author": author,
        "member": member,
        "first": stage.first,
        "third": stage.third,
        "organiser": make_user("Organiser", role=Role.ORGANISER),
        "stranger": make_user("Stranger"),
    }
    roll.make(consultation)
    return stage


def vote(voters: list[User], opinion: Opinion, values: list[int | None]) -> None:
    """Each votes as listed, None not at all; then it is counted."""
    for person, value in zip(voters, values, strict=True):
        if value is not None:
            voting.cast(user=person, opinion=opinion, value=value)
    voting.retally([opinion.pk])
