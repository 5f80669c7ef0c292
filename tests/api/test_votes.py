"""Voting through the API, and who sees what of the counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from consultations.models import Consultation, Merge, Opinion, Vote
from tests.api.conftest import Api


def vote(user: User | None, opinion: Opinion, value: Any = "agree", **more: Any) -> Any:
    return Api(user).call("PUT", f"/opinions/{opinion.pk}/vote/", {"value": value, **more})


def test_a_vote_counts_once_and_the_last_one_stands(alice: User, frank: User, opinion: Opinion) -> None:
    assert vote(frank, opinion).json() == {
        "value": "agree", "version": 1, "votes": {"agree": 1, "pass": 0, "disagree": 0},
    }  # fmt: skip
    assert vote(frank, opinion, "disagree").json()["votes"] == {"agree": 0, "pass": 0, "disagree": 1}
    assert vote(alice, opinion, "pass", version=1).json()["votes"] == {"agree": 0, "pass": 1, "disagree": 1}
    assert Vote.objects.count() == 2
    read = Api(frank).get(f"/opinions/{opinion.pk}/").json()
    assert read["my_vote"] == "disagree" and read["votes"]["disagree"] == 1
    assert Api(frank).get("/consultations/talent/opinions/").json()["results"][0]["my_vote"] == "disagree"


def test_taking_back_is_harmless_twice(frank: User, opinion: Opinion) -> None:
    vote(frank, opinion)
    for _ in range(2):
        answer = Api(frank).call("DELETE", f"/opinions/{opinion.pk}/vote/")
        assert (answer.status_code, answer.content) == (204, b"")
    assert not Vote.objects.exists()
    assert Api(frank).get(f"/opinions/{opinion.pk}/").json()["my_vote"] is None


@pytest.mark.parametrize(
    "value", ["Agree", "", "yes", 1, 0, -1, True, None, 1.0, ["agree"], {"agree": 1}, "agree ", "a" * 100_000]
)
def test_only_the_three_words_are_votes(value: Any, frank: User, opinion: Opinion) -> None:
    assert vote(frank, opinion, value).status_code == 400
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b'{"value": "agree", "value": "disagree"}', b"value=agree&value=disagree", b"{}", b"", b"[]", b'{"value": "agree", "voter": "x"}',
     b'{"value": "agree", "version": "1"}', b'{"value": "agree", "version": true}', b'{"value": "agree", "version": null}'],
)  # fmt: skip
def test_a_doubtful_vote_is_refused(body: bytes, frank: User, opinion: Opinion) -> None:
    assert Api(frank).call("PUT", f"/opinions/{opinion.pk}/vote/", body).status_code == 400
    assert not Vote.objects.exists()


def test_a_vote_on_another_text_is_refused_with_the_current_one(frank: User, opinion: Opinion) -> None:
    answer = vote(frank, opinion, version=2)
    assert answer.status_code == 409
    assert answer.json()["code"] == "text_changed"
    assert (answer.json()["version"], answer.json()["proposal"]) == (1, "Give postdocs contracts of three years")
    assert not Vote.objects.exists()


def test_who_may_not_vote(eve: User, opinion: Opinion) -> None:
    assert vote(None, opinion).status_code == 401
    assert (vote(eve, opinion).status_code, vote(eve, opinion).json()["code"]) == (403, "not_a_member")
    assert Api(eve).call("PUT", f"/opinions/{uuid4()}/vote/", {"value": "agree"}).status_code == 404
    assert not Vote.objects.exists()


def test_a_vote_before_or_after_is_refused(frank: User, opinion: Opinion, consultation: Consultation) -> None:
    now, day = timezone.now(), timedelta(days=1)
    for opens, closes in ((now + day, now + 5 * day), (now - 9 * day, now - day)):
        Consultation.objects.update(
            submissions_open_at=opens - day, submissions_close_at=opens, voting_open_at=opens, voting_close_at=closes
        )
        assert (vote(frank, opinion).status_code, vote(frank, opinion).json()["code"]) == (409, "voting_closed")
        assert Api(frank).call("DELETE", f"/opinions/{opinion.pk}/vote/").status_code == 409
    assert not Vote.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "held", "rejected", "removed", "merged", "withdrawn"])
def test_an_opinion_that_is_not_published_takes_no_vote(state: str, frank: User, alice: User, opinion: Opinion) -> None:
    into = Merge.objects.create(target=opinion, is_joint=False) if state == "merged" else None
    Opinion.objects.update(state=state, merge=into)
    # What was merged can still be read, so it is no secret that it is there.
    assert vote(frank, opinion).status_code == (409 if into else 404)
    assert (vote(alice, opinion).status_code, vote(alice, opinion).json()["code"]) == (409, "not_open_to_votes")
    assert not Vote.objects.exists()


def shown(user: User | None, opinion: Opinion) -> list[Any]:
    """The counts in the list and in detail."""
    listed = Api(user).get("/consultations/talent/opinions/").json()["results"][0]["votes"]
    return [listed is not None, Api(user).get(f"/opinions/{opinion.pk}/").json()["votes"] is not None]


def test_counts_after_voting_are_for_who_voted(
    alice: User, frank: User, dan: User, opinion: Opinion, consultation: Consultation
) -> None:
    Consultation.objects.update(counts="after_voting")
    assert vote(frank, opinion).json()["votes"] == {"agree": 1, "pass": 0, "disagree": 0}
    assert [shown(who, opinion) for who in (frank, alice, None, dan)] == [
        [True] * 2,
        [False] * 2,
        [False] * 2,
        [True] * 2,
    ]
    Api(frank).call("DELETE", f"/opinions/{opinion.pk}/vote/")
    assert shown(frank, opinion) == [False, False]


def test_counts_at_close_are_for_nobody_before(frank: User, opinion: Opinion, consultation: Consultation) -> None:
    Consultation.objects.update(counts="at_close")
    assert vote(frank, opinion).json()["votes"] is None
    assert shown(frank, opinion) == [False, False]


def test_hidden_counts_change_no_byte(
    publish: Callable[..., Opinion], alice: User, frank: User, consultation: Consultation
) -> None:
    Consultation.objects.update(counts="at_close")
    opinion = publish()
    addresses = (
        "/consultations/talent/opinions/",
        f"/opinions/{opinion.pk}/",
        "/consultations/talent/",
        "/consultations/",
    )

    def read() -> list[Any]:
        answers = [Api(alice).get(address) for address in addresses]
        return [(answer.content, sorted(answer.headers.items())) for answer in answers]

    before = read()
    vote(frank, opinion)
    Opinion.objects.update(agree_count=7)
    assert read() == before
