"""Emptying the test database after tests that commit."""

from collections.abc import Iterator

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def flush_in_spite_of_insert_only_tables() -> Iterator[None]:
    """The triggers that keep decisions and editions forever would refuse the flush too: off for it alone."""
    flush = DatabaseOperations.execute_sql_flush

    def execute(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute)
        yield
