"""A server of the benchmarks with the production settings on loopback, and a few connections that ask it for pages."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.models import Consent, User

CLIENTS = 4
SECONDS = 3.0


class Load(NamedTuple):
    """Pages a second, and the 99th percentile in milliseconds."""

    rate: float
    p99: float


def cookie_of(person: User) -> str:
    """The cookie of a session of this person, who has agreed to the privacy notice."""
    Consent.objects.create(user=person, version=settings.PRIVACY_NOTICE_VERSION)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["consent_version"] = settings.PRIVACY_NOTICE_VERSION
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def serving(scratch: Path) -> Iterator[int]:
    """The port of a server on the database of this connection; one process, four threads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    facts = connection.settings_dict
    host = quote(str(facts["HOST"]), safe="")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{facts['USER']}:{facts['PASSWORD']}@{host}:{facts['PORT']}/{facts['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SAMPLE_SITE": "0",
        "VAR_DIR": str(scratch),
    }
    python = [sys.executable, "-m"]
    subprocess.run(
        [*python, "django", "collectstatic", "--noinput", "-v0"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    serve = ["granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws",
             "--log-level", "error", "config.wsgi:application"]  # fmt: skip
    child = subprocess.Popen([*python, *serve], env=environment)
    try:
        _wait(port)
        yield port
    finally:
        child.terminate()
        child.wait(20)


def _wait(port: int) -> None:
    for _try in range(150):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def load(port: int, path: str, cookie: str = "") -> Load:
    """Ask for a page (`{n}` in the path is another number each time) on a few connections for some seconds, after a second of warming up."""
    _ask(port, path, cookie, time.perf_counter() + 1, [], count(1_000_000))
    times: list[float] = []
    numbers = count()
    until = time.perf_counter() + SECONDS
    threads = [threading.Thread(target=_ask, args=(port, path, cookie, until, times, numbers)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return Load(len(times) / SECONDS, 1000 * times[int(len(times) * 0.99)])


def _ask(port: int, path: str, cookie: str, until: float, times: list[float], numbers: "count[int]") -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie} if cookie else {}
    while (began := time.perf_counter()) < until:
        client.request("GET", path.replace("{n}", str(next(numbers))), headers=headers)
        answer = client.getresponse()
        answer.read()
        assert answer.status == 200, (path, answer.status)
        times.append(time.perf_counter() - began)
    client.close()
