"""The database engine: `ENGINE = "common.postgres"`, with `CONN_HEALTH_CHECKS` off.

After a restart of the database every idle connection of the pool is dead. The pool's own check finds them one
by one and waits longer after each, so that a handful makes the first requests fail. Here the first dead one
found makes the pool look through all of them at once.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a connection from the pool, and another one when that is dead."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        pool = self.pool
        if pool is None:
            return connection
        try:
            ConnectionPool.check_connection(connection)
        except psycopg.OperationalError:
            pool.putconn(connection)  # found dead: given back, it is thrown away
            pool.check()
            connection = super().get_new_connection(conn_params)
        return connection
