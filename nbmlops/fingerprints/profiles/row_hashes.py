"""A digest of the rows of a table in no order: two tables of the same rows have the same one.

Every row is hashed with 128 bits, from the cells of all its columns, and the hashes of the rows are
summed: a sum has no order, and a row that occurs twice counts twice. Names, logical types and order
of the columns, all categories in their order and the names of the levels of column names go into
the digest as they are: only the order of rows does not show.

Not part of it: the class of the table; an index that says no more than where a row once stood
(0, 1, 2, … in any order), so that a shuffled frame is the same as before.
"""

from collections.abc import Sequence

import numpy as np

from nbmlops.fingerprints.columns.tables import Column, NamedColumn, Table
from nbmlops.fingerprints.deadline import NEVER, Deadline
from nbmlops.fingerprints.hashing import joined, joined_all, text
from nbmlops.fingerprints.profiles.cell_hashes import STRETCH_ROWS, CellHashes, Lanes, whole_column
from nbmlops.fingerprints.profiles.mixing import key, mixed, mixed_again
from nbmlops.fingerprints.walking import described
from nbmlops.records import Digest


def unordered_digest(table: Table, deadline: Deadline = NEVER) -> Digest:
    """Return a digest that is equal for tables of the same columns and rows, in any order of rows.

    It differs where a cell differs, and where values change places between rows. Reads each column
    once, a stretch of rows at a time; objects and the elements of lists are slow. Raises what
    reading a column raises, and `TakesTooLong` when the deadline is over.
    """
    columns = _counted(table)
    totals = _sums_over_rows(columns, table.rows, deadline)
    digest = joined(
        "rows",
        table.rows.to_bytes(8, "little"),
        described(tuple(named.name for named in columns)).digest,
        joined_all("columns", map(_header, columns)),
        *([described(table.axis_names).digest] if table.axis_names else []),
        *(total.to_bytes(8, "little") for total in totals),
    )
    return Digest(digest.hex())


def _header(named: NamedColumn) -> bytes:
    column = named.column
    categories = map(_categories, column.children)
    return joined("column", text(named.role), text(column.type), *categories)


def _categories(column: Column) -> bytes:
    return text(column.type) + b"".join(lane.tobytes() for lane in whole_column(column))


def _counted(table: Table) -> tuple[NamedColumn, ...]:
    levels = [named for named in table.columns if named.role == "index"]
    if len(levels) == 1 and _says_only_the_order(levels[0], table.rows):
        return tuple(named for named in table.columns if named.role != "index")
    return table.columns


def _says_only_the_order(level: NamedColumn, rows: int) -> bool:
    """Whether an index without a name holds 0, 1, 2, … in some order: equal sums of hashes."""
    if level.name is not None or level.column.type != "int64":
        return False
    hashes = CellHashes(level.column)
    found, expected = [0, 0], [0, 0]
    for start, stop in _stretches(rows):
        block = level.column.block(start, stop)
        labels = block.buffers[0]
        if block.valid is not None or labels.min() < 0 or labels.max() >= rows:
            return False
        _add(found, hashes.of(block))
        first = mixed(np.arange(start, stop).view(np.uint64))
        _add(expected, Lanes(first, mixed_again(first)))
    return found == expected


def _sums_over_rows(columns: Sequence[NamedColumn], rows: int, deadline: Deadline) -> list[int]:
    hashes = [CellHashes(named.column) for named in columns]
    totals = [0, 0]
    for start, stop in _stretches(rows):
        lanes = Lanes(np.zeros(stop - start, np.uint64), np.zeros(stop - start, np.uint64))
        for place, column in enumerate(hashes):
            deadline.check()
            _add_column(lanes, column.stretch(start, stop), place)
        _add(totals, Lanes(mixed(lanes.first), mixed(lanes.second)))
    return totals


def _add_column(rows: Lanes, cells: Lanes, place: int) -> None:
    """Add a column's cells to the hashes of the rows, in another way for every column."""
    for total, words, begin in zip(rows, cells, (2 * place, 2 * place + 1), strict=True):
        image = words * key(1000 + begin)
        image ^= image >> np.uint64(32)
        total += image


def _add(totals: list[int], lanes: Lanes) -> None:
    for place, words in enumerate(lanes):
        totals[place] = (totals[place] + int(words.sum(dtype=np.uint64))) % (1 << 64)


def _stretches(rows: int) -> list[tuple[int, int]]:
    starts = range(0, rows, STRETCH_ROWS)
    return [(start, min(start + STRETCH_ROWS, rows)) for start in starts]
