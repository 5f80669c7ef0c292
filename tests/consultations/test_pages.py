"""Pages of consultations: what they show, to whom, and what a wrong form keeps."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations import moderation, submission, voting
from consultations.models import Case, Consultation, Opinion, Vote
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
LIST = "/consultations/talent/"


def test_the_list_shows_published_opinions_only(
    as_: As, opinion: Opinion, alice: User, consultation: Consultation
) -> None:
    submission.submit(user=alice, consultation=consultation, fields={**TEXT, "proposal": "아직 기다리는 의견"})
    page = as_(None).get(LIST).content.decode()
    assert TEXT["proposal"] in page
    assert "아직 기다리는 의견" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("alice", 200), ("bob", 200), ("frank", 404), ("eve", 404), (None, 404), ("dan", 404)]
)
def test_who_may_read_an_opinion_that_waits(
    as_: As, submitted: Opinion, request: pytest.FixtureRequest, who: str | None, status: int
) -> None:
    person = request.getfixturevalue(who) if who else None
    assert as_(person).get(submitted.get_absolute_url()).status_code == status


def test_my_opinion_is_mine_alone(as_: As, submitted: Opinion, frank: User, alice: User) -> None:
    address = f"{submitted.get_absolute_url()}mine/"
    assert as_(alice).get(address).status_code == 200
    assert as_(frank).get(address).status_code == 404


class TestForm:
    def test_it_submits(self, as_: As, alice: User, consultation: Consultation) -> None:
        answer = as_(alice).post(f"{LIST}submit/", {**TEXT, "key": "a"})
        made = Opinion.objects.get()
        assert answer.headers["Location"].endswith(f"/opinions/{made.number}/mine/")

    def test_w06_an_error_keeps_what_was_typed(self, as_: As, alice: User, consultation: Consultation) -> None:
        answer = as_(alice).post(f"{LIST}submit/", {**TEXT, "reason": "", "evidence": "no link", "addressee": "교육부"})
        assert answer.status_code == 422
        page = answer.content.decode()
        for kept in (TEXT["proposal"], TEXT["problem"], "no link", "교육부"):
            assert kept in page
        assert 'aria-describedby="id_reason_error"' in page
        assert not Opinion.objects.exists()

    def test_w01_sent_twice_is_one(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        places = {client.post(f"{LIST}submit/", {**TEXT, "key": "same"}).headers["Location"] for _ in range(3)}
        assert len(places) == Opinion.objects.count() == 1

    def test_who_belongs_nowhere_is_led_to_the_societies(self, as_: As, eve: User, consultation: Consultation) -> None:
        assert as_(eve).get(f"{LIST}submit/").headers["Location"] == "/account/society/"

    def test_w09_after_closing_the_text_comes_back(self, as_: As, alice: User, consultation: Consultation) -> None:
        Consultation.objects.update(submissions_close_at=consultation.submissions_open_at)
        answer = as_(alice).post(f"{LIST}submit/", TEXT)
        assert answer.status_code == 422
        assert TEXT["proposal"] in answer.content.decode()

    def test_markup_is_shown_and_never_run(
        self, as_: As, alice: User, bob: User, consultation: Consultation, publish: Callable[[Opinion], Opinion]
    ) -> None:
        nasty = "<script>alert(1)</script><img src=x onerror=alert(2)> 제안"
        made = submission.submit(user=alice, consultation=consultation, fields=dict.fromkeys(TEXT, nasty))
        case = Case.objects.get(opinion=made)
        pages = [as_(bob).get(f"/moderation/{case.pk}/"), as_(alice).get(f"{made.get_absolute_url()}mine/")]
        publish(made)
        pages += [as_(None).get(LIST), as_(None).get(made.get_absolute_url())]
        for page in pages:
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()
            assert "<img src=x" not in page.content.decode()


class TestVoteButton:
    def address(self, opinion: Opinion) -> str:
        return f"{opinion.get_absolute_url()}vote/"

    def test_without_javascript_it_goes_back_to_the_page(self, as_: As, frank: User, opinion: Opinion) -> None:
        answer = as_(frank).post(self.address(opinion), {"value": "agree", "version": "1", "next": f"{LIST}#opinion-1"})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}#opinion-1")
        assert Vote.objects.get().value == 1

    def test_with_htmx_the_panel_comes_back_with_the_new_count(self, as_: As, frank: User, opinion: Opinion) -> None:
        answer = as_(frank).post(
            self.address(opinion), {"value": "disagree", "version": "1"}, headers={"HX-Request": "true"}
        )
        page = answer.content.decode()
        assert "<html" not in page
        assert 'aria-label="0 ' in page or "<b>1</b>" in page

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"value": "yes"},
            {"value": ["agree", "disagree"]},
            {"value": "agree", "version": "x"},
            {"value": "agree", "version": "9" * 5000},
            {"value": "1"},
        ],
        ids=["nothing", "word", "two", "version", "endless", "number"],
    )
    def test_v16_what_cannot_be_read_stores_nothing(
        self, as_: As, frank: User, opinion: Opinion, data: dict[str, object]
    ) -> None:
        assert as_(frank).post(self.address(opinion), data).status_code == 400
        assert not Vote.objects.exists()

    def test_a16_get_changes_nothing(self, as_: As, frank: User, opinion: Opinion) -> None:
        assert as_(frank).get(f"{self.address(opinion)}?value=agree").status_code == 405
        assert not Vote.objects.exists()

    @pytest.mark.parametrize(
        "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x", "evil"]
    )
    def test_a15_it_leads_to_no_other_site(self, as_: As, frank: User, opinion: Opinion, target: str) -> None:
        answer = as_(frank).post(self.address(opinion), {"value": "agree", "version": "1", "next": target})
        assert answer.headers["Location"] == opinion.get_absolute_url()

    def test_visitors_are_led_to_the_sign_in_page(self, as_: As, opinion: Opinion) -> None:
        assert (
            as_(None)
            .post(self.address(opinion), {"value": "agree"})
            .headers["Location"]
            .startswith("/account/sign-in/")
        )


class TestModeration:
    def test_others_are_kept_out(self, as_: As, alice: User, dan: User, submitted: Opinion) -> None:
        case = Case.objects.get()
        for person in (alice, dan):
            client = as_(person)
            assert client.get("/moderation/").status_code == 403
            assert client.post(f"/moderation/{case.pk}/decide/", {"verb": "publish"}).status_code == 403
        assert Opinion.objects.get().state == "submitted"

    def test_a_rejection_without_a_reason_keeps_the_note(self, as_: As, bob: User, submitted: Opinion) -> None:
        case = Case.objects.get()
        answer = as_(bob).post(
            f"/moderation/{case.pk}/decide/", {"verb": "reject", "reason": "", "note": "이 부분을 고쳐 주세요"}
        )
        assert answer.status_code == 422
        assert "이 부분을 고쳐 주세요" in answer.content.decode()
        assert Opinion.objects.get().state == "submitted"

    def test_a_note_that_cannot_be_sent_stops_the_rejection(self, as_: As, bob: User, submitted: Opinion) -> None:
        case = Case.objects.get()
        answer = as_(bob).post(
            f"/moderation/{case.pk}/decide/", {"verb": "reject", "reason": "off_topic", "note": "가" * 2001}
        )
        assert answer.status_code == 422
        assert Opinion.objects.get().state == "submitted"

    def test_v09_the_second_moderator_is_told(self, as_: As, bob: User, submitted: Opinion) -> None:
        case = Case.objects.get()
        moderation.publish(actor=bob, case=case)
        answer = as_(bob).post(f"/moderation/{case.pk}/decide/", {"verb": "reject", "reason": "off_topic"}, follow=True)
        assert "Bob" in answer.content.decode()
        assert Opinion.objects.get().state == "published"


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "member"])
def test_d06_the_list_costs_the_same_queries_at_any_size(
    as_: As,
    alice: User,
    frank: User,
    consultation: Consultation,
    publish: Callable[[Opinion], Opinion],
    signed_in: bool,
) -> None:
    client = as_(frank if signed_in else None)
    counted = []
    for more in (1, 2, 22):
        for _ in range(more):
            made = publish(submission.submit(user=alice, consultation=consultation, fields=TEXT))
            voting.cast(user=frank, opinion=made, value=1)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        counted.append(len(queries))
    assert len(set(counted)) == 1, counted
    assert counted[0] <= (12 if signed_in else 8)
