"""Who agreed with an opinion that was merged is asked once; one click is an ordinary vote, looking is none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.errors import NotAllowed
from consultations import (
    consent,
    merging,
    voting,
)
from consultations.models import Consultation, Opinion, Vote
from notifications import kinds
from notifications.expand import expand_due
from notifications.models import Delivery, Occasion
from tests.consultations.stage import TEXT, Stage, vote

As = Callable[[User | None], Client]
JOINT = TEXT | {"proposal": "두 제안을 합친 제안"}


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.select_related("merge__target", "version", "consultation", "author__user").get(pk=opinion.pk)


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
