"""The moderators' page in a browser: keys from the queue to the last case, two people on one text, nothing lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from consultations import deciding, moderation
from consultations.models import Case, Decision, Opinion
from tests.browser import desk
from tests.browser.conftest import Become, faults

NEW = "/moderation/?kind=new"
TALENT = "/moderation/opinion/talent/"


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_moderator_works_through_the_queue_with_keys(web: str, become: Become, language: str) -> None:
    """N takes the oldest, P publishes it and the next one comes; X without a reason says so and keeps the note."""
    desk.fill()
    waiting = Case.objects.waiting().filter(kind="new").exclude(claimed_by=desk.person("moderator-2"))
    numbers = list(waiting.values_list("opinion__number", flat=True))
    page = become(web, "moderator-1", language=language)
    page.goto(f"{web}{NEW}")
    assert faults(page) == []
    press(page, "n")
    expect(page).to_have_url(re.compile(r"/moderation/[0-9a-f-]{36}/\?kind=new"))
    expect(page.locator("article")).to_contain_text(str(numbers[0]))
    expect(page.locator("[data-claim]")).to_be_visible()
    assert faults(page) == []
    press(page, "p")
    expect(page.locator("[role=status]")).to_contain_text(str(numbers[0]))
    expect(page.locator("article .meta").first).to_contain_text(str(numbers[1]))

    press(page, "w")
    page.keyboard.type("Please say who should pay.")
    page.keyboard.press("Escape")
    press(page, "x")
    expect(page.locator("#form-errors")).to_be_visible()
    assert page.input_value("[name=note]") == "Please say who should pay."
    assert faults(page) == []
    page.locator("#form-errors").blur()
    press(page, "r")
    expect(page.locator("article .meta").first).to_contain_text(str(numbers[2]))

    # What was decided last is taken back, and is there again.
    press(page, "z")
    expect(page.locator("article .meta").first).to_contain_text(str(numbers[1]))
    assert Opinion.objects.get(consultation__slug="talent", number=numbers[1]).state == "submitted"
    verbs = [d.verb for d in Decision.objects.filter(actor=desk.person("moderator-1"), opinion__number__in=numbers)]
    assert verbs == ["publish", "request_changes", "undo"]


def test_keys_can_be_switched_off_and_write_into_no_field(web: str, become: Become) -> None:
    desk.fill()
    page = become(web, "moderator-1")
    page.goto(f"{web}{NEW}")
    page.locator("#queue-q").click()
    page.keyboard.type("np")
    assert page.url.endswith("kind=new")
    page.locator("#queue-q").blur()
    press(page, "?")
    page.locator("#keys-on").uncheck()
    page.locator("#keys-on").blur()
    press(page, "n")
    assert page.url.endswith("kind=new")
    page.reload()
    expect(page.locator("[data-key=KeyN] kbd")).to_be_hidden()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_two_people_remove_a_text(web: str, become: Become, language: str) -> None:
    made = desk.fill()
    number = made["held"].number
    second = become(web, "moderator-1", language=language)
    second.goto(f"{web}/moderation/")
    second.locator(f"a[href$='/opinion/talent/{number}/']").first.click()
    assert faults(second) == []
    second.select_option("[name=reason]", "insult")
    second.locator("button[value=remove]").click()
    # The hold was moderator-2's: a proposal of somebody else confirms it.
    assert Decision.objects.filter(opinion=made["held"], verb="confirm_hold").exists()

    first = become(web, "moderator-1", language=language)
    first.goto(f"{web}{TALENT}{number}/")
    expect(first.locator("button[value=confirm_removal]")).to_be_disabled()
    assert faults(first) == []

    other = become(web, "moderator-2", language=language)
    other.goto(f"{web}{TALENT}{number}/")
    other.locator("button[value=confirm_removal]").click()
    expect(other.locator("[role=status]").first).to_contain_text(str(number))
    assert Opinion.objects.get(pk=made["held"].pk).state == "removed"
    visitor = become(web)
    visitor.goto(f"{web}/consultations/talent/opinions/{number}/")
    expect(visitor.locator("main")).not_to_contain_text(made["held"].version.proposal)  # type: ignore[union-attr]


def test_who_comes_second_is_told_and_finds_the_note(web: str, become: Become) -> None:
    opinion = desk.fill()["new"]
    case = deciding.cases_of(opinion).get()
    page = become(web, "moderator-1", language="en")
    page.goto(f"{web}/moderation/{case.pk}/")
    page.fill("[name=note]", "A long note that took ten minutes.")
    moderation.publish(actor=desk.person("moderator-2"), case=case)
    page.locator("button[value=request_changes]").click()
    expect(page.locator("main")).to_contain_text("Nothing was stored")
    expect(page.locator("main")).to_contain_text("A long note that took ten minutes.")
    assert faults(page) == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_of_case_without_faults(web: str, become: Become, language: str, width: int) -> None:
    made = desk.fill()
    page = become(web, "moderator-1", language=language, width=width)
    paths = ["/moderation/", "/moderation/?kind=report&q=1", "/moderation/?held=mine"]
    paths += [f"/moderation/{case.pk}/" for case in Case.objects.filter(closed_at=None)]
    paths += [f"{TALENT}{made[name].number}/" for name in ("held", "removing", "appealed")]
    for path in paths:
        page.goto(f"{web}{path}")
        assert faults(page) == [], path
