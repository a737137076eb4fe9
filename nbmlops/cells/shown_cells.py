"""What each cell shows: its latest execution, what that found under its names, and who wrote it.

Pure: records in, records out. Versions of values are compared, not times: a value written again is
the same version where its digest is the same, where the same source wrote it from the same
versions, or where a statement says all of it (see `nbmlops.cells.bindings`). Where some columns of
a frame were written, it is their digests that count. What that means for what is shown now is in
`nbmlops.cells.staleness`.
"""

from collections.abc import Mapping, Sequence
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
from nbmlops.cells.items import MARKS, Change, changes_of, is_taken, items_of
from nbmlops.cells.settings import sets_the_same, setting_in, settings_felt, settings_made
from nbmlops.cells.versions import Making, Versions, binds_again
from nbmlops.records import Digest, Execution, FileUse, Names, UseRole
from nbmlops.redaction.placeholders import kinds_in

type Kind = Literal["written", "changed", "deleted", "replaced", "left_over", "stale"]
type Digests = Mapping[tuple[str, UseRole], Digest]
type Columns = Mapping[Digest, Mapping[str, Digest]]  # of tables, by the digest of the table

# Whoever reads these may write something else each time.
_EVER_NEW = frozenset((TIME, NETWORK, SUBPROCESS, ENTROPY))
_GONE = -1  # the version of what is not there
_OUTSIDE = 0  # the version of what no recorded execution wrote
FILE = "\0file "  # begins the keys of files among those of names


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

    def given_to(self, name: str, reader: Names) -> tuple[str, ...]:
        """Return the items made here that what read a name took; empty where it took all."""
        taken = items_of(reader.items_used).get(name)
        if self.change is None or taken is None:
            return ()
        return tuple(sorted(taken & self.change.items - MARKS))


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


class ShownCells:
    """What each cell was made from, grown one execution at a time.

    Adding costs in proportion to the names of the cell.

    Parameters
    ----------
    columns : mapping of str to mapping of str to str, optional
        The digests of the columns of tables, by the digest of the table, as far as they are known.

    Attributes
    ----------
    latest : dict of str to Shown
        By the key of the cell.
    current : dict of str to Write
        The last write of each name and file.
    writes : dict of str to dict of str to Write
        By name and cell, the latest last.
    """

    def __init__(self, columns: Columns | None = None) -> None:
        self._columns = columns or {}
        self._count = 0
        self._versions = Versions()
        self.latest: dict[str, Shown] = {}
        self.current: dict[str, Write] = {}
        self.writes: dict[str, dict[str, Write]] = {}

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
        for name in execution.names.replaced:
            if name in self.current:
                self._write(name, execution, self._versions.number(name, None, None), "replaced")
        felt = {name: self._read(name, execution.names, None) for name in settings_felt(execution)}
        names = execution.names
        reads = {
            name: self._read(name, names, known.get((name, "read")))
            for name in names_read(names)
            if not is_hidden(name) or _makes_values(name)
        }
        for use in files:
            if use.role == "read":
                reads[FILE + use.path] = self._read_file(use)
        making = self._making(execution, reads)
        for name in names.deleted:
            self._write(name, execution, _GONE, "deleted")
        changes = changes_of(names)
        for name in names.touched:
            digest = self._digest_of(changes.get(name), known.get((name, "written")))
            version = self._versions.number(name, digest, making)
            self._write(name, execution, version, "changed", changes.get(name))
        for name in names.defined:
            digest = self._digest_of(changes.get(name), known.get((name, "written")))
            version = self._version_defined(name, execution, digest, making)
            in_place = name in names.touched and name in names.used  # x += 1
            kind: Kind = "changed" if in_place else "written"
            self._write(name, execution, version, kind, changes.get(name))
        for use in files:
            if use.role == "written":
                self._write_file(use, execution, making)
        for name, how in settings_made(execution):
            made = _making_of_setting(name, execution, reads) or making
            self._write(name, execution, self._versions.number(name, None, made), how)
        reads |= felt
        self._show(execution, reads, tuple(use for use in files if use.role == "read"))

    # Versions

    def _read(self, name: str, names: Names, digest: Digest | None) -> Read:
        writer = self.current.get(name)
        if writer is None:
            return Read(_OUTSIDE, None)
        if digest is not None and writer.version > 0 and writer.change is None:
            self._versions.learn(name, writer.version, digest)
        if not writer.concerns(name, names):
            earlier = reversed(self.writes[name].values())
            writer = next((write for write in earlier if write.concerns(name, names)), None)
        return Read(writer.version, writer) if writer is not None else Read(_OUTSIDE, None)

    def _read_file(self, use: FileUse) -> Read:
        key = FILE + use.path
        writer = self.current.get(key)
        if use.digest is None:
            return Read(writer.version if writer else _OUTSIDE, writer)
        return Read(self._versions.number(key, use.digest, None), writer)

    def _digest_of(self, change: Change | None, digest: Digest | None) -> Digest | None:
        """Return the digest of what was written of a value that has a digest as a whole.

        A column that is there already and is written again is in no other place: only where no
        column was written does it count which there are.
        """
        if change is None or digest is None:
            return digest
        columns = self._columns.get(digest)
        if columns is None:
            return None
        written = sorted(change.items - MARKS)
        return Digest(repr([(item, columns.get(item)) for item in written] or [*columns]))

    def _version_defined(
        self, name: str, execution: Execution, digest: Digest | None, making: Making | None
    ) -> int:
        before = self.current.get(name)
        if (
            before is not None
            and before.kind == "written"
            and binds_again(name, before.execution, execution)
        ):
            return before.version
        return self._versions.number(name, digest, making)

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
        before = self.current.get(name)
        is_made_of_it = kind in ("changed", "deleted") or name in execution.names.used
        root = self._count if not is_made_of_it else before.root if before is not None else 0
        write = Write(self._count, execution, version, kind, root, change)
        self.current[name] = write
        writes = self.writes.setdefault(name, {})
        writes.pop(execution.cell_key, None)
        writes[execution.cell_key] = write

    def _write_file(self, use: FileUse, execution: Execution, making: Making | None) -> None:
        """Note that a file was written; the folders that it is in are other ones then, too."""
        key = FILE + use.path
        self._write(key, execution, self._versions.number(key, use.digest, making), "written")
        if "://" in use.path:
            return
        folder = dirname(use.path.removesuffix("/"))
        while folder and not folder.endswith("/"):
            key = FILE + folder
            self._write(key, execution, self._versions.number(key, None, making), "changed")
            folder = dirname(folder)

    def _show(
        self, execution: Execution, reads: dict[str, Read], files: tuple[FileUse, ...]
    ) -> None:
        before = self.latest.get(execution.cell_key)
        first = before.first_place if before is not None else self._count
        shown = Shown(self._count, execution, first, reads, files)
        if before is not None:
            shown.left_over = self._left_over(before, execution)
            for name, read in reads.items():
                if read.writer is not None and read.writer.execution is before.execution:
                    found = before.own.get(name) or before.reads.get(name)
                    if found is not None:
                        shown.own[name] = found
        self.latest[execution.cell_key] = shown

    def _left_over(self, before: Shown, execution: Execution) -> dict[str, int]:
        """Return the names that a cell wrote, and that its latest execution leaves as they were.

        The same source that ran to its end has done what it does: left over is what was before.
        """
        made = before.left_over
        if before.execution.source != execution.source or execution.outcome != "ok":
            names = before.execution.names
            settings = (name for name, _ in settings_made(before.execution))
            made = made | dict.fromkeys((*names.defined, *names.touched, *settings), before.place)
        return {
            name: place
            for name, place in made.items()
            if (current := self.current.get(name)) is not None
            and current.place == place
            and not sets_the_same(name, before.execution, execution)
        }


def _making_of_setting(name: str, execution: Execution, reads: Mapping[str, Read]) -> Making | None:
    """Return what tells what a cell set, whatever else it did; None where its source does not."""
    setting = setting_in(execution.source, name)
    if setting is None:
        return None
    inputs = sorted((each, reads[each].version) for each in setting.names if each in reads)
    return hash(setting.text), hash(tuple(inputs))


def _makes_values(name: str) -> bool:
    """Tell whether a hidden input has versions of which values are made."""
    return name not in _EVER_NEW and name != FIGURES and not is_only_shown(name)
