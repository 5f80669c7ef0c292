"""Processes beside the test: a Celery worker, or one scan, on the database and mail server of the test."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests import site

SCAN = "import django; django.setup(); from notifications import delivery; print(delivery.run())"


def environment(settings: Any, **more: str) -> dict[str, str]:
    """The environment of a process that shares database, broker and mail server with this test."""
    url = f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return {**site.environment(8000, SAMPLE_SITE="0", EMAIL_URL=url), **more}


def scan(settings: Any, **more: str) -> "subprocess.Popen[str]":
    """One scan in a process of its own."""
    env = environment(settings, **more)
    return subprocess.Popen([sys.executable, "-c", SCAN], cwd=site.ROOT, env=env, stdout=subprocess.PIPE, text=True)


@contextmanager
def celery_worker(settings: Any, *, queues: str = "mail", **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A real worker; it is ended with the block, and killed when it does not end."""
    command = [
        sys.executable, "-m", "celery", "--app", "config.celery", "worker", "--pool", "solo", "--queues", queues,
        "--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    worker = subprocess.Popen(command, cwd=site.ROOT, env=environment(settings, **more))
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            worker.kill()


def wait_until(holds: Callable[[], bool], *, seconds: float = 40) -> None:
    """Wait for something that another process brings about."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)
