"""Reading and submitting opinions through the API."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Consent, Society, User
from consultations.models import Consultation, Opinion, Theme
from tests.api.conftest import TEXT, Api

OPINIONS = "/consultations/talent/opinions/"
Publish = Callable[..., Opinion]


def test_it_lists_published_opinions_newest_first(publish: Publish) -> None:
    publish("First"), publish("Second")
    found = Api().get(OPINIONS).json()
    assert [o["proposal"] for o in found["results"]] == ["Second", "First"]
    assert found["next"] is None
    assert "my_vote" not in found["results"][0]


def test_a_waiting_opinion_is_only_its_authors_and_the_moderators(
    alice: User, bob: User, frank: User, consultation: Consultation
) -> None:
    made = Api(alice).call("POST", OPINIONS, TEXT)
    assert made.status_code == 201 and made.json()["status"] == "submitted"
    assert made.headers["Location"].endswith(f"/api/v1/opinions/{made.json()['id']}/")
    address = f"/opinions/{made.json()['id']}/"
    assert [Api(who).get(address).status_code for who in (alice, bob, frank, None)] == [200, 200, 404, 404]
    assert Api(frank).get(address).json() == Api(frank).get(f"/opinions/{uuid4()}/").json()
    assert Api(frank).get(OPINIONS).json()["results"] == []


def test_a_theme_and_a_language_filter_and_nothing_else_does(publish: Publish, theme: Theme) -> None:
    publish("With a theme", theme=theme.pk)
    publish("박사후연구원에게 삼 년 계약을", language="ko")

    def count(query: str) -> int:
        return len(Api().get(f"{OPINIONS}?{query}").json()["results"])

    assert (count(f"theme={theme.pk}"), count("language=ko"), count("")) == (1, 1, 2)
    for query in ("author__user__email__startswith=a", "ordering=-agree_count", "state=submitted", "_connector=OR"):
        assert count(query) == 2


@pytest.mark.parametrize("query", ["theme=x", "theme=-1", "theme=1e9", "language=fr", "order=-agree_count", "order=id",
                                   "cursor=%F0", "cursor=abc", "cursor=WyJ4Il0", "page_size=0", "page_size=x"])  # fmt: skip
def test_a_wrong_value_is_told(query: str, consultation: Consultation) -> None:
    answer = Api().get(f"{OPINIONS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_pages_go_on_by_key_and_hold_each_opinion_once(publish: Publish) -> None:
    made = [publish(f"Opinion {n}").number for n in range(7)]
    seen, address = [], f"{OPINIONS}?page_size=3"
    while address:
        answer = Api().get(address).json()
        seen += [o["number"] for o in answer["results"]]
        publish("One that comes meanwhile")
        address = (answer["next"] or "").replace("http://127.0.0.1:8000/api/v1", "")
    assert seen == made[::-1]


def test_a_page_is_capped(publish: Publish) -> None:
    publish()
    assert Api().get(f"{OPINIONS}?page_size=999999999").status_code == 200


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_number_of_queries_does_not_grow(signed_in: bool, frank: User, publish: Publish, society: Society) -> None:
    api, counted = Api(frank if signed_in else None), []
    for more in (1, 2, 10):
        for n in range(more):
            publish(f"Opinion {more} {n}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert api.get(OPINIONS).status_code == 200
        counted.append(len(queries))
    assert len(set(counted)) == 1
    assert counted[0] <= 7


def test_an_author_is_shown_as_they_chose(alice: User, publish: Publish) -> None:
    publish("As a member", shown_as="member")
    publish("By name", shown_as="name")
    publish("By society", shown_as="society")
    text = Api().get(OPINIONS).content.decode()
    assert [o["author"] for o in Api().get(OPINIONS, Accept_Language="en").json()["results"]] == [
        "A member of a society", "Alice, of a society", "A member",
    ]  # fmt: skip
    assert "alice@" not in text and str(alice.pk) not in text


# --- submitting -----------------------------------------------------------------------------------


def test_submitting_needs_a_person_who_agreed_and_is_a_member(
    alice: User, eve: User, consultation: Consultation
) -> None:
    assert Api().call("POST", OPINIONS, TEXT).status_code == 401
    refused = Api(eve).call("POST", OPINIONS, TEXT)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")
    Consent.objects.filter(user=alice).delete()
    refused = Api(alice).call("POST", OPINIONS, TEXT)
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_needed")
    assert not Opinion.objects.exists()


def test_a_session_needs_the_form_token(alice: User, consultation: Consultation) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/api/v1{OPINIONS}", TEXT, content_type="application/json")
    assert answer.status_code == 403
    assert client.post(f"/api/v1{OPINIONS}", '{"a":1}', content_type="text/plain").status_code in (403, 415)
    assert not Opinion.objects.exists()


def test_the_same_key_is_the_same_opinion(alice: User, frank: User, consultation: Consultation) -> None:
    first = Api(alice).call("POST", OPINIONS, TEXT, Idempotency_Key="one")
    again = Api(alice).call("POST", OPINIONS, TEXT, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = Api(alice).call("POST", OPINIONS, {**TEXT, "reason": "Another."}, Idempotency_Key="one")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Api(frank).call("POST", OPINIONS, TEXT, Idempotency_Key="one").json()["id"] != first.json()["id"]
    assert Opinion.objects.count() == 2
    assert Api(alice).call("POST", OPINIONS, TEXT, Idempotency_Key="x" * 81).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_posts_with_one_key_make_one_opinion(alice: User, consultation: Consultation) -> None:
    api = Api(alice)

    def post(_n: int) -> tuple[int, Any]:
        try:
            answer = api.call("POST", OPINIONS, TEXT, Idempotency_Key="parallel")
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(post, range(10)))
    assert len(answers) == 1 and answers.pop()[0] == 201
    assert Opinion.objects.count() == 1


def test_every_wrong_field_is_named(alice: User, consultation: Consultation) -> None:
    answer = Api(alice).call(
        "POST", OPINIONS, {"proposal": "x" * 141, "problem": "", "reason": "Because.", "horizon": "?"}
    )
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"proposal", "problem", "horizon"}
    assert answer.json()["code"] == "invalid" and answer.json()["status"] == 400


@pytest.mark.parametrize("name", ["author", "status", "state", "number", "id", "publish_sequence", "agree_count",
                                  "consultation", "is_staff", "created_at", "source", "version", "votes"])  # fmt: skip
def test_fields_that_are_not_the_authors_are_refused(name: str, alice: User, consultation: Consultation) -> None:
    answer = Api(alice).call("POST", OPINIONS, {**TEXT, name: "published"})
    assert answer.status_code == 400 and name in answer.json()["errors"]
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("wrong", [{"proposal": 1}, {"problem": ["a"]}, {"reason": True}, {"theme": "1"}, {"theme": True},
                                   {"theme": 1.0}, {"theme": 10**30}, {"quote": "yes"}, {"evidence": [1]}, {"evidence": {}},
                                   {"shown_as": None}, {"language": "fr"}, {"theme": 999_999}])  # fmt: skip
def test_a_field_of_another_type_is_refused(wrong: dict[str, Any], alice: User, consultation: Consultation) -> None:
    answer = Api(alice).call("POST", OPINIONS, {**TEXT, **wrong})
    assert answer.status_code == 400 and set(answer.json()["errors"]) == set(wrong)
    assert not Opinion.objects.exists()


def test_korean_comes_back_as_it_was_sent(alice: User, consultation: Consultation) -> None:
    problem = "가각간" * 3_333
    made = Api(alice).call("POST", OPINIONS, {**TEXT, "problem": problem})
    assert made.json()["problem"] == problem and made.json()["language"] == "ko"
    assert Api(alice).get(f"/opinions/{made.json()['id']}/").json()["problem"] == problem


# --- bodies that are no JSON of ours --------------------------------------------------------------


BODIES = {
    "nul": b'{"proposal": "a\\u0000b", "problem": "p", "reason": "r"}',
    "raw nul": b'{"proposal": "a\x00b", "problem": "p", "reason": "r"}',
    "half surrogate": b'{"proposal": "a\\ud800", "problem": "p", "reason": "r"}',
    "not utf-8": b'{"proposal": "\xff\xfe", "problem": "p", "reason": "r"}',
    "overlong": b'{"proposal": "\xc0\xaf", "problem": "p", "reason": "r"}',
    "deep": b'{"proposal": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "twice": b'{"proposal": "a", "proposal": "b", "problem": "p", "reason": "r"}',
    "nan": b'{"proposal": NaN, "problem": "p", "reason": "r"}',
    "infinity": b'{"proposal": 1e999, "problem": "p", "reason": "r"}',
    "huge number": b'{"theme": ' + b"9" * 10_000 + b"}",
    "list": b"[]",
    "text": b'"agree"',
    "nothing": b"",
    "half": b'{"proposal": "a',
    "many names": b"{" + b",".join(b'"k%d":1' % n for n in range(10_000)) + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_doubtful_body_is_refused(body: bytes, alice: User, consultation: Consultation) -> None:
    answer = Api(alice).call("POST", OPINIONS, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Opinion.objects.exists()


def test_a_large_body_and_another_kind_of_body_are_refused(alice: User, consultation: Consultation) -> None:
    post = Api(alice).call
    assert post("POST", OPINIONS, b'{"proposal": "' + b"a" * 1_000_000 + b'"}').status_code == 413
    assert post("POST", OPINIONS, b"<a/>", content_type="application/xml").status_code == 415
    assert post("POST", OPINIONS, b"proposal=a", content_type="application/x-www-form-urlencoded").status_code == 415
    assert post("POST", OPINIONS, b"{}", content_type="application/json; charset=utf-16").status_code == 415


def test_a_full_text_written_in_escapes_fits(alice: User, consultation: Consultation) -> None:
    sent = {**TEXT, "problem": "학" * 10_000, "reason": "회" * 10_000}  # json.dumps writes \\uXXXX
    assert Api(alice).call("POST", OPINIONS, sent).status_code == 201
