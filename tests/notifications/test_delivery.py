"""Each thing is told once: scans that run twice, fail half-way, are killed, or meet a server that says no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications import claims, delivery, occasions, progress
from notifications.models import Delivery, Message, Occasion
from tests.mailserver import MailServer

State = Message.State
pytestmark = pytest.mark.django_db


def lapse(**which: Any) -> None:
    """Let the lease of messages be over."""
    Message.objects.filter(**which).update(lease_until=timezone.now() - timedelta(seconds=1))


def hurry() -> None:
    """Let every retry be due."""
    Message.objects.filter(state=State.RETRY).update(next_attempt_at=timezone.now())


def test_one_mail_a_person(post: MailServer, people: list[User]) -> None:
    occasion = occasions.notify("note", target="x", people=[*people, people[0]])
    assert delivery.run() == 5
    assert delivery.run() == 0
    assert post.counts == {user.email: 1 for user in people}
    assert len(post.sessions) == 1  # one connection for the batch
    assert progress.of(occasion) == progress.Progress(5, 5, 0, 0, 0, True)
    assert progress.of(occasion).is_done


def test_the_same_reason_twice_is_told_once(post: MailServer, people: list[User]) -> None:
    first = occasions.notify("note", target="x", people=people[:2])
    again = occasions.notify("note", target="x", people=people, facts={"text": "other"})
    assert again == first
    assert first.deliveries.count() == 2
    assert occasions.notify("note", target="x", version="2", people=people[:1]) != first
    delivery.run()
    assert len(post.mails) == 3


def test_nobody_sees_another_address(post: MailServer, people: list[User]) -> None:
    occasions.notify("note", target="x", people=people)
    delivery.run()
    for text in post.received:
        assert sum(user.email.encode() in text for user in people) == 1


def test_what_is_rolled_back_is_not_told(post: MailServer, people: list[User]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        occasions.notify("note", target="x", people=people)
        raise RuntimeError
    assert delivery.run() == 0
    assert not Occasion.objects.exists()


def test_the_audience_is_asked_when_it_is_due(
    post: MailServer, people: list[User], make_user: Callable[..., User]
) -> None:
    later = timezone.now() + timedelta(hours=1)
    occasion = occasions.plan("circular", target="x", version="1", due_at=later)
    assert occasions.plan("circular", target="x", version="1", due_at=timezone.now()) == occasion
    assert delivery.run() == 0
    people[0].is_active = False
    people[0].save()
    make_user("Latecomer")
    Occasion.objects.update(due_at=timezone.now())
    assert delivery.run() == 5
    assert post.counts["latecomer@sample.test"] == 1
    assert post.counts[people[0].email] == 0


def test_a_kind_without_audience_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="no audience"):
        occasions.plan("note", target="x", version="1", due_at=timezone.now())
    with pytest.raises(LookupError):
        occasions.notify("unheard", target="x", people=[])


def test_one_bad_row_does_not_stop_the_others(post: MailServer, people: list[User]) -> None:
    occasions.notify("note", target="bad", people=people[:1], facts={"fails": True})
    occasions.notify("note", target="good", people=people[1:])
    bad = occasions.plan(
        "circular", target="bad", version="1", due_at=timezone.now() - timedelta(days=1), facts={"audience_fails": True}
    )
    occasions.plan("circular", target="good", version="1", due_at=timezone.now())
    Occasion.objects.create(kind="of an older release", target="x", version="1", due_at=timezone.now())
    delivery.run()
    assert len(post.mails) == 4 + 5
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == (Occasion.State.PLANNED, 1)
    assert "a bad audience" in bad.error
    assert bad.next_attempt_at is not None
    assert bad.next_attempt_at > timezone.now()
    message = Message.objects.get(state=State.RETRY)
    assert "a bad row" in message.error
    assert delivery.run() == 0  # both wait


def test_what_is_not_wanted_any_more_is_left_out(post: MailServer, people: list[User]) -> None:
    occasion = occasions.notify("note", target="x", people=people, facts={"unwanted": True})
    assert delivery.run() == 0
    assert not post.mails
    assert set(occasion.deliveries.values_list("state", "reason")) == {(Delivery.State.SKIPPED, "not wanted")}
    assert progress.of(occasion).skipped == 5


def test_a_cancelled_occasion_is_not_told(post: MailServer, people: list[User]) -> None:
    occasions.notify("note", target="x", version="old", people=people)
    occasions.notify("note", target="x", version="new", people=people)
    assert occasions.cancel("note", target="x", keep_version="new") == 1
    assert occasions.cancel("note", target="x", keep_version="new") == 0
    assert delivery.run() == 5


def test_cancelling_reaches_what_a_worker_already_holds(post: MailServer, people: list[User]) -> None:
    occasions.notify("note", target="x", people=people[:1])
    held = claims.claim("worker")[0]
    assert occasions.cancel("note", target="x") == 1
    assert claims.begin_dialogue(held) is False  # looked at again before the text is handed over
    lapse()
    assert delivery.run() == 0
    assert Message.objects.get().state == State.DROPPED


def test_a_lapsed_claim_is_free_again_and_the_slow_worker_lets_go(post: MailServer, people: list[User]) -> None:
    occasions.notify("note", target="x", people=people[:1])
    slow = claims.claim("slow")[0]
    assert delivery.run() == 0  # in somebody's hands
    lapse()
    assert delivery.run() == 1
    assert claims.begin_dialogue(slow) is False
    claims.fail(slow, "too late")
    assert Message.objects.get().state == State.SENT
    assert len(post.mails) == 1


@pytest.mark.parametrize(("kind", "state", "mails"), [("note", State.UNKNOWN, 0), ("alarm", State.SENT, 1)])
def test_a_lapsed_dialogue(post: MailServer, people: list[User], kind: str, state: str, mails: int) -> None:
    """Nobody can say whether it went out: what is urgent goes again under the same id, the rest does not."""
    occasion = occasions.notify(kind, target="x", people=people[:1])
    held = claims.claim("killed")[0]
    assert claims.begin_dialogue(held)
    lapse()
    delivery.run()
    message = Message.objects.get()
    assert message.state == state
    assert [mail["Message-ID"] for mail in post.mails] == [held.message_id] * mails
    assert progress.of(occasion).unknown == 1 - mails


@pytest.mark.parametrize(("kind", "state"), [("note", State.UNKNOWN), ("alarm", State.RETRY)])
def test_a_connection_that_breaks_after_the_text(post: MailServer, people: list[User], kind: str, state: str) -> None:
    post.cut = {people[0].email}
    occasions.notify(kind, target="x", people=people[:2])
    assert delivery.run() == 1  # the other one goes out over a new connection
    assert Message.objects.get(user=people[0]).state == state
    assert post.counts == {people[1].email: 1}


def test_refused_for_good_is_not_tried_again(post: MailServer, people: list[User]) -> None:
    post.rcpt[people[0].email] = "550 no such mailbox"
    post.data[people[1].email] = "554 looks like spam"
    occasion = occasions.notify("note", target="x", people=people)
    assert delivery.run() == 3
    hurry()
    assert delivery.run() == 0
    assert Message.objects.filter(state=State.FAILED).count() == 2
    assert "no such mailbox" in Message.objects.get(user=people[0]).error
    assert progress.of(occasion).failed == 2


def test_refused_for_now_is_tried_again_with_growing_pauses(post: MailServer, people: list[User]) -> None:
    post.rcpt[people[0].email] = "450 greylisted"
    occasions.notify("note", target="x", people=people[:2])
    assert delivery.run() == 1
    pauses = []
    for _ in range(3):
        message = Message.objects.get(user=people[0])
        assert message.state == State.RETRY
        assert message.next_attempt_at is not None
        pauses.append((message.next_attempt_at - timezone.now()).total_seconds())
        assert delivery.run() == 0  # not yet
        hurry()
        delivery.run()
    assert 40 < pauses[0] < 80
    assert pauses[0] < pauses[1] < pauses[2]
    post.rcpt.clear()
    hurry()
    assert delivery.run() == 1
    assert post.counts == {people[0].email: 1, people[1].email: 1}


def test_after_the_last_attempt_it_failed(post: MailServer, people: list[User]) -> None:
    post.data[people[0].email] = "451 try later"
    occasions.notify("note", target="x", people=people[:1])
    for _ in range(claims.MAX_ATTEMPTS):
        delivery.run()
        hurry()
    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.FAILED, claims.MAX_ATTEMPTS)


def test_a_server_that_is_away_claims_nothing(settings: Any, people: list[User]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    occasions.notify("note", target="x", people=people)
    assert delivery.run() == 0
    assert not Message.objects.exists()


def test_a_server_that_refuses_everybody_stops_the_batch(post: MailServer, people: list[User]) -> None:
    for user in people:
        post.rcpt[user.email] = "421 closing down"
    occasions.notify("note", target="x", people=people)
    assert delivery.run() == 0
    assert set(Message.objects.values_list("state", "attempts")) == {(State.RETRY, 0)}  # none is to blame
    post.rcpt.clear()
    hurry()
    assert delivery.run() == 5


def test_a_secret_is_kept_nowhere_once_it_is_sent(post: MailServer, people: list[User]) -> None:
    occasions.notify("whisper", target="x", people=people[:1], facts={"text": "481516"})
    delivery.run()
    assert "481516" in post.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    message = Message.objects.get()
    assert (message.subject, message.text, message.html) == ("", "", "")
    assert Occasion.objects.get().facts == {}


def test_a_secret_that_expired_is_forgotten_unsent(post: MailServer, people: list[User]) -> None:
    occasions.notify("whisper", target="x", people=people[:1], facts={"text": "481516"})
    Occasion.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    claims.recover()
    assert Occasion.objects.get().facts == {}


def test_a_batch_that_breaks_goes_on_where_it_stopped(post: MailServer, make_user: Callable[..., User]) -> None:
    crowd = [make_user(f"Crowd{n:03}") for n in range(120)]
    post.rcpt[crowd[70].email] = "421 closing down"
    occasions.notify("note", target="x", people=crowd)
    first = delivery.run()
    assert first < 120
    post.rcpt.clear()
    hurry()
    assert first + delivery.run() == 120
    assert set(post.counts.values()) == {1}
    assert len(post.counts) == 120
