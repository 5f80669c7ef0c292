"""An author reads why a text was rejected, appeals in words that survive whatever happens, and reads what became of it."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from accounts.models import User
from consultations import appeals, arguments, deciding, moderation, reasons, submission
from consultations.deciding import Subject
from consultations.models import Argument, Consultation, Opinion
from tests.browser.conftest import Become, faults, press_tab_to

WORDS = "이 글은 규칙에 맞습니다.\n둘째 줄도 남습니다."
TEXT = {"proposal": "연구 장비를 함께 쓰자", "problem": "장비가 놀고 있다.", "reason": "함께 쓰면 덜 든다."}


def person(persona: str) -> User:
    return User.objects.get(email=f"{persona}@sample.invalid")


def rejected(kind: str) -> tuple[Subject, str]:
    """A text of member-5's that moderator-1 rejected, and the address of its author's page."""
    author, moderator = person("member-5"), person("moderator-1")
    if kind == "argument":
        opinion = Opinion.objects.get(number=2)
        made = arguments.submit(user=author, opinion=opinion, fields={"side": "for", "text": "장비가 놀고 있다."})
        case = deciding.cases_of(made).get()
        arguments.reject(actor=moderator, case=case, reason="unsupported_accusation", note="근거를 적어 주십시오.")
        return Argument.objects.get(pk=made.pk), reverse("my-argument", args=[made.pk])
    sent = submission.submit(user=author, consultation=Consultation.objects.get(slug="talent"), fields=TEXT)
    case = deciding.cases_of(sent).get()
    moderation.reject(actor=moderator, case=case, reason="unsupported_accusation", note="근거를 적어 주십시오.")
    return Opinion.objects.get(pk=sent.pk), reverse("my-opinion", args=["talent", sent.number])


def narrow_and_wide(page: Page) -> list[str]:
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += faults(page)
    return found


@pytest.mark.parametrize("kind", ["opinion", "argument"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_author_appeals_and_reads_the_answer(web: str, become: Become, language: str, kind: str) -> None:
    subject, address = rejected(kind)
    author = become(web, "member-5", language=language)
    author.goto(f"{web}{address}?lang={language}")
    with translation.override(language):
        words = reasons.of("unsupported_accusation")
    assert words is not None
    for expected in (*words[1:], "근거를 적어 주십시오.", "Asia/Seoul"):
        expect(author.locator("main")).to_contain_text(expected)
    assert narrow_and_wide(author) == []

    # without words: said at the field, which the keyboard reaches
    author.locator("#appeal .button-main").click()
    expect(author.locator("#id_note")).to_have_attribute("aria-invalid", "true")
    assert narrow_and_wide(author) == []
    press_tab_to(author, author.locator("#id_note"))

    # signed out meanwhile: the text is there after signing in
    author.locator("#id_note").fill(WORDS)
    Session.objects.all().delete()
    author.locator("#appeal .button-main").click()
    author.wait_for_url(re.compile("/account/sign-in/"))
    author.select_option("#sample-persona", "member-5")
    author.click(".sample-bar button")
    author.wait_for_url(f"{web}/")
    author.goto(f"{web}{address}?lang={language}")
    expect(author.locator("#id_note")).to_have_value(WORDS)
    author.locator("#appeal .button-main").click()
    expect(author.locator("#appeal blockquote")).to_contain_text("둘째 줄도 남습니다.")
    expect(author.locator("#id_note")).to_have_count(0)
    assert narrow_and_wide(author) == []

    case = deciding.cases_of(subject).get(kind="appeal")
    assert case.opened_by is not None and case.opened_by.note == WORDS
    appeals.refuse(actor=person("moderator-2"), case=case, reason="several_points", note="둘로 나누어 주십시오.")
    author.goto(f"{web}{address}?lang={language}")
    expect(author.locator("#appeal .notice-warn")).to_be_visible()
    expect(author.locator("#appeal")).to_contain_text("둘로 나누어 주십시오.")
    assert narrow_and_wide(author) == []


def test_without_javascript(web: str, become: Become) -> None:
    subject, address = rejected("opinion")
    author = become(web, "member-5", language="en", width=390, java_script_enabled=False)
    author.goto(f"{web}{address}")
    author.locator("#id_note").fill(WORDS)
    author.locator("#appeal .button-main").click()
    expect(author.locator("#appeal blockquote")).to_contain_text("둘째 줄도 남습니다.")
    assert deciding.cases_of(subject).filter(kind="appeal").exists()
