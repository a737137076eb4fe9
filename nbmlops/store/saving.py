"""Writing records: one upsert for each kind, and what stays where two of one key meet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, get_args

from sqlalchemy import Connection, Table, delete, select, update

from nbmlops.records import (
    Annotation,
    AnnotationField,
    Execution,
    FileUse,
    Mark,
    MarkField,
    Points,
    Profile,
    Record,
    Run,
    RunId,
    Stretch,
    Tag,
    Use,
    Value,
    key_of,
)
from nbmlops.store import tables
from nbmlops.store.contained import save_stretches
from nbmlops.store.dialects import insert
from nbmlops.store.gathered_points import last_part, save_points
from nbmlops.store.rows import TABLES, clean, content_rows, to_row

_ANNOTATED = (*get_args(AnnotationField.__value__), *get_args(MarkField.__value__))


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
    for kind in (Annotation, Mark):
        _write_on_runs(connection, batches.get(kind, {}).values())


def _replaces(later: Record, earlier: Record) -> bool:
    """Tell whether a record takes the place of an earlier one with its key; `_WHERE` in SQL."""
    match later:
        case Profile():
            return False
        case Value():
            return later.is_profiled and not earlier.is_profiled  # type: ignore[union-attr]
        case Points():
            return last_part(later) >= last_part(earlier)  # type: ignore[arg-type]
        case Use() | FileUse():
            return later.digest is not None or earlier.digest is None  # type: ignore[union-attr]
        case Annotation() | Mark():
            return later.at >= earlier.at  # type: ignore[union-attr]
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
    if kind is Points:
        save_points(connection, sorted(records, key=key_of))  # type: ignore[arg-type]
        return
    if kind is Run:
        records = list(_parents_first({run.id: run for run in records}))  # type: ignore[union-attr,misc]
    else:  # in one order, so that no two transactions wait for each other
        records = sorted(records, key=key_of)
    connection.execute(_statement(connection, kind), [to_row(record) for record in records])
    if kind is Execution:
        _replace_contents(connection, records)


def _statement(connection: Connection, kind: type[Record]) -> Any:
    table = TABLES[kind]
    statement = insert(connection, table)
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


def _write_on_runs(connection: Connection, records: Iterable[Any]) -> None:
    """Write annotations and marks on their runs, but those that are older than what is there."""
    written, runs = tables.written, tables.runs
    for record in records:
        this = (written.c.run_id == record.run_id) & (written.c.field == clean(record.field))
        there = (
            select(runs.c.id, written.c.at)
            .outerjoin(written, (written.c.run_id == runs.c.id) & this)
            .where(runs.c.id == record.run_id)
            .with_for_update(of=runs, key_share=True)
        )
        found = connection.execute(there).one_or_none()
        if found is None or record.at < (found.at or 0.0):
            continue
        _write_on_run(connection, record)
        if isinstance(record, Mark):
            _let_the_later_hold(connection, record.run_id)
        values = {"run_id": record.run_id, "field": clean(record.field),
                  "at": record.at, "by": clean(record.by)}  # fmt: skip
        statement = insert(connection, written)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["run_id", "field"],
                set_={"at": statement.excluded["at"], "by": statement.excluded["by"]},
            ),
            values,
        )


def _write_on_run(connection: Connection, record: Annotation | Mark) -> None:
    prefix, _, name = record.field.partition(".")
    if isinstance(record, Annotation) and prefix == "tags":
        _write_tag(connection, record.run_id, name, record.value)
        return
    if isinstance(record, Mark):
        value: str | float | None = record.at if record.is_on else None
    else:
        value = record.value if record.value is None else clean(record.value)
    run = update(tables.runs).where(tables.runs.c.id == record.run_id)
    connection.execute(run.values({record.field: value}))


def _let_the_later_hold(connection: Connection, run_id: RunId) -> None:
    """Undo the earlier of being pinned and being in the trash; of one moment, the trash."""
    runs = tables.runs.c
    is_later = {"trashed": runs.pinned >= runs.trashed, "pinned": runs.trashed > runs.pinned}
    for field, is_undone in is_later.items():
        this = update(tables.runs).where(runs.id == run_id, is_undone)
        connection.execute(this.values({field: None}))


def _write_tag(connection: Connection, run_id: RunId, name: str, value: str | None) -> None:
    if value is not None:
        connection.execute(_statement(connection, Tag), to_row(Tag(run_id, name, value)))
        return
    tags = tables.tags.c
    this = (tags.run_id == run_id) & (tags.name == clean(name))
    connection.execute(delete(tables.tags).where(this))


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
            connection.execute(insert(connection, tables.contents), content_rows(execution))
