"""polars' frames and series in canonical form, and lazy frames by their plans.

Series are read where they lie, by way of Arrow. What Arrow lacks, and everything where pyarrow is
not installed, is read by polars' own means (`blocks`), with equal digests. Categories of a
Categorical are those in use, sorted, since polars keeps one list of them for the whole process;
those of an Enum are all, in the order given, and ordered.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from nbmlops.fingerprints.base import Described, Mode
from nbmlops.fingerprints.columns.tables import Column, NamedColumn, Table
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.polars import blocks as polars_blocks
from nbmlops.fingerprints.polars.types import is_extension, name_of, types_inside

if TYPE_CHECKING:
    from collections.abc import Callable

# What pyarrow lacks. Before 2.0, polars says that an Enum is not ordered, gives what is in a slice
# of structs or arrays out of step with their nulls, and panics at some lists of text.
_NOT_HANDED_OVER = frozenset({"Int128", "UInt128", "Object"})
if int(pl.__version__.partition(".")[0]) < 2:
    _NOT_HANDED_OVER |= {"Enum", "Struct", "Array", "List"}

_CACHE_ID = re.compile(r"(?<=CACHE\[id: )[^\],]+")


def frame(value: pl.DataFrame) -> Table:
    """Return a data frame; no method of a subclass is called."""
    columns = tuple(
        NamedColumn(series.name, column_of(series)) for series in pl.DataFrame.get_columns(value)
    )
    rows = pl.DataFrame.height.__get__(value)
    return Table("frame", rows, columns, size_bytes=int(pl.DataFrame.estimated_size(value)))


def column(value: pl.Series) -> Table:
    """Return a series as a column of its name; no method of a subclass is called."""
    named = NamedColumn(pl.Series.name.__get__(value), column_of(value))
    size_bytes = int(pl.Series.estimated_size(value))
    return Table("column", named.column.rows, (named,), size_bytes=size_bytes)


@polars_blocks.panics_are_errors()
def column_of(series: pl.Series) -> Column:
    """Return a series of any type as a column."""
    plain = pl.Series.to_frame(series).get_columns()[0]  # of polars' own class
    arrow_column_of = _arrow_column_of()
    is_category = name_of(plain.dtype) in ("Categorical", "Enum")
    if arrow_column_of is None or is_category or not _is_handed_over(plain.dtype):
        return polars_blocks.column_of(plain)
    return arrow_column_of(plain)


@polars_blocks.panics_are_errors()
def plan(value: pl.LazyFrame, _mode: Mode) -> Described:
    """Describe a lazy frame by what it would do, which says little of the data that it does it to.

    The plan is in polars' own words before optimisation, so that another version of polars may
    give another digest. It names columns and files, whose headers polars reads to write it; it has
    neither the values of frames in memory nor the code of Python functions.
    """
    words = _with_numbered_caches(pl.LazyFrame.explain(value, optimized=False))
    reason = f"a plan, not data, as polars {pl.__version__} writes it"
    return Described("lazyframe", joined("lazyframe", text(words)), reason=reason)


def _with_numbered_caches(words: str) -> str:
    """Return a plan with 0, 1, … for the caches in it, which polars calls by a random name."""
    numbers: dict[str, int] = {}

    def number(found: "re.Match[str]") -> str:
        return str(numbers.setdefault(found.group(), len(numbers)))

    return _CACHE_ID.sub(number, words)


@cache
def _arrow_column_of() -> "Callable[[pl.Series], Column] | None":
    """Return what makes a column by way of Arrow; None where pyarrow is not installed."""
    try:
        import pyarrow as pa

        from nbmlops.fingerprints.arrow import tables as arrow_tables
    except ImportError:
        return None

    newest = pl.CompatLevel.newest()  # the older ones copy text

    def of(series: pl.Series) -> Column:
        chunks = [chunk.to_arrow(compat_level=newest) for chunk in series.get_chunks()]
        return arrow_tables.column_of(pa.chunked_array(chunks), categories_in_use_only=True)

    return of


def _is_handed_over(dtype: pl.DataType) -> bool:
    """Whether polars and pyarrow hand over all of a type as it is."""
    if name_of(dtype) in _NOT_HANDED_OVER or is_extension(dtype):
        return False
    return all(map(_is_handed_over, types_inside(dtype)))
