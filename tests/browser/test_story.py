"""The main job as one story, in a real browser, with a real worker and beat.

1 home · 2 sign in · 3 submit in Korean · 4 publish · 5 vote, vote again · 6 remind registrants · 7 digest, download.
"""

import io
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from accounts.models import User
from notifications.models import Message
from summit.models import Registration
from tests import site

PROPOSAL = "대학원생 인건비를 연구비와 분리해 국가가 직접 지급하자"


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """A sample site whose first meeting is ten days ahead."""
    first = timezone.localdate() + timedelta(days=10)
    call_command("load_sample", first_meeting=date(first.year, first.month, first.day), verbosity=0)
    with site.running() as running:
        yield running


def become(page: Page, address: str, persona: str) -> None:
    page.goto(f"{address}/?lang=ko")
    page.select_option("#sample-persona", persona)
    page.click(".sample-bar button")
    expect(page.locator("#sample-persona")).to_have_value(persona)


def figures(page: Page, panel: str) -> dict[str, int]:
    """The three numbers under a tally."""
    keys = page.locator(f"{panel} .tally-key b").all_inner_texts()
    return dict(zip(("agree", "pass", "disagree"), map(int, keys), strict=True))


def test_the_main_job(address: str, browser: Browser) -> None:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    wrong: list[str] = []
    # The form that is sent back with its errors answers 422, and the browser's console says so.
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "422" not in m.text else None)

    _home(page, address)
    number = _submit(page, address)
    _publish(page, address, number)
    _vote(page, address, number)
    _remind(page, address)
    _digest(page, address, context.browser)
    assert wrong == []


def _home(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=ko")
    expect(page.locator("main")).to_contain_text("이공계 인재 서밋")
    assert page.locator(".timeline > li").count() == 3  # two meetings, and what is open between them
    page.goto(f"{address}/?lang=en")
    expect(page.locator("main")).to_contain_text("Science and engineering talent summit")
    expect(page.locator(".figure").first).to_be_visible()


def _submit(page: Page, address: str) -> int:
    become(page, address, "member-1")
    page.goto(f"{address}/consultations/talent/submit/")
    page.fill("[name=proposal]", PROPOSAL)
    page.fill("[name=problem]", "인건비가 과제에 묶여 있어 학생이 과제를 골라 떠난다.")
    page.locator("main .button-main").click()  # the reason is missing: told so, and nothing is lost
    expect(page.locator("#id_reason_error")).to_be_visible()
    expect(page.locator("[name=proposal]")).to_have_value(PROPOSAL)
    page.fill("[name=reason]", "과제가 끝나도 학업과 연구를 이어 갈 수 있다.")
    page.locator("[name=theme]").first.check()
    page.locator("main .button-main").click()
    page.wait_for_url(re.compile(r"/opinions/\d+/mine/"))
    number = int(re.search(r"/opinions/(\d+)/", page.url)[1])  # type: ignore[index]
    expect(page.locator("main")).to_contain_text(PROPOSAL)
    visitor = page.context.browser.new_page()  # type: ignore[union-attr]
    assert visitor.goto(f"{address}/consultations/talent/opinions/{number}/").status == 404  # type: ignore[union-attr]
    visitor.close()
    return number


def _publish(page: Page, address: str, number: int) -> None:
    become(page, address, "moderator-1")
    page.goto(f"{address}/moderation/")
    page.get_by_role("link", name=re.compile(PROPOSAL)).first.click()
    page.locator("button[value=publish]").click()
    expect(page.locator("[role=status]")).to_contain_text(f"{number}")
    # Another one in the admin, through the same function.
    page.goto(f"{address}/admin/consultations/case/")
    row = page.locator("#result_list tbody tr").first
    row.locator("input.action-select").check()
    page.select_option("select[name=action]", "publish")
    page.locator("button[name=index]").click()
    page.locator("form.decide button.default").click()
    expect(page.locator("#result_list tbody tr")).to_contain_text("✓")


def _vote(page: Page, address: str, number: int) -> None:
    become(page, address, "member-2")
    page.goto(f"{address}/consultations/talent/opinions/{number}/")
    before = figures(page, "main")
    page.locator("main .vote-agree").click()
    expect(page.locator("main .vote-agree")).to_have_attribute("aria-pressed", "true")
    assert figures(page, "main") == {**before, "agree": before["agree"] + 1}
    page.locator("main .vote-disagree").click()
    expect(page.locator("main .vote-disagree")).to_have_attribute("aria-pressed", "true")
    expected = {**before, "disagree": before["disagree"] + 1}
    assert figures(page, "main") == expected
    page.reload()
    assert figures(page, "main") == expected
    # The list takes its counts from the tallies, which a worker recounts within two seconds.
    for _ in range(40):
        page.goto(f"{address}/consultations/talent/")
        if figures(page, f"#opinion-{number}") == expected:
            return
        time.sleep(0.25)
    pytest.fail("the tally on the list never followed the vote")


def _remind(page: Page, address: str) -> None:
    become(page, address, "organiser")
    page.goto(f"{address}/organise/")
    page.locator("main .panel ul a").first.click()
    page.locator("form[action$='/remind/'] button").click()
    meeting = Registration.objects.filter(state="registered").order_by("meeting__starts_at").values("meeting")[:1]
    registrants = set(
        User.objects.filter(registrations__meeting__in=meeting, registrations__state="registered").values_list(
            "email", flat=True
        )
    )
    assert len(registrants) > 5
    sent = Message.objects.filter(deliveries__occasion__kind="meeting_reminder", state="sent")
    for _ in range(160):
        if sent.count() == len(registrants):
            break
        time.sleep(0.25)
    addresses = list(sent.values_list("address", flat=True))
    assert sorted(addresses) == sorted(registrants)  # one mail a registrant: none missing, none twice
    assert all("BEGIN:VCALENDAR" in text for text in sent.values_list("calendar", flat=True))
    page.goto(f"{address}/sample/mail/")
    expect(page.locator("main")).to_contain_text(addresses[0])


def _digest(page: Page, address: str, browser: Browser | None) -> None:
    assert browser is not None
    page.goto(f"{address}/consultations/talent/digests/")
    meetings = page.locator("form[action$='/compile/'] select[name=meeting] option")
    page.select_option("form[action$='/compile/'] select[name=meeting]", meetings.nth(1).get_attribute("value"))
    page.locator("form[action$='/compile/'] button").click()
    page.wait_for_url(re.compile(r"/organise/compilations/"))
    page.locator("#progress a.button-main").click(timeout=90_000)  # appears when the work is done
    page.locator("form[action$='/publish/'] button").click()
    page.wait_for_url(re.compile(r"/digests/1/"))

    visitor = browser.new_context(locale="en-US", accept_downloads=True).new_page()
    visitor.goto(f"{address}/consultations/talent/digests/1/?lang=en")
    links = [a.get_attribute("href") or "" for a in visitor.locator("a[download], .downloads a").all()]
    names = {link.rsplit("/", 1)[-1] for link in links}
    wanted = {f"talent-digest-1.{end}" for end in ("ko.pdf", "en.pdf", "csv", "json")}
    assert wanted <= names
    files = {name: visitor.request.get(f"{address}/consultations/talent/digests/1/{name}") for name in wanted}
    assert all(answer.status == 200 for answer in files.values())
    korean = PdfReader(io.BytesIO(files["talent-digest-1.ko.pdf"].body()))
    english = PdfReader(io.BytesIO(files["talent-digest-1.en.pdf"].body()))
    assert PROPOSAL[:10] in "".join(p.extract_text() for p in korean.pages)
    assert (korean.trailer["/Root"]["/Lang"], english.trailer["/Root"]["/Lang"]) == ("ko", "en")  # type: ignore[index]
    assert PROPOSAL in files["talent-digest-1.csv"].body().decode("utf-8-sig")
    # And from the meeting's own page.
    visitor.goto(f"{address}/?lang=en")
    visitor.locator(".timeline h3 a[href*='/meetings/']").first.click()
    expect(visitor.locator("main")).to_contain_text(re.compile("digest", re.IGNORECASE))
    assert visitor.locator("a[href$='talent-digest-1.en.pdf']").count() == 1
