"""Crowds with real connections, and the functions of the database taken apart for twins."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

import pytest
from django.db import close_old_connections, connection, connections
from django.utils import timezone

from accounts.models import Society, User
from common.postgres.base import DatabaseWrapper
from consultations import roll
from consultations.models import Consultation, Opinion, OpinionVersion, RollEntry
from tests.conftest import Make
from tests.ops.conftest import broker, serve, static_folder

__all__ = ["broker", "serve", "static_folder"]

CROWD = 32
Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def connections_for_a_crowd(transactional_db: None) -> Iterator[None]:
    """The pool of this process holds as many connections as the crowd has people, and some more."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    before = dict(pool)
    close_all()
    pool.update(max_size=CROWD + 8, timeout=60)
    yield
    close_all()
    pool.update(before)


def close_all() -> None:
    """End this thread's connection and the pool, so that the next one is made as the settings say."""
    connection.close()
    cast("DatabaseWrapper", connections["default"]).close_pool()


def together(*acts: Callable[[], Result]) -> list[Result]:
    """Run each act in a thread with a connection of its own; all begin at the same moment. The first error is raised."""
    barrier, found, errors = threading.Barrier(len(acts)), {}, []

    def run(number: int, act: Callable[[], Result]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(60)
            found[number] = act()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    close_old_connections()
    if errors:
        raise next((e for e in errors if not isinstance(e, threading.BrokenBarrierError)), errors[0])
    return [found[n] for n in range(len(acts))]


@pytest.fixture
def people(make_user: Make, society: Society, consultation: Consultation) -> list[User]:
    """As many members as the crowd, on the roll, who have acted here before."""
    made = [make_user(f"Voter{n}", society) for n in range(CROWD)]
    roll.make(consultation)
    RollEntry.objects.update(fixed_at=timezone.now())
    return made


@pytest.fixture
def opinions(consultation: Consultation) -> list[Opinion]:
    """Eight published opinions."""
    made = []
    for number in range(1, 9):
        opinion = Opinion.objects.create(consultation=consultation, number=number, language="en")
        opinion.version = OpinionVersion.objects.create(
            opinion=opinion, number=1, votes_since=1, proposal=f"Proposal {number}", problem="Text", reason="Text"
        )
        opinion.state, opinion.publish_sequence, opinion.published_at = "published", number, timezone.now()
        opinion.save()
        made.append(opinion)
    Consultation.objects.update(last_number=len(made), last_publish_sequence=len(made))
    return made


@contextmanager
def changed_cast(*changes: tuple[str, str]) -> Iterator[None]:
    """The database's function for voting with some of its text replaced: a twin, or a pause in a certain place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('consultations_cast'::regproc)")
        original = text = cursor.fetchone()[0]
        for old, new in changes:
            assert old in text, f"not in the function any more: {old}"
            text = text.replace(old, new)
        cursor.execute(text)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(original)


#: Parts of the function that twins change.
LOCK = "PERFORM pg_advisory_xact_lock_shared(1, the_consultation::integer);"
STORE = "    INSERT INTO consultations_vote AS vote"


@contextmanager
def without(table: str, constraint: str) -> Iterator[None]:
    """A rule of the database dropped for a twin; what broke it is thrown away before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute("RESET session_replication_role")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")


def deadlocks() -> int:
    """How many deadlocks the server has broken in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
