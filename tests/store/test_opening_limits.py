"""A store on a full disk, and one that may only be read."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from nbmlops.errors import DiskFull
from nbmlops.records import Run, Session, Tag
from nbmlops.store import open_store

FULL_DISK = """
import json, resource, sys
from nbmlops.errors import StoreNotWritable
from nbmlops.records import Run, Session, Tag
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery

store = open_store(sys.argv[1])
store.save([Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0)])
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
said = []
for number in range(3):
    try:
        store.save([Run("r1", "s1", "x", 1.0, name="new"), Tag("r1", "big", "x" * 1_000_000)])
    except StoreNotWritable as problem:
        said.append(problem.reason)
found = store.runs(RunQuery())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.save([Tag("r1", "big", "x" * 1_000_000)])
print(json.dumps({
    "said": said,
    "then": [[one.run.name, len(one.tags)] for one in found],
    "later": [[one.run.name, len(one.tags)] for one in store.runs(RunQuery())],
    "wrong": [one.text for one in store.check() if not one.is_good],
}))
"""


def test_on_a_full_disk_nothing_half_is_saved_and_all_is_well_when_there_is_room(
    tmp_path, run_python
):
    found = json.loads(run_python(FULL_DISK, f"sqlite:///{tmp_path}/store.db"))
    assert len(found["said"]) == 3
    assert all(found["said"])
    assert found["then"] == [[None, 0]]
    assert found["later"] == [[None, 1]]
    assert found["wrong"] == []


ONLY_LOOKING = """
import json, resource, sqlite3, sys
from pathlib import Path
from nbmlops.errors import NbmlopsError
from nbmlops.records import Run, Session, Tag
from nbmlops.store import open_store, store_to_read
from nbmlops.store.base import RunQuery, RunSearch

url, has_log = sys.argv[1], sys.argv[2] == "True"
file = Path(url.removeprefix("sqlite:///"))
store = open_store(url)
store.save([Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0)])
if has_log:  # as a kernel leaves it that is killed
    left = file.with_name("store.db-wal").read_bytes()
    store.close()
    file.write_bytes(file.read_bytes()[:4096])
    file.with_name("store.db-wal").write_bytes(left)
    file.with_name("store.db-wal").chmod(0o600)
else:
    store.close()
before = [each.read_bytes() for each in (file, file.with_name("store.db-wal")) if each.exists()]
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
said = []
for _ in range(2):  # the first leaves what SQLite had begun to make
    store = store_to_read(url)
    found = store.search(RunSearch("name is null")).summaries
    rows = store.select("select id from runs", limit=5, timeout_seconds=5).rows
    said.append([[one.run.id for one in found], rows, [one.subject for one in store.check()
        if not one.is_good]])
    for write in (lambda: store.save([Tag("r1", "new", "x")]), store.repair):
        try:
            write()
        except NbmlopsError as problem:
            said[-1].append(type(problem).__name__)
    store.close()
after = [each.read_bytes() for each in (file, file.with_name("store.db-wal")) if each.exists()]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store = open_store(url)
store.save([Tag("r1", "later", "x")])
print(json.dumps({
    "said": said,
    "is_same": [each for each in after if each] == before,
    "wrong": [one.text for one in store.check() if not one.is_good],
}))
"""


@pytest.mark.parametrize("has_log", [False, True], ids=["at rest", "with the log of a dead kernel"])
def test_on_a_full_disk_what_is_there_can_be_looked_at(has_log, tmp_path, run_python):
    found = json.loads(run_python(ONLY_LOOKING, f"sqlite:///{tmp_path}/store.db", str(has_log)))
    looked = [["r1"], [["r1"]], ["permissions"], "StoreNotWritable", "StoreNotWritable"]
    assert found == {"said": [looked, looked], "is_same": True, "wrong": []}


def test_a_full_disk_is_told_as_that_and_not_as_a_lack_of_permissions(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.save([Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0)])
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # which is SQLite's full disk
    with pytest.raises(DiskFull, match="the disk is full") as told:
        store.save([Tag("r1", "large", "x" * 1_000_000)])
    assert "permission" not in str(told.value)
    store.close()


NO_ROOM_TO_MAKE = """
import resource, sys
from nbmlops.errors import StoreNotWritable
from nbmlops.store import open_store

open_store(sys.argv[1] + ".other").close()
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    open_store(sys.argv[1])
except StoreNotWritable as problem:
    print(problem.url)
"""


def test_a_store_cannot_be_made_on_a_full_disk(tmp_path, run_python):
    url = f"sqlite:///{tmp_path}/store.db"
    assert run_python(NO_ROOM_TO_MAKE, url) == url
    open_store(url).close()


# Everything is imported, and a store opened, before the rights are given up: the interpreter
# itself may lie where others cannot read.
AS_NOBODY = """
import json, os, sys
from nbmlops.errors import NbmlopsError
from nbmlops.records import Run, Tag
from nbmlops.store import checking, open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.probing import probe

url, spare = sys.argv[1:]
warm = open_store(spare)
warm.check(), warm.runs(RunQuery()), warm.close()
os.setgroups([]), os.setgid(65534), os.setuid(65534)

said = {}

def attempt(name, function):
    try:
        said[name] = function()
    except NbmlopsError as problem:
        said[name] = type(problem).__name__

attempt("probe", lambda: probe(url))
attempt("open", lambda: globals().update(store=open_store(url)))
if "store" in globals():
    attempt("writable", lambda: store.is_writable)
    attempt("settle", store.settle)
    attempt("runs", lambda: [[one.run.id, one.run.status] for one in store.runs(RunQuery())])
    attempt("save", lambda: store.save([Tag("r1", "t")]))
    attempt("wrong", lambda: [one.subject for one in store.check() if not one.is_good])
print(json.dumps(said))
"""
READ_ONLY = {
    "probe": "StoreNotWritable",
    "open": None,
    "writable": False,
    "settle": [],
    "runs": [["r1", "interrupted"]],
    "save": "StoreNotWritable",
    "wrong": ["permissions", "permissions"],  # it may not be written, and be read by everybody
}


@pytest.fixture
def shared():
    """A folder that everybody may enter, with a store of a session that died."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    store = open_store(f"sqlite:///{folder}/store.db")
    store.save([Session("s1", 1.0, "jupyter", "x", host="here"), Run("r1", "s1", "x", 1.0)])
    yield folder, store
    store.close()
    shutil.rmtree(folder)


def as_nobody(run_python, folder, spare):
    return json.loads(
        run_python(AS_NOBODY, f"sqlite:///{folder}/store.db", f"sqlite:///{spare}/spare.db")
    )


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")


@needs_root
def test_a_store_that_may_only_be_read_is_read(shared, run_python, tmp_path):
    folder, store = shared
    store.close()
    (folder / "store.db").chmod(0o644)
    assert as_nobody(run_python, folder, tmp_path) == READ_ONLY
    assert sorted(path.name for path in folder.iterdir()) == ["store.db"]


@needs_root
def test_a_store_that_may_only_be_read_is_read_while_its_owner_writes(shared, run_python, tmp_path):
    folder, store = shared
    for path in folder.iterdir():
        path.chmod(0o644)
    store.save([Run("r2", "s1", "x", 2.0, status="finished")])
    found = as_nobody(run_python, folder, tmp_path)
    assert found == {**READ_ONLY, "runs": [["r2", "finished"], ["r1", "interrupted"]]}


@needs_root
def test_a_store_that_may_not_even_be_read_is_refused(shared, run_python, tmp_path):
    folder, _ = shared
    assert as_nobody(run_python, folder, tmp_path) == {
        "probe": "StoreNotWritable",
        "open": "StoreNotWritable",
    }


@needs_root
def test_no_store_is_made_in_a_folder_that_may_not_be_written(run_python, tmp_path, shared):
    folder, store = shared
    store.close()
    (folder / "store.db").unlink()
    assert as_nobody(run_python, folder, tmp_path) == {
        "probe": "StoreNotWritable",
        "open": "StoreNotWritable",
    }
    assert list(folder.iterdir()) == []


@needs_root
def test_an_older_store_that_may_only_be_read_cannot_be_upgraded(shared, run_python, tmp_path):
    folder, store = shared
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    store.close()
    (folder / "store.db").chmod(0o644)
    assert as_nobody(run_python, folder, tmp_path)["open"] == "StoreNotWritable"
