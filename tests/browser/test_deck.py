"""The deck: keys, undo, progress, the end, priorities; on a phone and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from consultations.models import Opinion, Priority, Vote
from tests.browser.conftest import Become, faults, press_tab_to

DECK = "/consultations/talent/vote/"


def leave(number: int) -> None:
    """Keep so many opinions of the sample published."""
    Opinion.objects.filter(number__gt=number, state="published").update(state="held")


def shown(page: Page) -> int:
    return int(page.locator("form.deck-cast [name=number]").get_attribute("value") or 0)


def votes(persona: str) -> dict[int, int]:
    mine = Vote.objects.filter(participant__user__email=f"{persona}@sample.invalid")
    return dict(mine.values_list("opinion__number", "value"))


def done(page: Page) -> str:
    return page.locator("progress").get_attribute("value") or ""


def test_keys_undo_progress_and_the_end(web: str, become: Become) -> None:
    leave(4)
    page = become(web, "member-1", language="en")
    page.goto(f"{web}{DECK}")
    first = shown(page)
    page.keyboard.press("1")
    expect(page.locator("progress")).to_have_attribute("value", "1")
    assert votes("member-1") == {first: 1}
    page.keyboard.press("u")
    expect(page.locator("progress")).to_have_attribute("value", "0")
    assert (shown(page), votes("member-1")) == (first, {})
    page.keyboard.press("3")
    expect(page.locator("progress")).to_have_attribute("value", "1")
    page.keyboard.press("ArrowDown")  # moves the page, and no more
    page.keyboard.press("Control+1")
    assert votes("member-1") == {first: -1}
    assert faults(page) == []

    box = page.get_by_label(re.compile("Vote with the keys"))
    box.uncheck()
    page.keyboard.press("1")
    page.reload()
    expect(box).not_to_be_checked()  # remembered
    assert votes("member-1") == {first: -1}
    box.check()

    later = shown(page)
    page.get_by_role("button", name="Skip for now").click()
    expect(page.locator("form.deck-cast")).to_be_visible()
    assert shown(page) != later
    for expected in ("2", "3"):
        page.keyboard.press("2")
        expect(page.locator("progress")).to_have_attribute("value", expected)
    expect(page.get_by_role("heading", level=2)).to_have_text("Only skipped opinions are left")
    page.get_by_role("button", name="Show them again").click()
    expect(page.locator("form.deck-cast [name=number]")).to_have_value(str(later))
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=2)).to_have_text("You have voted on every opinion")
    assert len(votes("member-1")) == 4 and done(page) == "4"
    assert faults(page) == []
    page.keyboard.press("u")  # also from the end
    expect(page.locator("form.deck-cast [name=number]")).to_have_value(str(later))


def test_a_double_press_is_one_vote_and_back_shows_it(web: str, become: Become) -> None:
    leave(6)
    page = become(web, "member-2")
    page.goto(f"{web}{DECK}")
    first = shown(page)
    page.locator(".deck-votes .vote-agree").dblclick()
    expect(page.locator("progress")).to_have_attribute("value", "1")
    # The second half of a double click that arrives on the next page.
    page.evaluate("sessionStorage.setItem('deck-voted', performance.timeOrigin + performance.now())")
    page.locator(".deck-votes .vote-agree").click()
    page.wait_for_timeout(500)
    assert votes("member-2") == {first: 1}
    second = shown(page)
    page.locator(".deck-votes .vote-disagree").click()
    expect(page.locator("progress")).to_have_attribute("value", "2")
    page.go_back()
    page.reload()
    assert votes("member-2") == {first: 1, second: -1}
    page.goto(f"{web}{DECK}?opinion={second}")
    expect(page.locator(".deck-votes .vote-disagree")).to_have_attribute("aria-pressed", "true")


def test_priorities_on_a_phone_with_the_keyboard(web: str, become: Become) -> None:
    page = become(web, "member-3", language="en", width=390)
    page.goto(f"{web}{DECK}")
    buttons = page.locator(".deck-votes")
    expect(buttons).to_be_in_viewport(ratio=1)  # in reach of a thumb, however long the text is
    picked = []
    for count in range(1, 6):
        picked.append(shown(page))
        mark = page.get_by_role("button", name="Mark as one of my five priorities")
        press_tab_to(page, mark)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Take back as a priority")).to_be_visible()
        page.keyboard.press("1")
        expect(page.locator("progress")).to_have_attribute("value", str(count))
    expect(page.get_by_role("link", name="You have marked five priorities")).to_be_visible()
    page.get_by_role("link", name="My priorities").click()
    page.get_by_role("button", name=f"Move No. {picked[4]} up").click()
    page.get_by_role("button", name=f"Take No. {picked[0]} back").click()
    expect(page.locator("ol > li.opinion")).to_have_count(4)
    assert faults(page) == []
    ranked = Priority.objects.filter(participant__user__email="member-3@sample.invalid").order_by("rank")
    assert [p.opinion.number for p in ranked] == [picked[1], picked[2], picked[4], picked[3]]
    page.goto(f"{web}/account/votes/")
    expect(page.locator("ol > li.opinion")).to_have_count(5)
    assert faults(page) == []


def test_without_javascript(web: str, become: Become) -> None:
    leave(2)
    page = become(web, "member-4", width=390, java_script_enabled=False)
    page.goto(f"{web}{DECK}")
    expect(page.locator("[data-deck-keys]")).to_be_hidden()
    first = shown(page)
    page.locator(".deck-votes .vote-agree").click()
    second = shown(page)
    assert {first, second} == {1, 2}
    page.locator("form[action$='/undo/'] button").click()
    assert shown(page) == first
    page.locator(".deck-votes .vote-pass").click()
    page.locator("form[action$='/skip/'] button").click()
    page.locator("form[action$='/skip/'] button").click()  # show them again
    page.locator(".deck-votes .vote-disagree").click()
    expect(page.locator("form.deck-cast")).to_have_count(0)
    assert votes("member-4") == {first: 0, second: -1}
