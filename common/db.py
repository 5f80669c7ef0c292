"""Small things that only PostgreSQL can say."""

from datetime import datetime
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """First key of the advisory locks; the second is the row's id."""

    CONSULTATION = 1
    EDITION = 2
    SCHEDULE = 3


def lock_shared(kind: Lock, key: int) -> None:
    """Take the shared advisory lock until the end of the transaction; shared holders never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [int(kind), key])


def lock_exclusive(kind: Lock, key: int) -> None:
    """Take the exclusive advisory lock until the end of the transaction; waits for every shared holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(kind), key])


def now() -> datetime:
    """The database's clock at this statement (not at the start of the transaction)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment
