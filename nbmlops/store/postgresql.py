"""A store in a PostgreSQL database: how it is opened, what its errors mean, who may write.

The tables are in the first schema of the search path; another one of the same database is named
by ``postgresql://host/database?options=-csearch_path=NAME``.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from nbmlops.errors import (
    DatabaseMissing,
    NotAStore,
    ServerAway,
    ServerRefuses,
    StoreError,
    StoreNotWritable,
    StoreUnavailable,
    UnsupportedStore,
)
from nbmlops.store import tables
from nbmlops.store.base import Selected
from nbmlops.store.dialects import Look
from nbmlops.store.places import passwords_in, without_blobs, without_password
from nbmlops.store.probing import DRIVER, check_driver
from nbmlops.store.rows import TABLES

BUSY_SECONDS = 5.0  # whoever records tries again by itself
AWAY_SECONDS = 4  # without an answer, after which a server is taken to be away

_MAKING = 0x6E626D6C  # "nbml": whoever makes or upgrades tables holds the lock of this number

# libpq's, unless the URL says otherwise: a connection that died silently is noticed soon.
_CONNECTING = {
    "connect_timeout": AWAY_SECONDS,
    "keepalives_idle": 10,
    "tcp_user_timeout": AWAY_SECONDS * 2000,
    "application_name": "nbmlops",
}

# Just-in-time compilation takes longer than the searches that it would speed up.
_SETTINGS = {"lock_timeout": f"{BUSY_SECONDS * 1000:.0f}", "jit": "off", "timezone": "UTC"}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; whole codes before their classes.
_STATES: dict[str, Callable[[str, str], StoreError]] = {
    "08": ServerAway, "57P01": ServerAway, "57P02": ServerAway, "57P03": ServerAway,
    "57P05": ServerAway,
    "28": ServerRefuses,
    "3D000": DatabaseMissing, "3F000": DatabaseMissing,
    "42P01": NotAStore, "42703": NotAStore,  # somebody has changed its tables
    "42501": StoreNotWritable, "25006": StoreNotWritable, "53100": StoreNotWritable,
    "40": StoreUnavailable, "53": StoreUnavailable, "55": StoreUnavailable, "57": StoreUnavailable,
}  # fmt: skip


class Postgresql:
    """A PostgreSQL database. A `nbmlops.store.dialects.Dialect`."""

    is_shared = True

    def __init__(self, url: str) -> None:
        self.url = without_password(without_blobs(url))
        self._secrets = passwords_in(url)
        check_driver(url)
        try:
            self._address = make_url(without_blobs(url)).set(drivername=f"postgresql+{DRIVER}")
        except (ArgumentError, ValueError):
            raise UnsupportedStore(self.url) from None

    def opened(self) -> tuple[Engine, bool]:
        """Return an engine; whether tables may be written is known when they are there."""
        given = self._address.query
        arguments = {name: value for name, value in _CONNECTING.items() if name not in given}
        engine = create_engine(
            self._address,
            pool_size=1,  # that a kernel holds while it does nothing
            max_overflow=20,
            pool_pre_ping=True,  # the server may have been started anew
            use_native_hstore=False,  # nothing here is one, and its type would be looked up
            connect_args=arguments,
            hide_parameters=True,
        )

        @event.listens_for(engine, "connect")
        def _configure(connection: Any, _: Any) -> None:
            setting = ", ".join(["set_config(%s, %s, false)"] * len(_SETTINGS))
            connection.execute(f"SELECT {setting}", [*chain(*_SETTINGS.items())])
            connection.commit()

        return engine, True

    def opened_to_look(self, problem: DatabaseError) -> Engine | None:  # noqa: ARG002
        """Return None: a server whose disk is full answers all the same."""
        return None

    def begin_change(self, connection: Connection) -> None:
        """Hold a lock that whoever else would make tables in this schema waits for."""
        schema = func.hashtext(func.current_schema())
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING, schema)))

    def unchecked(self, connection: Connection) -> AbstractContextManager[None]:  # noqa: ARG002
        """Do nothing: here all lead somewhere."""
        return nullcontext()

    def begin_removing(self, connection: Connection) -> None:
        """Lock all tables against whoever writes, in the order in which records are saved."""
        names = ", ".join(f'"{table.name}"' for table in TABLES.values())
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")

    def keep_copy(self, schema: str) -> None:
        """Keep none: the upgrade is one transaction, and a server has backups of its own."""

    def mark(self, connection: Connection) -> None:
        """Do nothing: Alembic's table says it."""

    def is_writable(self, connection: Connection) -> bool:
        """Tell whether this user may write, to a server that takes writes."""
        name = f"{connection.dialect.default_schema_name}.{tables.runs.name}"
        asked = select(
            func.has_table_privilege(name, "INSERT"),
            func.current_setting("transaction_read_only") == "off",
        )
        return all(connection.execute(asked).one())

    def not_writable(self) -> StoreNotWritable:
        """Say whose right it is that is missing."""
        reason = "this user may only read its tables, or the server takes no writes"
        return StoreNotWritable(self.url, reason)

    def translated(self, problem: DatabaseError) -> StoreError:
        """Return our error for PostgreSQL's."""
        said, state = self._said(problem), getattr(problem.orig, "sqlstate", None) or ""
        if state in _STATES:
            return _STATES[state](self.url, said)
        if state[:2] in _STATES:
            return _STATES[state[:2]](self.url, said)
        if isinstance(problem, OperationalError) and not state:
            return self._not_connected(said)
        raise problem

    def selected(self, engine: Engine, statement: str, **options: Any) -> Selected:
        """Return what a SELECT finds, in a transaction that can only read."""
        from nbmlops.store.selecting_postgresql import selected

        return selected(engine, statement, **options)

    def change(self, connection: Connection) -> str:
        """Return which transactions can be seen: another where any was committed in between."""
        snapshot: str = connection.exec_driver_sql(
            "SELECT pg_current_snapshot()::text"
        ).scalar_one()
        return snapshot

    @property
    def looks(self) -> Mapping[str, Look]:
        """Which server it is; that references lead somewhere, it sees to itself."""
        return {"server": _server}

    def _not_connected(self, said: str) -> StoreError:
        """Return why there is no connection; libpq tells it in words alone."""
        if "password" in said or "authentication" in said or "pg_hba" in said:
            return ServerRefuses(self.url, said)
        if "does not exist" in said:
            missing_user = 'role "' in said
            return (ServerRefuses if missing_user else DatabaseMissing)(self.url, said)
        if "permission denied" in said:
            return ServerRefuses(self.url, said)
        return ServerAway(self.url, said)

    def _said(self, problem: DatabaseError) -> str:
        """Return the last line of what was said, which is the reason, without any password."""
        lines = [line.strip() for line in str(problem.orig).splitlines() if line.strip()]
        reasons = [line for line in lines if not line.startswith(("DETAIL", "HINT", "LINE", "^"))]
        said = (reasons or lines or ["no reason given"])[0].rpartition("FATAL:  ")[2]
        for secret in self._secrets:
            said = said.replace(secret, "***")
        return said


def _server(connection: Connection) -> tuple[bool, str]:
    version = connection.scalar(text("SHOW server_version"))
    size = connection.scalar(select(func.pg_database_size(func.current_database())))
    return True, f"PostgreSQL {version}, {size:,} bytes in the database"
