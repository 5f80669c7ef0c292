"""`make run` as a newcomer meets it: it comes up, survives what kills its processes, and leaves nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config import leftovers
from tests.site import ROOT, free_port

pytestmark = pytest.mark.long
#: What the environment of this test run says of its own servers; a newcomer has none of it.
OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "SAMPLE_SITE",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
}


class Copy:
    """One running copy of the platform with a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.start()

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PYTEST")}
        environment |= {"VAR_DIR": str(self.var), "PORT": str(self.port)}
        self.log = self.var.with_suffix(".log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.run"], cwd=ROOT, env=environment, stdout=self.log, stderr=self.log
        )
        self.wait_until(self.answers, 90)

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=3) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            time.sleep(0.25)
        pytest.fail(f"waited {seconds} s in vain\n{self.var.with_suffix('.log').read_text()[-3000:]}")

    def processes(self) -> list[psutil.Process]:
        return leftovers.marked(self.var)

    def named(self, *words: str) -> list[psutil.Process]:
        found = []
        with contextlib.suppress(OSError, psutil.Error):
            # Valkey writes its title over its environment, so its mark cannot be read.
            if words == ("valkey-server",):
                found.append(psutil.Process(int((self.var / "run" / "valkey.pid").read_text())))
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                if all(word in " ".join(process.cmdline()) for word in words):
                    found.append(process)
        return found

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        self.log.close()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    made = Copy(tmp_path / "a folder with spaces")
    yield made
    made.stop()
    leftovers.end(made.var)


def test_it_comes_up_stops_and_keeps_its_data(copy: Copy) -> None:
    secret = (copy.var / "secret-key").read_text()
    assert len(copy.named("celery", "worker")) >= 1
    copy.process.send_signal(signal.SIGINT)
    assert copy.process.wait(60) == 0
    copy.wait_until(lambda: copy.processes() == [], 10)
    copy.start()
    assert (copy.var / "secret-key").read_text() == secret
    with urllib.request.urlopen(f"http://127.0.0.1:{copy.port}/consultations/talent/") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "words",
    [
        ("granian",),
        ("celery", "worker"),
        ("celery", "beat"),
        ("postgres", "-D"),
        ("valkey-server",),
        ("honcho",),
        ("config.leftovers",),
    ],
    ids=lambda words: " ".join(words),
)
def test_kill_9_of_any_process_is_survived(copy: Copy, words: tuple[str, ...]) -> None:
    for process in copy.named(*words):
        with contextlib.suppress(psutil.Error):
            process.kill()
    time.sleep(1)
    copy.wait_until(lambda: copy.answers() and bool(copy.named(*words)), 60)


def test_kill_9_of_the_supervisor_leaves_nothing(copy: Copy) -> None:
    copy.process.kill()
    copy.process.wait()
    copy.wait_until(lambda: copy.processes() == [], 40)
    copy.start()
    assert copy.answers()


def test_two_copies_run_beside_each_other(copy: Copy, tmp_path: Path) -> None:
    other = Copy(tmp_path / "another")
    try:
        assert copy.answers()
        assert other.answers()
        assert copy.port != other.port
    finally:
        other.stop()
    assert copy.answers()
