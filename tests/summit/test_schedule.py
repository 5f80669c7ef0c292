"""Making and moving meetings: who may, what is told, and what a clock shows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from common.errors import Invalid, NotAllowed
from notifications import delivery
from notifications.models import Occasion
from summit import clock, registration, reminders, schedule
from summit.models import Meeting, Summit
from tests.mailserver import MailServer

FIELDS = {
    "title_ko": "회의",
    "title_en": "Meeting",
    "starts_at": datetime(2030, 8, 26, 5, tzinfo=UTC),
    "ends_at": datetime(2030, 8, 26, 8, tzinfo=UTC),
}


@pytest.mark.django_db
def test_only_organisers(alice: User, bob: User, summit: Summit, meeting: Meeting) -> None:
    for actor in (alice, bob):
        with pytest.raises(NotAllowed):
            schedule.create_meeting(actor=actor, summit=summit, fields=FIELDS)
        with pytest.raises(NotAllowed):
            schedule.cancel_meeting(actor=actor, meeting=meeting)
        with pytest.raises(NotAllowed):
            schedule.set_agenda(actor=actor, meeting=meeting, items=[])
        with pytest.raises(NotAllowed):
            reminders.remind_now(actor=actor, meeting=meeting)


@pytest.mark.django_db
def test_bad_fields_are_named(dan: User, summit: Summit) -> None:
    with pytest.raises(Invalid) as refused:
        schedule.create_meeting(actor=dan, summit=summit, fields={**FIELDS, "title_ko": "", "time_zone": "Mars"})
    assert set(refused.value.fields) == {"title_ko", "time_zone"}
    with pytest.raises(Invalid):
        schedule.create_meeting(actor=dan, summit=summit, fields={**FIELDS, "ends_at": FIELDS["starts_at"]})


@pytest.mark.django_db
def test_moving_tells_registrants_once_and_in_the_last_words(
    post: MailServer, dan: User, alice: User, eve: User, meeting: Meeting
) -> None:
    registration.register(user=alice, meeting=meeting)
    delivery.run()
    post.received.clear()
    moved = meeting.starts_at + timedelta(days=1), meeting.ends_at + timedelta(days=1)
    for _ in range(2):
        schedule.update_meeting(actor=dan, meeting=meeting, fields={"starts_at": moved[0], "ends_at": moved[1]})
    schedule.update_meeting(actor=dan, meeting=meeting, fields={"place_ko": "부산", "place_en": "Busan"})
    schedule.update_meeting(actor=dan, meeting=meeting, fields={"minutes_ko": "…", "about_ko": "…"})
    meeting.refresh_from_db()
    assert meeting.sequence == 2
    assert delivery.run() == 1
    assert post.counts == {alice.email: 1}
    assert Occasion.objects.filter(kind="meeting_changed", state=Occasion.State.CANCELLED).count() == 1


@pytest.mark.django_db
def test_cancelling_tells_registrants_and_calls_reminders_off(
    post: MailServer, dan: User, alice: User, meeting: Meeting
) -> None:
    registration.register(user=alice, meeting=meeting)
    delivery.run()
    post.received.clear()
    reminders.remind_now(actor=dan, meeting=meeting)
    schedule.cancel_meeting(actor=dan, meeting=meeting)
    schedule.cancel_meeting(actor=dan, meeting=meeting)
    assert delivery.run() == 1
    (mail,) = post.mails
    (file,) = mail.iter_attachments()
    assert b"STATUS:CANCELLED" in file.get_payload(decode=True)


@pytest.mark.django_db
def test_an_agenda_is_written_at_once_or_not_at_all(dan: User, meeting: Meeting, summit: Summit) -> None:
    items = [{"title_ko": f"{n}", "title_en": f"{n}"} for n in range(3)]
    first = schedule.set_agenda(actor=dan, meeting=meeting, items=items)
    with pytest.raises(Invalid):
        schedule.set_agenda(
            actor=dan, meeting=meeting, items=[{"title_ko": "new", "title_en": "new"}, {"title_ko": ""}]
        )
    assert meeting.agenda.count() == 3
    turned = [{"id": str(item.pk), "title_ko": item.title_ko, "title_en": item.title_en} for item in reversed(first)]
    schedule.set_agenda(actor=dan, meeting=meeting, items=turned[:2], remove=[])
    assert [item.title_ko for item in meeting.agenda.all()] == ["2", "1", "0"]  # who is not named stays behind
    schedule.set_agenda(actor=dan, meeting=meeting, items=turned[:1], remove=[first[0].pk])
    assert [item.pk for item in meeting.agenda.all()] == [first[2].pk, first[1].pk]


@pytest.mark.django_db
def test_an_item_of_another_meeting_is_not_taken_over(dan: User, meeting: Meeting, summit: Summit) -> None:
    other = schedule.create_meeting(actor=dan, summit=summit, fields=FIELDS)
    (mine,) = schedule.set_agenda(actor=dan, meeting=other, items=[{"title_ko": "a", "title_en": "a"}])
    schedule.set_agenda(
        actor=dan, meeting=meeting, items=[{"id": str(mine.pk), "title_ko": "b", "title_en": "b"}], remove=[mine.pk]
    )
    mine.refresh_from_db()
    assert (mine.title_ko, mine.meeting_id) == ("a", other.pk)


# --- clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "gap", "twice"),
    [
        ("America/Los_Angeles", (2026, 3, 8, 2, 30), (2026, 11, 1, 1, 30)),
        ("Europe/Berlin", (2026, 3, 29, 2, 30), (2026, 10, 25, 2, 30)),
        ("Australia/Lord_Howe", (2026, 10, 4, 2, 15), (2026, 4, 5, 1, 45)),
    ],
)
def test_hours_that_do_not_exist_or_come_twice(zone: str, gap: tuple[int, ...], twice: tuple[int, ...]) -> None:
    where = ZoneInfo(zone)
    with pytest.raises(Invalid, match=zone):
        clock.from_local(datetime(*gap), where)  # type: ignore[arg-type]  # noqa: DTZ001
    naive: Any = datetime(*twice)  # type: ignore[arg-type]  # noqa: DTZ001
    first = clock.from_local(naive, where)
    assert clock.to_local(first, where) == naive
    assert first == naive.replace(tzinfo=where, fold=0).astimezone(UTC)
    assert first < naive.replace(tzinfo=where, fold=1).astimezone(UTC)


def test_times_are_named_by_zone(settings: Any) -> None:
    start = datetime(2026, 8, 26, 5, tzinfo=UTC)
    settings.LANGUAGE_CODE = "en"
    from django.utils import translation

    with translation.override("en"):
        assert clock.span(start, start + timedelta(hours=3), ZoneInfo("Asia/Seoul")) == (
            "Wednesday 26 August 2026, 14:00–17:00 (Asia/Seoul, KST)"
        )
        assert clock.span(start, start + timedelta(hours=3), ZoneInfo("Asia/Kathmandu")).endswith(
            "10:45–13:45 (Asia/Kathmandu, +0545)"
        )
        assert "27 August" in clock.span(start, start + timedelta(hours=12), ZoneInfo("Asia/Seoul"))
    assert clock.same_clock(start, ZoneInfo("Asia/Seoul"), ZoneInfo("Asia/Tokyo"))
    assert not clock.same_clock(start, ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin"))
