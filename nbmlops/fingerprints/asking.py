"""The question itself: a value → its `Fingerprint`, whatever the value is and does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import Described, Fingerprint, fingerprint_from
from nbmlops.fingerprints.columns.tables import Table
from nbmlops.fingerprints.deadline import Deadline, TakesTooLong
from nbmlops.fingerprints.profiles.profile import ColumnProfile
from nbmlops.fingerprints.registry import table_maker_of
from nbmlops.fingerprints.walking import described, opaque, reason_of
from nbmlops.records import Digest


def fingerprint(
    value: Any, *, profile: bool = False, within_seconds: float | None = None
) -> Fingerprint:
    """Say what a value is: equal content, equal digest, on every machine.

    Never raises and never changes the value; what cannot be looked at is ``opaque``, with the
    reason. No method of a class of yours is called: objects are read by their attributes, or by
    what you said with `register_fingerprint`. A `pathlib.Path` stands for the file or folder it
    names; inside another value it is a path and no more.

    None, NaN, NaT and NA are one missing value in a pandas column of numbers, instants, categories
    or text, and in one of objects that are all text or missing, which equals a column of text.
    Among any other objects, and in lists, they are values that differ. NaN is a number, and no
    missing value, in numpy arrays, in polars and Arrow, and in nullable and Arrow-backed columns of
    pandas.

    Parameters
    ----------
    value : object
        Anything.
    profile : bool
        Also look at the distributions of a table's columns, at its rows in no order, and at its
        digest when equal numbers of different bits (−0.0, NaN) count as equal. Takes several times
        as long.
    within_seconds : float or None
        Give up when this time is over, counted once for all that was asked: a value whose digest
        is not found by then is opaque, and a profile that is not made by then is left out. Nothing
        is interrupted, so that it can take somewhat longer.

    Examples
    --------
    >>> one, other = {"rate": 0.1, "depth": 3}, {"depth": 3, "rate": 0.1}
    >>> fingerprint(one).digest == fingerprint(other).digest
    True
    >>> fingerprint([1, 2]).digest == fingerprint([1, 2.0]).digest
    False
    >>> fingerprint(iter([1, 2])).reason
    'an iterator: looking at it would use it up'
    """
    deadline = Deadline.within(within_seconds)
    found = _looked_at(value, deadline)
    whole = fingerprint_from(found, class_name(value))
    if not profile or found.kind in ("opaque", "file", "folder"):
        return whole
    table = _table(value)
    semantic = Digest(described(value, "semantic", deadline=deadline).digest.hex())
    if table is None:
        return replace(whole, semantic=semantic)
    return replace(
        whole,
        # Of an array there are none: its own digest is quicker.
        columns=whole.columns or described(table, deadline=deadline).columns,
        unordered=_unordered(table, deadline),
        semantic=semantic,
        profile=_profile(table, deadline),
    )


def _looked_at(value: Any, deadline: Deadline) -> Described:
    if not issubclass(type(value), Path):
        return described(value, deadline=deadline)
    try:
        from nbmlops.fingerprints.files.described import described_file
        from nbmlops.fingerprints.python.scalars import plain_path

        return described_file(Path(plain_path(value)), deadline=deadline)
    except Exception as problem:  # noqa: BLE001, a file system can fail in any way
        return opaque(value, reason_of(problem))


def _table(value: Any) -> Table | None:
    try:
        maker = table_maker_of(type(value))
        return None if maker is None else maker(value)
    except Exception:  # noqa: BLE001, the digest of this value has the error as its reason
        return None


def _unordered(table: Table, deadline: Deadline) -> Digest | None:
    try:
        from nbmlops.fingerprints.profiles.row_hashes import unordered_digest

        return unordered_digest(table, deadline)
    except Exception:  # noqa: BLE001, a table that another thread changes can fail anywhere
        return None


def _profile(table: Table, deadline: Deadline) -> tuple[ColumnProfile, ...] | None:
    from nbmlops.fingerprints.profiles.profiling import profile_of

    try:
        return profile_of(table, deadline)
    except TakesTooLong:
        return None
