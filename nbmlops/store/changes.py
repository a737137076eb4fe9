"""Whether a database was written since one last looked, for the price of one short question."""

import threading

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from nbmlops.errors import StoreTooNew
from nbmlops.store import tables
from nbmlops.store.dialects import Dialect


class Changes:
    """Asks a database whether it was written, on a connection that does nothing else.

    The connection is made when it is first asked, and anew where it was lost.
    """

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self._engine, self._dialect = engine, dialect
        self._guard = threading.Lock()
        self._connection: Connection | None = None
        self._connected = 0  # times: what two connections say cannot be compared
        self._last = ""

    def now(self) -> str:
        """Return a text that is another one when something was committed since.

        Raises
        ------
        StoreTooNew
            What was committed is a schema that is not ours.
        """
        with self._guard:
            if self._connection is None:
                self._connection = self._engine.connect()
                self._connection.detach()  # the pool may have no more than one
                self._connected += 1
            try:
                found = f"{self._connected}-{self._dialect.change(self._connection)}"
                if found != self._last:
                    self._check(self._connection)
                self._last = found
                return found
            except DatabaseError:
                self._drop()
                raise

    def close(self) -> None:
        """Give the connection back."""
        with self._guard:
            self._drop()

    def _check(self, connection: Connection) -> None:
        schema = connection.scalar(select(tables.alembic_version.c.version_num))
        connection.rollback()
        if schema != tables.SCHEMA:
            raise StoreTooNew(self._dialect.url, str(schema), tables.SCHEMA)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
