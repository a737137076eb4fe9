"""Whether a database was written since one last looked, for the price of one short question."""

import threading

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

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

    def now(self) -> str:
        """Return a text that is another one when something was committed since."""
        with self._guard:
            if self._connection is None:
                self._connection = self._engine.connect()
                self._connection.detach()  # the pool may have no more than one
                self._connected += 1
            try:
                return f"{self._connected}-{self._dialect.change(self._connection)}"
            except DatabaseError:
                self._drop()
                raise

    def close(self) -> None:
        """Give the connection back."""
        with self._guard:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
