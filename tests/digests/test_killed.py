"""A worker killed in the middle of compiling: nothing half is left, and another worker finishes within a minute (Q07)."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from consultations import vectors
from consultations.models import Consultation
from digests import compile as compiling
from digests import documents, tasks, working
from digests.models import Compilation, Document, Edition
from tests.digests.conftest import Publish
from tests.digests.worlds import World
from tests.workers import celery_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

KILLED = """
import django, os, signal
django.setup()
from digests import compile as compiling, content, snapshot, documents, findings, editions
from digests.opendata import pack
from digests.models import Compilation
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{place} = die
compiling.run(Compilation.objects.get())
"""
RUN = """
import django; django.setup()
from digests import compile as compiling, documents, findings, snapshot
from digests.models import Compilation
compiling.run(Compilation.objects.get())
"""
PLACES = (
    "snapshot._read", "findings.compute", "content.build", "documents.name", "pack.pack", "editions.lock", "compiling.Work.finish",
)  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    return os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"} | more


def nothing_half() -> None:
    assert not Edition.objects.exists()
    assert not Document.objects.exists()


def lapse(compilation: Compilation) -> None:
    """The lease holds half a minute at most after its worker died; then it is free."""
    compilation.refresh_from_db()
    assert compilation.state == "running" and compilation.lease_until is not None
    assert compilation.lease_until - timezone.now() <= working.LEASE <= timedelta(seconds=30)
    Compilation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("place", PLACES)
def test_q07_killed_in_each_step_leaves_nothing_half(
    consultation: Consultation, publish: Publish, place: str, tmp_path: Path
) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    code = KILLED.format(place=place)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(TMPDIR=str(tmp_path)), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    nothing_half()
    assert list(tmp_path.iterdir()) == [], "no file is left behind"
    lapse(compilation)
    tasks.resume_compilations()
    compilation.refresh_from_db()
    assert (compilation.state, compilation.attempts) == ("done", 2)
    assert Edition.objects.get().documents.count() == len(list(documents.wanted())) + 2


def begun(consultation: Consultation) -> "subprocess.Popen[bytes]":
    """A worker in a process of its own that has just taken the request."""
    Edition.objects.all().delete()
    Compilation.objects.all().delete()
    compiling.request(consultation=consultation, wake=False)
    process = subprocess.Popen([sys.executable, "-c", RUN], env=environment(), stderr=subprocess.DEVNULL)
    wait_until(lambda: Compilation.objects.exclude(state="queued").exists(), seconds=60)
    return process


@pytest.mark.timeout(900)  # thirty starts of a process with the numeric libraries
def test_q07_killed_at_any_moment(world: World) -> None:
    """Thirty kills at random moments of the work: each time all of an edition is there, or nothing."""
    vectors.write_due()
    whole, seen, draw = len(list(documents.wanted())) + 2, [], random.Random(7)
    process, started = begun(world.consultation), time.monotonic()
    assert process.wait(120) == 0
    takes = time.monotonic() - started
    for _ in range(30):
        process = begun(world.consultation)
        time.sleep(draw.uniform(0, takes))
        process.kill()
        process.wait(30)
        compilation = Compilation.objects.get()
        seen.append((compilation.state, compilation.step))
        if compilation.state == "done":
            assert Edition.objects.get().documents.count() == whole
        else:
            nothing_half()
    assert len(set(seen)) > 2, seen
    Edition.objects.all().delete()
    Compilation.objects.update(
        state="running", attempts=1, lease_until=timezone.now() - timedelta(seconds=1), edition=None
    )
    tasks.resume_compilations()
    assert Edition.objects.get().documents.count() == whole


def test_q07_another_worker_goes_on_within_a_minute(
    consultation: Consultation, publish: Publish, settings: Any
) -> None:
    """A real worker is killed while it has the request; a second one, woken by the clock alone, finishes it."""
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(place="documents.name")],
        env=environment(),
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL
    died = time.monotonic()
    with celery_worker(settings, queues="documents"):
        while time.monotonic() - died < 60 and not Edition.objects.exists():
            tasks.resume_compilations.delay()  # as beat does, every twenty seconds
            time.sleep(5)
    compilation.refresh_from_db()
    assert compilation.state == "done"
    assert time.monotonic() - died < 75
