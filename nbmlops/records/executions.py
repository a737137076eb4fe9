"""A cell executed once: what it was, which names it took, what it showed, how it ended."""

from dataclasses import dataclass
from typing import Literal

from nbmlops.records.ids import Digest, ExecutionId, SessionId

type Outcome = Literal["running", "ok", "error", "interrupted"]

type OutputKind = Literal["stdout", "stderr", "result", "display", "error"]


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that ended an execution: its class, message, and traceback without colours."""

    type: str
    message: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Content:
    """One representation of an output: text kept in place, or bytes kept as a blob.

    ``size_bytes`` is the size of the whole, ``cut_bytes`` how much of it was not kept.
    """

    mime: str
    size_bytes: int
    text: str | None = None
    blob: Digest | None = None
    cut_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """Something a cell showed: a stream, a result, displayed data or a traceback."""

    kind: OutputKind
    contents: tuple[Content, ...]
    display_id: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Some items of a value that a name held: columns of a frame."""

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The top-level names of a cell.

    ``touched`` are names the cell may have changed in place (a method called, an item or an
    attribute set): an over-estimate where names were read from the source only. ``items_used`` are
    for names of which it took these items and nothing else, ``items_changed`` for names whose
    values are what they were but for these, see `nbmlops.cells.items`. ``replaced`` are those whose
    values code that is not recorded had written since the execution before: in a cell kept out of
    the record, while recording was paused, in a callback between cells.
    """

    defined: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    items_used: tuple[Items, ...] = ()
    items_changed: tuple[Items, ...] = ()
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Execution:
    """One cell executed once.

    ``sequence`` counts the session's executions from 1. ``cell_key`` says which executions are of
    the same cell: the front end's cell id, else a digest of the source. ``memory_growth_bytes``
    is how far the process's peak rose above what it held when the cell began.
    """

    id: ExecutionId
    session_id: SessionId
    sequence: int
    source: str
    started: float
    cell_key: str
    cell_id: str | None = None
    tags: tuple[str, ...] = ()
    execution_count: int | None = None
    duration_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_growth_bytes: int | None = None
    outcome: Outcome = "running"
    failure: Failure | None = None
    names: Names = Names()
    outputs: tuple[Output, ...] = ()
