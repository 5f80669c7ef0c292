"""Undo: by who decided, within ten minutes, where nothing was voted or decided since."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from common.errors import NotAllowed
from consultations import (
    appeals,
    arguments,
    counts,
    deciding,
    holding,
    moderation,
    redaction,
    removal,
    reports,
    retexted,
    telling,
    undoing,
    uses,
    versions,
    voting,
)
from consultations.models import Argument, Case, Decision, Opinion
from consultations.models.opinions import State
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_holding import told

Act = Callable[[Stage], Decision]


def last(subject: Opinion | Argument) -> Decision:
    found = deciding.decisions_on(subject).last()
    assert found is not None
    return found


def published(stage: Stage) -> Decision:
    return last(stage.publish())


def rejected(stage: Stage) -> Decision:
    return last(moderation.reject(actor=stage.first, case=stage.case(stage.submit()), reason="off_topic"))


def changes(stage: Stage) -> Decision:
    return last(versions.request_changes(actor=stage.first, case=stage.case(stage.submit()), note="고쳐 주십시오"))


def dismissed(stage: Stage) -> Decision:
    opinion = stage.publish(by=stage.second)
    reports.report(user=stage.member, opinion=opinion, reason="insult")
    return reports.dismiss(actor=stage.first, case=stage.case(opinion, "report"))


def _proposed(stage: Stage) -> Case:
    opinion = stage.publish(by=stage.second)
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    return stage.case(opinion, "version")


def approved(stage: Stage) -> Decision:
    return last(versions.approve_version(actor=stage.first, case=_proposed(stage), keeps_votes=False))


def refused(stage: Stage) -> Decision:
    return last(versions.reject_version(actor=stage.first, case=_proposed(stage), reason="off_topic"))


def held(stage: Stage) -> Decision:
    return holding.hold(actor=stage.first, subject=stage.publish(by=stage.second), reason="insult")


def released(stage: Stage) -> Decision:
    opinion = stage.publish(by=stage.second)
    holding.hold(actor=stage.second, subject=opinion, reason="insult")
    return holding.release(actor=stage.first, subject=opinion)


def proposed_removal(stage: Stage) -> Decision:
    return removal.propose(actor=stage.first, subject=stage.publish(by=stage.second), reason="insult")


def removed(stage: Stage) -> Decision:
    opinion = stage.publish(by=stage.second)
    reports.report(user=stage.member, opinion=opinion, reason="insult")
    return removal.confirm(
        actor=stage.first, first=removal.propose(actor=stage.second, subject=opinion, reason="insult")
    )


def marked(stage: Stage) -> Decision:
    opinion = stage.publish(by=stage.second)
    return redaction.propose(
        actor=stage.first, subject=opinion, places=redaction.find(opinion, "학"), reason="personal_data"
    )


def _appealed(stage: Stage) -> Case:
    opinion = stage.submit()
    moderation.reject(actor=stage.second, case=stage.case(opinion), reason="off_topic")
    appeals.appeal(user=stage.author, subject=Opinion.objects.get(pk=opinion.pk), words="다시 봐 주십시오")
    return stage.case(opinion, "appeal")


def granted(stage: Stage) -> Decision:
    return appeals.grant(actor=stage.first, case=_appealed(stage))


def appeal_refused(stage: Stage) -> Decision:
    return appeals.refuse(actor=stage.first, case=_appealed(stage), reason="off_topic")


def argument_published(stage: Stage) -> Decision:
    argument = stage.argue()
    return last(arguments.publish(actor=stage.first, case=stage.case(argument)))


ACTS = [
    published, rejected, changes, dismissed, approved, refused, held, released, proposed_removal, removed, marked, granted,
    appeal_refused, argument_published,
]  # fmt: skip


def picture(decision: Decision) -> object:
    """Everything that a decision may have moved: state, text, open cases, what wants a second person."""
    subject = type(decision.subject).objects.get(pk=decision.subject.pk)
    opinion, _argument = deciding.parts(subject)
    fresh = Opinion.objects.get(pk=opinion.pk)
    cases = sorted(Case.objects.filter(closed_at=None).values_list("pk", "kind", "version"))
    # Of an answer that is undone the question is answered all the same: it is asked anew.
    own = Q(actor=decision.actor) if decision.actor else Q()
    pending = list(
        deciding.decisions_on(subject).pending().filter(own).exclude(verb="hold").values_list("pk", flat=True)
    )
    return subject.state, fresh.version_id, fresh.changes_due_at, subject.published_at, cases, pending


@pytest.mark.parametrize("act", ACTS)
def test_everything_is_as_before_and_the_decision_stays(
    stage: Stage, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is taken inside the act, as its own function writes its first row."""
    before: list[object] = []
    create = Decision.objects.create

    def looking(**fields: object) -> Decision:
        if fields["actor"] == stage.first and fields["verb"] != "confirm_hold":
            about = {name: fields[name] for name in ("opinion", "argument", "actor")}
            before.append(picture(Decision(**about)))
        return create(**fields)

    monkeypatch.setattr("consultations.recording.Decision.objects.create", looking)
    decision = act(stage)
    row = list(Decision.objects.filter(pk=decision.pk).values())
    new = undoing.undo(actor=stage.first, decision=decision)
    assert picture(decision) == before[0]
    assert (new.verb, new.answers, new.to_state) == ("undo", decision, decision.from_state)
    assert list(Decision.objects.filter(pk=decision.pk).values()) == row
    with pytest.raises(deciding.AlreadyDecided):
        undoing.undo(actor=stage.first, decision=decision)


def test_who_heard_of_the_decision_hears_of_the_undo(stage: Stage) -> None:
    undoing.undo(actor=stage.first, decision=rejected(stage))
    assert "undone" in told(telling.OPINION_DECIDED, stage.author)[-1].subject
    undoing.undo(actor=stage.first, decision=proposed_removal(stage))
    assert sum("undone" in mail.subject for mail in told(telling.OPINION_DECIDED, stage.author)) == 1


def test_only_who_decided(stage: Stage) -> None:
    decision = published(stage)
    for person in (stage.second, stage.author):
        with pytest.raises(NotAllowed):
            undoing.undo(actor=person, decision=decision)
    now = timezone.now()
    assert undoing.can_undo(stage.first, decision, now)
    assert not undoing.can_undo(stage.second, decision, now)
    assert not undoing.can_undo(stage.first, decision, now + timedelta(minutes=11))


def test_ten_minutes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = published(stage)
    late = decision.created_at + timedelta(minutes=10)
    monkeypatch.setattr("common.db.now", lambda: late)
    with pytest.raises(deciding.TooLate):
        undoing.undo(actor=stage.first, decision=decision)
    monkeypatch.setattr("common.db.now", lambda: late - timedelta(seconds=1))
    undoing.undo(actor=stage.first, decision=decision)


def test_not_once_somebody_voted_even_if_they_took_it_back(stage: Stage) -> None:
    opinion = stage.publish()
    decision = last(opinion)
    voting.cast(user=stage.member, opinion=opinion, value=1)
    voting.retract(user=stage.member, opinion=opinion)
    with pytest.raises(undoing.Overtaken):
        undoing.undo(actor=stage.first, decision=decision)
    assert Opinion.objects.get(pk=opinion.pk).state == State.PUBLISHED


def test_not_once_something_was_decided(stage: Stage) -> None:
    opinion = stage.publish()
    decision = last(opinion)
    holding.hold(actor=stage.second, subject=opinion, reason="insult")
    with pytest.raises(undoing.Overtaken):
        undoing.undo(actor=stage.first, decision=decision)


def test_not_a_redaction_that_was_confirmed_and_not_an_undo(stage: Stage) -> None:
    first = marked(stage)
    done = redaction.confirm(actor=stage.second, first=first)
    undone = undoing.undo(actor=stage.first, decision=rejected(stage))
    for actor, decision in ((stage.second, done), (stage.first, undone)):
        with pytest.raises(deciding.NotPossible):
            undoing.undo(actor=actor, decision=decision)


def test_not_what_stands_in_a_published_digest(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consultations.uses._FINDERS", [lambda opinion: [uses.Use("Digest No. 1", "/")]])
    with pytest.raises(deciding.NotPossible):
        undoing.undo(actor=stage.first, decision=published(stage))


def test_a_hold_undone_brings_the_votes_back(stage: Stage) -> None:
    opinion = stage.publish(by=stage.second)
    voting.cast(user=stage.member, opinion=opinion, value=1)
    first = holding.hold(actor=stage.first, subject=opinion, reason="insult")
    undoing.undo(actor=stage.first, decision=first)
    assert counts.stored(Opinion.objects.get(pk=opinion.pk)).agree == 1
    assert holding.pending_hold(opinion) is None
    with pytest.raises(deciding.AlreadyDecided):
        holding.confirm(actor=stage.third, first=first)


def test_v11_a_text_that_was_approved_and_undone_was_never_in_force(stage: Stage) -> None:
    decision = approved(stage)
    undoing.undo(actor=stage.first, decision=decision)
    opinion = Opinion.objects.get(pk=decision.opinion_id)
    assert [v.number for v in versions.public(opinion)] == [1]
    assert not retexted.earlier_votes().exists()
    done = versions.approve_version(actor=stage.first, case=stage.case(opinion, "version"), keeps_votes=True)
    assert done.version is not None and done.version.number == 2


def test_published_again_it_gets_a_new_place(stage: Stage) -> None:
    opinion = stage.publish()
    undoing.undo(actor=stage.first, decision=last(opinion))
    assert Opinion.objects.get(pk=opinion.pk).publish_sequence is None
    assert stage.publish(opinion).publish_sequence == 2


def test_reports_that_came_meanwhile_are_the_open_case(stage: Stage) -> None:
    decision = dismissed(stage)
    opinion = Opinion.objects.get(pk=decision.opinion_id)
    reports.report(user=stage.author, opinion=stage.another(), reason="insult")
    case = stage.any_case(opinion, "report")
    undoing.undo(actor=stage.first, decision=decision)
    assert list(deciding.cases_of(opinion)) == [case]
