"""Opening a store's database: is it one, is its schema ours, make it so.

How each kind of database is opened is in its dialect (`nbmlops.store.dialects`).
"""

import re

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from nbmlops.errors import (
    NotAStore,
    StoreDamaged,
    StoreMissing,
    StoreNotUpgraded,
    StoreNotWritable,
    StoreTooNew,
)
from nbmlops.store import tables
from nbmlops.store.dialects import Dialect

# What SQLite and PostgreSQL say where tables are not those of the schema they are said to be of.
_OF_OTHER_TABLES = re.compile(
    "duplicate column|already exists|no such (table|column|index)|does not exist"
)
VERSIONS = ("nbmlops.store:migrations/versions",)


def open_engine(dialect: Dialect, *, makes: bool) -> tuple[Engine, bool]:
    """Open the database of a store, making or upgrading it; return it and whether it is writable.

    Raises
    ------
    StoreMissing
        There is none, and none is to be made.
    NotAStore, StoreDamaged, StoreTooNew, StoreNotWritable, StoreUnavailable
        As `nbmlops.store.base.Store` says.
    """
    engine, writable = dialect.opened()
    try:
        _prepare(engine, dialect, writable=writable, makes=makes)
        with engine.connect() as connection:
            writable = writable and dialect.is_writable(connection)
    except DatabaseError as problem:
        engine.dispose()
        looking = None if makes else dialect.opened_to_look(problem)
        if looking is None:
            raise dialect.translated(problem) from problem
        return _looked_into(looking, dialect), False
    except BaseException:
        engine.dispose()
        raise
    return engine, writable


def _looked_into(engine: Engine, dialect: Dialect) -> Engine:
    try:
        _prepare(engine, dialect, writable=False, makes=False)
    except BaseException as problem:
        engine.dispose()
        if isinstance(problem, DatabaseError):
            raise dialect.translated(problem) from problem
        raise
    return engine


def _prepare(engine: Engine, dialect: Dialect, *, writable: bool, makes: bool) -> None:
    with engine.connect() as connection:
        found = _schema_found(connection, dialect.url)
    if found == tables.SCHEMA:
        return
    if found is not None and found > tables.SCHEMA:
        raise StoreTooNew(dialect.url, found, tables.SCHEMA)
    if found is None and not makes:
        raise StoreMissing(dialect.url)
    if not writable:
        raise StoreNotWritable(dialect.url, "it must be upgraded and is read-only")
    with (
        engine.connect().execution_options(writes=True) as connection,
        dialect.unchecked(connection),
        connection.begin(),
    ):
        dialect.begin_change(connection)
        found = _schema_found(connection, dialect.url)
        if found == tables.SCHEMA:
            return  # another process was first
        if found is None:
            _create(connection)
        else:
            _upgrade(connection, dialect, found)
        dialect.mark(connection)


def _upgrade(connection: Connection, dialect: Dialect, found: str) -> None:
    copy = dialect.keep_copy(found)
    try:
        upgrade(connection, tables.SCHEMA)
    except DatabaseError as problem:
        said = str(problem.orig)
        if not _OF_OTHER_TABLES.search(said):
            raise
        raise StoreNotUpgraded(dialect.url, found, said.splitlines()[0], copy) from problem


def _schema_found(connection: Connection, url: str) -> str | None:
    names = set(inspect(connection).get_table_names())
    if tables.alembic_version.name in names and tables.runs.name in names:
        version = select(tables.alembic_version.c.version_num)
        found: str | None = connection.scalar(version)
        if found is None:
            raise StoreDamaged(url, "it does not say any more of which schema it is.")
        return found
    if names:
        raise NotAStore(url, f"it is a database with other tables ({', '.join(sorted(names)[:5])})")
    return None


def _create(connection: Connection) -> None:
    tables.metadata.create_all(connection)
    connection.execute(insert(tables.alembic_version), {"version_num": tables.SCHEMA})


def upgrade(connection: Connection, schema: str) -> None:
    """Lead a store to the tables of a schema, in the connection's transaction: all, or nothing.

    What has no tables yet gets those of that schema.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "nbmlops.store:migrations")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(VERSIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, schema)
