"""The question itself: a value → its `Fingerprint`, whatever the value is and does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import SCHEME, Described, Fingerprint
from nbmlops.fingerprints.columns.tables import Table
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

    Parameters
    ----------
    value : object
        Anything.
    profile : bool
        Also look at the distributions of a table's columns, at its rows in no order, and at its
        digest when equal numbers of different bits (−0.0, NaN) count as equal. Takes several times
        as long.
    within_seconds : float or None
        Give up when this time is over: the value is then opaque. Looked at between values, so that
        a single large array can take longer.

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
    found = _looked_at(value, within_seconds)
    if not profile or issubclass(type(value), Path):
        return _fingerprint(value, found)
    table = _table(value)
    if table is not None and not found.columns:  # of an array, whose own digest is quicker
        found = replace(found, columns=described(table, within_seconds=within_seconds).columns)
    return _fingerprint(
        value,
        found,
        unordered=None if table is None else _unordered(table),
        semantic=Digest(described(value, "semantic", within_seconds=within_seconds).digest.hex()),
        profile=None if table is None else _profile(table),
    )


def _looked_at(value: Any, within_seconds: float | None) -> Described:
    if not issubclass(type(value), Path):
        return described(value, within_seconds=within_seconds)
    try:
        from nbmlops.fingerprints.files.described import described_file
        from nbmlops.fingerprints.python.scalars import plain_path

        return described_file(Path(plain_path(value)))
    except Exception as problem:  # noqa: BLE001, a file system can fail in any way
        return opaque(value, reason_of(problem))


def _fingerprint(
    value: Any,
    found: Described,
    *,
    unordered: Digest | None = None,
    semantic: Digest | None = None,
    profile: tuple[ColumnProfile, ...] | None = None,
) -> Fingerprint:
    return Fingerprint(
        digest=Digest(found.digest.hex()),
        kind=found.kind,
        class_name=class_name(value),
        shape=found.shape,
        columns=found.columns,
        strength=found.strength or ("exact" if found.reason is None else "opaque"),
        reason=found.reason,
        scheme=f"{SCHEME}:{found.hash}",
        unordered=unordered,
        semantic=semantic,
        profile=profile,
        size_bytes=found.size_bytes,
    )


def _table(value: Any) -> Table | None:
    try:
        maker = table_maker_of(type(value))
        return None if maker is None else maker(value)
    except Exception:  # noqa: BLE001, the digest of this value has the error as its reason
        return None


def _unordered(table: Table) -> Digest | None:
    try:
        from nbmlops.fingerprints.profiles.row_hashes import unordered_digest

        return unordered_digest(table)
    except Exception:  # noqa: BLE001, a table that another thread changes can fail anywhere
        return None


def _profile(table: Table) -> tuple[ColumnProfile, ...] | None:
    try:
        from nbmlops.fingerprints.profiles.profiling import profile_of

        return profile_of(table)
    except Exception:  # noqa: BLE001, a table that another thread changes can fail anywhere
        return None
