"""Merging by consent: votes never move, originals stay readable with their final counts, who agreed is asked once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
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
from notifications.models import Occasion
from tests.consultations.stage import TEXT, Stage, vote
from tests.consultations.test_holding import told

As = Callable[[User | None], Client]
JOINT = TEXT | {"proposal": "두 제안을 합친 제안"}


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.select_related("merge__target", "version", "consultation", "author__user").get(pk=opinion.pk)


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
        assert authors.bylines([fresh(joint)])[joint.pk] == "A member of a society"
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
