"""Official responses: the link, the answers and their versions, review, who is told, and where they are shown."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Society, User
from common import limits
from common.errors import Invalid, NotAllowed
from common.logs import OneLineFormatter
from consultations.models import Consultation
from digests import editions, keys, responses, withdrawal
from digests.models import Edition, Link, Recommendation, Response, Review
from notifications import delivery, kinds
from notifications.models import Delivery, Message, Occasion
from tests.api.conftest import Api
from tests.digests.conftest import Join, Publish, WriteBlock, drafted, published
from tests.mailserver import MailServer, running

MAIL = "minister@ministry.test"
ANSWER = {"verdict": "accept_in_part", "text_ko": "네 대학에서 시범 사업을 합니다.", "text_en": "", "done_by": None}


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    settings.SAMPLE_SITE = True  # quiet hours have tests of their own
    with running(settings) as server:
        yield server


@pytest.fixture
def link(recommendation: Recommendation, dan: User) -> Link:
    return responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)


def address(link: Link) -> str:
    return f"/respond/{keys.make(link)}/"


def given(recommendation: Recommendation, actor: User, **fields: Any) -> Response:
    return responses.answer(recommendation=recommendation, fields=ANSWER | fields, actor=actor)


# --- the key ----------------------------------------------------------------------------------------


def test_a_key_opens_its_link_and_holds_no_personal_data(link: Link) -> None:
    token = keys.make(link)
    assert keys.read(token) == link
    assert "minister" not in token and "ministry" not in unquote(token)
    assert re.fullmatch(r"[0-9A-Za-z._-]+", token)


def test_a_key_is_stored_nowhere(link: Link, post: MailServer) -> None:
    assert delivery.run() >= 1
    with connection.cursor() as cursor:
        for model in (Link, Occasion, Message, Delivery):
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} t WHERE t::text LIKE %s", [f"%{link.pk.hex}.%"]
            )
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("change", ["", "x", "another row", "another address", "another salt", "cut", "long", "none"])
def test_a_key_that_is_wrong_opens_nothing(link: Link, client: Client, dan: User, change: str) -> None:
    token = keys.make(link)
    other = Link(pk=link.pk, recommendation_id=link.recommendation_id, email="other@ministry.test")
    tokens = {
        "": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x": "x" * len(token),
        "another row": "0" * 32 + token[32:],
        "another address": keys.make(other),
        "another salt": signing.TimestampSigner(sep=".", salt="digests.respond").sign(link.pk.hex),
        "cut": token[:40],
        "long": token * 50,
        "none": "-",
    }
    assert keys.read(tokens[change]) is None
    assert client.get(f"/respond/{tokens[change]}/").status_code == 404


def test_a_key_ends(link: Link) -> None:
    token = keys.make(link)
    with time_machine.travel(timezone.now() + keys.LIFETIME + timedelta(minutes=1)):
        assert keys.read(token) is None
        assert keys.read(keys.make(link)) == link, "the next mail holds a new one"


def test_a_revoked_link_opens_nothing(link: Link, dan: User, client: Client) -> None:
    path = address(link)
    responses.revoke_link(actor=dan, link=link)
    assert client.get(path).status_code == 404
    assert client.post(path, ANSWER | {"done_by": ""}).status_code == 404
    with pytest.raises(responses.Revoked):
        responses.answer(recommendation=link.recommendation, fields=ANSWER, link=link)
    assert not Response.objects.exists()


def test_another_address_revokes_the_link_before(link: Link, dan: User) -> None:
    before = keys.make(link)
    second = responses.send_link(actor=dan, recommendation=link.recommendation, email="second@ministry.test")
    assert keys.read(before) is None
    assert keys.read(keys.make(second)) == second
    assert Link.objects.filter(revoked_at=None).count() == 1


def test_a_link_answers_its_own_recommendation_only(consultation: Consultation, link: Link, write: WriteBlock) -> None:
    write()
    other = published(consultation).recommendations.get()
    with pytest.raises(responses.Revoked):
        responses.answer(recommendation=other, fields=ANSWER, link=link)


def test_no_log_line_holds_a_key(link: Link, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = keys.make(link)
    with caplog.at_level(logging.DEBUG):
        client.get(f"/respond/{token[:-1]}x/")
        Client(enforce_csrf_checks=True).post(f"/respond/{token}/", ANSWER | {"done_by": ""})
        client.put(f"/respond/{token}/")
    form = OneLineFormatter("{levelname} {name} {message}", style="{")
    lines = "\n".join(form.format(record) for record in caplog.records)
    assert "/respond/[key]" in lines and token[:-1] not in lines
    record = logging.LogRecord("x", 30, "", 0, "%s", (f"/account/sign-in/?next=%2Frespond%2F{token}%2F&a=1",), None)
    assert token not in form.format(record)


# --- sending it -------------------------------------------------------------------------------------


def test_the_addressee_gets_a_mail_with_the_key(link: Link, post: MailServer) -> None:
    delivery.run()
    (mail,) = [m for m in post.mails if m["To"] == MAIL]
    body: Any = mail.get_body(("plain",))
    found = re.search(r"/respond/([^/\s]+)/", body.get_content())
    assert found and keys.read(found[1]) == link
    assert "가상부" in body.get_content() or "Imaginary Ministry" in body.get_content()
    stored = Message.objects.get(address=MAIL)
    assert stored.state == "sent" and stored.text == stored.html == stored.subject == ""


def test_it_is_sent_again_at_most_once_an_hour(link: Link, dan: User) -> None:
    with pytest.raises(responses.TooSoon):
        responses.send_link(actor=dan, recommendation=link.recommendation, email=MAIL.upper())
    Occasion.objects.filter(kind="response_asked").update(created_at=timezone.now() - timedelta(minutes=61))
    assert responses.send_link(actor=dan, recommendation=link.recommendation, email=MAIL) == link
    assert Delivery.objects.filter(occasion__kind="response_asked").count() == 2


def test_revoking_and_naming_again_does_not_get_round_the_pause(link: Link, dan: User) -> None:
    responses.revoke_link(actor=dan, link=link)
    with pytest.raises(responses.TooSoon):
        responses.send_link(actor=dan, recommendation=link.recommendation, email=MAIL)
    assert not Link.objects.filter(revoked_at=None).exists()


def test_a_mail_that_waits_when_the_link_is_revoked_does_not_go(link: Link, dan: User, post: MailServer) -> None:
    responses.revoke_link(actor=dan, link=link)
    delivery.run()
    assert MAIL not in post.counts


def test_only_organisers_send_and_revoke(
    recommendation: Recommendation, link: Link, alice: User, bob: User, olga: User, ada: User
) -> None:
    for person in (alice, bob, olga, ada):
        with pytest.raises(NotAllowed):
            responses.send_link(actor=person, recommendation=recommendation, email=MAIL)
        with pytest.raises(NotAllowed):
            responses.revoke_link(actor=person, link=link)


@pytest.mark.parametrize("email", ["", "no address", "a@b.test\nBcc: c@d.test", "x" * 250 + "@b.test"])
def test_an_address_that_is_none(recommendation: Recommendation, dan: User, email: str) -> None:
    with pytest.raises(Invalid):
        responses.send_link(actor=dan, recommendation=recommendation, email=email)
    assert not Link.objects.exists()


# --- the form behind it -----------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "title"), [("ko", "박사후연구원 직군"), ("en", "Posts for postdocs")])
def test_opening_it_shows_the_recommendation_and_changes_nothing(
    link: Link, client: Client, language: str, title: str
) -> None:
    before = Occasion.objects.count()
    response = client.get(f"{address(link)}?lang={language}")
    assert response.status_code == 200
    assert title in response.content.decode()
    assert MAIL not in response.content.decode()
    assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]
    assert not Response.objects.exists() and Occasion.objects.count() == before


def test_an_answer_needs_no_account(link: Link, client: Client) -> None:
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    response = client.post(f"{address(link)}?lang=en", {**ANSWER, "done_by": day})
    assert "Your answer has arrived" in response.content.decode()
    stored = Response.objects.get()
    assert (stored.version, stored.verdict, stored.link, stored.given_by) == (1, "accept_in_part", link, None)
    assert stored.done_by is not None and stored.done_by.isoformat() == day


def test_a_signed_in_person_without_consent_can_use_it_too(link: Link, as_: Any) -> None:
    person = User.objects.create_user("fresh@sample.test")
    assert as_(person).get(address(link)).status_code == 200


def test_what_others_answered_is_not_shown_behind_a_link(link: Link, client: Client) -> None:
    client.post(address(link), {**ANSWER, "done_by": ""})
    assert "시범 사업" not in client.get(address(link)).content.decode()


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"verdict": ""}, "verdict"), ({"verdict": "perhaps"}, "verdict"), ({"text_ko": ""}, "text_ko"), ({"text_ko": "…"}, "text_ko"),
    ({"text_ko": "가" * 5_001}, "text_ko"), ({"done_by": "2001-01-01"}, "done_by"), ({"done_by": "9999-12-31"}, "done_by"),
    ({"done_by": "soon"}, "done_by"),
])  # fmt: skip
def test_an_error_keeps_what_was_typed(link: Link, client: Client, fields: dict[str, str], wrong: str) -> None:
    sent = {**ANSWER, "done_by": "", "text_en": "Kept text"} | fields
    if wrong == "text_ko" and len(sent["text_ko"] or "") < 5:
        sent["text_en"] = ""
    response = client.post(address(link), sent)
    assert response.status_code == 422
    assert f'id="id_{wrong}_error"' in response.content.decode()
    assert not Response.objects.exists()
    assert str(sent["text_en"]) in response.content.decode()


def test_the_form_needs_its_token(link: Link) -> None:
    assert Client(enforce_csrf_checks=True).post(address(link), {**ANSWER, "done_by": ""}).status_code == 403
    assert not Response.objects.exists()


def test_it_is_limited(link: Link, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESPOND", limits.Limit("respond-test", by_account=2, by_address=0, seconds=60))
    found = [client.get(address(link)).status_code for _ in range(3)]
    assert found == [200, 200, 429]


def test_methods_that_mean_nothing(link: Link, client: Client) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(address(link)).status_code == 405


# --- answering --------------------------------------------------------------------------------------


def test_who_may_answer(
    recommendation: Recommendation, alice: User, bob: User, dan: User, ada: User, carol: User, olga: User
) -> None:
    for person in (alice, bob, dan, ada, carol):
        with pytest.raises(NotAllowed):
            given(recommendation, person)
    assert given(recommendation, olga).given_by == olga


def test_answers_are_versions(recommendation: Recommendation, olga: User, link: Link) -> None:
    given(recommendation, olga)
    given(recommendation, olga, text_ko="다른 글")
    responses.answer(recommendation=recommendation, fields=ANSWER, link=link)
    assert [r.version for r in Response.objects.all()] == [1, 2, 3]


def test_the_same_answer_again_stores_nothing(recommendation: Recommendation, olga: User, dan: User) -> None:
    first = given(recommendation, olga)
    assert given(recommendation, olga) == first
    responses.publish(actor=dan, response=first)
    assert given(recommendation, olga) == first
    second = given(recommendation, olga, text_ko="다른 글")
    responses.send_back(actor=dan, response=second, note="언제까지인지 적어 주십시오.")
    assert given(recommendation, olga, text_ko="다른 글").version == 3, "sent back, it may come again"


def test_there_is_an_end_to_versions(
    recommendation: Recommendation, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "MOST_VERSIONS", 1)
    given(recommendation, olga)
    with pytest.raises(Invalid, match="too many"):
        given(recommendation, olga, text_ko="다른 글")


@pytest.mark.parametrize("table", ["response", "review"])
@pytest.mark.parametrize(
    "sql", ["UPDATE digests_{} SET created_at = now()", "DELETE FROM digests_{}", "TRUNCATE digests_{} CASCADE"]
)
def test_answers_and_reviews_never_change(
    recommendation: Recommendation, olga: User, dan: User, table: str, sql: str
) -> None:
    responses.publish(actor=dan, response=given(recommendation, olga))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            cursor.execute(sql.format(table))


# --- review -----------------------------------------------------------------------------------------


def test_only_organisers_review(recommendation: Recommendation, olga: User, alice: User, bob: User, ada: User) -> None:
    found = given(recommendation, olga)
    for person in (olga, alice, bob, ada):
        with pytest.raises(NotAllowed):
            responses.publish(actor=person, response=found)
        with pytest.raises(NotAllowed):
            responses.send_back(actor=person, response=found, note="Why?")
    assert not Review.objects.exists()


def test_a_review_is_once(recommendation: Recommendation, olga: User, dan: User) -> None:
    found = given(recommendation, olga)
    assert responses.publish(actor=dan, response=found) == responses.publish(actor=dan, response=found)
    with pytest.raises(responses.Reviewed, match="Dan"):
        responses.send_back(actor=dan, response=found, note="Why?")


def test_sending_back_needs_a_note(recommendation: Recommendation, olga: User, dan: User) -> None:
    found = given(recommendation, olga)
    for note in ("", " ", "…", "x" * 1_001):
        with pytest.raises(Invalid):
            responses.send_back(actor=dan, response=found, note=note)


def test_the_newest_published_version_is_shown(recommendation: Recommendation, olga: User, dan: User) -> None:
    edition = recommendation.edition
    first, second = given(recommendation, olga), given(recommendation, olga, text_ko="둘째", verdict="accept")
    assert [row.state for row in responses.of(edition)] == ["waiting"]
    responses.publish(actor=dan, response=second)
    responses.publish(actor=dan, response=first)  # later, but an earlier version
    (row,) = responses.of(edition)
    assert (row.response, row.state) == (second, "accept")
    third = given(recommendation, olga, verdict="decline", text_ko="셋째")
    responses.send_back(actor=dan, response=third, note="Why?")
    assert responses.of(edition)[0].response == second


def test_what_waits_for_the_organisers_is_not_overdue(recommendation: Recommendation, olga: User) -> None:
    late = timezone.now() + timedelta(days=33)
    with time_machine.travel(late):
        (row,) = responses.of(recommendation.edition)
        assert (row.state, row.days_late) == ("overdue", 3)
        given(recommendation, olga)
        assert responses.of(recommendation.edition)[0].state == "waiting"


def test_on_its_day_it_is_not_overdue_yet(recommendation: Recommendation) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert responses.of(recommendation.edition)[0].state == "waiting"
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert responses.of(recommendation.edition)[0].state == "overdue"


# --- who is told ------------------------------------------------------------------------------------


def told(kind: str) -> list[str]:
    found = Delivery.objects.filter(occasion__kind=kind).select_related("user")
    return sorted(d.user.email for d in found)


@pytest.fixture
def supported(
    consultation: Consultation, society: Society, join: Join, publish: Publish, write: WriteBlock
) -> Recommendation:
    """Opinions No. 1 and 2 are cited, No. 3 is not; persons 0 and 1 agree with No. 1, 2 disagrees, 3 agrees with No. 3."""
    people = join(society, 8)
    publish("하나", people, [1, 1, -1, 0], author=people[4])
    publish("둘", [people[0]], [1], author=people[5])
    publish("셋", people[3:4], [1], author=people[6])
    people[1].voided_at, people[1].void_reason = timezone.now(), "double account"
    people[1].save()
    write(opinions=[1, 2])
    published(consultation)
    return Recommendation.objects.select_related("edition__consultation").get()


def test_who_wrote_or_supported_is_told_once_a_version(
    supported: Recommendation, olga: User, dan: User, post: MailServer
) -> None:
    first = given(supported, olga)
    delivery.run()
    assert told("response_published") == []
    for _ in range(2):
        responses.publish(actor=dan, response=first)
        delivery.run()
    assert told("response_published") == [f"materials{n}@sample.test" for n in (0, 4, 5)]
    responses.publish(actor=dan, response=given(supported, olga, text_ko="둘째"))
    delivery.run()
    assert len(told("response_published")) == 6, "the next version is told, too"


def test_organisers_are_told_that_an_answer_has_come(recommendation: Recommendation, olga: User, dan: User) -> None:
    given(recommendation, olga)
    given(recommendation, olga)
    assert told("response_received") == [dan.email]


def test_who_answered_is_told_that_it_came_back(link: Link, olga: User, dan: User, post: MailServer) -> None:
    by_link = responses.answer(recommendation=link.recommendation, fields=ANSWER, link=link)
    responses.send_back(actor=dan, response=by_link, note="언제까지인지 적어 주십시오.")
    responses.send_back(actor=dan, response=given(link.recommendation, olga), note="Please say by when.")
    delivery.run()
    assert told("response_returned") == sorted([MAIL, olga.email])
    bodies = [m.get_body(("plain",)).get_content() for m in post.mails if m["To"] == MAIL]  # type: ignore[union-attr]
    (body,) = [text for text in bodies if "언제까지인지" in text]
    assert "/respond/" in body


def test_taking_part_is_told_when_the_digest_is_published_and_once(
    consultation: Consultation, society: Society, join: Join, publish: Publish, alice: User, post: MailServer
) -> None:
    people = join(society, 6)
    publish("하나", people[:2], [1, -1], author=people[4])
    people[1].voided_at, people[1].void_reason = timezone.now(), "double account"
    people[1].save()
    edition = published(consultation)
    delivery.run()
    editions.publish(edition=edition)
    delivery.run()
    assert told("digest_published") == [f"materials{n}@sample.test" for n in (0, 4)]
    assert not kinds.get("digest_published").compulsory
    published(consultation)
    delivery.run()
    assert len(told("digest_published")) == 4, "each edition once"


# --- where it is shown ------------------------------------------------------------------------------

PAGE = "/consultations/talent/digests/1/"


@pytest.mark.parametrize(
    ("language", "state", "late"), [("en", "Accepted in part", "3 days overdue"), ("ko", "일부 수용", "")]
)
def test_the_editions_page_shows_it_live(
    recommendation: Recommendation, olga: User, dan: User, client: Client, language: str, state: str, late: str
) -> None:
    path = f"{PAGE}?lang={language}"
    stored = bytes(Edition.objects.get().content)
    with time_machine.travel(timezone.now() + timedelta(days=33)):
        assert late in client.get(path).content.decode()
    found = given(recommendation, olga)
    assert "시범 사업" not in client.get(path).content.decode(), "not before it is published"
    responses.publish(actor=dan, response=found)
    text = client.get(path).content.decode()
    assert "시범 사업" in text
    assert language == "ko" or state in text
    assert bytes(Edition.objects.get().content) == stored


def test_the_next_edition_holds_what_became_of_it(
    consultation: Consultation, recommendation: Recommendation, olga: User, dan: User
) -> None:
    waiting = json.loads(bytes(drafted(consultation).content))["last_digest"]
    assert waiting == [{
        "edition": 1, "number": 1, "title": {"ko": "박사후연구원 직군", "en": "Posts for postdocs"}, "state": "waiting",
        "addressee": {"ko": "가상부", "en": "Imaginary Ministry"}, "due_on": recommendation.due_on.isoformat(),
        "text": None, "done_by": None, "answered_on": None,
    }]  # fmt: skip
    responses.publish(actor=dan, response=given(recommendation, olga))
    (row,) = json.loads(bytes(drafted(consultation).content))["last_digest"]
    assert (row["state"], row["text"]) == ("accept_in_part", {"ko": ANSWER["text_ko"], "en": ""})
    assert row["answered_on"] == timezone.localdate().isoformat()


def test_the_api_has_it(recommendation: Recommendation, olga: User, dan: User) -> None:
    def ask() -> dict[str, Any]:
        found: dict[str, Any] = Api().get("/consultations/talent/digests/").json()["results"][0]["recommendations"][0]
        return found

    found = given(recommendation, olga)
    assert (ask()["state"], ask()["response"]) == ("waiting", None)
    responses.publish(actor=dan, response=found)
    assert ask()["state"] == "accept_in_part"
    assert ask()["response"]["text"] == {"ko": ANSWER["text_ko"], "en": ""}


def test_a_withdrawn_edition_says_nothing_of_what_it_said(
    recommendation: Recommendation, link: Link, dan: User, client: Client
) -> None:
    withdrawal.withdraw(
        actor=dan, edition=recommendation.edition, names=["talent-digest-1.json"], reason_ko="이유", reason_en="Reason"
    )
    for path in (PAGE, address(link)):
        text = client.get(f"{path}?lang=en").content.decode()
        assert "Posts for postdocs" not in text and "Imaginary Ministry" in text
    (edition,) = Api().get("/consultations/talent/digests/").json()["results"]
    assert edition["recommendations"][0]["title"] == {"ko": "", "en": ""}


# --- pages of officials and organisers --------------------------------------------------------------


def test_an_official_answers_on_a_page(recommendation: Recommendation, as_: Any, olga: User) -> None:
    client = as_(olga)
    form = f"/responses/{recommendation.pk}/"
    assert form in client.get("/responses/?lang=en").content.decode()
    assert "/responses/" in client.get("/").content.decode()
    assert client.post(form, {**ANSWER, "verdict": "", "done_by": ""}).status_code == 422
    assert "Your answer has arrived" in client.post(form, {**ANSWER, "done_by": ""}).content.decode()
    assert Response.objects.get().given_by == olga


def test_an_organiser_sends_reviews_and_sends_back(
    recommendation: Recommendation, as_: Any, olga: User, dan: User
) -> None:
    client = as_(dan)
    page = "/organise/consultations/talent/responses/"
    assert client.post(f"/organise/recommendations/{recommendation.pk}/link/", {"email": MAIL}).url == page
    assert MAIL in client.get(page).content.decode()
    link = Link.objects.get()
    client.post(f"/organise/recommendations/{recommendation.pk}/link/", {"email": "nothing"})
    assert Link.objects.count() == 1
    first = given(recommendation, olga)
    assert "시범 사업" in client.get(page).content.decode()
    assert "Posts for postdocs" in client.get("/organise/?lang=en").content.decode()
    client.post(f"/organise/responses/{first.pk}/review/", {"note": ""})
    assert not Review.objects.exists()
    client.post(f"/organise/responses/{first.pk}/review/", {"note": "Please say by when."})
    assert Review.objects.get().verb == "return"
    second = given(recommendation, olga, text_ko="둘째")
    client.post(f"/organise/responses/{second.pk}/review/", {"publish": "1"})
    assert responses.of(recommendation.edition)[0].response == second
    client.post(f"/organise/links/{link.pk}/revoke/")
    link.refresh_from_db()
    assert link.revoked_at is not None


def test_what_is_overdue_stands_on_the_organisers_first_page(
    recommendation: Recommendation, as_: Any, dan: User
) -> None:
    assert "Posts for postdocs" not in as_(dan).get("/organise/?lang=en").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=33)):
        text = as_(dan).get("/organise/?lang=en").content.decode()
    assert "Posts for postdocs" in text and "no answer, 3 days overdue" in text


def test_pages_cost_the_same_queries(
    consultation: Consultation, publish: Publish, write: WriteBlock, olga: User, dan: User, as_: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    publish()
    for _ in range(3):
        write()
        edition = published(consultation)
        for row in edition.recommendations.all():
            responses.send_link(actor=dan, recommendation=row, email=MAIL)
            responses.publish(actor=dan, response=given(row, olga))
            given(row, olga, text_ko="둘째")
        client = as_(None)
        with django_assert_max_num_queries(9):
            client.get(f"/consultations/talent/digests/{edition.number}/")
        with django_assert_max_num_queries(6):
            client.get("/consultations/talent/digests/")
        client = as_(dan)  # three queries of each remember in the session that the person agreed to the privacy notice
        with django_assert_max_num_queries(11):
            client.get("/organise/consultations/talent/responses/")
        client = as_(olga)
        with django_assert_max_num_queries(9):
            client.get("/responses/")
