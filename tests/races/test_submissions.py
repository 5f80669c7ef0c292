"""The same opinion sent many times at once (W01), and an answer that never arrived (W07)."""

import json
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from accounts.models import User
from config.services import Services
from consultations import submission
from consultations.models import Case, Consultation, Opinion
from tests.ops.conftest import Site
from tests.races.conftest import CROWD, together, without

TEXT = {"proposal": "Create independent posts", "problem": "A problem", "reason": "A reason", "language": "en"}


def one_opinion(person: User, consultation: Consultation) -> None:
    def send() -> int:
        return submission.submit(user=person, consultation=consultation, fields=TEXT, idempotency_key="one").number

    numbers = together(*[send] * CROWD)
    assert len(set(numbers)) == Opinion.objects.count() == Case.objects.count() == 1


def test_w01_32_submits_with_one_key_are_one_opinion(people: list[User], consultation: Consultation) -> None:
    one_opinion(people[0], consultation)


def test_w01_32_first_submits_of_a_newcomer_are_one_opinion(alice: User, consultation: Consultation) -> None:
    one_opinion(alice, consultation)


def test_w01_the_twin_that_only_looks_makes_several(
    people: list[User], consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(author: Any, key: str | None) -> Opinion | None:
        found: Opinion | None = author.opinions.filter(idempotency_key=key).first()
        time.sleep(0.05)
        return found

    monkeypatch.setattr(submission, "_earlier", look)
    with without("consultations_opinion", "opinion_idempotency_key_once"), pytest.raises(AssertionError):
        one_opinion(people[0], consultation)


def test_w07_an_answer_that_was_lost_does_not_double(
    serve: Callable[..., Site], broker: Services, alice: User, consultation: Consultation
) -> None:
    """Eight clients send, hang up before the answer, and try again with the same key."""
    site = serve(broker.redis_url)
    site.know(alice)
    body = json.dumps(TEXT).encode()
    head = (
        f"POST /api/v1/consultations/talent/opinions/ HTTP/1.1\r\nHost: 127.0.0.1\r\nIdempotency-Key: lost\r\n"
        f"Authorization: Token {site.tokens[alice.pk]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    target = urlsplit(site.address)

    def hang_up() -> int:
        with socket.create_connection((str(target.hostname), int(target.port or 80)), 10) as line:
            line.sendall(head + body)
        return 1

    together(*[hang_up] * 8)
    until = time.monotonic() + 20
    while not Opinion.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    first = Opinion.objects.get()
    again = Request(
        f"{site.address}/api/v1/consultations/talent/opinions/",
        body,
        {
            "Idempotency-Key": "lost",
            "Authorization": f"Token {site.tokens[alice.pk]}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(again, timeout=20) as answer:
        assert json.load(answer)["id"] == str(first.pk)
    assert Opinion.objects.count() == 1
