"""A store on a full disk, and one that may only be read."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from nbmlops.records import Run, Session
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
    "wrong": ["permissions"],
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
