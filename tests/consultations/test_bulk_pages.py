"""The pages of one decision on many: what is chosen stays chosen, whatever was wrong; nothing is decided blind."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from consultations import bulk, moderation, reports, states, together, versions, voting
from consultations.models import Bulk, Case, Decision
from consultations.models.opinions import State
from tests.conftest import Make
from tests.consultations.stage import TEXT, Stage

As = Callable[[User | None], Client]
MANY, RUN = "/moderation/many/", "/moderation/many/run/"


@pytest.fixture
def waiting(stage: Stage) -> list[Case]:
    """Four that wait; a colleague holds the last one."""
    cases = [stage.case(stage.submit()) for _ in range(4)]
    moderation.claim(actor=stage.second, case=cases[3])
    return cases


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def as_read(cases: list[Case]) -> list[str]:
    return [f"{case.pk}:{together.text_read(case)}" for case in cases]


@pytest.fixture
def first(as_: As, stage: Stage) -> Client:
    client = as_(stage.first)
    client.cookies["django_language"] = "en"
    return client


def test_the_preview_says_each_verdict_and_decides_nothing(first: Client, waiting: list[Case]) -> None:
    answer = first.post(MANY, {"case": [case.pk for case in waiting], "verb": "publish"})
    page = words(answer)
    assert answer.status_code == 200 and not Decision.objects.exists()
    assert "3 can be done" in page and "1 cannot" in page and "Second is working on this until" in page
    for value in as_read(waiting):
        assert f'value="{value}" checked' in page


def test_reloading_and_changing_the_language_show_the_same_choice(first: Client, waiting: list[Case]) -> None:
    first.post(MANY, {"case": as_read(waiting), "verb": "reject", "reason": "insult", "note": "Not typed twice"})
    page = words(first.get(f"{MANY}?lang=ko"))
    assert all(value in page for value in as_read(waiting)) and "Not typed twice" in page
    assert 'value="insult" selected' in page


def test_running_it_shows_what_became_of_each(first: Client, waiting: list[Case]) -> None:
    answer = first.post(RUN, {"case": as_read(waiting), "verb": "publish", "key": uuid4()}, follow=True)
    page = words(answer)
    made = Bulk.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("bulk-outcome", args=[made.pk])
    assert "3 of 4: published" in page and "Second is working on this" in page and "Undo all 3" in page
    assert Decision.objects.filter(verb="publish").count() == 3


def test_the_same_form_again_does_nothing_again(first: Client, waiting: list[Case]) -> None:
    form = {"case": as_read(waiting), "verb": "publish", "key": uuid4()}
    before = first.post(RUN, form)
    after = first.post(RUN, form)
    assert before["Location"] == after["Location"]
    assert Bulk.objects.count() == 1 and Decision.objects.count() == 3


def test_somebody_elses_key_opens_nothing(as_: As, stage: Stage, waiting: list[Case]) -> None:
    key = uuid4()
    bulk.run(actor=stage.second, verb="publish", cases=waiting[:1], key=key)
    as_(stage.first).post(RUN, {"case": as_read(waiting), "verb": "publish", "key": key})
    assert not Decision.objects.filter(actor=stage.first).exists()


def test_what_its_author_changed_meanwhile_is_refused_and_shown_anew(first: Client, stage: Stage) -> None:
    opinion = stage.publish()
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": "둘째 글"})
    case = stage.case(opinion, "version")
    read = as_read([case])
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": "셋째 글"})
    made = {"case": read, "verb": "reject_version", "reason": "off_topic"}
    page = words(first.post(RUN, made, follow=True))
    assert "0 of 1" in page and "The author changed the text meanwhile" in page
    page = words(first.post(MANY, made))
    fresh = stage.case(opinion, "version")
    assert "셋째 글" in page and f'value="{as_read([fresh])[0]}" >' in page  # not ticked: it is to be read first
    assert not Decision.objects.filter(verb="reject_version").exists()


def test_a_reported_text_that_changed_is_not_dismissed_blind(stage: Stage) -> None:
    opinion = stage.publish()
    reports.report(user=stage.member, opinion=opinion, reason="insult")
    case = stage.case(opinion, "report")
    read = together.text_read(case)
    assert read is not None
    versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"reason": "다른 까닭"})
    versions.approve_version(actor=stage.third, case=stage.case(opinion, "version"), keeps_votes=True)
    made = bulk.run(actor=stage.first, verb="dismiss_report", cases=[case], seen={case.pk: read})
    assert made.rows.get().outcome == "text_changed"


def test_without_the_words_nothing_is_done_and_everything_stays(first: Client, waiting: list[Case]) -> None:
    answer = first.post(RUN, {"case": as_read(waiting[:2]), "rows": " ".join(as_read(waiting)), "verb": "reject"})
    page = words(answer)
    assert answer.status_code == 422 and "Please choose a reason." in page and not Bulk.objects.exists()
    assert [f'value="{value}" checked' in page for value in as_read(waiting)] == [True, True, False, False]


def test_none_ticked_loses_no_row(first: Client, waiting: list[Case]) -> None:
    answer = first.post(RUN, {"rows": " ".join(as_read(waiting)), "verb": "publish"})
    page = words(answer)
    assert answer.status_code == 422 and "Please choose at least one." in page
    assert all(value in page for value in as_read(waiting))


def test_nothing_at_all_leads_back_to_the_queue(first: Client) -> None:
    for answer in (first.post(MANY, {"verb": "publish"}), first.get(MANY), first.post(MANY, {"case": "bogus"})):
        assert answer["Location"] == "/moderation/"


def test_more_than_a_hundred_stay_chosen(first: Client, stage: Stage) -> None:
    cases = [stage.case(stage.submit()) for _ in range(bulk.MOST + 2)]
    for address in (MANY, RUN):
        page = words(first.post(address, {"case": as_read(cases), "verb": "publish"}))
        assert "At most 100 at once" in page and page.count(" checked") == len(cases)
    assert not Bulk.objects.exists()


def test_ids_of_nothing_and_closed_cases_are_said(first: Client, stage: Stage, waiting: list[Case]) -> None:
    moderation.reject(actor=stage.second, case=waiting[0], reason="off_topic")
    page = words(first.post(MANY, {"case": [*as_read(waiting), str(uuid4()), "'; --"], "verb": "publish"}))
    assert "Second decided on this at" in page and "1 of those chosen are not there any more" in page


def test_undo_and_its_result(first: Client, stage: Stage, waiting: list[Case]) -> None:
    made = bulk.run(actor=stage.first, verb="publish", cases=waiting[:2])
    voting.cast(user=stage.member, opinion=waiting[0].opinion, value=1)
    page = words(first.post(f"{MANY}{made.pk}/undo/", follow=True))
    assert "1 of 2 are as they were before" in page and "Something was voted or decided since" in page
    assert "Undo all" not in page
    page = words(first.post(f"{MANY}{made.pk}/undo/", follow=True))
    assert "This was undone already." in page
    undone = Bulk.objects.get(undoes=made)
    assert first.get(f"{MANY}{undone.pk}/")["Location"] == f"{MANY}{made.pk}/"


def test_who_sees_it_and_who_may_undo_it(as_: As, stage: Stage, make_user: Make, waiting: list[Case]) -> None:
    made = bulk.run(actor=stage.first, verb="publish", cases=waiting[:1])
    address = f"{MANY}{made.pk}/"
    assert as_(None).get(address).status_code == 302
    seen = {name: as_(person).get(address).status_code for name, person in stage.people.items()}
    assert {name for name, status in seen.items() if status == 200} == {"first", "third", "organiser"}
    assert set(seen.values()) == {200, 403}
    for person in (stage.second, stage.people["organiser"], stage.member):
        assert as_(person).post(f"{address}undo/").status_code == 403
    assert "button" not in words(as_(stage.second).get(address)).partition("bulk-undo")[2]
    assert as_(stage.first).post(f"{MANY}{uuid4()}/undo/").status_code == 404
    assert not Bulk.objects.filter(undoes=made).exists()
    for address in (MANY, RUN):
        assert as_(stage.member).post(address, {"case": as_read(waiting), "verb": "publish"}).status_code == 403


def test_after_ten_minutes_no_button(first: Client, stage: Stage, waiting: list[Case]) -> None:
    made = bulk.run(actor=stage.first, verb="publish", cases=waiting[:1])
    assert bulk.can_undo(stage.first, made, timezone.now())
    assert not bulk.can_undo(stage.second, made, timezone.now())
    assert not bulk.can_undo(stage.first, made, made.created_at + states.TIME_TO_UNDO)


# --- how much it asks of the database ---------------------------------------------------------------


def queries(stage: Stage, size: int, verb: str, reason: str = "") -> tuple[int, int]:
    cases = [stage.case(stage.submit()) for _ in range(size)]
    with CaptureQueriesContext(connection) as running:
        made = bulk.run(actor=stage.first, verb=verb, cases=cases, reason=reason)
    assert {row.outcome for row in made.rows.all()} == {"done"}
    with CaptureQueriesContext(connection) as undoing:
        bulk.undo(actor=stage.first, bulk=made)
    return len(running), len(undoing)


def test_the_number_of_statements_does_not_grow_with_the_rows(stage: Stage) -> None:
    queries(stage, 1, "publish")  # whatever is asked for once a process
    few, few_undone = queries(stage, 2, "publish")
    many, many_undone = queries(stage, 20, "publish")
    assert many == few < 40
    assert many_undone - few_undone <= 2 * 18  # was it answered, does it stand in a digest
    assert queries(stage, 20, "reject", reason="off_topic")[0] == queries(stage, 2, "reject", reason="off_topic")[0]


def test_what_the_database_refuses_stops_no_other_row(stage: Stage, waiting: list[Case]) -> None:
    bad = waiting[1].opinion
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation'; END $$;"
            f" CREATE TRIGGER refuse_one BEFORE UPDATE ON consultations_opinion FOR EACH ROW WHEN (NEW.id = '{bad.pk}')"
            " EXECUTE FUNCTION refuse_one()"
        )
    made = bulk.run(actor=stage.first, verb="publish", cases=waiting[:3])
    assert [row.outcome for row in made.rows.all()] == ["done", "failed", "done"]
    bad.refresh_from_db()
    assert bad.state == State.SUBMITTED and not Decision.objects.filter(opinion=bad).exists()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_one ON consultations_opinion")
    undone = bulk.undo(actor=stage.first, bulk=made)
    assert [row.outcome for row in undone.rows.all()] == ["done", "done"]
