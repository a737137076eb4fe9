"""A database that is open: its transactions, and records of one table by their keys."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from nbmlops.errors import StoreUnavailable
from nbmlops.records import Digest, Environment, ExecutionId, Profile, Record, Value
from nbmlops.store.base import Blobs
from nbmlops.store.dialects import Dialect
from nbmlops.store.rows import TABLES, chunks, from_rows


class Connected:
    """What every part of a store in an SQL database asks and writes through."""

    url: str
    dialect: Dialect
    engine: Engine
    blobs: Blobs
    is_writable: bool
    is_settled: bool

    def close(self) -> None:
        """Release connections."""
        self.engine.dispose()

    def _check_writable(self) -> None:
        if not self.is_writable:
            raise self.dialect.not_writable()

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        """Raise our errors for the database's."""
        try:
            yield
        except DatabaseError as problem:
            raise self.dialect.translated(problem) from problem
        except NoConnectionFree as problem:
            raise StoreUnavailable(self.url, str(problem)) from problem

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translating(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self, *, is_kept: bool = True) -> Iterator[Connection]:
        """Give a transaction that is written in; in SQLite it holds the file from its beginning.

        Unless it is kept all is taken back at its end: done to see what it comes to.
        """
        with (
            self._translating(),
            self.engine.connect() as connection,
            connection.execution_options(writes=True).begin() as transaction,
        ):
            yield connection
            if not is_kept:
                transaction.rollback()

    def select_records[R: Record](self, kind: type[R], statement: Select[Any]) -> list[R]:
        """Return the records of one kind that a statement finds."""
        with self._reading() as connection:
            return from_rows(kind, connection.execute(statement))

    def _of_executions[R: Record](self, kind: type[R], ids: Sequence[ExecutionId]) -> list[R]:
        table = TABLES[kind]
        return [
            record
            for chunk in chunks(sorted(set(ids)))
            for record in self.select_records(
                kind,
                select(table).where(table.c.execution_id.in_(chunk)).order_by(*table.primary_key),
            )
        ]

    def _by_digest[R: (Value, Profile, Environment)](
        self, kind: type[R], digests: Sequence[Digest]
    ) -> dict[Digest, R]:
        table = TABLES[kind]
        return {
            record.digest: record
            for chunk in chunks(list(dict.fromkeys(digests)))
            for record in self.select_records(kind, select(table).where(table.c.digest.in_(chunk)))
        }
