"""The list of opinions: found, filtered, ordered, read on, voted on; with and without JavaScript."""

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from consultations.models import Opinion, Vote
from tests.browser.conftest import Become, faults, press_tab_to

LIST = "/consultations/talent/"


def numbers(page: Page) -> list[int]:
    ids = [card.get_attribute("id") or "" for card in page.locator("#opinions > li[id^=opinion-]").all()]
    return [int(i.removeprefix("opinion-")) for i in ids]


def show(page: Page) -> None:
    page.locator("form[role=search] button").click()


def test_found_filtered_ordered_and_back_again(web: str, become: Become) -> None:
    page = become(web)
    page.goto(f"{web}{LIST}")
    assert numbers(page) == list(range(24, 4, -1))
    page.locator("#opinions a[hx-get]").click()  # the next page joins this one
    expect(page.locator("#opinions > li[id^=opinion-]")).to_have_count(24)
    assert numbers(page) == list(range(24, 0, -1))

    page.fill("#q", "박사후연구원")
    show(page)
    page.wait_for_url(re.compile("q="))
    found = numbers(page)
    assert 1 in found and len(found) < 12
    page.locator("#opinion-1 h3 a").click()
    page.wait_for_url(re.compile("/opinions/1/$"))
    page.go_back()
    assert page.input_value("#q") == "박사후연구원"
    assert numbers(page) == found
    page.locator("section .meta a").first.click()
    expect(page.locator("#opinions > li[id^=opinion-]")).to_have_count(20)

    page.locator("summary").click()
    page.select_option("#language", "en")
    page.select_option("#theme", index=1)
    page.select_option("#order", "agreed")
    show(page)
    page.wait_for_url(re.compile("language=en"))
    expect(page.locator("#language")).to_be_visible()  # what narrows the list is not folded away
    cards = Opinion.objects.filter(number__in=numbers(page))
    assert cards.exists() and all(o.language == "en" and o.theme_id == cards[0].theme_id for o in cards)
    shares = [
        float(text.split("(")[1].split("%")[0])
        for text in page.locator(".tally-key span:first-child").all_inner_texts()
    ]
    assert shares == sorted(shares, reverse=True)

    page.fill("#q", "그런말은어디에도없다")
    show(page)
    expect(page.locator("#opinions")).to_contain_text("맞는 의견이 없습니다")
    assert faults(page) == []


def test_a_vote_from_the_list(web: str, become: Become) -> None:
    page = become(web, "member-2", language="en", width=390)
    page.goto(f"{web}{LIST}?order=waiting")
    card = page.locator("#opinions > li").first
    name = card.get_attribute("id")
    agree = card.get_by_role("button", name="Agree", exact=True)
    size = agree.bounding_box()
    assert size and size["height"] >= 44
    press_tab_to(page, agree)
    page.keyboard.press("Enter")
    expect(agree).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("order=waiting")  # nothing was left
    card.get_by_role("button", name="Disagree").click()
    expect(card.get_by_role("button", name="Disagree")).to_have_attribute("aria-pressed", "true")
    assert [v.value for v in Vote.objects.filter(participant__user__email="member-2@sample.invalid")] == [-1]
    page.reload()
    assert name not in [c.get_attribute("id") for c in page.locator("#opinions > li").all()]
    assert faults(page) == []

    # Signed out meanwhile: led to the sign-in page, which is not put into the card.
    Session.objects.all().delete()
    page.locator("#opinions .vote-pass").first.click()
    page.wait_for_url(re.compile(r"/account/sign-in/\?next=/consultations/talent/opinions/"))


def test_what_does_not_arrive_is_said_beside_the_button(web: str, become: Become) -> None:
    page = become(web, "member-3", language="en")
    page.goto(f"{web}{LIST}")
    page.route("**/vote/", lambda route: route.abort())
    page.locator("#opinion-24 .vote-agree").click()
    expect(page.locator("#opinion-24 [role=alert]")).to_contain_text("did not arrive")
    page.unroute("**/vote/")
    page.locator("#opinion-24 .vote-agree").click()
    expect(page.locator("#opinion-24 .vote-agree")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#opinion-24 [role=alert]")).to_have_count(0)


def test_without_javascript(web: str, become: Become) -> None:
    page = become(web, "member-4", width=390, java_script_enabled=False)
    page.goto(f"{web}{LIST}")
    page.locator("#opinion-22 .vote-agree").click()
    page.wait_for_url(re.compile(r"/consultations/talent/(\?[^#]*)?#opinion-22$"))
    expect(page.locator("#opinion-22 .vote-agree")).to_have_attribute("aria-pressed", "true")
    page.locator("#opinions a[hx-get]").click()
    page.wait_for_url(re.compile("after="))
    assert numbers(page) == [4, 3, 2, 1]
    page.locator("#opinion-3 .vote-disagree").click()
    page.wait_for_url(re.compile("after=.*#opinion-3$"))
    expect(page.locator("#opinion-3 .vote-disagree")).to_have_attribute("aria-pressed", "true")
    page.locator("section .meta a").first.click()  # to the start of the list
    expect(page.locator("#opinion-22 .vote-agree")).to_have_attribute("aria-pressed", "true")
    page.fill("#q", "박사후연구원")
    show(page)
    assert 1 in numbers(page)
