"""What child processes made of the folders around a notebook: looked at before and after.

Nobody tells what another process does. So the working directory, the project's folder and the one
in which the process begins are looked at when an execution is about to start its first process,
and again when it ends. Looked at are 2,000 entries at most, of the folder and of those in it; not
hidden folders, what `file_noise` leaves out, nor notebooks, which the front end saves at any time.
Where there is more than that, a file that is new to the look counts if it changed meanwhile.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from nbmlops.capture.file_noise import Noise
from nbmlops.fingerprints.files.file_bytes import Stamp

_MOST_ENTRIES = 2_000
_LEVELS = 2
# A change of this age may leave a file's times as they were: the kernel's clock for them ticks.
TICK_NS = 20_000_000
_NOTEBOOKS = ".ipynb"


@dataclass(frozen=True, slots=True)
class Changed:
    """A file or folder that is another one; stamps are None for folders and where nothing is."""

    path: str
    is_folder: bool
    is_there: bool
    before: Stamp | None
    stamp: Stamp | None


class Around:
    """The files and folders around a notebook as they are at a moment."""

    def __init__(self, folders: Iterable[str], noise: Noise) -> None:
        self._folders, self._noise = tuple(dict.fromkeys(folders)), noise
        self._looked_ns = time.time_ns()
        self._entries = dict(self._look())

    def changed_since(self) -> Iterator[Changed]:
        """Give what is there now and was not, what is gone, and files that were written."""
        now = Around(self._folders, self._noise)._entries
        is_whole = len(now) < _MOST_ENTRIES and len(self._entries) < _MOST_ENTRIES
        for path, stamp in now.items():
            if path not in self._entries:
                if is_whole or self._is_younger(stamp):
                    yield Changed(path, stamp is None, True, None, stamp)
            elif stamp is not None and stamp != self._entries[path]:
                yield Changed(path, False, True, self._entries[path], stamp)
        for path, stamp in self._entries.items():
            if path not in now and not os.path.lexists(path):
                yield Changed(path, stamp is None, False, stamp, None)

    def _is_younger(self, stamp: Stamp | None) -> bool:
        return stamp is not None and stamp.changed_ns > self._looked_ns - TICK_NS

    def _look(self) -> Iterator[tuple[str, Stamp | None]]:
        """Give the paths of files with their stamps, and of folders with None."""
        left = _MOST_ENTRIES
        for folder in self._folders:
            if left and not self._noise.covers(folder):
                for found in self._inside(folder, _LEVELS):
                    yield found
                    left -= 1
                    if not left:
                        return

    def _inside(self, folder: str, levels: int) -> Iterator[tuple[str, Stamp | None]]:
        below = []
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):  # gone meanwhile
                    is_folder = entry.is_dir(follow_symlinks=False)
                    if self._is_left_out(entry.path, entry.name, is_folder=is_folder):
                        continue
                    if is_folder:
                        below.append(entry.path)
                    yield entry.path, None if is_folder else Stamp.of(entry.stat())
        if levels > 1:
            for path in below:
                yield from self._inside(path, levels - 1)

    def _is_left_out(self, path: str, name: str, *, is_folder: bool) -> bool:
        if is_folder:
            return name.startswith(".") or self._noise.covers(path)
        return name.endswith(_NOTEBOOKS)
