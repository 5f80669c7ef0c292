"""Opinion groups: ours beside red-dwarf on exported consultations, and five million generated votes.

Every measurement runs in a process of its own, so that its peak memory is its alone; packages are loaded and votes read before the
clock starts. red-dwarf gets an environment of its own under VAR_DIR, built once from requirements-peer.txt; it
stops on revotes, so both get last votes only, on published opinions. Both are told k = 2, as published; ours draws people again to say
whether the division repeats, which red-dwarf does not do; red-dwarf makes statistics by opinion, so ours counts them too.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.measures import adjusted_rand
from bench import memory
from bench.registry import Figure, benchmark
from config import local
from consultations.importing import read
from consultations.models.opinions import State

PEER = "red-dwarf 0.4.0"
REQUIREMENTS = Path(__file__).with_name("requirements-peer.txt")
NAMES = ("affordable-housing", "brexit-consensus", "canadian-electoral-reform", "uberx")
#: What groups of five million votes and what is agreed across them may take, and one consultation where there is no peer.
LIMIT, ALONE_LIMIT = 5.0, 1.0

_END = f"""
import runpy
peak = runpy.run_path({str(Path(memory.__file__))!r})["peak"]()
print(json.dumps({{"seconds": took, "peak": peak, "labels": labels, "k": k}}))
"""

_OURS = (
    """
import json, sys, time
import numpy as np
from analysis import across, groups, representative, votes
from analysis.votes import matrix
given = np.load(sys.argv[1])
who, what, value = given["who"], given["what"], given["value"]
k = json.loads(sys.argv[2])
began = time.perf_counter()
made = matrix(who, what, value)
found = groups.find(made, k=k)
counts = across.counts(made, found.labels)
if found.k > 1:
    across.agreed(counts), representative.representative(counts)
took = time.perf_counter() - began
labels = dict(zip(map(str, made.participants.tolist()), found.labels.tolist())) if len(found.labels) < 10_000 else {}
k = found.k
"""
    + _END
)

_PEER = (
    """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from reddwarf.implementations.polis import run_pipeline
given = np.load(sys.argv[1])
rows = [
    {"participant_id": int(p), "statement_id": int(s), "vote": int(v), "modified": i}
    for i, (p, s, v) in enumerate(zip(given["who"], given["what"], given["value"]))
]
k = json.loads(sys.argv[2])
began = time.perf_counter()
found = run_pipeline(votes=rows, force_group_count=k, random_state=0)
took = time.perf_counter() - began
named = found.participants_df["cluster_id"].dropna()
labels = {str(int(p)): int(c) for p, c in named.items()}
"""
    + _END
)

_MILLIONS = (
    """
import json, sys, time
import numpy as np
from analysis import across, groups
from analysis.measures import adjusted_rand
from analysis.votes import matrix
chance = np.random.default_rng(1)
people, opinions, count = 100_000, 2_000, 5_000_000
own = chance.integers(3, size=people).astype(np.int8)
agreed = chance.choice([0.1, 0.9], (3, opinions)).astype(np.float32)
who, what = (chance.integers(n, size=count, dtype=np.int32) for n in (people, opinions))
value = np.where(chance.random(count, dtype=np.float32) < agreed[own[who], what], 1, -1).astype(np.int8)
began = time.perf_counter()
made = matrix(who, what, value)
del who, what, value
building = time.perf_counter() - began
began = time.perf_counter()
found = groups.find(made)
across.agreed(across.counts(made, found.labels))
took = time.perf_counter() - began
labels = {"building": building, "index": adjusted_rand(own, found.labels)}
k = found.k
"""
    + _END
)


@dataclass(frozen=True)
class Outcome:
    """Seconds, peak megabytes, the number of groups, and what the script found by name (groups of people, or figures)."""

    seconds: float
    memory: float
    k: int
    found: dict[str, float]


@benchmark("groups")
def groups() -> Iterator[Figure]:
    """Four consultations against the peer and the published groups; then five million votes with k chosen."""
    peer = _peer()
    with tempfile.TemporaryDirectory() as scratch:
        for name in NAMES:
            if (folder := _folder(name)) is None:
                print(f"{name} is not beside the checkout: not measured")
                continue
            yield from _consultation(name, folder, Path(scratch) / f"{name}.npz", peer)
    yield from _millions()


def _consultation(name: str, folder: Path, file: Path, peer: Path | None) -> Iterator[Figure]:
    published = _write(folder, file)
    theirs = _run(peer, _PEER, str(file), "2") if peer else None
    for k in ("2", "null"):
        ours = _run(Path(sys.executable), _OURS, str(file), k)
        what = f"{name}, k {'given' if k == '2' else 'chosen: '}{'' if k == '2' else ours.k}, index {_index(published, ours)}"
        if theirs is None:
            yield Figure(what, ours.seconds, "limit, no peer", ALONE_LIMIT, ours.memory)
        else:
            limit = f"{PEER}, k given, index {_index(published, theirs)}, {theirs.memory:,.0f} MB"
            yield Figure(what, ours.seconds, limit, theirs.seconds, ours.memory)


def _millions() -> Iterator[Figure]:
    done = _run(Path(sys.executable), _MILLIONS)
    what = f"5 million votes, 3 groups planted, k chosen: {done.k}, index {done.found['index']:.3f}, with agreement"
    yield Figure(what, done.seconds, "limit, 1,000 MB", LIMIT, done.memory)
    yield Figure("5 million votes into the matrix", done.found["building"], "limit", LIMIT, done.memory)


def _run(python: Path, script: str, *arguments: str) -> Outcome:
    """Run a script that ends with `_END` in a process of its own."""
    done = subprocess.run([str(python), "-c", script, *arguments], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Outcome(found["seconds"], found["peak"], found["k"] or 0, found["labels"])


def _index(published: dict[str, int], outcome: Outcome) -> str:
    """Agreement with the published groups over the people that are in a group in both."""
    both = sorted(who for who, label in outcome.found.items() if label >= 0 and who in published)
    if not both:
        return "none"
    return f"{adjusted_rand([published[who] for who in both], [outcome.found[who] for who in both]):.2f} of {len(both)}"


def _folder(name: str) -> Path | None:
    """The export beside the checkout, or beside a folder above it."""
    above = Path(__file__).resolve().parents[2:]
    return next((f for folder in above if (f := folder / "shared" / "data" / "polis" / name).is_dir()), None)


def _write(folder: Path, file: Path) -> dict[str, int]:
    """Write the last votes on published opinions; give the published groups."""
    export = read.open_export(folder)
    last = {
        (int(row.voter), row.comment): row.value
        for row in sorted(read.votes(export), key=lambda row: (row.at, row.line))
        if export.comments[row.comment].state == State.PUBLISHED
    }
    who, what = np.array(list(last)).T
    np.savez(file, who=who, what=what, value=np.array(list(last.values())))
    with (folder / "participants-votes.csv").open(newline="", encoding="utf-8") as rows:
        return {r["participant"]: int(r["group-id"]) for r in csv.DictReader(rows) if r["group-id"]}


def _peer() -> Path | None:
    """The Python of the peer's environment, made when it is not there; None, with a line that says so, where it cannot be."""
    home = local.var_folder() / "peer"
    python, ready = home / "bin" / "python", home / "ready"
    if ready.exists() and ready.read_text() == REQUIREMENTS.read_text():
        return python
    began = time.perf_counter()
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{PEER} could not be installed, so ours is measured alone: {done.stderr.strip().splitlines()[-1:]}")
            return None
    ready.write_text(REQUIREMENTS.read_text())
    print(f"{PEER} installed in {home}, {time.perf_counter() - began:.0f} s")
    return python
