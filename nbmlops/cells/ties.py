"""Ties the cells of a notebook file to the executions that were recorded of them.

Pure. An id says it where the file has ids and the front end told them; else the source, and where
that was edited the most similar one. A file shows how the notebook was when it was saved last: what
ran since may have been edited, made or deleted without the file saying so.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice
from typing import Literal

from nbmlops.cells.sources import plain_source, source_digest
from nbmlops.records import Execution, NotebookCell
from nbmlops.redaction.placeholders import could_be, kinds_in

type State = Literal["same", "edited", "unsaved", "never_run"]
type Place = tuple[int, int]

_ALIKE = 0.6  # of two sources that are taken for one cell, edited
_NEIGHBOUR = 0.15  # how much likelier that is behind the cell that ran before
# Comparing in order takes milliseconds: done with those that have most lines and words in common.
_CLOSEST = 3
_MOST_PAIRS = 200_000  # of which lines and words are compared, a microsecond each
_MOST_IN_ORDER = 200
_BY_CHARACTERS, _BY_WORDS = 1_000, 8_000  # characters of two sources; else line by line
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Tie:
    """A cell of a notebook file, and what is known of it.

    Attributes
    ----------
    cell : NotebookCell
    place : int
        Among the code cells of the file, from 1.
    state : str
        ``same`` as it ran last; ``edited`` since; ``unsaved``: it ran otherwise after the file was
        saved; ``never_run``.
    execution : Execution or None
        The latest of it.
    is_moved : bool
        Whether it stands elsewhere than in the order in which the cells first ran.
    copy_of, part_of : Execution or None
        The latest execution of the cell that it is a copy of, or was split from.
    merged_from : tuple of Execution
        The latest executions of cells that are part of it now.
    """

    cell: NotebookCell
    place: int
    state: State
    execution: Execution | None = None
    is_moved: bool = False
    copy_of: Execution | None = None
    part_of: Execution | None = None
    merged_from: tuple[Execution, ...] = ()


@dataclass(frozen=True, slots=True)
class Ties:
    """The cells of a file in their order; and the latest executions of cells that it does not have.

    ``deleted`` ran before the file was saved, ``unsaved`` after. ``places`` says by cell key where
    each cell stands that is in the file, whole or in parts, and about where the unsaved ones stand:
    behind the cell that ran before them.
    """

    cells: tuple[Tie, ...] = ()
    deleted: tuple[Execution, ...] = ()
    unsaved: tuple[Execution, ...] = ()
    places: Mapping[str, Place] | None = None


def notebook_cell(source: str, cell_id: str | None = None) -> NotebookCell:
    """Make the record of a cell."""
    return NotebookCell(source_digest(source), cell_id, source)


def tied(
    cells: Sequence[NotebookCell], executions: Iterable[Execution], *, saved: float | None = None
) -> Ties:
    """Tie the cells of a notebook to executions of it.

    Parameters
    ----------
    cells : sequence of NotebookCell
        The code cells in the order of the file.
    executions : iterable of Execution
        In the order they ran; of one session or of several.
    saved : float, optional
        When the file was last written.
    """
    latest = {execution.cell_key: execution for execution in executions}
    cells = _as_recorded(cells, [each.source for each in latest.values()])
    tying = _Tying(cells, latest)
    tying.by_id()
    tying.by_source()
    tying.by_likeness()
    return _described(cells, latest, tying, saved)


def _as_recorded(cells: Sequence[NotebookCell], sources: Iterable[str]) -> Sequence[NotebookCell]:
    """Return cells with the digest of what was recorded of them, where secrets were taken out."""
    redacted = [source for source in sources if kinds_in(source)]
    if not redacted:
        return cells
    known = {source_digest(source) for source in redacted}
    return [
        cell
        if cell.source is None or cell.digest in known
        else next(
            (
                replace(cell, digest=source_digest(source))
                for source in redacted
                if could_be(plain_source(source), plain_source(cell.source))
            ),
            cell,
        )
        for cell in cells
    ]


class _Tying:
    """Pairs of cells, by their index, and executions; each is in one pair at most."""

    def __init__(self, cells: Sequence[NotebookCell], latest: Mapping[str, Execution]) -> None:
        self._cells = cells
        self._digests = {key: source_digest(each.source) for key, each in latest.items()}
        self._ranks = {key: rank for rank, key in enumerate(latest)}
        self._sources = {
            index: cell.source for index, cell in enumerate(cells) if cell.source is not None
        }
        self._lines: dict[str, tuple[str, ...]] = {}  # by source
        self.pairs: dict[int, Execution] = {}
        self.free = dict(latest)

    def by_id(self) -> None:
        """Pair by id; of several cells with one id the one with the source that ran."""
        by_id: dict[str, list[int]] = {}
        for index, cell in enumerate(self._cells):
            if cell.id is not None:
                by_id.setdefault(cell.id, []).append(index)
        for cell_id, indexes in by_id.items():
            if cell_id in self.free:
                digest = self._digests[cell_id]
                same = [index for index in indexes if self._cells[index].digest == digest]
                self._pair((same or indexes)[0], cell_id)

    def by_source(self) -> None:
        """Pair what is left by equal source: without ids, or pasted under another one."""
        keys: dict[str, list[str]] = {}
        for key in self.free:
            keys.setdefault(self._digests[key], []).append(key)
        for index in self._untied():
            same = keys.get(self._cells[index].digest)
            if same:
                self._pair(index, same.pop(0))

    def by_likeness(self) -> None:
        """Pair what is left by similar source, where there are no ids that would tell."""
        ids_tell = any(self.pairs[index].cell_id == self._cells[index].id for index in self.pairs)
        closest = sorted(self._closest(ids_tell=ids_tell), reverse=True)[:_MOST_IN_ORDER]
        found = [
            (_likeness(self._sources[index], self.free[key].source), index, key)
            for _, index, key in closest
        ]
        alike = [
            (likeness + self._follows(index, key) * _NEIGHBOUR, index, key)
            for likeness, index, key in found
            if likeness > _ALIKE
        ]
        for _, index, key in sorted(alike, key=lambda entry: (-entry[0], *entry[1:])):
            if index not in self.pairs and key in self.free:
                self._pair(index, key)

    def is_copy(self, index: int) -> Execution | None:
        """Return the execution of another cell with the source of one."""
        digest = self._cells[index].digest
        pairs = self.pairs.values()
        return next((one for one in pairs if self._digests[one.cell_key] == digest), None)

    def is_same(self, index: int) -> bool:
        """Tell whether a cell is as it ran."""
        return self._digests[self.pairs[index].cell_key] == self._cells[index].digest

    def lines(self, source: str) -> tuple[str, ...]:
        """Return the lines of a source, without space at their ends."""
        known = self._lines.get(source)
        if known is None:
            known = tuple(line.rstrip() for line in source.strip().splitlines())
            self._lines[source] = known
        return known

    def _closest(self, *, ids_tell: bool) -> Iterator[tuple[float, int, str]]:
        """Give the few executions that have most in common with each cell that is left."""
        left = [index for index in self._untied() if index in self._sources]
        if not left or not self.free:
            return
        latest = islice(reversed(self.free), max(1, _MOST_PAIRS // len(left)))
        ran = [(key, _parts(self.free[key].source)) for key in latest]
        for index in left:
            has_id, parts = self._cells[index].id is not None, _parts(self._sources[index])
            yield from nlargest(
                _CLOSEST,
                (
                    (_in_common(parts, other) + self._follows(index, key) * _NEIGHBOUR, index, key)
                    for key, other in ran
                    if not (ids_tell and has_id and self.free[key].cell_id is not None)
                ),
            )

    def _follows(self, index: int, key: str) -> bool:
        """Tell whether an execution's cell first ran right behind that of the cell above."""
        before = self.pairs.get(index - 1)
        return before is not None and self._ranks[key] == self._ranks[before.cell_key] + 1

    def _untied(self) -> list[int]:
        return [index for index in range(len(self._cells)) if index not in self.pairs]

    def _pair(self, index: int, key: str) -> None:
        self.pairs[index] = self.free.pop(key)


def _described(
    cells: Sequence[NotebookCell],
    latest: Mapping[str, Execution],
    tying: _Tying,
    saved: float | None,
) -> Ties:
    first_ran = {key: rank for rank, key in enumerate(latest)}
    tied_at = sorted(tying.pairs)
    steady = longest_rise([first_ran[tying.pairs[index].cell_key] for index in tied_at])
    moved = {index for place, index in enumerate(tied_at) if place not in steady}
    made = []
    places: dict[str, Place] = {}
    for index, cell in enumerate(cells):
        execution = tying.pairs.get(index)
        merged = tuple(_merged_into(cell, tying, index)) if execution else ()
        copy_of = tying.is_copy(index) if execution is None else None
        part_of = _whole_of(cell, tying) if execution is None and copy_of is None else None
        state = _state(tying, index, saved)
        made.append(
            Tie(cell, index + 1, state, execution, index in moved, copy_of, part_of, merged)
        )
        for there in (execution, part_of, *merged):
            if there is not None:
                places.setdefault(there.cell_key, (index + 1, 0))
    gone = [execution for key, execution in tying.free.items() if key not in places]
    has_ids = any(cell.id is not None for cell in cells)
    unsaved = [one for one in gone if _is_unsaved(one, saved)]
    deleted = [one for one in gone if not _is_unsaved(one, saved) and (one.cell_id or not has_ids)]
    places |= _places_of_unsaved(unsaved, latest, places)
    return Ties(tuple(made), tuple(deleted), tuple(unsaved), places)


def _state(tying: _Tying, index: int, saved: float | None) -> State:
    execution = tying.pairs.get(index)
    if execution is None:
        return "never_run"
    if tying.is_same(index):
        return "same"
    return "unsaved" if _is_unsaved(execution, saved) else "edited"


def _is_unsaved(execution: Execution, saved: float | None) -> bool:
    """Tell whether an execution is later than the file."""
    return saved is not None and execution.started > saved


def _merged_into(cell: NotebookCell, tying: _Tying, index: int) -> Iterator[Execution]:
    """Give the executions of cells that are gone and whose lines an edited cell has now."""
    if cell.source is None or tying.is_same(index):
        return
    lines = tying.lines(cell.source)
    for execution in tying.free.values():
        if _is_part(tying.lines(execution.source), lines):
            yield execution


def _whole_of(cell: NotebookCell, tying: _Tying) -> Execution | None:
    """Return the execution of a cell that is gone or edited, and that had a cell's lines."""
    if cell.source is None:
        return None
    lines = tying.lines(cell.source)
    edited = [one for index, one in tying.pairs.items() if not tying.is_same(index)]
    for execution in (*edited, *tying.free.values()):
        if _is_part(lines, tying.lines(execution.source)):
            return execution
    return None


def _is_part(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether a source has the lines of another one, and more."""
    if not lines or len(lines) >= len(others) or lines[0] not in others:
        return False
    stretches = range(len(others) - len(lines) + 1)
    return any(others[start : start + len(lines)] == lines for start in stretches)


def _places_of_unsaved(
    unsaved: Iterable[Execution], latest: Mapping[str, Execution], places: Mapping[str, Place]
) -> dict[str, Place]:
    wanted = {execution.cell_key for execution in unsaved}
    found: dict[str, Place] = {}
    behind, count = 0, 0
    for key in latest:
        if key in places:
            behind = places[key][0]
        elif key in wanted:
            count += 1
            found[key] = (behind, count)
    return found


def _parts(source: str) -> frozenset[str]:
    """Return the lines and words of a source."""
    lines = (line.strip() for line in source.splitlines())
    return frozenset((*lines, *_WORD.findall(source)))


def _in_common(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of two sources' lines and words is in both, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)


def _likeness(one: str, other: str) -> float:
    """Return how alike two sources are, from 0 to 1; 0 where they are less than `_ALIKE`."""
    size = len(one) + len(other)  # with which the cost grows squared
    if size <= _BY_CHARACTERS:
        matcher = SequenceMatcher(None, one, other, autojunk=False)
    else:
        parts = _WORD.findall if size <= _BY_WORDS else str.splitlines
        matcher = SequenceMatcher(None, parts(one), parts(other), autojunk=False)
    if matcher.real_quick_ratio() <= _ALIKE or matcher.quick_ratio() <= _ALIKE:
        return 0.0
    return matcher.ratio()


def longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the places of a longest rising subsequence of different numbers.

    Examples
    --------
    >>> sorted(longest_rise([3, 1, 2, 0, 4]))
    [1, 2, 4]
    """
    ends: list[int] = []  # the least number that ends a rise of each length
    places: list[int] = []  # and where it is
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
        before.append(places[length - 1] if length else None)
    return set(_chain(places[-1] if places else None, before))


def _chain(place: int | None, before: Sequence[int | None]) -> Iterator[int]:
    while place is not None:
        yield place
        place = before[place]
