"""Signed out while writing: whichever button was pressed, the text is there after signing in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from consultations import drafts, priorities, voting
from consultations.models import Argument, Consultation, Draft, Opinion, Report, Vote
from tests.consultations.conftest import TEXT
from tests.consultations.test_drafts import typed

As = Callable[[User | None], Client]
FORM = "/consultations/talent/submit/"


def sign_in(client: Client, user: User) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


class TestTheOpinionForm:
    @pytest.mark.parametrize("button", ["", "preview/", "draft/"])
    def test_w04_every_button_keeps_the_text(
        self, as_: As, alice: User, consultation: Consultation, button: str
    ) -> None:
        client = as_(alice)
        data = typed(client)
        Session.objects.all().delete()
        answer = client.post(f"{FORM}{button}", data)
        assert answer.headers["Location"] == f"/account/sign-in/?next={FORM}"
        sign_in(client, alice)
        page = client.get(FORM).content.decode()
        assert TEXT["reason"] in page
        assert Draft.objects.get().fields["reason"] == TEXT["reason"]

    def test_w04_supporting_another_one_keeps_it_too(self, as_: As, frank: User, opinion: Opinion) -> None:
        client = as_(frank)
        data = typed(client) | {"support": "1"}
        Session.objects.all().delete()
        answer = client.post(f"{opinion.get_absolute_url()}support/", data)
        assert answer.headers["Location"] == f"/account/sign-in/?next={FORM}"
        sign_in(client, frank)
        assert TEXT["reason"] in client.get(FORM).content.decode()
        assert not Vote.objects.exists()

    def test_w04_another_text_of_an_own_opinion(self, as_: As, alice: User, opinion: Opinion) -> None:
        client = as_(alice)
        address = f"{opinion.get_absolute_url()}text/"
        form = client.get(address).context["form"]
        data = TEXT | {name: str(form[name].value()) for name in ("key", "revision", "owner")}
        Session.objects.all().delete()
        answer = client.post(f"{address}preview/", data | {"reason": "ein neuer Grund"})
        assert answer.headers["Location"] == f"/account/sign-in/?next={address}"
        sign_in(client, alice)
        assert "ein neuer Grund" in client.get(address).content.decode()


class TestAToken:
    """Signing in again in another window changes the form's token; the text of the first window is not lost."""

    @pytest.fixture
    def strict(self, as_: As, alice: User, consultation: Consultation) -> Client:
        client = Client(enforce_csrf_checks=True)
        sign_in(client, alice)
        return client

    def test_w05_an_opinion_goes_back_into_its_form(self, strict: Client) -> None:
        data = typed(strict)
        answer = strict.post(FORM, data | {"csrfmiddlewaretoken": "old"})
        assert (answer.status_code, answer.headers["Location"]) == (302, FORM)
        page = strict.get(FORM).content.decode()
        assert TEXT["reason"] in page
        assert not Opinion.objects.exists()

    def test_w05_somebody_elses_is_given_back_and_stored_nowhere(self, strict: Client, frank: User) -> None:
        data = typed(strict)
        sign_in(strict, frank)
        answer = strict.post(FORM, data | {"csrfmiddlewaretoken": "old"})
        assert answer.status_code == 403
        assert TEXT["reason"] in answer.content.decode()
        assert TEXT["reason"] not in strict.get(FORM).content.decode()

    def test_the_script_takes_a_new_one_and_learns_whose_it_is(self, strict: Client) -> None:
        owner = typed(strict)["owner"]
        said = strict.get("/account/drafts/token/").json()
        assert said["owner"] == owner
        data = typed(strict, reason="später") | {"csrfmiddlewaretoken": said["token"]}
        assert strict.post(f"{FORM}draft/auto/", data).status_code == 200
        assert Client().get("/account/drafts/token/").status_code == 401


SHORT: list[tuple[str, dict[str, str]]] = [
    ("argue/", {"side": "for", "text": "Weil es hilft."}),
    ("report/", {"reason": "duplicate", "note": "Weil es hilft."}),
]


class TestShortForms:
    @pytest.mark.parametrize(("part", "fields"), SHORT)
    def test_w04_an_argument_and_a_report_are_there_again(
        self, as_: As, frank: User, opinion: Opinion, part: str, fields: dict[str, str]
    ) -> None:
        client = as_(frank)
        address = f"{opinion.get_absolute_url()}{part}"
        owner = client.get(address).context["form"]["owner"].value()
        Session.objects.all().delete()
        answer = client.post(address, fields | {"owner": owner})
        assert answer.headers["Location"] == f"/account/sign-in/?next={address}"
        sign_in(client, frank)
        page = client.get(address)
        assert "Weil es hilft." in page.content.decode()
        sent = {name: str(page.context["form"][name].value() or "") for name in page.context["form"].fields}
        assert client.post(address, sent).status_code == 302
        assert Argument.objects.count() + Report.objects.count() == 1

    @pytest.mark.parametrize(("part", "fields"), SHORT)
    def test_w04_the_next_person_is_not_shown_it(
        self, as_: As, frank: User, carol: User, opinion: Opinion, part: str, fields: dict[str, str]
    ) -> None:
        client = as_(frank)
        address = f"{opinion.get_absolute_url()}{part}"
        owner = client.get(address).context["form"]["owner"].value()
        Session.objects.all().delete()
        client.post(address, fields | {"owner": owner})
        sign_in(client, carol)
        assert "Weil es hilft." not in client.get(address).content.decode()


class TestButtons:
    """What a button does cannot be asked for by following a link: signed out, one comes back to the page with it."""

    def test_the_deck_and_the_priorities(self, as_: As, opinion: Opinion, frank: User) -> None:
        voting.cast(user=frank, opinion=opinion, value=1)
        priorities.mark(user=frank, opinion=opinion)
        client = as_(None)
        for path, back in (
            ("vote/cast/", "vote/"), ("vote/skip/", "vote/"), ("vote/undo/", "vote/"),
            ("priorities/mark/", "priorities/"), ("priorities/drop/", "priorities/"),
            ("priorities/raise/", "priorities/"),
        ):  # fmt: skip
            answer = client.post(f"/consultations/talent/{path}", {"number": opinion.number})
            assert answer.headers["Location"] == f"/account/sign-in/?next=/consultations/talent/{back}"

    def test_a_vote_on_the_list_with_and_without_javascript(self, as_: As, opinion: Opinion) -> None:
        client, sent = as_(None), {"value": "agree", "version": "1"}
        there = f"/account/sign-in/?next={opinion.get_absolute_url()}"
        address = f"{opinion.get_absolute_url()}vote/"
        assert client.post(address, sent).headers["Location"] == there
        # htmx would put the sign-in page into the card; it is told to go there.
        answer = client.post(address, sent, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, there)
        assert not Vote.objects.exists()

    def test_withdrawing_and_drafts(self, as_: As, opinion: Opinion, alice: User) -> None:
        draft = drafts.save(user=alice, consultation=opinion.consultation, fields=TEXT)
        client = as_(None)
        mine = f"{opinion.get_absolute_url()}mine/"
        said: list[Any] = [
            client.post(f"{opinion.get_absolute_url()}withdraw/").headers["Location"],
            client.post(f"/account/drafts/{draft.pk}/delete/").headers["Location"],
        ]
        assert said == [f"/account/sign-in/?next={mine}", "/account/sign-in/?next=/account/drafts/"]
