"""A random walk through the verbs: who says what next, and what must hold after each step."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from consultations import (
    appeals,
    arguments,
    bulk,
    consent,
    deadlines,
    deciding,
    floor,
    holding,
    merging,
    moderation,
    reconcile,
    redaction,
    removal,
    reports,
    states,
    submission,
    undoing,
    versions,
    voiding,
    voting,
)
from consultations.deciding import Subject
from consultations.models import Argument, Case, Consultation, Decision, Opinion, Participant, Vote
from consultations.models.cases import Reason
from consultations.models.opinions import State
from consultations.states import VERBS, Kind
from tests.consultations.stage import ARGUMENT, TEXT

Acts = dict[str, Callable[[], object]]


class Walk:
    """One walk: a random generator, the people, and what the voters were told."""

    def __init__(self, seed: int, people: dict[str, User], consultation: Consultation) -> None:
        self.random = random.Random(seed)
        self.people, self.consultation = people, consultation
        self.moderators = [people[name] for name in ("mod1", "mod2", "mod3")]
        self.members = [people[name] for name in ("alice", "frank", "ivan", "judy")]
        #: (user, opinion) → value, as acknowledged.
        self.told: dict[tuple[UUID, UUID], int] = {}
        self.said: Counter[str] = Counter()
        self.before: list[str] = []

    # --- choosing -------------------------------------------------------------------------------------

    def anybody(self) -> User:
        return self.random.choice(list(self.people.values()))

    def moderator(self) -> User:
        return self.random.choice(self.moderators) if self.random.random() < 0.9 else self.anybody()

    def member(self) -> User:
        return self.random.choice(self.members) if self.random.random() < 0.9 else self.anybody()

    def opinion(self, *wanted: str) -> Opinion:
        # In an order of their own everywhere: ids are random, and a seed must walk the same way twice.
        rows = list(Opinion.objects.order_by("number"))
        return self.random.choice([row for row in rows if row.state in wanted] or rows)

    def subject(self, *wanted: str) -> Subject:
        found = Argument.objects.filter(state__in=wanted or list(State)).select_related("opinion")
        rows = list(found.order_by("submitted_at"))
        return self.random.choice(rows) if rows and self.random.random() < 0.3 else self.opinion(*wanted)

    def author_of(self, subject: Subject) -> User:
        return subject.author.user if subject.author and subject.author.user else self.anybody()

    def case(self, *kinds: str) -> Case:
        """Mostly an open one of these kinds, sometimes any."""
        rows = Case.objects.select_related("opinion", "argument__opinion").order_by("opened_at", "kind")
        found = list(rows.filter(kind__in=kinds, closed_at=None))
        return self.random.choice(found if found and self.random.random() < 0.9 else list(rows))

    def first(self, verb: str) -> Decision:
        rows = Decision.objects.select_related("opinion", "argument__opinion").order_by("pk")
        found = list(rows.filter(verb=verb)) if self.random.random() < 0.9 else list(rows)
        if not found:
            raise DomainError
        return self.random.choice(found)

    # --- acting ---------------------------------------------------------------------------------------

    def step(self) -> None:
        name, act = self.random.choice(list(self.acts().items()))
        try:
            with transaction.atomic():
                act()
        except DomainError:
            return
        self.said[name] += 1

    def acts(self) -> Acts:
        return {**self._of_authors(), **self._of_moderators(), **self._of_two(), **self._of_others()}

    def _fields(self) -> dict[str, object]:
        return {**TEXT, "proposal": f"제안 {self.random.random()}"}

    def _of_authors(self) -> Acts:
        target, words = self.opinion(), self._fields()
        subject = self.subject()
        waiting = self.subject("changes_requested")
        return {
            "submit": lambda: submission.submit(user=self.member(), consultation=self.consultation, fields=words),
            "argue": lambda: arguments.submit(user=self.member(), opinion=self.opinion("published"), fields=ARGUMENT),
            "resubmit": lambda: self._resubmit(waiting, words),
            "propose_version": lambda: versions.propose_version(
                user=self.author_of(target), opinion=target, fields=words
            ),
            "withdraw": lambda: self._withdraw(subject),
            "appeal": lambda: self._appeal(self.subject("rejected", "removed", "merged")),
        }

    def _resubmit(self, subject: Subject, words: dict[str, object]) -> None:
        if isinstance(subject, Argument):
            arguments.resubmit(user=self.author_of(subject), argument=subject, fields=ARGUMENT)
        else:
            versions.resubmit(user=self.author_of(subject), opinion=subject, fields=words)

    def _withdraw(self, subject: Subject) -> None:
        if self.random.random() < 0.6:
            raise DomainError  # rarely, so that something is left
        if isinstance(subject, Argument):
            arguments.withdraw(user=self.author_of(subject), argument=subject)
        else:
            versions.withdraw(user=self.author_of(subject), opinion=subject)

    def _appeal(self, subject: Subject) -> None:
        appeals.appeal(user=self.author_of(subject), subject=subject, words="다시 봐 주십시오")

    def _of_moderators(self) -> Acts:
        new, version = self.case(Kind.NEW, Kind.ARGUMENT), self.case(Kind.VERSION)
        reported, appealed = self.case(Kind.REPORT), self.case(Kind.APPEAL)
        actor, reason = self.moderator(), self.random.choice([r for r in Reason.values if r != "other"])
        is_argument = new.argument_id is not None
        of_new = arguments if is_argument else moderation
        ask = arguments.request_changes if is_argument else versions.request_changes
        return {
            "claim": lambda: moderation.claim(actor=actor, case=new),
            "give_back": lambda: moderation.give_back(actor=actor, case=new),
            "publish": lambda: of_new.publish(actor=actor, case=new),
            "publish again": lambda: of_new.publish(actor=actor, case=self.case(Kind.NEW)),
            "reject": lambda: of_new.reject(actor=actor, case=new, reason=reason),
            "request_changes": lambda: ask(actor=actor, case=new, note="고쳐 주십시오"),
            "approve_version": lambda: versions.approve_version(
                actor=actor, case=version, keeps_votes=self.random.random() < 0.5
            ),
            "reject_version": lambda: versions.reject_version(actor=actor, case=version, reason=reason),
            "dismiss_report": lambda: reports.dismiss(actor=actor, case=reported),
            "grant_appeal": lambda: appeals.grant(actor=actor, case=appealed),
            "refuse_appeal": lambda: appeals.refuse(actor=actor, case=appealed, reason=reason),
            "merge": lambda: self._merge(actor),
            "bulk": lambda: self._bulk(actor),
            "undo": lambda: undoing.undo(actor=actor, decision=self._last_of(actor)),
            "merge and undo": lambda: self._merge_and_undo(actor),
            "void": lambda: self._void(),
        }

    def _last_of(self, actor: User) -> Decision:
        """Mostly what was decided last, which alone can be undone."""
        mine = Decision.objects.select_related("opinion", "argument__opinion").order_by("-pk")
        own = list(mine.filter(actor=actor)[:2])
        if not mine:
            raise DomainError
        return self.random.choice(own or [mine[0]])

    def _merge(self, actor: User) -> None:
        some = {self.opinion("submitted", "published").pk for _ in range(self.random.choice([1, 2, 2]))}
        originals = list(Opinion.objects.select_related("consultation").filter(pk__in=some).order_by("number"))
        if self.random.random() < 0.5:
            merging.merge(actor=actor, opinions=originals, into=self.opinion("published"))
        else:
            merging.merge(actor=actor, opinions=originals, fields=self._fields())

    def _merge_and_undo(self, actor: User) -> None:
        self._merge(actor)
        undoing.undo(actor=actor, decision=Decision.objects.filter(verb="merge").latest("pk"))

    def _bulk(self, actor: User) -> None:
        verb = self.random.choice([v for v, rule in VERBS.items() if rule.bulk])
        cases = [self.case(*VERBS[verb].cases) for _ in range(3)]
        bulk.preview(actor=actor, verb=verb, cases=cases)
        made = bulk.run(actor=actor, verb=verb, cases=cases, reason="off_topic", note="여럿을 한 번에")
        if self.random.random() < 0.5:
            bulk.undo(actor=actor, bulk=made)

    def _void(self) -> None:
        participant = self.random.choice(list(Participant.objects.order_by("pk")))
        act = voiding.restore if participant.voided_at else voiding.void
        act(actor=self.people["dan"], participant=participant, reason="두 계정")

    def _of_two(self) -> Acts:
        subject, held = self.subject("published", "held"), self.subject("held")
        return {
            "hold": lambda: holding.hold(actor=self.moderator(), subject=self.subject("published"), reason="insult"),
            "confirm_hold": lambda: holding.confirm(actor=self.moderator(), first=self.first("hold")),
            "release": lambda: holding.release(actor=self.moderator(), subject=held),
            "remove": lambda: removal.propose(actor=self.moderator(), subject=subject, reason="insult"),
            "confirm_removal": lambda: removal.confirm(actor=self.moderator(), first=self.first("remove")),
            "decline_removal": lambda: removal.decline(actor=self.moderator(), first=self.first("remove")),
            "redact": lambda: redaction.propose(
                actor=self.moderator(),
                subject=subject,
                places=redaction.find(subject, "학")[:1],
                reason="personal_data",
            ),
            "confirm_redaction": lambda: redaction.confirm(actor=self.moderator(), first=self.first("redact")),
            "decline_redaction": lambda: redaction.decline(actor=self.moderator(), first=self.first("redact")),
        }

    def _of_others(self) -> Acts:
        later = timezone.now() + timedelta(hours=self.random.choice([1, 5, 25, 50]))
        return {
            "vote": self._vote,
            "vote more": self._vote,
            "retract": self._retract,
            "consent": self._consent,
            "report": lambda: reports.report(user=self.member(), opinion=self.subject("published"), reason="insult"),
            "enter": lambda: floor.enter(
                actor=self.moderator(), consultation=self.consultation, fields=self._fields(), member=self.member()
            ),
            "return": lambda: self.random.random() < 0.3 and deadlines.return_due(later),
            "lapse": lambda: self.random.random() < 0.3 and deadlines.lapse_unconfirmed(later),
            "lapse_version": lambda: self.random.random() < 0.05 and deadlines.lapse_due(later + timedelta(days=30)),
            "propose and lapse": lambda: self._propose_and_lapse(later),
        }

    def _propose_and_lapse(self, now: datetime) -> None:
        if self.random.random() > 0.2:
            raise DomainError  # rarely: it closes what waits
        target = self.opinion("published")
        versions.propose_version(user=self.author_of(target), opinion=target, fields=self._fields())
        deadlines.lapse_due(now + timedelta(days=30))

    def _vote(self) -> None:
        person, opinion, value = self.member(), self.opinion("published"), self.random.choice((-1, 0, 1))
        voting.cast(user=person, opinion=opinion, value=value)
        self.told[person.pk, opinion.pk] = value

    def _retract(self) -> None:
        person, opinion = self.member(), self.opinion("published")
        voting.retract(user=person, opinion=opinion)
        self.told.pop((person.pk, opinion.pk), None)

    def _consent(self) -> None:
        person, target = self.member(), self.opinion("published")
        if consent.say_yes(user=person, target=target) is not None:
            self.told[person.pk, target.pk] = 1

    # --- what must hold ---------------------------------------------------------------------------------

    def check(self) -> None:
        self._no_decision_altered()
        for subject in (*Opinion.objects.select_related("merge"), *Argument.objects.select_related("opinion")):
            follows_the_table(subject)
        rows = Vote.objects.values_list("participant__user", "opinion", "value")
        assert {(person, opinion): value for person, opinion, value in rows} == self.told
        voting.retally_recent()
        assert [str(drift) for drift in reconcile.compare()] == []

    def _no_decision_altered(self) -> None:
        now = [sha256(repr(row).encode()).hexdigest() for row in Decision.objects.order_by("pk").values_list()]
        assert now[: len(self.before)] == self.before
        self.before = now


def follows_the_table(subject: Subject) -> None:
    """The decisions are a way through the table that ends in the state as it is; cases and links fit that state."""
    decisions = list(deciding.decisions_on(subject).select_related("answers"))
    state = decisions[0].from_state if decisions else subject.state
    assert state in (State.SUBMITTED, State.DRAFT)
    for decision in decisions:
        rule = VERBS[decision.verb]
        assert decision.from_state == state and state in rule.moves, decision
        if rule.moves[State(state)] is not states.BEFORE:
            assert decision.to_state == rule.moves[State(state)], decision
        if rule.verb == "undo":
            assert decision.answers is not None and decision.to_state == decision.answers.from_state
        if rule.verb.startswith("confirm_"):
            assert decision.answers is not None and decision.actor_id != decision.answers.actor_id
        state = decision.to_state
    assert subject.state == state
    first = Kind.ARGUMENT if isinstance(subject, Argument) else Kind.NEW
    waiting = deciding.cases_of(subject)
    assert waiting.filter(kind=first).count() == (subject.state == State.SUBMITTED)
    kinds = list(waiting.values_list("kind", flat=True))
    assert len(kinds) == len(set(kinds)), "one open case a kind"
    if isinstance(subject, Opinion):
        assert (subject.merge_id is not None) is (subject.state == State.MERGED)
        if subject.state == State.REMOVED:
            assert removal.stub(subject) is not None
