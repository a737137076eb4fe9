"""The digest of a table in canonical form, and that of each of its columns.

========== ========================================================================================
table      kind, rows, digest of the names (index levels and columns as one tuple), digest of the
           axis names, roles, digests of the columns in order
names      as they are: ``1`` is not ``"1"``; a single column without a name has ``""``
column     see `column_digests`
========== ========================================================================================

Large tables are read by two threads. They take stretches of rows in turn, each with as many columns
as fit, so that where rows lie together memory is read once. Neither that nor where the work is cut
shows in a digest.
"""

from collections.abc import Callable, Generator, Hashable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from nbmlops.fingerprints.base import PAUSE, Adapter, Child, Described, Mode, Part, Steps
from nbmlops.fingerprints.columns.column_digests import (
    column_digest,
    hash_of_numbers,
    joined_column,
    stretch_digest,
)
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS, Column, NamedColumn, Table, shown_name
from nbmlops.fingerprints.columns.two_threads import THREADED_BYTES, work_off
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.records import Digest

_USUAL_WIDTH_BYTES = 8  # of a value; good enough to tell a large table
_JOB_BLOCKS = 32  # usually 16 MiB, so that handing out jobs costs nothing
_FIRST_JOBS = 8  # until the first pause


@cache
def adapter(maker: Callable[[Any], Table]) -> Adapter:
    """Return the adapter of values that a function brings into the form of columns."""

    def describe(value: Any, mode: Mode) -> Steps:
        return described_table(maker(value), mode)

    return describe


def described_table(table: Table, mode: Mode) -> Steps:
    """Describe a table, with a part for every column and every level of its index."""
    names = yield Child(_names(table), "column names")
    axes = yield Child(table.axis_names, "names of column levels")
    digests = yield from _digests(table, mode)
    roles = text(" ".join(named.role for named in table.columns))
    rows = table.rows.to_bytes(8, "little")
    return Described(
        table.kind,
        joined("table", text(table.kind), rows, names, axes, roles, b"".join(digests)),
        shape=_shape(table),
        columns=tuple(map(_part, table.columns, digests)),
        size_bytes=table.size_bytes,
        axis_names=tuple(map(shown_name, table.axis_names)),
    )


def _names(table: Table) -> tuple[Hashable, ...]:
    """Return all names; that of a column by itself is empty where a library leaves it out."""
    nameless = "" if table.kind == "column" else None
    return tuple(
        nameless if named.name is None and named.role == "column" else named.name
        for named in table.columns
    )


def _shape(table: Table) -> tuple[int, ...]:
    if table.kind != "frame":
        return (table.rows,)
    return table.rows, sum(named.role == "column" for named in table.columns)


def _part(named: NamedColumn, digest: bytes) -> Part:
    return Part(named.label, named.column.type, Digest(digest.hex()), named.role)


def _digests(table: Table, mode: Mode) -> Generator[Child, bytes, list[bytes]]:
    """Return the digest of each column; those that hold objects take their turn here."""
    columns = [named.column for named in table.columns]
    digests = []
    read = yield from _blocks_read(columns, table.rows, mode)
    for place, blocks in enumerate(read):
        if blocks is None:
            steps = column_digest(columns[place], mode, table.columns[place].label)
        else:
            steps = joined_column(columns[place], blocks, mode)
        digests.append((yield from steps))
    return digests


class _Job(NamedTuple):
    """Some blocks of some columns that follow each other."""

    blocks: range
    columns: range


def _blocks_read(
    columns: Sequence[Column], rows: int, mode: Mode
) -> Generator[Child, bytes, list[list[bytes] | None]]:
    """Return the digests of each column's blocks; None for columns that hold objects.

    Pauses whenever it has done as much again as before, so that no time is lost by that.
    """
    count = -(-rows // BLOCK_ROWS)
    digests: list[list[bytes] | None] = [
        None if column.type == "object" else [b""] * count for column in columns
    ]

    def work(job: _Job) -> None:
        with np.errstate(all="ignore"):  # is the thread's own
            for block in job.blocks:
                for place in job.columns:
                    own = digests[place]
                    if own is not None and not _filled_in(own, columns[place], block, mode):
                        digests[place] = None

    is_large = len(columns) * rows * _USUAL_WIDTH_BYTES > THREADED_BYTES
    jobs, done, batch = _jobs(len(columns), count), 0, _FIRST_JOBS
    while done < len(jobs):
        work_off(jobs[done : done + batch], work, in_two=is_large)
        done, batch = done + batch, done + batch
        yield PAUSE
    return digests


def _filled_in(digests: list[bytes], column: Column, place: int, mode: Mode) -> bool:
    """Put the digest of a block into its place, unless it holds objects."""
    start = place * BLOCK_ROWS
    stop = min(start + BLOCK_ROWS, column.rows)
    digest = hash_of_numbers(column, start, stop) if mode == "exact" else None
    if digest is not None:
        digests[place] = digest
        return True
    try:
        next(stretch_digest(column, start, stop, mode))
    except StopIteration as end:
        digests[place] = end.value
        return True
    return False


def _jobs(columns: int, blocks: int) -> list[_Job]:
    wide = min(max(1, columns), _JOB_BLOCKS)
    tall = _JOB_BLOCKS // wide
    return [
        _Job(range(block, min(block + tall, blocks)), range(column, min(column + wide, columns)))
        for block in range(0, blocks, tall)
        for column in range(0, columns, wide)
    ]
