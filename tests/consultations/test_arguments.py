"""Arguments and reports: who may, what is stored, what moderators decide, what a page shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import arguments, moderation, reports, uses
from consultations.models import Argument, Case, Consultation, Helpful, Opinion, Report, Vote
from notifications.models import Delivery, Occasion
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
FIELDS = {"text": "학생이 떠나도 연구가 이어진다.", "side": "for"}


@pytest.fixture
def argument(frank: User, bob: User, opinion: Opinion) -> Argument:
    """Frank's argument for Alice's opinion, published by Bob."""
    made = arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
    return arguments.publish(actor=bob, case=Case.objects.get(argument=made))


class TestSubmitting:
    def test_it_waits_for_a_moderator_and_only_its_author_sees_it(
        self, as_: As, opinion: Opinion, frank: User, alice: User
    ) -> None:
        made = arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
        assert (made.state, Case.objects.get(closed_at=None).argument) == ("submitted", made)
        for person, sees in ((None, False), (alice, False), (frank, True)):
            page = as_(person).get(opinion.get_absolute_url()).content.decode()
            assert (FIELDS["text"] in page) is sees

    def test_w01_the_same_key_is_the_same_argument(self, opinion: Opinion, frank: User) -> None:
        made = {arguments.submit(user=frank, opinion=opinion, fields=FIELDS, key="a").pk for _ in range(3)}
        assert len(made) == Argument.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"text": ""}, "text"),
            ({"text": "🙂!"}, "text"),
            ({"text": "가" * 1001}, "text"),
            ({"side": ""}, "side"),
            ({"side": "both"}, "side"),
            ({"shown_as": "nickname"}, "shown_as"),
        ],
    )
    def test_w07_what_is_wrong_is_named(
        self, opinion: Opinion, frank: User, fields: dict[str, str], wrong: str
    ) -> None:
        with pytest.raises(Invalid) as raised:
            arguments.submit(user=frank, opinion=opinion, fields={**FIELDS, **fields})
        assert set(raised.value.fields) == {wrong}

    def test_a_thousand_characters_fit(self, opinion: Opinion, frank: User) -> None:
        assert arguments.submit(user=frank, opinion=opinion, fields={**FIELDS, "text": "가" * 1000}).language == "ko"

    def test_who_belongs_nowhere_may_not(self, opinion: Opinion, eve: User) -> None:
        with pytest.raises(NotAllowed):
            arguments.submit(user=eve, opinion=opinion, fields=FIELDS)

    def test_w09_after_voting_closed_nothing_is_taken(
        self, as_: As, opinion: Opinion, frank: User, consultation: Consultation
    ) -> None:
        now = timezone.now()
        Consultation.objects.update(voting_close_at=now, submissions_close_at=now - timedelta(days=2))
        with pytest.raises(arguments.ArgumentsClosed):
            arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
        answer = as_(frank).post(f"{opinion.get_absolute_url()}argue/", FIELDS)
        assert answer.status_code == 422 and FIELDS["text"] in answer.content.decode()

    def test_i07_markup_is_inert(self, as_: As, opinion: Opinion, frank: User, bob: User) -> None:
        made = arguments.submit(
            user=frank, opinion=opinion, fields={**FIELDS, "text": "<script>alert(1)</script> 이유"}
        )
        case = Case.objects.get(argument=made)
        assert "<script>alert" not in as_(bob).get(f"/moderation/{case.pk}/").content.decode()
        arguments.publish(actor=bob, case=case)
        assert "<script>alert" not in as_(None).get(opinion.get_absolute_url()).content.decode()


class TestDeciding:
    def test_publishing_tells_the_author(self, argument: Argument, frank: User, opinion: Opinion) -> None:
        occasion = Occasion.objects.get(kind="argument_decided")
        assert Delivery.objects.get(occasion=occasion).user == frank
        assert opinion.decisions.filter(argument=argument).get().verb == "publish"

    def test_rejecting_needs_a_reason(self, opinion: Opinion, frank: User, bob: User) -> None:
        made = arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
        case = Case.objects.get(argument=made)
        with pytest.raises(Invalid):
            arguments.reject(actor=bob, case=case, reason="")
        arguments.reject(actor=bob, case=case, reason="off_topic")
        made.refresh_from_db()
        assert made.state == "rejected"

    def test_v09_the_second_decision_is_refused(self, argument: Argument, bob: User) -> None:
        with pytest.raises(moderation.AlreadyDecided):
            arguments.reject(actor=bob, case=Case.objects.get(argument=argument), reason="off_topic")
        argument.refresh_from_db()
        assert argument.state == "published"

    def test_nobody_decides_on_an_own_argument(self, opinion: Opinion, bob: User) -> None:
        made = arguments.submit(user=bob, opinion=opinion, fields=FIELDS)
        with pytest.raises(NotAllowed):
            arguments.publish(actor=bob, case=Case.objects.get(argument=made))

    def test_the_verbs_of_opinions_do_not_fit(self, opinion: Opinion, frank: User, bob: User) -> None:
        made = arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
        case = Case.objects.get(argument=made)
        with pytest.raises(DomainError):
            moderation.publish(actor=bob, case=case)
        assert Opinion.objects.get().state == "published"

    def test_through_the_pages(self, as_: As, opinion: Opinion, frank: User, bob: User, alice: User) -> None:
        as_(frank).post(f"{opinion.get_absolute_url()}argue/", {**FIELDS, "key": "k"})
        case = Case.objects.get(kind="argument")
        assert as_(alice).post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 403
        client = as_(bob)
        assert FIELDS["text"] in client.get("/moderation/").content.decode()
        assert FIELDS["text"] in client.get(f"/moderation/{case.pk}/").content.decode()
        assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "reject", "reason": ""}).status_code == 422
        assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 302
        assert FIELDS["text"] in as_(None).get(opinion.get_absolute_url()).content.decode()

    def test_the_history_of_an_opinion_is_not_that_of_its_arguments(
        self, as_: As, argument: Argument, opinion: Opinion
    ) -> None:
        page = as_(None).get(opinion.get_absolute_url())
        assert [d.argument_id for d in page.context["history"]] == [None]

    def test_a_case_of_an_argument_has_one(self, opinion: Opinion, argument: Argument) -> None:
        facts = {"opinion": opinion, "version": opinion.version, "opened_at": timezone.now()}
        for wrong in ({"kind": "argument"}, {"kind": "new", "argument": argument}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Case.objects.create(**facts, **wrong)


class TestHelpful:
    def test_one_mark_a_person(self, argument: Argument, alice: User) -> None:
        for _ in range(3):
            arguments.mark(user=alice, argument=argument)
        assert Helpful.objects.count() == 1
        arguments.mark(user=alice, argument=argument, helpful=False)
        assert not Helpful.objects.exists()

    def test_not_on_an_own_one(self, argument: Argument, frank: User) -> None:
        with pytest.raises(DomainError):
            arguments.mark(user=frank, argument=argument)

    def test_not_on_one_that_is_not_shown(self, opinion: Opinion, frank: User, alice: User) -> None:
        made = arguments.submit(user=frank, opinion=opinion, fields=FIELDS)
        with pytest.raises(arguments.NotShown):
            arguments.mark(user=alice, argument=made)

    def test_the_most_helpful_stand_first(
        self, as_: As, argument: Argument, opinion: Opinion, frank: User, alice: User, bob: User
    ) -> None:
        second = arguments.submit(user=frank, opinion=opinion, fields={**FIELDS, "text": "더 나은 이유"})
        arguments.publish(actor=bob, case=Case.objects.get(argument=second))
        as_(alice).post(f"/consultations/arguments/{second.pk}/helpful/", {"helpful": "yes"})
        shown = arguments.of(opinion, alice, with_marks=True).for_
        assert [(s.argument, s.helpful, s.mine) for s in shown] == [(second, 1, True), (argument, 0, False)]

    def test_a_voided_participant_counts_no_more(self, argument: Argument, alice: User, opinion: Opinion) -> None:
        arguments.mark(user=alice, argument=argument)
        opinion.consultation.participants.filter(user=alice).update(voided_at=timezone.now(), void_reason="x")
        assert arguments.of(opinion, alice, with_marks=True).for_[0].helpful == 0

    def test_arguments_count_no_vote(self, argument: Argument, alice: User) -> None:
        arguments.mark(user=alice, argument=argument)
        assert not Vote.objects.exists()


class TestReports:
    def test_one_a_member_and_one_case_for_all(self, opinion: Opinion, frank: User, carol: User) -> None:
        for person in (frank, frank, carol):
            reports.report(user=person, opinion=opinion, reason="insult", note="이 부분")
        assert Report.objects.count() == 2
        assert Case.objects.filter(kind="report", closed_at=None).count() == 1

    def test_it_hides_nothing(self, as_: As, opinion: Opinion, frank: User) -> None:
        before = as_(None).get(opinion.get_absolute_url()).content
        as_(frank).post(f"{opinion.get_absolute_url()}report/", {"reason": "insult"})
        assert Report.objects.count() == 1
        assert as_(None).get(opinion.get_absolute_url()).content == before

    def test_who_may_not(self, opinion: Opinion, eve: User, alice: User) -> None:
        for person in (eve, alice):
            with pytest.raises(NotAllowed):
                reports.report(user=person, opinion=opinion, reason="insult")

    def test_a_form_without_a_reason_keeps_the_note(self, as_: As, opinion: Opinion, frank: User) -> None:
        answer = as_(frank).post(f"{opinion.get_absolute_url()}report/", {"note": "이 부분이 문제입니다"})
        assert answer.status_code == 422 and "이 부분이 문제입니다" in answer.content.decode()

    def test_what_is_not_published_is_not_there(self, as_: As, submitted: Opinion, frank: User) -> None:
        for page in ("report", "argue"):
            assert as_(frank).get(f"{submitted.get_absolute_url()}{page}/").status_code == 404

    def test_closing_it_leaves_the_opinion(
        self, as_: As, opinion: Opinion, frank: User, bob: User, carol: User
    ) -> None:
        reports.report(user=frank, opinion=opinion, reason="insult", note="이 부분")
        case = Case.objects.get(kind="report")
        assert "이 부분" in as_(bob).get(f"/moderation/{case.pk}/").content.decode()
        as_(bob).post(f"/moderation/{case.pk}/decide/", {"verb": "dismiss_report"})
        case.refresh_from_db()
        assert case.closed_at is not None and Opinion.objects.get().state == "published"
        reports.report(user=carol, opinion=opinion, reason="insult")
        assert Case.objects.filter(kind="report", closed_at=None).count() == 1


def test_the_page_says_where_an_opinion_is_used(as_: As, opinion: Opinion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "_FINDERS", [])
    uses.register(lambda found: [uses.Use(f"Digest with No. {found.number}", "/somewhere/")])
    page = as_(None).get(opinion.get_absolute_url()).content.decode()
    assert "Digest with No. 1" in page and TEXT["proposal"] in page
