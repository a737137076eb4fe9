"""Runs with their small parts, read in few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, select

from nbmlops.records import Artifact, Metric, Model, Param, Record, Run, RunId, RunSummary, Tag
from nbmlops.store import tables
from nbmlops.store.base import RunQuery
from nbmlops.store.rows import MOST_IN_ONE, TABLES, clean, from_row, from_values, is_one_of
from nbmlops.store.selecting import filtered, ordered

type _Wanted = Sequence[RunId] | Select[Any]


def summaries(connection: Connection, query: RunQuery, dead: Select[Any]) -> list[RunSummary]:
    """Return the runs asked for, with their small parts: six statements, however many they are.

    ``dead`` are the sessions that ended without anybody's having marked them.
    """
    is_dead = tables.runs.c.session_id.in_(dead).label("is_dead")
    statement = ordered(filtered(select(tables.runs, is_dead), query), query)
    runs = [_run_seen(row) for row in connection.execute(statement).mappings()]
    wanted: _Wanted = [run.id for run in runs]
    if len(runs) > MOST_IN_ONE:
        wanted = filtered(select(tables.runs.c.id), query)
    params = _parts(connection, Param, wanted, query.params)
    metrics = _parts(connection, Metric, wanted, query.metrics)
    models = _parts(connection, Model, wanted)
    artifacts = _parts(connection, Artifact, wanted)
    tags = _parts(connection, Tag, wanted)
    return [
        RunSummary(
            run,
            tuple(params.get(run.id, ())),
            tuple(metrics.get(run.id, ())),
            tuple(models.get(run.id, ())),
            tuple(artifacts.get(run.id, ())),
            tuple(tags.get(run.id, ())),
        )
        for run in runs
    ]


def _parts[R: Record](
    connection: Connection, kind: type[R], wanted: _Wanted, names: Sequence[str] | None = None
) -> dict[RunId, list[R]]:
    """Return the records of runs by run, each in the order of their names; only those named."""
    table = TABLES[kind]
    columns = [table.c[field.name] for field in fields(kind)]
    statement = select(*columns).where(is_one_of(connection, table.c.run_id, wanted))
    if names is not None:
        if not names:
            return {}
        statement = statement.where(table.c.name.in_([clean(name) for name in names]))
    rows = connection.execute(statement.order_by(table.c.run_id, table.c.name)).all()
    return {
        run_id: [from_values(kind, row) for row in of_run]
        for run_id, of_run in groupby(rows, itemgetter(0))
    }


def _run_seen(row: Mapping[Any, Any]) -> Run:
    run = from_row(Run, row)
    if run.status == "running" and row["is_dead"]:
        return replace(run, status="interrupted")
    return run
