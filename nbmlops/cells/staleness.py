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
changed in place itself is no older than the execution. What took some columns of a frame is not
stale because others were changed.

Versions of values are compared, not times: a value written again is the same version where its
digest is the same, where the same source wrote it from the same versions, or where a statement
says all of it (see `nbmlops.cells.bindings`). So running the cell of the imports again, with one
more, or loading the same data, makes nothing stale. Random states are no inputs here,
nor are time, network and processes: a cell that draws numbers is not stale because another one drew
some. But what such a cell writes is another version each time. Nor are open figures, and options
for how values look.

Which cells are to be run again for that, and in which order, is in `nbmlops.cells.run_again`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Literal, NamedTuple

from nbmlops.cells.dependencies import names_read
from nbmlops.cells.hidden import (
    ENTROPY,
    FIGURES,
    NETWORK,
    SUBPROCESS,
    TIME,
    is_hidden,
    is_only_shown,
)
from nbmlops.cells.items import Change, changes_of, is_taken, items_of
from nbmlops.cells.versions import Making, Versions, binds_again
from nbmlops.records import Digest, Execution, FileUse, Names, UseRole
from nbmlops.redaction.placeholders import kinds_in

type Kind = Literal["written", "changed", "deleted", "left_over", "stale"]
type Digests = Mapping[tuple[str, UseRole], Digest]
type Places = Mapping[str, tuple[int, int]]

# Whoever reads these may write something else each time.
_EVER_NEW = frozenset((TIME, NETWORK, SUBPROCESS, ENTROPY))
_RANDOM_STATE = "random>"  # how the names of random states end
_GONE = -1  # the version of what is not there
_OUTSIDE = 0  # the version of what no recorded execution wrote
_FILE = "\0file "  # begins the keys of files among those of names


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
    """

    kind: Kind
    name: str
    made_by: Execution | None = None
    since: Execution | None = None
    is_file: bool = False


class Stale(NamedTuple):
    """A stale cell, as its latest execution, and why."""

    execution: Execution
    reasons: tuple[Reason, ...]


class Write(NamedTuple):
    """What an execution made of a name. ``place`` counts the executions.

    ``root`` is where the chain began in which each made the value from the one before it.
    ``change`` is of the only items that it made anew; None where that is all.
    """

    place: int
    execution: Execution
    version: int
    kind: Kind
    root: int
    change: Change | None = None

    def concerns(self, name: str, reader: Names) -> bool:
        """Tell whether what read a name took something that is made here."""
        if self.change is None:
            return True
        items = items_of(reader.items_used).get(name)
        return is_taken(self.change, items, is_changed=name in reader.touched)


class Read(NamedTuple):
    """What an execution found under a name, as far as it took it."""

    version: int
    writer: Write | None


@dataclass(slots=True)
class Shown:
    """The latest execution of a cell."""

    place: int
    execution: Execution
    first_place: int
    reads: dict[str, Read]
    files: tuple[FileUse, ...]  # that it read
    left_over: dict[str, int] = field(default_factory=dict)  # names that it no longer makes
    own: dict[str, Read] = field(default_factory=dict)  # what its own changes in place began with

    @property
    def key(self) -> str:
        """Of the cell."""
        return self.execution.cell_key


class Freshness:
    """What each cell was made from, grown one execution at a time.

    Adding costs in proportion to the names of the cell; asking what is stale goes over the latest
    inputs of each cell once, however often the cells were executed.
    """

    def __init__(self) -> None:
        self._count = 0
        self._shown: dict[str, Shown] = {}
        self._current: dict[str, Write] = {}
        self._writes: dict[str, dict[str, Write]] = {}  # by name and cell, the latest last
        self._versions = Versions()

    def add(
        self, execution: Execution, digests: Digests | None = None, files: Sequence[FileUse] = ()
    ) -> None:
        """Add the next execution.

        Parameters
        ----------
        execution : Execution
        digests : mapping of (name, role) to str, optional
            What it read and wrote, as far as that was looked at.
        files : sequence of FileUse, optional
            What it did to files.
        """
        self._count += 1
        known = digests or {}
        names = execution.names
        reads = {
            name: self._read(name, names, known.get((name, "read")))
            for name in names_read(names)
            if not is_hidden(name) or _makes_values(name)
        }
        for use in files:
            if use.role == "read":
                reads[_FILE + use.path] = self._read_file(use)
        making = self._making(execution, reads)
        for name in names.deleted:
            self._write(name, execution, _GONE, "deleted")
        changes = changes_of(names)
        for name in names.touched:
            version = self._versions.number(name, known.get((name, "written")), making)
            self._write(name, execution, version, "changed", changes.get(name))
        for name in names.defined:
            version = self._version_defined(name, execution, known, making)
            in_place = name in names.touched and name in names.used  # x += 1
            kind: Kind = "changed" if in_place else "written"
            self._write(name, execution, version, kind, changes.get(name))
        for use in files:
            if use.role == "written":
                self._write_file(use, execution, making)
        self._show(execution, reads, tuple(use for use in files if use.role == "read"))

    # Versions

    def _read(self, name: str, names: Names, digest: Digest | None) -> Read:
        writer = self._current.get(name)
        if writer is None:
            return Read(_OUTSIDE, None)
        if digest is not None and writer.version > 0:
            self._versions.learn(name, writer.version, digest)
        if not writer.concerns(name, names):
            earlier = reversed(self._writes[name].values())
            writer = next((write for write in earlier if write.concerns(name, names)), None)
        return Read(writer.version, writer) if writer is not None else Read(_OUTSIDE, None)

    def _read_file(self, use: FileUse) -> Read:
        key = _FILE + use.path
        writer = self._current.get(key)
        if use.digest is None:
            return Read(writer.version if writer else _OUTSIDE, writer)
        return Read(self._versions.number(key, use.digest, None), writer)

    def _version_defined(
        self, name: str, execution: Execution, known: Digests, making: Making | None
    ) -> int:
        before = self._current.get(name)
        if (
            before is not None
            and before.kind == "written"
            and binds_again(name, before.execution, execution)
        ):
            return before.version
        return self._versions.number(name, known.get((name, "written")), making)

    def _making(self, execution: Execution, reads: Mapping[str, Read]) -> Making | None:
        """Return what tells what an execution wrote; None where it may differ each time.

        A secret that was taken out of the source may be another one each time.
        """
        if kinds_in(execution.source):
            return None
        if execution.outcome != "ok" or not _EVER_NEW.isdisjoint(execution.names.used):
            return None
        inputs = sorted((name, read.version) for name, read in reads.items())
        return hash(execution.source.strip()), hash(tuple(inputs))  # the texts would take room

    # What happens to names and files

    def _write(
        self,
        name: str,
        execution: Execution,
        version: int,
        kind: Kind,
        change: Change | None = None,
    ) -> None:
        before = self._current.get(name)
        is_made_of_it = kind in ("changed", "deleted") or name in execution.names.used
        root = self._count if not is_made_of_it else before.root if before is not None else 0
        write = Write(self._count, execution, version, kind, root, change)
        self._current[name] = write
        writes = self._writes.setdefault(name, {})
        writes.pop(execution.cell_key, None)
        writes[execution.cell_key] = write

    def _write_file(self, use: FileUse, execution: Execution, making: Making | None) -> None:
        """Note that a file was written; the folders that it is in are other ones then, too."""
        key = _FILE + use.path
        self._write(key, execution, self._versions.number(key, use.digest, making), "written")
        if "://" in use.path:
            return
        folder = dirname(use.path.removesuffix("/"))
        while folder and not folder.endswith("/"):
            key = _FILE + folder
            self._write(key, execution, self._versions.number(key, None, making), "changed")
            folder = dirname(folder)

    def _show(
        self, execution: Execution, reads: dict[str, Read], files: tuple[FileUse, ...]
    ) -> None:
        before = self._shown.get(execution.cell_key)
        first = before.first_place if before is not None else self._count
        shown = Shown(self._count, execution, first, reads, files)
        if before is not None:
            shown.left_over = self._left_over(before, execution)
            for name, read in reads.items():
                if read.writer is not None and read.writer.execution is before.execution:
                    found = before.own.get(name) or before.reads.get(name)
                    if found is not None:
                        shown.own[name] = found
        self._shown[execution.cell_key] = shown

    def _left_over(self, before: Shown, execution: Execution) -> dict[str, int]:
        """Return the names that a cell wrote, and that its latest execution leaves as they were.

        The same source that ran to its end has done what it does: left over is what was before.
        """
        made = before.left_over
        if before.execution.source != execution.source or execution.outcome != "ok":
            names = before.execution.names
            made = made | dict.fromkeys((*names.defined, *names.touched), before.place)
        return {
            name: place
            for name, place in made.items()
            if (current := self._current.get(name)) is not None and current.place == place
        }

    # What is stale

    def shown(self, cell_key: str) -> Shown:
        """Return the latest execution of a cell and what it found."""
        return self._shown[cell_key]

    def readers_of(self, cell_key: str) -> tuple[tuple[Execution, str], ...]:
        """Return the cells that stand on what a cell made last, each with a name that it read."""
        return tuple(
            (shown.execution, name.removeprefix(_FILE))
            for key, shown in self._shown.items()
            for name, read in (*shown.reads.items(), *shown.own.items())
            if key != cell_key
            and read.writer is not None
            and read.writer.execution.cell_key == cell_key
        )

    def files_read(self) -> Iterator[FileUse]:
        """Give the files that shown cells read and that no execution has written since."""
        for shown in self._shown.values():
            for use in shown.files:
                write = self._current.get(_FILE + use.path)
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
        for key, shown in self._shown.items():
            reasons = [*self._outdated(shown, where, on_disk)]
            if reasons:
                found[key] = reasons
            for name, read in shown.reads.items():
                provider = self.last_above(shown, name, where) or read.writer
                if provider is not None and provider.version == read.version:
                    readers.setdefault(provider.execution.cell_key, []).append((key, name))
        self._pass_on(found, readers)
        ordered = sorted(found, key=lambda key: self._shown[key].place)
        return tuple(Stale(self._shown[key].execution, tuple(found[key])) for key in ordered)

    def _outdated(
        self, shown: Shown, places: Places, on_disk: Collection[tuple[str, str]]
    ) -> Iterator[Reason]:
        """Give why inputs of a cell are not what they were."""
        for name, read in shown.reads.items():
            if _is_random_state(name):
                continue
            made_by = read.writer.execution if read.writer is not None else None
            since = self.last_above(shown, name, places)
            if since is not None and since.version != read.version:
                yield _reason(since.kind, name, made_by, since.execution)
            elif since is None and read.writer is not None:
                maker = self._shown[read.writer.execution.cell_key]
                if maker.place > shown.place and maker.left_over.get(name) == read.writer.place:
                    yield _reason("left_over", name, made_by, maker.execution)
        for use in shown.files:
            if (use.execution_id, use.path) in on_disk:
                yield Reason("changed", use.path, is_file=True)

    def last_above(self, shown: Shown, name: str, places: Places) -> Write | None:
        """Return the last write of an input since a cell ran, by one whose writing counts."""
        writer = shown.reads[name].writer
        here = places.get(shown.key)
        writes = self._writes.get(name, {})
        own = writes.get(shown.key)
        for other, write in reversed(writes.items()):
            if write.place <= shown.place:
                return None
            if not write.concerns(name, shown.execution.names):
                continue
            if own is not None and own.place == shown.place and own.root == write.root:
                return None  # it was made of what this cell had made
            there = places.get(other)
            is_source = writer is not None and writer.execution.cell_key == other
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
            maker = self._shown[key].execution
            for reader, name in readers.get(key, ()):
                if reader == key or _is_random_state(name):
                    continue
                if reader not in found:
                    found[reader] = []
                    waiting.append(reader)
                found[reader].append(_reason("stale", name, maker, None))


def _makes_values(name: str) -> bool:
    """Tell whether a hidden input has versions of which values are made."""
    return name not in _EVER_NEW and name != FIGURES and not is_only_shown(name)


def _is_random_state(name: str) -> bool:
    return is_hidden(name) and name.endswith(_RANDOM_STATE)


def _reason(kind: Kind, key: str, made_by: Execution | None, since: Execution | None) -> Reason:
    name = key.removeprefix(_FILE)
    return Reason(kind, name, made_by, since, is_file=name != key)
