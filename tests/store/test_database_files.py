"""Which files beside a store are its own, by their names, and that no others are changed."""

import contextlib
import stat

import pytest

from nbmlops.config import sqlite_url
from nbmlops.store import open_store
from nbmlops.store.database_files import copies_of, database_files

COPY = "before-salvage-20260102-030405"
# What stands behind the name of a store, and whether the store has written that.
NAMES = {
    "": True,
    "-wal": True,
    "-shm": True,
    ".before-0006": True,
    ".before-fix-20260102-030405": True,
    f".{COPY}-2": True,
    f".{COPY}-wal": True,
    ".csv": False,
    "-walks": False,
    "_raw": False,
    ".before-cleaning": False,
    ".before-0006.txt": False,
}


@pytest.mark.parametrize("name", ["store.db", "data", "d[ab]ta"])
@pytest.mark.parametrize(("ending", "is_own"), NAMES.items(), ids=[each or "it" for each in NAMES])
def test_a_file_is_a_stores_own_by_its_whole_name(tmp_path, name, ending, is_own):
    file = tmp_path / f"{name}{ending}"
    file.touch()
    assert database_files(tmp_path / name) == ([file] if is_own else [])
    assert copies_of(tmp_path / name) == ([file] if is_own and ".before-" in ending else [])


def test_no_folder_is_a_file_of_a_store(tmp_path):
    (tmp_path / "data-wal").mkdir()
    assert database_files(tmp_path / "data") == []


def test_a_repair_closes_the_files_of_the_store_alone(tmp_path):
    url = sqlite_url(tmp_path / "data")
    open_store(url).close()
    others = [tmp_path / "data.csv", tmp_path / "data_raw"]
    others[0].touch()
    others[1].mkdir()
    for path in (tmp_path / "data", *others):
        path.chmod(0o755)
    with contextlib.closing(open_store(url)) as store:
        store.repair()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data", *others)]
    assert modes == [0o750, 0o755, 0o755]
