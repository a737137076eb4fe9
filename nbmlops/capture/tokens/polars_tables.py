"""Frames and series of polars: by the bytes of their buffers, as Arrow has them.

Some methods change them in place (``extend``, ``insert_column``, ``series[0] = …``). Arrow is
loaded with the first of them, which takes 0.1 s once; without it they are fingerprinted.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

from nbmlops.capture.tokens.scalars import small_scalar
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.polars.blocks import panics_are_errors
from nbmlops.fingerprints.python.classes import own_dict

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# The same way throughout a session: another would look as if the value had changed.
_HAS_ARROW = find_spec("pyarrow") is not None


@panics_are_errors()
def frame(walk: "Walk", value: Any) -> None:
    """Write a frame."""
    plain = pl.DataFrame._from_pydf((own_dict(value) or {})["_df"])
    columns = plain.get_columns()
    walk.out.append(b"x%d,%d;" % (plain.height, len(columns)))
    for column in columns:
        if not walk.takes_nodes(1):
            return
        _write(walk, column)


@panics_are_errors()
def series(walk: "Walk", value: Any) -> None:
    """Write a series."""
    _write(walk, pl.Series._from_pyseries((own_dict(value) or {})["_s"]))


def _write(walk: "Walk", column: pl.Series) -> None:
    walk.out.append(small_scalar((column.name, str(column.dtype), len(column))))
    if not _HAS_ARROW or column.dtype == pl.Object:
        found = fingerprint(column)
        walk.is_whole = walk.is_whole and found.is_exact
        walk.out.append(found.digest.encode())
        return
    newest = pl.CompatLevel.newest()  # as it lies in memory
    walk.follow([chunk.to_arrow(compat_level=newest) for chunk in column.get_chunks()])
