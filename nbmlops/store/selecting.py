"""The SQL of asking for runs: conditions and orders of a `RunQuery`."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from nbmlops.canonical import now
from nbmlops.store import tables
from nbmlops.store.base import RunQuery
from nbmlops.store.contained import contained
from nbmlops.store.data_sets import executions_with
from nbmlops.store.rows import clean
from nbmlops.store.trash import is_in_trash


def filtered(statement: Select[Any], query: RunQuery) -> Select[Any]:
    """Add the conditions of a query."""
    runs = tables.runs.c
    if query.ids is not None:
        statement = statement.where(runs.id.in_([clean(run_id) for run_id in query.ids]))
    if query.experiment is not None:
        statement = statement.where(runs.experiment == clean(query.experiment))
    if query.status is not None:
        statement = statement.where(runs.status == query.status)
    if query.session_id is not None:
        statement = statement.where(runs.session_id == query.session_id)
    if query.parent_id is not None:
        statement = statement.where(runs.parent_id == query.parent_id)
    if query.used is not None:
        inside = contained().c
        users = inside.execution_id.in_(executions_with(query.used))
        statement = statement.where(runs.id.in_(select(inside.run_id).where(users)))
    if query.trashed is not None:
        statement = statement.where(is_in_trash(runs.id, query.trashed))
    return statement


def ordered(statement: Select[Any], query: RunQuery) -> Select[Any]:
    """Add the order of a query, runs without a value last, and its limits."""
    runs, order = tables.runs, query.order
    columns: tuple[ColumnElement[Any], ...]
    if order.field in ("metrics", "params"):
        table = tables.metrics if order.field == "metrics" else tables.params
        joined = and_(table.c.run_id == runs.c.id, table.c.name == clean(order.name))
        statement = statement.outerjoin(table, joined)
        values = (table.c.last,) if order.field == "metrics" else (table.c.number, table.c.json)
        columns = values
    elif order.field == "duration":
        columns = (func.coalesce(runs.c.closed, now()) - runs.c.opened,)
    else:
        columns = (runs.c[order.field],)
    for column in columns:
        directed = column.desc() if order.descending else column.asc()
        statement = statement.order_by(directed.nulls_last())
    statement = statement.order_by(runs.c.opened.desc(), runs.c.id)
    return statement.limit(query.limit).offset(query.offset or None)
