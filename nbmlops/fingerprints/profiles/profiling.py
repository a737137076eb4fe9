"""Makes the profiles of a table's columns: one column after the other, a stretch of rows at a time.

No single call into numpy or a sketch takes longer than a few milliseconds, so that a thread that
does this leaves the interpreter to others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nbmlops.fingerprints.columns.missing import is_missing
from nbmlops.fingerprints.columns.tables import Block, Column, Table
from nbmlops.fingerprints.profiles.cell_hashes import STRETCH_ROWS, CellHashes, text_hashes
from nbmlops.fingerprints.profiles.frequencies import (
    FrequencySummary,
    exact_distinct,
    listed,
    most_frequent,
)
from nbmlops.fingerprints.profiles.numbers import NumberSummary, number_type, numbers_in
from nbmlops.fingerprints.profiles.profile import ColumnProfile, Frequencies
from nbmlops.records import Digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

MOST_COLUMNS = 1_000  # profiled; each takes about a millisecond even where there are few rows
_LONGEST_NAME = 100  # characters


def profile_of(
    table: Table,
    *,
    digests: Sequence[Digest] = (),
    known: Mapping[Digest, ColumnProfile] | None = None,
    keep_values: bool = False,
) -> tuple[ColumnProfile, ...]:
    """Return the profile of every column and index level of a table, in its order.

    Parameters
    ----------
    table : Table
        What to look at. Beyond its first `MOST_COLUMNS` columns only rows are counted, and the
        profile says so in ``reason``.
    digests : sequence of str
        Digests of the columns, in the same order; those that are among ``known`` are not read.
    known : mapping
        Profiles from before, by the digests of the columns.
    keep_values : bool
        Whether to keep the most frequent texts and categories themselves, not their hashes only.

    Quantiles of columns with more than 4,096 different numbers come from a sketch that throws
    dice: two profiles of the same column may differ, by no more than what each gives as its error.
    Raises what reading a column raises.
    """
    known = known or {}
    profiles = []
    for place, named in enumerate(table.columns):
        found = known.get(digests[place]) if place < len(digests) else None
        if found is None:
            found = _profile(named.column, keep_values, is_read=place < MOST_COLUMNS)
        profiles.append(found)
    return tuple(profiles)


def _profile(column: Column, keep_values: bool, *, is_read: bool) -> ColumnProfile:
    if is_read:
        return column_profile(column, keep_values=keep_values)
    reason = f"only the first {MOST_COLUMNS:,} columns are looked at"
    return ColumnProfile(column.type, column.rows, reason=reason)


def column_profile(column: Column, *, keep_values: bool = False) -> ColumnProfile:
    """Return the profile of one column."""
    if number_type(column.type) is not None:
        return _profile_of_numbers(column)
    if column.children:
        return _profile_of_categories(column, keep_values)
    if column.type in ("string", "binary"):
        return _profile_of_texts(column, keep_values)
    nulls = sum(_nulls(block) for block in _stretches(column))
    return ColumnProfile(
        column.type, column.rows, nulls, reason=f"{column.type} values are not described"
    )


def _stretches(column: Column) -> Iterator[Block]:
    for start in range(0, column.rows, STRETCH_ROWS):
        yield column.block(start, min(start + STRETCH_ROWS, column.rows))


def _nulls(block: Block) -> int:
    if block.objects is not None:
        return sum(map(is_missing, block.objects))
    return 0 if block.valid is None else block.rows - int(np.count_nonzero(block.valid))


def _profile_of_numbers(column: Column) -> ColumnProfile:
    summary, nulls = NumberSummary(), 0
    for block in _stretches(column):
        nulls += _nulls(block)
        summary.add(numbers_in(block, column.type))
    numbers = summary.numbers()
    distinct = summary.distinct(numbers)
    return ColumnProfile(column.type, column.rows, nulls, numbers, distinct=distinct)


def _profile_of_texts(column: Column, keep_values: bool) -> ColumnProfile:
    summary, lengths, nulls = FrequencySummary(), NumberSummary(), 0
    for block in _stretches(column):
        nulls += _nulls(block)
        block = _without_nulls(block)
        summary.add(text_hashes(*block.buffers).first)
        lengths.add(_lengths(block, column.type))
    frequencies = summary.frequencies()
    return ColumnProfile(
        column.type,
        column.rows,
        nulls,
        frequencies=_with_names(frequencies, column) if keep_values else frequencies,
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


def _profile_of_categories(column: Column, keep_values: bool) -> ColumnProfile:
    categories = column.children[0]
    counts, nulls = np.zeros(categories.rows, np.int64), 0
    for block in _stretches(column):
        nulls += _nulls(block)
        codes = block.buffers[0] if block.valid is None else block.buffers[0][block.valid]
        counts += np.bincount(codes, minlength=categories.rows)
    order = np.argsort(hashes := CellHashes(column).categories().first)
    order = order[counts[order] > 0]
    hashes, counts = hashes[order], counts[order]
    frequencies = most_frequent(hashes, counts, int(counts.sum()), 0, 0)
    return ColumnProfile(
        column.type,
        column.rows,
        nulls,
        frequencies=_with_names(frequencies, categories) if keep_values else frequencies,
        distinct=exact_distinct(hashes, frequencies),
    )


def _with_names(frequencies: Frequencies, column: Column) -> Frequencies:
    """Add the names of the listed values, found in a column of text; others have none."""
    if column.type != "string":
        return frequencies
    wanted = listed(frequencies)[0]
    names: dict[int, str] = {}
    for block in _stretches(column):
        if len(names) == len(wanted):
            break
        names |= _names(_without_nulls(block), wanted)
    kept = tuple(names.get(word, "") for word in wanted.tolist())
    return replace(frequencies, names=kept)


def _names(block: Block, wanted: "Words") -> dict[int, str]:
    """Return those texts of a block whose hashes are wanted, by their hashes."""
    hashes, rows = np.unique(text_hashes(*block.buffers).first, return_index=True)
    is_wanted = np.isin(hashes, wanted)
    lengths, data = block.buffers
    ends = np.cumsum(lengths)
    found = {}
    for word, row in zip(hashes[is_wanted].tolist(), rows[is_wanted].tolist(), strict=True):
        whole = data[ends[row] - lengths[row] : ends[row]].tobytes()
        found[word] = whole.decode("utf-8", "replace")[:_LONGEST_NAME]
    return found
