"""A worker killed in the middle of compiling: nothing half is left, and another worker finishes."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations.models import Consultation
from digests import compile as compiling
from digests import tasks
from digests.models import Compilation, Document, Edition
from tests.digests.conftest import Publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

KILLED = """
import django, os, signal
django.setup()
from digests import compile as compiling, content, snapshot, documents
from digests.models import Compilation
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{place} = die
compiling.run(Compilation.objects.get())
"""


@pytest.mark.parametrize("place", ["snapshot._read", "content.build", "documents.name", "compiling.Work.finish"])
def test_a_killed_worker_leaves_nothing_half(consultation: Consultation, publish: Publish, place: str) -> None:
    publish()
    compilation = compiling.request(consultation=consultation, wake=False)
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = KILLED.format(place=place)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == -9, done.stderr
    assert not Edition.objects.exists()
    assert not Document.objects.exists()
    assert Compilation.objects.get().state == "running"

    Compilation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume_compilations()
    compilation.refresh_from_db()
    assert (compilation.state, compilation.attempts) == ("done", 2)
    names = Edition.objects.get().documents.values_list("name", flat=True)
    assert {name.rsplit(".", 1)[-1] for name in names} >= {"pdf", "docx", "hwpx", "xlsx", "csv", "json"}
