"""What one execution did to files, from single events in their order to reads and writes.

A file read and then written has both roles; one read after the execution's own write has not been
read. A file that was opened for changing it (``r+``, appending, a database) was read, unless it was
empty, and written if its size or times are others at the end. Files made and gone within the
execution are left out, so are opened folders; a failed attempt to read, remove or move is a read of
something that is not there. A path that was only asked for (is it there, how large is it) is looked
at, which is less than read.
"""

import os
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from stat import S_ISDIR
from typing import TypeGuard
from urllib.parse import urlsplit

from nbmlops.capture.base import FileTouch
from nbmlops.capture.file_children import TICK_NS, Around, Changed
from nbmlops.capture.file_noise import Noise
from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import UseRole

_MOST_NOTED = 100_000
_MOST_LOOKED_AT = 500


@dataclass(slots=True)
class _Seen:
    """A path that the execution had to do with; ``before`` is None where nothing was there."""

    before: Stamp | None
    is_folder: bool
    is_read: bool = False
    is_looked_at: bool = False
    may_be_written: bool = False
    is_made_here: bool = False  # a folder, by the execution

    @property
    def stamp(self) -> Stamp | None:
        """The stamp of a file; that of a folder says nothing about what is in its files."""
        return None if self.is_folder else self.before


class FileLedger:
    """Takes down what happens to files while an execution goes on; used by its threads.

    Paths may be ``str``, ``bytes`` or `pathlib` ones, relative to the working folder of the
    moment; others are passed over, and those that no file can have. ``around`` are the folders in
    which child processes may write, besides those they begin in.
    """

    def __init__(self, noise: Noise, started_ns: int, around: Iterable[str] = ()) -> None:
        self._noise, self._started_ns = noise, started_ns
        self._folders_around, self._around = tuple(around), Around((), noise)
        self._has_children = False
        self._looks = 0
        self.is_relative = False  # a path was, to the folder in which the execution began
        self._has_moved = False
        self._seen: dict[str, _Seen | None] = {}  # None: of no interest
        self._by_text: dict[str, _Seen | None] = {}  # the same by paths as they were given
        self._listed: dict[tuple[str, UseRole], Stamp | None] = {}
        self._urls: dict[tuple[str, UseRole], None] = {}

    def read(self, path: object, *, with_folders: bool = False) -> None:
        """Note that a file is read, or, ``with_folders``, all that is in a folder."""
        seen = self._look(path)
        if seen is None or seen.may_be_written or seen.is_made_here:
            return
        if with_folders or not seen.is_folder:
            seen.is_read = True

    def imported(self, path: str) -> None:
        """Note that the import system reads a file; most of them are installed ones."""
        if not self._noise.covers(path):
            self.read(path)

    def asked(self, path: object, *, among: Container[str] | None = None) -> None:
        """Note that somebody asks whether a path is there, or how large or old it is.

        ``among`` are the only absolute paths for which that counts; None if it always does.
        """
        if among is not None and self._absolute(path) not in among:
            return
        seen = self._look(path)
        if seen is None or seen.may_be_written or seen.is_made_here or seen.is_looked_at:
            return
        if self._looks < _MOST_LOOKED_AT:
            self._looks += 1
            seen.is_looked_at = True

    def written(self, path: object, *, with_folders: bool = False) -> None:
        """Note that a file, or all that is in a folder, gets another content, or goes away."""
        seen = self._look(path)
        if seen is not None and (with_folders or not seen.is_folder):
            seen.may_be_written = True

    def opened(self, path: object) -> None:
        """Note that a file may be read and may be changed."""
        seen = self._look(path)
        if seen is None or seen.is_folder:
            return
        if seen.before is not None and seen.before.size_bytes and not seen.may_be_written:
            seen.is_read = True
        seen.may_be_written = True

    def removed(self, path: object, *, may_be_gone: bool = False) -> None:
        """Note that a file or folder goes away; in vain it is asked for, unless it may be gone."""
        if not may_be_gone:
            seen = self._look(path)
            if seen is not None and seen.before is None:
                self.asked(path)
        self.written(path, with_folders=True)

    def moved(self, source: object, target: object) -> None:
        """Note that a file or folder gets another name."""
        self.read(source, with_folders=True)
        self.written(source, with_folders=True)
        self.written(target, with_folders=True)

    def listed(self, path: object) -> None:
        """Note that the names in a folder are read."""
        absolute = self._of_interest(path)
        if absolute is not None and (absolute, "written") not in self._listed and self._has_room:
            self._listed.setdefault((absolute, "read"), _look_at(absolute).before)

    def made_folder(self, path: object, *, may_be_there: bool = False) -> None:
        """Note that a folder is made; what is there already is asked for, unless it may be."""
        absolute = self._of_interest(path)
        if absolute is None or not self._has_room:
            return
        if _look_at(absolute).before is None:
            self._listed[absolute, "written"] = None
            seen = self._seen.get(absolute)
            if seen is not None:
                seen.is_made_here = True
        elif not may_be_there and (absolute, "written") not in self._listed:
            self.asked(path)

    def starts_process(self, folder: object = None) -> None:
        """Note that a child process is about to begin, in a folder or the one of the moment."""
        if not self._has_children:
            self._has_children = True
            begin = self._absolute(folder) or os.getcwd()  # noqa: PTH109, text
            self._around = Around((begin, *self._folders_around), self._noise)

    def url(self, url: str, role: UseRole) -> None:
        """Note that something at a URL is read or written."""
        if self._has_room:
            self._urls.setdefault((without_password(url), role))

    def knows(self, path: object) -> bool:
        """Tell whether a path was given before, and in the same folder if it is a relative one."""
        return type(path) is str and path in self._by_text

    def folder_changes(self) -> None:
        """Note that relative paths are about to mean other files."""
        self._by_text.clear()
        self._has_moved = True

    def touches(self) -> Iterator[FileTouch]:
        """Give what was read and written, as it is now."""
        of_children = [*self._around.changed_since()] if self._has_children else []
        for changed in of_children:
            self._take_back_reads(changed)
        for path, seen in list(self._seen.items()):
            if seen is not None:
                yield from self._touches_of(path, seen)
        for (path, role), before in list(self._listed.items()):
            stamp = before if role == "read" else _look_at(path).before
            if role == "read" or stamp is not None:
                yield FileTouch(path, role, True, stamp is not None, stamp)
        for url, role in list(self._urls):
            yield FileTouch(url, role)
        for changed in of_children:
            yield from self._touches_of_child(changed)

    def _touches_of(self, path: str, seen: _Seen) -> Iterator[FileTouch]:
        now = _look_at(path) if seen.may_be_written else seen
        is_there = seen.before is not None
        if seen.is_read:
            yield FileTouch(path, "read", False, is_there, seen.stamp)
        elif seen.is_looked_at:
            yield FileTouch(path, "read", False, is_there, seen.stamp, is_only_looked_at=True)
        if seen.may_be_written and seen.before is None and now.before is None:
            return
        if seen.may_be_written and (seen.is_folder or self._is_other(seen.before, now.before)):
            yield FileTouch(path, "written", False, now.before is not None, now.stamp)

    def _take_back_reads(self, changed: Changed) -> None:
        """Count a file as not read if a child process had written it by then."""
        seen = self._seen.get(changed.path)
        if seen is not None and not changed.is_folder and seen.before != changed.before:
            seen.is_read = seen.is_looked_at = False

    def _touches_of_child(self, changed: Changed) -> Iterator[FileTouch]:
        """Give what changed while processes ran, if nobody here was seen to write it."""
        seen = self._seen.get(changed.path)
        is_made_here = (changed.path, "written") in self._listed
        if is_made_here or (seen is not None and (seen.may_be_written or seen.is_made_here)):
            return
        is_listing = changed.is_folder and changed.is_there
        yield FileTouch(changed.path, "written", is_listing, changed.is_there, changed.stamp)

    def _is_other(self, before: Stamp | None, now: Stamp | None) -> bool:
        if before is None or before != now:
            return True
        return before.changed_ns > self._started_ns - TICK_NS

    def _look(self, path: object) -> _Seen | None:
        """Return what is known of a path, looking at it as it is now if it is new."""
        if type(path) is str and path in self._by_text:
            return self._by_text[path]
        absolute = self._absolute(path)
        if absolute is None or (absolute not in self._seen and not self._has_room):
            return None
        if absolute not in self._seen:
            self._seen[absolute] = self._first_look(absolute)
        self._note_relative(path, is_noise=self._seen[absolute] is None)
        if type(path) is str and len(self._by_text) < _MOST_NOTED:
            self._by_text[path] = self._seen[absolute]
        return self._seen[absolute]

    def _first_look(self, absolute: str) -> _Seen | None:
        if self._noise.covers(absolute):
            return None
        if (absolute, "written") in self._listed:  # a folder made by the execution itself
            return _Seen(None, is_folder=False, is_made_here=True)
        return _look_at(absolute)

    def _of_interest(self, path: object) -> str | None:
        absolute = self._absolute(path)
        if absolute is None or self._noise.covers(absolute):
            return None
        self._note_relative(path)
        return absolute

    def _note_relative(self, path: object, *, is_noise: bool = False) -> None:
        assert _is_path(path)
        if not (is_noise or self._has_moved or os.path.isabs(path)):  # noqa: PTH117
            self.is_relative = True

    @property
    def _has_room(self) -> bool:
        return len(self._seen) + len(self._listed) + len(self._urls) < _MOST_NOTED

    def _absolute(self, path: object) -> str | None:
        if not _is_path(path):
            return None
        text = os.fsdecode(path)
        return None if "\0" in text else os.path.abspath(text)  # noqa: PTH100, Path keeps `..`


def _is_path(path: object) -> TypeGuard[str | bytes | PurePath]:
    """Tell whether something is a path that needs not be asked whether it is one."""
    return issubclass(type(path), (str, bytes, PurePath))


def without_password(url: str) -> str:
    """Return a URL without the user and password in it."""
    place = urlsplit(url).netloc
    return url.replace(f"{place.rpartition('@')[0]}@", "", 1) if "@" in place else url


def _look_at(path: str) -> _Seen:
    try:
        status = os.stat(path)  # noqa: PTH116, Path would cost more than all the rest
    except (OSError, ValueError):
        return _Seen(None, is_folder=False)
    return _Seen(Stamp.of(status), S_ISDIR(status.st_mode))
