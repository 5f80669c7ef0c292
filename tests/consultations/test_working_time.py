"""When a case is due, and who is reminded of it when."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from consultations import moderation, organising, queue_notices, service_time, tasks, working_time
from consultations.models import Case, Consultation, Opinion
from consultations.service_time import Mark
from consultations.working_time import Calendar
from notifications import kinds
from notifications.models import Occasion
from summit.models import Meeting, Summit
from tests.consultations.stage import Stage

SEOUL = ZoneInfo("Asia/Seoul")
FOUR, ONE = timedelta(hours=4), timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 8) -> datetime:
    """A moment in 2026 on a clock in Seoul; 24 August is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


MOMENTS = st.integers(0, 700 * 24 * 60).map(lambda minutes: at(1, 0, month=1) + timedelta(minutes=minutes))


class TestTheCalendar:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            (at(25, 9), at(25, 13)),
            (at(25, 13, 30), at(25, 17, 30)),
            (at(25, 14), at(25, 18)),
            (at(25, 16), at(26, 11)),  # two hours today, two tomorrow
            (at(25, 22), at(26, 13)),
            (at(25, 3), at(25, 13)),
            (at(28, 17), at(31, 12)),  # Friday evening to Monday
            (at(29, 12), at(31, 13)),  # Saturday
            (at(14, 16), at(18, 11)),  # Friday, then Liberation Day on Saturday and its substitute on Monday
            (at(23, 17, month=9), at(28, 12, month=9)),  # before Chuseok, a weekend behind it
        ],
    )
    def test_four_working_hours(self, start: datetime, due: datetime) -> None:
        assert Calendar().after(start, FOUR) == due

    def test_an_organiser_may_say_that_all_days_are_working_days(self) -> None:
        assert Calendar(works_on_days_off=True).after(at(29, 12), FOUR) == at(29, 16)

    def test_the_day_of_a_meeting_is_one_from_half_past_eight_until_it_ends(self) -> None:
        saturday = Calendar(meetings={date(2026, 8, 29): at(29, 20)})
        assert saturday.hours(date(2026, 8, 29)) == (at(29, 8, 30), at(29, 20))
        assert saturday.after(at(29, 3), FOUR) == at(29, 12, 30)
        assert saturday.after(at(29, 19), FOUR) == at(31, 12)

    @given(MOMENTS, st.integers(1, 600))
    def test_between_is_the_inverse_of_after(self, start: datetime, minutes: int) -> None:
        calendar = Calendar()
        amount = timedelta(minutes=minutes)
        end = calendar.after(start, amount)
        assert calendar.between(start, end) == amount
        assert end > start

    @given(MOMENTS, st.integers(0, 300), st.integers(0, 300))
    def test_two_parts_are_the_whole(self, start: datetime, one: int, two: int) -> None:
        calendar = Calendar()
        first, second = timedelta(minutes=one), timedelta(minutes=two)
        assert calendar.between(start, calendar.after(calendar.after(start, first), second)) == first + second


@pytest.fixture
def case(stage: Stage) -> Case:
    """A case of a consultation whose last quarter is far away; opened on Tuesday at 10:00."""
    found = stage.case(stage.submit())
    phases(at(1, 0), at(1, 0, month=12))
    return moved(found, at(25, 10))


def phases(opens: datetime, closes: datetime) -> None:
    Consultation.objects.update(
        submissions_open_at=opens,
        submissions_close_at=closes - timedelta(days=1),
        voting_open_at=opens,
        voting_close_at=closes,
    )


def moved(case: Case, opened: datetime, **more: datetime) -> Case:
    Case.objects.filter(pk=case.pk).update(opened_at=opened, half_at=None, due_at=None, **more)
    return Case.objects.select_related("opinion__consultation").get(pk=case.pk)


def meet(summit: Summit, day: int, **more: object) -> Meeting:
    return Meeting.objects.create(
        summit=summit, title_ko="회의", title_en="Meeting", starts_at=at(day, 14), ends_at=at(day, 17), **more
    )


class TestDue:
    def test_half_and_whole(self, case: Case) -> None:
        calendar = working_time.calendar_of(case.opinion.consultation)
        due = working_time.due_at(case)
        assert (due, working_time.half_at(case, due, calendar)) == (at(25, 14), at(25, 12))

    def test_on_the_day_of_a_meeting_one_hour(self, case: Case, summit: Summit) -> None:
        meet(summit, 25)
        assert working_time.due_at(case) == at(25, 11)
        assert working_time.due_at(moved(case, at(24, 17))) == at(25, 9, 30), "what waits when the day begins too"
        assert working_time.due_at(moved(case, at(26, 10))) == at(26, 14)

    def test_a_meeting_that_is_cancelled_is_none(self, case: Case, summit: Summit) -> None:
        meet(summit, 25, is_cancelled=True)
        assert working_time.due_at(case) == at(25, 14)

    def test_what_several_societies_reported_one_hour_from_then(self, case: Case) -> None:
        assert working_time.due_at(moved(case, at(25, 10), urgent_since=at(25, 11))) == at(25, 12)
        assert working_time.due_at(moved(case, at(25, 10), urgent_since=at(25, 13, 30))) == at(25, 14)

    def test_before_the_last_quarter_of_the_voting_time(self, case: Case) -> None:
        phases(at(22, 12), at(26, 12))
        assert working_time.due_at(moved(case, at(25, 10))) == at(25, 12)
        assert working_time.due_at(moved(case, at(25, 11, 30))) == at(25, 12, 30), "but not sooner than in an hour"
        assert working_time.due_at(moved(case, at(25, 13))) == at(25, 17)

    def test_a_worker_writes_the_columns_once(self, case: Case) -> None:
        assert working_time.keep() == 1 and working_time.keep() == 0
        case.refresh_from_db()
        assert (case.half_at, case.due_at) == (at(25, 12), at(25, 14))

    def test_a_meeting_that_moved_and_a_setting_that_changed_are_seen(
        self, case: Case, summit: Summit, dan: User
    ) -> None:
        working_time.keep()
        meeting = meet(summit, 25)
        assert working_time.refresh() == 1
        case.refresh_from_db()
        assert case.due_at == at(25, 11)
        meeting.delete()
        moved(case, at(29, 12))
        consultation = Consultation.objects.get()
        consultation.works_on_days_off = True
        organising.save(actor=dan, consultation=consultation)
        assert working_time.keep() == 1
        case.refresh_from_db()
        assert case.due_at == at(29, 16)

    def test_closed_cases_are_left_alone(self, case: Case, stage: Stage) -> None:
        moderation.publish(actor=stage.first, case=case)
        assert working_time.keep() == 0


class TestWords:
    def test_the_mark_follows_the_columns(self, case: Case) -> None:
        assert service_time.mark(case, at(25, 23)) == Mark.IN_TIME, "no worker has looked yet"
        working_time.keep()
        case.refresh_from_db()
        for hour, mark in ((11, Mark.IN_TIME), (12, Mark.HALF), (14, Mark.LATE)):
            assert service_time.mark(case, at(25, hour)) == mark
            assert str(mark.label) and service_time.SIGNS[mark]

    def test_age_in_words(self, case: Case) -> None:
        assert service_time.age(case, at(25, 13, 20)) == timedelta(hours=3, minutes=20)
        assert service_time.age_in_words(case, at(25, 13, 20)).replace("\xa0", " ") == "3 hours, 20 minutes"


class TestReminders:
    @pytest.fixture
    def waiting(self, stage: Stage) -> list[Case]:
        """Three that wait; half of their time comes in the same quarter of an hour ahead of now."""
        cases = [stage.case(stage.submit()) for _ in range(3)]
        slot = datetime.fromtimestamp((timezone.now().timestamp() // 900 + 2) * 900, UTC)
        for minute, case in enumerate(cases):
            case.half_at, case.due_at = slot - timedelta(minutes=minute), slot + timedelta(hours=2, minutes=-minute)
        Case.objects.bulk_update(cases, ["half_at", "due_at"])
        queue_notices.plan(Case.objects.select_related("opinion"))
        return cases

    def test_moderators_at_half_and_organisers_at_the_whole_in_one_mail_each(
        self, waiting: list[Case], stage: Stage, dan: User
    ) -> None:
        half, whole = (Occasion.objects.get(kind=kind) for kind in (queue_notices.HALF, queue_notices.WHOLE))
        assert (half.due_at, whole.due_at) == (waiting[0].half_at, waiting[0].due_at)
        people = kinds.get(half.kind).audience
        assert people is not None and set(people(half)) == {stage.first, stage.second, stage.third}
        organisers = kinds.get(whole.kind).audience
        assert organisers is not None and set(organisers(whole)) == {dan, stage.people["organiser"]}
        mail = kinds.get(half.kind).render(half, stage.first)
        assert mail is not None and mail.subject.startswith("3 texts wait") and mail.link.endswith("/moderation/")
        late = kinds.get(whole.kind).render(whole, dan)
        assert late is not None and late.subject.startswith("3 texts are overdue")

    def test_what_was_decided_meanwhile_is_not_reminded_of(self, waiting: list[Case], stage: Stage) -> None:
        half = Occasion.objects.get(kind=queue_notices.HALF)
        moderation.publish(actor=stage.first, case=waiting[0])
        mail = kinds.get(half.kind).render(half, stage.first)
        assert mail is not None and mail.subject.startswith("2 texts")
        for case in waiting[1:]:
            moderation.publish(actor=stage.first, case=case)
        people = kinds.get(half.kind).audience
        assert people is not None and not people(half).exists()
        assert kinds.get(half.kind).render(half, stage.first) is None

    def test_what_is_long_over_is_not_made_up_for(self, stage: Stage) -> None:
        case = stage.case(stage.submit())
        case.half_at = case.due_at = timezone.now() - timedelta(hours=1)
        queue_notices.plan([case])
        assert not Occasion.objects.filter(kind__in=[queue_notices.HALF, queue_notices.WHOLE]).exists()

    def test_half_past_eight_on_the_morning_of_a_meeting(self, stage: Stage, dan: User, summit: Summit) -> None:
        meeting = meet(summit, 29)
        for now, planned in ((at(27, 12), 0), (at(28, 12), 1), (at(28, 13), 1), (at(29, 9, 30), 0)):
            assert queue_notices.plan_mornings(now) == planned
        morning = Occasion.objects.get(kind=queue_notices.MORNING)
        assert (morning.due_at, morning.version) == (at(29, 8, 30), "2026-08-29")
        stage.submit()
        people = kinds.get(morning.kind).audience
        assert people is not None
        assert set(people(morning)) == {stage.first, stage.second, stage.third, dan, stage.people["organiser"]}
        mail = kinds.get(morning.kind).render(morning, dan)
        assert mail is not None and mail.subject.endswith("moderator: 1")
        Meeting.objects.filter(pk=meeting.pk).update(is_cancelled=True)
        assert not people(morning).exists() and kinds.get(morning.kind).render(morning, dan) is None


def test_the_clock_calls_it(stage: Stage) -> None:
    stage.submit()
    assert tasks.keep_service_times() == 1
    assert tasks.refresh_service_times() == 0
    assert tasks.lapse_unconfirmed() == 0


def test_what_is_imported_waits_like_others(stage: Stage) -> None:
    opinion = stage.submit()
    Opinion.objects.filter(pk=opinion.pk).update(source="import", author=None)
    assert working_time.keep() == 1
