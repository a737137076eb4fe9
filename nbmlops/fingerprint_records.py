"""Fingerprints as the records that a store keeps, and back.

A fingerprint becomes a `Value`, filed under its digest, and a `Profile` for each of its columns,
filed under the column's digest: columns that several data sets have in common are kept once.
"""

import json
from collections.abc import Mapping
from typing import Any

from nbmlops.canonical import Json
from nbmlops.fingerprints.base import SCHEME, Fingerprint
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, ColumnProfile
from nbmlops.records import Digest, FileUse, Profile, Value

_LEFT_OUT = "columns_left_out"


def value_record(found: Fingerprint) -> Value:
    """Return what a store keeps of a fingerprint beside its profile.

    Of a table with more than `MOST_COLUMNS` columns the document lists so many and says how many
    it leaves out.
    """
    plain = found.to_json()
    columns = plain["columns"]
    plain |= {"profile": None, "columns": columns[:MOST_COLUMNS]}
    if len(columns) > MOST_COLUMNS:
        plain[_LEFT_OUT] = len(columns) - MOST_COLUMNS
    shape = found.shape or ()
    return Value(
        digest=found.digest,
        kind=found.kind,
        class_name=found.class_name,
        strength=found.strength,
        document=_canonical(plain),
        row_count=shape[0] if shape else None,
        column_count=shape[1] if len(shape) > 1 else None,
        size_bytes=found.size_bytes,
        is_profiled=found.semantic is not None,
    )


def file_value(use: FileUse) -> Value | None:
    """Return what a file was when it was used; None where nobody looked at it."""
    if use.digest is None:
        return None
    scheme = f"{SCHEME}:blake3"
    return value_record(Fingerprint(use.digest, "file", size_bytes=use.size_bytes, scheme=scheme))


def profile_records(found: Fingerprint) -> list[Profile]:
    """Return the profiles of the columns that `value_record` lists, each column once."""
    columns = zip(found.columns[:MOST_COLUMNS], found.profile or (), strict=False)
    documents = {part.digest: _canonical(profile.to_json()) for part, profile in columns}
    return [Profile(digest, document) for digest, document in documents.items()]


def fingerprint_of(value: Value, profiles: Mapping[Digest, Profile] | None = None) -> Fingerprint:
    """Return the fingerprint that was written down, with its profile where all of it is given.

    It has no more columns than were listed; its shape tells how many there are.
    """
    plain: dict[str, Any] = json.loads(value.document)
    plain.pop(_LEFT_OUT, None)
    digests = [part["digest"] for part in plain["columns"]]
    if profiles and all(digest in profiles for digest in digests):
        plain["profile"] = [json.loads(profiles[digest].document) for digest in digests]
    return Fingerprint.from_json(plain)


def profile_of(record: Profile) -> ColumnProfile:
    """Return the profile of a column that was written down."""
    return ColumnProfile.from_json(json.loads(record.document))


def columns_left_out(value: Value) -> int:
    """Return how many columns a value has that its document does not list."""
    left_out: int = json.loads(value.document).get(_LEFT_OUT, 0)
    return left_out


def what_it_is(value: Value) -> str:
    """Return kind and shape for people, as a fingerprint writes them: ``df 336,776×19``."""
    return fingerprint_of(value).what


def class_of(value: Value) -> str:
    """Return the library and name of the class that a value had: ``pandas.DataFrame``."""
    parts = value.class_name.split(".")
    return ".".join(dict.fromkeys((parts[0], parts[-1])))


def value_json(value: Value) -> dict[str, Json]:
    """Return what a value was as plain JSON with stable keys, without its columns."""
    found = fingerprint_of(value)
    return {
        "digest": value.digest,
        "kind": value.kind,
        "class": value.class_name,
        "shape": None if found.shape is None else list(found.shape),
        "size_bytes": value.size_bytes,
        "strength": value.strength,
        "reason": found.reason,
    }


def columns_json(value: Value) -> list[Json]:
    """Return the columns of a value as plain JSON, as many as its document lists."""
    return [
        {"name": part.name, "type": part.type, "role": part.role, "digest": part.digest}
        for part in fingerprint_of(value).columns
    ]


def _canonical(plain: dict[str, Any]) -> str:
    # ASCII: column names may hold what no database takes, lone surrogates and NUL.
    return json.dumps(plain, separators=(",", ":"), sort_keys=True)
