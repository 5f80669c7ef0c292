"""Calendar files: the same event in every calendar, byte for byte as RFC 5545 wants it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from accounts.models import User
from summit import calendar, schedule
from summit.models import AgendaItem, Meeting, Summit

pytestmark = pytest.mark.django_db


def event(text: bytes) -> Any:
    (found,) = Calendar.from_ical(text).walk("VEVENT")
    return found


@pytest.fixture
def awkward(meeting: Meeting) -> Meeting:
    """A meeting whose texts have everything that must be escaped and folded."""
    meeting.title_ko = "1차 회의; 장소, 의제\n그리고 \\ 역슬래시 " + "가나다라마바사" * 20
    meeting.place_ko = "한국과학기술회관, 지하 1층; 대회의실"
    meeting.save()
    AgendaItem.objects.create(
        meeting=meeting, order=1, title_ko="개회: 인사\n말씀", title_en="Opening", speaker_ko="홍길동"
    )
    return meeting


def test_it_is_read_back_as_it_was(awkward: Meeting) -> None:
    text = calendar.meeting_calendar(awkward)
    found = event(text)
    assert found["summary"] == f"{awkward.summit.title}: {awkward.title}"
    assert found["location"] == awkward.place
    assert found.decoded("dtstart") == awkward.starts_at.replace(microsecond=0)
    assert found["uid"].startswith(f"meeting-{awkward.pk}@")
    assert found["status"] == "CONFIRMED"
    assert "홍길동" in found["description"]
    (alarm,) = found.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-1)


def test_lines_are_folded_by_octets_and_end_in_crlf(awkward: Meeting) -> None:
    text = calendar.meeting_calendar(awkward)
    assert text.endswith(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no Hangul letter is cut
    assert b"DTSTART:" in text
    assert b"Z\r\n" in text.split(b"DTSTART:")[1][:20]


def test_the_same_meeting_is_the_same_bytes(awkward: Meeting) -> None:
    assert calendar.meeting_calendar(awkward) == calendar.meeting_calendar(Meeting.objects.get(pk=awkward.pk))


def test_moved_and_cancelled_it_stays_one_event(awkward: Meeting, dan: User) -> None:
    """What a calendar does with three files in a row: same UID, the highest SEQUENCE wins."""
    files = [calendar.meeting_calendar(awkward)]
    moved = schedule.update_meeting(
        actor=dan, meeting=awkward, fields={"ends_at": awkward.ends_at + timedelta(hours=1)}
    )
    files.append(calendar.meeting_calendar(moved))
    files.append(calendar.meeting_calendar(schedule.cancel_meeting(actor=dan, meeting=moved)))
    events = [event(text) for text in files]
    assert len({found["uid"] for found in events}) == 1
    assert [int(found["sequence"]) for found in events] == [0, 1, 2]
    stamps = [found.decoded("dtstamp") for found in events]
    assert stamps == sorted(stamps)
    assert [str(found["status"]) for found in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_requests_name_organiser_and_attendee(meeting: Meeting, method: str) -> None:
    text = calendar.meeting_calendar(meeting, method=method, attendee="alice@sample.test")
    found = event(text)
    assert Calendar.from_ical(text)["method"] == method
    assert found["attendee"] == "mailto:alice@sample.test"
    assert found["organizer"].startswith("mailto:")
    assert (found["status"] == "CANCELLED") is (method == "CANCEL")


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Los_Angeles", "Europe/Berlin"])
def test_the_moment_is_right_on_both_sides_of_summer_time(meeting: Meeting, zone: str) -> None:
    for month in (1, 7):
        local = datetime(2026, month, 15, 14, 0, tzinfo=ZoneInfo(zone))
        meeting.starts_at, meeting.ends_at = local.astimezone(UTC), local.astimezone(UTC) + timedelta(hours=3)
        assert event(calendar.meeting_calendar(meeting)).decoded("dtstart") == local


def test_all_meetings_of_a_summit(
    summit: Summit, meeting: Meeting, client: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        Meeting.objects.create(
            summit=summit, title_ko=f"{n}", title_en=f"{n}", starts_at=meeting.starts_at, ends_at=meeting.ends_at,
            is_cancelled=n == 0,
        )  # fmt: skip
    with django_assert_max_num_queries(3):
        text = calendar.summit_calendar(summit)
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 4
    assert text.count(b"STATUS:CANCELLED") == 1


def test_files_by_address(meeting: Meeting, client: Any, as_: Callable[..., Any]) -> None:
    for address in (f"/meetings/{meeting.pk}/calendar.ics", f"/summits/{meeting.summit.slug}/calendar.ics"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/calendar")
        assert event(answer.content)["uid"]
