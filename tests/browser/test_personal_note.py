"""What looks like personal data is said while one writes, without a reload, and goes away with it."""

from playwright.sync_api import expect

from tests.browser.conftest import Become, faults
from tests.browser.test_form import MINE, main_button, open_form, saved, typed


def test_it_is_said_while_typing_and_holds_nothing_up(web: str, become: Become) -> None:
    page = become(web, "member-1", width=390)
    open_form(page, web)
    note = page.locator("#personal")
    typed(page, "proposal", "연구 장비를 함께 쓰는 지역 창구를 두자")
    saved(page, 1)
    expect(note).to_be_empty()
    typed(page, "problem", "문의는 010-1234-5678로 <b>주세요</b>.")
    saved(page, 2)
    expect(note).to_contain_text("010-1234-5678")
    expect(note.locator(".notice p")).to_have_count(2)
    assert faults(page) == []
    typed(page, "problem", "장비를 쓸 창구가 없다.")
    saved(page, 3)
    expect(note.locator(".notice")).to_have_count(0)
    typed(page, "reason", "연락은 gildong 골뱅이 example 닷컴")
    saved(page, 4)
    expect(note).to_contain_text("gildong 골뱅이 example 닷컴")
    main_button(page)
    page.wait_for_url(MINE)
