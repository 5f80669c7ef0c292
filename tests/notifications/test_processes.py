"""Real processes: scans at the same time, a worker, a broker that is away."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from notifications import delivery, occasions, wake
from notifications.models import Message
from tests import workers
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(make_user: Callable[..., User]) -> list[User]:
    return User.objects.bulk_create(User(email=f"crowd{n:04}@sample.test", password="!") for n in range(300))


def tell_codes(people: list[User]) -> None:
    """Occasions of a kind that other processes know, too."""
    for user in people:
        occasions.notify("sign_in_code", target=f"user:{user.pk}", people=[user], facts={"code": "123456"})


def test_scans_at_the_same_time_send_each_mail_once(post: MailServer, settings: Any, crowd: list[User]) -> None:
    with transaction.atomic():
        tell_codes(crowd)
    scans = [workers.scan(settings) for _ in range(2)]
    sent = [int(scan.communicate(timeout=120)[0]) for scan in scans]
    assert sum(sent) == 300
    assert set(post.counts.values()) == {1}
    assert len(post.counts) == 300


def test_a_killed_scan_loses_nothing_and_doubles_nothing_before_the_text(
    post: MailServer, settings: Any, crowd: list[User]
) -> None:
    with transaction.atomic():
        tell_codes(crowd[:20])
    post.stall_at_data = 0.2
    scan = workers.scan(settings)
    workers.wait_until(lambda: len(post.received) >= 3)
    scan.kill()
    scan.wait()
    post.stall_at_data = 0
    time.sleep(0.5)
    window = Message.objects.filter(state=Message.State.DIALOGUE).count()
    assert window <= 1  # one message a connection
    Message.objects.update(lease_until=None)
    Message.objects.exclude(state=Message.State.SENT).update(lease_until="2026-01-01T00:00Z")
    delivery.run()
    assert Message.objects.filter(state=Message.State.SENT).count() == 20
    assert len(post.counts) == 20
    assert sum(post.counts.values()) <= 20 + window
    ids = [mail["Message-ID"] for mail in post.mails]
    assert len(set(ids)) == 20  # a second copy has the id of the first


def test_a_commit_wakes_a_worker(post: MailServer, settings: Any, alice: User) -> None:
    with workers.celery_worker(settings):
        tell_codes([alice])
        workers.wait_until(lambda: len(post.received) == 1)
    assert post.counts == {alice.email: 1}


def test_with_the_broker_away_it_stays_quick_and_the_scan_sends(post: MailServer, settings: Any, alice: User) -> None:
    from celery import current_app

    conf: Any = current_app.conf
    kept = conf.broker_write_url, conf.broker_url
    conf.broker_write_url = conf.broker_url = "redis+socket:///nonexistent/broker.sock"
    try:
        began = time.monotonic()
        tell_codes([alice])
        assert time.monotonic() - began < 1
        assert wake.call() is False
    finally:
        conf.broker_write_url, conf.broker_url = kept
    assert delivery.run() == 1


def test_a_hook_that_fails_does_not_stop_the_wake(post: MailServer, alice: User) -> None:
    def broken() -> None:
        raise RuntimeError

    with transaction.atomic():
        transaction.on_commit(broken, robust=True)
        tell_codes([alice])
    assert delivery.run() == 1
