"""What a store is asked for: which runs, data and sessions, in which order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nbmlops.config import Settings
from nbmlops.measures import direction
from nbmlops.records import DATA_KINDS, Digest, RunId, RunStatus, SessionId

type OrderField = Literal[
    "opened", "closed", "duration", "name", "experiment", "status", "metrics", "params"
]


@dataclass(frozen=True, slots=True)
class Order:
    """What runs are ordered by: a field of theirs, or a metric or parameter by ``name``.

    Runs that have no value come last either way; equal ones come the latest first.
    """

    field: OrderField = "opened"
    name: str = ""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs, in which order, how many; None leaves a condition out.

    ``used`` is a value or file that executions of the run read or wrote. ``trashed`` tells whether
    runs in the trash are meant, or all others. ``metrics`` and ``params`` name those that are
    wanted of each run.
    """

    ids: tuple[RunId, ...] | None = None
    experiment: str | None = None
    status: RunStatus | None = None
    session_id: SessionId | None = None
    parent_id: RunId | None = None
    used: Digest | None = None
    trashed: bool | None = False
    metrics: tuple[str, ...] | None = None
    params: tuple[str, ...] | None = None
    order: Order = Order()
    limit: int | None = None
    offset: int = 0


def _lower_is_better(metric: str) -> bool:
    return direction(metric, Settings()) == "lower"


@dataclass(frozen=True, slots=True)
class RunSearch:
    """Which runs, in the words of `nbmlops.query`, in which order, and which page of them.

    ``after`` is the cursor of the page before, None for the first. ``is_lower_better`` decides
    what ``metrics.NAME.best`` is. ``experiment`` and ``status`` narrow the filter down. Runs in
    the trash are found where ``trashed`` says so, and then no others.

    ``metrics`` and ``params`` name those that are wanted of each run, None for all, an empty tuple
    for none. With ``most_names`` beside that so many are given that most of the page's first runs
    have, and of those that have none of them so many of theirs.
    """

    filter: str = ""
    order_by: str = "opened DESC"
    limit: int | None = None
    after: str | None = None
    experiment: str | None = None
    status: RunStatus | None = None
    is_lower_better: Callable[[str], bool] = _lower_is_better
    trashed: bool = False
    metrics: tuple[str, ...] | None = None
    params: tuple[str, ...] | None = None
    most_names: int | None = None


@dataclass(frozen=True, slots=True)
class DataQuery:
    """Which data sets, how many; None leaves a condition out.

    ``name`` is of a variable that held them, or their path. Files that are in installed packages
    only are left out unless ``packages``.
    """

    digests: tuple[Digest, ...] | None = None
    name: str | None = None
    kinds: tuple[str, ...] = DATA_KINDS
    packages: bool = True
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """Which sessions, the latest first; None leaves a condition out."""

    kernel_id: str | None = None
    notebook: str | None = None
    limit: int | None = None
    offset: int = 0
    ids: tuple[SessionId, ...] | None = None
