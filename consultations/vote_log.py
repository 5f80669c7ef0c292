"""Keeping the vote log: one partition a month, made ahead, dropped when its time is over."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction

from common import db

_TABLE = "consultations_votelog"
_NAME = re.compile(rf"^{_TABLE}_(\d{{4}})_(\d{{2}})$")

# Rows of that month which the partition for strays took meanwhile move into it; it is locked first, so none is missed.
_MAKE = """
LOCK TABLE {table}_stray IN ACCESS EXCLUSIVE MODE;
CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
WITH moved AS (DELETE FROM {table}_stray WHERE created_at >= '{start}' AND created_at < '{end}' RETURNING *)
    INSERT INTO {name} SELECT * FROM moved;
ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}');
"""


def keep(now: datetime | None = None) -> tuple[list[str], list[str]]:
    """Make the partitions of this and the next month, drop those past their time; gives the names of both.

    `VOTE_LOG_MONTHS` full months are kept beside the current one. Idempotent, one run at a time. A vote waits for it at most a moment: when the tables are busy for two seconds it fails, and the next run tries
    again.
    """
    month = _first((now or db.now()).astimezone(UTC))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute(f"LOCK TABLE {_TABLE} IN SHARE UPDATE EXCLUSIVE MODE")  # one keeper at a time; votes go on
        there = partitions()
        made = [name for name in (_make(m, there) for m in (month, _later(month, 1))) if name]
        dropped = [name for name, start in there.items() if start < _later(month, -settings.VOTE_LOG_MONTHS)]
        for name in dropped:
            cursor.execute(f"DROP TABLE {name}")
        cursor.execute(
            f"DELETE FROM {_TABLE}_stray WHERE created_at < %s",  # noqa: S608
            [_later(month, -settings.VOTE_LOG_MONTHS)],
        )
    return made, dropped


def partitions() -> dict[str, datetime]:
    """The monthly partitions and when each starts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [_TABLE])
        names = [row[0] for row in cursor.fetchall()]
    found = ((name, _NAME.match(name)) for name in sorted(names))
    return {name: datetime(int(m[1]), int(m[2]), 1, tzinfo=UTC) for name, m in found if m}


def _make(month: datetime, there: dict[str, datetime]) -> str:
    name = f"{_TABLE}_{month:%Y_%m}"
    if name in there:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE.format(table=_TABLE, name=name, start=month.isoformat(), end=_later(month, 1).isoformat()))
    return name


def _first(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def _later(month: datetime, months: int) -> datetime:
    years, index = divmod(month.month - 1 + months, 12)
    return datetime(month.year + years, index + 1, 1, tzinfo=UTC)
