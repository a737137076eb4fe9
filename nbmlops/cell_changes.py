"""Which cells of a run are not as in another: added, removed, edited, moved. Pure.

Compared are slices: the executions that results depend on, not what else was tried meanwhile.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from nbmlops.cells.parameters import PARAMETER_TAGS
from nbmlops.cells.slices import slice_of
from nbmlops.cells.ties import longest_rise
from nbmlops.records import Execution, ExecutionId, FileUse, RunDetail

_ALIKE = 0.6  # of two sources that are taken for one cell, edited
_WORDS_ALIKE = 0.45  # at least; short cells have many characters in common by accident
_WORDS = re.compile(r"\w+|[^\w\s]")

type CellChange = Literal["added", "removed", "edited", "moved"]


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell of one run that is not as in the baseline."""

    run: int
    change: CellChange
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The unified diff from the baseline's source to this run's."""
        return source_diff(self.before, self.after)


class Source(Protocol):
    """What is matched: an execution, or a cell of a notebook."""

    @property
    def id(self) -> str:
        """What tells it from the others beside it."""

    @property
    def cell_id(self) -> str | None:
        """The id of its cell, as nbformat has it."""

    @property
    def source(self) -> str:
        """Its code."""


def source_diff(before: str, after: str) -> str:
    """Return the unified diff from one source to another, without its head."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm="", n=2
    )
    return "\n".join(list(lines)[2:])


def cell_differences(details: Sequence[RunDetail]) -> Iterator[CellDifference]:
    """Give the cells of every other run that are not as in the first one.

    Cells for parameters are left out. Cells are matched by id, then by equal source, then by the
    most similar source.
    """
    if not details:
        return
    baseline = _cells_of(details[0])
    for index, detail in enumerate(details[1:], 1):
        yield from _differences(index, baseline, _cells_of(detail))


def _cells_of(detail: RunDetail) -> list[Execution]:
    """Return the last execution of each cell that is not for parameters, in order."""
    last: dict[str, Execution] = {}
    for execution in _behind_results(detail):
        if not PARAMETER_TAGS & set(execution.tags):
            last.pop(execution.cell_key, None)
            last[execution.cell_key] = execution
    return list(last.values())


def _behind_results(detail: RunDetail) -> Sequence[Execution]:
    """Return the executions that the results depend on, or that led to a failure.

    Runs opened by name contain others too. Of a run without a result all count.
    """
    executions = [execution for execution, _ in detail.executions]
    targets = {execution.id for execution, link in detail.executions if link.gave_result}
    if detail.run.status == "failed":
        targets |= {execution.id for execution in executions if execution.outcome == "error"}
    if not targets:
        return executions
    files: dict[ExecutionId, list[FileUse]] = {}
    for use in detail.files:
        files.setdefault(use.execution_id, []).append(use)
    return [step.execution for step in slice_of(executions, targets, "run", files).steps]


def _differences(
    index: int, before: Sequence[Execution], after: Sequence[Execution]
) -> Iterator[CellDifference]:
    pairs = matched(before, after)
    for cell in after:
        old = pairs.get(cell.id)
        if old is None:
            yield CellDifference(index, "added", "", cell.source)
        elif old.source.strip() != cell.source.strip():
            yield CellDifference(index, "edited", old.source, cell.source)
    kept = {old.id for old in pairs.values()}
    for old in before:
        if old.id not in kept:
            yield CellDifference(index, "removed", old.source, "")
    yield from _moved(index, before, after, pairs)


def matched[B: Source](before: Sequence[B], after: Sequence[Source]) -> dict[str, B]:
    """Pair cells by cell id, then by equal source, then by similar source; by the later's ids."""
    pairs: dict[str, B] = {}
    free = {cell.id: cell for cell in before}
    for is_same in (_has_same_id, _has_same_source):
        for cell in after:
            if cell.id not in pairs:
                found = next((old for old in free.values() if is_same(cell, old)), None)
                if found is not None:
                    pairs[cell.id] = free.pop(found.id)
    left = [cell for cell in after if cell.id not in pairs]
    alike = [
        (likeness, new, old)
        for new, cell in enumerate(left)
        for old, other in enumerate(free.values())
        if (likeness := _likeness(cell.source, other.source)) > _ALIKE
    ]
    olds = list(free.values())
    for _, new, old in sorted(alike, key=lambda entry: (-entry[0], entry[1:])):
        if left[new].id not in pairs and olds[old].id in free:
            pairs[left[new].id] = free.pop(olds[old].id)
    return pairs


def _has_same_id(one: Source, other: Source) -> bool:
    return one.cell_id is not None and one.cell_id == other.cell_id


def _has_same_source(one: Source, other: Source) -> bool:
    return one.source.strip() == other.source.strip()


def _likeness(one: str, other: str) -> float:
    """Return how alike two sources are, from 0 to 1; 0 where they are less than `_ALIKE`."""
    # Long sources are compared by their lines; by characters the cost is quadratic.
    if len(one) + len(other) > 4000:
        lines = one.splitlines(), other.splitlines()
        return difflib.SequenceMatcher(None, *lines).ratio()
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() <= _ALIKE or matcher.quick_ratio() <= _ALIKE:
        return 0.0
    words: list[list[str]] = [_WORDS.findall(source) for source in (one, other)]
    by_words = difflib.SequenceMatcher(None, words[0], words[1], autojunk=False)
    return matcher.ratio() if by_words.ratio() > _WORDS_ALIKE else 0.0


def _moved(
    index: int,
    before: Sequence[Execution],
    after: Sequence[Execution],
    pairs: Mapping[str, Execution],
) -> Iterator[CellDifference]:
    """Find the fewest cells whose order differs: those outside the longest common order."""
    place_of = {cell.id: place for place, cell in enumerate(before)}
    kept = [cell for cell in after if cell.id in pairs]
    steady = longest_rise([place_of[pairs[cell.id].id] for cell in kept])
    for place, cell in enumerate(kept):
        if place not in steady:
            yield CellDifference(index, "moved", pairs[cell.id].source, cell.source)
