"""Values and files: what they were, and which executions and runs read or wrote them."""

from dataclasses import dataclass
from typing import Literal

from nbmlops.records.ids import Digest, ExecutionId

type UseRole = Literal["read", "written"]

type DataRole = Literal["input", "derived"]

# Kinds of values that are data sets; the others are parameters, models, code or opaque.
DATA_KINDS = (
    "frame", "column", "index", "array", "sparse", "tensor", "lazyframe", "file", "folder",
)  # fmt: skip


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
