"""Texts of an opinion: asked for, proposed, approved, refused, withdrawn; and what becomes of votes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import comparing, counts, deadlines, moderation, retexted, submission, versions, voting
from consultations.models import Case, Consultation, Decision, Opinion, Vote
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Delivery, Occasion
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
OTHER = {**TEXT, "reason": "다른 까닭"}


def the_case() -> Case:
    return Case.objects.get(closed_at=None)


def tally(opinion: Opinion) -> tuple[int, int, int]:
    fresh = Opinion.objects.get(pk=opinion.pk)
    found = counts.stored(fresh)
    return found.agree, found.pass_, found.disagree


class TestChanges:
    @pytest.fixture
    def asked(self, submitted: Opinion, bob: User) -> Opinion:
        return versions.request_changes(actor=bob, case=the_case(), note="둘로 나누어 주세요", reason="several_points")

    def test_w11_the_author_sees_reason_and_text_and_sends_a_new_one(
        self, as_: As, asked: Opinion, alice: User, bob: User
    ) -> None:
        client = as_(alice)
        page = client.get(f"{asked.get_absolute_url()}mine/").content.decode()
        assert "둘로 나누어 주세요" in page
        assert TEXT["reason"] in page
        form = client.get(f"{asked.get_absolute_url()}text/")
        assert TEXT["reason"] in form.content.decode()
        data = {name: str(form.context["form"][name].value()) for name in ("key", "revision", "owner")} | OTHER
        answer = client.post(f"{asked.get_absolute_url()}text/", data)
        assert answer.headers["Location"].endswith("/mine/")
        again = Opinion.objects.get()
        assert (again.number, again.state, again.version.number) == (1, State.SUBMITTED, 2)  # type: ignore[union-attr]
        case = the_case()
        assert case.claimed_by == bob
        assert [d.verb for d in again.decisions.all()] == ["request_changes", "submit"]
        moderation.publish(actor=bob, case=case)

    def test_words_are_needed(self, submitted: Opinion, bob: User) -> None:
        with pytest.raises(Invalid):
            versions.request_changes(actor=bob, case=the_case(), note=" ")

    def test_the_author_is_told_until_when(self, asked: Opinion, alice: User) -> None:
        mail = kinds.get("opinion_decided").render(Occasion.objects.get(kind="opinion_decided"), alice)
        assert mail is not None
        assert any("둘로 나누어 주세요" in line for line in mail.paragraphs)
        assert asked.changes_due_at is not None
        left = asked.changes_due_at - timezone.now()
        assert timedelta(hours=47, minutes=59) < left <= timedelta(hours=48)

    def test_at_most_until_a_day_after_submissions_close(self, submitted: Opinion, bob: User) -> None:
        Consultation.objects.update(submissions_close_at=timezone.now() + timedelta(hours=1))
        asked = versions.request_changes(actor=bob, case=the_case(), note="글")
        assert asked.changes_due_at == Consultation.objects.get().submissions_close_at + timedelta(hours=24)

    def test_when_no_time_is_left_it_is_refused(self, submitted: Opinion, bob: User) -> None:
        Consultation.objects.update(submissions_close_at=timezone.now() - timedelta(hours=25))
        with pytest.raises(versions.TooLate):
            versions.request_changes(actor=bob, case=the_case(), note="글")
        assert Opinion.objects.get().state == State.SUBMITTED

    def test_the_clock_gives_it_back_as_it_stands(self, asked: Opinion, alice: User) -> None:
        assert deadlines.return_due(timezone.now() + timedelta(hours=47)) == 0
        later = timezone.now() + timedelta(hours=49)
        assert deadlines.return_due(later) == 1
        assert deadlines.return_due(later) == 0
        assert Opinion.objects.get().state == State.SUBMITTED
        assert the_case().version.number == 1
        assert Delivery.objects.filter(user=alice, occasion__kind="opinion_decided").count() == 2
        with pytest.raises(versions.NotPossible):
            versions.resubmit(user=alice, opinion=asked, fields=OTHER)

    def test_others_do_not_send_it(self, asked: Opinion, frank: User) -> None:
        with pytest.raises(NotAllowed):
            versions.resubmit(user=frank, opinion=asked, fields=OTHER)


class TestALateText:
    @pytest.fixture
    def case(self, opinion: Opinion, alice: User) -> Case:
        versions.propose_version(user=alice, opinion=opinion, fields=OTHER)
        return the_case()

    def test_what_is_undecided_a_day_before_closing_lapses_and_the_author_is_told(
        self, case: Case, opinion: Opinion, alice: User, frank: User
    ) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        closes = opinion.consultation.voting_close_at
        assert deadlines.lapse_due(closes - timedelta(hours=25)) == 0
        assert deadlines.lapse_due(closes - timedelta(hours=24)) == 1
        assert deadlines.lapse_due(closes - timedelta(hours=24)) == 0
        assert not Case.objects.filter(closed_at=None).exists()
        assert versions.pending(opinion) is None
        fresh = Opinion.objects.get(pk=opinion.pk)
        assert (fresh.state, fresh.version_id) == (State.PUBLISHED, opinion.version_id)
        voting.retally([opinion.pk])
        assert tally(opinion) == (1, 0, 0)
        decision = Decision.objects.get(verb="lapse_version")
        occasion = Occasion.objects.get(kind="opinion_decided", target=f"decision:{decision.pk}")
        mail = kinds.get("opinion_decided").render(occasion, alice)
        assert mail is not None
        assert any(closing_word in mail.paragraphs[1] for closing_word in ("voting closes", "투표 마감"))

    def test_a_moderator_who_comes_later_is_told(self, case: Case, opinion: Opinion, bob: User) -> None:
        deadlines.lapse_due(opinion.consultation.voting_close_at)
        with pytest.raises(moderation.AlreadyDecided):
            versions.approve_version(actor=bob, case=case, keeps_votes=True)

    def test_a_new_opinion_does_not_lapse(self, submitted: Opinion) -> None:
        assert deadlines.lapse_due(submitted.consultation.voting_close_at) == 0


class TestANewText:
    @pytest.fixture
    def voted(self, opinion: Opinion, frank: User, bob: User) -> Opinion:
        voting.cast(user=frank, opinion=opinion, value=1)
        voting.cast(user=bob, opinion=opinion, value=-1)
        voting.retally([opinion.pk])
        return opinion

    @pytest.fixture
    def case(self, voted: Opinion, alice: User) -> Case:
        versions.propose_version(user=alice, opinion=voted, fields=OTHER)
        return the_case()

    def test_the_published_text_stays_in_force(self, as_: As, case: Case, voted: Opinion) -> None:
        page = as_(None).get(voted.get_absolute_url()).content.decode()
        assert TEXT["reason"] in page
        assert OTHER["reason"] not in page
        assert tally(voted) == (1, 0, 1)
        assert OTHER["reason"] not in as_(None).get(f"{voted.get_absolute_url()}versions/").content.decode()

    def test_v11_a_small_correction_keeps_votes(self, case: Case, voted: Opinion, bob: User) -> None:
        done = versions.approve_version(actor=bob, case=case, keeps_votes=True)
        assert (done.version.number, done.version.votes_since) == (2, 1)  # type: ignore[union-attr]
        assert tally(voted) == (1, 0, 1)
        assert not Occasion.objects.filter(kind=retexted.KIND).exists()

    def test_v11_another_text_counts_only_votes_of_its_own(
        self, case: Case, voted: Opinion, bob: User, frank: User
    ) -> None:
        versions.approve_version(actor=bob, case=case, keeps_votes=False)
        assert tally(voted) == (0, 0, 0)
        assert Vote.objects.count() == 2
        earlier = retexted.earlier_vote_of(frank, Opinion.objects.select_related("version").get())
        assert earlier is not None
        assert earlier.version_number == 1
        with pytest.raises(voting.TextChanged):
            voting.cast(user=frank, opinion=voted, value=1, version=1)
        voting.cast(user=frank, opinion=voted, value=1, version=2)
        voting.retally([voted.pk])
        assert tally(voted) == (1, 0, 0)
        assert retexted.earlier_vote_of(frank, Opinion.objects.get()) is None

    def test_its_voters_are_asked_once_a_day(
        self, case: Case, voted: Opinion, bob: User, frank: User, alice: User, publish: Callable[[Opinion], Opinion]
    ) -> None:
        second = publish(
            submission.submit(user=alice, consultation=voted.consultation, fields={**TEXT, "proposal": "둘째 제안"})
        )
        voting.cast(user=frank, opinion=second, value=0)
        versions.approve_version(actor=bob, case=case, keeps_votes=False)
        versions.propose_version(user=alice, opinion=second, fields={**OTHER, "proposal": "둘째 제안, 고침"})
        versions.approve_version(actor=bob, case=the_case(), keeps_votes=False)
        occasion = Occasion.objects.get(kind=retexted.KIND)
        assert timezone.now() < occasion.due_at <= timezone.now() + timedelta(hours=34)
        assert set(retexted.audience(occasion)) == {frank, bob}
        mail = kinds.get(retexted.KIND).render(occasion, frank)
        assert mail is not None
        assert sum(line.startswith("No. ") for line in mail.paragraphs) == 2
        voting.cast(user=frank, opinion=voted, value=1)
        voting.cast(user=frank, opinion=second, value=1)
        assert set(retexted.audience(occasion)) == {bob}
        assert kinds.get(retexted.KIND).render(occasion, frank) is None

    def test_not_keeping_votes_ends_a_day_before_voting_closes(self, case: Case, voted: Opinion, bob: User) -> None:
        now = timezone.now()
        Consultation.objects.update(
            submissions_close_at=now - timedelta(days=2), voting_close_at=now + timedelta(hours=23)
        )
        with pytest.raises(versions.TooLate):
            versions.approve_version(actor=bob, case=case, keeps_votes=False)
        assert tally(voted) == (1, 0, 1)
        assert versions.approve_version(actor=bob, case=case, keeps_votes=True).version_id == case.version_id

    def test_refused_with_a_reason_the_published_text_stays(self, case: Case, voted: Opinion, bob: User) -> None:
        with pytest.raises(Invalid):
            versions.reject_version(actor=bob, case=case, reason="")
        done = versions.reject_version(actor=bob, case=case, reason="off_topic")
        assert done.version.number == 1  # type: ignore[union-attr]
        assert not Case.objects.filter(closed_at=None).exists()
        assert Delivery.objects.filter(occasion__kind="opinion_decided").count() == 2

    def test_a_newer_proposal_takes_the_place_of_the_waiting_one(
        self, case: Case, voted: Opinion, alice: User, bob: User
    ) -> None:
        newer = versions.propose_version(user=alice, opinion=voted, fields={**OTHER, "reason": "셋째"})
        again = versions.propose_version(user=alice, opinion=voted, fields={**OTHER, "reason": "셋째"})
        assert newer.pk == again.pk
        assert the_case().version_id == newer.pk
        with pytest.raises(moderation.TextMoved):
            versions.approve_version(actor=bob, case=case, keeps_votes=True, version_id=case.version_id)

    def test_only_until_submissions_close(self, voted: Opinion, alice: User) -> None:
        Consultation.objects.update(submissions_close_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(versions.TooLate):
            versions.propose_version(user=alice, opinion=voted, fields=OTHER)

    def test_a_case_of_a_text_is_not_published_like_a_new_opinion(self, case: Case, bob: User) -> None:
        for act in (moderation.publish, versions.request_changes):
            with pytest.raises(DomainError):
                act(actor=bob, case=case, note="글")
        assert Opinion.objects.get().publish_sequence == 1

    def test_the_moderators_page_decides(self, as_: As, case: Case, voted: Opinion, bob: User) -> None:
        client = as_(bob)
        page = client.get(f"/moderation/{case.pk}/").content.decode()
        assert "<ins>" in page
        address = f"/moderation/{case.pk}/decide/"
        client.post(address, {"verb": "approve_version", "version": case.version_id})
        assert Opinion.objects.get().version.number == 1  # type: ignore[union-attr]
        client.post(address, {"verb": "approve_version", "version": case.version_id, "keeps_votes": "no"})
        assert Opinion.objects.get().version.number == 2  # type: ignore[union-attr]

    def test_the_page_says_that_an_earlier_vote_waits(
        self, as_: As, case: Case, voted: Opinion, bob: User, frank: User, alice: User
    ) -> None:
        versions.approve_version(actor=bob, case=case, keeps_votes=False)
        address = voted.get_absolute_url()
        asked = f"{address}versions/?from=1"
        assert asked in as_(frank).get(address).content.decode()
        assert asked not in as_(alice).get(address).content.decode()
        compared = as_(None).get(asked).content.decode()
        assert "<del>" in compared
        assert "<ins>" in compared


class TestWithdrawing:
    def test_its_votes_leave_and_it_leaves_the_list(self, as_: As, opinion: Opinion, alice: User, frank: User) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        client = as_(alice)
        client.post(f"{opinion.get_absolute_url()}withdraw/", {})
        assert Opinion.objects.get().state == State.PUBLISHED
        client.post(f"{opinion.get_absolute_url()}withdraw/", {"sure": "yes"})
        assert Opinion.objects.get().state == State.WITHDRAWN
        assert tally(opinion) == (0, 0, 0)
        assert Vote.objects.count() == 1
        assert Decision.objects.filter(verb="withdraw", actor=alice).count() == 1
        assert versions.withdraw(user=alice, opinion=opinion).state == State.WITHDRAWN
        assert Decision.objects.filter(verb="withdraw").count() == 1

    def test_what_waits_is_closed(self, submitted: Opinion, alice: User, bob: User) -> None:
        case = the_case()
        versions.withdraw(user=alice, opinion=submitted)
        with pytest.raises(moderation.AlreadyDecided):
            moderation.publish(actor=bob, case=case)

    def test_only_the_author_and_until_voting_closes(self, opinion: Opinion, alice: User, frank: User) -> None:
        with pytest.raises(NotAllowed):
            versions.withdraw(user=frank, opinion=opinion)
        now = timezone.now()
        Consultation.objects.update(submissions_close_at=now - timedelta(days=2), voting_close_at=now)
        with pytest.raises(versions.TooLate):
            versions.withdraw(user=alice, opinion=opinion)

    def test_a_rejected_one_stays_rejected(self, submitted: Opinion, alice: User, bob: User) -> None:
        moderation.reject(actor=bob, case=the_case(), reason="off_topic")
        with pytest.raises(versions.NotPossible):
            versions.withdraw(user=alice, opinion=submitted)


def test_pages_of_texts_are_the_authors_alone(as_: As, opinion: Opinion, frank: User) -> None:
    client = as_(frank)
    for part in ("text/", "mine/"):
        assert client.get(f"{opinion.get_absolute_url()}{part}").status_code == 404
    assert client.post(f"{opinion.get_absolute_url()}withdraw/", {"sure": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("left", "right"),
    [("", "가"), ("같은 글", "같은  글"), ("a b c", "a c d"), ("줄\n줄", "줄\n다른 줄"), ("가" * 9_000, "나 " * 9_000)],
)
def test_pieces_joined_are_the_texts(left: str, right: str) -> None:
    before, after = comparing.pieces(left, right)
    assert "".join(p.text for p in before) == left
    assert "".join(p.text for p in after) == right
    assert [p.text for p in before if p.kind == "same"] == [p.text for p in after if p.kind == "same"]
