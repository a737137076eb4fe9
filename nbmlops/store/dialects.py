"""What each kind of database does its own way, behind one protocol; everything else is shared.

A dialect opens the database, says our errors for its own, and answers what has no common SQL.
Elements of SQL that are only written differently are in `nbmlops.store.search_text`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DatabaseError

from nbmlops.errors import StoreError, StoreNotWritable
from nbmlops.store.base import Selected
from nbmlops.store.places import is_on_server

type Look = Callable[[Connection], tuple[bool, str]]


class Dialect(Protocol):
    """A kind of database, and one database of it."""

    url: str
    """Where the database is, as it may be shown."""

    is_shared: bool
    """Whether sessions of other machines, and of other users of this one, record into it."""

    def opened(self) -> tuple[Engine, bool]:
        """Return an engine, and whether the database may be written; raise `StoreError`s."""

    def opened_to_look(self, problem: DatabaseError) -> Engine | None:
        """Return an engine that only reads, where opening failed for want of room alone."""

    def begin_change(self, connection: Connection) -> None:
        """Have nobody else make or upgrade the tables until this transaction ends."""

    def unchecked(self, connection: Connection) -> AbstractContextManager[None]:
        """Leave references unchecked in a transaction: one that leads nowhere stops no upgrade."""

    def begin_removing(self, connection: Connection) -> None:
        """Have nobody save until this transaction ends: what nothing names is asked for, and goes.

        What was saved before is seen from then on.
        """

    def keep_copy(self, schema: str) -> str | None:
        """Keep how the database is before it is upgraded from a schema; return where, if it can."""

    def mark(self, connection: Connection) -> None:
        """Note in the database that it is a store of the present schema."""

    def is_writable(self, connection: Connection) -> bool:
        """Tell whether the tables that are there may be written."""

    def not_writable(self) -> StoreNotWritable:
        """Return the error that says what keeps a database that is open from being written."""

    def translated(self, problem: DatabaseError) -> StoreError:
        """Return our error for the database's; raise that where it is a fault of ours."""

    def selected(
        self,
        engine: Engine,
        statement: str,
        *,
        limit: int,
        timeout_seconds: float,
        now: float,
        dead: str,
    ) -> Selected:
        """Return what a SELECT finds in the views; as `nbmlops.store.base.Store.select` says."""

    def change(self, connection: Connection) -> str:
        """Return a text that is another one when something was committed since.

        Always asked on the same connection, on which nothing is ever written, and outside of any
        transaction.
        """

    @property
    def looks(self) -> Mapping[str, Look]:
        """What ``nbmlops doctor`` looks at in a database of this kind, by subject."""


def dialect_of(url: str) -> Dialect:
    """Return the dialect of a store's URL; raise `UnsupportedStore` where there is none."""
    if is_on_server(url):
        from nbmlops.store.postgresql import Postgresql  # loads a driver

        return Postgresql(url)
    from nbmlops.store.sqlite import Sqlite

    return Sqlite(url)


def insert(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows ON CONFLICT; both databases write it in the same words."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:
    """Return the same for a kind of database."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
