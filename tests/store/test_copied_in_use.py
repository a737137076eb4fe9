"""A store whose files are copied while it is open and written to is a store that opens."""

import shutil

import pytest

from nbmlops.records import Run, Session
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery


@pytest.mark.parametrize("saved", [1, 50])
def test_copy_has_what_was_saved_before_and_is_whole(tmp_path, saved):
    store = open_store(f"sqlite:///{tmp_path}/a/store.db")
    store.save([Session("s1", 1.0, "jupyter", "churn", ended=2.0)])
    for n in range(saved):
        store.save([Run(f"r{n}", "s1", "churn", float(n), status="finished", closed=9.0)])
    assert (tmp_path / "a" / "store.db-wal").stat().st_size > 0
    with store.writing() as connection:  # somebody is in the middle of it
        connection.exec_driver_sql("UPDATE runs SET name = 'half done'")
        shutil.copytree(tmp_path / "a", tmp_path / "b")
    copy = open_store(f"sqlite:///{tmp_path}/b/store.db")
    found = copy.runs(RunQuery())
    assert ({run.run.name for run in found}, len(found)) == ({None}, saved)
    assert [one for one in copy.check() if not one.is_good] == []
    copy.save([Run("new", "s1", "churn", 99.0)])
    copy.close()
    assert {run.run.name for run in store.runs(RunQuery())} == {"half done"}
    assert store.count_runs(RunQuery()) == saved
    store.close()
