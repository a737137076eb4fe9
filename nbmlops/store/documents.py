"""What the JSON documents of records name: blobs of environments, columns of values."""

import json
from collections.abc import Iterator

from nbmlops.records import Digest


def blobs_of_environment(document: str) -> Iterator[Digest]:
    """Give the sources and the patch that an environment names."""
    content = json.loads(document)
    yield from content.get("modules", {}).values()
    if patch := (content.get("git") or {}).get("patch"):
        yield patch


def column_digests(document: str) -> set[Digest]:
    """Return the digests of the columns that a value lists."""
    columns = json.loads(document).get("columns") or ()
    return {part["digest"] for part in columns if isinstance(part, dict) and "digest" in part}
