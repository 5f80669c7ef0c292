"""Limits: counted by account and by trusted address, also in a burst; stated choices when Redis is away (A21, A22)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from common import limits
from common.limits import Limit, TooMany, address_of, check, limited, spend
from consultations.models import Consultation


def small(**more: Any) -> Limit:
    """A limit that no other test counts."""
    return Limit(f"test-{uuid4()}", **{"by_account": 3, "by_address": 5, "seconds": 60, **more})


def asked_by(user: Any = None, **meta: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.META.update(meta)
    request.user = user or AnonymousUser()
    return request


def test_the_account_and_the_address_are_counted_apart() -> None:
    limit = small()
    assert [bool(spend(limit, account="a", address="1")) for _ in range(4)] == [False, False, False, True]
    assert not spend(limit, account="b", address="2")
    assert [bool(spend(limit, account=str(n), address="3")) for n in range(6)] == [False] * 5 + [True]


def test_one_person_cannot_lock_out_another() -> None:
    limit = small(by_address=0)
    for _ in range(50):
        spend(limit, account="loud", address="1")
    assert not spend(limit, account="quiet", address="1")


def test_it_says_how_long_to_wait() -> None:
    limit = small(by_account=1)
    spend(limit, account="a")
    assert 0 < spend(limit, account="a") <= 60


def test_a_parallel_burst_does_not_pass() -> None:
    limit = small(by_account=0, by_address=20)
    with ThreadPoolExecutor(20) as pool:
        refused = sum(map(bool, pool.map(lambda _n: spend(limit, address="1"), range(200))))
    assert refused == 180


def test_a_window_ends() -> None:
    import time

    limit = small(by_account=1, seconds=1)
    assert not spend(limit, account="a") and spend(limit, account="a")
    time.sleep(1.1)
    assert not spend(limit, account="a")


def test_a_made_up_address_changes_nothing(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = None
    forged = asked_by(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert address_of(forged) == "192.0.2.1"


def test_behind_a_proxy_only_its_own_entry_is_believed(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen = asked_by(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.1")
    assert address_of(seen) == "192.0.2.1"
    assert address_of(asked_by(REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


def test_who_is_signed_in_is_the_account(alice: User) -> None:
    limit = small()
    for n in range(3):
        check(limit, asked_by(alice, REMOTE_ADDR=f"192.0.2.{n}"))
    with pytest.raises(TooMany) as refused:
        check(limit, asked_by(alice, REMOTE_ADDR="192.0.2.9"))
    assert refused.value.status == 429 and refused.value.facts["retry_after"]


def test_a_key_names_nobody() -> None:
    client = limits._client(caches["default"]._servers[0])  # type: ignore[attr-defined]
    limit = small()
    spend(limit, account="alice@sample.test", address="192.0.2.77")
    keys = [key.decode() for key in client.scan_iter(f"*{limit.name}*")]
    assert len(keys) == 2 and not any("alice" in key or "192.0.2" in key for key in keys)
    assert all(client.ttl(key) > 0 for key in keys)


@pytest.fixture
def no_redis(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "common.cache.ForgivingRedisCache", "LOCATION": "unix:///nonexistent.sock"}
    }


def test_without_redis_reading_goes_on_and_sign_in_does_not(no_redis: None) -> None:
    assert spend(limits.READ, address="1") == spend(limits.VOTE, account="a") == spend(limits.SUBMIT, account="a") == 0
    assert spend(limits.SIGN_IN, account="a", address="1") > 0


def test_the_api_answers_429_with_the_time_to_wait(consultation: Consultation, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(limits, "READ", small(by_address=2))
    statuses = [Client().get("/api/v1/consultations/") for _ in range(3)]
    assert [answer.status_code for answer in statuses] == [200, 200, 429]
    assert int(statuses[-1].headers["Retry-After"]) > 0
    assert statuses[-1].headers["Content-Type"] == "application/problem+json"


def test_a_page_answers_429_in_words(db: None) -> None:
    limit = small(by_address=1)
    view = limited(limit)(lambda request: HttpResponse("here"))
    assert view(asked_by()).status_code == 200
    refused = view(asked_by())
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
