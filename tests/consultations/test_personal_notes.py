"""What looks like personal data is marked for moderators, and its author is told before sending; nothing is held up."""

import re
from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from hypothesis import given, settings

from accounts.models import User
from consultations import personal_data
from consultations.models import Consultation, Draft, Opinion
from tests.consultations.conftest import TEXT
from tests.consultations.nasty import NASTY
from tests.consultations.test_personal_data import TEXTS

As = Callable[[User | None], Client]
FORM = "/consultations/talent/submit/"
NUMBER = "010-1234-5678"
WITH_NUMBER = {**TEXT, "reason": f"자료는 {NUMBER}로 물어보세요."}
SENTENCE = "This looks like a phone number. Readers can see it."


def marked(text: str) -> str:
    return Template("{% load personal_tags %}{{ text|mark_personal }}").render(Context({"text": text}))


class TestMarked:
    def test_the_kind_is_said(self) -> None:
        with translation.override("en"):
            said = marked(f"call {NUMBER} now")
        assert said == (
            'call <mark title="phone number"><span class="visually-hidden">phone number: </span>010-1234-5678</mark> now'
        )

    def test_kinds_have_a_name_in_each_language(self) -> None:
        for kind in personal_data.Kind:
            with translation.override("ko"):
                assert str(kind.label)
            assert kind in personal_data.SENTENCES

    def test_html_stays_text(self) -> None:
        said = marked(f"<script>alert(1)</script> & <b>{NUMBER}</b> o'neill@example.ie <mark>")
        assert "<script>" not in said
        assert "<b>" not in said
        assert said.count("<mark ") == 2
        assert said.count("<mark") == 2
        assert "o&#x27;neill@example.ie</mark> &lt;mark&gt;" in said

    @pytest.mark.parametrize("text", NASTY)
    def test_nasty_texts_stay_texts(self, text: str) -> None:
        said = personal_data.marked(text, personal_data.find(text))
        assert said.count("<") == 4 * said.count("<mark ")

    @settings(max_examples=200, deadline=None)
    @given(TEXTS)
    def test_nothing_is_lost(self, text: str) -> None:
        said = personal_data.marked(text, personal_data.find(text))
        bare = re.sub(r'<mark title="[^"]*"><span class="visually-hidden">[^<]*</span>|</mark>', "", said)
        assert bare == escape(text)


class TestTheForm:
    def test_a_kept_draft_says_it(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        client.post(f"{FORM}draft/", WITH_NUMBER)
        page = client.get(f"{FORM}?lang=en").content.decode()
        assert SENTENCE in page
        assert f'<b dir="auto">{NUMBER}</b>' in page

    def test_the_preview_says_it_of_what_was_typed(self, as_: As, alice: User, consultation: Consultation) -> None:
        page = as_(alice).post(f"{FORM}preview/?lang=en", WITH_NUMBER).content.decode()
        assert SENTENCE in page

    def test_saving_while_typing_says_it(self, as_: As, alice: User, consultation: Consultation) -> None:
        answer = as_(alice).post(f"{FORM}draft/auto/?lang=en", WITH_NUMBER).json()
        assert SENTENCE in answer["personal"]
        less = {**TEXT, "key": answer["key"], "revision": answer["revision"]}
        assert not as_(alice).post(f"{FORM}draft/auto/", less).json()["personal"].strip()

    def test_without_any_nothing_is_said(self, as_: As, alice: User, consultation: Consultation) -> None:
        client = as_(alice)
        client.post(f"{FORM}draft/", TEXT)
        assert client.get(FORM).context["personal"] == []
        assert "Readers can see it" not in client.get(f"{FORM}?lang=en").content.decode()

    def test_it_never_blocks(self, as_: As, alice: User, consultation: Consultation) -> None:
        answer = as_(alice).post(FORM, {**WITH_NUMBER, "key": "a"})
        made = Opinion.objects.select_related("version").get()
        assert answer.status_code == 302
        assert made.version is not None
        assert NUMBER in made.version.reason

    def test_what_was_typed_stays_text(self, as_: As, alice: User, consultation: Consultation) -> None:
        page = as_(alice).post(f"{FORM}preview/", {**TEXT, "reason": "<b>x</b> o'neill@example.ie"}).content.decode()
        assert '<b dir="auto">o&#x27;neill@example.ie</b>' in page


def test_notes_are_few_and_each_part_once() -> None:
    text = " ".join(f"010-1234-{i:04}" for i in range(20))
    notes = personal_data.notes({"problem": f"{NUMBER} {NUMBER}", "reason": text})
    assert len(notes) == personal_data.MOST_NOTES
    assert [note.part for note in notes][:2] == [NUMBER, "010-1234-0000"]


def test_a_field_that_nobody_writes_into_is_not_looked_at() -> None:
    assert personal_data.notes({"key": NUMBER, "theme": NUMBER}) == []


def test_a_huge_draft_is_looked_at_in_part_only(alice: User, consultation: Consultation) -> None:
    draft = Draft(user=alice, consultation=consultation, fields={"reason": "가" * 1_000_000 + NUMBER})
    assert personal_data.notes(draft.fields) == []
