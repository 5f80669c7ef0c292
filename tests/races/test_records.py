"""Publishing, signing, answering and reviewing at the same moment. Each check has a twin that is broken and fails it."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from consultations.models import Consultation, Opinion
from digests import blocks, editions, responses, signoff
from digests.models import Block, Edition, Host, Link, Recommendation, Response, Review, SignOff
from notifications.models import Delivery, Occasion
from tests.conftest import Make
from tests.digests.conftest import drafted
from tests.races.conftest import together, without

MANY = 16
ANSWER = {"verdict": "accept", "text_ko": "답", "text_en": "", "done_by": None}


@pytest.fixture
def draft(consultation: Consultation, opinions: list[Opinion]) -> Edition:
    """A draft with two recommendations."""
    for number in (1, 2):
        Block.objects.create(
            consultation=consultation, order=number, title_ko=f"제목 {number}", title_en=f"Title {number}", body_ko="글",
            body_en="Text", opinions=[number], addressee_ko="가상부", addressee_en="Ministry",
            due_on=timezone.localdate() + timedelta(days=30),
        )  # fmt: skip
    return drafted(consultation)


@pytest.fixture
def recommendation(draft: Edition) -> Recommendation:
    editions.publish(edition=draft)
    return Recommendation.objects.select_related("edition__consultation").order_by("number")[0]


def tried(act: Callable[[], Any]) -> Callable[[], str]:
    """The name of the domain error that an act ends with, or nothing."""

    def run() -> str:
        try:
            act()
        except DomainError as error:
            return type(error).__name__
        return ""

    return run


# --- publishing -------------------------------------------------------------------------------------


def published_once(draft: Edition, dan: User) -> None:
    together(*[lambda: editions.publish(edition=draft, actor=dan).published_at] * MANY)
    assert Recommendation.objects.count() == 2
    assert Occasion.objects.filter(kind="digest_published").count() == 1
    assert Occasion.objects.filter(kind="response_due").count() == 2


def test_of_many_who_publish_one_puts_it_on_record(draft: Edition, dan: User) -> None:
    published_once(draft, dan)


def test_the_twin_without_locks_does_it_twice(draft: Edition, dan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "lock", lambda _consultation: None)
    monkeypatch.setattr(editions, "_locked", lambda e: Edition.objects.select_related("consultation").get(pk=e.pk))
    with without("digests_recommendation", "recommendation_number_once"), pytest.raises(AssertionError):
        published_once(draft, dan)


def what_was_compiled_is_what_is_bound(draft: Edition, dan: User) -> None:
    """An organiser changes a text while another one publishes: one of the two is told, or both agree."""
    block = Block.objects.get(title_en="Title 1")

    def change() -> Block:
        block.title_en = "Changed"
        return blocks.save(actor=dan, block=block)

    told = together(tried(lambda: editions.publish(edition=draft, actor=dan)), tried(change))
    assert told in (["Stale", ""], ["", "Used"])
    if not told[0]:
        held = json.loads(bytes(Edition.objects.get().content))["recommendations"][0]["title"]["en"]
        assert held == Block.objects.get(pk=block.pk).title_en == Recommendation.objects.get(number=1).title_en


def test_a_text_that_changes_while_it_is_published(draft: Edition, dan: User) -> None:
    what_was_compiled_is_what_is_bound(draft, dan)


def test_the_twin_that_writes_without_the_lock_publishes_another_text(
    draft: Edition, dan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_lock", lambda _consultation: time.sleep(0.2))
    monkeypatch.setattr(signoff, "check", lambda _edition: time.sleep(0.6))
    with pytest.raises(AssertionError):
        what_was_compiled_is_what_is_bound(draft, dan)


# --- signing ----------------------------------------------------------------------------------------


def signed_once(edition: Edition, person: User) -> None:
    together(*[lambda: signoff.sign(actor=person, edition=edition, content_sha256=edition.content_sha256).pk] * MANY)
    assert SignOff.objects.count() == 1


@pytest.fixture
def in_review(draft: Edition, dan: User, make_user: Make) -> tuple[Edition, User]:
    person = make_user("Hana")
    Host.objects.create(consultation=draft.consultation, user=person, name_ko="가상회", name_en="Imaginary")
    return signoff.ask(actor=dan, edition=draft), person


def test_many_clicks_are_one_sign_off(in_review: tuple[Edition, User]) -> None:
    signed_once(*in_review)


def test_the_twin_without_lock_and_constraint_signs_several_times(
    in_review: tuple[Edition, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SignOff.save

    def store_later(row: SignOff, **options: Any) -> None:
        time.sleep(0.5)  # after the look, so that all have looked before the first has stored
        store(row, **options)

    monkeypatch.setattr(signoff, "lock_exclusive", lambda _kind, _key: None)
    monkeypatch.setattr(SignOff, "save", store_later)
    with without("digests_signoff", "sign_off_once"), pytest.raises(AssertionError):
        signed_once(*in_review)


def test_a_sign_off_while_a_newer_draft_comes_serves_no_other(in_review: tuple[Edition, User]) -> None:
    edition, person = in_review
    sign = tried(lambda: signoff.sign(actor=person, edition=edition, content_sha256=edition.content_sha256))

    def replace() -> None:
        with transaction.atomic():
            editions.lock(edition.consultation_id)
            drafted(edition.consultation)

    together(sign, tried(replace))
    with pytest.raises(signoff.SignOffMissing):
        editions.publish(edition=Edition.objects.get())


# --- the link ---------------------------------------------------------------------------------------


def one_link_one_mail(recommendation: Recommendation, dan: User) -> None:
    send = tried(lambda: responses.send_link(actor=dan, recommendation=recommendation, email="minister@ministry.test"))
    told = together(*[send] * MANY)
    assert sorted(set(told)) == ["", "TooSoon"] and told.count("") == 1
    assert Link.objects.count() == 1
    assert Delivery.objects.filter(occasion__kind="response_asked").count() == 1


def test_many_presses_are_one_link_and_one_mail(recommendation: Recommendation, dan: User) -> None:
    one_link_one_mail(recommendation, dan)


def test_the_twin_without_the_lock_is_refused_by_the_database(
    recommendation: Recommendation, dan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "_lock", lambda _row: time.sleep(0.05))
    with pytest.raises((AssertionError, IntegrityError)):
        one_link_one_mail(recommendation, dan)


# --- answering and reviewing ------------------------------------------------------------------------


def every_answer_is_a_version(recommendation: Recommendation, olga: User, dan: User) -> None:
    link = responses.send_link(actor=dan, recommendation=recommendation, email="minister@ministry.test")

    def answer(number: int) -> Callable[[], int]:
        by: dict[str, Any] = {"link": link} if number % 2 else {"actor": olga}
        fields = ANSWER | {"text_ko": f"답 {number}"}
        return lambda: responses.answer(recommendation=recommendation, fields=fields, **by).version

    versions = together(*[answer(number) for number in range(MANY)])
    assert sorted(versions) == list(range(1, MANY + 1))
    assert Response.objects.count() == MANY == len(set(Response.objects.values_list("text_ko", flat=True)))


def test_of_answers_at_once_each_is_a_version(recommendation: Recommendation, make_user: Make, dan: User) -> None:
    every_answer_is_a_version(recommendation, make_user("Olga", role="official"), dan)


def test_the_twin_without_the_lock_loses_answers(
    recommendation: Recommendation, make_user: Make, dan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "_lock", lambda _row: time.sleep(0.05))
    with pytest.raises((AssertionError, IntegrityError)):
        every_answer_is_a_version(recommendation, make_user("Olga", role="official"), dan)


def one_review_stands(recommendation: Recommendation, olga: User, dan: User) -> None:
    found = responses.answer(recommendation=recommendation, fields=ANSWER, actor=olga)
    publish = tried(lambda: responses.publish(actor=dan, response=found))
    send_back = tried(lambda: responses.send_back(actor=dan, response=found, note="Why?"))
    told = together(*[publish, send_back] * (MANY // 2))
    (review,) = Review.objects.all()
    losers = told[1::2] if review.verb == "publish" else told[::2]
    assert set(losers) == {"Reviewed"} and told.count("") == MANY // 2
    told_kinds = Occasion.objects.filter(kind__in=["response_published", "response_returned"])
    assert [occasion.kind for occasion in told_kinds] == [
        "response_published" if review.verb == "publish" else "response_returned"
    ]


def test_of_two_organisers_who_disagree_one_wins(recommendation: Recommendation, make_user: Make, dan: User) -> None:
    one_review_stands(recommendation, make_user("Olga", role="official"), dan)


def test_the_twin_without_the_constraint_has_several(
    recommendation: Recommendation, make_user: Make, dan: User
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'digests_review'::regclass AND contype = 'u'"
        )
        (name,) = cursor.fetchone()
    with without("digests_review", name), pytest.raises((AssertionError, ValueError)):
        one_review_stands(recommendation, make_user("Olga", role="official"), dan)
