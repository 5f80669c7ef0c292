"""Full-text search: what it finds in Korean and English, and what it never finds."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from consultations import moderation, search, submission
from consultations.models import Case, Consultation, Opinion, OpinionVersion, SearchText
from consultations.models.opinions import State
from tests.consultations.conftest import TEXT

As = Callable[[User | None], Client]
LIST = "/consultations/talent/"
KOREAN = "박사후연구원의 처우를 개선하자"
ENGLISH = "Give postdocs contracts of three years"


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        (KOREAN, "처우", True),
        (KOREAN, "처우 개선", True),
        (KOREAN, "박사 후 연구원", True),
        ("박사 후 연구원의 처우", "박사후연구원", True),
        (KOREAN, "처", True),
        (KOREAN, "자", True),
        (KOREAN, "병역", False),
        (KOREAN, "처우 병역", False),
        (ENGLISH, "postdoc", True),
        (ENGLISH, "POSTDOCS contract", True),
        (ENGLISH, "cont", True),
        (ENGLISH, "tract", False),
        ("AI 반도체 인력", "ai반도체", True),
        ("R&D 예산", "R&D", True),
        ("Cafe\u0301 culture", "café", True),
        (ENGLISH, "%%% !!!", False),
        (ENGLISH, "", False),
    ],
)
def test_what_finds_what(
    consultation: Consultation, alice: User, bob: User, text: str, asked: str, found: bool
) -> None:
    made = submission.submit(
        user=alice, consultation=consultation, fields={**TEXT, "proposal": text, "problem": ".A", "reason": "B"}
    )
    moderation.publish(actor=bob, case=Case.objects.get(opinion=made))
    assert search.matching(Opinion.objects.published(), asked).exists() is found


def test_a08_text_that_is_not_published_is_never_found(
    as_: As, alice: User, bob: User, frank: User, consultation: Consultation, publish: Callable[[Opinion], Opinion]
) -> None:
    secret = {**TEXT, "problem": "비밀번호는 수박입니다"}
    waiting = submission.submit(user=alice, consultation=consultation, fields=secret)
    search.index([waiting.pk])  # even if it were indexed
    for person in (None, frank, alice, bob):
        assert TEXT["proposal"] not in as_(person).get(LIST, {"q": "수박"}).content.decode()
    publish(waiting)
    assert TEXT["proposal"] in as_(None).get(LIST, {"q": "수박"}).content.decode()
    Opinion.objects.filter(pk=waiting.pk).update(state=State.WITHDRAWN)
    assert TEXT["proposal"] not in as_(None).get(LIST, {"q": "수박"}).content.decode()


def test_a08_an_older_or_a_pending_text_is_not_found(opinion: Opinion) -> None:
    new = OpinionVersion.objects.create(
        opinion=opinion, number=2, votes_since=2, proposal="새로운 문장", problem="감자"
    )
    found = Opinion.objects.published()
    assert not search.matching(found, "감자").exists()
    Opinion.objects.filter(pk=opinion.pk).update(version=new)
    assert not search.matching(found, "독립 직군").exists(), "the vector of the older text must not count"
    assert search.index_missing() == 1
    assert search.matching(found, "감자").exists()
    assert not search.matching(found, "독립 직군").exists()


def test_whatever_was_missed_is_written_by_the_clock(opinion: Opinion) -> None:
    SearchText.objects.all().delete()
    assert search.index_missing() == 1
    assert search.index_missing() == 0
    assert search.matching(Opinion.objects.published(), "독립").exists()


@pytest.fixture
def slow_plans_fail(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 500")


NASTY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="'\"\\%_&|!():*<->가나 ab\t\x00", max_size=60),
    st.sampled_from(
        ["' | 'a", "a & | b", "\\", "가" * 10_000, "a " * 5_000, "x" * 10_000, "''':*", "<->", "ﷺ", "\u1112\u1161"]
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=NASTY)
def test_i21_no_search_term_is_an_error(opinion: Opinion, slow_plans_fail: None, asked: str) -> None:
    list(search.matching(Opinion.objects.published(), asked))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_i21_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    """Whatever the signs in it: the terms of a word of the text are among the text's lexemes, or begin one."""
    found = search.lexemes(text)
    for word in text.split():
        for term in filter(None, (search.query_of(word) or "").split(" & ")):
            stem = term.strip("':*")
            assert any(lexeme.startswith(stem) for lexeme in found), (text, word, term)


@pytest.mark.parametrize("asked", ["%27", "\\", "a'b", "(", "!", "&", "가" * 3000, "\ud7a3" * 10])
def test_i21_pages_and_the_api_take_any_term(as_: As, opinion: Opinion, asked: str) -> None:
    client = as_(None)
    assert client.get(LIST, {"q": asked}).status_code == 200
    assert client.get("/api/v1/consultations/talent/opinions/", {"q": asked}).status_code == 200


@pytest.mark.parametrize("few", [0, 1_000])
def test_common_and_rare_terms_find_the_same(
    many: Callable[[int], list[Opinion]], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    made = many(5)
    search.index([o.pk for o in made])
    Opinion.objects.filter(pk=made[4].pk).update(state=State.WITHDRAWN)
    assert set(search.matching(Opinion.objects.published(), "독립 직군")) == set(made[:4])
    assert list(search.matching(Opinion.objects.published(), "독립 직군 3")) == [made[2]]
    assert not search.matching(Opinion.objects.published(), "감자").exists()
