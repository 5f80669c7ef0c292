"""Reading and deciding in the admin: the same verbs as on the workbench, the same refusals, kept words (A23, A27)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from consultations import (
    appeals,
    holding,
    moderation,
    redaction,
    removal,
    reports,
    submission,
    versions,
)
from consultations.models import Case, Decision, Opinion
from consultations.models.opinions import State
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage

As = Callable[[User | None], Client]
ADMIN = "/admin/consultations"


@pytest.fixture
def staffed(stage: Stage, bob: User) -> Stage:
    """The moderators of the stage may open the admin, and read English."""
    for person in (stage.first, stage.second, stage.third, stage.author, stage.people["organiser"], bob):
        person.is_staff, person.language = True, "en"
        person.save()
    return stage


def page_of(row: Any, page: str = "change") -> str:
    return f"{ADMIN}/{row._meta.model_name}/{row.pk}/{page}/"


def words_of(answer: Any) -> str:
    """What a reader sees of a page: no tags, no addresses, nothing of scripts."""
    body = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def decide(client: Client, row: Any, verb: str, **words: Any) -> Any:
    """Press a button of the page with what the page holds: the version and the first of two that it was made with."""
    shown = client.get(page_of(row)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(version|first)" value="(\d+)">', shown))
    return client.post(page_of(row, "decide"), {**hidden, "verb": verb, **words})


# --- deciding on a case -------------------------------------------------------------------------------


def test_publish(as_: As, staffed: Stage) -> None:
    case = staffed.case(staffed.submit())
    answer = decide(as_(staffed.first), case, "publish", note="고맙습니다")
    assert answer.status_code == 302 and answer.url == page_of(case)
    case.refresh_from_db()
    assert Opinion.objects.get(pk=case.opinion_id).state == State.PUBLISHED
    assert case.closed_by is not None and case.closed_by.note == "고맙습니다" and case.closed_by.actor == staffed.first
    after = words_of(as_(staffed.first).get(page_of(case)))
    assert "published" in after and "Undo" in after and "What else can be done with it" in after


def test_reject_without_a_reason_keeps_what_was_typed(as_: As, staffed: Stage) -> None:
    case = staffed.case(staffed.submit())
    answer = decide(as_(staffed.first), case, "reject", note="다른 곳에 맞습니다")
    assert answer.status_code == 422
    assert "Please choose a reason." in words_of(answer) and "다른 곳에 맞습니다" in answer.content.decode()
    assert Opinion.objects.get(pk=case.opinion_id).state == State.SUBMITTED
    assert decide(as_(staffed.first), case, "reject", reason="off_topic").status_code == 302
    assert Opinion.objects.get(pk=case.opinion_id).state == State.REJECTED


def test_who_comes_second_is_told_and_keeps_the_words(as_: As, staffed: Stage) -> None:
    case = staffed.case(staffed.submit())
    client = as_(staffed.second)
    assert client.get(page_of(case)).status_code == 200
    moderation.publish(actor=staffed.first, case=case)
    answer = client.post(page_of(case, "decide"), {"verb": "reject", "reason": "insult", "note": "mine"})
    assert answer.status_code == 409
    seen = words_of(answer)
    assert "First decided on this" in seen and "What you wrote was not sent:" in seen and "mine" in seen
    assert Decision.objects.filter(verb="reject").count() == 0


def test_a_text_that_moved_is_refused(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    versions.propose_version(user=staffed.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    case = staffed.case(opinion, "version")
    old = case.version_id
    versions.propose_version(user=staffed.author, opinion=opinion, fields=TEXT | {"reason": "셋째 까닭"})
    said = {"verb": "approve_version", "version": str(old), "keeps_votes": "yes"}
    answer = as_(staffed.first).post(page_of(case, "decide"), said)
    assert answer.status_code == 409 and "The author changed the text meanwhile" in words_of(answer)


def test_a_new_text_needs_to_be_told_what_becomes_of_the_votes(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    versions.propose_version(user=staffed.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    case = staffed.case(opinion, "version")
    client = as_(staffed.first)
    assert "What the new text changes" in words_of(client.get(page_of(case)))
    answer = decide(client, case, "approve_version", note="kept words")
    assert answer.status_code == 422
    assert "Please say whether the votes stay." in words_of(answer) and "kept words" in answer.content.decode()
    assert decide(client, case, "approve_version", keeps_votes="no").status_code == 302
    opinion.refresh_from_db()
    assert opinion.version is not None and opinion.version == case.version and opinion.version.votes_since == 2


@pytest.mark.parametrize(
    ("kind", "verb", "state"),
    [("new", "request_changes", State.CHANGES_REQUESTED), ("report", "dismiss_report", State.PUBLISHED)],
)
def test_other_cases(as_: As, staffed: Stage, kind: str, verb: str, state: str) -> None:
    opinion = staffed.submit() if kind == "new" else staffed.publish()
    if kind == "report":
        reports.report(user=staffed.member, opinion=opinion, reason="insult", note="정말로 모욕적입니다")
    case = staffed.case(opinion, kind)
    client = as_(staffed.second)
    if kind == "report":
        seen = words_of(client.get(page_of(case)))
        assert "정말로 모욕적입니다" in seen and "Member" not in seen  # who reported is nobody's business
    assert decide(client, case, verb, note="고쳐 주십시오").status_code == 302
    opinion.refresh_from_db()
    assert opinion.state == state and Case.objects.get(pk=case.pk).closed_at is not None


def test_an_argument_is_published_and_an_appeal_granted(as_: As, staffed: Stage) -> None:
    argument = staffed.argue()
    assert decide(as_(staffed.first), staffed.case(argument), "publish").status_code == 302
    argument.refresh_from_db()
    assert argument.state == State.PUBLISHED
    rejected = staffed.put(State.REJECTED)
    appeals.appeal(user=staffed.author, subject=rejected, words="다시 보아 주십시오")
    case = staffed.case(rejected, "appeal")
    refused = decide(as_(staffed.first), case, "grant_appeal")
    assert refused.status_code == 409 and "Who took part in a decision" in words_of(refused)
    assert decide(as_(staffed.third), case, "grant_appeal").status_code == 302
    rejected.refresh_from_db()
    assert rejected.state == State.SUBMITTED


def test_its_own_author_is_refused(as_: As, staffed: Stage, bob: User) -> None:
    own = submission.submit(user=bob, consultation=staffed.consultation, fields=TEXT)
    case = staffed.case(own)
    client = as_(bob)
    assert "Somebody else decides on it." in words_of(client.get(page_of(case)))
    answer = client.post(page_of(case, "decide"), {"verb": "publish"})
    assert answer.status_code == 409 and "Nobody decides on an own opinion." in words_of(answer)
    own.refresh_from_db()
    assert own.state == State.SUBMITTED


def test_claiming_and_giving_back(as_: As, staffed: Stage) -> None:
    case = staffed.case(staffed.submit())
    assert as_(staffed.first).post(page_of(case, "hold"), {"hold": "claim"}).status_code == 302
    assert Case.objects.get(pk=case.pk).claimed_by == staffed.first
    told = as_(staffed.second).post(page_of(case, "hold"), {"hold": "claim"}, follow=True)
    assert "First is working on this until" in words_of(told)
    as_(staffed.first).post(page_of(case, "hold"), {"hold": "give_back"})
    assert Case.objects.get(pk=case.pk).claimed_by is None
    assert as_(staffed.first).get(page_of(case, "hold")).status_code == 405
    assert as_(staffed.first).get(page_of(case, "decide")).status_code == 405


# --- without a case; the second person ----------------------------------------------------------------


@pytest.mark.parametrize("argument", [False, True], ids=["opinion", "argument"])
def test_hold_confirmed_by_a_second_person_then_removed_by_two(as_: As, staffed: Stage, argument: bool) -> None:
    subject = staffed.put(State.PUBLISHED, argument=argument)
    assert decide(as_(staffed.first), subject, "hold", reason="insult").status_code == 302
    assert type(subject).objects.get(pk=subject.pk).state == State.HELD
    first = Decision.objects.get(verb="hold")
    waiting = as_(staffed.second).get(f"{ADMIN}/decision/?second=wanted")
    assert page_of(first) in waiting.content.decode() and "held" in words_of(waiting)
    own = decide(as_(staffed.first), first, "confirm_hold")
    assert own.status_code == 409 and "This wants a second person." in words_of(own)
    assert decide(as_(staffed.second), first, "confirm_hold").status_code == 302
    assert Decision.objects.get(verb="confirm_hold").answers == first
    assert page_of(first) not in as_(staffed.second).get(f"{ADMIN}/decision/?second=wanted").content.decode()
    assert decide(as_(staffed.second), subject, "remove", reason="insult").status_code == 302
    proposed = Decision.objects.get(verb="remove")
    assert decide(as_(staffed.third), proposed, "confirm_removal").status_code == 302
    subject.refresh_from_db()
    assert subject.state == State.REMOVED


def test_a_removal_is_declined_and_a_hold_released(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    first = removal.propose(actor=staffed.first, subject=opinion, reason="insult")
    assert decide(as_(staffed.second), first, "decline_removal", note="nein").status_code == 302
    holding.hold(actor=staffed.first, subject=opinion, reason="insult")
    assert decide(as_(staffed.second), opinion, "release").status_code == 302
    opinion.refresh_from_db()
    assert opinion.state == State.PUBLISHED


def test_what_has_a_page_of_its_own_leads_to_the_workbench(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    place = redaction.find(opinion, "제안")[0]
    first = redaction.propose(actor=staffed.first, subject=opinion, places=[place], reason="personal_data")
    page = as_(staffed.second).get(page_of(first)).content.decode()
    assert "Look at the marked places" in page and "Proposal in one sentence 1–2" in page
    page = as_(staffed.second).get(page_of(opinion)).content.decode()
    assert f"?with={opinion.number}" in page and "Merge …" in page and "Propose a redaction …" in page


def test_undo_within_ten_minutes(as_: As, staffed: Stage) -> None:
    opinion = staffed.publish()
    made = Decision.objects.get(verb="publish")
    client = as_(staffed.first)
    page = client.get(page_of(opinion)).content.decode()
    assert f'action="{page_of(made, "undo")}"' in page
    assert "Only who decided can undo it." in words_of(
        as_(staffed.second).post(page_of(made, "undo"), {"next": page_of(opinion)}, follow=True)
    )
    answer = as_(staffed.first).post(page_of(made, "undo"), {"next": page_of(opinion)})
    assert answer.headers["Location"] == page_of(opinion)
    opinion.refresh_from_db()
    assert opinion.state == State.SUBMITTED and made.answer.verb == "undo"
    again = as_(staffed.first).post(page_of(made, "undo"), {"next": "https://elsewhere.example/"}, follow=True)
    assert again.redirect_chain[0][0] == page_of(made)


# --- who may --------------------------------------------------------------------------------------------


def test_a_person_with_the_role_alone_decides_and_others_do_not(as_: As, staffed: Stage, make_user: Make) -> None:
    case = staffed.case(staffed.submit())
    superuser = make_user("Root", is_staff=True, is_superuser=True)
    auditor = make_user("Auditor", role=Role.AUDITOR, is_staff=True)
    for person in (staffed.people["organiser"], auditor, superuser):
        client = as_(person)
        assert "Decide" not in words_of(client.get(page_of(case)))
        assert client.post(page_of(case, "decide"), {"verb": "publish"}).status_code == 403
        assert client.post(page_of(case, "hold"), {"hold": "claim"}).status_code == 403
        assert client.post(f"{ADMIN}/case/many/", {"verb": "publish", "case": f"{case.pk}:1"}).status_code == 403
        client.post(f"{ADMIN}/case/", {"action": "publish", "_selected_action": [str(case.pk)]})
    assert as_(staffed.author).get(page_of(case)).status_code == 403  # staff without a role
    assert as_(staffed.member).get(page_of(case)).status_code == 302  # no staff: to the sign-in page
    assert Opinion.objects.get(pk=case.opinion_id).state == State.SUBMITTED
    assert not Decision.objects.exists()
