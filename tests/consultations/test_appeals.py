"""Appeals: once, within 72 hours, decided by somebody who took no part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from common.errors import Invalid, NotAllowed
from consultations import appeals, counts, deciding, holding, moderation, removal, reports, telling, voting
from consultations.models import Argument, Case, Opinion
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Occasion
from tests.consultations.stage import Stage
from tests.consultations.test_holding import told

WORDS = "이 의견은 규칙에 맞습니다."


def appeal(stage: Stage, subject: Opinion | Argument) -> Case:
    appeals.appeal(user=stage.author, subject=subject, words=WORDS)
    return stage.case(subject, "appeal")


@pytest.fixture
def rejected(stage: Stage) -> Opinion:
    found = stage.put(State.REJECTED)
    assert isinstance(found, Opinion)
    return found


def test_the_author_appeals_and_the_state_stays(stage: Stage, rejected: Opinion) -> None:
    assert appeals.possible_until(stage.author, rejected) is not None
    assert appeals.possible_until(stage.member, rejected) is None
    case = appeal(stage, rejected)
    assert Opinion.objects.get(pk=rejected.pk).state == State.REJECTED
    assert case.opened_by is not None and case.opened_by.note == WORDS


@pytest.mark.parametrize("words", ["", "   ", "가" * 2001])
def test_it_wants_words(stage: Stage, rejected: Opinion, words: str) -> None:
    with pytest.raises(Invalid):
        appeals.appeal(user=stage.author, subject=rejected, words=words)


def test_only_its_author_and_only_once(stage: Stage, rejected: Opinion) -> None:
    with pytest.raises(NotAllowed):
        appeals.appeal(user=stage.member, subject=rejected, words=WORDS)
    appeals.refuse(actor=stage.third, case=appeal(stage, rejected), reason="off_topic")
    assert appeals.possible_until(stage.author, rejected) is None
    with pytest.raises(deciding.NotPossible):
        appeals.appeal(user=stage.author, subject=rejected, words=WORDS)


def test_after_72_hours_it_is_too_late(stage: Stage, rejected: Opinion, monkeypatch: pytest.MonkeyPatch) -> None:
    decided = appeals.against(rejected)
    assert decided is not None
    last = decided.created_at + timedelta(hours=72)
    monkeypatch.setattr("common.db.now", lambda: last)
    assert appeals.possible_until(stage.author, rejected) is None
    with pytest.raises(deciding.TooLate):
        appeals.appeal(user=stage.author, subject=rejected, words=WORDS)
    monkeypatch.setattr("common.db.now", lambda: last - timedelta(seconds=1))
    appeals.appeal(user=stage.author, subject=rejected, words=WORDS)


class TestWhoDecides:
    def test_who_took_part_neither_holds_nor_decides(self, stage: Stage, rejected: Opinion) -> None:
        case = appeal(stage, rejected)
        for act in (
            lambda: moderation.claim(actor=stage.first, case=case),
            lambda: appeals.grant(actor=stage.first, case=case),
            lambda: appeals.refuse(actor=stage.first, case=case, reason="off_topic"),
        ):
            with pytest.raises(NotAllowed) as caught:
                act()
            assert caught.value.code == "took_part"
        moderation.claim(actor=stage.third, case=case)
        appeals.grant(actor=stage.third, case=case)

    def test_both_of_two_took_part(self, stage: Stage) -> None:
        case = appeal(stage, stage.put(State.REMOVED))
        for person in (stage.first, stage.second):
            with pytest.raises(NotAllowed):
                appeals.grant(actor=person, case=case)

    def test_so_did_who_reported_it(self, stage: Stage, bob: User) -> None:
        opinion = stage.publish()
        reports.report(user=bob, opinion=opinion, reason="insult")
        removal.confirm(actor=stage.second, first=removal.propose(actor=stage.first, subject=opinion, reason="insult"))
        with pytest.raises(NotAllowed):
            appeals.grant(actor=bob, case=appeal(stage, opinion))


class TestWhatBecomesOfIt:
    def test_a_rejected_one_waits_anew(self, stage: Stage, rejected: Opinion) -> None:
        appeals.grant(actor=stage.third, case=appeal(stage, rejected))
        assert Opinion.objects.get(pk=rejected.pk).state == State.SUBMITTED
        moderation.publish(actor=stage.second, case=stage.case(rejected))
        assert "appeal granted" in told(telling.OPINION_DECIDED, stage.author)[1].subject

    def test_a_removed_one_is_back_with_its_votes(self, stage: Stage) -> None:
        opinion = stage.publish()
        voting.cast(user=stage.member, opinion=opinion, value=1)
        removal.confirm(actor=stage.second, first=removal.propose(actor=stage.first, subject=opinion, reason="insult"))
        appeals.grant(actor=stage.third, case=appeal(stage, opinion))
        fresh = Opinion.objects.get(pk=opinion.pk)
        assert (fresh.state, counts.stored(fresh).agree) == (State.PUBLISHED, 1)

    def test_refused_with_a_reason_the_author_is_told_that_it_is_the_last_word(
        self, stage: Stage, rejected: Opinion
    ) -> None:
        case = appeal(stage, rejected)
        with pytest.raises(Invalid):
            appeals.refuse(actor=stage.third, case=case, reason="")
        appeals.refuse(actor=stage.third, case=case, reason="off_topic")
        mail = told(telling.OPINION_DECIDED, stage.author)[-1]
        words = "\n".join(mail.paragraphs)
        assert "the last one" in words and "Outside this consultation" in words and "can appeal" not in words

    def test_arguments_alike(self, stage: Stage) -> None:
        argument = stage.put(State.REJECTED, argument=True)
        appeals.grant(actor=stage.third, case=appeal(stage, argument))
        argument.refresh_from_db()
        assert argument.state == State.SUBMITTED and stage.case(argument).kind == "argument"


def test_a_hold_cannot_be_appealed_against_but_is_released(stage: Stage) -> None:
    opinion = stage.put(State.HELD)
    with pytest.raises(deciding.NotPossible):
        appeals.appeal(user=stage.author, subject=opinion, words=WORDS)
    holding.release(actor=stage.second, subject=opinion)


def test_nothing_waits_for_an_appeal_in_the_future(stage: Stage, rejected: Opinion) -> None:
    until = appeals.possible_until(stage.author, rejected)
    assert until is not None and timedelta(hours=71) < until - timezone.now() <= timedelta(hours=72)


def test_when_every_moderator_took_part_the_organisers_are_asked_for_another(stage: Stage, rejected: Opinion) -> None:
    User.objects.filter(pk__in=[stage.second.pk, stage.third.pk]).update(is_active=False)
    case = appeal(stage, rejected)
    organiser = stage.people["organiser"]
    assert told(telling.DECIDER_WANTED, organiser)
    occasion = Occasion.objects.get(kind=telling.DECIDER_WANTED)
    mail = kinds.get(telling.DECIDER_WANTED).render(occasion, organiser)
    assert mail is not None and str(rejected.number) in mail.subject
    User.objects.filter(pk=stage.third.pk).update(is_active=True)
    appeals.grant(actor=User.objects.get(pk=stage.third.pk), case=case)
    assert kinds.get(telling.DECIDER_WANTED).render(occasion, organiser) is None


def test_where_somebody_can_decide_no_organiser_is_asked(stage: Stage, rejected: Opinion) -> None:
    appeal(stage, rejected)
    assert not Occasion.objects.filter(kind=telling.DECIDER_WANTED).exists()
