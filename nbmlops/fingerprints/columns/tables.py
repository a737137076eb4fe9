"""The one canonical form of columns, which digests, profiles and row hashes are made from.

A library's adapter brings its columns into this form; nothing else here knows libraries. Rows come
in blocks of `BLOCK_ROWS`, so that chunking, slices and storage never show, and no more than a few
blocks are ever in memory beside the data.

Logical types, and the buffers of a block of n rows (little-endian, C-contiguous numpy arrays; zero
where a row is not valid):

=========================== =====================================================================
``bool``                    uint8: 0 or 1
``int8`` … ``uint64``,
``float16`` … ``float64``,
``complex64/128``           their own dtype
``timestamp[tz=…]``,
``duration``                int64 microseconds; then int16 nanoseconds 0…999, only where one is not
                            0. ``timestamp[]`` has no time zone. Instants that do not fit into int64
                            microseconds: the type ends in ``/ms`` or ``/s`` for the whole column
``date``                    int32 days since 1970; then int64 milliseconds, only where one is not 0
``time``                    int64 nanoseconds since midnight
``decimal[scale]``,
``int128``, ``uint128``     uint64 of shape (n, 2), the low word first; then the next two of
                            decimals of 256 bits, only where one of them is not the sign
``string``, ``binary``      int64 lengths in bytes; uint8 bytes of all values, one after the other
``category[ordered]``,
``category[]``              int32 codes; the categories are the column's only child, in their order
``list[type]``              int64 lengths; the values are the block's only child
``map[key, value]``         as a list of structs of two fields
``struct[name: type, …]``   none; the fields are the block's children, null where the struct is
``period[freq]``            int64 ordinals
``interval[closed]``        none; left and right ends are the block's children
``calendar_interval``       int64 of shape (n, 2): int32 months and days in one, nanoseconds
``type (name)``             an extension of a type, of this name: as the type by itself
``null``                    none
``object``                  none; ``objects`` has the values, None where not valid
=========================== =====================================================================

**Missing values.** A null is a row that is not valid. In numpy-backed float columns of pandas, NaN
*is* the missing value, so it is a null, equal to the null of other libraries. In nullable and
Arrow-backed pandas columns, in polars, in Arrow and in numpy arrays, NaN is a number and differs
from null. NaT, None, NA in pandas are nulls; only among objects of several types they are elements,
which differ. The semantic digest does not tell any of them apart.

**Not part of a column's digest:** chunks, offsets, what lies under nulls, string and list layouts,
dictionary index width, time units of the same instants, sparse or dense storage, whether text is
``str``, ``string`` or an object column that holds nothing but text and missing values.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import Role
from nbmlops.fingerprints.python.identity import is_of_library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_ROWS = 65_536  # 512 KiB of float64: fits the second-level cache; part of the digest


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of a column; see the table above for its buffers.

    ``valid`` is None where every row is. A block without objects never calls user code.
    """

    rows: int
    valid: "NDArray[np.bool_] | None" = None
    buffers: tuple["NDArray[Any]", ...] = ()
    children: tuple["Column", ...] = ()
    objects: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its logical type and a way to get at any stretch of its rows.

    ``block(start, stop)`` returns rows start ≤ row < stop; it may be called from any thread, in
    any order, and reads the data at the time of the call. ``children`` belong to the column as a
    whole (categories).

    ``numbers`` may be given where a NaN is the only way for a row not to be valid: it returns the
    one buffer of these rows as they are, NaN and all. Hashed first and searched for NaN then, a
    block is read from memory once, at the speed of the hash.

    ``pieces`` may be given for text that is made when it is asked for: it returns these rows as
    blocks of few bytes that follow each other, however long the texts are.
    """

    type: str
    rows: int
    block: Callable[[int, int], Block]
    children: tuple["Column", ...] = ()
    numbers: "Callable[[int, int], NDArray[Any]] | None" = None
    pieces: Callable[[int, int], Iterator[Block]] | None = None

    def blocks(self) -> Iterator[Block]:
        """Give all rows, in blocks of `BLOCK_ROWS`."""
        for start in range(0, self.rows, BLOCK_ROWS):
            yield self.block(start, min(start + BLOCK_ROWS, self.rows))


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column of a table by its name, which may be any hashable value."""

    name: Hashable
    column: Column
    role: Role = "column"

    @property
    def label(self) -> str:
        """The name as shown; empty where there is none."""
        return shown_name(self.name)


# Whose values are shown by their own text; for those of others, it would be the user's code.
_SHOWN_AS_WRITTEN = frozenset("builtins datetime decimal numpy pandas uuid".split())

_LARGEST_SHOWN = 10**40


def shown_name(name: Hashable) -> str:
    """Return a name as shown; empty where there is none."""
    if type(name) is str:
        return name
    return "" if name is None else _shown(name)


def _shown(name: object) -> str:
    if type(name) is tuple:
        return f"({', '.join(map(_shown, name))})"
    if type(name) is int and abs(name) >= _LARGEST_SHOWN:  # Python may refuse to write it
        return "…"
    is_plain = is_of_library(type(name), *_SHOWN_AS_WRITTEN) and type(name) is not frozenset
    return repr(name) if is_plain else f"<{class_name(name)}>"


@dataclass(frozen=True, slots=True)
class Table:
    """A data frame, a single column, an index or the columns of an array in canonical form.

    ``columns`` has the levels of an index first, which is left out where it is the default one
    (0, 1, 2, … without a name). ``axis_names`` are the names of the levels of column names, where
    they have any. ``size_bytes`` is what the library says it holds.
    """

    kind: str
    rows: int
    columns: tuple[NamedColumn, ...]
    axis_names: tuple[Hashable, ...] = ()
    size_bytes: int | None = None
