"""The SQL of asking for data sets: what was seen under which names, from which files, by whom."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    Subquery,
    and_,
    distinct,
    func,
    not_,
    or_,
    select,
    union_all,
)

from nbmlops.cells.file_writers import LOOKED_AT
from nbmlops.records import DataSet, Digest, Value
from nbmlops.store import tables
from nbmlops.store.base import DataQuery
from nbmlops.store.contained import contained
from nbmlops.store.rows import chunks, clean, from_row
from nbmlops.store.trash import is_in_trash

_EXECUTIONS = tables.executions.c
_MOST_AT_ONCE = 400  # data sets; a statement names each twice
_PACKAGES = ("site-packages", "dist-packages")
_OF_ITSELF = ("file", "folder")  # kinds that are files, and come from none


def found(connection: Connection, query: DataQuery) -> list[DataSet]:
    """Return the data sets asked for, the latest used first."""
    rows = connection.execute(page(query)).mappings().all()
    return [
        found for part in chunks(rows, _MOST_AT_ONCE) for found in _with_parts(connection, part)
    ]


def _with_parts(connection: Connection, rows: Sequence[Any]) -> Iterator[DataSet]:
    digests = [row["digest"] for row in rows]
    stored = select(tables.values).where(tables.values.c.digest.in_(digests))
    values = {row["digest"]: from_row(Value, row) for row in connection.execute(stored).mappings()}
    names, files = _lists(connection, _names(digests)), _lists(connection, _files(digests))
    run_counts = {row[0]: row[1] for row in connection.execute(_run_counts(digests))}
    for row in rows:
        value = values[row["digest"]]
        yield DataSet(
            value,
            names=tuple(names.get(value.digest, ())),
            files=() if value.kind in _OF_ITSELF else tuple(files.get(value.digest, ())),
            run_count=run_counts.get(value.digest, 0),
            execution_count=row["execution_count"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
        )


def _lists(connection: Connection, statement: Select[Any]) -> dict[str, list[str]]:
    """Return the second column of a statement's rows, by the first."""
    lists: dict[str, list[str]] = {}
    for digest, text in connection.execute(statement):
        lists.setdefault(digest, []).append(text)
    return lists


def page(query: DataQuery) -> Select[Any]:
    """Select digest, first_seen, last_seen and execution_count of the data sets asked for.

    The latest seen come first.
    """
    seen = _seen(query.digests)
    last_seen = func.max(_EXECUTIONS.started).label("last_seen")
    return (
        _of_kinds(select(seen.c.digest), seen, query)
        .add_columns(
            func.min(_EXECUTIONS.started).label("first_seen"),
            last_seen,
            func.count(distinct(seen.c.execution_id)).label("execution_count"),
        )
        .join(tables.executions, _EXECUTIONS.id == seen.c.execution_id)
        .group_by(seen.c.digest)
        .order_by(last_seen.desc(), seen.c.digest)
        .limit(query.limit)
        .offset(query.offset or None)
    )


def counted(query: DataQuery) -> Select[Any]:
    """Select how many data sets fit, whatever the limit."""
    seen = _seen(query.digests)
    return _of_kinds(select(func.count(distinct(seen.c.digest))), seen, query)


def _names(digests: Sequence[Digest]) -> Select[Any]:
    """Select digest and name of all that had these digests, the latest names first."""
    seen = _seen(digests)
    return (
        select(seen.c.digest, seen.c.name)
        .join(tables.executions, _EXECUTIONS.id == seen.c.execution_id)
        .group_by(seen.c.digest, seen.c.name)
        .order_by(func.max(_EXECUTIONS.started).desc(), seen.c.name)
    )


def _run_counts(digests: Sequence[Digest]) -> Select[Any]:
    """Select digest and number of runs for those of these digests that runs used."""
    seen, inside = _seen(digests), contained()
    return (
        select(seen.c.digest, func.count(distinct(inside.c.run_id)))
        .join(inside, inside.c.execution_id == seen.c.execution_id)
        .where(is_in_trash(inside.c.run_id, wanted=False))
        .group_by(seen.c.digest)
    )


def _files(digests: Sequence[Digest]) -> Select[Any]:
    """Select digest and path of the files read by the execution that first wrote each value."""
    uses, read = tables.uses.c, tables.file_uses.c
    earliest_first = (_EXECUTIONS.started, _EXECUTIONS.sequence, _EXECUTIONS.id)
    place = func.row_number().over(partition_by=uses.digest, order_by=earliest_first)
    writers = (
        select(uses.digest, uses.execution_id, place.label("place"))
        .join(tables.executions, _EXECUTIONS.id == uses.execution_id)
        .where(uses.digest.in_(digests), uses.role == "written")
        .subquery()
    )
    return (
        select(writers.c.digest, read.path)
        .join(tables.file_uses, read.execution_id == writers.c.execution_id)
        .where(writers.c.place == 1, read.role == "read", read.path.not_like("%.py"))
        .where(or_(read.reason.is_(None), read.reason.not_in(LOOKED_AT)))
        .order_by(read.path)
    )


def executions_with(digest: Digest) -> CompoundSelect[Any]:
    """Select the ids of the executions that used a value or file."""
    return union_all(
        select(tables.uses.c.execution_id).where(tables.uses.c.digest == digest),
        select(tables.file_uses.c.execution_id).where(tables.file_uses.c.digest == digest),
    )


def digests_named(name: str) -> CompoundSelect[Any]:
    """Select the digests of all that a variable of this name held, or a file of this path."""
    return union_all(
        select(tables.uses.c.digest).where(tables.uses.c.name == clean(name)),
        select(tables.file_uses.c.digest).where(tables.file_uses.c.path == clean(name)),
    )


def known_names() -> Select[Any]:
    """Select every name and path under which data was seen."""
    seen = _seen()
    return select(seen.c.name).distinct().order_by(seen.c.name)


def _seen(digests: Sequence[Digest] | None = None) -> Subquery:
    """Select every use that has a digest: digest, execution_id, name."""
    uses, files = tables.uses.c, tables.file_uses.c
    of_names = select(uses.digest, uses.execution_id, uses.name)
    of_files = select(files.digest, files.execution_id, files.path.label("name"))
    if digests is None:  # asked of each part, where there is an index for it
        of_names = of_names.where(uses.digest.is_not(None))
        of_files = of_files.where(files.digest.is_not(None))
    else:
        of_names = of_names.where(uses.digest.in_(digests))
        of_files = of_files.where(files.digest.in_(digests))
    return union_all(of_names, of_files).subquery("seen")


def _of_kinds(statement: Select[Any], seen: Subquery, query: DataQuery) -> Select[Any]:
    values = tables.values.c
    statement = statement.join(tables.values, values.digest == seen.c.digest)
    statement = statement.where(values.kind.in_(query.kinds))
    if not query.packages:
        of_package = or_(*(seen.c.name.like(f"%/{folder}/%") for folder in _PACKAGES))
        statement = statement.where(not_(and_(values.kind.in_(_OF_ITSELF), of_package)))
    if query.name is not None:
        statement = statement.where(seen.c.digest.in_(digests_named(query.name)))
    return statement
