"""The public record of moderation: each definition against what was counted by hand, and against a slow recount."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from analysis import subtraction
from analysis.subtraction import Figure, figure
from consultations import (
    appeals,
    arguments,
    deadlines,
    holding,
    merging,
    moderation,
    moderation_figures,
    removal,
    reports,
    undoing,
    versions,
)
from consultations.models import Case, Consultation, Opinion
from consultations.moderation_figures import Figures
from tests.conftest import Make
from tests.consultations.recount import SEOUL, Rows, agrees, scatter
from tests.consultations.stage import TEXT, Stage
from tests.consultations.test_walks import people, walk

__all__ = ["people"]

#: A Monday, and the moment at which the last week of these tests is long over.
MONDAY = date(2026, 8, 24)
LATER = datetime(2026, 12, 31, tzinfo=SEOUL)


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """A moment in Seoul, so many days after the Monday."""
    return datetime(2026, 8, 24, hour, minute, second, tzinfo=SEOUL) + timedelta(days=day)


def figures(consultation: Consultation, now: datetime | None = None) -> Figures:
    return moderation_figures.of(Consultation.objects.get(pk=consultation.pk), now or timezone.now())


@pytest.fixture
def rows(consultation: Consultation, bob: User, dan: User) -> Rows:
    return Rows(consultation, bob, dan)


class TestByHand:
    """Stages played by the verbs themselves, all within this week."""

    def test_what_came_in_and_what_became_of_it(self, stage: Stage) -> None:
        stage.publish()  # one published
        stage.put("rejected")
        stage.put("changes_requested")
        stage.submit()  # waits
        stage.put("published", argument=True)  # an argument on another published opinion
        found = figures(stage.consultation)
        assert found.all.came_in == {"new": 5, "version": 0, "argument": 1, "report": 0, "appeal": 0}
        assert found.all.decided == 5
        acts = found.all.acts
        assert (acts["publish"], acts["reject"], acts["request_changes"]) == (3, 1, 1)
        assert (found.received, found.waiting, found.states["rejected"]) == (5, 2, 1)
        assert len(found.weeks) == 1
        agrees(found, stage.consultation)

    def test_a_text_that_comes_back_came_in_again(self, stage: Stage) -> None:
        opinion = stage.put("changes_requested")
        assert isinstance(opinion, Opinion)
        versions.resubmit(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": "고친 제안"})
        assert figures(stage.consultation).all.came_in["new"] == 2

    def test_what_its_author_withdrew_was_not_decided(self, stage: Stage) -> None:
        stage.put("withdrawn")
        found = figures(stage.consultation)
        assert (found.all.came_in["new"], found.all.decided) == (1, 0)
        assert set(found.all.acts.values()) == {0}

    def test_new_texts(self, stage: Stage) -> None:
        opinion = stage.publish()
        for act in (versions.approve_version, versions.reject_version):
            versions.propose_version(user=stage.author, opinion=opinion, fields=TEXT | {"proposal": f"{act.__name__}"})
            extra = {"keeps_votes": True} if act is versions.approve_version else {"reason": "insult"}
            act(actor=stage.first, case=stage.case(opinion, "version"), **extra)
        found = figures(stage.consultation)
        assert (found.all.came_in["version"], found.all.decided) == (2, 3)
        assert (found.all.acts["approve_version"], found.all.acts["reject_version"]) == (1, 1)
        assert found.all.rejections == found.without_reason == 1

    def test_reports(self, stage: Stage) -> None:
        opinion, other = stage.publish(), stage.publish()
        for reported in (opinion, other):
            reports.report(user=stage.member, opinion=reported, reason="insult")
        reports.dismiss(actor=stage.first, case=stage.case(opinion, "report"))
        found = figures(stage.consultation)
        assert (found.all.came_in["report"], found.all.acts["dismiss_report"], found.all.decided) == (2, 1, 3)

    def test_a_merge_counts_each_original(self, stage: Stage) -> None:
        target = stage.another()
        merging.merge(actor=stage.first, opinions=[stage.submit(), stage.publish()], into=target)
        found = figures(stage.consultation)
        assert (found.all.acts["merge"], found.all.decided) == (2, 3)
        agrees(found, stage.consultation)

    def test_what_is_undone_was_no_decision(self, stage: Stage) -> None:
        opinion = stage.submit()
        case = stage.case(opinion)
        moderation.reject(actor=stage.first, case=case, reason="insult")
        assert figures(stage.consultation).all.acts["reject"] == 1
        undoing.undo(actor=stage.first, decision=opinion.decisions.get(verb="reject"))
        found = figures(stage.consultation)
        assert (found.all.acts["reject"], found.all.decided, found.all.came_in["new"]) == (0, 0, 1)
        moderation.publish(actor=stage.first, case=Case.objects.get(pk=case.pk))
        found = figures(stage.consultation)
        assert (found.all.acts["publish"], found.all.decided, found.all.came_in["new"]) == (1, 1, 1)

    def test_an_undone_grant_takes_back_what_it_opened(self, stage: Stage) -> None:
        opinion = stage.put("rejected")
        appeals.appeal(user=stage.author, subject=opinion, words="다시")
        granted = appeals.grant(actor=stage.third, case=stage.case(opinion, "appeal"))
        assert figures(stage.consultation).all.came_in["new"] == 2
        undoing.undo(actor=stage.third, decision=granted)
        found = figures(stage.consultation)
        assert (found.all.came_in["new"], found.all.appeals["granted"], found.appeals_open) == (1, 0, 1)

    def test_appeals(self, stage: Stage) -> None:
        for number in range(7):
            opinion = stage.put("removed" if number == 0 else "rejected")
            appeals.appeal(user=stage.author, subject=opinion, words="다시 봐 주십시오")
            case = stage.case(opinion, "appeal")
            if number < 2:
                appeals.grant(actor=stage.third, case=case)
            elif number < 6:
                appeals.refuse(actor=stage.third, case=case, reason="off_topic")
        found = figures(stage.consultation)
        assert found.all.appeals == {"made": 7, "granted": 2, "refused": 4}
        assert (found.appeals_open, found.all.overturned) == (1, 0.3333)
        agrees(found, stage.consultation)

    def test_of_few_appeals_there_is_no_share(self, stage: Stage) -> None:
        opinion = stage.put("rejected")
        appeals.appeal(user=stage.author, subject=opinion, words="다시")
        appeals.grant(actor=stage.third, case=stage.case(opinion, "appeal"))
        found = figures(stage.consultation)
        assert (found.all.appeals_decided, found.all.overturned) == (1, None)

    def test_two_people(self, stage: Stage) -> None:
        stage.put("removed")
        declined, lapsed = stage.publish(), stage.publish()
        removal.decline(actor=stage.second, first=removal.propose(actor=stage.first, subject=declined, reason="insult"))
        removal.propose(actor=stage.first, subject=lapsed, reason="insult")
        released, clock = stage.put("held"), stage.put("held")
        holding.release(actor=stage.second, subject=released)
        assert figures(stage.consultation).all.removals == {"confirmed": 1, "declined": 1, "lapsed": 0}
        deadlines.lapse_unconfirmed(timezone.now() + timedelta(hours=25))
        clock.refresh_from_db()
        found = figures(stage.consultation)
        assert found.all.removals == {"confirmed": 1, "declined": 1, "lapsed": 1}
        assert found.all.holds == {"released": 1, "lapsed": 1}
        assert (found.all.acts["hold"], found.all.acts["remove"]) == (2, 1)
        # A removal that was proposed is not in effect.
        assert found.states["removed"] == 1
        agrees(found, stage.consultation)

    def test_an_argument_is_counted_as_what_it_waits_as(self, stage: Stage) -> None:
        argument = stage.argue()
        arguments.reject(actor=stage.first, case=stage.case(argument), reason="insult")
        found = figures(stage.consultation)
        assert (found.all.came_in["argument"], found.all.acts["reject"]) == (1, 1)
        assert found.received == 1, "what opinions are is of opinions alone"

    def test_nothing_yet(self, consultation: Consultation) -> None:
        found = figures(consultation)
        assert (found.known, found.weeks, found.periods, found.received, found.all.decided) == (True, (), (), 0, 0)
        assert (found.all.median_minutes, found.all.overturned, found.reasons) == (None, None, ())

    def test_of_an_imported_consultation_nothing_is_known(self, stage: Stage) -> None:
        stage.put("rejected")
        Consultation.objects.update(is_imported=True)
        data = moderation_figures.as_data(figures(stage.consultation))
        assert (data["known"], data["received"], data["rejected"]) == (False, 1, 1)
        assert {data[key] for key in ("decided", "median_minutes", "without_reason")} == {None}
        assert data["acts"] is data["came_in"] is data["appeals"] is None
        assert data["weeks"] == data["periods"] == data["reasons"] == []

    def test_other_consultations_do_not_count(self, stage: Stage, make_user: Make) -> None:
        stage.put("rejected")
        other = Consultation.objects.get()
        other.pk, other.slug = None, "another"
        other.save()
        assert figures(other).all.decided == 0


class TestTimes:
    def test_median_and_slowest_in_whole_minutes(self, rows: Rows, consultation: Consultation) -> None:
        for seconds in (59, 600, 1800, 7259, 86_400, 90_000):
            rows.close(rows.case(at(0)), "publish", at(0) + timedelta(seconds=seconds))
        found = figures(consultation).all
        assert (found.decided, found.median_minutes, found.slowest_minutes) == (6, 30, 1500)

    def test_times_of_fewer_than_five_are_left_out(self, rows: Rows, consultation: Consultation) -> None:
        for _ in range(4):
            rows.close(rows.case(at(0)), "publish", at(1))
        assert figures(consultation).all.median_minutes is None
        rows.close(rows.case(at(7)), "publish", at(8))
        found = figures(consultation)
        assert found.all.median_minutes == 24 * 60
        assert [week.slowest_minutes for week in found.weeks] == [None, None]

    def test_in_time_is_by_the_due_time_of_the_case(self, rows: Rows, consultation: Consultation) -> None:
        opened, closed = at(0, 9), at(0, 13)
        rows.close(rows.case(opened), "publish", closed, due=closed + timedelta(seconds=1))
        rows.close(rows.case(opened), "publish", closed, due=closed)
        rows.close(
            rows.case(opened), "publish", opened + timedelta(minutes=59)
        )  # no worker had looked, but within the hour
        rows.close(rows.case(opened), "publish", closed)  # not known
        found = figures(consultation).all
        assert (found.decided, found.timed, found.in_time) == (4, 3, 2)

    def test_a_case_of_before_is_decided_by_the_last_decision_on_it(
        self, rows: Rows, consultation: Consultation
    ) -> None:
        """Its closing decision was not kept beside it then."""
        rows.close(rows.case(at(0)), "publish", at(1))
        rows.close(rows.case(at(0)), "withdraw", at(1))
        Case.objects.update(closed_by=None)
        assert figures(consultation).all.decided == 1


class TestWeeks:
    def test_a_week_begins_on_monday_at_midnight_in_seoul(self, rows: Rows, consultation: Consultation) -> None:
        last, first = at(6, 23, 59, 59), at(7, 0)
        rows.close(rows.case(last), "publish", first)
        rows.close(rows.case(last - timedelta(minutes=5)), "reject", last, reason="insult")
        found = figures(consultation)
        assert [(w.name, w.all_came_in, w.decided, w.acts["publish"]) for w in found.weeks] == [
            ("2026-W35", 2, 1, 0),
            ("2026-W36", 0, 1, 1),
        ]
        assert found.weeks[0].monday == MONDAY
        assert found.weeks[0].sunday == date(2026, 8, 30)

    @pytest.mark.parametrize(
        ("day", "name"),
        [
            ("2026-12-31", "2026-W53"),
            ("2027-01-03", "2026-W53"),
            ("2027-01-04", "2027-W01"),
            ("2028-02-29", "2028-W09"),
        ],
    )
    def test_t06_the_years_end_and_week_53(self, rows: Rows, consultation: Consultation, day: str, name: str) -> None:
        rows.case(datetime.fromisoformat(f"{day}T00:00:00+09:00"))
        assert [week.name for week in figures(consultation).weeks] == [name]

    def test_a_week_that_is_over_does_not_change(self, rows: Rows, consultation: Consultation) -> None:
        rows.close(rows.case(at(0)), "publish", at(1))
        before = moderation_figures.as_data(figures(consultation, at(8)))["weeks"][0]
        rows.close(rows.case(at(6)), "reject", at(9), reason="insult")
        after = moderation_figures.as_data(figures(consultation, at(30)))["weeks"]
        assert after[0] == before | {"came_in": before["came_in"] | {"new": 2}}, "but for what came in"
        assert len(after) == 2


# --- small numbers ----------------------------------------------------------------------------------


class TestReasons:
    def test_under_five_go_together(self, rows: Rows, consultation: Consultation) -> None:
        for reason, times in (("off_topic", 7), ("duplicate", 6), ("insult", 1), ("advertising", 4)):
            rows.reject(at(0), reason, times)
        found = figures(consultation, LATER)
        assert found.reasons == (("off_topic", 7), ("duplicate", 6), (None, 5))
        assert found.without_reason == 0

    def test_one_for_insult_this_week_follows_from_nothing(self, rows: Rows, consultation: Consultation) -> None:
        rows.reject(at(0), "off_topic", 6)
        rows.reject(at(0), "duplicate", 5)
        rows.reject(at(7), "insult")
        found = figures(consultation, LATER)
        assert [(p.monday, p.sunday, p.rejections) for p in found.periods] == [(MONDAY, date(2026, 8, 30), 11)]
        assert found.reasons == (("off_topic", 6), ("duplicate", 5))
        assert (found.all.rejections, found.without_reason) == (12, 1)

    def test_weeks_with_few_are_gathered(self, rows: Rows, consultation: Consultation) -> None:
        for week in range(5):
            rows.reject(at(7 * week), "off_topic", 2)
            rows.reject(at(7 * week), "insult", 1)
        found = figures(consultation, LATER)
        assert [(p.rejections, p.reasons) for p in found.periods] == [(12, ())], "8 and 4: one line is left, so none"
        assert found.without_reason == 15

    def test_p04_all_of_one_kind_are_not_said(self, rows: Rows, consultation: Consultation) -> None:
        """With the week's number each of them would be known, also the only one of a week."""
        rows.reject(at(0), "insult", 9)
        rows.reject(at(7), "insult", 1)
        found = figures(consultation, LATER)
        assert [(p.rejections, p.reasons) for p in found.periods] == [(10, ())]

    def test_a_week_counts_when_its_last_undo_is_over(self, rows: Rows, consultation: Consultation) -> None:
        rows.reject(at(0), "off_topic", 5)
        rows.reject(at(0), "duplicate", 5)
        ends = at(7, 0)
        assert moderation_figures.ends(MONDAY) == ends
        assert figures(consultation, ends + timedelta(minutes=10, seconds=-1)).periods == ()
        assert figures(consultation, ends + timedelta(minutes=10)).reasons == (("duplicate", 5), ("off_topic", 5))

    def test_a_period_once_shown_stays(self, rows: Rows, consultation: Consultation) -> None:
        rows.reject(at(0), "off_topic", 5)
        rows.reject(at(0), "duplicate", 5)
        before = figures(consultation, at(8)).periods
        rows.reject(at(9), "insult", 4)
        rows.reject(at(16), "off_topic", 7)
        after = figures(consultation, LATER).periods
        assert after[:1] == before
        assert len(after) == 2

    def test_removals_are_no_part_of_it(self, rows: Rows, consultation: Consultation) -> None:
        """Their reasons stand at each removed opinion: whoever takes them off would have the rest."""
        rows.reject(at(0), "off_topic", 5)
        rows.reject(at(0), "insult", 4)
        for _ in range(2):
            rows.say("confirm_removal", at(0), reason="insult")
        assert figures(consultation, LATER).periods == ()


REASONS = ("insult", "off_topic", "duplicate", "not_a_member")
some_weeks = st.lists(
    st.tuples(*[st.one_of(st.integers(0, 3), st.integers(0, 9))] * len(REASONS)), min_size=1, max_size=6
)


def counted(weeks: list[tuple[int, ...]]) -> dict[date, dict[str, int]]:
    return {
        MONDAY + timedelta(days=7 * place): {r: n for r, n in zip(REASONS, week, strict=True) if n}
        for place, week in enumerate(weeks)
        if sum(week)
    }


def known(given: dict[date, dict[str, int]]) -> list[Figure]:
    """What a reader has: each week's rejections, and what stands in each period."""
    made = [figure(((monday, r) for r in REASONS), sum(week.values())) for monday, week in given.items()]
    for period in moderation_figures.periods(given, LATER):
        inside = [monday for monday in given if period.monday <= monday <= period.sunday]
        named = {reason for reason, _count in period.reasons} - {None}
        for reason, count in period.reasons:
            own = [reason] if reason else [r for r in REASONS if r not in named]
            made.append(figure(((monday, r) for monday in inside for r in own), count))
    return made


@settings(max_examples=150, deadline=None)
@given(some_weeks)
def test_p01_no_small_number_of_a_reason_follows_from_weeks_and_periods(weeks: list[tuple[int, ...]]) -> None:
    """Nothing that is determined tells reasons apart: what is, is the total of a week that was published as such.

    That a reason was given to nobody in a whole period may follow, where its lines leave nothing over; it says of no
    author what they were rejected for.
    """
    given_weeks = counted(weeks)
    for found in (found for found in subtraction.exposed(known(given_weeks)) if found.number):
        reasons = {cell[1] for cell in found.cells if isinstance(cell, tuple)}
        assert reasons == set(REASONS), found
    for period in moderation_figures.periods(given_weeks, LATER):
        assert all(count >= 5 for _reason, count in period.reasons)
        assert period.reasons == () or sum(count for _reason, count in period.reasons) == period.rejections


def test_p01_the_twin_that_counts_each_week_by_reason_gives_one_away() -> None:
    given_weeks = counted([(1, 6, 5, 0)])
    by_reason = [figure([(MONDAY, reason)], count) for reason, count in given_weeks[MONDAY].items() if count >= 5]
    everything = figure(((MONDAY, reason) for reason in ("insult", "off_topic", "duplicate")), 12)
    assert [e.number for e in subtraction.exposed([*by_reason, everything])] == [1]


# --- against a slow recount -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_random_rows_are_counted_as_one_by_one(rows: Rows, consultation: Consultation, seed: int) -> None:
    scatter(rows, seed, 60, at(0, 0))
    agrees(figures(consultation, LATER), consultation)


@pytest.mark.parametrize("seed", range(20, 24))
def test_random_walks_are_counted_as_one_by_one(people: dict[str, User], consultation: Consultation, seed: int) -> None:
    walk(seed, people, consultation, 150, every=200)
    found = figures(consultation)
    assert found.all.decided > 0
    agrees(found, consultation)


def test_four_queries_whatever_there_is(rows: Rows, consultation: Consultation) -> None:
    for size in (0, 3, 40):
        scatter(rows, size, size, at(0, 0))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            moderation_figures.of(consultation, LATER)
        assert len(seen) == 4
