"""What stays of a withdrawn opinion: its number, and that it was withdrawn; nothing where nobody had voted."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from consultations import versions, voting
from consultations.models import Consultation, Opinion
from tests.api.conftest import Api
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]


@pytest.fixture
def withdrawn(opinion: Opinion, alice: User, frank: User) -> Opinion:
    """Alice's opinion, which Frank had voted on."""
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.retally([opinion.pk])
    return versions.withdraw(user=alice, opinion=opinion)


class TestThePage:
    def test_its_number_says_that_it_was_withdrawn(self, as_: As, withdrawn: Opinion, frank: User) -> None:
        for reader in (None, frank):
            answer = as_(reader).get(f"{withdrawn.get_absolute_url()}?lang=en")
            page = answer.content.decode()
            assert answer.status_code == 410
            assert "Opinion No. 1 was withdrawn" in page and "Its author took it back" in page
            assert not [text for text in TEXT.values() if text in page]
            assert "Alice" not in page and "tally" not in page

    def test_its_author_and_moderators_read_on(self, as_: As, withdrawn: Opinion, alice: User, bob: User) -> None:
        for reader in (alice, bob):
            answer = as_(reader).get(withdrawn.get_absolute_url())
            assert answer.status_code == 200
            assert TEXT["proposal"] in answer.content.decode()

    def test_without_votes_nothing_stays(self, as_: As, opinion: Opinion, alice: User) -> None:
        versions.withdraw(user=alice, opinion=opinion)
        assert as_(None).get(opinion.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("state", ["held", "removed", "rejected", "submitted"])
    def test_in_other_states_nothing_shows(self, as_: As, opinion: Opinion, frank: User, state: str) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        Opinion.objects.update(state=state)
        assert as_(None).get(opinion.get_absolute_url()).status_code == 404

    def test_the_count_is_shown_to_nobody_whatever_the_rule(
        self, as_: As, withdrawn: Opinion, frank: User, dan: User, consultation: Consultation
    ) -> None:
        for rule in ("live", "after_voting", "at_close"):
            Consultation.objects.update(counts=rule)
            for reader in (None, frank, dan):
                assert "tally" not in as_(reader).get(withdrawn.get_absolute_url()).content.decode()

    def test_who_voted_finds_it_among_their_votes(self, as_: As, withdrawn: Opinion, frank: User) -> None:
        page = as_(frank).get("/account/votes/?lang=en").content.decode()
        assert f'href="{withdrawn.get_absolute_url()}"' in page
        assert "Its author withdrew this opinion" in page and TEXT["proposal"] not in page

    def test_its_other_pages_are_gone(self, as_: As, withdrawn: Opinion, frank: User) -> None:
        client = as_(frank)
        for part in ("versions/", "argue/", "report/"):
            assert client.get(f"{withdrawn.get_absolute_url()}{part}").status_code == 404


class TestTheApi:
    def test_it_says_withdrawn_and_holds_no_text(self, withdrawn: Opinion, frank: User) -> None:
        for reader in (None, frank):
            answer = Api(reader).get(f"/opinions/{withdrawn.pk}/")
            found = answer.json()
            assert (answer.status_code, found["status"], found["number"]) == (200, "withdrawn", 1)
            texts = [found[name] for name in ("proposal", "problem", "reason", "addressee", "interests", "author")]
            assert (texts, found["evidence"], found["votes"]) == ([""] * 6, [], None)

    def test_its_author_reads_all_of_it(self, withdrawn: Opinion, alice: User, bob: User) -> None:
        for reader in (alice, bob):
            assert Api(reader).get(f"/opinions/{withdrawn.pk}/").json()["proposal"] == TEXT["proposal"]

    def test_without_votes_it_is_not_there(self, opinion: Opinion, alice: User) -> None:
        versions.withdraw(user=alice, opinion=opinion)
        assert Api().get(f"/opinions/{opinion.pk}/").status_code == 404

    def test_it_is_in_no_list_and_takes_no_vote(self, withdrawn: Opinion, frank: User) -> None:
        assert Api().get("/consultations/talent/opinions/").json()["results"] == []
        assert Api(frank).call("PUT", f"/opinions/{withdrawn.pk}/vote/", {"value": "agree"}).status_code == 404
