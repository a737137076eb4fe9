"""A process of its own in which cells are executed while the use of files is watched.

The hook for audit events stays in a process for ever, so the one that runs the tests is spared it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

_LOOP = """
import json, sys, traceback
from pathlib import Path
from nbmlops.capture.files import TouchedFiles
messages = sys.stdout
sys.stdout = sys.stderr
watcher, names = TouchedFiles(), {"__name__": "__main__"}
names["watcher"] = watcher
for line in sys.stdin:
    kind, source = json.loads(line)
    touches, error = (), None
    try:
        code = compile(source, "<cell>", "exec")
        if kind == "watched":
            watcher.started()
        exec(code, names)
    except BaseException:
        error = traceback.format_exc()
    finally:
        if kind == "watched":
            touches = watcher.ended(source)
    found = [
        [t.path, t.role, t.is_listing, t.is_there, t.stamp, t.is_only_looked_at] for t in touches
    ]
    print(json.dumps([found, error]), file=messages, flush=True)
"""


class Watched:
    """Executes cells in a folder; use it as a context manager."""

    def __init__(self, folder: Path, *, python: str = sys.executable) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [python, "-W", "error", "-c", _LOOP],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(60)

    def unwatched(self, source: str) -> None:
        """Execute what is not a cell."""
        self._executed("unwatched", source)

    def cell(self, source: str) -> list[str]:
        """Execute a cell and return what it did, as words: see `word`."""
        return [self.word(*touch) for touch in self.touches(source)]

    def touches(self, source: str, *, error: str | None = None) -> list[list[Any]]:
        """Execute a cell and return the fields of its touches; ``error`` is what it raises."""
        return self._executed("watched", source, error)

    def word(
        self, path: str, role: str, is_listing: bool, is_there: bool, _: object, is_look: bool
    ) -> str:
        """Return a touch in words: ``read data.csv``, ``listed .``, ``removed``, ``missed``."""
        if is_listing:
            verb = "listed" if role == "read" else "made"
        elif is_look:
            verb = "looked at" if is_there else "looked for"
        elif is_there:
            verb = role
        else:
            verb = "missed" if role == "read" else "removed"
        return f"{verb} {self._short(path)}"

    def _short(self, path: str) -> str:
        here = str(self.folder)
        return path.removeprefix(f"{here}/") if path != here else "."

    def _executed(self, kind: str, source: str, error: str | None = None) -> list[list[Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([kind, source]) + "\n")
        self._process.stdin.flush()
        touches, raised = json.loads(self._process.stdout.readline())
        assert (raised is None) == (error is None), raised
        assert error is None or error in raised, raised
        return touches
