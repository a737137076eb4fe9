"""Executions, and what they showed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select

from nbmlops.records import Execution
from nbmlops.store import tables
from nbmlops.store.rows import chunks, from_rows, is_one_of, outputs_from_rows


def executions_in(
    connection: Connection, statement: Select[Any], *, with_outputs: bool
) -> list[Execution]:
    """Return executions in order, each with what it showed, where that is wanted."""
    in_order = statement.order_by(tables.executions.c.sequence)
    bare = from_rows(Execution, connection.execute(in_order))
    return _with_outputs(connection, bare) if with_outputs else bare


def _with_outputs(connection: Connection, bare: Sequence[Execution]) -> list[Execution]:
    outputs: dict[str, list[Mapping[Any, Any]]] = {}
    columns = tables.contents.c
    for part in chunks(bare):
        ids = [execution.id for execution in part]
        rows = connection.execute(
            select(tables.contents)
            .where(is_one_of(connection, columns.execution_id, ids))
            .order_by(columns.execution_id, columns.output, columns.position)
        )
        for row in rows.mappings():
            outputs.setdefault(row["execution_id"], []).append(row)
    return [
        replace(execution, outputs=outputs_from_rows(outputs[execution.id]))
        if execution.id in outputs
        else execution
        for execution in bare
    ]


def paged(statement: Select[Any], after: int, limit: int | None) -> Select[Any]:
    """Leave out executions before a number; `executions_in` puts them in order."""
    if after:
        statement = statement.where(tables.executions.c.sequence > after)
    return statement.limit(limit)
