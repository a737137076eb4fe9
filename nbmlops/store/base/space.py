"""Making space: what may go, what went, and what is forgotten for good."""

import math
from dataclasses import dataclass

from nbmlops.records import RunId


@dataclass(frozen=True, slots=True)
class Policy:
    """What may go when space is made; times are seconds since 1970, -inf where nothing may.

    Runs that were put into the trash before ``trashed_before``, outputs of executions that began
    before ``outputs_before``, blobs that no record names and that were put before ``put_before``:
    what is younger may be of a record that is still on its way.
    """

    trashed_before: float
    put_before: float
    outputs_before: float = -math.inf


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, or would go, when space is made. ``database_bytes`` are whole pages.

    ``series`` are those of measurements that were packed, or can be: their pages count when they
    were, and till then ``packing_bytes`` say about how much that will be. ``young_blobs`` are those
    that nothing names and that were put too lately to go, ``kept_blobs`` those that stay while
    there is a copy of a damaged store, which may name them.
    """

    runs: tuple[RunId, ...] = ()
    executions: int = 0
    outputs: int = 0
    blobs: int = 0
    blob_bytes: int = 0
    database_bytes: int = 0
    series: int = 0
    young_blobs: int = 0
    kept_blobs: int = 0
    packing_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten for good.

    ``rows`` and ``blobs`` are how many were changed or removed, ``files`` the copies and logs.
    ``left`` is where it still is: in what a living session holds, say, or in the database's file
    while somebody reads it. ``names`` are those that would change, as what they would become,
    where it is only asked.
    """

    runs: tuple[RunId, ...] = ()
    executions: int = 0
    rows: int = 0
    blobs: int = 0
    files: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSize:
    """How many bytes a run takes: its points, and the code, outputs and blobs that it contains.

    What several runs contain counts for each.
    """

    run_id: RunId
    experiment: str
    size_bytes: int
