"""Packing the measurements of sessions that have ended: of earlier versions, or in small parts.

Schema 6 gathers small parts as a series grows, and earlier ones packed nothing; what they wrote
stays as it is when a store is upgraded, as there may be very much of it.
"""

from collections.abc import Sequence
from itertools import accumulate, batched
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from nbmlops.drawing.progress import with_progress
from nbmlops.records import RunId
from nbmlops.store import tables
from nbmlops.store.gathered_points import LARGE, gather, sizes, stretches_of_small
from nbmlops.store.packed_points import FEWEST, WIDTH, arranged, packed

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep


class Series(NamedTuple):
    """A series that can be packed, and how many bytes its measurements take now."""

    run_id: RunId
    name: str
    size_bytes: int


_AT_ONCE = 100  # series in one transaction: others write between
_TRIED, _TRIED_BYTES = 50, 10_000_000  # of which is found what all of them give back
_COLUMNS = tables.points.c


def to_pack(connection: Connection) -> list[Series]:
    """Return the series that can be packed: of small rows side by side, or of rows as measured."""
    key = _COLUMNS.run_id, _COLUMNS.name
    of_ended = (
        select(tables.runs.c.id).join(tables.sessions).where(tables.sessions.c.ended.is_not(None))
    )
    is_small = _COLUMNS.count < LARGE
    bare = func.count().filter(_is_bare())
    some = (
        select(*key, bare, func.sum(func.length(_COLUMNS.data)))
        .where(_COLUMNS.run_id.in_(of_ended))
        .group_by(*key)
        .having((func.count().filter(is_small) > 1) | (bare > 0))
        .order_by(*key)
    )
    return [
        Series(RunId(run_id), name, int(size_bytes))
        for run_id, name, count, size_bytes in connection.execute(some).all()
        if count or _can_be_gathered(connection, run_id, name)
    ]


def pack(store: "Upkeep", series: Sequence[Series]) -> None:
    """Pack series, some at a time."""
    for some in batched(with_progress(series, "packing", "series"), _AT_ONCE):
        with store.writing() as connection:
            for run_id, name, _ in some:
                _pack(connection, run_id, name)


def bytes_given_back(store: "Upkeep", series: Sequence[Series]) -> int:
    """Return about how many bytes packing gives back: some are packed, and that is taken back.

    Whole pages of SQLite's file; a server keeps them, and says nothing of them.
    """
    tried = _some_of(series)
    if not tried or store.engine.dialect.name != "sqlite":
        return 0
    with store.writing(is_kept=False) as connection:
        before = free_bytes(connection)
        for run_id, name, _ in tried:
            _pack(connection, run_id, name)
        freed = max(free_bytes(connection) - before, 0)
    share = sum(each.size_bytes for each in tried) / sum(each.size_bytes for each in series)
    return round(freed / share)


def _some_of(series: Sequence[Series]) -> list[Series]:
    """Return a few from all over: one at least, else not more than is packed in a second."""
    some = series[:: max(-(-len(series) // _TRIED), 1)]
    before = accumulate((each.size_bytes for each in some), initial=0)
    return [each for each, size in zip(some, before, strict=False) if size < _TRIED_BYTES]


def free_bytes(connection: Connection) -> int:
    """Return how many bytes of SQLite's file are in pages of which nothing is used."""
    if connection.dialect.name != "sqlite":
        return 0
    pages = connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
    return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)


def _can_be_gathered(connection: Connection, run_id: RunId, name: str) -> bool:
    return any(stretches_of_small(sizes(connection, _of_series(run_id, name))))


def _pack(connection: Connection, run_id: RunId, name: str) -> None:
    of_series = _of_series(run_id, name)
    gather(connection, of_series)
    kept = packed if connection.dialect.name == "sqlite" else arranged
    bare = select(_COLUMNS.part, _COLUMNS.count, _COLUMNS.data).where(of_series, _is_bare())
    for part, count, data in connection.execute(bare).all():
        this = and_(of_series, _COLUMNS.part == part)
        connection.execute(update(tables.points).where(this).values(data=kept(count, data)))


def _of_series(run_id: RunId, name: str) -> ColumnElement[bool]:
    return and_(_COLUMNS.run_id == run_id, _COLUMNS.name == name)


def _is_bare() -> ColumnElement[bool]:
    """Return whether a row has its measurements as they were, though they would be packed now."""
    is_as_long = func.length(_COLUMNS.data) == 3 * WIDTH * _COLUMNS.count
    return and_(_COLUMNS.count >= FEWEST, is_as_long)
