"""The opinion form: typed, kept, compared, sent; with and without JavaScript, by keyboard, on a phone."""

import re
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from consultations import tasks
from consultations.models import Consultation, Draft, Opinion, Vote
from tests.browser.conftest import Become, faults, press_tab_to

LIST = "/consultations/talent/"
FORM = f"{LIST}submit/"
#: Nearly the words of the sample's opinion No. 1.
WORDED = "정부 연구비를 받는 대형 과제마다 3년 이상 계약하는 박사후연구원 자리를 둘씩 의무로 두자"
#: The sense of the sample's opinion No. 2, in the other language.
MEANT = "박사후연구원에게 교수 개인 연구비의 장학금이 아니라 대학과의 직원 계약을 주자"
MINE = re.compile(r"/opinions/\d+/mine/")


def typed(page: Page, name: str, text: str) -> None:
    """Type into a field and let the pause pass after which the script saves."""
    page.fill(f"[name={name}]", text)
    page.clock.run_for(3_000)


def saved(page: Page, revision: int) -> None:
    """Wait until the server has told the form its newest revision."""
    expect(page.locator("[name=revision]")).to_have_value(str(revision))
    expect(page.locator("#draft-state")).not_to_have_class(re.compile("draft-wrong"))


def main_button(page: Page) -> None:
    page.locator("main .button-main").click()


def open_form(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}{FORM}")


def sign_in_again(page: Page, address: str, persona: str) -> None:
    """In another window of the same browser."""
    page.goto(f"{address}/privacy/")
    page.select_option("#sample-persona", persona)
    page.click(".sample-bar button")
    page.wait_for_url(f"{address}/")


def test_what_is_typed_is_kept_compared_supported_and_sent_once(web: str, become: Become) -> None:
    tasks.write_vectors()  # as a worker has long done for what is published
    page = become(web, "member-1")
    open_form(page, web)
    typed(page, "proposal", WORDED)
    saved(page, 1)
    near = page.locator("#similar section")
    expect(near).to_contain_text("1번")  # worded alike: at once, before the draft has a vector
    assert faults(page) == []
    typed(page, "problem", "<b>문제</b> 👩‍🔬 مرحبا")
    saved(page, 2)
    context = page.context
    page.close()

    page = context.new_page()
    open_form(page, web)
    assert page.input_value("[name=proposal]") == WORDED
    assert page.input_value("[name=problem]") == "<b>문제</b> 👩‍🔬 مرحبا"
    typed(page, "proposal", MEANT)
    saved(page, 3)
    near = page.locator("#similar section")
    expect(near).not_to_contain_text("2번")
    tasks.write_vectors()  # as the worker does that saving has woken
    page.clock.run_for(1_300)  # the page asks once more by itself
    expect(near).to_contain_text("2번")
    near.get_by_role("button", name="2번").click()
    page.wait_for_url(re.compile(r"/opinions/2/$"))
    expect(page.locator("main .vote-agree")).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.filter(opinion__number=2, participant__user__email="member-1@sample.invalid").count() == 1

    page.goto(f"{web}{FORM}")  # the draft stays
    assert page.input_value("[name=proposal]") == MEANT
    page.fill("[name=reason]", "한 번만 보내집니다.")
    before = Opinion.objects.count()
    page.locator("main .button-main").dblclick()
    page.wait_for_url(MINE)
    assert Opinion.objects.count() == before + 1
    assert not Draft.objects.active().exists()
    page.goto(f"{web}{FORM}")  # nothing is offered again, by the server or by this browser
    assert page.input_value("[name=proposal]") == ""
    expect(page.locator("form[data-autosave] > .notice")).to_have_count(0)


def test_two_windows_with_one_draft_on_a_phone(web: str, become: Become) -> None:
    first = become(web, "member-2", language="en", width=390)
    open_form(first, web)
    typed(first, "proposal", "One sentence in the first window")
    saved(first, 1)
    second = first.context.new_page()
    open_form(second, web)
    second.locator("[name=theme]").nth(1).check()
    typed(second, "proposal", "Another one in the second window")
    saved(second, 2)
    typed(first, "problem", "Written in the older window")
    wrong = first.locator(".draft-wrong")
    expect(wrong).to_contain_text("changed in another window")
    first.evaluate("scrollTo(0, 0)")
    expect(wrong).to_be_in_viewport()  # wherever one writes
    first.fill("[name=reason]", "It is needed.")
    main_button(first)
    expect(first.get_by_role("heading", level=1)).to_have_text("Two texts of one draft")
    values = [field.input_value() for field in first.locator("textarea[readonly]").all()]
    assert values[:2] == ["One sentence in the first window", "Another one in the second window"]
    assert "Pay and evaluation" in values  # the theme in words
    assert faults(first) == []
    first.get_by_role("button", name="Go on with the text of this window").click()
    assert first.input_value("[name=problem]") == "Written in the older window"
    main_button(first)
    first.wait_for_url(MINE)

    typed(second, "reason", "Too late")  # what was sent is sent; the window is told
    expect(second.locator("#draft-state")).to_contain_text("submitted already")
    assert Opinion.objects.filter(version__proposal__contains="window").count() == 1


def test_signed_out_and_in_again_while_writing(web: str, become: Become) -> None:
    page = become(web, "member-3")
    open_form(page, web)
    typed(page, "proposal", "세션이 끝나도 글은 남는다")
    saved(page, 1)
    Session.objects.all().delete()
    typed(page, "problem", "로그아웃된 뒤에 쓴 글")
    expect(page.locator("#draft-state")).to_contain_text("로그아웃되었습니다")
    other = page.context.new_page()
    sign_in_again(other, web, "member-3")
    typed(page, "problem", "다시 로그인한 뒤에 쓴 글")  # the old token is refused; the script takes a new one
    saved(page, 2)
    assert Draft.objects.active().get().fields["problem"] == "다시 로그인한 뒤에 쓴 글"

    # Somebody else at the same machine: nothing of this text becomes theirs.
    sign_in_again(other, web, "member-4")
    typed(page, "reason", "다른 사람의 세션")
    expect(page.locator(".draft-wrong")).to_be_visible()
    other.goto(f"{web}{FORM}")
    assert other.input_value("[name=proposal]") == ""
    expect(other.locator("form[data-autosave] > .notice")).to_have_count(0)
    assert Draft.objects.active().count() == 1


def test_a_save_that_never_answers_loses_nothing(web: str, become: Become) -> None:
    page = become(web, "member-5")
    page.goto(f"{web}{FORM}")
    page.route("**/draft/auto/", lambda route: None)  # hangs; by the clock of the wall
    for name in ("proposal", "problem", "reason"):
        page.fill(f"[name={name}]", f"{name}: 느린 연결")
    kept = page.context.new_page()
    kept.goto(f"{web}{FORM}")  # closed before it was saved: this browser offers it
    kept.get_by_role("button", name="양식에 넣기").click()
    assert kept.input_value("[name=reason]") == "reason: 느린 연결"
    kept.close()
    main_button(page)
    page.wait_for_url(MINE, timeout=10_000)
    assert Opinion.objects.filter(version__proposal="proposal: 느린 연결").count() == 1


def test_with_the_keyboard_alone(web: str, become: Become) -> None:
    page = become(web, "member-6", language="en")
    page.goto(f"{web}{FORM}")
    press_tab_to(page, page.locator("[name=proposal]"))
    page.keyboard.type("Sent with the keyboard alone")
    press_tab_to(page, page.locator("[name=theme]").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    press_tab_to(page, page.locator("summary"))
    page.keyboard.press("Enter")
    press_tab_to(page, page.locator("[name=addressee]"))
    page.keyboard.type("The ministry")
    before = Vote.objects.count()
    page.keyboard.press("Enter")  # saves the draft; it neither sends nor supports anything
    page.wait_for_url(re.compile(f"{FORM}$"))
    expect(page.locator(".notice[class]").first).to_be_visible()
    assert (Vote.objects.count(), Draft.objects.active().get().fields["addressee"]) == (before, "The ministry")

    press_tab_to(page, page.locator("main .button-main"))
    page.keyboard.press("Enter")
    expect(page.locator("#form-errors")).to_be_focused()
    problem = page.locator("[name=problem]")
    assert problem.get_attribute("aria-invalid") == "true"
    assert "id_problem_error" in (problem.get_attribute("aria-describedby") or "")
    assert page.input_value("[name=proposal]") == "Sent with the keyboard alone"
    assert page.locator("[name=theme]").nth(1).is_checked()
    assert faults(page) == []
    press_tab_to(page, page.get_by_role("link", name="The problem"))
    page.keyboard.press("Enter")
    press_tab_to(page, problem)
    page.keyboard.type("Nobody can wait.")
    press_tab_to(page, page.locator("[name=reason]"))
    page.keyboard.type("It works.")
    press_tab_to(page, page.locator("main .button-main"))
    page.keyboard.press("Enter")
    page.wait_for_url(MINE)
    assert Opinion.objects.filter(version__addressee="The ministry").count() == 1


def test_without_javascript(web: str, become: Become) -> None:
    page = become(web, "member-7", width=390, java_script_enabled=False)
    tasks.write_vectors()
    page.goto(f"{web}{FORM}")
    page.fill("[name=proposal]", WORDED)
    page.locator("button[formaction$='/draft/']:not([aria-hidden])").click()
    expect(page.locator("#similar section")).to_contain_text("1번")
    page.fill("[name=problem]", "- 하나\n- 둘")
    page.locator("button[formaction*='/preview/']").click()
    expect(page.locator("#preview li")).to_have_text(["하나", "둘"])
    Session.objects.all().delete()
    page.fill("[name=reason]", "스크립트가 없어도 된다.")
    main_button(page)
    page.wait_for_url(re.compile("/account/sign-in/"))
    sign_in_again(page, web, "member-7")
    page.goto(f"{web}{FORM}")
    expect(page.locator(".notice-warn")).to_be_visible()
    assert page.input_value("[name=reason]") == "스크립트가 없어도 된다."
    main_button(page)
    page.wait_for_url(MINE)
    assert Opinion.objects.filter(version__reason="스크립트가 없어도 된다.").count() == 1


def test_closed_while_a_draft_is_open(web: str, become: Become) -> None:
    page = become(web, "member-8", language="en")
    open_form(page, web)
    typed(page, "proposal", "Written when submissions closed")
    saved(page, 1)
    Consultation.objects.update(submissions_close_at=timezone.now() - timedelta(minutes=1))
    for name in ("problem", "reason"):
        page.fill(f"[name={name}]", "Still here")
    main_button(page)
    expect(page.locator("#form-errors")).to_contain_text("Submissions have closed")
    assert page.input_value("[name=reason]") == "Still here"
    with page.expect_download() as download:
        page.locator("main a[href$='draft.txt']").click()
    text = download.value.path().read_text()
    assert "Written when submissions closed" in text and "Still here" in text
