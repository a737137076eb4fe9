"""Fingerprints written by hand, for tests of what stores, compares and shows them."""

from xxhash import xxh3_128_hexdigest

from nbmlops.fingerprint_records import value_record
from nbmlops.fingerprints.base import Fingerprint, Part
from nbmlops.records import Digest, Value


def digest_of(text: str) -> Digest:
    """Return a digest as data has them."""
    return Digest(xxh3_128_hexdigest(text.encode()))


def part(text: str) -> Part:
    """Make a column of ``name type content [role]``: equal content gives equal digests."""
    name, type_, content, *role = text.split()
    digest = digest_of(f"{type_} {content}")
    return Part(name, type_, digest, *role)  # type: ignore[arg-type]


def table(rows: int, *columns: str, **fields: object) -> Fingerprint:
    """Make the fingerprint of a frame of columns as `part` takes them."""
    parts = tuple(map(part, columns))
    width = sum(each.role == "column" for each in parts)
    given = {"kind": "frame", "class_name": "pandas.DataFrame", "shape": (rows, width), **fields}
    digest = digest_of(repr((rows, parts, sorted(given.items()))))
    return Fingerprint(**{"digest": digest, "columns": parts, **given})  # type: ignore[arg-type]


def array(*shape: int, content: str = "", **fields: object) -> Fingerprint:
    """Make the fingerprint of an array that has no columns."""
    given = {"kind": "array", "class_name": "numpy.ndarray", "shape": shape, **fields}
    digest = digest_of(repr((content, sorted(given.items()))))
    return Fingerprint(**{"digest": digest, **given})  # type: ignore[arg-type]


def frame(rows: int, *columns: str, **fields: object) -> Value:
    """Make the record of a frame."""
    return value_record(table(rows, *columns, **fields))
