"""Frames, series and indexes of pandas, column by column: blocks are joined when somebody reads.

Goes by the blocks, which are not public; where they are not as expected, by the fingerprint.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from nbmlops.capture.frames import is_frame
from nbmlops.capture.tokens.arrays import note_memory, write_array
from nbmlops.capture.tokens.items import MOST_ITEMS, Places
from nbmlops.capture.tokens.scalars import small_scalar
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.python.classes import defined, own_dict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.capture.tokens.walking import Walk


def frame(walk: "Walk", value: Any) -> None:
    """Write a frame or series."""
    try:
        manager = (own_dict(value) or {})["_mgr"]
        axes, blocks = list(manager.axes), _blocks(manager)
        arrays = _columns(blocks, len(axes[0])) if len(axes) > 1 else [blocks[0][0]]
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):  # another pandas
        _by_fingerprint(walk, value)
        return
    for values, _ in blocks:
        plain = _plain(values)
        if plain is not None:
            note_memory(walk, plain)
    if len(axes) > 1 and is_frame(value):
        _begin_items(walk, axes[0])
    if walk.takes_nodes(len(arrays)):
        _write_columns(walk, arrays)
    walk.out.append(b"X%d,%d;" % (len(axes), len(arrays)))
    walk.write_part(axes[0])
    if walk.item_places is not None:
        walk.item_places.ends(len(walk.out))
    walk.follow(axes[1:])


def _begin_items(walk: "Walk", labels: Any) -> None:
    """Say where columns begin, if each has a name of its own that is a text."""
    if len(labels) > MOST_ITEMS:
        return
    names = labels.tolist()
    if all(type(name) is str and name for name in names) and len({*names}) == len(names):
        walk.item_places = Places(len(walk.out), names)


def backed_array(walk: "Walk", value: Any) -> None:
    """Write an array of pandas' that keeps its values in one of numpy's, in a compiled slot."""
    kind = type(value)
    walk.follow(tuple(defined(kind, name).__get__(value) for name in ("_ndarray", "_dtype")))


def _blocks(manager: Any) -> list[tuple[Any, Any]]:
    """Return the values of each block, and which columns they are."""
    return [(block.values, block.mgr_locs.indexer) for block in manager.blocks]


def _columns(blocks: list[tuple[Any, Any]], count: int) -> list[Any]:
    """Return the values of each column, in the order of the columns."""
    found: list[Any] = [None] * count
    for values, indexer in blocks:
        places = range(*indexer.indices(count)) if type(indexer) is slice else indexer
        plain = _plain(values)
        if plain is None or plain.ndim == 1:
            found[places[0]] = values
            continue
        name = None if plain is values else str(values.dtype)
        for place, row in zip(places, plain, strict=True):
            found[place] = row if name is None else _Instants(row, name)
    return found


class _Instants(NamedTuple):
    """A column of points or spans of time, some of which pandas keeps together in one array."""

    values: "NDArray[Any]"
    type: str


def _plain(values: Any) -> "NDArray[Any] | None":
    """Return the array of numpy's that values are or lie in; None for other kinds."""
    if type(values) is np.ndarray:
        return values
    if any(type(values) is kind for kind in _INSTANTS):
        kept: NDArray[Any] = values._ndarray
        return kept
    return None


_INSTANTS = (pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray, pd.arrays.PeriodArray)


def _write_columns(walk: "Walk", arrays: list[Any]) -> None:
    out, ends = walk.out, None if walk.item_places is None else walk.item_places.ends
    for values in arrays:
        if type(values) is np.ndarray:
            write_array(walk, values)
        else:
            _write_extension(walk, values)
        if ends is not None:
            ends(len(out))


def _write_extension(walk: "Walk", values: Any) -> None:
    if any(type(values) is kind for kind in _INSTANTS):
        values = _Instants(values._ndarray, str(values.dtype))
    if type(values) is _Instants:
        walk.out.append(small_scalar(values.type))
        write_array(walk, values.values)
    else:
        walk.write_part(values)


def _by_fingerprint(walk: "Walk", value: Any) -> None:
    found = fingerprint(value)
    walk.part(id(value))
    walk.out.append(b"#" + found.digest.encode())
    walk.is_whole = walk.is_whole and found.is_exact
    walk.has_all_parts = False
