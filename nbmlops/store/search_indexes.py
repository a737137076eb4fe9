"""What makes searching big stores fast: the shape of tables and the indexes that it leans on.

Searching gives the same without them. In SQLite the tables of a run's small parts are kept in the
order of their keys, without row numbers of their own: a run's metric is then found in one step, and
every index on names holds the runs' ids too, so that it answers alone.
"""

from sqlalchemy import Connection

# Each table with the columns of its index behind the name: all that filters and orders ask of it.
_KEYED = {
    "metrics": ("last", "minimum", "maximum"),
    "params": ("number", "json", "type"),
    "tags": ("value",),
}
_OTHERS = (
    "CREATE INDEX ix_run_executions_execution_id_run_id ON run_executions (execution_id, run_id)",
    "CREATE INDEX ix_models_run_id_class_name ON models (run_id, class_name)",
    # In the order of ids, in which metrics and parameters are kept too.
    "CREATE INDEX ix_runs_id_status_session_id ON runs (id, status, session_id)",
)


def speed_up(connection: Connection) -> None:
    """Give an SQLite store of the present tables the shape in which searching is fast."""
    for table, columns in _KEYED.items():
        _in_order_of_keys(connection, table)
        name = f"ix_{table}_name_{'_'.join(columns)}"
        connection.exec_driver_sql(f"CREATE INDEX {name} ON {table} (name, {', '.join(columns)})")
    for statement in _OTHERS:
        connection.exec_driver_sql(statement)


def _in_order_of_keys(connection: Connection, table: str) -> None:
    """Make a table anew WITHOUT ROWID, with its rows and without its indexes."""
    created = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    indexes = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    ).scalars()
    for index in indexes.all():
        connection.exec_driver_sql(f"DROP INDEX {index}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.exec_driver_sql(f"{created.rstrip()} WITHOUT ROWID")
    connection.exec_driver_sql(
        f"INSERT INTO {table} SELECT * FROM {table}_before ORDER BY run_id, name"  # noqa: S608
    )
    connection.exec_driver_sql(f"DROP TABLE {table}_before")
