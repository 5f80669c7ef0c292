"""A part of a text made unreadable: selected in the text, proposed, confirmed by a second moderator."""

from playwright.sync_api import expect

from consultations.models import Decision, Opinion, OpinionVersion
from tests.browser.conftest import Become, faults


def test_selected_proposed_and_confirmed(web: str, become: Become) -> None:
    opinion = Opinion.objects.select_related("version").get(number=1)
    assert opinion.version is not None
    words = opinion.version.proposal.split()[0]
    page = f"{web}/moderation/redact/opinion/talent/1/"
    first = become(web, "moderator-1", language="en")
    first.goto(page)
    assert faults(first) == []
    first.evaluate(
        """(length) => {
            const text = document.querySelector("[data-selectable]").firstChild;
            document.getSelection().setBaseAndExtent(text, 0, text, length);
        }""",
        len(words),
    )
    expect(first.locator("#words")).to_have_value(words)
    first.get_by_role("button", name="Find every place").click()
    expect(first.locator("#place-1")).to_be_checked()
    assert faults(first) == []
    first.select_option("[name=reason]", "personal_data")
    first.get_by_role("button", name="Propose a redaction").click()
    expect(first.locator("main")).to_contain_text("It waits for a second moderator")
    assert faults(first) == []
    assert Opinion.objects.select_related("version").get(number=1).version == opinion.version

    second = become(web, "moderator-2", language="ko", width=390, java_script_enabled=False)
    second.goto(page)
    expect(second.locator("mark").filter(has_text=words).first).to_be_visible()
    second.locator("button[value=confirm]").click()
    expect(second.locator(".as-stored").first).to_contain_text("█" * len(words))
    assert words not in OpinionVersion.objects.get(pk=opinion.version.pk).proposal
    assert Decision.objects.filter(verb="confirm_redaction").count() == 1

    visitor = become(web)
    visitor.goto(f"{web}{opinion.get_absolute_url()}")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("█" * len(words))


def test_the_page_of_the_second_is_accessible(web: str, become: Become) -> None:
    first = become(web, "moderator-1", java_script_enabled=False)
    first.goto(f"{web}/moderation/redact/opinion/talent/1/")
    first.fill("#words", "박사")
    first.locator("button[value=find]").click()
    first.select_option("[name=reason]", "personal_data")
    first.locator("button[value=propose]").click()
    for language, width in (("ko", 1280), ("en", 390)):
        second = become(web, "moderator-2", language=language, width=width)
        second.goto(f"{web}/moderation/redact/opinion/talent/1/")
        assert faults(second) == []
