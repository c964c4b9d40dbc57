"""Django's PostgreSQL backend with two savings for the few things that every page does.

- A pooled connection is looked at (did the server close it?) instead of asked: a closed one is replaced before anybody notices, and a
  living one costs no statement.
- ``prepared_cursor()`` sends its parameters apart, so that the server plans a statement once a connection. For
  ``linimasa.prepared``; behind a pooler that shares connections within a session, PgBouncer must be 1.21 or newer.
"""

from __future__ import annotations

import select
from typing import Any, cast

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg_pool import ConnectionPool

MOST_CLOSED = 20  # closed connections that one request may meet before it takes what it gets


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """From the pool: one that the server has not closed, as far as this end knows."""
        for _ in range(MOST_CLOSED):
            connection = super().get_new_connection(conn_params)
            if not self.pool or is_open(connection):
                return connection
            connection.close()
            self.pool.putconn(connection)  # the pool makes another one in its place
        return super().get_new_connection(conn_params)

    def prepared_cursor(self) -> Any:
        """Like ``cursor()`` (wrapped, counted), with parameters bound by the server and statements planned once."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return cast(Any, self)._prepare_cursor(cast(Any, base.ServerBindingCursor)(self.connection))  # both unknown to the stubs


def is_open(connection: Any) -> bool:
    """Whether the server has not closed an idle connection. Asks it (an empty statement) only if something has arrived on the line."""
    try:
        line = select.poll()
        line.register(connection.fileno(), select.POLLIN)
        if line.poll(0):
            ConnectionPool.check_connection(connection)
    except (Error, OSError, ValueError):
        return False
    return not connection.closed
