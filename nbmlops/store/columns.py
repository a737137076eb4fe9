"""Which metrics and parameters of a page of runs are wanted: those named, or the most common."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, select

from nbmlops.records import RunId
from nbmlops.store import tables
from nbmlops.store.base import RunSearch
from nbmlops.store.rows import is_one_of

# Runs of a page that are asked which names are common: of a hundred runs with a thousand metrics
# each it would take longer to count the names than to find the runs.
_MOST_ASKED = 20
# How often more runs are asked, as long as some of the page have none of the names.
_MOST_ROUNDS = 6

type Names = tuple[str, ...] | None


def wanted_names(
    connection: Connection, search: RunSearch, ids: Sequence[RunId]
) -> tuple[Names, Names]:
    """Return the metrics and the parameters that a search wants of the runs it found.

    None stands for all there are.
    """
    metrics, params, most = search.metrics, search.params, search.most_names
    if most is None:
        return metrics, params
    return (
        _with_common(metrics, connection, tables.metrics, ids, most),
        _with_common(params, connection, tables.params, ids, most),
    )


def _with_common(
    named: Names, connection: Connection, table: Table, ids: Sequence[RunId], most: int
) -> tuple[str, ...]:
    """Return those named, of which runs may have none, and the most common ones besides."""
    if named == ():
        return named
    return tuple(dict.fromkeys((*(named or ()), *_common(connection, table, ids, most))))


def _common(
    connection: Connection, table: Table, ids: Sequence[RunId], most: int
) -> tuple[str, ...]:
    """Return what most runs have, and what most of those have that have none of that, and so on."""
    found: list[str] = []
    bare = list(ids)
    for _ in range(_MOST_ROUNDS):
        asked, others = bare[:_MOST_ASKED], bare[_MOST_ASKED:]
        names = _most_common(connection, table, asked, most)
        found += names
        # Who was asked and has no name at all need not be asked again.
        bare = _without(connection, table, [*asked, *others] if names else others, names)
        if not bare:
            break
    return tuple(found)


def _without(
    connection: Connection, table: Table, ids: Sequence[RunId], names: Sequence[str]
) -> list[RunId]:
    """Return the runs that have none of the names."""
    if not names:
        return list(ids)
    having = select(table.c.run_id).where(
        is_one_of(connection, table.c.run_id, ids), table.c.name.in_(names)
    )
    found = set(connection.scalars(having.distinct()))
    return [run_id for run_id in ids if run_id not in found]


def _most_common(
    connection: Connection, table: Table, ids: Sequence[RunId], most: int
) -> tuple[str, ...]:
    name = table.c.name
    counted = (
        select(name)
        .where(is_one_of(connection, table.c.run_id, ids))
        .group_by(name)
        .order_by(func.count().desc(), name)
        .limit(most)
    )
    return tuple(connection.scalars(counted))
