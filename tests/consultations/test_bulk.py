"""One decision on many: looked at first, each in a savepoint, kept, undone; one mail an author (A28)."""

import pytest

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import (
    arguments,
    bulk,
    counts,
    deciding,
    moderation,
    reports,
    submission,
    telling,
    versions,
    voting,
)
from consultations.models import Bulk, BulkRow, Case, Decision, Opinion
from consultations.models.opinions import State
from notifications.models import Delivery
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_holding import told


@pytest.fixture
def mixed(stage: Stage, bob: User) -> list[Case]:
    """Five that wait: a free one, one that a colleague holds, one that is decided, an own one of Bob's, an argument."""
    free, held, decided = (stage.case(stage.submit()) for _ in range(3))
    moderation.claim(actor=stage.second, case=held)
    moderation.reject(actor=stage.second, case=decided, reason="off_topic")
    own = stage.case(submission.submit(user=bob, consultation=stage.consultation, fields=TEXT))
    argument = stage.case(stage.argue())
    return list(Case.objects.filter(pk__in=[c.pk for c in (free, held, decided, own, argument)]).order_by("opened_at"))


WANTED = ["done", "held_by_another", "already_decided", "own_opinion", "done"]


def test_a28_the_preview_says_of_each_row_what_would_become_of_it(bob: User, mixed: list[Case]) -> None:
    before = Decision.objects.count()
    verdicts = bulk.preview(actor=bob, verb="publish", cases=mixed)
    assert [v.outcome for v in verdicts] == WANTED
    assert [v.is_possible for v in verdicts] == [outcome == "done" for outcome in WANTED]
    assert "Second" in verdicts[1].said and "Second" in verdicts[2].said
    assert Decision.objects.count() == before


def test_a28_each_row_is_done_or_refused_by_itself_and_both_are_kept(bob: User, mixed: list[Case]) -> None:
    made = bulk.run(actor=bob, verb="publish", cases=mixed)
    rows = list(BulkRow.objects.filter(bulk=made))
    assert [row.outcome for row in rows] == WANTED
    assert [row.case_id for row in rows] == [case.pk for case in mixed]
    assert [row.decision is not None for row in rows] == [outcome == "done" for outcome in WANTED]
    assert {row.decision.verb for row in rows if row.decision} == {"publish"}
    states = [Case.objects.select_related("opinion").get(pk=c.pk).opinion.state for c in mixed[:4]]
    assert states == [State.PUBLISHED, State.SUBMITTED, State.REJECTED, State.SUBMITTED]


def test_a28_who_may_not_gets_a_refusal_in_every_row(stage: Stage, mixed: list[Case]) -> None:
    made = bulk.run(actor=stage.author, verb="publish", cases=mixed)
    assert {row.outcome for row in made.rows.all()} <= {"not_allowed", "already_decided"}
    assert not Decision.objects.filter(actor=stage.author).exists()


def test_the_text_that_was_looked_at_is_the_one_that_is_decided_on(stage: Stage) -> None:
    opinion = stage.publish()
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    case = stage.case(opinion, "version")
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"reason": "셋째 까닭"})
    made = bulk.run(actor=stage.second, verb="reject_version", cases=[case], reason="off_topic")
    assert made.rows.get().outcome == "text_changed"


def test_one_mail_an_author(stage: Stage, make_user: Make) -> None:
    other = submission.submit(user=stage.member, consultation=stage.consultation, fields=TEXT)
    cases = [*(stage.case(stage.submit()) for _ in range(3)), stage.case(other)]
    bulk.run(actor=stage.first, verb="reject", cases=cases, reason="off_topic", note="다른 의견 수렴에 맞습니다")
    for person, rows in ((stage.author, 3), (stage.member, 1)):
        mails = told(telling.DECIDED_TOGETHER, person)
        assert len(mails) == 1 and not told(telling.OPINION_DECIDED, person)
        words = "\n".join(mails[0].paragraphs)
        assert words.count("다른 의견 수렴에 맞습니다") == rows and words.count("you can appeal once") == rows


class TestUndo:
    def test_new_decisions_bring_everything_back_and_one_mail_says_so(self, stage: Stage) -> None:
        cases = [stage.case(stage.submit()) for _ in range(3)]
        made = bulk.run(actor=stage.first, verb="publish", cases=cases)
        undone = bulk.undo(actor=stage.first, bulk=made)
        assert [row.outcome for row in undone.rows.all()] == ["done"] * 3
        assert set(Opinion.objects.values_list("state", flat=True)) == {State.SUBMITTED}
        assert Case.objects.filter(closed_at=None).count() == 3
        assert Decision.objects.filter(verb="undo").count() == 3
        assert Delivery.objects.filter(user=stage.author, occasion__kind=telling.DECIDED_TOGETHER).count() == 2

    def test_where_somebody_voted_since_the_row_stays_and_says_so(self, stage: Stage) -> None:
        cases = [stage.case(stage.submit()) for _ in range(2)]
        made = bulk.run(actor=stage.first, verb="publish", cases=cases)
        voted = cases[0].opinion
        voting.cast(user=stage.member, opinion=voted, value=1)
        voting.retally([voted.pk])
        undone = bulk.undo(actor=stage.first, bulk=made)
        assert [row.outcome for row in undone.rows.all()] == ["overtaken", "done"]
        assert counts.stored(Opinion.objects.get(pk=voted.pk)).agree == 1

    def test_once_and_by_who_did_it(self, stage: Stage) -> None:
        made = bulk.run(actor=stage.first, verb="publish", cases=[stage.case(stage.submit())])
        with pytest.raises(NotAllowed):
            bulk.undo(actor=stage.second, bulk=made)
        bulk.undo(actor=stage.first, bulk=made)
        with pytest.raises(deciding.AlreadyDecided):
            bulk.undo(actor=stage.first, bulk=made)


def test_at_most_a_hundred_and_at_least_one(stage: Stage) -> None:
    case = stage.case(stage.submit())
    for cases in ([], [case] * 101):
        for act in (bulk.preview, bulk.run):
            with pytest.raises(Invalid):
                act(actor=stage.first, verb="publish", cases=cases)
    assert not Bulk.objects.exists()


@pytest.mark.parametrize("verb", ["approve_version", "hold", "remove", "bogus", "undo"])
def test_what_wants_a_look_at_each_is_not_for_many(stage: Stage, verb: str) -> None:
    with pytest.raises(Invalid):
        bulk.run(actor=stage.first, verb=verb, cases=[stage.case(stage.submit())], reason="insult")


def test_the_reason_is_checked_before_anything(stage: Stage) -> None:
    for verb in ("reject", "request_changes"):
        with pytest.raises(Invalid):
            bulk.run(actor=stage.first, verb=verb, cases=[stage.case(stage.submit())])
    assert not Bulk.objects.exists()


def test_a_row_that_fails_on_the_way_leaves_nothing_of_itself(stage: Stage) -> None:
    """The same case twice: the second time it is decided, and only that row says so."""
    case = stage.case(stage.submit())
    made = bulk.run(actor=stage.first, verb="publish", cases=[case, case])
    assert [row.outcome for row in made.rows.all()] == ["done", "already_decided"]
    assert Decision.objects.filter(case=case).count() == 1


def test_every_verb_for_many_works(stage: Stage) -> None:
    argument = stage.argue()
    opinion = stage.publish()
    reports.report(user=stage.member, opinion=opinion, reason="insult")
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    waiting = [stage.case(argument), stage.case(stage.submit())]
    for verb, cases in (
        ("request_changes", waiting),
        ("dismiss_report", [stage.case(opinion, "report")]),
        ("reject_version", [stage.case(opinion, "version")]),
    ):
        made = bulk.run(actor=stage.second, verb=verb, cases=cases, reason="off_topic", note="글")
        assert {row.outcome for row in made.rows.all()} == {"done"}, verb
    arguments.resubmit(user=stage.author, argument=argument, fields={"text": "다른 글입니다", "side": "for"})
    made = bulk.run(actor=stage.second, verb="reject", cases=[stage.case(argument)], reason="off_topic")
    assert made.rows.get().outcome == "done"


def test_what_does_not_fit_the_case_is_refused_in_its_row(stage: Stage) -> None:
    cases = [stage.case(stage.argue()), stage.case(stage.submit())]
    assert [v.outcome for v in bulk.preview(actor=stage.first, verb="reject_version", cases=cases)] == [
        "wrong_case"
    ] * 2
    made = bulk.run(actor=stage.first, verb="reject_version", cases=cases, reason="off_topic")
    assert [row.outcome for row in made.rows.all()] == ["wrong_case"] * 2
