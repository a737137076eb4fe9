"""Tests for existence: `os.path.exists` and its like, and those of `pathlib`.

No audit event tells of them, so the start of these functions is watched. Whose test it is decides:

- One by the user's own code always counts.
- One by a library counts where an earlier execution wrote, made or removed that very path
  (``%%writefile`` says whether it writes over something); otherwise it is the library's own affair.
- Those that look for code, and those that serve another event (making folders, walking them) never
  count.

So that loops of millions of tests stay as fast as they are, the first 10,000 of an execution count,
and of their paths the first 500.

Not seen: `os.stat` and `os.access` themselves, which are written in C.
"""

import genericpath
import pathlib
import posixpath
import sysconfig
from collections.abc import Container, Iterator
from enum import Enum, auto
from types import CodeType, FrameType, FunctionType

from nbmlops.capture.file_calls import Calls
from nbmlops.capture.file_noise import OURS, Noise
from nbmlops.capture.file_threads import ledger_here

_STDLIB = sysconfig.get_path("stdlib")
_OF_PATHS = "exists lexists isfile isdir islink ismount getsize getmtime getctime getatime samefile"
_OF_PATHLIB = (
    "stat lstat exists is_file is_dir is_symlink is_mount is_socket is_fifo is_block_device "
    "is_char_device samefile owner group"
)
_NEVER = (
    f"{OURS}/",
    "<frozen ",
    *(
        f"{_STDLIB}/{name}"
        for name in "genericpath posixpath pathlib os.py inspect.py linecache.py tokenize.py "
        "pkgutil.py importlib/ zipimport.py traceback.py".split()
    ),
)
_NEVER_ENDINGS = (
    "/IPython/core/tbtools.py", "/IPython/core/ultratb.py", "/IPython/core/completer.py",
)  # fmt: skip
_MOST_TESTS = 10_000  # of an execution; each costs 3 to 12 µs
_FOR_OTHERS = f"{_STDLIB}/glob.py"  # asks for the paths without a pattern that it is given


class _Whose(Enum):
    """Whose a test is, by the file of the code that asks."""

    USERS = auto()
    LIBRARYS = auto()
    NOBODYS = auto()


class FileTests:
    """Enters tests for existence in the ledger of the execution.

    Parameters
    ----------
    noise : Noise
        Tells which code is installed.
    written : container of str
        The absolute paths that earlier executions wrote, made or removed.
    """

    def __init__(self, noise: Noise, written: Container[str]) -> None:
        self._noise, self._written = noise, written
        self._whose: dict[str, _Whose] = {}
        self._codes = tuple(_codes())
        self._calls: Calls | None = None
        self._left = 0

    def start(self, calls: Calls) -> None:
        """Have the tests of an execution that begins told."""
        if self._calls is not calls or not self._left:
            for code in self._codes:
                calls.watch(code, self._asked)
        self._calls, self._left = calls, _MOST_TESTS

    def stop(self) -> None:
        """Have none told any more."""
        if self._calls is not None:
            for code in self._codes:
                self._calls.unwatch(code)
        self._calls, self._left = None, 0

    def _asked(self, frame: FrameType) -> None:
        caller = frame.f_back
        if caller is None:
            return
        file = caller.f_code.co_filename
        whose = self._whose.get(file)
        if whose is None:
            whose = self._whose[file] = self._whose_is(file)
        if whose is _Whose.NOBODYS:
            return
        ledger = ledger_here()
        if ledger is None:
            return
        among = self._written if whose is _Whose.LIBRARYS else None
        arguments, code = frame.f_locals, frame.f_code
        for name in code.co_varnames[: code.co_argcount]:
            ledger.asked(arguments[name], among=among)
        self._left -= 1
        if self._left <= 0:
            self.stop()

    def _whose_is(self, file: str) -> _Whose:
        if file.startswith(_NEVER) or file.endswith(_NEVER_ENDINGS):
            return _Whose.NOBODYS
        if file != _FOR_OTHERS and self._noise.covers(file):
            return _Whose.LIBRARYS
        return _Whose.USERS


def _codes() -> Iterator[CodeType]:
    """Give the code of the functions that test, as far as this Python has them."""
    places = [(genericpath, _OF_PATHS), (posixpath, _OF_PATHS)]
    kinds = [(kind, _OF_PATHLIB) for kind in pathlib.Path.__mro__ if kind is not object]
    for place, names in (*places, *kinds):
        for name in names.split():
            found = vars(place).get(name)
            if isinstance(found, FunctionType):
                yield found.__code__
