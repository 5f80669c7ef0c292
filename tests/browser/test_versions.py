"""A new text of a published opinion, proposed, approved and voted on again; withdrawn; one's society chosen."""

from playwright.sync_api import expect

from accounts.models import User
from consultations.models import Case, Opinion, RollEntry, Vote
from tests.browser.conftest import Become, faults

LIST = "/consultations/talent/"
#: Written by member-5.
OPINION = f"{LIST}opinions/1/"
NEW = "모든 박사후연구원에게 5년 계약을 주고 해마다 급여를 올리자"


def test_a_new_text_asks_its_voters_again(web: str, become: Become) -> None:
    opinion = Opinion.objects.select_related("version").get(number=1)
    voter = become(web, "member-2", width=390)
    voter.goto(f"{web}{OPINION}")
    voter.locator(".vote-agree").click()
    expect(voter.locator(".vote-agree")).to_have_attribute("aria-pressed", "true")

    author = become(web, "member-5", language="en", java_script_enabled=False)
    author.goto(f"{web}{OPINION}mine/")
    author.get_by_role("link", name="Propose a new text").click()
    assert opinion.version is not None
    assert author.input_value("[name=proposal]") == opinion.version.proposal
    author.fill("[name=proposal]", NEW)
    author.locator("main .button-main").click()
    expect(author.locator("main")).to_contain_text("The published one stays in force until then")

    moderator = become(web, "moderator-1")
    moderator.goto(f"{web}/moderation/{Case.objects.get(opinion=opinion, kind='version', closed_at=None).pk}/")
    moderator.locator("#keeps-no").check()
    moderator.locator("button[value=approve_version]").click()
    expect(moderator.locator("[role=status]").first).to_be_visible()

    voter.reload()
    expect(voter.get_by_role("heading", level=1)).to_have_text(NEW)
    expect(voter.locator("main .notice-warn")).to_contain_text("이전 글")
    expect(voter.locator(".vote-agree")).to_have_attribute("aria-pressed", "false")
    assert faults(voter) == []
    voter.locator("main .notice-warn a").click()
    expect(voter.locator("del").first).to_be_visible()
    expect(voter.locator("ins").first).to_be_visible()
    assert faults(voter) == []
    voter.go_back()
    voter.locator(".vote-disagree").click()
    expect(voter.locator(".vote-disagree")).to_have_attribute("aria-pressed", "true")
    voter.reload()
    expect(voter.locator("main .notice-warn")).to_have_count(0)
    vote = Vote.objects.get(opinion=opinion, participant__user__email="member-2@sample.invalid")
    assert (vote.version_number, vote.value) == (2, -1)


def test_a_withdrawn_opinion_leaves_a_note_at_its_number(web: str, become: Become) -> None:
    author = become(web, "member-5", language="en", width=390)
    author.goto(f"{web}{OPINION}mine/")
    author.get_by_text("Withdraw this opinion").click()
    author.get_by_label("I am sure").check()
    author.get_by_role("button", name="Withdraw").click()
    expect(author.locator("main")).to_contain_text("Your opinion is withdrawn")
    assert faults(author) == []
    for language in ("ko", "en"):
        visitor = become(web, language=language, width=390)
        answer = visitor.goto(f"{web}{OPINION}?lang={language}")
        assert answer is not None and answer.status == 410
        assert visitor.locator(".tally, .vote-panel").count() == 0
        assert faults(visitor) == []
        visitor.locator("main .button").click()
        visitor.wait_for_url(f"{web}{LIST}")
        assert visitor.locator("#opinion-1").count() == 0


def test_a_member_of_two_societies_chooses_one(web: str, become: Become) -> None:
    person = User.objects.get(email="member-8@sample.invalid")
    other = person.memberships.order_by("-starts_on")[0].society
    page = become(web, "member-8", language="en", width=390)
    page.goto(f"{web}{LIST}vote/")
    page.get_by_role("link", name="Choose another one").click()
    assert faults(page) == []
    page.get_by_label("Which one do you count for here?").select_option(label=other.name_en)
    page.get_by_role("button", name="Count for this one").click()
    expect(page.locator("main .notice")).to_contain_text(other.name_en)
    page.goto(f"{web}{LIST}submit/")
    expect(page.get_by_label(f"A member of {other.name_en}")).to_be_checked()
    page.goto(f"{web}{OPINION}")
    expect(page.locator("main .notice")).to_contain_text(other.name_en)
    page.locator(".vote-agree").click()
    expect(page.locator(".vote-agree")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{web}{LIST}")
    expect(page.locator("#count-for")).to_have_count(0)
    assert RollEntry.objects.get(participant__user=person).society == other
