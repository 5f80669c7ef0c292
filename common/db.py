"""Small things that only PostgreSQL can say."""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

import psycopg
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


def prepared_row(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """The one row of a statement that the server keeps prepared on each connection: parsed and planned once.

    For the few statements that run thousands of times a second. Django's own cursor writes the values into the text and has
    it planned anew each time, which costs twice what casting a vote does. Errors and transactions are Django's.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(statement, parameters, prepare=True).fetchone()
    if connection.queries_logged:  # tests count queries
        connection.queries_log.append({"sql": statement, "time": "0"})
    assert row is not None
    return tuple(row)
