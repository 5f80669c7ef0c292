"""The home page, languages and the sample site's door."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from accounts.models import User
from consultations import voting
from consultations.models import Consultation, Opinion
from summit.models import Meeting
from tests.consultations.conftest import opinion, publish, submitted

__all__ = ["opinion", "publish", "submitted"]
As = Callable[[User | None], Client]


@pytest.mark.django_db
def test_an_empty_site_has_a_home_page(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_it_shows_meetings_and_what_is_open(client: Client, meeting: Meeting, consultation: Consultation) -> None:
    page = client.get("/?lang=en").content.decode()
    assert "First meeting" in page
    assert "What should change first?" in page


def test_hidden_counts_are_not_on_the_home_page(as_: As, meeting: Meeting, opinion: Opinion, frank: User) -> None:
    Consultation.objects.update(counts="after_voting")
    voting.cast(user=frank, opinion=opinion, value=1)
    voting.retally_recent()
    for person in (None, frank):
        assert b"tally" not in as_(person).get("/").content


@pytest.mark.django_db
class TestLanguage:
    def test_lang_wins_and_is_kept(self, client: Client) -> None:
        assert client.get("/?lang=en").headers["Content-Language"] == "en"
        assert client.get("/", headers={"Accept-Language": "ko"}).headers["Content-Language"] == "en"
        assert client.get("/?lang=ko").headers["Content-Language"] == "ko"

    def test_the_account_is_asked_before_the_browser(self, as_: As, alice: User) -> None:
        User.objects.filter(pk=alice.pk).update(language="en")
        assert as_(alice).get("/", headers={"Accept-Language": "ko"}).headers["Content-Language"] == "en"

    def test_an_unknown_language_falls_back(self, client: Client) -> None:
        assert client.get("/?lang=xx", headers={"Accept-Language": "fr"}).headers["Content-Language"] == "ko"


@pytest.mark.django_db
class TestSampleSite:
    def test_elsewhere_the_door_does_not_exist(self, client: Client, make_user: Callable[..., User]) -> None:
        User.objects.create_user("member-1@sample.invalid")
        assert client.post("/sample/sign-in/", {"persona": "member-1"}).status_code == 404
        assert client.get("/sample/mail/").status_code == 404

    @override_settings(SAMPLE_SITE=True)
    def test_it_signs_in_personas_only(self, client: Client, alice: User) -> None:
        User.objects.create_user("member-1@sample.invalid")
        for persona in ("alice", "", "../admin", "member-10"):
            assert (
                client.post("/sample/sign-in/", {"persona": persona}, headers={"host": "127.0.0.1"}).status_code == 404
            )
        assert (
            client.post("/sample/sign-in/", {"persona": "member-1"}, headers={"host": "127.0.0.1"}).status_code == 302
        )

    @override_settings(SAMPLE_SITE=True)
    @pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"])
    def test_through_a_proxy_the_door_does_not_exist(self, client: Client, header: str) -> None:
        User.objects.create_user("member-1@sample.invalid")
        answer = client.post("/sample/sign-in/", {"persona": "member-1"}, headers={"host": "127.0.0.1", header: "x"})
        assert answer.status_code == 404


def test_w05_a_form_that_was_open_too_long_gives_its_text_back(alice: User, consultation: Consultation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/consultations/talent/submit/", {"proposal": "한 시간 동안 쓴 <글>"})
    assert answer.status_code == 403
    assert "한 시간 동안 쓴 &lt;글&gt;" in answer.content.decode()
