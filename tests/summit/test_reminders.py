"""“Remind registrants now”: one mail a registrant with a calendar file, at most once an hour."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from common.errors import DomainError
from notifications import delivery, progress
from notifications.models import Delivery, Occasion
from summit import registration, reminders
from summit.models import Meeting, Registration
from tests import workers
from tests.mailserver import MailServer


@pytest.fixture
def registrants(make_user: Callable[..., User], meeting: Meeting) -> list[User]:
    people = [make_user(f"Guest{n}", language="ko" if n % 2 else "en") for n in range(4)]
    Registration.objects.bulk_create(Registration(meeting=meeting, user=user) for user in people)
    return people


@pytest.mark.django_db
def test_one_mail_a_registrant(
    post: MailServer, dan: User, alice: User, eve: User, registrants: list[User], meeting: Meeting
) -> None:
    Registration.objects.create(meeting=meeting, user=alice, state=Registration.State.CANCELLED)
    Registration.objects.create(meeting=meeting, user=eve, state=Registration.State.INVITED)
    occasion = reminders.remind_now(actor=dan, meeting=meeting)
    assert progress.of(occasion).is_expanded is False
    assert delivery.run() == 4
    assert delivery.run() == 0
    assert post.counts == {user.email: 1 for user in registrants}
    occasion.refresh_from_db()
    assert progress.of(occasion).is_done
    for mail in post.mails:
        (file,) = mail.iter_attachments()
        calendar: Any = Calendar.from_ical(file.get_content())
        (event,) = calendar.walk("VEVENT")
        assert event["uid"].startswith(f"meeting-{meeting.pk}@")
        assert str(event["summary"]).endswith("First meeting" if mail["Content-Language"] == "en" else "1차 회의")
    assert {mail["Content-Language"] for mail in post.mails} == {"en", "ko"}


@pytest.mark.django_db
def test_at_most_once_an_hour(dan: User, registrants: list[User], meeting: Meeting) -> None:
    first, is_new = reminders.remind(actor=dan, meeting=meeting)
    assert is_new
    assert reminders.remind(actor=dan, meeting=meeting) == (first, False)
    Occasion.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=61), version="now-before")
    second, is_new = reminders.remind(actor=dan, meeting=meeting)
    assert is_new
    assert second.pk != first.pk


@pytest.mark.django_db
def test_who_gives_the_place_back_meanwhile_gets_none(
    post: MailServer, dan: User, registrants: list[User], meeting: Meeting
) -> None:
    from notifications import expand

    reminders.remind_now(actor=dan, meeting=meeting)
    expand.expand_due()
    registration.cancel(user=registrants[0], meeting=meeting)
    assert delivery.run() == 3


@pytest.mark.django_db
def test_no_reminder_of_what_is_over(post: MailServer, dan: User, registrants: list[User], meeting: Meeting) -> None:
    from notifications import expand

    reminders.remind_now(actor=dan, meeting=meeting)
    expand.expand_due()
    Meeting.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    assert delivery.run() == 0
    assert set(Delivery.objects.values_list("state", "reason")) == {(Delivery.State.MISSED, "over")}
    with pytest.raises(DomainError):
        reminders.remind_now(actor=dan, meeting=meeting)


@pytest.mark.django_db
def test_a_reminder_that_is_too_late_is_missed(
    post: MailServer, dan: User, registrants: list[User], meeting: Meeting
) -> None:
    from notifications import expand

    occasion = reminders.remind_now(actor=dan, meeting=meeting)
    expand.expand_due()
    Delivery.objects.update(release_at=timezone.now() - timedelta(hours=6, minutes=1))
    assert delivery.run() == 0
    assert progress.of(Occasion.objects.get(pk=occasion.pk)).skipped == 4


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_it(
    post: MailServer, settings: Any, as_: Callable[..., Any], dan: User, registrants: list[User], meeting: Meeting
) -> None:
    """The button on the page, the broker, a worker of its own, and a mail server. At night, mail waits: then it is let go."""
    settings.SAMPLE_SITE = False
    address = f"/organise/meetings/{meeting.pk}/"
    with workers.celery_worker(settings):
        client = as_(dan)
        assert client.post(f"{address}remind/").status_code == 302
        client.post(f"{address}remind/")
        workers.wait_until(lambda: Delivery.objects.count() == 4)
        Delivery.objects.filter(state=Delivery.State.PLANNED).update(release_at=timezone.now())
        from notifications import wake

        wake.call()
        workers.wait_until(lambda: len(post.received) == 4)
        workers.wait_until(lambda: progress.of(Occasion.objects.get()).sent == 4)
    assert post.counts == {user.email: 1 for user in registrants}
    assert Occasion.objects.count() == 1
    page = client.get(f"{address}?lang=en").content.decode()
    assert "<dt>Sent</dt><dd>4</dd>" in page
