"""Two opinions become one: a moderator merges, who agreed is asked by mail and agrees with one click."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from consultations import consent, vectors, voting
from consultations.models import Merge, Opinion, Vote
from notifications import kinds
from notifications.expand import expand_due
from notifications.models import Delivery, Occasion
from tests.browser.conftest import Become, faults

SENTENCE = "신진 연구자에게 5년 계약과 독립 연구비를 함께 주자"
SAID = {
    "ko": ("예, 이 글에도 찬성합니다", "이 의견에 찬성하셨습니다"),
    "en": ("Yes, I agree with this text too", "You agree with this opinion."),
}


def due_now() -> None:
    """Ten minutes later: nobody can undo it any more, and those who agreed are asked."""
    Occasion.objects.filter(kind=consent.KIND).update(due_at=timezone.now())
    expand_due()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_joint_text_and_the_consent_of_who_agreed(web: str, become: Become, language: str) -> None:
    first, second = Opinion.objects.published().order_by("number")[:2]
    supporter = User.objects.get(email="member-7@sample.invalid")
    voting.cast(user=supporter, opinion=first, value=1)
    voting.retally([first.pk])

    moderator = become(web, "moderator-1", language=language)
    moderator.goto(f"{web}/moderation/merge/talent/?with={first.number}")
    moderator.fill("#q", str(second.number))
    moderator.locator("[role=search] button").click()
    moderator.locator(f"a[href*='with={first.number}&with={second.number}']").first.click()
    assert faults(moderator) == []
    assert first.version is not None
    assert moderator.input_value("[name=text-proposal]") == first.version.proposal
    moderator.fill("[name=text-proposal]", "")
    moderator.locator("main .button-main").click()
    expect(moderator.locator("#form-errors")).to_be_visible()
    assert moderator.input_value("[name=text-problem]") == first.version.problem
    moderator.fill("[name=text-proposal]", SENTENCE)
    moderator.locator("main .button-main").click()
    moderator.wait_for_url(re.compile("/moderation/merged/"))
    assert faults(moderator) == []
    target = Merge.objects.get().target
    expect(moderator.get_by_role("link", name=re.compile(SENTENCE))).to_have_attribute(
        "href", target.get_absolute_url()
    )
    assert not Vote.objects.filter(opinion=target).exists()

    due_now()
    delivery = Delivery.objects.select_related("occasion").get(occasion__kind=consent.KIND, user=supporter)
    mail = kinds.get(consent.KIND).render(delivery.occasion, supporter)
    assert mail is not None
    reader = become(web, "member-7", language=language, width=390)
    reader.goto(web + re.sub("^https?://[^/]+", "", mail.link))
    assert faults(reader) == []
    assert not Vote.objects.filter(opinion=target).exists()
    reader.get_by_role("button", name=SAID[language][0]).click()
    expect(reader.locator("main [role=status]")).to_contain_text(SAID[language][1])
    vote = Vote.objects.get(opinion=target)
    assert (vote.value, vote.participant.user) == (1, supporter)


def test_into_one_that_stays_without_javascript_and_its_undo(web: str, become: Become) -> None:
    vectors.write_due()
    first, second = Opinion.objects.published().order_by("number")[:2]
    moderator = become(web, "moderator-1", language="en", java_script_enabled=False)
    moderator.goto(f"{web}/moderation/merge/talent/?with={first.number}&with={second.number}")
    moderator.get_by_role("link", name=f"This one stays, the others go into it No. {second.number}").click()
    expect(moderator.locator("main")).to_contain_text(f"The text of No. {second.number} stays as it is")
    moderator.get_by_role("button", name=f"Merge into No. {second.number}").click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text(f"Merged into No. {second.number}")
    moderator.get_by_role("button", name="Undo the merge").click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text("The merge is undone")
    assert Opinion.objects.get(pk=first.pk).state == "published"
