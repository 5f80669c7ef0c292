"""One decision on many: chosen, looked at, done, undone; with the keyboard and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from accounts.models import User
from consultations import moderation, submission, versions
from consultations.models import Case, Consultation, Decision, Opinion
from tests.browser.conftest import Become, faults

TEXT = {"problem": "연구가 끊긴다.", "reason": "연구가 이어진다."}


def submit(count: int) -> list[Case]:
    """So many new opinions of member-5's, each with its case."""
    author = User.objects.get(email="member-5@sample.invalid")
    consultation = Consultation.objects.get(slug="talent")
    made = [
        submission.submit(user=author, consultation=consultation, fields=TEXT | {"proposal": f"새 제안 {n + 1}을 하자"})
        for n in range(count)
    ]
    return [Case.objects.get(opinion=opinion) for opinion in made]


def choose(page: Page, address: str, cases: list[Case], verb: str) -> None:
    """What the queue's form does: post the chosen ones."""
    page.goto(f"{address}/privacy/")
    fields = "".join(f'<input type="checkbox" name="case" value="{case.pk}" checked>' for case in cases)
    page.evaluate(
        """([action, fields, verb]) => {
            const form = document.createElement("form");
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            form.method = "post"; form.action = action;
            form.innerHTML = `${fields}<input name="verb" value="${verb}"><input name="csrfmiddlewaretoken" value="${token}">`;
            document.body.append(form); form.submit();
        }""",
        [f"{address}/moderation/many/", fields, verb],
    )
    page.wait_for_url(f"{address}/moderation/many/")


def test_many_are_published_and_undone(web: str, become: Become) -> None:
    cases = submit(4)
    moderation.claim(actor=User.objects.get(email="moderator-2@sample.invalid"), case=cases[3])
    moderator = become(web, "moderator-1", language="en", width=390)
    choose(moderator, web, cases, "publish")
    expect(moderator.get_by_role("heading", level=1)).to_have_text("4 chosen")
    expect(moderator.locator("main")).to_contain_text("3 can be done")
    assert faults(moderator) == []

    moderator.locator(f"#row-{cases[2].pk}").uncheck()
    moderator.get_by_role("button", name="Look again").click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text("3 chosen")
    expect(moderator.locator(f"#row-{cases[2].pk}")).not_to_be_checked()
    moderator.get_by_role("button", name=re.compile("^Publish: 3")).click()

    expect(moderator.get_by_role("heading", level=1)).to_have_text("2 of 3: published")
    assert faults(moderator) == []
    assert Opinion.objects.published().filter(pk__in=[case.opinion_id for case in cases]).count() == 2
    moderator.get_by_role("button", name="Undo all 2").click()
    expect(moderator.locator("main")).to_contain_text("2 of 2 are as they were before")
    assert faults(moderator) == []
    assert not Opinion.objects.published().filter(pk__in=[case.opinion_id for case in cases]).exists()
    assert Decision.objects.filter(verb="undo").count() == 2


def test_a_missing_reason_loses_nothing_without_javascript(web: str, become: Become) -> None:
    cases = submit(2)
    moderator = become(web, "moderator-1", language="en", java_script_enabled=False)
    address = "&".join(f"case={case.pk}" for case in cases)
    moderator.goto(f"{web}/moderation/many/?verb=reject&{address}")
    moderator.fill("[name=note]", "Both belong to another question.")
    moderator.get_by_role("button", name=re.compile("^Reject: 2")).click()
    expect(moderator.locator("#form-errors")).to_contain_text("Please choose a reason.")
    assert moderator.input_value("[name=note]") == "Both belong to another question."
    moderator.select_option("[name=reason]", "off_topic")
    moderator.get_by_role("button", name=re.compile("^Reject: 2")).click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text("2 of 2: rejected")
    assert set(Decision.objects.filter(verb="reject").values_list("note", flat=True)) == {
        "Both belong to another question."
    }


def test_a_text_that_changed_while_it_was_looked_at(web: str, become: Become) -> None:
    author, opinion = User.objects.get(email="member-5@sample.invalid"), Opinion.objects.get(number=1)
    texts = [TEXT | {"proposal": f"다른 글 {n}"} for n in range(2)]
    versions.propose_version(user=author, opinion=opinion, fields=texts[0])
    case = Case.objects.get(opinion=opinion, kind="version", closed_at=None)
    moderator = become(web, "moderator-1", language="en")
    choose(moderator, web, [case], "reject_version")
    versions.propose_version(user=author, opinion=opinion, fields=texts[1])
    moderator.select_option("[name=reason]", "off_topic")
    moderator.get_by_role("button", name=re.compile("^Refuse the new text: 1")).click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text("0 of 1: new text refused")
    expect(moderator.locator("main")).to_contain_text("The author changed the text meanwhile")
    moderator.get_by_role("button", name="Look again at the 1").click()
    expect(moderator.locator("main")).to_contain_text("다른 글 1")
    assert faults(moderator) == []
    assert not Decision.objects.filter(verb="reject_version").exists()
