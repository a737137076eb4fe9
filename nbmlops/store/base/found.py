"""What a store answers beside records: pages, rows, tallies, and what it finds of itself."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from nbmlops.records import Digest, Point, RunId, RunStatus, RunSummary, SessionId


@dataclass(frozen=True, slots=True)
class RunsFound:
    """A page of runs, and the cursor of the next, None where there is none.

    ``notes`` say which names no run has: of the order, and where nothing was found of the filter.
    """

    summaries: tuple[RunSummary, ...]
    next: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows that a SELECT found, and whether there were more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class ExperimentTally:
    """An experiment and its runs that are not in the trash: how many, when the latest opened."""

    name: str
    run_count: int
    running_count: int
    latest: float


@dataclass(frozen=True, slots=True)
class RunTally:
    """What a store has of a run, in numbers: a store that has more of one has something more.

    ``written`` are the fields that somebody wrote, when, and who.
    """

    session_id: SessionId
    parent_id: RunId | None
    status: RunStatus
    is_trashed: bool
    counts: tuple[int, ...]
    written: frozenset[tuple[str, float, str]]


@dataclass(frozen=True, slots=True)
class SessionTally:
    """What a store has of a session and the data its executions used, in numbers."""

    ended: float | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Recorder:
    """Who recorded something, and on which machine."""

    user: str
    host: str

    @property
    def words(self) -> str:
        """Both, as far as they are known: ``ann on laptop``."""
        known = self.user or "nobody known"
        return f"{known} on {self.host}" if self.host else known


def by_whom(recorders: Mapping[Digest, Collection[Recorder]]) -> str:
    """Write who recorded blobs: ``3 by ann on laptop, 2 by bob on hub``; of several the first."""
    counted = Counter(min(who).words if who else "nobody known" for who in recorders.values())
    return ", ".join(f"{number:,} by {who}" for who, number in sorted(counted.items()))


@dataclass(frozen=True, slots=True)
class SampledSeries:
    """The measurements of a metric that draw it, in order, and how many there are in all.

    Where these are not all, they are the first and the last, and of each bucket of equally many
    the least and the greatest, and one of each kind that is no number: NaN, inf, -inf.
    """

    steps: tuple[int, ...]
    times: tuple[float, ...]
    values: tuple[float, ...]
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether every measurement is there."""
        return len(self.values) == self.count

    @property
    def points(self) -> tuple[Point, ...]:
        """The measurements one by one."""
        return tuple(map(Point, self.steps, self.times, self.values))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check of the store found: what was looked at, and what is wrong if it is."""

    subject: str
    is_good: bool
    text: str
