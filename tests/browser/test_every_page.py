"""Every page as each kind of reader sees it: two languages, two widths; accessible, fitting, light, silent."""

import gzip
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response

from accounts.models import User
from consultations import (
    arguments,
    bulk,
    drafts,
    merging,
    moderation,
    priorities,
    redaction,
    submission,
    versions,
    voiding,
    voting,
)
from consultations.models import Argument, Case, Opinion, Participant
from digests import blocks, errata, keys, responses, signoff, withdrawal
from digests import compile as compiling
from digests.models import Block, Edition, Link
from summit.models import Meeting
from tests.browser.test_appeal import rejected

LIST = "/consultations/talent/"
ORGANISE = "/organise/consultations/talent/"
PAGES = {
    "": ["/", "/consultations/", LIST, f"{LIST}map/", f"{LIST}moderation/", f"{LIST}opinions/1/", f"{LIST}digests/", f"{LIST}digests/1/", "{respond}",
         f"{LIST}digests/1/talent-digest-1.en.pdf", "/summits/", "/summits/talent-summit/", "{meeting}", "/account/sign-in/",
         "/privacy/", "/accessibility/", "/reasons/", "/sample/mail/", "/nowhere/"],
    "member-5": [LIST, f"{LIST}submit/", f"{LIST}opinions/1/", "/account/", "/account/opinions/", "/account/society/",
                 f"{LIST}opinions/1/mine/", f"{LIST}opinions/1/text/", f"{LIST}opinions/1/versions/",
                 f"{LIST}opinions/2/argue/", f"{LIST}opinions/2/report/", f"{LIST}vote/", f"{LIST}priorities/",
                 "/account/votes/", "/account/drafts/", "{gone}", "{argument}", "{rejected}"],
    "secretary": ["/societies/", "{society}", "/moderation/enter/talent/"],
    "moderator-1": ["/moderation/", "{case}", "{many}", "{outcome}", "/moderation/merge/talent/?with=4&with=5&q=6",
                    "/moderation/merge/talent/?with=4&into=5", "{merged}", "/moderation/redact/opinion/talent/2/",
                    "/moderation/redact/opinion/talent/3/", "{redact}", "/moderation/enter/talent/"],
    "moderator-2": ["/moderation/redact/opinion/talent/3/", "{outcome}", "{merged}"],
    "organiser": ["/organise/", "/organise/summits/talent-summit/", "/organise/summits/new/", "/organise{meeting}",
                  "/organise/consultations/talent/", "/organise/summits/talent-summit/consultations/new/",
                  f"{ORGANISE}blocks/", f"{ORGANISE}blocks/new/", f"{ORGANISE}hosts/", "/organise/summits/talent-summit/hosts/",
                  f"{ORGANISE}responses/", "/organise/editions/{edition}/errata/", "/organise/editions/{edition}/withdraw/",
                  f"{LIST}digests/2/", "/organise/reasons/", "/organise/reasons/off_topic/", f"{ORGANISE}voiding/"],
    "official": ["/responses/", "/responses/{recommendation}/"],
}  # fmt: skip
WIDTHS = (1280, 390)
#: The browser's console says so of a page that is not there, or not any more.
EXPECTED = re.compile("404|410")


@pytest.fixture
def address(server: str, transactional_db: None) -> str:
    """The sample with an edition, and something on every page."""
    first = timezone.localdate() + timedelta(days=10)
    call_command("load_sample", first_meeting=first, digest=True, verbosity=0)
    fill_records()
    return server


def fill_records() -> None:
    """Something on each page beside an edition: a text with a mistake, a draft to sign, an answer, a withdrawn file."""
    organiser, official = (User.objects.get(email=f"{key}@sample.invalid") for key in ("organiser", "official"))
    first = Edition.objects.get()
    errata.write(actor=organiser, edition=first, text_ko="글을 바로잡습니다.", text_en="A text is corrected.")
    reason = {"reason_ko": "잘못된 표지", "reason_en": "A wrong cover"}
    withdrawal.withdraw(actor=organiser, edition=first, names=["talent-digest-1.en.pdf"], **reason)
    waiting = first.recommendations.order_by("number")[1]
    responses.send_link(actor=organiser, recommendation=waiting, email="ministry@sample.invalid")
    answer = {"verdict": "decline", "text_en": "Not now.", "text_ko": ""}
    responses.answer(recommendation=waiting, fields=answer, actor=official)
    own = {"email": organiser.email, "name_ko": "가상회", "name_en": "Imaginary Host"}
    signoff.name_host(actor=organiser, place=first.consultation, **own)
    signoff.ask(actor=organiser, edition=compiling.run(compiling.request(consultation=first.consultation, wake=False)))
    participant = Participant.objects.filter(user__email="member-9@sample.invalid")[0]
    voiding.void(actor=organiser, participant=participant, reason="계정이 둘입니다.")
    for number in (1, 2):
        text = {"title_ko": f"글 {number}", "body_ko": "{{1.share}}", "body_en": "99 people agree", "opinions": [1]}
        blocks.save(actor=organiser, block=Block(consultation=first.consultation, **text))


def paths() -> dict[str, str]:
    meeting = Meeting.objects.order_by("starts_at")[0]
    secretary = User.objects.get(email="secretary@sample.invalid")
    grant = secretary.role_grants.select_related("society").get(role="secretary")
    assert grant.society is not None
    case = Case.objects.filter(closed_at=None)[0]
    edition, link = Edition.objects.get(number=1), Link.objects.get()
    return {
        "edition": str(edition.pk),
        "recommendation": str(link.recommendation_id),
        "respond": f"/respond/{keys.make(link)}/",
        "meeting": f"/meetings/{meeting.pk}/",
        "case": f"/moderation/{case.pk}/",
        "society": f"/societies/{grant.society.slug}/",
        "gone": withdrawn().get_absolute_url(),
        "argument": reverse(
            "my-argument", args=[Argument.objects.get(author__user__email="member-5@sample.invalid").pk]
        ),
        "rejected": rejected("opinion")[1],
        **moderated(),
    }


def moderated() -> dict[str, str]:
    """What moderators have done: many at once, a merge, a redaction that wants a second person."""
    moderator, member = (User.objects.get(email=f"{key}@sample.invalid") for key in ("moderator-1", "member-6"))
    consultation = Opinion.objects.get(number=1).consultation
    text = {"problem": "문제", "reason": "까닭"}
    opinions = [
        submission.submit(user=member, consultation=consultation, fields=text | {"proposal": f"더 있는 제안 {n}"})
        for n in range(3)
    ]
    cases = [Case.objects.get(opinion=opinion) for opinion in opinions]
    moderation.claim(actor=User.objects.get(email="moderator-2@sample.invalid"), case=cases[1])
    made = bulk.run(actor=moderator, verb="reject", cases=cases[:2], reason="off_topic")
    merged = merging.merge(
        actor=moderator, opinions=[Opinion.objects.get(number=7)], into=Opinion.objects.get(number=8)
    )
    third = Opinion.objects.select_related("version").get(number=3)
    assert third.version is not None
    places = redaction.find(third, third.version.proposal.split()[0])
    redaction.propose(actor=moderator, subject=third, places=places, reason="personal_data")
    argument = arguments.submit(user=member, opinion=third, fields={"side": "for", "text": "It helps."}, key="")
    return {
        "many": f"/moderation/many/?verb=reject&case={cases[1].pk}&case={cases[2].pk}",
        "outcome": f"/moderation/many/{made.pk}/",
        "merged": f"/moderation/merged/{merged.pk}/",
        "redact": f"/moderation/redact/argument/{argument.pk}/",
    }


def withdrawn() -> Opinion:
    """An opinion that was voted on and then taken back."""
    found = Opinion.objects.published().filter(votes__isnull=False).order_by("-number")[0]
    assert found.author is not None and found.author.user is not None
    return versions.withdraw(user=found.author.user, opinion=found)


def begin(persona: str) -> None:
    """Give somebody one of each: a vote, a vote taken on and changed, a priority, an argument, a draft."""
    user = User.objects.get(email=f"{persona}@sample.invalid")
    for number, value in ((2, 1), (3, 0), (3, -1)):
        voting.cast(user=user, opinion=Opinion.objects.get(number=number), value=value)
    opinion = Opinion.objects.get(number=2)
    priorities.mark(user=user, opinion=opinion)
    arguments.submit(user=user, opinion=opinion, fields={"side": "for", "text": "It helps."}, key="")
    drafts.save(user=user, consultation=opinion.consultation, fields={"proposal": "아직 쓰는 중", "evidence": "x"})


def open_page(browser: Browser, address: str, persona: str, language: str) -> Page:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{address}/privacy/?lang={language}")
    if persona:
        page.select_option("#sample-persona", persona)
        page.click(".sample-bar button")
        page.wait_for_url(f"{address}/")
    return page


def faults(page: Page, url: str, language: str) -> list[str]:
    """What is wrong with one page, at each width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(url)
    found = []
    if page.evaluate("document.documentElement.lang") != language:
        found.append("the wrong language")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} main headings")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            found.append(f"{width}: {overflow} pixels too wide")
        for violation in Axe().run(page).response["violations"]:
            found.append(f"{width}: {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_accessible_and_fits(address: str, browser: Browser, language: str) -> None:
    begin("member-5")
    named, wrong, said = paths(), list[str](), list[str]()
    for persona, addresses in PAGES.items():
        page = open_page(browser, address, persona, language)
        page.on("console", lambda m: said.append(m.text) if m.type == "error" and not EXPECTED.search(m.text) else None)
        for path in addresses:
            said.clear()
            full = path.format(**named)
            found = faults(page, f"{address}{full}{'&' if '?' in full else '?'}lang={language}", language)
            wrong += [f"{persona or 'visitor'} {path}: {fault}" for fault in [*found, *said]]
        page.context.close()
    assert wrong == [], "\n".join(wrong)


#: What people open first, and as whom.
FIRST = {"": ["/", LIST, f"{LIST}opinions/1/"], "member-5": [LIST, f"{LIST}vote/", f"{LIST}submit/"]}


def test_a_first_visit_is_light(web: str, browser: Browser) -> None:
    """Under 100 KB and under ten requests: static files travel compressed, pages as they are."""
    sizes: list[int] = []

    def weigh(response: Response) -> None:
        body = response.body()
        sizes.append(len(gzip.compress(body) if "/static/" in response.url else body))

    weights = {}
    for persona, visited in FIRST.items():
        for path in visited:
            page = open_page(browser, web, persona, "ko")
            state = page.context.storage_state()
            page.context.close()
            page = browser.new_context(storage_state=state).new_page()  # nothing is in its cache
            sizes.clear()
            page.on("response", weigh)
            page.goto(f"{web}{path}", wait_until="networkidle")
            weights[f"{persona or 'visitor'} {path}"] = (len(sizes), sum(sizes))
            page.context.close()
    heavy = {name: found for name, found in weights.items() if found[0] >= 10 or found[1] >= 100_000}
    assert heavy == {}, weights
