"""A member of several societies counts once, for the society of their choice, until their first act."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Society, User
from common.errors import NotAllowed
from consultations import roll, voting
from consultations.models import Consultation, Opinion, Participant, RollEntry
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
LIST = "/consultations/talent/"
CHOOSE = f"{LIST}society/"


@pytest.fixture
def grace(make_user: Callable[..., User], society: Society, other_society: Society) -> User:
    """Belongs to two societies, the longer to Materials."""
    made = make_user("Grace", society)
    day = timezone.localdate() - timedelta(days=30)
    Membership.objects.create(user=made, society=other_society, starts_on=day)
    return made


def counted(user: User) -> Society:
    return RollEntry.objects.get(participant__user=user).society


class TestChoosing:
    def test_the_oldest_one_counts_unless_another_is_chosen(
        self, as_: As, grace: User, consultation: Consultation, society: Society, other_society: Society
    ) -> None:
        roll.make(consultation)
        assert counted(grace) == society
        client = as_(grace)
        assert 'id="count-for"' in client.get(LIST).content.decode()
        answer = client.post(CHOOSE, {"society": other_society.pk})
        assert answer.headers["Location"] == LIST
        assert counted(grace) == other_society
        page = client.get(f"{LIST}?lang=en").content.decode()
        assert f'<option value="{other_society.pk}" selected>' in page

    def test_who_joined_later_enters_the_roll_by_choosing(
        self, as_: As, grace: User, consultation: Consultation, other_society: Society
    ) -> None:
        as_(grace).post(CHOOSE, {"society": other_society.pk})
        entry = RollEntry.objects.get(participant__user=grace)
        assert (entry.society, entry.fixed_at) == (other_society, None)

    def test_a_vote_fixes_it(
        self, as_: As, grace: User, opinion: Opinion, society: Society, other_society: Society
    ) -> None:
        client = as_(grace)
        client.post(CHOOSE, {"society": other_society.pk})
        voting.cast(user=grace, opinion=opinion, value=1)
        assert 'id="count-for"' not in client.get(LIST).content.decode()
        client.post(CHOOSE, {"society": society.pk})
        assert counted(grace) == other_society
        with pytest.raises(NotAllowed):
            roll.choose_society(user=grace, consultation=opinion.consultation, society_id=society.pk)

    def test_an_opinion_fixes_it_and_names_it(
        self, as_: As, grace: User, consultation: Consultation, other_society: Society
    ) -> None:
        client = as_(grace)
        client.post(CHOOSE, {"society": other_society.pk})
        page = client.get(f"{LIST}submit/?lang=en").content.decode()
        assert f"A member of {other_society.name_en}" in page
        client.post(f"{LIST}submit/", TEXT | {"shown_as": "society"})
        assert RollEntry.objects.get(participant__user=grace).fixed_at is not None
        assert "#count-for" not in client.get(f"{LIST}submit/").content.decode()

    def test_it_is_said_wherever_a_first_act_can_be(self, as_: As, grace: User, opinion: Opinion) -> None:
        client = as_(grace)
        for path in (f"{LIST}submit/", f"{LIST}vote/", opinion.get_absolute_url()):
            assert f"{LIST}#count-for" in client.get(path).content.decode(), path


class TestWhereThereIsNothingToChoose:
    def test_one_society_no_society_and_nobody(
        self, as_: As, frank: User, eve: User, consultation: Consultation
    ) -> None:
        for user in (frank, eve, None):
            assert 'id="count-for"' not in as_(user).get(LIST).content.decode()

    @pytest.mark.parametrize(("opens", "closes"), [(1, 5), (-9, -1)], ids=["not yet", "over"])
    def test_only_while_the_consultation_is_open(
        self, as_: As, grace: User, consultation: Consultation, other_society: Society, opens: int, closes: int
    ) -> None:
        now, day = timezone.now(), timedelta(days=1)
        Consultation.objects.update(
            submissions_open_at=now + opens * day, submissions_close_at=now + (closes - 1) * day,
            voting_open_at=now + opens * day, voting_close_at=now + closes * day,
        )  # fmt: skip
        client = as_(grace)
        assert 'id="count-for"' not in client.get(LIST).content.decode()
        client.post(CHOOSE, {"society": other_society.pk})
        assert not Participant.objects.filter(user=grace).exists()

    def test_a_society_of_ones_own(
        self, as_: As, frank: User, grace: User, consultation: Consultation, society: Society
    ) -> None:
        foreign = Society.objects.create(slug="optics", name_ko="가상광학회", name_en="Imaginary Optics Society")
        for user, chosen in ((frank, society.pk), (grace, foreign.pk), (grace, "x"), (grace, "")):
            as_(user).post(CHOOSE, {"society": chosen})
        assert not RollEntry.objects.exists()

    def test_a_society_that_was_left_or_is_gone(
        self, grace: User, consultation: Consultation, other_society: Society
    ) -> None:
        now = timezone.now()
        Society.objects.filter(pk=other_society.pk).update(is_active=False)
        assert roll.choice(user=grace, consultation=consultation, now=now) is None
        with pytest.raises(NotAllowed):
            roll.choose_society(user=grace, consultation=consultation, society_id=other_society.pk)

    def test_who_was_voided(self, grace: User, consultation: Consultation, other_society: Society) -> None:
        roll.make(consultation)
        Participant.objects.filter(user=grace).update(voided_at=timezone.now(), void_reason="two accounts")
        assert roll.choice(user=grace, consultation=consultation, now=timezone.now()) is None
        with pytest.raises(NotAllowed):
            roll.choose_society(user=grace, consultation=consultation, society_id=other_society.pk)

    def test_who_is_signed_out_comes_back_to_the_list(self, as_: As, consultation: Consultation) -> None:
        answer = as_(None).post(CHOOSE, {"society": 1})
        assert answer.headers["Location"] == f"/account/sign-in/?next={LIST}"

    def test_a15_it_leads_to_no_other_site(
        self, as_: As, grace: User, consultation: Consultation, other_society: Society
    ) -> None:
        answer = as_(grace).post(CHOOSE, {"society": other_society.pk, "next": "https://example.org/"})
        assert answer.headers["Location"] == LIST
