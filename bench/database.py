"""A database of its own for benchmarks, made and dropped around a block."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import setup_databases, teardown_databases


@contextmanager
def own_database() -> Iterator[None]:
    """A fresh, migrated database beside the configured one, which stays untouched."""
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
