"""Places: taken once, given back, never more than there are."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from notifications import delivery
from notifications.models import Occasion
from summit import registration
from summit.models import Meeting, Registration
from tests.mailserver import MailServer


@pytest.mark.django_db
def test_registering_twice_is_one_place_and_one_receipt(post: MailServer, alice: User, meeting: Meeting) -> None:
    first = registration.register(user=alice, meeting=meeting)
    assert registration.register(user=alice, meeting=meeting) == first
    assert registration.taken(meeting) == 1
    assert delivery.run() == 1
    (mail,) = post.mails
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["text/calendar"]


@pytest.mark.django_db
def test_giving_back_twice_and_coming_again(post: MailServer, alice: User, eve: User, meeting: Meeting) -> None:
    first = registration.register(user=alice, meeting=meeting)
    registration.cancel(user=alice, meeting=meeting)
    registration.cancel(user=alice, meeting=meeting)
    registration.cancel(user=eve, meeting=meeting)
    assert registration.taken(meeting) == 0
    assert delivery.run() == 0  # the receipt is not wanted any more
    again = registration.register(user=alice, meeting=meeting)
    assert again.pk == first.pk
    assert delivery.run() == 1


@pytest.mark.django_db
def test_a_full_meeting(alice: User, eve: User, meeting: Meeting) -> None:
    meeting.capacity = 1
    meeting.save()
    registration.register(user=alice, meeting=meeting)
    with pytest.raises(DomainError) as refused:
        registration.register(user=eve, meeting=meeting)
    assert refused.value.code == "full"
    registration.register(user=alice, meeting=meeting)  # her place is hers
    registration.cancel(user=alice, meeting=meeting)
    registration.register(user=eve, meeting=meeting)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["began", "cancelled"])
def test_too_late(alice: User, meeting: Meeting, change: str) -> None:
    meeting.is_cancelled = change == "cancelled"
    if change == "began":
        meeting.starts_at = timezone.now() - timedelta(seconds=1)
    meeting.save()
    with pytest.raises(DomainError) as refused:
        registration.register(user=alice, meeting=meeting)
    assert refused.value.code == "registration_closed"
    with pytest.raises(DomainError):
        registration.invite(meeting=meeting, people=[alice])


@pytest.mark.django_db
def test_invitations_go_to_those_who_are_new(
    post: MailServer, alice: User, eve: User, frank: User, meeting: Meeting
) -> None:
    registration.register(user=alice, meeting=meeting)
    registration.register(user=frank, meeting=meeting)
    registration.cancel(user=frank, meeting=meeting)
    assert registration.invite(meeting=meeting, people=[alice, eve, eve, frank]) == 1
    assert registration.invite(meeting=meeting, people=[eve]) == 0
    assert Occasion.objects.filter(kind="meeting_invited").count() == 1
    registration.register(user=eve, meeting=meeting)
    delivery.run()
    assert [str(m["To"]) for m in post.mails].count(eve.email) == 1  # the receipt; the invitation is answered
    assert registration.taken(meeting) == 2


def _race(meeting: Meeting, people: list[User], register: Callable[[User], object]) -> int:
    """Everybody at once; how many places were given."""
    start = threading.Barrier(len(people))

    def run(user: User) -> None:
        try:
            start.wait()
            register(user)
        except DomainError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return registration.taken(meeting)


@pytest.fixture
def crowd(make_user: Callable[..., User]) -> list[User]:
    return [make_user(f"Guest{n}") for n in range(6)]


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_given_once(meeting: Meeting, crowd: list[User]) -> None:
    Meeting.objects.update(capacity=2)
    assert _race(meeting, crowd, lambda user: registration.register(user=user, meeting=meeting)) == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_there_would_be_too_many(meeting: Meeting, crowd: list[User]) -> None:
    """The broken twin: the same steps without the row lock give away more places than there are."""
    counted = threading.Barrier(len(crowd))

    def register_without_lock(user: User) -> None:
        with transaction.atomic():
            full = registration.taken(meeting) >= 2
            counted.wait()
            if not full:
                Registration.objects.create(meeting=meeting, user=user)

    assert _race(meeting, crowd, register_without_lock) > 2
