"""What a run was made in: Python, packages, local modules, git, platform, settings.

Taken in a background thread. Packages are those that were actually imported; they are found by
the names of the installed metadata's folders, which costs milliseconds where
`importlib.metadata.packages_distributions` reads every file list (0.5 s for 150 packages).
"""

import json
import locale
import os
import platform
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from nbmlops.canonical import Json
from nbmlops.capture.base import KeepBlob

# Settings that change results or speed, none of which is a secret.
_VARIABLES = (
    "PYTHONHASHSEED OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS NUMEXPR_NUM_THREADS "
    "CUDA_VISIBLE_DEVICES CUBLAS_WORKSPACE_CONFIG TZ LANG LC_ALL"
).split()
# What nbmlops itself loads when it is asked something; a run is made no other by that. Whoever
# restores a run gets them with nbmlops.
_OWN_HELPERS = frozenset("blake3 click datasketches markdown_it_py mdurl rich xxhash".split())
_GIT_TIMEOUT_SECONDS = 10
_LARGEST_PATCH_BYTES = 1_000_000
_LARGEST_SOURCE_BYTES = 1_000_000


def environment_document(project: Path, keep_blob: KeepBlob) -> str:
    """Return the environment as canonical JSON: equal environments give equal text.

    Keys: ``python``, ``platform``, ``packages`` (name → version), ``modules`` (path → digest of
    the source, which is kept), ``git`` (or null), ``variables``, ``locale``, ``time_zone``.
    """
    modules = dict(sys.modules)  # other threads may be importing
    content: dict[str, Json] = {
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
        },
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "cpus": os.cpu_count(),
        },
        "packages": {
            name: version
            for name, version in sorted(imported_packages(modules).items())
            if _plain(name) not in _OWN_HELPERS
        },
        "modules": dict(sorted(_local_sources(modules, project, keep_blob))),
        "git": _git(project, keep_blob),
        "variables": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
        "locale": ".".join(part or "" for part in locale.getlocale()),
        "time_zone": time.tzname[0],
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def imported_packages(modules: Mapping[str, ModuleType]) -> dict[str, str]:
    """Return the version of every installed distribution a module was imported from, by name."""
    imported = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    installed: dict[str, tuple[str, str, Path]] = {}
    for distribution in _installed():  # of two versions the first on the path is imported
        installed.setdefault(_plain(distribution[0]), distribution)
    found, unknown = {}, set()
    for module in imported:
        if _plain(module) in installed:
            name, version, _ = installed[_plain(module)]
            found[name] = version
        elif not module.startswith("_") and _is_installed(modules.get(module)):
            unknown.add(module)
    if unknown:
        rest = (entry for entry in installed.values() if entry[0] not in found)
        found |= {name: version for name, version, info in rest if unknown & _top_level(info)}
    return found


def local_modules(modules: Mapping[str, ModuleType], project: Path) -> Iterator[tuple[str, Path]]:
    """Give the imported modules whose source lies in the project, by their path in it."""
    installed, inside = _installed_folders(), _beginning_of(project)
    for name, module in modules.items():
        file = _file_of(module)
        if file is None or not file.endswith(".py"):
            continue
        file = os.path.normpath(file)  # a Path for each of thousands would take 0.1 s
        if not file.startswith(inside) or file.startswith(installed):
            continue
        if name.partition(".")[0] == "nbmlops":  # a package like any other, if run from its source
            continue
        yield Path(file.removeprefix(inside)).as_posix(), Path(file)


@cache
def _installed_folders() -> tuple[str, ...]:
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")}
    if sys.prefix != sys.base_prefix:
        folders.add(sys.prefix)
    return tuple(map(_beginning_of, folders))


def _beginning_of(folder: Path | str) -> str:
    """Return what the path of whatever is in a folder begins with."""
    return os.path.join(os.path.normpath(folder), "")  # noqa: PTH118, a Path loses the last sign


def _installed() -> Iterator[tuple[str, str, Path]]:
    """Give name, version and metadata folder of every distribution on the path."""
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")  # noqa: PTH208, a Path for each entry costs 10×
        except OSError:
            continue
        for entry in entries:
            if entry.endswith(".dist-info"):
                name, _, version = entry.removesuffix(".dist-info").partition("-")
                yield name.replace("_", "-"), version, Path(folder, entry)


def _is_installed(module: ModuleType | None) -> bool:
    return "-packages" in (_file_of(module) or "")


def _file_of(module: object) -> str | None:
    """Return the file of a module without asking it: a lazy one would be executed by that."""
    try:
        content = object.__getattribute__(module, "__dict__")
    except AttributeError:  # anything may have been put into `sys.modules`
        return None
    file = content.get("__file__")
    return file if isinstance(file, str) else None


def _top_level(info: Path) -> frozenset[str]:
    """Return the modules that a distribution installs, by its metadata; nothing where it has none.

    Hundreds of files say it, of which each is read once: a metadata folder has the version in its
    name.
    """
    try:
        return _modules_in(info)
    except OSError:  # and asked again: it may be being installed
        return frozenset()


@cache
def _modules_in(info: Path) -> frozenset[str]:
    try:
        return frozenset((info / "top_level.txt").read_text(encoding="utf-8").split())
    except OSError:
        pass
    with (info / "RECORD").open(encoding="utf-8") as record:
        return frozenset(line.partition("/")[0].partition(".py,")[0] for line in record)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _local_sources(
    modules: Mapping[str, ModuleType], project: Path, keep_blob: KeepBlob
) -> Iterable[tuple[str, Json]]:
    for name, path in local_modules(modules, project):
        try:
            source = path.read_bytes()
        except OSError:  # imported, then deleted
            continue
        if len(source) <= _LARGEST_SOURCE_BYTES:
            yield name, keep_blob(source)


def _git(project: Path, keep_blob: KeepBlob) -> Json:
    """Return commit, branch and what was changed since; None outside a repository."""
    commit = _git_says(project, "rev-parse", "HEAD")
    if commit is None:
        return None
    patch = _git_says(project, "diff", "--no-color", "--no-ext-diff", "HEAD") or ""
    content: dict[str, Json] = {
        "commit": commit.strip(),
        "branch": (_git_says(project, "branch", "--show-current") or "").strip() or None,
        "is_dirty": bool(patch),
    }
    data = patch.encode("utf-8", "surrogateescape")
    if 0 < len(data) <= _LARGEST_PATCH_BYTES:
        content["patch"] = keep_blob(data)
    elif data:
        content["patch_left_out"] = f"{len(data):,} bytes"
    return content


def _git_says(project: Path, *arguments: str) -> str | None:
    environment: dict[str, Any] = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *arguments],
            capture_output=True,
            timeout=_GIT_TIMEOUT_SECONDS,
            check=False,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git here, or a repository on a dead disk
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
