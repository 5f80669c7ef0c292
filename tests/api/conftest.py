"""Calls to the API as somebody, and published opinions to call it about."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from rest_framework.authtoken.models import Token

from accounts.models import User
from consultations import moderation, submission
from consultations.models import Case, Consultation, Opinion

V1 = "/api/v1"
TEXT = {"proposal": "Give postdocs contracts of three years", "problem": "They leave.", "reason": "Time to finish."}


class Api:
    """A client that speaks JSON and signs in with a token."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            token, _made = Token.objects.get_or_create(user=user)
            self.headers["Authorization"] = f"Token {token.key}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = headers.pop("content_type", "application/json")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"{V1}{path}", data, kind, headers={**self.headers, **named})

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Nothing is collected for tests, but the folder is looked at."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """What an earlier test used up is no concern of this one."""
    cache.clear()


@pytest.fixture
def api() -> Callable[..., Api]:
    return Api


@pytest.fixture
def publish(alice: User, bob: User, consultation: Consultation) -> Callable[..., Opinion]:
    """Submit as Alice (or somebody else), publish as Bob."""

    def make(proposal: str = TEXT["proposal"], user: User = alice, **fields: Any) -> Opinion:
        opinion = submission.submit(
            user=user, consultation=consultation, fields={**TEXT, "proposal": proposal, **fields}
        )
        return moderation.publish(actor=bob, case=Case.objects.get(opinion=opinion))

    return make


@pytest.fixture
def opinion(publish: Callable[..., Opinion]) -> Opinion:
    return publish()
