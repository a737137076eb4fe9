"""In which order the executions behind a result ran, and whether that can be done again.

Pure. An order is linear when each cell ran once, from top to bottom. It is reproducible when the
notebook, executed from top to bottom, gives the same: a cell that ran out of order and that no
other of them needed does no harm.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.shown_cells import Columns, Digests
from nbmlops.cells.slices import FilesOf, Slice, Step
from nbmlops.cells.staleness import Freshness, Reason
from nbmlops.cells.ties import Place, Ties
from nbmlops.records import Execution, ExecutionId

type FindingKind = Literal[
    "out_of_order", "repeated", "deleted", "edited", "stale", "failed", "missing"
]


class Finding(NamedTuple):
    """What was not linear.

    Attributes
    ----------
    kind : str
        ``out_of_order``: the first execution stands above the second in the notebook and ran after
        it. ``repeated``: all of one cell, and all are needed. ``deleted``: its cell is gone.
        ``edited``: the cell of the first was edited and ran again as the second, and the result
        stands on the first. ``stale``: the first had read what the second wrote again before the
        result came. ``failed``: what it did until it failed is needed. ``missing``: what it read
        was not recorded.
    executions : tuple of Execution
    names : tuple of str
        The variables or paths that it is about.
    is_harmless : bool
        Whether from top to bottom the result is the same.
    """

    kind: FindingKind
    executions: tuple[Execution, ...]
    names: tuple[str, ...] = ()
    is_harmless: bool = False


@dataclass(frozen=True, slots=True)
class RunOrder:
    """The order of the executions behind a result.

    ``knows_places`` tells whether it is known where the cells stand in the notebook; otherwise only
    what ran when was looked at.
    """

    findings: tuple[Finding, ...] = ()
    knows_places: bool = False

    @property
    def is_linear(self) -> bool:
        """Whether each cell ran once, from top to bottom, and nothing was left behind."""
        return not self.findings

    @property
    def is_reproducible(self) -> bool:
        """Whether the notebook gives the same from top to bottom."""
        return all(finding.is_harmless for finding in self.findings)


def order_of(
    found: Slice,
    executions: Sequence[Execution],
    *,
    ties: Ties | None = None,
    digests: Mapping[ExecutionId, Digests] | None = None,
    columns: Columns | None = None,
    files: FilesOf | None = None,
) -> RunOrder:
    """Return whether what is behind a result ran in a linear, reproducible order.

    Parameters
    ----------
    found : Slice
        What is behind the result.
    executions : sequence of Execution
        All of the session, in order.
    ties : Ties, optional
        Of the notebook as it was when the result had come.
    digests, files : mapping of str, optional
        By execution what is known of the data it used, and what it did to files.
    columns : mapping of str to mapping of str to str, optional
        The digests of the columns of tables, by the digest of the table.
    """
    if not found.steps:
        return RunOrder()
    last = max(found.sequence)
    before = [execution for execution in executions if execution.sequence <= last]
    places = (ties.places if ties is not None else None) or {}
    look = _Look(found, before, places)
    findings = [
        *look.failed(),
        *look.missing(),
        *look.repeated(),
        *_deleted(found, ties),
        *look.left_behind(digests or {}, columns or {}, files or {}),
    ]
    harmful = [*look.out_of_order()]
    findings += [*harmful, *look.harmless(harmful)]
    return RunOrder(tuple(findings), knows_places=bool(places))


class _Look:
    """A slice, the session until its end, and where the cells stand."""

    def __init__(
        self, found: Slice, executions: Sequence[Execution], places: Mapping[str, Place]
    ) -> None:
        self._found, self._executions, self._places = found, executions, places
        self._steps = {step.execution.sequence: step for step in found.steps}

    def failed(self) -> Iterator[Finding]:
        """Find executions that did not come to their end, and are needed all the same."""
        for step in self._found.steps:
            if step.execution.outcome in ("error", "interrupted") and step.reasons:
                yield Finding("failed", (step.execution,), _names(step))

    def missing(self) -> Iterator[Finding]:
        """Find what nobody recorded."""
        by_reader: dict[tuple[int, ...], list[str]] = {}
        for reason in self._found.missing:
            if not is_hidden(reason.name):
                by_reader.setdefault(reason.read_by, []).append(reason.name)
        for readers, names in by_reader.items():
            executions = tuple(self._steps[reader].execution for reader in readers)
            yield Finding("missing", executions, tuple(names))

    def repeated(self) -> Iterator[Finding]:
        """Find cells that ran more than once, each time with effect."""
        by_cell: dict[str, list[Step]] = {}
        for step in self._found.steps:
            by_cell.setdefault(step.execution.cell_key, []).append(step)
        for steps in by_cell.values():
            if len(steps) > 1:
                names = dict.fromkeys(name for step in steps for name in _names(step))
                yield Finding("repeated", tuple(step.execution for step in steps), tuple(names))

    def left_behind(
        self, digests: Mapping[ExecutionId, Digests], columns: Columns, files: FilesOf
    ) -> Iterator[Finding]:
        """Find what was stale already when the result came."""
        fresh = Freshness(columns)
        for execution in self._executions:
            fresh.add(execution, digests.get(execution.id), files.get(execution.id, ()))
        for stale in fresh.stale(self._places):
            if stale.execution.sequence in self._steps:
                yield from _left_behind(stale.execution, stale.reasons)

    def out_of_order(self) -> Iterator[Finding]:
        """Find what would read something else from top to bottom."""
        writers = self._writers()
        found: dict[tuple[int, int], tuple[Execution, Execution, dict[str, None]]] = {}
        for above, below, name in self._inversions(writers):
            key = above.sequence, below.sequence
            found.setdefault(key, (above, below, {}))[2][name] = None
        for above, below, names in found.values():
            yield Finding("out_of_order", (above, below), tuple(names))

    def harmless(self, harmful: Sequence[Finding]) -> Iterator[Finding]:
        """Find cells that ran behind one that stands below them, where nothing depends on it."""
        told = {execution.id for finding in harmful for execution in finding.executions}
        placed = [step.execution for step in self._found.steps]
        placed = [each for each in placed if each.cell_key in self._places]
        for earlier, later in pairwise(placed):
            if self._is_above(later, earlier) and not told >= {earlier.id, later.id}:
                yield Finding("out_of_order", (later, earlier), is_harmless=True)

    def _inversions(
        self, writers: Mapping[str, Mapping[str, Execution]]
    ) -> Iterator[tuple[Execution, Execution, str]]:
        """Give what stands above another and ran after it, and the name that ties them.

        That is a reader above the writer; or a writer with another one between it and the reader,
        which ran before it.
        """
        for step in self._found.steps:
            writer = step.execution
            for reason in step.reasons:
                for sequence in reason.read_by:
                    reader = self._steps[sequence].execution
                    if self._is_above(reader, writer):
                        yield reader, writer, reason.name
                    if reason.is_file:
                        continue
                    for other in writers.get(reason.name, {}).values():
                        if (
                            other.sequence < writer.sequence
                            and self._is_above(writer, other)
                            and self._is_above(other, reader)
                        ):
                            yield writer, other, reason.name

    def _writers(self) -> dict[str, dict[str, Execution]]:
        """Return by name and cell the executions that wrote it last, of cells that have a place."""
        latest = {each.cell_key: each for each in self._executions if each.cell_key in self._places}
        found: dict[str, dict[str, Execution]] = {}
        for key, execution in latest.items():
            for name in (*execution.names.defined, *execution.names.touched):
                found.setdefault(name, {})[key] = execution
        return found

    def _is_above(self, one: Execution, other: Execution) -> bool:
        here, there = self._places.get(one.cell_key), self._places.get(other.cell_key)
        return here is not None and there is not None and here < there


def _deleted(found: Slice, ties: Ties | None) -> Iterator[Finding]:
    gone = {execution.cell_key for execution in ties.deleted} if ties is not None else set()
    for step in found.steps:
        if step.execution.cell_key in gone:
            yield Finding("deleted", (step.execution,), _names(step))


def _left_behind(reader: Execution, reasons: Sequence[Reason]) -> Iterator[Finding]:
    names: dict[tuple[FindingKind, tuple[Execution, ...]], list[str]] = {}
    for reason in reasons:
        since, made_by = reason.since, reason.made_by
        if since is None:
            continue  # stands on what is told itself
        of_maker = made_by is not None and made_by.cell_key == since.cell_key
        if of_maker and made_by is not None and made_by.source.strip() != since.source.strip():
            names.setdefault(("edited", (made_by, since)), []).append(reason.name)
        else:
            names.setdefault(("stale", (reader, since)), []).append(reason.name)
    for (kind, executions), theirs in names.items():
        yield Finding(kind, executions, tuple(theirs))


def _names(step: Step) -> tuple[str, ...]:
    return tuple(reason.name for reason in step.reasons)
