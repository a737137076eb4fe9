"""Small parts of a series become large ones as it grows, and none is counted twice.

A part is what was logged within a quarter of a second, which may be one measurement: a row for
each would take ten times the room. Every 64th part gathers those before it, every 4,096th the
gathered ones. A row says which parts it holds, so that one that is delivered once more, after a
crash or from another store, is known to be there.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy import update as updated

from nbmlops.records import Points
from nbmlops.store import tables
from nbmlops.store.dialects import insert_of
from nbmlops.store.packed_points import arranged, packed, unpacked
from nbmlops.store.rows import plain_row

_LEVELS = (64, 4_096)  # parts, of which the last gathers the others
LARGE = 1_024  # measurements, of which each takes hardly more room than in a longer row
MOST_POINTS = 16_384  # of a row that is made of small ones

_COLUMNS = tables.points.c


def save_points(connection: Connection, records: Sequence[Points]) -> None:
    """Save stretches of measurements, but those that another row holds already."""
    statement = _statement(connection.dialect.name)
    connection.execute(statement, [_row(connection, record) for record in records])
    for record in records:
        if record.last_part is not None:
            held = _COLUMNS.part.between(record.part + 1, record.last_part)
            connection.execute(delete(tables.points).where(_of_series(record), held))
    for record in records:
        for level in _LEVELS:
            if (last_part(record) + 1) % level == 0:
                first, last = last_part(record) + 1 - level, last_part(record)
                held = _COLUMNS.part.between(first, last)
                gather(connection, and_(_of_series(record), held))


def last_part(record: Points) -> int:
    """Return the last of the parts that a record holds."""
    return record.part if record.last_part is None else record.last_part


@cache
def _statement(dialect: str) -> Any:
    """Return an INSERT that leaves alone what the row before a part holds too.

    It is made once: that takes longer than executing it.
    """
    table = tables.points
    before = (
        select(func.coalesce(_COLUMNS.last_part, _COLUMNS.part))
        .where(
            _COLUMNS.run_id == _given("run_id"),
            _COLUMNS.name == _given("name"),
            _COLUMNS.part < _given("part"),
        )
        .order_by(_COLUMNS.part.desc())
        .limit(1)
        .scalar_subquery()
    )
    names = [column.name for column in table.c]
    is_new = func.coalesce(before, -1) < _given("part")
    row = select(*map(_given, names)).where(is_new)
    statement = insert_of(dialect, table).from_select(names, row)
    new = statement.excluded
    others = {name: new[name] for name in names if not table.c[name].primary_key}
    is_as_long = func.coalesce(new.last_part, new.part) >= _last()
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(index_elements=keys, set_=others, where=is_as_long)


def _given(name: str) -> Any:
    return bindparam(name, type_=_COLUMNS[name].type)


def _last() -> ColumnElement[int]:
    return func.coalesce(_COLUMNS.last_part, _COLUMNS.part)


def _row(connection: Connection, record: Points) -> dict[str, Any]:
    kept = packed if connection.dialect.name == "sqlite" else arranged
    return plain_row(record) | {"data": kept(record.count, record.data)}


def gather(connection: Connection, wanted: ColumnElement[bool]) -> None:
    """Make few rows of those of one series that are wanted and small."""
    for part, last in stretches_of_small(sizes(connection, wanted)):
        within = and_(wanted, _COLUMNS.part.between(part, last))
        whole = _joined(connection, select(tables.points).where(within).order_by(_COLUMNS.part))
        connection.execute(delete(tables.points).where(within, _COLUMNS.part > part))
        this = and_(wanted, _COLUMNS.part == part)
        row = _row(connection, replace(whole, last_part=last))
        connection.execute(updated(tables.points).where(this).values(row))


def sizes(connection: Connection, wanted: ColumnElement[bool]) -> Sequence[Any]:
    """Return of rows of one series the first part, the last, and how many measurements."""
    rows = select(_COLUMNS.part, _last(), _COLUMNS.count).where(wanted).order_by(_COLUMNS.part)
    return connection.execute(rows).all()


def stretches_of_small(rows: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Give the first and last part of small rows that follow each other and are one together.

    A row is its first part, its last one, and how many measurements it has.
    """
    small: list[tuple[int, int]] = []  # first, last
    points = 0
    for part, last, count in [*rows, (math.inf, math.inf, LARGE)]:
        follows = small and small[-1][1] + 1 == part
        fits = count < LARGE and points + count <= MOST_POINTS
        if follows and fits:
            small.append((part, last))
            points += count
            continue
        if len(small) > 1:
            yield small[0][0], small[-1][1]
        small, points = ([(part, last)], count) if count < LARGE else ([], 0)


def _joined(connection: Connection, selection: Select[Any]) -> Points:
    """Return the rows that a statement selects, in their order, as one."""
    rows = connection.execute(selection.with_for_update()).mappings().all()
    datas = [(row["count"], unpacked(row["count"], row["data"])) for row in rows]
    thirds = [data[place * 8 * count :][: 8 * count] for place in range(3) for count, data in datas]
    count = sum(count for count, _ in datas)
    first = rows[0]
    return Points(first["run_id"], first["name"], first["part"], count, b"".join(thirds))


def _of_series(record: Points) -> ColumnElement[bool]:
    row = plain_row(record)
    return and_(_COLUMNS.run_id == row["run_id"], _COLUMNS.name == row["name"])
