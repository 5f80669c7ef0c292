"""The real web server as a process of its own, beside a broker that can be stopped."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.db import connection
from rest_framework.authtoken.models import Token

from accounts.models import User
from config.services import Services

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The address of the test database, for another process."""
    found = connection.settings_dict
    host, port = quote(found["HOST"], safe=""), f":{found['PORT']}" if found["PORT"] else ""
    secret = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{secret}@{host}{port}/{found['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Nothing is collected for tests, but the folder is looked at."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def broker() -> Iterator[Services]:
    """A broker of this test's own."""
    with TemporaryDirectory(prefix="summit-broker-") as folder:
        services = Services(Path(folder))
        services._make_socket_directory()
        services._start_valkey()
        yield services
        services.stop()


@dataclass
class Site:
    """A running web server."""

    address: str
    tokens: dict[object, str] = field(default_factory=dict)

    def know(self, *people: User) -> None:
        """Make their tokens ready, so that threads that call need no database of their own."""
        for user in people:
            self.tokens[user.pk] = Token.objects.get_or_create(user=user)[0].key

    def call(
        self, method: str, path: str, body: Any = None, user: User | None = None
    ) -> tuple[int, dict[str, Any], float]:
        """Status, answer and seconds."""
        headers = {"Content-Type": "application/json"}
        if user is not None:
            if user.pk not in self.tokens:
                self.know(user)
            headers["Authorization"] = f"Token {self.tokens[user.pk]}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}{path}", data, headers, method=method)
        began = time.monotonic()
        try:
            with urlopen(request, timeout=20) as answer:
                status, content = answer.status, answer.read()
        except HTTPError as error:
            status, content = error.code, error.read()
        return status, json.loads(content or b"{}"), time.monotonic() - began


def environment(**more: str) -> dict[str, str]:
    """What a web process needs; nothing of the test's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SECRET_KEY") if name in os.environ}
    return {
        "SECRET_KEY": "for the tests only, never used for anything else 0123456789",
        **kept,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url(),
        "VAR_DIR": os.environ["VAR_DIR"],
        "PYTHONWARNINGS": "ignore",
        **more,
    }


@pytest.fixture
def serve(transactional_db: None) -> Iterator[Callable[..., Site]]:
    """Start the production web server on the test database."""
    started: list[subprocess.Popen[bytes]] = []

    def start(redis_url: str, **more: str) -> Site:
        port = free_port()
        site = Site(f"http://127.0.0.1:{port}")
        command = ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws", "config.wsgi:application"]
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment(REDIS_URL=redis_url, SITE_URL=site.address, **more)
        )
        started.append(process)
        for _ in range(200):
            try:
                if site.call("GET", "/health/live")[0] == 200:
                    return site
            except (URLError, OSError):
                assert process.poll() is None, "the web server ended"
                time.sleep(0.1)
        raise AssertionError("the web server did not come up")

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)
