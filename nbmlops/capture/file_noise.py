"""Which files are nobody's data: Python's own, the system's, caches, what records.

Left out are the folders in which Python and its packages are installed (their versions are
recorded), but for the data sets that a package carries, by the endings of their names; this package
wherever it is; ``/proc``, ``/dev``, ``/sys``, ``/etc`` and what belongs to the system in ``/usr``,
fonts and Matplotlib's and IPython's own files, Jupyter's connection files, and in any place
``__pycache__``, the metadata of packages, ``.ipynb_checkpoints``, ``.git`` and ``.nbmlops``.
"""

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

OURS = str(Path(__file__).parents[1])
_SYSTEM = (
    "/proc /dev /sys /etc /lib /lib64 /usr/lib /usr/lib64 /usr/share /usr/include "
    "/System /Library /private/etc"
).split()
# Not a prefix as a whole: where it is /usr, there may be somebody's work in /usr/src.
_INSTALLED = "bin etc include lib lib64 libexec sbin share".split()
_ANYWHERE = (
    "/__pycache__/", ".dist-info/", ".egg-info/", "/.ipynb_checkpoints/", "/.git/", "/.nbmlops/"
)  # fmt: skip
# Endings of data sets. Not .json or .txt: packages keep their own settings in these.
_DATA_ENDINGS = tuple(
    ".csv .tsv .gz .bz2 .xz .zst .zip .parquet .pq .feather .arrow .ipc .orc .avro .npy .npz .h5 "
    ".hdf5 .nc .mat .rds .sav .dta .sas7bdat .sqlite .sqlite3 .db .xlsx .xls .ods .jsonl .ndjson "
    ".arff .svmlight .libsvm .geojson .shp .gpkg .wav .tif .tiff".split()
)


class Noise:
    """Tells which absolute paths are left out; ``more`` are further folders."""

    def __init__(self, more: Iterable[Path] = ()) -> None:
        folders = {*_SYSTEM, *_python(), *_caches(), OURS, *map(str, more)}
        self._packages = tuple(f"{folder}/" for folder in _packages())
        self._beginnings = tuple(f"{folder}/" for folder in folders if folder not in ("", "/"))

    def covers(self, path: str) -> bool:
        """Tell whether an absolute path is left out."""
        folder = f"{path}/"
        if path.endswith(_DATA_ENDINGS) and path.startswith(self._packages):
            return False
        return folder.startswith(self._beginnings) or any(part in folder for part in _ANYWHERE)


@cache  # asking where things are installed takes milliseconds, and does not change
def _python() -> tuple[str, ...]:
    return tuple(_installed())


def _installed() -> Iterator[str]:
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    for prefix in prefixes:
        yield from (os.path.join(prefix, part) for part in _INSTALLED)  # noqa: PTH118, text
        yield os.path.join(os.path.realpath(prefix), "lib")  # noqa: PTH118
    yield from (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *_packages())


@cache
def _packages() -> tuple[str, ...]:
    installed = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    return (*installed, site.getusersitepackages())


def _caches() -> Iterator[str]:
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    found = [
        os.environ.get("IPYTHONDIR") or home / ".ipython",
        os.environ.get("JUPYTER_RUNTIME_DIR") or home / ".local/share/jupyter/runtime",
        home / ".jupyter",
        home / ".matplotlib",
        home / ".fontconfig",
        os.environ.get("MPLCONFIGDIR") or config / "matplotlib",
        cache / "matplotlib",
        cache / "fontconfig",
    ]
    return map(str, found)
