"""Drafts that are compiled later: at a cut-off, at meetings; waiting and cancelling."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.errors import NotAllowed
from consultations.models import Consultation
from digests import compile as compiling
from digests import plans, snapshot, tasks
from digests.models import Compilation, Document, Edition, MeetingPlan
from summit.models import AgendaItem, Meeting, Summit
from tests.digests.conftest import Publish, close

pytestmark = pytest.mark.django_db(transaction=True)
ENGLISH = {"accept-language": "en"}


def ended(meeting: Meeting, ago: timedelta = timedelta(minutes=1)) -> Meeting:
    meeting.starts_at, meeting.ends_at = timezone.now() - ago - timedelta(hours=3), timezone.now() - ago
    meeting.save()
    return meeting


def discussed(meeting: Meeting, consultation: Consultation) -> None:
    """The consultation belongs to an item of the meeting's agenda."""
    consultation.agenda_item = AgendaItem.objects.create(
        meeting=meeting, order=1, title_ko="논의", title_en="Discussion"
    )
    consultation.save()


# --- a cut-off that somebody names ----------------------------------------------------------------


def test_a_cutoff_ahead_plans_a_draft_for_the_scan(consultation: Consultation, publish: Publish, capsys: Any) -> None:
    publish()
    at = timezone.now() + timedelta(hours=2)
    for _ in range(2):
        call_command("compile_digest", "talent", "--cutoff", at.isoformat())
    assert "Planned" in capsys.readouterr().out
    planned = Compilation.objects.get()
    assert (planned.state, planned.due_at) == ("planned", at)
    tasks.resume_compilations()
    assert not Edition.objects.exists(), "it is not time yet"

    Compilation.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tasks.resume_compilations()
    planned.refresh_from_db()
    assert planned.state == "done"
    edition = Edition.objects.get()
    assert edition.state == "draft" and planned.due_at is not None and edition.cutoff_at >= planned.due_at


def test_a_cutoff_in_the_past_is_refused_unless_voting_had_closed(consultation: Consultation, publish: Publish) -> None:
    publish()
    with pytest.raises(CommandError, match="in the past"):
        call_command("compile_digest", "talent", "--cutoff", (timezone.now() - timedelta(hours=1)).isoformat())
    close(consultation)
    with pytest.raises(CommandError, match="in the past"):
        call_command("compile_digest", "talent", "--cutoff", (timezone.now() - timedelta(hours=2)).isoformat())
    assert not Compilation.objects.exists()
    call_command(
        "compile_digest", "talent", "--cutoff", (timezone.now() - timedelta(minutes=30)).isoformat(), "--publish"
    )
    assert Edition.objects.get().state == "published"


@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-01T00:00", "2026-02-30T00:00:00+09:00", ""])
def test_what_is_no_moment_is_refused(consultation: Consultation, moment: str) -> None:
    with pytest.raises(CommandError, match="no moment"):
        call_command("compile_digest", "talent", "--cutoff", moment)


def test_publishing_cannot_be_planned(consultation: Consultation) -> None:
    with pytest.raises(CommandError, match="cannot be planned"):
        call_command(
            "compile_digest", "talent", "--publish", "--cutoff", (timezone.now() + timedelta(days=1)).isoformat()
        )


def test_a_moment_without_a_zone_is_in_the_sites(consultation: Consultation) -> None:
    call_command("compile_digest", "talent", "--cutoff", "2099-01-02T09:00:00")
    due = Compilation.objects.get().due_at
    assert due is not None and due.isoformat() == "2099-01-02T00:00:00+00:00"


# --- meetings -------------------------------------------------------------------------------------


def test_a_meeting_gets_one_draft_of_each_consultation_at_its_end(
    consultation: Consultation, meeting: Meeting, publish: Publish
) -> None:
    publish()
    discussed(meeting, consultation)
    tasks.resume_compilations()
    assert not Compilation.objects.exists(), "the meeting is still to come"
    ended(meeting)
    for _ in range(3):
        tasks.resume_compilations()
    compilation = Compilation.objects.get()
    assert (compilation.origin, compilation.state, compilation.meeting) == ("meeting", "done", meeting)
    edition = Edition.objects.get()
    assert (edition.state, edition.meeting) == ("draft", meeting), "publishing stays somebody's act"


def test_two_clocks_plan_it_once(consultation: Consultation, meeting: Meeting) -> None:
    discussed(ended(meeting), consultation)

    def scan() -> None:
        plans.plan_meetings()
        connection.close()

    threads = [threading.Thread(target=scan) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Compilation.objects.count() == 1


def test_every_consultation_that_had_opened(consultation: Consultation, meeting: Meeting, summit: Summit) -> None:
    discussed(ended(meeting), consultation)
    now = timezone.now()

    def another(slug: str, opens: timedelta, of: Summit = summit) -> None:
        Consultation.objects.create(
            slug=slug, summit=of, title_ko=slug, title_en=slug, submissions_open_at=now + opens, voting_open_at=now + opens,
            submissions_close_at=now + opens + timedelta(days=1), voting_close_at=now + opens + timedelta(days=3),
        )  # fmt: skip

    another("closed", timedelta(days=-30))
    another("to-come", timedelta(days=1))
    another("elsewhere", timedelta(days=-1), Summit.objects.create(slug="other", title_ko="다른", title_en="Other"))
    plans.plan_meetings()
    assert set(Compilation.objects.values_list("consultation__slug", flat=True)) == {"talent", "closed"}


@pytest.mark.parametrize(
    ("on_the_agenda", "of_summit", "of_meeting", "gets"),
    [
        (False, None, None, False), (True, None, None, True), (False, True, None, True), (True, False, None, False),
        (False, False, True, True), (True, True, False, False),
    ],
)  # fmt: skip
def test_whose_meetings(
    consultation: Consultation, meeting: Meeting, summit: Summit,
    on_the_agenda: bool, of_summit: bool | None, of_meeting: bool | None, gets: bool,
) -> None:  # fmt: skip
    ended(meeting)
    if on_the_agenda:
        discussed(meeting, consultation)
    if of_summit is not None:
        MeetingPlan.objects.create(summit=summit, compiles=of_summit)
    if of_meeting is not None:
        MeetingPlan.objects.create(meeting=meeting, compiles=of_meeting)
    plans.plan_meetings()
    assert Compilation.objects.exists() is gets


def test_a_cutoff_of_its_own(consultation: Consultation, meeting: Meeting) -> None:
    plan = MeetingPlan.objects.create(meeting=meeting, cutoff_at=timezone.now() + timedelta(hours=1))
    ended(meeting)
    plans.plan_meetings()
    assert not Compilation.objects.exists(), "the meeting has ended, but its cut-off is later"
    plan.cutoff_at = timezone.now() - timedelta(minutes=1)
    plan.save()
    meeting.ends_at = timezone.now() + timedelta(days=9)
    meeting.save()
    plans.plan_meetings()
    assert Compilation.objects.get().due_at == plan.cutoff_at


def test_cancelled_and_long_past_meetings_get_none(consultation: Consultation, meeting: Meeting) -> None:
    discussed(ended(meeting), consultation)
    Meeting.objects.update(is_cancelled=True)
    plans.plan_meetings()
    Meeting.objects.update(is_cancelled=False)
    ended(Meeting.objects.get(), plans.CATCH_UP + timedelta(minutes=1))
    plans.plan_meetings()
    assert not Compilation.objects.exists()


def test_a_clock_that_stood_for_two_days_catches_up_once(consultation: Consultation, meeting: Meeting) -> None:
    discussed(ended(meeting, timedelta(days=2)), consultation)
    for _ in range(3):
        plans.plan_meetings()
    assert Compilation.objects.count() == 1


def test_the_meetings_page_lists_what_was_published(
    consultation: Consultation, meeting: Meeting, publish: Publish, client: Client
) -> None:
    from digests import editions

    publish()
    discussed(ended(meeting), consultation)
    tasks.resume_compilations()
    page = f"/meetings/{meeting.pk}/"
    assert "talent-digest-1" not in client.get(page).content.decode()
    editions.publish(edition=Edition.objects.get())
    shown = client.get(page).content.decode()
    for name in Document.objects.values_list("name", flat=True):
        assert f"/consultations/talent/digests/1/{name}" in shown


# --- waiting --------------------------------------------------------------------------------------


def test_another_meetings_digest_waits_for_the_one_that_runs(
    consultation: Consultation, meeting: Meeting, publish: Publish
) -> None:
    publish()
    first = compiling.request(consultation=consultation, wake=False)
    work = compiling.claim(first)
    second = compiling.request(consultation=consultation, meeting=meeting, wake=False)
    assert compiling.request(consultation=consultation, meeting=meeting, wake=False) == second
    assert second.state == "planned"
    tasks.resume_compilations()
    second.refresh_from_db()
    assert second.state == "planned", "one at a time"
    work.fail("broke off")
    tasks.resume_compilations()
    second.refresh_from_db()
    assert second.state == "done"
    assert Edition.objects.get().meeting == meeting


def test_the_command_waits_its_turn(consultation: Consultation, meeting: Meeting, publish: Publish) -> None:
    publish()
    other = compiling.claim(compiling.request(consultation=consultation, meeting=meeting, wake=False))

    def end_it_soon() -> None:
        other.fail("broke off")
        connection.close()

    timer = threading.Timer(1.5, end_it_soon)
    timer.start()
    call_command("compile_digest", "talent")
    timer.join()
    assert Edition.objects.get().meeting is None


# --- cancelling -----------------------------------------------------------------------------------


def test_only_organisers_cancel(consultation: Consultation, alice: User, as_: Callable[..., Client]) -> None:
    compilation = compiling.request(consultation=consultation, wake=False)
    with pytest.raises(NotAllowed):
        compiling.cancel(compilation=compilation, actor=alice)
    assert as_(alice).post(reverse("cancel-compilation", args=[compilation.pk])).status_code == 403
    compilation.refresh_from_db()
    assert compilation.state == "queued"


def test_the_button_cancels(consultation: Consultation, dan: User, as_: Callable[..., Client]) -> None:
    compilation = compiling.request(consultation=consultation, wake=False)
    organiser = as_(dan)
    page = reverse("compilation", args=[compilation.pk])
    button = reverse("cancel-compilation", args=[compilation.pk])
    assert button in organiser.get(page).content.decode()
    assert organiser.get(button).status_code == 405
    shown = organiser.post(button, follow=True, headers=ENGLISH).content.decode()
    assert "cancelled" in shown and button not in shown
    tasks.resume_compilations()
    assert not Edition.objects.exists()
    assert "nothing to cancel" in organiser.post(button, follow=True, headers=ENGLISH).content.decode()


@pytest.mark.parametrize("step", ["snapshot", "figures", "documents", "open_data", "storing"])
def test_a_worker_notices_at_its_next_step_and_stores_nothing(
    consultation: Consultation, publish: Publish, dan: User, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    say = compiling.Work.step

    def cancel_here(work: compiling.Work, at: Any, percent: int) -> None:
        say(work, at, percent)
        if at == step:
            compiling.cancel(compilation=compilation, actor=dan)

    monkeypatch.setattr(compiling.Work, "step", cancel_here)
    with pytest.raises((compiling.Cancelled, compiling.NothingToCancel)):
        compiling.run(compilation)
    compilation.refresh_from_db()
    assert compilation.state == "cancelled"
    assert not Edition.objects.exists() and not Document.objects.exists()
    monkeypatch.undo()
    assert compiling.run(compiling.request(consultation=consultation, wake=False)).number == 1


def test_what_is_done_is_not_cancelled(consultation: Consultation, publish: Publish, dan: User) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    compiling.run(compilation)
    with pytest.raises(compiling.NothingToCancel):
        compiling.cancel(compilation=compilation, actor=dan)
    assert Edition.objects.count() == 1


def test_a_planned_draft_can_be_cancelled(consultation: Consultation, dan: User, as_: Callable[..., Client]) -> None:
    planned = plans.plan(consultation=consultation, cutoff=timezone.now() + timedelta(hours=1))
    assert planned is not None
    assert "Planned" in as_(dan).get(reverse("compilation", args=[planned.pk]), headers=ENGLISH).content.decode()
    compiling.cancel(compilation=planned, actor=dan)
    Compilation.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tasks.resume_compilations()
    assert not Edition.objects.exists()


def test_a_step_that_takes_long_keeps_its_lease(
    consultation: Consultation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is shorter than the step; a second worker that looks meanwhile finds nothing to take."""
    from digests import working

    publish()
    monkeypatch.setattr(working, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(working, "BEAT", 0.2)
    take = snapshot.take

    def slowly(*args: Any) -> Any:
        taken = take(*args)
        threading.Event().wait(2.5)
        assert not compiling.due().exists()
        return taken

    monkeypatch.setattr(snapshot, "take", slowly)
    compilation = compiling.request(consultation=consultation, wake=False)
    compiling.run(compilation)
    compilation.refresh_from_db()
    assert (compilation.state, compilation.attempts) == ("done", 1)
