"""What the arguments of a library's function say of files: which ones, and read or written."""

import glob
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from nbmlops.capture.file_ledger import FileLedger
from nbmlops.capture.native_plans import files_of_plan
from nbmlops.capture.native_readers import NativeFunction
from nbmlops.records import UseRole

_LONGEST_PATH = 4_096
_MOST_PATHS = 10_000
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")
_PATTERN = re.compile(r"[*?[]")
_XGBOOST_OPTIONS = re.compile(r"\?format=.*")
# fsspec's file systems whose files are parts or copies of others, which are noted by themselves.
_NOT_PLACES = frozenset(
    "file local zip tar libarchive archive dir cached simplecache filecache blockcache reference"
    .split()
)  # fmt: skip


def note_arguments(
    ledger: FileLedger, function: NativeFunction, arguments: Mapping[str, Any]
) -> None:
    """Enter the files that a call names; ``arguments`` are by parameter, with or without others.

    File-like objects and data in place of a file name nothing. Patterns with ``*`` stand for the
    files that they match, in folders that are listed for that. What a lazy frame scans is read when
    it is carried out.
    """
    for named in _planned(function, arguments):
        _note_place(ledger, named, "read", None)
    mode = arguments.get("mode", "r") if function.role == "by mode" else None
    for named in _named(function, arguments):
        _note_place(ledger, named, function.role, mode)


def _note_place(ledger: FileLedger, named: str, role: str, mode: str | None) -> None:
    if not _URL.match(named):
        for path in _paths(named):
            _note_path(ledger, path, role, mode)
    elif named.startswith("file://"):
        _note_path(ledger, named.removeprefix("file://"), role, mode)
    else:
        for each in _roles(role, mode):
            ledger.url(named, each)


def _note_path(ledger: FileLedger, path: str, role: str, mode: str | None) -> None:
    roles = _roles(role, mode)
    if len(roles) == 2:
        ledger.opened(path)
    elif roles == ("read",):
        ledger.read(path, with_folders=True)
    else:
        ledger.written(path, with_folders=True)


def _roles(role: str, mode: str | None) -> tuple[UseRole, ...]:
    if role == "written" or (mode is not None and ("w" in mode or "x" in mode)):
        return ("written",)
    if mode is not None and ("a" in mode or "+" in mode):
        return ("read", "written")
    return ("read",)


def _named(function: NativeFunction, arguments: Mapping[str, Any]) -> Iterator[str]:
    value = arguments.get(function.argument)
    if function.module == "fsspec.spec":
        yield from _fsspec_url(arguments["self"], value)
        return
    place = _place_of(arguments.get("filesystem"))
    if place is not None:
        for named in _texts(value):
            yield place + named


def _planned(function: NativeFunction, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Give what the lazy frames scan that a function of polars carries out."""
    if function.module != "polars":
        return
    frames = arguments.get("lazy_frames", ())
    several = frames if issubclass(type(frames), (list, tuple)) else ()  # no iterator is used up
    for frame in (arguments.get("self"), *several):
        yield from files_of_plan(frame)


def _texts(value: Any) -> Iterator[str]:
    """Give the paths and URLs that an argument consists of."""
    kind = type(value)  # the user's objects are not asked for their class
    if issubclass(kind, (list, tuple)):
        for item in value[:_MOST_PATHS]:
            if not issubclass(type(item), (list, tuple)):
                yield from _texts(item)
    elif issubclass(kind, (str, PurePath)):
        text = os.fspath(value)
        if 0 < len(text) <= _LONGEST_PATH and "\n" not in text:
            yield text


def _place_of(filesystem: Any) -> str | None:
    """Return what stands before the paths of a pyarrow file system in a URL.

    Empty for this machine's own; None where it cannot be told, and for fsspec's, which are noted
    when they open a file.
    """
    if filesystem is None:
        return ""
    kind = getattr(filesystem, "type_name", None)
    if kind == "local":
        return ""
    return f"{kind}://" if isinstance(kind, str) and kind.isalnum() and kind != "subtree" else None


def _fsspec_url(system: Any, path: Any) -> Iterator[str]:
    protocols = (system.protocol,) if isinstance(system.protocol, str) else system.protocol
    if not _NOT_PLACES.intersection(protocols):
        yield system.unstrip_protocol(system._strip_protocol(path))


def _paths(named: str) -> list[str]:
    path = os.path.expanduser(named)  # noqa: PTH111, text
    if os.path.lexists(path):
        return [path]
    if _PATTERN.search(path):
        matches = glob.glob(path, recursive=True)[:_MOST_PATHS]  # noqa: PTH207, text
        if matches:
            return [match for match in matches if os.path.isfile(match)]  # noqa: PTH113
    return [_XGBOOST_OPTIONS.sub("", path)]
