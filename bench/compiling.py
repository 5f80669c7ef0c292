"""Compiling a digest: the whole of it with every document, and what each step and file takes, in seconds and bytes.

Limits: 5 s for a consultation of the largest real size, 30 s and 1.5 GB for 20,000 people and a million votes. Each is
compiled in a process of its own, so that its peak memory is the compiling's alone: "cold" is the first one of a fresh
worker, the next one of the same worker finds libraries and fonts loaded.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench.database import own_database
from bench.registry import Figure, benchmark
from consultations import vectors
from consultations.importing import load
from consultations.importing.generate import Size, generate

#: Sizes as they are written; a fifth of the opinions is not published, and some votes are cast again. With a limit.
SIZES = {"uberx": (Size(1_921, 197, 49_997, 2), 5.0), "million": (Size(20_000, 1_250, 1_260_000, 3), 30.0)}

_COMPILE = """
import json, sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from consultations.models import Consultation
from digests import compile as compiling, content, documents, findings, snapshot
from digests.opendata import pack, rows
from bench.memory import peak
consultation = Consultation.objects.get(slug=sys.argv[2])
took = []
def step(name, made, size=lambda made: None):
    began = time.perf_counter()
    made = made()
    took.append([name, time.perf_counter() - began, size(made)])
    return made
def whole():
    compiling.run(compiling.request(consultation=consultation, wake=False))
peaks = {}
for name in ("whole, cold", "whole, again"):
    step(name, whole)
    peaks[name] = peak()
taken = step("snapshot", lambda: snapshot.take(consultation), lambda taken: len(taken.ballots.numbers))
found = step("findings", lambda: findings.compute(taken))
built = step("content", lambda: content.build(taken.facts, number=1, cutoff_at=taken.cutoff_at, found=found.figures))
files = {}
for form, language in documents.wanted():
    name = documents.name(built, form, language)
    files[name] = step(name, lambda: form.render(built, language or None), len)
secret = rows.secret_of(1, 1, "")
step("open data", lambda: pack.pack(content=built, ballots=taken.ballots, found=found.groups, secret=secret,
                                    documents=files, before=None), lambda packed: len(packed[1].data))
print(json.dumps({"took": took, "peaks": peaks}))
"""


@benchmark("compiling")
def compiling() -> Iterator[Figure]:
    """Both sizes, vectors written beforehand, as a worker does."""
    with own_database(), tempfile.TemporaryDirectory() as scratch:
        for name, (size, limit) in SIZES.items():
            folder = Path(scratch) / name
            generate(folder=folder, size=size, seed=1)
            load.import_consultation(folder=folder, slug=name)
            vectors.write_due()
            found = _compiled(name)
            for what, seconds, amount in found["took"]:
                told = "" if amount is None else f", {amount:,} {'votes' if what == 'snapshot' else 'bytes'}"
                yield Figure(f"{name}: {what}{told}", seconds, "limit", limit, found["peaks"].get(what))


def _compiled(slug: str) -> dict[str, Any]:
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    done = subprocess.run([sys.executable, "-c", _COMPILE, name, slug], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
