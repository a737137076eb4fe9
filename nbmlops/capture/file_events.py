"""Python's audit events as entries in ledgers: all that goes through Python's own file functions.

`open` in all its forms, and with it pathlib, numpy, joblib, zipfile, shutil and whatever else is
built on it; renaming, removing, linking, making and listing of folders; SQLite; the start of child
processes.

Importing a module reads its source, also where Python takes the compiled form of it; `file_noise`
leaves out what is installed. Left out are the listing of folders by Python's import system, and the
reading of source lines for tracebacks.

Not seen, because there is no such event: tests for existence (see `file_tests`), what is read or
written later through a file that is open already (but see `TouchedFiles`), libraries that open
files natively (see `native_files`), what other processes do (see `file_children`). Paths relative
to an open folder (``dir_fd``) are passed over, but for `shutil.rmtree`.
"""

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Callable
from types import FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

from nbmlops.capture import file_children
from nbmlops.capture.audit import Listen, listen, unlisten
from nbmlops.capture.file_ledger import FileLedger
from nbmlops.capture.file_threads import RUNNING, ledger_here

_STDLIB = sysconfig.get_path("stdlib")
_OF_IMPORTS = ("<frozen importlib._bootstrap_external>", "<frozen zipimport>")
# Whose reading and listing is about the code that runs, not about data.
_OF_CODE = (
    "<frozen importlib",
    "<frozen zipimport",
    f"{_STDLIB}/importlib/",
    f"{_STDLIB}/pkgutil.py",
    f"{_STDLIB}/tokenize.py",  # linecache and inspect read sources through it
    str(file_children.__file__),
)
_OF_TRACEBACKS = ("/IPython/core/tbtools.py", "/IPython/core/ultratb.py")
_CALLER = 4  # frames up: from `_caller` through handler, listener and hook
_INDULGENT = {
    "makedirs": "exist_ok", "mkdir": "exist_ok", "unlink": "missing_ok", "rmtree": "ignore_errors"
}  # fmt: skip
_NO_FOLDER = (-1, None)  # as `dir_fd`
_NOT_FOR_CONTENT = os.O_DIRECTORY | getattr(os, "O_PATH", 0)


class FileEvents:
    """Listens to audit events about files, and enters them in the ledger of the execution."""

    def __init__(self) -> None:
        self._listeners: dict[str, Listen] = {}

    def start(self) -> None:
        """Begin to listen."""
        if not self._listeners:
            self._listeners = {event: _listener(take) for event, take in _HANDLERS.items()}
            for event, listener in self._listeners.items():
                listen(event, listener)

    def stop(self) -> None:
        """Listen no more."""
        for event, listener in self._listeners.items():
            unlisten(event, listener)
        self._listeners.clear()


def _listener(take: Callable[..., None]) -> Listen:
    def heard(args: tuple[Any, ...]) -> None:
        if not RUNNING.all:
            return
        try:
            ledger = ledger_here()
            if ledger is not None:
                take(ledger, *args)
        except Exception:  # noqa: BLE001, S110, the user's call must go on, whatever we make of it
            pass

    return heard


def _caller() -> FrameType:
    """Return the frame of what raised the event; to be called by handlers themselves."""
    return sys._getframe(_CALLER)


def _is_for_code(caller: str) -> bool:
    """Tell whether a file is of the import system, or of what shows tracebacks."""
    return caller.startswith(_OF_CODE) or caller.endswith(_OF_TRACEBACKS)


def _does_not_mind() -> bool:
    """Tell whether a function of Python's own goes on if what it makes or removes is (not) there.

    `os.makedirs` and `pathlib.Path.mkdir` with ``exist_ok``, which also make the folders above one;
    ``Path.unlink(missing_ok=True)``, ``shutil.rmtree(ignore_errors=True)``.
    """
    caller = sys._getframe(_CALLER)
    option = _INDULGENT.get(caller.f_code.co_name)
    return option is not None and bool(caller.f_locals.get(option))


def _open(ledger: FileLedger, path: Any, mode: str | None, flags: int) -> None:
    access = flags & os.O_ACCMODE
    if flags & _NOT_FOR_CONTENT or issubclass(type(path), int):
        return
    if access != os.O_RDONLY:
        is_replaced = flags & (os.O_TRUNC | os.O_EXCL)
        (ledger.written if is_replaced else ledger.opened)(path)
        return
    caller = _caller().f_code.co_filename
    if caller in _OF_IMPORTS:
        ledger.imported(_source_of(os.fsdecode(path)))
    elif ledger.knows(path) or not (
        _is_for_code(caller) or (mode is None and _may_be_in_open_folder(path))
    ):
        ledger.read(path)


def _source_of(path: str) -> str:
    """Return the path of the source for that of its compiled form."""
    if not path.endswith(".pyc"):
        return path
    if sys.pycache_prefix is not None:
        return importlib.util.source_from_cache(path)
    folder, found, name = path.rpartition("/__pycache__/")
    return f"{folder}/{name.partition('.')[0]}.py" if found else path


def _may_be_in_open_folder(path: Any) -> bool:
    """Tell whether `os.open` was given a path that is not relative to the working folder."""
    return not os.path.isabs(path) and not os.path.lexists(path)  # noqa: PTH117


def _listed(ledger: FileLedger, path: Any = None) -> None:
    if not issubclass(type(path), int) and not _is_for_code(_caller().f_code.co_filename):
        ledger.listed("." if path is None else path)


def _renamed(
    ledger: FileLedger, source: Any, target: Any, source_folder: object, target_folder: object
) -> None:
    if source_folder in _NO_FOLDER and target_folder in _NO_FOLDER:
        ledger.moved(source, target)


def _linked(
    ledger: FileLedger, source: Any, target: Any, source_folder: object, target_folder: object
) -> None:
    if source_folder in _NO_FOLDER and target_folder in _NO_FOLDER:
        ledger.read(source)
        ledger.written(target)


def _symlinked(ledger: FileLedger, _source: Any, target: Any, folder: object) -> None:
    if folder in _NO_FOLDER:
        ledger.written(target, with_folders=True)


def _removed(ledger: FileLedger, path: Any, folder: object) -> None:
    if folder in _NO_FOLDER:
        ledger.removed(path, may_be_gone=_does_not_mind())


def _made_folder(ledger: FileLedger, path: Any, _mode: int, folder: object) -> None:
    if folder in _NO_FOLDER:
        ledger.made_folder(path, may_be_there=_does_not_mind())


def _truncated(ledger: FileLedger, path: Any, _length: int) -> None:
    ledger.opened(path)


def _connected(ledger: FileLedger, database: Any) -> None:
    """Note a SQLite database, and its log of changes that are not in the file itself yet."""
    path = os.fsdecode(database)
    if path.startswith("file:"):
        url = urlsplit(path)
        path = "" if "mode=memory" in url.query else unquote(url.path)
    if path in ("", ":memory:"):
        return
    ledger.opened(path)
    ledger.opened(f"{path}-wal")


def _popened(ledger: FileLedger, _program: object, _args: object, folder: Any, _: object) -> None:
    ledger.starts_process(folder)


def _started_process(ledger: FileLedger, *_: object) -> None:
    ledger.starts_process()


def _changed_folder(ledger: FileLedger, path: object) -> None:
    ledger.asked(path)
    for each in RUNNING.all:
        each.folder_changes()


_HANDLERS: dict[str, Callable[..., None]] = {
    "open": _open,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "os.rename": _renamed,
    "os.link": _linked,
    "os.symlink": _symlinked,
    "os.remove": _removed,
    "os.rmdir": _removed,
    "shutil.rmtree": _removed,
    "os.mkdir": _made_folder,
    "os.truncate": _truncated,
    "os.chdir": _changed_folder,
    "sqlite3.connect": _connected,
    "subprocess.Popen": _popened,
    "os.system": _started_process,
    "os.posix_spawn": _started_process,
    "os.spawn": _started_process,
    "os.fork": _started_process,
    "os.forkpty": _started_process,
}
