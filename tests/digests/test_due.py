"""Reminders of recommendations: 14, 3 and 0 days before, then weekly, each once, and one after an outage."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given as each
from hypothesis import strategies as st

from accounts.models import User
from digests import due, keys, responses
from digests.models import Link, Recommendation
from notifications import delivery, expand
from notifications.models import Delivery, Message, Occasion
from tests.digests.test_responses import ANSWER, MAIL, given
from tests.mailserver import MailServer, running

DUE = date(2026, 10, 30)
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    settings.SAMPLE_SITE = True
    with running(settings) as server:
        yield server


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SEOUL)


@pytest.mark.parametrize(("after", "days"), [
    (at(date(2026, 9, 1)), -14), (at(date(2026, 10, 16), 8), -14), (at(date(2026, 10, 16), 9), -3), (at(date(2026, 10, 27)), 0),
    (at(date(2026, 10, 30), 8), 0), (at(date(2026, 10, 30)), 7), (at(date(2026, 11, 6), 8), 7), (at(date(2026, 11, 6)), 14),
    (at(date(2026, 12, 25)), 63),
])  # fmt: skip
def test_the_next_reminder(after: datetime, days: int) -> None:
    assert due.next_after(DUE, after) == at(DUE + timedelta(days=days))


@each(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_it_always_lies_ahead_and_within_a_week_once_due(after: datetime) -> None:
    found = due.next_after(DUE, after)
    assert found > after
    days = (found.astimezone(SEOUL).date() - DUE).days
    assert days in (-14, -3, 0) or (days > 0 and days % 7 == 0)
    assert after < at(DUE - timedelta(days=14)) or found - after <= timedelta(days=11)


def scan(moment: datetime) -> None:
    """Expand what is due at a moment of the test's clock; the database's own stands still meanwhile."""
    with time_machine.travel(moment):
        while found := Occasion.objects.filter(kind=due.KIND, state="planned", due_at__lte=moment).first():
            expand._expand(found)


def make_due() -> None:
    """Let the planned reminder be due by the database's clock."""
    Occasion.objects.filter(kind=due.KIND).update(due_at=timezone.now() - timedelta(seconds=1))


def reminded() -> list[str]:
    found = Delivery.objects.filter(occasion__kind="response_due").select_related("user", "occasion")
    return sorted(f"{d.occasion.version} {d.user.email}" for d in found)


def test_the_first_one_is_planned_when_the_edition_is_published(recommendation: Recommendation) -> None:
    planned = Occasion.objects.get(kind="response_due")
    assert planned.due_at == at(recommendation.due_on - timedelta(days=14))
    assert planned.state == "planned"


def test_the_whole_chain(recommendation: Recommendation, dan: User) -> None:
    """Every day is lived through, with a scan in the morning and one at noon."""
    responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    first = timezone.localdate()
    for days in range(1, 55):
        for hour in (9, 12):
            scan(at(first + timedelta(days=days), hour) + timedelta(minutes=1))
    expected = [recommendation.due_on + timedelta(days=d) for d in (-14, -3, 0, 7, 14, 21)]
    assert reminded() == sorted(f"{day} {email}" for day in expected for email in (MAIL, dan.email))


def test_after_an_outage_one_reminder_goes_not_five(recommendation: Recommendation, dan: User) -> None:
    responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    scan(at(recommendation.due_on + timedelta(days=30), 12))
    assert reminded() == []
    planned = Occasion.objects.get(kind="response_due", state="planned")
    assert planned.due_at == at(recommendation.due_on + timedelta(days=35))
    scan(at(recommendation.due_on + timedelta(days=35), 12))
    assert len(reminded()) == 2


def test_an_answer_ends_it(recommendation: Recommendation, dan: User, olga: User) -> None:
    responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    responses.publish(actor=dan, response=given(recommendation, olga))
    scan(at(recommendation.due_on - timedelta(days=14), 10))
    assert reminded() == []
    assert not Occasion.objects.filter(kind="response_due", state="planned").exists()


def test_while_an_answer_waits_for_the_organisers_nobody_is_reminded(
    recommendation: Recommendation, dan: User, olga: User
) -> None:
    found = given(recommendation, olga)
    scan(at(recommendation.due_on - timedelta(days=14), 10))
    assert reminded() == []
    responses.send_back(actor=dan, response=found, note="Please say by when.")
    scan(at(recommendation.due_on - timedelta(days=3), 10))
    assert len(reminded()) == 1, "sent back, it is due again"


def test_without_an_address_the_organisers_are_reminded(recommendation: Recommendation, dan: User) -> None:
    scan(at(recommendation.due_on, 10))  # late for the first; plans the day itself
    scan(at(recommendation.due_on + timedelta(days=7), 10))
    assert reminded() == [f"{recommendation.due_on + timedelta(days=7)} {dan.email}"]


def test_the_addressees_mail_holds_a_key_and_the_organisers_none(
    recommendation: Recommendation, dan: User, post: MailServer
) -> None:
    link = responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    delivery.run()
    make_due()
    delivery.run()
    bodies = {m["To"]: m.get_body(("plain",)).get_content() for m in post.mails}  # type: ignore[union-attr]
    token = bodies[MAIL].partition("/respond/")[2].partition("/")[0]
    assert keys.read(token) == link
    assert "/respond/" not in bodies[dan.email]
    assert "/organise/consultations/talent/responses/" in bodies[dan.email]
    assert not Message.objects.exclude(text="").filter(address=MAIL).exists()


def test_an_answer_that_came_between_stops_the_mail(
    recommendation: Recommendation, dan: User, post: MailServer
) -> None:
    link = responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    make_due()
    expand.expand_due()
    responses.answer(recommendation=recommendation, fields=ANSWER, link=link)
    delivery.run()
    assert not Message.objects.filter(deliveries__occasion__kind="response_due", state="sent").exists()


def test_a_revoked_address_is_not_reminded(recommendation: Recommendation, dan: User) -> None:
    link = responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    responses.revoke_link(actor=dan, link=link)
    make_due()
    expand.expand_due()
    assert [line.split()[1] for line in reminded()] == [dan.email]


def test_an_account_that_was_swept_away_is_made_again(recommendation: Recommendation, dan: User) -> None:
    """Nobody signs in to answer: the account that carries the mails may go, and the reminders still come."""
    responses.send_link(actor=dan, recommendation=recommendation, email=MAIL)
    User.objects.get(email=MAIL).delete()
    assert Link.objects.filter(revoked_at=None).exists()
    make_due()
    expand.expand_due()
    assert [line.split()[1] for line in reminded()] == sorted([dan.email, MAIL])
