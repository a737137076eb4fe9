"""The tables of a store, and nothing else; ``migrations/`` leads an older store to them.

Times are seconds since 1970 UTC (float). NaN is stored as NULL: SQLite knows no NaN. In SQLite,
tables of small rows are kept in the order of their keys, without row numbers of their own: half the
size, a run's metric is found in one step, and every index on names holds the runs' ids too, so that
it answers alone.
"""

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.types import TypeEngine

SCHEMA = "0007"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Alembic's own table, here so that a new store is stamped in the transaction that creates it.
alembic_version = Table(
    "alembic_version", metadata, Column("version_num", String(32), primary_key=True)
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("started", Double, nullable=False),
    Column("ended", Double),
    Column("interrupted", Boolean, nullable=False),
    Column("heartbeat", Double, nullable=False),
    Column("place", String, nullable=False),
    Column("experiment", String, nullable=False),
    Column("notebook", Text),
    Column("kernel_id", String),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("user", String, nullable=False),
    Column("python", String, nullable=False),
    Index(None, "ended"),
)

executions = Table(
    "executions",
    metadata,
    Column("id", String, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("cell_key", String, nullable=False),
    Column("cell_id", String),
    Column("tags", Text, nullable=False, doc="JSON list"),
    Column("source", Text, nullable=False),
    Column("execution_count", Integer),
    Column("started", Double, nullable=False),
    Column("duration_seconds", Double),
    Column("cpu_seconds", Double),
    Column("memory_growth_bytes", Integer),
    Column("outcome", String, nullable=False),
    Column("failure_type", String),
    Column("failure_message", Text),
    Column("failure_traceback", Text),
    Column("names", Text, nullable=False, doc="JSON {defined, used, touched, deleted, …}"),
    Index(None, "session_id", "sequence", unique=True),
    Index(None, "cell_key"),
)

contents = Table(
    "contents",
    metadata,
    Column("execution_id", ForeignKey("executions.id"), primary_key=True),
    Column("output", Integer, primary_key=True, doc="position of the output, from 0"),
    Column("position", Integer, primary_key=True, doc="of this representation, from 0"),
    Column("kind", String, nullable=False),
    Column("display_id", String),
    Column("mime", String, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("cut_bytes", Integer, nullable=False),
    Column("text", Text),
    Column("blob", String),
)

environments = Table(
    "environments",
    metadata,
    Column("digest", String, primary_key=True),
    Column("document", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("parent_id", ForeignKey("runs.id")),
    Column("experiment", String, nullable=False),
    Column("name", String),
    Column("status", String, nullable=False),
    Column("opened", Double, nullable=False),
    Column("closed", Double),
    Column("automatic", Boolean, nullable=False),
    Column("notebook", Text),
    Column("user", String, nullable=False),
    Column("hypothesis", Text),
    Column("verdict", String),
    Column("note", Text),
    Column("reason", Text),
    Column("environment", ForeignKey("environments.digest")),
    Column("trashed", Double, doc="when it was put into the trash"),
    Column("pinned", Double, doc="when it was pinned"),
    Index(None, "opened"),
    Index(None, "experiment", "opened"),
    Index(None, "session_id"),
    Index(None, "name"),
    Index(None, "status"),
    # In the order of ids, in which metrics and parameters are kept too.
    Index(None, "id", "status", "session_id"),
    # Few are in the trash: whoever leaves them out looks here, not into every run.
    Index(
        None,
        "trashed",
        "id",
        sqlite_where=text("trashed IS NOT NULL"),
        postgresql_where=text("trashed IS NOT NULL"),
    ),
)


def _of_run(
    name: str,
    *columns: Column | Index,  # type: ignore[type-arg]
    in_order_of_keys: bool = False,
) -> Table:
    run_id: Column[str] = Column("run_id", ForeignKey("runs.id"), primary_key=True)
    return Table(name, metadata, run_id, *columns, sqlite_with_rowid=not in_order_of_keys)


def _in_sqlite(*columns: str) -> Index:
    """Return an index on whole texts, which PostgreSQL cannot have; see `INDEXED`."""
    return Index(None, *columns).ddl_if(dialect="sqlite")


# See `nbmlops.store.contained`, through which alone it is written.
stretches = _of_run(
    "stretches",
    Column("gave_result", Boolean, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False, doc="a sequence number"),
    Column("last", Integer, nullable=False),
    Column("session_id", String, nullable=False, doc="its run's, which has all the numbers"),
    # Which runs contain some executions is answered by it alone.
    Index(None, "session_id", "gave_result", "first", "last", postgresql_include=["run_id"]),
    in_order_of_keys=True,
)

params = _of_run(
    "params",
    Column("name", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("json", Text, nullable=False),
    Column("number", Double, doc="the value where it is a finite number"),
    Column("source", String, nullable=False),
    _in_sqlite("name", "number", "json", "type"),
    in_order_of_keys=True,
)

metrics = _of_run(
    "metrics",
    Column("name", String, primary_key=True),
    Column("last", Double),
    Column("minimum", Double),
    Column("maximum", Double),
    Column("count", Integer, nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("last_time", Double, nullable=False),
    Column("source", String, nullable=False),
    Column("execution_id", ForeignKey("executions.id")),
    Index(None, "name", "last", "minimum", "maximum", postgresql_include=["run_id"]),
    in_order_of_keys=True,
)

points = _of_run(
    "points",
    Column("name", String, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False, doc="steps, times, values; `packed_points`"),
    Column("last_part", Integer, doc="of several that the row holds; see `gathered_points`"),
)

models = _of_run(
    "models",
    Column("name", String, primary_key=True),
    Column("class_name", String, nullable=False),
    Column("params", Text, nullable=False, doc="JSON {name: [type, json]}"),
    Column("execution_id", ForeignKey("executions.id")),
    Column("blob", String),
    Column("format", String),
    Column("size_bytes", Integer),
    Index(None, "class_name"),
    Index(None, "run_id", "class_name"),
)

artifacts = _of_run(
    "artifacts",
    Column("name", String, primary_key=True),
    Column("blob", String, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("mime", String, nullable=False),
    Column("execution_id", ForeignKey("executions.id")),
)

tags = _of_run(
    "tags",
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    _in_sqlite("name", "value"),
    in_order_of_keys=True,
)

# Who wrote what is in a column of runs or in a tag, and when; what was written is there, not here.
written = _of_run(
    "written",
    Column("field", String, primary_key=True, doc="a column of runs, or tags.NAME"),
    Column("at", Double, nullable=False),
    Column("by", String, nullable=False),
    in_order_of_keys=True,
)

outlines = _of_run(
    "outlines",
    Column("path", Text, nullable=False),
    Column("saved", Double),
    Column("cells", Text, nullable=False, doc="JSON [[digest, id, source]]"),
    Column("problem", Text),
)

# Content, filed under its own digest. Uses name values without a foreign key, as records name
# blobs: what a value was may be lost with a process, that it was used is known all the same.
values = Table(
    "values",
    metadata,
    Column("digest", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("class_name", Text, nullable=False),
    Column("strength", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("row_count", Integer),
    Column("column_count", Integer),
    Column("size_bytes", Integer),
    Column("is_profiled", Boolean, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    Column("digest", String, primary_key=True, doc="of a column"),
    Column("document", Text, nullable=False),
)

uses = Table(
    "uses",
    metadata,
    Column("execution_id", ForeignKey("executions.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("digest", String),
    Index(None, "digest"),
    Index(None, "name"),
    sqlite_with_rowid=False,
)

file_uses = Table(
    "file_uses",
    metadata,
    Column("execution_id", ForeignKey("executions.id"), primary_key=True),
    Column("path", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("digest", String),
    Column("size_bytes", Integer),
    Column("modified", Double),
    Column("reason", Text),
    Index(None, "digest"),
    Index(None, "path"),
    sqlite_with_rowid=False,
)


# PostgreSQL compares texts by the rules of a language and counts to 2³¹ unless told otherwise, and
# an index there holds no text of more than some 2,600 bytes.
INDEXED = 200  # characters
_TYPES_IN_POSTGRESQL: dict[type, TypeEngine[Any]] = {
    String: String(collation="C"),
    Text: Text(collation="C"),
    Integer: BigInteger(),
}
INDEXES_IN_POSTGRESQL = {
    "ix_params_name_number": "params (name, number) INCLUDE (run_id)",
    "ix_params_name_json": f"params (name, left(json, {INDEXED})) INCLUDE (run_id)",
    "ix_tags_name_value": f"tags (name, left(value, {INDEXED})) INCLUDE (run_id)",
}
for _table in metadata.tables.values():
    for _column in _table.columns:
        if (_other := _TYPES_IN_POSTGRESQL.get(type(_column.type))) is not None:
            _column.type = _column.type.with_variant(_other, "postgresql")
for _name, _columns in INDEXES_IN_POSTGRESQL.items():
    _ddl = DDL(f"CREATE INDEX {_name} ON {_columns}")  # type: ignore[no-untyped-call]
    event.listen(
        metadata.tables[_columns.partition(" ")[0]],
        "after_create",
        _ddl.execute_if(dialect="postgresql"),
    )
