"""The records that pass between the rooms: what was captured, what is stored, what is shown.

All are frozen. Times are seconds since 1970-01-01 00:00 UTC, durations seconds, sizes bytes.
Every record that a store keeps has a key (`key_of`); saving a record again replaces what the key
had, so that saving twice is saving once. Records know nothing of SQL, IPython or drawing.
"""

import json
import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, NewType

from nbmlops.canonical import Encoded, decode, encode, number

SessionId = NewType("SessionId", str)
ExecutionId = NewType("ExecutionId", str)
RunId = NewType("RunId", str)
Digest = NewType("Digest", str)

type Outcome = Literal["running", "ok", "error", "interrupted"]
type RunStatus = Literal["running", "finished", "failed", "interrupted"]
type Place = Literal["jupyter", "vscode", "colab", "ipython", "script", "headless"]
type OutputKind = Literal["stdout", "stderr", "result", "display", "error"]
type ParamSource = Literal["cell", "logged", "estimator", "given"]
type MetricSource = Literal["logged", "magic", "matched"]
type Verdict = Literal["confirmed", "refuted", "inconclusive"]
type UseRole = Literal["read", "written"]
type DataRole = Literal["input", "derived"]
type AnnotationField = Literal["name", "note", "hypothesis", "verdict"]
type MarkField = Literal["trashed", "pinned"]


@dataclass(frozen=True, slots=True)
class Session:
    """One kernel's life (or one script's), from the start of recording until its end.

    ``ended`` is None while it lives. ``notebook`` is a path as text, None where no front end
    tells it. ``heartbeat`` is when it last wrote, for readers on other hosts.
    """

    id: SessionId
    started: float
    place: Place
    experiment: str
    notebook: str | None = None
    kernel_id: str | None = None
    host: str = ""
    pid: int = 0
    user: str = ""
    python: str = ""
    heartbeat: float = 0.0
    ended: float | None = None
    interrupted: bool = False


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
    values are what they were but for these, see `nbmlops.cells.items`.
    """

    defined: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    items_used: tuple[Items, ...] = ()
    items_changed: tuple[Items, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Run:
    """A result and everything it depends on; the parts are records of their own, by ``run_id``.

    ``automatic`` runs were opened by a result, the others by name. ``reason`` says why a run
    failed or was interrupted. ``environment`` is the digest of the environment it closed in.
    ``trashed`` is when it was put into the trash, ``pinned`` when it was pinned, None where it is
    not. Once a run is stored, its `AnnotationField` fields are changed by an `Annotation` only,
    its `MarkField` fields by a `Mark`.
    """

    id: RunId
    session_id: SessionId
    experiment: str
    opened: float
    name: str | None = None
    status: RunStatus = "running"
    closed: float | None = None
    automatic: bool = False
    parent_id: RunId | None = None
    notebook: str | None = None
    user: str = ""
    hypothesis: str | None = None
    verdict: Verdict | None = None
    note: str | None = None
    reason: str | None = None
    environment: Digest | None = None
    trashed: float | None = None
    pinned: float | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Executions that a run contains, as numbers of its session from ``first`` to ``last``.

    A run contains what any of its stretches has, and has results of what any with ``gave_result``
    has: they may overlap, come in any order and more than once.
    """

    run_id: RunId
    first: int
    last: int
    gave_result: bool = False


@dataclass(frozen=True, slots=True)
class RunExecution:
    """An execution that a run contains, and whether it gave the run a result."""

    run_id: RunId
    execution_id: ExecutionId
    gave_result: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a run, with its type kept (see `nbmlops.canonical.encode`)."""

    run_id: RunId
    name: str
    type: str
    json: str
    source: ParamSource = "logged"

    @classmethod
    def of(cls, run_id: RunId, name: str, value: object, source: ParamSource) -> "Param":
        """Make the record of a parameter from its value."""
        written: Encoded = encode(value)
        return cls(run_id, name, written.type, written.json, source)

    @property
    def value(self) -> Any:
        """The value, or an `Opaque` where it was not kept."""
        return decode(self.type, self.json)

    @property
    def number(self) -> float | None:
        """The value as a number to sort by, None where it is none."""
        return number(self.value)


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement of a metric: ``step`` counts from 0 where the user gave none."""

    step: int
    time: float
    value: float


@dataclass(frozen=True, slots=True)
class Points:
    """A stretch of consecutive measurements of one metric, packed.

    ``data`` holds the steps (int64), then the times, then the values (float64), little-endian.
    ``part`` numbers the stretches of one metric from 0.
    """

    run_id: RunId
    name: str
    part: int
    count: int
    data: bytes

    @classmethod
    def pack(cls, run_id: RunId, name: str, part: int, points: Iterable[Point]) -> "Points":
        """Pack measurements; the inverse of iterating over the stretch."""
        rows = [(point.step, point.time, point.value) for point in points]
        return cls.pack_rows(run_id, name, part, rows)

    @classmethod
    def pack_rows(
        cls, run_id: RunId, name: str, part: int, rows: list[tuple[int, float, float]]
    ) -> "Points":
        """Pack measurements given as ``(step, time, value)``; the fast way in."""
        steps, times, values = zip(*rows, strict=True) if rows else ((), (), ())
        data = b"".join((_le("q", steps), _le("d", times), _le("d", values)))
        return cls(run_id, name, part, len(rows), data)

    def __iter__(self) -> Iterator[Point]:
        steps, times, values = array("q"), array("d"), array("d")
        third = 8 * self.count
        for numbers, start in ((steps, 0), (times, third), (values, 2 * third)):
            numbers.frombytes(self.data[start : start + third])
            if _BIG_ENDIAN:
                numbers.byteswap()
        return map(Point, steps, times, values)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a run's metric came to: its last value, its range, and which execution gave it.

    ``minimum`` and ``maximum`` leave NaN out; all three are NaN where every value was.
    """

    run_id: RunId
    name: str
    last: float
    minimum: float
    maximum: float
    count: int
    last_step: int
    last_time: float
    source: MetricSource = "logged"
    execution_id: ExecutionId | None = None

    def extended(self, rows: list[tuple[int, float, float]]) -> "Metric":
        """Return the metric with further ``(step, time, value)`` measurements counted in."""
        step, time, last = rows[-1]
        values = [value for _, _, value in rows if not math.isnan(value)]
        known = [value for value in (self.minimum, self.maximum) if not math.isnan(value)]
        return replace(
            self,
            last=last,
            minimum=min([*values, *known], default=math.nan),
            maximum=max([*values, *known], default=math.nan),
            count=self.count + len(rows),
            last_step=step,
            last_time=time,
        )

    @classmethod
    def empty(
        cls, run_id: RunId, name: str, source: MetricSource, execution_id: ExecutionId | None
    ) -> "Metric":
        """Return the metric before its first measurement."""
        nan = math.nan
        return cls(run_id, name, nan, nan, nan, 0, -1, 0.0, source, execution_id)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model of a run: its class and all its hyperparameters, on request itself.

    ``params`` is canonical JSON of ``{name: [type, json]}``. ``blob`` is the model itself in
    ``format``, None where only its description was recorded.
    """

    run_id: RunId
    name: str
    class_name: str
    params: str
    execution_id: ExecutionId | None = None
    blob: Digest | None = None
    format: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that a run keeps, as a blob."""

    run_id: RunId
    name: str
    blob: Digest
    size_bytes: int
    mime: str
    execution_id: ExecutionId | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A word or a ``key=value`` pair that a user put on a run."""

    run_id: RunId
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell in a notebook file.

    ``digest`` is of its source, as `nbmlops.cells.sources.source_digest` makes it. ``id`` is None
    where the file has none. ``source`` is None where only the digest was kept.
    """

    digest: str
    id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The code cells of a run's notebook in their order, as it was saved when the run was closed.

    ``saved`` is when the file was last written. ``problem`` says why there are no cells. Of cells
    that have an id the source is not kept.
    """

    run_id: RunId
    path: str
    saved: float | None = None
    cells: tuple[NotebookCell, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What somebody wrote on a run, whoever has it open: the run's field becomes ``value``.

    ``field`` is an `AnnotationField`, or ``tags.NAME``; None takes away what it holds. ``by`` is
    who wrote it, ``at`` when; 0 where that is not known. Saving one for a run that is not there, or
    that was written before what is there, changes nothing.
    """

    run_id: RunId
    field: str
    value: str | None
    at: float = 0.0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """That a run was put into the trash or pinned, or neither any more; as an `Annotation` is."""

    run_id: RunId
    field: MarkField
    is_on: bool
    at: float
    by: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run was made; ``document`` is canonical JSON, filed under its own digest."""

    digest: Digest
    document: str

    @property
    def content(self) -> dict[str, Any]:
        """The document: python, platform, packages, modules, git, variables."""
        loaded: dict[str, Any] = json.loads(self.document)
        return loaded


@dataclass(frozen=True, slots=True)
class Value:
    """What a value was, filed under its digest: a fingerprint without its profile.

    ``document`` is canonical JSON, see `nbmlops.fingerprint_records`. ``row_count`` and
    ``column_count`` are None where a value has none. ``is_profiled`` tells whether the digests
    that only come with a profile are in the document. A store keeps the first record of a digest,
    but lets one that is profiled take the place of one that is not.
    """

    digest: Digest
    kind: str
    class_name: str
    strength: str
    document: str
    row_count: int | None = None
    column_count: int | None = None
    size_bytes: int | None = None
    is_profiled: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What the values of a column are like, filed under the column's digest, as canonical JSON."""

    digest: Digest
    document: str


@dataclass(frozen=True, slots=True)
class Use:
    """That an execution read or wrote a name, and what the name held then.

    ``digest`` is None until the value has been looked at, and for ever where it changed before.
    A record without a digest never replaces one that has it.
    """

    execution_id: ExecutionId
    name: str
    role: UseRole
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class FileUse:
    """That an execution read or wrote a file or folder, and what it held.

    ``path`` is relative to the project where it lies in it, else absolute, or a URL. ``digest`` is
    None until it has been looked at, ``reason`` why it never will be. A record without a digest
    never replaces one that has it.
    """

    execution_id: ExecutionId
    path: str
    role: UseRole
    digest: Digest | None = None
    size_bytes: int | None = None
    modified: float | None = None
    reason: str | None = None


# Kinds of values that are data sets; the others are parameters, models, code or opaque.
DATA_KINDS = (
    "frame", "column", "index", "array", "sparse", "tensor", "lazyframe", "file", "folder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataSet:
    """A value that is data, and where it was seen, over all sessions.

    ``names`` are the variables that held it and the paths that had it, the latest first. ``files``
    are the paths that the execution which first wrote it had read. ``run_count`` and
    ``execution_count`` say how many used it; ``first_seen`` and ``last_seen`` when.
    """

    value: Value
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    run_count: int = 0
    execution_count: int = 0
    first_seen: float = 0.0
    last_seen: float = 0.0


@dataclass(frozen=True, slots=True)
class DataUse:
    """Data that the executions of a run held under a name.

    An ``input`` is what the run stands on: no execution of the run wrote it, or one that read
    files or no other data; the rest is ``derived``. ``written_in`` and ``read_in`` are sequences
    of executions of the run. ``files`` are those that the execution which wrote it had read.
    """

    name: str
    value: Value
    role: DataRole
    written_in: int | None = None
    read_in: tuple[int, ...] = ()
    files: tuple[FileUse, ...] = ()

    @property
    def digest(self) -> Digest:
        """The digest of the value."""
        return self.value.digest


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run with its small parts: what a table of runs or a comparison is made from."""

    run: Run
    params: tuple[Param, ...] = ()
    metrics: tuple[Metric, ...] = ()
    models: tuple[Model, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDetail:
    """Everything about one run: its summary, executions, where it was made, and its data.

    ``data`` has inputs first. ``files`` are all that its executions read and wrote.
    """

    summary: RunSummary
    executions: tuple[tuple[Execution, RunExecution], ...] = ()
    environment: Environment | None = None
    session: Session | None = None
    data: tuple[DataUse, ...] = ()
    files: tuple[FileUse, ...] = ()

    @property
    def run(self) -> Run:
        """The run itself."""
        return self.summary.run


type Record = (
    Session
    | Execution
    | Run
    | Stretch
    | Param
    | Points
    | Metric
    | Model
    | Artifact
    | Tag
    | Outline
    | Annotation
    | Mark
    | Environment
    | Value
    | Profile
    | Use
    | FileUse
)

_KEYS: dict[type[Record], tuple[str, ...]] = {
    Session: ("id",),
    Execution: ("id",),
    Run: ("id",),
    Stretch: ("run_id", "first", "last", "gave_result"),
    Param: ("run_id", "name"),
    Points: ("run_id", "name", "part"),
    Metric: ("run_id", "name"),
    Model: ("run_id", "name"),
    Artifact: ("run_id", "name"),
    Tag: ("run_id", "name"),
    Outline: ("run_id",),
    Annotation: ("run_id", "field"),
    Mark: ("run_id", "field"),
    Environment: ("digest",),
    Value: ("digest",),
    Profile: ("digest",),
    Use: ("execution_id", "name", "role"),
    FileUse: ("execution_id", "path", "role"),
}


def in_order(records: Iterable[Record]) -> list[Record]:
    """Return records so that each comes behind those it refers to."""
    places = {kind: place for place, kind in enumerate((Environment, *_KEYS))}
    return sorted(records, key=lambda record: places[type(record)])


def key_of(record: Record) -> tuple[Any, ...]:
    """Return what identifies a record among those of its kind."""
    return tuple(getattr(record, name) for name in _KEYS[type(record)])


def stretches_of(
    run_id: RunId, numbers: Iterable[int], *, gave_result: bool = False
) -> list[Stretch]:
    """Return the stretches of a run with executions of these numbers, in order.

    >>> [(each.first, each.last) for each in stretches_of("r", [3, 1, 2, 7])]
    [(1, 3), (7, 7)]
    """
    bounds = joined((number, number) for number in numbers)
    return [Stretch(run_id, first, last, gave_result) for first, last in bounds]


def joined(bounds: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs of first and last number in order, those that overlap or continue as one."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(bounds):
        if apart and first <= apart[-1][1] + 1:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart


_BIG_ENDIAN = array("H", [1]).tobytes() == b"\x00\x01"


def _le(typecode: str, numbers: Iterable[Any]) -> bytes:
    packed = array(typecode, numbers)
    if _BIG_ENDIAN:
        packed.byteswap()
    return packed.tobytes()
