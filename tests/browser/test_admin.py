"""The pages of the admin in a browser: accessible, no wider than the window, and used as a moderator uses them."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from consultations import bulk, holding, moderation, reports, submission, versions
from consultations.models import Argument, Bulk, Case, Consultation, Decision, Opinion, Participant
from tests.browser.conftest import Become, faults

ADMIN = "/admin/consultations"
TEXT = {"problem": "문의: 010-1234-5678", "reason": "학생이 졸업해도 연구가 이어진다."}


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@sample.invalid")


def submit(sentence: str) -> Opinion:
    consultation = Consultation.objects.get(slug="talent")
    return submission.submit(
        user=person("member-3"), consultation=consultation, fields=TEXT | {"proposal": f"{sentence} 제안합니다"}
    )


@pytest.fixture
def filled(web: str) -> str:
    """Something on each page: a report, a new text, a hold, an act on many."""
    first, second = person("moderator-1"), person("moderator-2")
    waiting = [Case.objects.get(opinion=submit(word)) for word in ("새로", "다시", "또")]
    published = submit("먼저")
    moderation.publish(actor=second, case=Case.objects.get(opinion=published))
    published.refresh_from_db()
    reports.report(user=person("member-5"), opinion=published, reason="insult", note="모욕적입니다")
    text = TEXT | {"proposal": "나중에 제안합니다"}
    versions.propose_version(user=person("member-3"), opinion=published, fields=text)
    held = Opinion.objects.published().exclude(pk=published.pk)[0]
    holding.hold(actor=second, subject=held, reason="insult")
    moderation.claim(actor=second, case=waiting[2])
    bulk.run(actor=first, verb="reject", cases=waiting[1:], reason="off_topic")
    return web


def pages() -> dict[str, list[str]]:
    """Every kind of page, by who opens it."""
    case, decision, act = f"{ADMIN}/case/", f"{ADMIN}/decision/", f"{ADMIN}/bulk/"
    open_cases = [f"{case}{Case.objects.filter(kind=kind, closed_at=None)[0].pk}/change/" for kind in
                  ("new", "version", "report")]  # fmt: skip
    hold = Decision.objects.get(verb="hold")
    arguments = [f"{ADMIN}/argument/{argument.pk}/change/" for argument in Argument.objects.all()[:1]]
    return {
        "moderator-1": [
            case, f"{case}?cases=closed", *open_cases, decision, f"{decision}?second=wanted", f"{decision}{hold.pk}/change/",
            f"{ADMIN}/opinion/", f"{ADMIN}/opinion/{hold.opinion_id}/change/", f"{ADMIN}/argument/", *arguments, act,
            f"{act}{Bulk.objects.get().pk}/change/",
        ],
        "organiser": [
            f"{ADMIN}/reasontext/", f"{ADMIN}/reasontext/insult/change/", f"{ADMIN}/participant/",
            f"{ADMIN}/participant/{Participant.objects.filter(user=person('member-3'))[0].pk}/change/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_accessible_and_fits(filled: str, become: Become, language: str) -> None:
    wrong, said = list[str](), list[str]()
    for persona, addresses in pages().items():
        page = become(filled, persona, language=language)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        for path in addresses:
            said.clear()
            page.goto(f"{filled}{path}")
            assert page.evaluate("document.documentElement.lang") == language
            wrong += [f"{path}: {text}" for text in said]  # before axe loads style sheets in ways of its own
            wrong += [f"{path}: {fault}" for fault in faults(page)]
    assert wrong == [], "\n".join(wrong)


def choose(page: Page, verb: str, *, rows: int) -> None:
    """Tick the last rows and send the action."""
    boxes = page.locator("#result_list input.action-select")
    for place in range(boxes.count() - rows, boxes.count()):
        boxes.nth(place).check()
    page.select_option("select[name=action]", verb)
    page.locator("button[name=index]").click()


def test_many_are_looked_at_decided_and_undone(filled: str, become: Become) -> None:
    page = become(filled, "moderator-1", language="en")
    page.goto(f"{filled}{ADMIN}/case/?kind__exact=new")
    choose(page, "reject", rows=2)
    assert faults(page) == []
    page.locator("form.decide textarea").fill("Please look elsewhere")
    page.get_by_role("button", name="Reject (1)").click()
    expect(page.locator(".errorlist")).to_contain_text("Please choose a reason.")
    expect(page.locator("form.decide textarea")).to_have_value("Please look elsewhere")
    page.select_option("#id_reason", "off_topic")
    page.get_by_role("button", name="Reject (1)").click()
    expect(page.locator("h1")).to_contain_text("1 of 2 done")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_contain_text("undone: 1 of 1 done")


def test_one_is_claimed_decided_and_undone(filled: str, become: Become) -> None:
    page = become(filled, "moderator-1", language="en")
    page.goto(f"{filled}{ADMIN}/case/?kind__exact=new&held=free")
    page.locator("#result_list tbody tr th a").last.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#content-main")).to_contain_text("Sample Moderator 1 until")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist .success")).to_contain_text("published")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is as it was before")
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
