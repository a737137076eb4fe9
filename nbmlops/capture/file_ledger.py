"""What one execution did to files, from single events in their order to reads and writes.

A file read and then written has both roles; one read after the execution's own write has not been
read. A file that was opened for changing it (``r+``, appending, a database) was read, unless it was
empty, and written if its size or times are others at the end. Files made and gone within the
execution are left out, so are opened folders; a failed attempt to read is a read of something that
is not there.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from stat import S_ISDIR
from urllib.parse import urlsplit

from nbmlops.capture.base import FileTouch
from nbmlops.capture.file_noise import Noise
from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import UseRole

_MOST_NOTED = 100_000
# A change of this age may leave a file's times as they were: the kernel's clock for them ticks.
_TICK_NS = 20_000_000


@dataclass(slots=True)
class _Seen:
    """A path that the execution had to do with; ``before`` is None where nothing was there."""

    before: Stamp | None
    is_folder: bool
    is_read: bool = False
    may_be_written: bool = False

    @property
    def stamp(self) -> Stamp | None:
        """The stamp of a file; that of a folder says nothing about what is in its files."""
        return None if self.is_folder else self.before


class FileLedger:
    """Takes down what happens to files while an execution goes on; used by its threads.

    Paths may be ``str``, ``bytes`` or `pathlib` ones, relative to the working folder of the
    moment; others are passed over.
    """

    def __init__(self, noise: Noise, started_ns: int) -> None:
        self._noise, self._started_ns = noise, started_ns
        self.is_relative = False  # a path was, to the folder in which the execution began
        self._has_moved = False
        self._seen: dict[str, _Seen | None] = {}  # None: of no interest
        self._by_text: dict[str, _Seen | None] = {}  # the same by paths as they were given
        self._listed: dict[tuple[str, UseRole], Stamp | None] = {}
        self._urls: dict[tuple[str, UseRole], None] = {}

    def read(self, path: object, *, with_folders: bool = False) -> None:
        """Note that a file is read, or, ``with_folders``, all that is in a folder."""
        seen = self._look(path)
        if seen is not None and (with_folders or not seen.is_folder) and not seen.may_be_written:
            seen.is_read = True

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

    def made_folder(self, path: object) -> None:
        """Note that a folder is made, if it is not there yet."""
        absolute = self._of_interest(path)
        if absolute is not None and self._has_room and _look_at(absolute).before is None:
            self._listed[absolute, "written"] = None

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
        for path, seen in list(self._seen.items()):
            if seen is not None:
                yield from self._touches_of(path, seen)
        for (path, role), before in list(self._listed.items()):
            stamp = before if role == "read" else _look_at(path).before
            if role == "read" or stamp is not None:
                yield FileTouch(path, role, True, stamp is not None, stamp)
        for url, role in list(self._urls):
            yield FileTouch(url, role)

    def _touches_of(self, path: str, seen: _Seen) -> Iterator[FileTouch]:
        now = _look_at(path) if seen.may_be_written else seen
        if seen.may_be_written and seen.before is None and now.before is None:
            return
        if seen.is_read:
            yield FileTouch(path, "read", False, seen.before is not None, seen.stamp)
        if seen.may_be_written and (seen.is_folder or self._is_other(seen.before, now.before)):
            yield FileTouch(path, "written", False, now.before is not None, now.stamp)

    def _is_other(self, before: Stamp | None, now: Stamp | None) -> bool:
        if before is None or before != now:
            return True
        return before.changed_ns > self._started_ns - _TICK_NS

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
            return _Seen(None, is_folder=False)
        return _look_at(absolute)

    def _of_interest(self, path: object) -> str | None:
        absolute = self._absolute(path)
        if absolute is None or self._noise.covers(absolute):
            return None
        self._note_relative(path)
        return absolute

    def _note_relative(self, path: object, *, is_noise: bool = False) -> None:
        assert isinstance(path, str | bytes | PurePath)
        if not (is_noise or self._has_moved or os.path.isabs(path)):  # noqa: PTH117
            self.is_relative = True

    @property
    def _has_room(self) -> bool:
        return len(self._seen) + len(self._listed) + len(self._urls) < _MOST_NOTED

    def _absolute(self, path: object) -> str | None:
        if isinstance(path, str | bytes | PurePath):
            return os.path.abspath(os.fsdecode(path))  # noqa: PTH100, Path keeps `..`
        return None


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
