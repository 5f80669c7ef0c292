"""The page of reasons for everybody, and the organisers' pages that edit their words."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Role, User
from consultations import reasons
from consultations.models import Consultation, ReasonText
from consultations.models.cases import Reason
from tests.conftest import Make

As = Callable[[User | None], Client]
PAGE, ORGANISE = "/reasons/", "/organise/reasons/"
EDIT, RESET = f"{ORGANISE}several_points/", f"{ORGANISE}several_points/reset/"
FIELDS = {f"{name}_{lang}": f"{name} in {lang}" for name in reasons.LENGTHS for lang in reasons.LANGUAGES}


def escaped(text: str) -> str:
    return text.replace("'", "&#x27;")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everybody_reads_every_reason_in_their_language(db: None, language: str) -> None:
    page = Client().get(PAGE, {"lang": language}).content.decode()
    with translation.override(language):
        for words in reasons.all_():
            assert f'id="{words.code}"' in page
            assert all(escaped(part) in page for part in (words.title, words.rule, words.advice))


def test_d06_it_is_one_query_for_a_visitor(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        Client().get(PAGE)
    assert len(queries) == 1


@pytest.mark.parametrize("who", ["alice", "eve", "dan", None])
def test_who_reads_it(as_: As, request: pytest.FixtureRequest, db: None, who: str | None) -> None:
    assert as_(request.getfixturevalue(who) if who else None).get(PAGE).status_code == 200


def test_the_form_of_an_opinion_leads_there(as_: As, alice: User, consultation: Consultation) -> None:
    assert (
        f'href="{PAGE}">What is not published'
        in as_(alice).get("/consultations/talent/submit/?lang=en").content.decode()
    )


class TestOrganising:
    @pytest.mark.parametrize("who", ["alice", "bob", "carol", "eve"])
    @pytest.mark.parametrize("address", [ORGANISE, EDIT, RESET])
    def test_only_organisers(self, as_: As, request: pytest.FixtureRequest, who: str, address: str) -> None:
        client = as_(request.getfixturevalue(who))
        assert client.get(address).status_code == 403 and client.post(address, FIELDS).status_code == 403
        assert not ReasonText.objects.exists()

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL])
    def test_no_other_role(self, as_: As, make_user: Make, role: Role) -> None:
        assert as_(make_user("Other", role=role)).post(EDIT, FIELDS).status_code == 403

    def test_a_visitor_is_asked_to_sign_in(self, db: None) -> None:
        assert Client().get(EDIT).headers["Location"] == f"/account/sign-in/?next={EDIT}"
        assert Client().post(RESET).headers["Location"] == f"/account/sign-in/?next={EDIT}"

    def test_words_are_changed_and_everybody_reads_them(self, as_: As, dan: User) -> None:
        assert as_(dan).post(EDIT, FIELDS).headers["Location"] == ORGANISE
        page = as_(dan).get(f"{ORGANISE}?lang=en").content.decode()
        assert "title in en" in page and "changed by Dan on" in page
        assert "rule in ko" in as_(None).get(f"{PAGE}?lang=ko").content.decode()

    def test_the_form_opens_with_the_words_that_hold_in_both_languages(self, as_: As, dan: User) -> None:
        page = as_(dan).get(f"{EDIT}?lang=en").content.decode()
        assert all(escaped(words) in page for words in reasons.both("several_points").values())
        assert "the words that came with the site" in page and RESET not in page

    @pytest.mark.parametrize(("language", "said"), [("en", "This is needed in both languages."), ("ko", "두 언어")])
    def test_w06_what_is_wrong_is_said_and_what_was_typed_stays(
        self, as_: As, dan: User, language: str, said: str
    ) -> None:
        answer = as_(dan).post(f"{EDIT}?lang={language}", FIELDS | {"rule_ko": " ", "title_en": "x" * 101})
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and "x" * 101 in page and "advice in ko" in page
        assert 'aria-describedby="id_rule_ko_helptext id_rule_ko_error"' in page and not ReasonText.objects.exists()

    def test_the_words_of_the_site_again(self, as_: As, dan: User) -> None:
        reasons.edit(actor=dan, code="several_points", fields=FIELDS)
        assert RESET in as_(dan).get(EDIT).content.decode()
        assert as_(dan).get(RESET).status_code == 405
        assert as_(dan).post(RESET).headers["Location"] == EDIT
        assert not ReasonText.objects.exists()
        assert as_(dan).post(RESET).status_code == 302

    @pytest.mark.parametrize("address", [f"{ORGANISE}bogus/", f"{ORGANISE}bogus/reset/"])
    def test_a_code_that_does_not_exist(self, as_: As, dan: User, address: str) -> None:
        assert as_(dan).post(address, FIELDS).status_code == 404

    def test_markup_in_words_is_shown_and_never_run(self, as_: As, dan: User) -> None:
        as_(dan).post(EDIT, FIELDS | {"rule_en": "<script>alert(1)</script>"})
        for address in (PAGE, ORGANISE, EDIT):
            page = as_(dan).get(f"{address}?lang=en").content.decode()
            assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page

    def test_d06_the_list_costs_the_same_queries(self, as_: As, dan: User) -> None:
        client = as_(dan)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(ORGANISE)
            return len(queries)

        cost()
        before = cost()
        for code in Reason.values:
            reasons.edit(actor=dan, code=code, fields=FIELDS)
        assert cost() == before
