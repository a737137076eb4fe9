"""The two laws of fingerprints as helpers: equal content, equal digests; any change, others."""

from collections.abc import Iterable
from typing import Any

from nbmlops.fingerprints.asking import fingerprint


def digest_of(value: Any) -> str:
    """Return the digest of a value that has an exact one."""
    found = fingerprint(value)
    assert found.is_exact, found.reason
    return found.digest


def type_of(value: Any) -> str:
    """Return the logical type of a value's last column."""
    return fingerprint(value).columns[-1].type


def assert_alike(values: Iterable[Any]) -> None:
    """Values of equal content have equal digests, and their columns the same types."""
    found = [fingerprint(value) for value in values]
    assert all(one.is_exact for one in found), [one.reason for one in found]
    assert len({one.schema for one in found}) == 1, [one.schema for one in found]
    assert len({one.digest for one in found}) == 1, [one.columns for one in found]


def assert_all_differ(values: Iterable[Any]) -> None:
    """Values that differ have digests that differ."""
    digests = [digest_of(value) for value in values]
    assert len(set(digests)) == len(digests), digests
