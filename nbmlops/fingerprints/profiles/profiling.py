"""Makes the profiles of a table's columns: one column after the other, a stretch of rows at a time.

No single call into numpy or a sketch takes longer than a few milliseconds, so that a thread that
does this leaves the interpreter to others.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nbmlops.fingerprints.columns.missing import is_missing
from nbmlops.fingerprints.columns.tables import Block, Column, Table
from nbmlops.fingerprints.deadline import NEVER, Deadline, TakesTooLong
from nbmlops.fingerprints.hashing import hashed
from nbmlops.fingerprints.profiles.cell_hashes import STRETCH_ROWS, CellHashes, text_hashes
from nbmlops.fingerprints.profiles.frequencies import (
    FrequencySummary,
    exact_distinct,
    most_frequent,
)
from nbmlops.fingerprints.profiles.numbers import NumberSummary, number_type, numbers_in
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, Categories, ColumnProfile
from nbmlops.fingerprints.walking import reason_of
from nbmlops.records import Digest

if TYPE_CHECKING:
    from numpy.typing import NDArray


def profile_of(table: Table, deadline: Deadline = NEVER) -> tuple[ColumnProfile, ...]:
    """Return the profile of every column and index level of a table, in its order.

    Beyond its first `MOST_COLUMNS` columns only rows are counted, as in one that cannot be read:
    the profile says so in ``reason``.

    Quantiles of columns with more than 4,096 different numbers come from a sketch that throws
    dice: two profiles of the same column may differ, by no more than what each gives as its error.

    Raises
    ------
    TakesTooLong
        The deadline is over.
    """
    first = [_profile(named.column, deadline) for named in table.columns[:MOST_COLUMNS]]
    left_out = f"only the first {MOST_COLUMNS:,} columns are looked at"
    rest = [_counted(named.column, left_out) for named in table.columns[MOST_COLUMNS:]]
    return (*first, *rest)


def _profile(column: Column, deadline: Deadline) -> ColumnProfile:
    try:
        return column_profile(column, deadline)
    except TakesTooLong:
        raise
    except Exception as problem:  # noqa: BLE001, what another thread changes can fail anywhere
        return _counted(column, reason_of(problem))


def _counted(column: Column, reason: str) -> ColumnProfile:
    return ColumnProfile(column.type, column.rows, reason=reason)


def column_profile(column: Column, deadline: Deadline = NEVER) -> ColumnProfile:
    """Return the profile of one column; raise what reading it raises."""
    stretches = _stretches(column, deadline)
    if number_type(column.type) is not None:
        return _profile_of_numbers(column, stretches)
    if column.children:
        return _profile_of_categories(column, stretches)
    if column.type in ("string", "binary"):
        return _profile_of_texts(column, stretches)
    nulls = sum(map(_nulls, stretches))
    return ColumnProfile(
        column.type, column.rows, nulls, reason=f"{column.type} values are not described"
    )


def _stretches(column: Column, deadline: Deadline) -> Iterator[Block]:
    for start in range(0, column.rows, STRETCH_ROWS):
        deadline.check()
        stop = min(start + STRETCH_ROWS, column.rows)
        if column.pieces is None:
            yield column.block(start, stop)
        else:
            yield from column.pieces(start, stop)


def _nulls(block: Block) -> int:
    if block.objects is not None:
        return sum(map(is_missing, block.objects))
    return 0 if block.valid is None else block.rows - int(np.count_nonzero(block.valid))


def _profile_of_numbers(column: Column, stretches: Iterator[Block]) -> ColumnProfile:
    summary, nulls = NumberSummary(), 0
    for block in stretches:
        nulls += _nulls(block)
        summary.add(numbers_in(block, column.type))
    numbers = summary.numbers()
    distinct = summary.distinct(numbers)
    return ColumnProfile(column.type, column.rows, nulls, numbers, distinct=distinct)


def _profile_of_texts(column: Column, stretches: Iterator[Block]) -> ColumnProfile:
    summary, lengths, nulls = FrequencySummary(), NumberSummary(), 0
    for block in stretches:
        nulls += _nulls(block)
        block = _without_nulls(block)
        summary.add(text_hashes(*block.buffers).first)
        lengths.add(_lengths(block, column.type))
    frequencies = summary.frequencies()
    return ColumnProfile(
        column.type,
        column.rows,
        nulls,
        frequencies=frequencies,
        lengths=lengths.numbers(),
        distinct=summary.distinct(frequencies),
    )


def _without_nulls(block: Block) -> Block:
    """Return the block of the valid texts: nulls have no bytes."""
    if block.valid is None:
        return block
    lengths, data = block.buffers
    return Block(block.rows - _nulls(block), None, (lengths[block.valid], data))


def _lengths(block: Block, type: str) -> "NDArray[np.int64]":
    """Return lengths in characters; of bytes, in bytes."""
    lengths, data = block.buffers
    if type == "binary" or not len(data) or data.max() < 0x80:
        return lengths
    begun = np.concatenate([[0], np.cumsum((data & 0xC0) != 0x80)])  # characters up to each byte
    ends = np.cumsum(lengths)
    counted: NDArray[np.int64] = begun[ends] - begun[ends - lengths]
    return counted


def _profile_of_categories(column: Column, stretches: Iterator[Block]) -> ColumnProfile:
    categories = column.children[0]
    counts, nulls = np.zeros(categories.rows, np.int64), 0
    for block in stretches:
        nulls += _nulls(block)
        codes = block.buffers[0] if block.valid is None else block.buffers[0][block.valid]
        counts += np.bincount(codes, minlength=categories.rows)
    order = np.argsort(hashes := CellHashes(column).categories().first)
    possible = Categories(len(hashes), _digest(hashes), _digest(hashes[order]))
    order = order[counts[order] > 0]
    hashes, counts = hashes[order], counts[order]
    frequencies = most_frequent(hashes, counts, int(counts.sum()), 0, 0)
    return ColumnProfile(
        column.type,
        column.rows,
        nulls,
        frequencies=frequencies,
        distinct=exact_distinct(hashes, frequencies),
        categories=possible,
    )


def _digest(hashes: "NDArray[np.uint64]") -> Digest:
    return Digest(hashed(hashes).hex())
