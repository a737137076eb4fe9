"""Writing records: one upsert for each kind, and what stays where two of one key meet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, get_args

from sqlalchemy import Connection, Table, delete, update
from sqlalchemy.dialects.sqlite import Insert, insert

from nbmlops.records import (
    Annotation,
    AnnotationField,
    Execution,
    FileUse,
    Profile,
    Record,
    Run,
    RunId,
    Stretch,
    Use,
    Value,
    key_of,
)
from nbmlops.store import tables
from nbmlops.store.contained import save_stretches
from nbmlops.store.rows import TABLES, clean, content_rows, to_row

_ANNOTATED: tuple[str, ...] = get_args(AnnotationField.__value__)


def save_all(connection: Connection, records: Sequence[Record]) -> None:
    """Save records in an order in which each finds those it refers to."""
    batches: dict[type[Record], dict[tuple[Any, ...], Record]] = {}
    for record in records:
        batch = batches.setdefault(type(record), {})
        key = key_of(record)
        if key not in batch or _replaces(record, batch[key]):
            batch[key] = record
    for kind in TABLES:
        if kind in batches:
            _upsert(connection, kind, list(batches[kind].values()))
    _annotate(connection, batches.get(Annotation, {}).values())


def _replaces(later: Record, earlier: Record) -> bool:
    """Tell whether a record takes the place of an earlier one with its key; `_WHERE` in SQL."""
    match later:
        case Profile():
            return False
        case Value():
            return later.is_profiled and not earlier.is_profiled  # type: ignore[union-attr]
        case Use() | FileUse():
            return later.digest is not None or earlier.digest is None  # type: ignore[union-attr]
        case _:
            return True


# When a row takes the place of one that is there; without an entry always.
_WHERE: dict[type[Record], Callable[[Table, Any], Any]] = {
    Value: lambda there, new: new.is_profiled & ~there.c.is_profiled,
    Use: lambda there, new: new.digest.is_not(None) | there.c.digest.is_(None),
    FileUse: lambda there, new: new.digest.is_not(None) | there.c.digest.is_(None),
}


def _upsert(connection: Connection, kind: type[Record], records: list[Record]) -> None:
    if kind is Stretch:
        save_stretches(connection, records)  # type: ignore[arg-type]
        return
    if kind is Run:
        records = list(_parents_first({run.id: run for run in records}))  # type: ignore[union-attr,misc]
    connection.execute(_statement(kind), [to_row(record) for record in records])
    if kind is Execution:
        _replace_contents(connection, records)


def _statement(kind: type[Record]) -> Insert:
    table = TABLES[kind]
    statement = insert(table)
    if kind is Profile:
        return statement.on_conflict_do_nothing()
    keys = [column.name for column in table.primary_key]
    kept = {*keys, *(_ANNOTATED if kind is Run else ())}
    others = {
        column.name: statement.excluded[column.name]
        for column in table.c
        if column.name not in kept
    }
    where = _WHERE[kind](table, statement.excluded) if kind in _WHERE else None
    return statement.on_conflict_do_update(index_elements=keys, set_=others, where=where)


def _annotate(connection: Connection, annotations: Iterable[Any]) -> None:
    for annotation in annotations:
        run = update(tables.runs).where(tables.runs.c.id == annotation.run_id)
        connection.execute(run.values({annotation.field: clean(annotation.value)}))


def _parents_first(runs: dict[RunId, Run]) -> Iterator[Run]:
    """Give runs so that a parent comes before its children."""
    while runs:
        ready = {key: run for key, run in runs.items() if run.parent_id not in runs} or runs
        yield from ready.values()
        runs = {key: run for key, run in runs.items() if key not in ready}


def _replace_contents(connection: Connection, executions: Iterable[Any]) -> None:
    for execution in executions:
        theirs = tables.contents.c.execution_id == execution.id
        connection.execute(delete(tables.contents).where(theirs))
        if execution.outputs:
            connection.execute(insert(tables.contents), content_rows(execution))
