"""Held, confirmed, released, removed: two people, votes that come back unchanged, text that is gone everywhere (A09)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import NotAllowed
from consultations import (
    arguments,
    counts,
    deadlines,
    deciding,
    holding,
    reconcile,
    removal,
    reports,
    telling,
    voting,
)
from consultations.models import Argument, Case, Consultation, Decision, Opinion, Vote
from consultations.models.opinions import State
from notifications import kinds
from notifications.models import Delivery, Occasion
from tests.consultations.stage import Stage

As = Callable[[User | None], Client]


def tally(opinion: Opinion) -> tuple[int, int, int]:
    found = counts.stored(Opinion.objects.get(pk=opinion.pk))
    return found.agree, found.pass_, found.disagree


def told(kind: str, person: User) -> list[kinds.Mail]:
    """The mails of a kind to a person, in order."""
    deliveries = Delivery.objects.filter(user=person, occasion__kind=kind).order_by("occasion__created_at")
    found = [kinds.get(kind).render(delivery.occasion, person) for delivery in deliveries.select_related("occasion")]
    return [mail for mail in found if mail is not None]


@pytest.fixture
def voted(stage: Stage, frank: User, bob: User) -> Opinion:
    opinion = stage.publish()
    for person, value in ((stage.member, 1), (frank, -1), (bob, 0)):
        voting.cast(user=person, opinion=opinion, value=value)
    voting.retally([opinion.pk])
    return opinion


class TestHolding:
    def test_v08_held_and_released_the_totals_are_as_before(self, stage: Stage, voted: Opinion) -> None:
        before = list(Vote.objects.order_by("pk").values())
        holding.hold(actor=stage.first, subject=voted, reason="insult")
        assert tally(voted) == (0, 0, 0) and counts.visible_counts(stage.member, voted) is not None
        assert counts.visible_counts(stage.member, Opinion.objects.get(pk=voted.pk)) is None
        assert reconcile.compare() == []
        holding.release(actor=stage.second, subject=voted)
        assert tally(voted) == (1, 1, 1)
        assert list(Vote.objects.order_by("pk").values()) == before
        assert reconcile.compare() == []

    def test_it_is_hidden_at_once_and_the_author_and_colleagues_are_told(self, as_: As, stage: Stage) -> None:
        opinion = stage.publish()
        holding.hold(actor=stage.first, subject=opinion, reason="insult", note="욕설이 있습니다")
        assert as_(stage.member).get(opinion.get_absolute_url()).status_code == 404
        mail = told(telling.OPINION_DECIDED, stage.author)[-1]
        assert "held" in mail.subject
        words = "\n".join(mail.paragraphs)
        assert "Insulting" in words and "욕설이 있습니다" in words and "shown again by itself" in words
        assert told(telling.SECOND_WANTED, stage.second) and told(telling.SECOND_WANTED, stage.third)
        assert not told(telling.SECOND_WANTED, stage.first)

    def test_confirmed_it_stays_held(self, stage: Stage) -> None:
        opinion = stage.publish()
        first = holding.hold(actor=stage.first, subject=opinion, reason="insult")
        holding.confirm(actor=stage.second, first=first)
        assert deadlines.lapse_unconfirmed(timezone.now() + timedelta(days=9)) == 0
        assert Opinion.objects.get(pk=opinion.pk).state == State.HELD
        assert not told(telling.SECOND_WANTED, stage.third), "nobody is wanted any more"

    def test_unconfirmed_it_is_released_after_four_hours_and_both_are_told(self, stage: Stage, voted: Opinion) -> None:
        holding.hold(actor=stage.first, subject=voted, reason="insult")
        now = timezone.now()
        assert deadlines.lapse_unconfirmed(now + timedelta(hours=3, minutes=59)) == 0
        assert deadlines.lapse_unconfirmed(now + timedelta(hours=4)) == 1
        assert deadlines.lapse_unconfirmed(now + timedelta(hours=4)) == 0
        assert Opinion.objects.get(pk=voted.pk).state == State.PUBLISHED
        assert tally(voted) == (1, 1, 1)
        assert "released" in told(telling.OPINION_DECIDED, stage.author)[-1].subject
        assert "released" in told(telling.SECOND_ANSWERED, stage.first)[-1].subject

    def test_who_came_too_late_to_confirm_is_told(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        first = holding.hold(actor=stage.first, subject=stage.publish(), reason="insult")
        later = timezone.now() + timedelta(hours=5)
        monkeypatch.setattr("common.db.now", lambda: later)
        with pytest.raises(deciding.TooLate):
            holding.confirm(actor=stage.second, first=first)

    def test_who_held_it_neither_confirms_nor_releases_nor_removes(self, stage: Stage) -> None:
        opinion = stage.publish()
        first = holding.hold(actor=stage.first, subject=opinion, reason="insult")
        acts: list[Callable[[], object]] = [
            lambda: holding.confirm(actor=stage.first, first=first),
            lambda: holding.release(actor=stage.first, subject=opinion),
            lambda: removal.propose(actor=stage.first, subject=opinion, reason="insult"),
        ]
        for act in acts:
            with pytest.raises(NotAllowed) as caught:
                act()
            assert caught.value.code == "second_person"

    def test_v09_the_second_who_holds_is_told_who_was_first(self, stage: Stage) -> None:
        opinion = stage.publish()
        holding.hold(actor=stage.first, subject=opinion, reason="insult")
        with pytest.raises(deciding.AlreadyDecided) as caught:
            holding.hold(actor=stage.second, subject=opinion, reason="insult")
        assert "First" in str(caught.value.message)
        assert Decision.objects.filter(verb="hold").count() == 1

    def test_after_voting_closed_it_can_still_be_held_and_released(self, stage: Stage, voted: Opinion) -> None:
        now = timezone.now()
        Consultation.objects.update(submissions_close_at=now - timedelta(days=2), voting_close_at=now)
        holding.hold(actor=stage.first, subject=voted, reason="insult")
        holding.release(actor=stage.second, subject=voted)
        assert tally(voted) == (1, 1, 1)

    def test_releasing_closes_what_was_reported_and_tells_who_reported(self, stage: Stage) -> None:
        opinion = stage.publish()
        reports.report(user=stage.member, opinion=opinion, reason="insult")
        case = stage.case(opinion, "report")
        holding.hold(actor=stage.first, subject=opinion, reason="insult", case=case)
        assert stage.case(opinion, "report") == case, "it waits for what becomes of the hold"
        holding.release(actor=stage.second, subject=opinion)
        assert not Case.objects.filter(closed_at=None, opinion=opinion).exists()
        assert "stays" in told(telling.REPORT_DECIDED, stage.member)[0].paragraphs[0]

    def test_an_argument_is_held_like_an_opinion(self, as_: As, stage: Stage) -> None:
        argument = stage.put(State.PUBLISHED, argument=True)
        assert isinstance(argument, Argument)
        page = argument.opinion.get_absolute_url()
        assert argument.text in as_(None).get(page).content.decode()
        holding.hold(actor=stage.first, subject=argument, reason="insult")
        assert argument.text not in as_(None).get(page).content.decode()
        assert "Your argument" in told(telling.ARGUMENT_DECIDED, stage.author)[-1].subject
        holding.release(actor=stage.second, subject=argument)
        assert argument.text in as_(None).get(page).content.decode()


class TestRemoving:
    def test_a_proposal_changes_nothing_and_is_void_after_a_day(self, stage: Stage, voted: Opinion) -> None:
        removal.propose(actor=stage.first, subject=voted, reason="insult")
        assert Opinion.objects.get(pk=voted.pk).state == State.PUBLISHED and tally(voted) == (1, 1, 1)
        with pytest.raises(deciding.NotPossible):
            removal.propose(actor=stage.third, subject=voted, reason="insult")
        assert deadlines.lapse_unconfirmed(timezone.now() + timedelta(hours=24)) == 1
        assert removal.pending(voted) is None
        assert "void" in told(telling.SECOND_ANSWERED, stage.first)[0].subject
        assert len(told(telling.OPINION_DECIDED, stage.author)) == 1, "of what is void the author hears nothing"

    def test_by_two_people_it_is_gone_and_a_stub_with_the_reason_stays(
        self, as_: As, stage: Stage, voted: Opinion
    ) -> None:
        reports.report(user=stage.member, opinion=voted, reason="insult")
        proposed = removal.propose(actor=stage.first, subject=voted, reason="insult")
        with pytest.raises(NotAllowed):
            removal.confirm(actor=stage.first, first=proposed)
        removal.confirm(actor=stage.second, first=proposed)
        assert tally(voted) == (0, 0, 0) and Vote.objects.count() == 3
        page = as_(None).get(f"{voted.get_absolute_url()}?lang=en")
        assert page.status_code == 410 and "Insulting" in page.content.decode()
        assert not deciding.cases_of(voted).exists()
        mail = told(telling.OPINION_DECIDED, stage.author)[-1]
        assert any("appeal once, until" in line for line in mail.paragraphs)
        assert "removed" in told(telling.REPORT_DECIDED, stage.member)[0].paragraphs[0]

    def test_a_held_one_is_removed_by_two_who_did_not_have_to_hold_it(self, stage: Stage) -> None:
        opinion = stage.put(State.HELD)
        proposed = removal.propose(actor=stage.second, subject=opinion, reason="insult")
        assert holding.pending_hold(opinion) is None, "the proposal is a second person's yes to the hold"
        removal.confirm(actor=stage.first, first=proposed)
        assert Opinion.objects.get(pk=opinion.pk).state == State.REMOVED
        people = {d.actor for d in deciding.decisions_on(opinion).filter(verb__in=["remove", "confirm_removal"])}
        assert len(people) == 2

    def test_declined_nothing_happens_and_the_first_is_told(self, stage: Stage, voted: Opinion) -> None:
        proposed = removal.propose(actor=stage.first, subject=voted, reason="insult")
        removal.decline(actor=stage.second, first=proposed, note="규칙에 맞습니다")
        assert Opinion.objects.get(pk=voted.pk).state == State.PUBLISHED
        assert "규칙에 맞습니다" in "\n".join(told(telling.SECOND_ANSWERED, stage.first)[0].paragraphs)
        with pytest.raises(deciding.AlreadyDecided):
            removal.confirm(actor=stage.third, first=proposed)

    def test_a_decision_of_another_kind_is_not_confirmed(self, stage: Stage) -> None:
        opinion = stage.publish()
        published = deciding.decisions_on(opinion).get(verb="publish")
        with pytest.raises(deciding.NotPossible):
            removal.confirm(actor=stage.second, first=published)


WORD = "유일무이한말"


@pytest.mark.parametrize("hidden", ["held", "removed"])
def test_a09_what_is_hidden_is_gone_everywhere(
    as_: As, stage: Stage, dan: User, settings: LazySettings, hidden: str
) -> None:
    """A word that stands nowhere else is looked for on every page and answer that a member, or nobody, can open."""
    opinion = stage.submit(proposal=f"{WORD} 만들자", problem=f"{WORD} 문제", addressee=f"{WORD}부")
    stage.publish(opinion)
    argument = arguments.submit(user=stage.member, opinion=opinion, fields={"text": f"{WORD} 까닭", "side": "for"})
    arguments.publish(actor=stage.first, case=stage.case(argument))
    voting.cast(user=stage.member, opinion=opinion, value=1)
    slug = f"/consultations/{stage.consultation.slug}/"
    places = [
        "/", "/consultations/", slug, f"{slug}?q={WORD}", f"{slug}?order=random&seed=1", f"{slug}vote/", f"{slug}map/",
        f"{slug}opinions/{opinion.number}/", f"{slug}opinions/{opinion.number}/versions/", f"{slug}priorities/",
        "/account/votes/", "/api/v1/consultations/talent/opinions/", f"/api/v1/consultations/talent/opinions/?q={WORD}",
        f"/api/v1/opinions/{opinion.pk}/", f"{slug}digests/",
    ]  # fmt: skip

    def seen(reader: User | None) -> set[str]:
        client = as_(reader)
        return {
            place
            for place in places
            if WORD
            in client.get(place, follow=True)
            .content.decode()
            .replace(f"q={WORD}", "")
            .replace(f'value="{WORD}"', "")
            .replace(f"“{WORD}”", "")
        }

    assert len(seen(stage.member)) > 4, "a test that sees"
    if hidden == "held":
        holding.hold(actor=stage.first, subject=opinion, reason="insult")
    else:
        proposed = removal.propose(actor=stage.first, subject=opinion, reason="insult")
        removal.confirm(actor=stage.second, first=proposed)
    cache.clear()
    assert seen(stage.member) == set() and seen(None) == set()
    assert WORD in as_(stage.author).get(f"{slug}opinions/{opinion.number}/mine/").content.decode()


def test_reporters_are_told_once(stage: Stage) -> None:
    opinion = stage.publish()
    reports.report(user=stage.member, opinion=opinion, reason="insult")
    reports.dismiss(actor=stage.first, case=stage.case(opinion, "report"))
    assert Occasion.objects.filter(kind=telling.REPORT_DECIDED).count() == 1
