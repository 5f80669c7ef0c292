"""Opinions entered for others, participants voided and restored, words for reasons, urgent reports."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Society, User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import (
    arguments,
    counts,
    deciding,
    floor,
    moderation,
    reasons,
    reconcile,
    reports,
    submission,
    telling,
    versions,
    voiding,
    voting,
)
from consultations.models import Argument, Case, Consultation, Opinion, Participant, ReasonText, Report, Voiding
from consultations.models.cases import Reason
from consultations.models.opinions import Source, State
from notifications import kinds
from notifications.models import Delivery, Occasion
from summit.models import Meeting
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_holding import told

As = Callable[[User | None], Client]


class TestEntering:
    def enter(self, stage: Stage, actor: User, **more: object) -> Opinion:
        return floor.enter(actor=actor, consultation=stage.consultation, fields=TEXT, **more)  # type: ignore[arg-type]

    def test_for_a_named_member_who_gets_a_receipt_and_may_withdraw_it(
        self, as_: As, stage: Stage, bob: User, alice: User
    ) -> None:
        made = self.enter(stage, bob, member=alice)
        assert (made.source, made.entered_by, made.author and made.author.user) == (Source.ENTERED, bob, alice)
        receipt = kinds.get("opinion_received").render(Occasion.objects.get(kind="opinion_received"), alice)
        assert receipt is not None and "Bob entered it for you" in receipt.paragraphs[0]
        assert Delivery.objects.filter(user=alice, occasion__kind="opinion_received").count() == 1
        stage.publish(made)
        page = as_(None).get(f"{made.get_absolute_url()}?lang=en").content.decode()
        assert "entered for its author by Bob" in page
        assert versions.withdraw(user=alice, opinion=made).state == State.WITHDRAWN

    def test_from_the_floor_of_a_meeting_without_a_name(
        self, as_: As, stage: Stage, bob: User, meeting: Meeting
    ) -> None:
        made = self.enter(stage, bob, meeting=meeting)
        assert (made.source, made.author, made.meeting) == (Source.FLOOR, None, meeting)
        assert not Delivery.objects.filter(occasion__kind="opinion_received").exists()
        stage.publish(made)
        page = as_(None).get(f"{made.get_absolute_url()}?lang=en").content.decode()
        assert "First meeting" in page and "entered by Bob" in page

    def test_a_member_at_a_meeting(self, stage: Stage, bob: User, alice: User, meeting: Meeting) -> None:
        made = self.enter(stage, bob, member=alice, meeting=meeting)
        receipt = kinds.get("opinion_received").render(Occasion.objects.get(kind="opinion_received"), alice)
        assert made.source == Source.FLOOR and receipt is not None and "First meeting" in receipt.paragraphs[1]

    def test_a_secretary_for_members_of_the_own_society(
        self, stage: Stage, carol: User, alice: User, frank: User, meeting: Meeting
    ) -> None:
        assert self.enter(stage, carol, member=alice).entered_by == carol
        for more in ({"member": frank}, {"meeting": meeting}):
            with pytest.raises(NotAllowed):
                self.enter(stage, carol, **more)

    @pytest.mark.parametrize("role", ["alice", "eve"])
    def test_nobody_else(self, request: pytest.FixtureRequest, stage: Stage, frank: User, role: str) -> None:
        with pytest.raises(NotAllowed):
            self.enter(stage, request.getfixturevalue(role), member=frank)

    def test_who_entered_it_does_not_decide_on_it(self, stage: Stage, bob: User, alice: User) -> None:
        case = stage.case(self.enter(stage, bob, member=alice))
        for act in (moderation.claim, moderation.publish):
            with pytest.raises(NotAllowed) as caught:
                act(actor=bob, case=case)
            assert caught.value.code == "own_opinion"
        moderation.publish(actor=stage.second, case=case)

    def test_not_without_saying_for_whom_or_where_and_not_for_oneself(
        self, stage: Stage, bob: User, meeting: Meeting
    ) -> None:
        other = Meeting.objects.create(
            summit=type(meeting.summit).objects.create(slug="other", title_ko="다른", title_en="Other"),
            title_ko="회의", title_en="Meeting", starts_at=meeting.starts_at, ends_at=meeting.ends_at,
        )  # fmt: skip
        for error, more in ((Invalid, {}), (Invalid, {"meeting": other}), (NotAllowed, {"member": bob})):
            with pytest.raises(error):
                self.enter(stage, bob, **more)

    def test_not_for_who_belongs_nowhere_and_not_after_submissions_closed(
        self, stage: Stage, bob: User, eve: User, alice: User
    ) -> None:
        with pytest.raises(NotAllowed):
            self.enter(stage, bob, member=eve)
        Consultation.objects.update(submissions_close_at=timezone.now())
        with pytest.raises(submission.SubmissionsClosed):
            self.enter(stage, bob, member=alice)

    def test_sent_twice_it_is_one(self, stage: Stage, bob: User, meeting: Meeting) -> None:
        first, again = (self.enter(stage, bob, meeting=meeting, key="k") for _ in range(2))
        assert first == again and Opinion.objects.count() == 1


class TestVoiding:
    @pytest.fixture
    def voted(self, stage: Stage) -> Opinion:
        opinion = stage.publish()
        voting.cast(user=stage.member, opinion=opinion, value=1)
        voting.retally([opinion.pk])
        return opinion

    @pytest.fixture
    def participant(self, stage: Stage, voted: Opinion) -> Participant:
        return Participant.objects.get(user=stage.member)

    def test_votes_leave_every_count_and_come_back(
        self, dan: User, stage: Stage, voted: Opinion, participant: Participant
    ) -> None:
        voiding.void(actor=dan, participant=participant, reason="계정이 둘입니다")
        assert counts.stored(Opinion.objects.get(pk=voted.pk)).total == 0 and reconcile.compare() == []
        with pytest.raises(NotAllowed):
            voting.cast(user=stage.member, opinion=voted, value=-1)
        voiding.restore(actor=dan, participant=participant, reason="한 사람이 맞습니다")
        assert counts.stored(Opinion.objects.get(pk=voted.pk)).agree == 1 and reconcile.compare() == []
        voting.cast(user=stage.member, opinion=voted, value=-1)

    def test_it_is_told_and_on_record(self, dan: User, stage: Stage, participant: Participant) -> None:
        voiding.void(actor=dan, participant=participant, reason="계정이 둘입니다")
        voiding.restore(actor=dan, participant=participant, reason="한 사람이 맞습니다")
        rows = list(Voiding.objects.values_list("actor", "voids", "reason"))
        assert rows == [(dan.pk, True, "계정이 둘입니다"), (dan.pk, False, "한 사람이 맞습니다")]
        mails = told(voiding.KIND, stage.member)
        assert [("ended" in mail.subject, mail.paragraphs[1]) for mail in mails] == [
            (True, "Reason: 계정이 둘입니다"), (False, "Reason: 한 사람이 맞습니다"),
        ]  # fmt: skip

    def test_only_organisers_with_a_reason_and_not_twice(
        self, dan: User, bob: User, stage: Stage, participant: Participant
    ) -> None:
        for person in (bob, stage.member):
            with pytest.raises(NotAllowed):
                voiding.void(actor=person, participant=participant, reason="x")
        for reason in ("", "  ", "가" * 301):
            with pytest.raises(Invalid):
                voiding.void(actor=dan, participant=participant, reason=reason)
        with pytest.raises(voiding.NothingToChange):
            voiding.restore(actor=dan, participant=participant, reason="x")
        voiding.void(actor=dan, participant=participant, reason="x")
        with pytest.raises(voiding.NothingToChange):
            voiding.void(actor=dan, participant=participant, reason="x")

    def test_final_counts_of_merged_opinions_follow(
        self, dan: User, stage: Stage, voted: Opinion, participant: Participant
    ) -> None:
        from consultations import merging

        merging.merge(actor=stage.third, opinions=[voted], into=stage.another())
        assert counts.final(Opinion.objects.get(pk=voted.pk)).agree == 1
        voiding.void(actor=dan, participant=participant, reason="x")
        assert counts.final(Opinion.objects.get(pk=voted.pk)).agree == 0


class TestReasons:
    FIELDS = {f"{name}_{lang}": f"{name} {lang}" for name in ("title", "rule", "advice") for lang in ("ko", "en")}

    def test_every_code_has_words_in_both_languages(self, db: None) -> None:
        assert [words.code for words in reasons.all_()] == Reason.values
        for code in Reason.values:
            assert all(reasons.both(code).values())

    def test_organisers_edit_them_and_mails_use_them(self, dan: User, stage: Stage) -> None:
        reasons.edit(actor=dan, code="off_topic", fields=self.FIELDS)
        moderation.reject(actor=stage.first, case=stage.case(stage.submit()), reason="off_topic")
        words = "\n".join(told(telling.OPINION_DECIDED, stage.author)[-1].paragraphs)
        assert "Reason: title en" in words and "The rule: rule en" in words and "advice en" in words
        with translation.override("ko"):
            found = reasons.of("off_topic")
        assert found is not None and (found.title, found.rule) == ("title ko", "rule ko")
        assert reasons.both("off_topic") == self.FIELDS
        assert reasons.reset(actor=dan, code="off_topic") and not ReasonText.objects.exists()

    def test_both_languages_are_needed_and_codes_are_fixed(self, dan: User, bob: User) -> None:
        with pytest.raises(Invalid) as caught:
            reasons.edit(actor=dan, code="insult", fields=self.FIELDS | {"rule_ko": " ", "title_en": "x" * 101})
        assert set(caught.value.fields) == {"rule_ko", "title_en"}
        with pytest.raises(Invalid):
            reasons.edit(actor=dan, code="bogus", fields=self.FIELDS)
        for act in (lambda: reasons.edit(actor=bob, code="insult", fields=self.FIELDS),
                    lambda: reasons.reset(actor=bob, code="insult")):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()
        assert reasons.of("") is None and reasons.of("bogus") is None

    def test_all_of_them_are_one_query(self, db: None) -> None:
        with CaptureQueriesContext(connection) as queries:
            reasons.all_()
        assert len(queries) == 1


class TestUrgentReports:
    def report(self, opinion: Opinion, *people: User) -> Case:
        for person in people:
            reports.report(user=person, opinion=opinion, reason="insult")
        return Case.objects.get(kind="report")

    def test_three_from_two_societies_put_it_to_the_top_and_hide_nothing(
        self, stage: Stage, alice: User, frank: User, bob: User
    ) -> None:
        opinion, earlier = stage.publish(), stage.submit()
        Case.objects.update(half_at=timezone.now(), due_at=timezone.now())
        assert self.report(opinion, alice, frank).urgent_since is None
        case = self.report(opinion, bob)
        assert case.urgent_since is not None and case.due_at is None
        assert list(Case.objects.waiting()) == [case, stage.case(earlier)]
        assert Opinion.objects.get(pk=opinion.pk).state == State.PUBLISHED

    def test_three_from_one_society_do_not(self, stage: Stage, alice: User, bob: User, carol: User) -> None:
        assert self.report(stage.publish(), alice, bob, carol).urgent_since is None

    def test_the_society_is_the_one_that_the_member_counts_for(
        self, stage: Stage, alice: User, bob: User, make_user: Make, other_society: Society
    ) -> None:
        from accounts.models import Membership

        Membership.objects.create(user=bob, society=other_society, starts_on=timezone.localdate() - timedelta(days=500))
        with_two = self.report(stage.publish(), alice, bob)
        assert set(with_two.reports.values_list("society__slug", flat=True)) == {"materials", "circuits"}

    def test_an_argument_is_reported_beside_its_opinion(self, stage: Stage, frank: User) -> None:
        argument = stage.put(State.PUBLISHED, argument=True)
        opinion, _argument = deciding.parts(argument)
        for subject in (argument, opinion, argument):
            reports.report(user=frank, opinion=subject, reason="insult")
        assert Report.objects.count() == 2 and Case.objects.filter(kind="report", closed_at=None).count() == 2
        case = stage.case(argument, "report")
        reports.dismiss(actor=stage.third, case=case)
        assert told(telling.REPORT_DECIDED, frank) and stage.case(opinion, "report").closed_at is None

    def test_its_author_does_not_report_it(self, stage: Stage) -> None:
        argument = stage.put(State.PUBLISHED, argument=True)
        with pytest.raises(DomainError):
            reports.report(user=stage.author, opinion=argument, reason="insult")


class TestArguments:
    def test_w11_changes_are_asked_for_sent_and_offered_to_the_same_moderator(self, stage: Stage) -> None:
        argument = stage.put(State.CHANGES_REQUESTED, argument=True)
        assert isinstance(argument, Argument) and argument.changes_due_at is not None
        words = told(telling.ARGUMENT_DECIDED, stage.author)[0].paragraphs
        assert any("until" in line for line in words)
        done = arguments.resubmit(
            user=stage.author,
            argument=argument,
            fields={"text": "고친 글입니다", "side": "against"},
        )
        assert (done.state, done.text, done.side) == (State.SUBMITTED, "고친 글입니다", "against")
        assert stage.case(done).claimed_by == stage.first
