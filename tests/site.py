"""The whole platform on a test database: web server, worker and beat as processes of their own.

The browser tests and the pictures of the README use it.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the database that the tests use now (not the one they were started with)."""
    facts = connection.settings_dict
    host, port = quote(str(facts["HOST"]), safe=""), f":{facts['PORT']}" if facts["PORT"] else ""
    password = f":{quote(str(facts['PASSWORD']))}" if facts["PASSWORD"] else ""
    return f"postgres://{facts['USER']}{password}@{host}{port}/{facts['NAME']}"


def environment(port: int, **more: str) -> dict[str, str]:
    """The environment of a site on this machine that shares the tests' database, broker and folders."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "TEST_VAR_DIR": str(settings.VAR_DIR),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BIND": "127.0.0.1",
        "TEST_SITE_URL": f"http://127.0.0.1:{port}",
        "SAMPLE_SITE": "1",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*, only_web: bool = False, **more: str) -> Iterator[str]:
    """Start web, worker and beat (or the web server alone); gives the address; ends them."""
    port = free_port()
    env = environment(port, **more)
    python = [sys.executable, "-m"]
    beat_file = Path(settings.VAR_DIR) / f"beat-{port}"
    commands = [
        [*python, "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
         "--no-ws", "--log-level", "warning", "config.wsgi:application"],
        [*python, "celery", "--app", "config.celery", "worker", "--pool", "threads", "--concurrency", "2", "--queues",
         "mail,default,documents,vectors", "--loglevel", "warning", "--without-gossip", "--without-mingle"],
        [*python, "celery", "--app", "config.celery", "beat", "--loglevel", "warning", "--schedule", str(beat_file)],
    ]  # fmt: skip
    children = [subprocess.Popen(c, env=env, cwd=ROOT) for c in commands[: 1 if only_web else None]]
    try:
        _wait(f"http://127.0.0.1:{port}/health/live")
        yield f"http://127.0.0.1:{port}"
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()


def _wait(address: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")
