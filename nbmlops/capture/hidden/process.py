"""What the process has of its own: environment variables and the working directory.

Of both only what some execution has changed is told: the rest is the session's environment, and
recorded with it. Reading is seen in Python code of whatever module: of variables by the function
with which `os.environ` encodes their names, of the directory where relative paths are used. Not
seen are variables that libraries written in C read, and what they, or ``os.putenv``, set.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from nbmlops.capture.audit import Listen, listen, unlisten
from nbmlops.capture.file_threads import ledger_here
from nbmlops.capture.hidden.base import Ended, Seen, unfailing
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import SUBPROCESS, WORKING_DIRECTORY, environment_variable

type Encode = Callable[[Any], Any]
type Here = Callable[[], tuple[Seen, ...]]  # the executions that the calling thread works for

_SETS = (os._Environ.__setitem__.__code__, os._Environ.__delitem__.__code__)
_ASKS_FOR_DIRECTORY = frozenset(
    "os.getcwd os.getcwdb pathlib.Path.cwd posixpath.abspath posixpath.realpath "
    "genericpath.exists genericpath.isfile genericpath.isdir".split()
)


class EnvironmentVariables:
    """Tells which environment variables executions set, and which of those they read."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._written: set[str] = set()
        self._encode: Encode | None = None
        self._hook: Encode | None = None

    def open(self) -> None:
        """Begin to listen."""
        environ = os.environ
        if self._hook is None and type(environ) is os._Environ:
            self._encode = environ.encodekey
            self._hook = self._listening(environ.encodekey)
            environ.encodekey = self._hook

    def close(self) -> None:
        """Listen no more."""
        if self._hook is not None and getattr(os.environ, "encodekey", None) is self._hook:
            assert self._encode is not None
            os.environ.encodekey = self._encode
        self._hook = self._encode = None

    def started(self, seen: Seen) -> dict[Any, Any]:  # noqa: ARG002
        """Return the variables as they are."""
        return _variables()

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:
        """Do nothing: every reading is heard of."""

    def ended(self, execution: Ended, seen: Seen, before: Mapping[Any, Any]) -> None:  # noqa: ARG002
        """Compare the variables with what they were."""
        now = _variables()
        if before != now:
            for key in before.keys() | now.keys():
                if before.get(key) != now.get(key):
                    seen.defined.add(environment_variable(os.fsdecode(key)))
        self._written |= {name for name in seen.defined if name.startswith("<os.environ:")}
        if SUBPROCESS in seen.used:
            seen.used |= self._written - seen.defined

    def _listening(self, encode: Encode) -> Encode:
        def heard(key: Any) -> Any:
            encoded = encode(key)
            with suppress(Exception):  # the user's access must go on
                is_set = sys._getframe(1).f_code in _SETS
                self._accessed(environment_variable(key), is_set=is_set)
            return encoded

        return heard

    def _accessed(self, name: str, *, is_set: bool) -> None:
        for seen in self._here():
            if is_set:
                seen.defined.add(name)
            elif name in self._written:
                seen.use(name)


def _variables() -> dict[Any, Any]:
    content = getattr(os.environ, "_data", None)
    return dict(content) if type(content) is dict else {}


class WorkingDirectory:
    """Tells which executions changed the working directory, and which needed it.

    Other processes begin in it, too: see `nbmlops.capture.hidden.outside`.
    """

    def __init__(self, here: Here) -> None:
        self._here = here
        self._is_changed = False
        self._listener: Listen = unfailing(self._changes)

    def open(self) -> None:
        """Begin to listen."""
        listen("os.chdir", self._listener)

    def close(self) -> None:
        """Listen no more."""
        unlisten("os.chdir", self._listener)

    def started(self, seen: Seen) -> None:
        """Do nothing: changes are heard of."""

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:  # noqa: ARG002
        """Take that code asks for the directory."""
        if mention.what in _ASKS_FOR_DIRECTORY:
            seen.use(WORKING_DIRECTORY)

    def ended(self, execution: Ended, seen: Seen, before: object) -> None:  # noqa: ARG002
        """Take that relative paths were used; forget it of a directory that nobody has changed."""
        ledger = ledger_here()
        if ledger is not None and ledger.is_relative:
            seen.used.add(WORKING_DIRECTORY)
        if not self._is_changed:
            seen.used.discard(WORKING_DIRECTORY)
        self._is_changed = self._is_changed or WORKING_DIRECTORY in seen.defined

    def _changes(self, args: tuple[Any, ...]) -> None:
        path = args[0]
        will_fail = not os.path.isdir(path)  # noqa: PTH112
        for seen in self._here():
            if not issubclass(type(path), int) and not os.path.isabs(path):  # noqa: PTH117
                seen.use(WORKING_DIRECTORY)
            if not will_fail:
                seen.defined.add(WORKING_DIRECTORY)
