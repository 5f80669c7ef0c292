"""`make run` as a newcomer meets it: it comes up, survives what kills its processes, and leaves nothing behind."""

import contextlib
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config import leftovers
from tests.copies import Copy

pytestmark = pytest.mark.long


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
