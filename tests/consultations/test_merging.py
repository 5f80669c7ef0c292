"""Merging by consent: votes never move, originals stay readable with their final counts, who agreed is asked once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Society, User
from common.errors import DomainError, Invalid, NotAllowed
from consultations import (
    appeals,
    authors,
    consent,
    counts,
    deciding,
    merging,
    moderation,
    priorities,
    reconcile,
    reports,
    submission,
    telling,
    undoing,
    versions,
    voting,
)
from consultations.models import Case, Consultation, Decision, Opinion, Vote
from consultations.models.opinions import State
from notifications import kinds
from notifications.expand import expand_due
from notifications.models import Delivery, Occasion
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_holding import told

As = Callable[[User | None], Client]
JOINT = TEXT | {"proposal": "두 제안을 합친 제안"}


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.select_related("merge__target", "version", "consultation", "author__user").get(pk=opinion.pk)


@pytest.fixture
def pair(stage: Stage) -> tuple[Opinion, Opinion]:
    """The author's and the member's, published."""
    return stage.publish(), stage.another()


@pytest.fixture
def voters(make_user: Make, society: Society) -> list[User]:
    return [make_user(f"Voter{n}", society) for n in range(4)]


def vote(voters: list[User], opinion: Opinion, values: list[int | None]) -> None:
    for person, value in zip(voters, values, strict=True):
        if value is not None:
            voting.cast(user=person, opinion=opinion, value=value)
    voting.retally([opinion.pk])


class TestIntoAJointText:
    def test_v12_votes_stay_where_they_are_whatever_they_were(
        self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]
    ) -> None:
        vote(voters, pair[0], [1, 1, -1, 0])
        vote(voters, pair[1], [-1, 1, 1, None])
        before = list(Vote.objects.order_by("pk").values())
        made = merging.merge(actor=stage.third, opinions=pair, fields=JOINT)
        assert list(Vote.objects.order_by("pk").values()) == before
        assert [fresh(o).state for o in pair] == [State.MERGED, State.MERGED]
        joint = fresh(made.target)
        assert (joint.state, joint.number, joint.publish_sequence) == (State.PUBLISHED, 3, 3)
        assert counts.stored(joint).total == 0 and [counts.stored(fresh(o)).total for o in pair] == [0, 0]
        final = [counts.final(fresh(o)) for o in pair]
        assert [(c.agree, c.pass_, c.disagree) for c in final] == [(2, 1, 1), (2, 0, 1)]
        assert reconcile.compare() == []
        assert Vote.objects.counting().count() == 0

    def test_both_wrote_it_and_both_may_propose_another_text(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        joint = merging.merge(actor=stage.third, opinions=pair, fields=JOINT).target
        assert authors.people_of(fresh(joint)) == [stage.author, stage.member]
        assert authors.bylines([fresh(joint)])[joint.pk] == "A society"
        for number, person in enumerate((stage.author, stage.member)):
            versions.propose_version(user=person, opinion=fresh(joint), fields=JOINT | {"reason": f"까닭 {number}"})
        with pytest.raises(deciding.NotPossible):
            versions.withdraw(user=stage.member, opinion=fresh(joint))
        mine = [o.number for o in Opinion.objects.by(stage.member)]
        assert joint.number in mine

    def test_each_author_is_told_where_to_and_may_appeal(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        merging.merge(actor=stage.third, opinions=pair, fields=JOINT, note="같은 뜻입니다")
        for person in (stage.author, stage.member):
            words = "\n".join(told(telling.OPINION_DECIDED, person)[-1].paragraphs)
            assert JOINT["proposal"] in words and "같은 뜻입니다" in words and "you can appeal once" in words

    def test_one_that_waits_is_merged_and_its_case_closed(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        waiting = stage.submit()
        merging.merge(actor=stage.third, opinions=[waiting, pair[1]], fields=JOINT)
        assert fresh(waiting).state == State.MERGED
        assert not Case.objects.filter(closed_at=None).exists()

    def test_a_case_that_a_colleague_holds_is_refused(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        waiting = stage.submit()
        moderation.claim(actor=stage.first, case=stage.case(waiting))
        with pytest.raises(deciding.HeldByAnother):
            merging.merge(actor=stage.third, opinions=[waiting, pair[1]], fields=JOINT)
        assert Opinion.objects.count() == 3

    def test_a_text_that_changed_meanwhile_is_refused(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        with pytest.raises(deciding.TextMoved):
            merging.merge(actor=stage.third, opinions=pair, fields=JOINT, seen={pair[0].pk: 999_999})

    def test_reports_are_closed_and_told(self, stage: Stage, pair: tuple[Opinion, Opinion], frank: User) -> None:
        reports.report(user=frank, opinion=pair[0], reason="duplicate")
        merging.merge(actor=stage.third, opinions=pair, fields=JOINT)
        assert "merged" in told(telling.REPORT_DECIDED, frank)[0].paragraphs[0]


class TestIntoOneThatIsThere:
    def test_its_text_stays_and_it_takes_in_more(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        text = pair[1].version_id
        made = merging.merge(actor=stage.third, opinions=[pair[0]], into=pair[1])
        assert not made.is_joint and fresh(pair[1]).version_id == text
        assert authors.people_of(fresh(pair[1])) == [stage.member]
        assert [o.number for o in merging.originals_of(pair[1])] == [pair[0].number]
        with pytest.raises(deciding.NotPossible):
            versions.withdraw(user=stage.member, opinion=fresh(pair[1]))

    @pytest.mark.parametrize("wrong", ["itself", "nothing", "both", "one", "submitted", "elsewhere"])
    def test_what_makes_no_sense_is_refused(
        self, stage: Stage, pair: tuple[Opinion, Opinion], consultation: Consultation, wrong: str
    ) -> None:
        one, other = pair
        elsewhere = Consultation.objects.get(pk=consultation.pk)
        elsewhere.pk, elsewhere.slug = None, "other"
        elsewhere.save()
        foreign = submission.submit(user=stage.author, consultation=elsewhere, fields=TEXT)
        with pytest.raises(DomainError):
            match wrong:
                case "itself":
                    merging.merge(actor=stage.third, opinions=[one], into=one)
                case "nothing":
                    merging.merge(actor=stage.third, opinions=[one, other])
                case "both":
                    merging.merge(actor=stage.third, opinions=[one], into=other, fields=JOINT)
                case "one":
                    merging.merge(actor=stage.third, opinions=[one, one], fields=JOINT)
                case "submitted":
                    merging.merge(actor=stage.third, opinions=[one], into=stage.submit())
                case _:
                    merging.merge(actor=stage.third, opinions=[foreign], into=one)
        assert fresh(one).state == State.PUBLISHED

    def test_nobody_merges_into_an_own_opinion(self, stage: Stage, pair: tuple[Opinion, Opinion], bob: User) -> None:
        own = submission.submit(user=bob, consultation=stage.consultation, fields=TEXT)
        moderation.publish(actor=stage.first, case=stage.case(own))
        for originals, into in (([own], pair[0]), ([pair[0]], own)):
            with pytest.raises(NotAllowed) as caught:
                merging.merge(actor=bob, opinions=originals, into=into)
            assert caught.value.code == "own_opinion"


class TestTheLatestTime:
    def test_a_published_one_a_day_before_voting_closes(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        waiting = stage.submit()
        now = timezone.now()
        Consultation.objects.update(
            submissions_close_at=now - timedelta(days=3), voting_close_at=now + timedelta(hours=23)
        )
        with pytest.raises(deciding.TooLate):
            merging.merge(actor=stage.third, opinions=[fresh(pair[0])], into=pair[1])
        merging.merge(actor=stage.third, opinions=[fresh(waiting)], into=pair[1])

    def test_none_after_it_closed(self, stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
        waiting = stage.submit()
        now = timezone.now()
        Consultation.objects.update(submissions_close_at=now - timedelta(days=3), voting_close_at=now)
        with pytest.raises(deciding.TooLate):
            merging.merge(actor=stage.third, opinions=[fresh(waiting)], into=pair[1])


class TestReading:
    @pytest.fixture
    def merged(self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]) -> Opinion:
        vote(voters, pair[0], [1, 1, -1, 0])
        merging.merge(actor=stage.third, opinions=[pair[0]], into=pair[1])
        return fresh(pair[0])

    def test_everybody_reads_it_with_its_final_counts_and_the_way_on(
        self, as_: As, merged: Opinion, pair: tuple[Opinion, Opinion]
    ) -> None:
        page = as_(None).get(f"{merged.get_absolute_url()}?lang=en")
        text = page.content.decode()
        assert page.status_code == 200 and "2 of 4 who voted agree" in text
        assert f'href="{pair[1].get_absolute_url()}"' in text and "takes no more votes" in text
        assert "vote/" not in text.split("<main")[1].split("</main")[0]
        target = as_(None).get(pair[1].get_absolute_url()).content.decode()
        assert merged.get_absolute_url() in target

    def test_it_stands_in_no_list_deck_search_or_priorities(self, as_: As, merged: Opinion, stage: Stage) -> None:
        assert merged.version is not None
        client = as_(stage.member)
        for place in ("/consultations/talent/", f"/consultations/talent/?q={merged.version.proposal}",
                      "/consultations/talent/vote/", "/api/v1/consultations/talent/opinions/"):  # fmt: skip
            assert merged.get_absolute_url() not in client.get(place).content.decode()
            assert str(merged.pk) not in client.get(place).content.decode()
        with pytest.raises(DomainError):
            priorities.mark(user=stage.member, opinion=merged)

    def test_hidden_counts_stay_hidden(self, stage: Stage, merged: Opinion, voters: list[User]) -> None:
        Consultation.objects.update(counts="after_voting")
        assert counts.visible_counts(stage.member, fresh(merged)) is None
        seen = counts.visible_counts(voters[0], fresh(merged))
        assert seen is not None and seen.total == 4

    def test_it_takes_no_vote(self, merged: Opinion, voters: list[User]) -> None:
        with pytest.raises(voting.NotOpenToVotes):
            voting.cast(user=voters[0], opinion=merged, value=-1)


class TestConsent:
    @pytest.fixture
    def joint(self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]) -> Opinion:
        vote(voters, pair[0], [1, 1, -1, 0])
        vote(voters, pair[1], [1, None, 1, None])
        return merging.merge(actor=stage.third, opinions=pair, fields=JOINT).target

    @pytest.fixture
    def occasion(self, joint: Opinion) -> Occasion:
        return Occasion.objects.get(kind=consent.KIND)

    def test_who_agreed_with_any_is_asked_once_when_it_cannot_be_undone_any_more(
        self, joint: Opinion, occasion: Occasion, voters: list[User]
    ) -> None:
        assert timedelta(minutes=9) < occasion.due_at - timezone.now() <= timedelta(minutes=10)
        assert set(consent.audience(occasion)) == set(voters[:3])
        Occasion.objects.filter(pk=occasion.pk).update(due_at=timezone.now())
        expand_due()
        expand_due()
        assert Delivery.objects.filter(occasion=occasion).count() == 3

    def test_the_mail_names_both_texts(self, joint: Opinion, occasion: Occasion, voters: list[User]) -> None:
        mail = kinds.get(consent.KIND).render(occasion, voters[0])
        assert mail is not None
        assert sum(line.startswith("No. ") for line in mail.paragraphs) == 2
        assert JOINT["proposal"] in "\n".join(mail.paragraphs) and mail.link.endswith("/consent/")
        assert kinds.get(consent.KIND).render(occasion, voters[3]) is None

    def test_looking_changes_nothing_and_one_click_is_an_ordinary_vote(
        self, as_: As, joint: Opinion, voters: list[User]
    ) -> None:
        address = f"{joint.get_absolute_url()}consent/"
        client = as_(voters[0])
        for _turn in range(2):
            page = client.get(f"{address}?lang=en").content.decode()
        assert JOINT["proposal"] in page and not Vote.objects.filter(opinion=joint).exists()
        assert client.post(address, {"version": "1"}).status_code == 302
        stored = Vote.objects.get(opinion=joint)
        assert (stored.value, stored.version_number) == (1, 1)
        client.post(address, {"version": "1"})
        assert Vote.objects.filter(opinion=joint).count() == 1

    def test_who_voted_there_already_keeps_that_vote_and_is_not_asked(
        self, as_: As, joint: Opinion, occasion: Occasion, voters: list[User]
    ) -> None:
        voting.cast(user=voters[0], opinion=joint, value=-1)
        assert set(consent.audience(occasion)) == set(voters[1:3])
        assert kinds.get(consent.KIND).render(occasion, voters[0]) is None
        as_(voters[0]).post(f"{joint.get_absolute_url()}consent/", {"version": "1"})
        assert Vote.objects.get(opinion=joint).value == -1

    def test_who_did_not_agree_has_no_such_page(self, as_: As, joint: Opinion, voters: list[User]) -> None:
        assert as_(voters[3]).get(f"{joint.get_absolute_url()}consent/").status_code == 404
        with pytest.raises(NotAllowed):
            consent.say_yes(user=voters[3], target=joint)

    def test_a_text_that_changed_meanwhile_is_shown_again(self, as_: As, joint: Opinion, voters: list[User]) -> None:
        as_(voters[0]).post(f"{joint.get_absolute_url()}consent/", {"version": "7"})
        assert not Vote.objects.filter(opinion=joint).exists()

    def test_voided_people_are_not_asked(self, joint: Opinion, occasion: Occasion, voters: list[User]) -> None:
        joint.consultation.participants.filter(user=voters[0]).update(voided_at=timezone.now(), void_reason="x")
        assert set(consent.audience(occasion)) == set(voters[1:3])

    def test_after_voting_closed_nobody_is(self, joint: Opinion, occasion: Occasion, voters: list[User]) -> None:
        now = timezone.now()
        Consultation.objects.update(submissions_close_at=now - timedelta(days=3), voting_close_at=now)
        assert not consent.audience(occasion).exists()


class TestBack:
    def test_undone_the_originals_are_as_before_and_nobody_is_asked(
        self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]
    ) -> None:
        vote(voters, pair[0], [1, 1, -1, 0])
        waiting = stage.submit()
        made = merging.merge(actor=stage.third, opinions=[*pair, waiting], fields=JOINT)
        undoing.undo(actor=stage.third, decision=Decision.objects.filter(verb="merge")[1])
        assert [fresh(o).state for o in (*pair, waiting)] == [State.PUBLISHED, State.PUBLISHED, State.SUBMITTED]
        assert counts.stored(fresh(pair[0])).total == 4
        assert stage.case(waiting).closed_at is None
        assert fresh(made.target).state == State.WITHDRAWN
        assert Occasion.objects.get(kind=consent.KIND).state == Occasion.State.CANCELLED
        assert reconcile.compare() == []

    def test_not_after_somebody_voted_on_the_joint_text(
        self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]
    ) -> None:
        made = merging.merge(actor=stage.third, opinions=pair, fields=JOINT)
        voting.cast(user=voters[0], opinion=made.target, value=1)
        with pytest.raises(undoing.Overtaken):
            undoing.undo(actor=stage.third, decision=Decision.objects.filter(verb="merge")[0])

    def test_an_appeal_takes_one_out_and_its_author_off_the_joint_text(
        self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]
    ) -> None:
        vote(voters, pair[0], [1, 1, -1, 0])
        joint = merging.merge(actor=stage.first, opinions=pair, fields=JOINT).target
        appeals.appeal(user=stage.author, subject=fresh(pair[0]), words="다른 뜻입니다")
        # Who published one of them took part in what became of it.
        appeals.grant(actor=stage.third, case=stage.case(pair[0], "appeal"))
        assert fresh(pair[0]).state == State.PUBLISHED and counts.stored(fresh(pair[0])).total == 4
        assert fresh(pair[1]).state == State.MERGED and fresh(joint).state == State.PUBLISHED
        assert authors.people_of(fresh(joint)) == [stage.member]

    def test_a_joint_text_without_originals_ends_and_its_votes_stay(
        self, stage: Stage, pair: tuple[Opinion, Opinion], voters: list[User]
    ) -> None:
        joint = merging.merge(actor=stage.first, opinions=pair, fields=JOINT).target
        voting.cast(user=voters[0], opinion=joint, value=1)
        for opinion, person in zip(pair, (stage.author, stage.member), strict=True):
            appeals.appeal(user=person, subject=fresh(opinion), words="다른 뜻입니다")
            appeals.grant(actor=stage.third, case=stage.case(opinion, "appeal"))
        assert fresh(joint).state == State.WITHDRAWN
        assert Vote.objects.filter(opinion=joint).count() == 1 and reconcile.compare() == []


def test_words_are_checked_like_an_opinions(stage: Stage, pair: tuple[Opinion, Opinion]) -> None:
    with pytest.raises(Invalid) as caught:
        merging.merge(actor=stage.third, opinions=pair, fields=JOINT | {"problem": ""})
    assert "problem" in caught.value.fields
