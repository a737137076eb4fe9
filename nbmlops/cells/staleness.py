"""Which cells show what no longer follows from what is defined now, and why.

Pure: records in, records out. What a cell shows is of its latest execution. It is stale when a
value that this execution read

- was written again, or changed in place, by a later execution,
- was deleted,
- is left over from a cell that was edited, or failed, when it was run again,
- was read from a file that was written again, or is another one on disk now,
- or came from a cell that is stale itself.

Where the order of the cells in the notebook is known, a cell below makes those above it stale only
if they had read what it wrote: from top to bottom the others show the same. What an execution
changed in place itself is no older than the execution, and neither is what others made of that.
What took some columns of a frame is not stale because others were changed, and is where these were,
whichever columns it has written itself.

Versions of values are compared, not times (see `nbmlops.cells.shown_cells`). So running the cell of
the imports again, with one more, or loading the same data, makes nothing stale. Random states are
no inputs here, nor are time, network and processes: a cell that draws numbers is not stale because
another one drew some, only because it was seeded otherwise. But what such a cell writes is another
version each time. Nor are open figures. Options for how values look are inputs of what shows
values, or keeps texts of them. Of seeds and options, which each cell may set anew for those below,
only that counts which from top to bottom a cell finds.

Which cells are to be run again for that, and in which order, is in `nbmlops.cells.run_again`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from nbmlops.cells.hidden import RANDOM_STATES, TEXT_OPTIONS, is_seed
from nbmlops.cells.settings import setting_in
from nbmlops.cells.shown_cells import FILE, Columns, Digests, Kind, Shown, ShownCells, Write
from nbmlops.records import Execution, FileUse

type Places = Mapping[str, tuple[int, int]]


class Reason(NamedTuple):
    """Why a cell is stale.

    Attributes
    ----------
    kind : str
        ``written``, ``changed`` (in place), ``deleted``, ``left_over`` (its maker's cell was run
        again and does not make it any more), or ``stale`` (came from a stale cell).
    name : str
        The variable, path, or hidden input.
    made_by : Execution or None
        Whose value was read; None where no recorded execution had written it.
    since : Execution or None
        What wrote, changed or deleted it since; None where it was no recorded execution.
    is_file : bool
    columns : tuple of str
        Those of a frame that the cell had taken and that are others now; empty where that is all.
    """

    kind: Kind
    name: str
    made_by: Execution | None = None
    since: Execution | None = None
    is_file: bool = False
    columns: tuple[str, ...] = ()


class Stale(NamedTuple):
    """A stale cell, as its latest execution, and why."""

    execution: Execution
    reasons: tuple[Reason, ...]


class Freshness:
    """Which cells are stale, asked at any time between executions.

    Asking goes over the latest inputs of each cell once, however often the cells were executed.
    Of ``columns`` see `nbmlops.cells.shown_cells.ShownCells`.
    """

    def __init__(self, columns: Columns | None = None) -> None:
        self._cells = ShownCells(columns)

    def add(
        self, execution: Execution, digests: Digests | None = None, files: Sequence[FileUse] = ()
    ) -> None:
        """Add the next execution; see `nbmlops.cells.shown_cells.ShownCells.add`."""
        self._cells.add(execution, digests, files)

    def shown(self, cell_key: str) -> Shown:
        """Return the latest execution of a cell and what it found."""
        return self._cells.latest[cell_key]

    def readers_of(self, cell_key: str) -> tuple[tuple[Execution, str], ...]:
        """Return the cells that stand on what a cell made last, each with a name that it read."""
        return tuple(
            (shown.execution, name.removeprefix(FILE))
            for key, shown in self._cells.latest.items()
            for name, read in (*shown.reads.items(), *shown.own.items())
            if key != cell_key
            and name not in RANDOM_STATES
            and read.writer is not None
            and read.writer.execution.cell_key == cell_key
        )

    def files_read(self) -> Iterator[FileUse]:
        """Give the files that shown cells read and that no execution has written since."""
        for shown in self._cells.latest.values():
            for use in shown.files:
                write = self._cells.current.get(FILE + use.path)
                if write is None or write.place < shown.place:
                    yield use

    def stale(
        self, places: Places | None = None, *, changed: Collection[FileUse] = ()
    ) -> tuple[Stale, ...]:
        """Return the stale cells, in the order they ran.

        Parameters
        ----------
        places : mapping of str to pair of int, optional
            Where each cell stands in the notebook, by its key. Of cells without a place every
            later write counts.
        changed : collection of FileUse, optional
            Those of `files_read` that are other ones on disk now.
        """
        where = places or {}
        on_disk = {(use.execution_id, use.path) for use in changed}
        found: dict[str, list[Reason]] = {}
        readers: dict[str, list[tuple[str, str]]] = {}
        for key, shown in self._cells.latest.items():
            reasons = [*self._outdated(shown, where, on_disk)]
            if reasons:
                found[key] = reasons
            for name, read in shown.reads.items():
                provider = self.last_above(shown, name, where) or read.writer
                if provider is not None and provider.version == read.version:
                    readers.setdefault(provider.execution.cell_key, []).append((key, name))
        self._pass_on(found, readers)
        ordered = sorted(found, key=lambda key: self._cells.latest[key].place)
        return tuple(Stale(self._cells.latest[key].execution, tuple(found[key])) for key in ordered)

    def _outdated(
        self, shown: Shown, places: Places, on_disk: Collection[tuple[str, str]]
    ) -> Iterator[Reason]:
        """Give why inputs of a cell are not what they were."""
        for name, read in shown.reads.items():
            if name in RANDOM_STATES:
                continue
            made_by = read.writer.execution if read.writer is not None else None
            since = self.last_above(shown, name, places)
            if since is not None and since.version != read.version:
                columns = since.given_to(name, shown.execution.names)
                yield _reason(since.kind, name, made_by, since.execution)._replace(columns=columns)
            elif since is None and read.writer is not None:
                maker = self._cells.latest[read.writer.execution.cell_key]
                if maker.place > shown.place and maker.left_over.get(name) == read.writer.place:
                    yield _reason("left_over", name, made_by, maker.execution)
        for use in shown.files:
            if (use.execution_id, use.path) in on_disk:
                yield Reason("changed", use.path, is_file=True)

    def last_above(self, shown: Shown, name: str, places: Places) -> Write | None:
        """Return the last write of an input since a cell ran, by one whose writing counts."""
        writer = shown.reads[name].writer
        here = places.get(shown.key)
        writes = self._cells.writes.get(name, {})
        own = writes.get(shown.key)
        for other, write in reversed(writes.items()):
            if write.place <= shown.place:
                return None
            if not write.concerns(name, shown.execution.names):
                continue
            if _is_setting(name):
                if _is_reset(shown, writer, other, places):
                    return write
                continue
            is_source = writer is not None and writer.execution.cell_key == other
            is_after = own is not None and own.place == shown.place and own.root == write.root
            if own is not None and is_after and _is_made_of(write, own, name, again=is_source):
                return None
            there = places.get(other)
            if is_source or here is None or there is None or there < here:
                return write
        return None

    def _pass_on(
        self, found: dict[str, list[Reason]], readers: Mapping[str, list[tuple[str, str]]]
    ) -> None:
        """Make stale what stands on stale cells, however far down."""
        waiting = list(found)
        while waiting:
            key = waiting.pop()
            maker = self._cells.latest[key].execution
            for reader, name in readers.get(key, ()):
                if reader == key or name in RANDOM_STATES:
                    continue
                if _is_setting(name) and not _is_set_by(found[key], name, maker):
                    continue
                behind = self._cells.latest[reader].execution
                if all(reason.since is behind and reason.name == name for reason in found[key]):
                    continue  # stale by the value that this one has made of it
                if reader not in found:
                    found[reader] = []
                    waiting.append(reader)
                found[reader].append(_reason("stale", name, maker, None))


def _is_made_of(write: Write, own: Write, name: str, *, again: bool) -> bool:
    """Tell whether what a cell wrote was made of what another one had made of the same value.

    Where the cell that the other one had read from is executed ``again``, a frame that has some new
    columns and takes the rest over is made of that rest only.
    """
    takes_rest_over = write.change is not None and write.change.is_new and own.change is not None
    return not (again and takes_rest_over) and own.concerns(name, write.execution.names)


def _is_setting(name: str) -> bool:
    return name in TEXT_OPTIONS or is_seed(name)


def _is_reset(shown: Shown, maker: Write | None, other: str, places: Places) -> bool:
    """Tell whether a setting that another cell made counts for a cell.

    It does where that is the one that made it before, or stands between them.
    """
    is_source = maker is not None and maker.execution.cell_key == other
    here, there = places.get(shown.key), places.get(other)
    if here is None or there is None:
        return is_source
    source = places.get(maker.execution.cell_key) if maker is not None else None
    return there < here and (is_source or source is None or there > source)


def _is_set_by(reasons: Sequence[Reason], name: str, maker: Execution) -> bool:
    """Tell whether a setting that a stale cell made follows from what it is stale for."""
    setting = setting_in(maker.source, name)
    return setting is None or any(each.name in (name, *setting.names) for each in reasons)


def _reason(kind: Kind, key: str, made_by: Execution | None, since: Execution | None) -> Reason:
    name = key.removeprefix(FILE)
    return Reason(kind, name, made_by, since, is_file=name != key)
