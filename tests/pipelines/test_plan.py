"""Where a headless execution is to be recorded: refused before anything is executed."""

import sqlite3

import pytest

from nbmlops.errors import StoreError, StoreNotUpgraded, StoreTooNew
from nbmlops.pipelines.plan import Plan
from nbmlops.store import open_store


@pytest.fixture
def file(tmp_path):
    """The database file of a store."""
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    return tmp_path / "store.db"


def change(file, statement):
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE alembic_version SET version_num = '0099'", StoreTooNew),
        ("UPDATE alembic_version SET version_num = '0006'", StoreNotUpgraded),
        ("DROP TABLE runs", StoreError),
    ],
)
def test_a_store_that_nothing_can_be_recorded_into_is_refused(file, statement, problem):
    change(file, statement)
    with pytest.raises(problem):
        Plan.make(None, store=f"sqlite:///{file}")
    assert not (file.parent / "live").exists()
    assert not (file.parent / "blobs").exists()


def test_one_that_is_there_or_will_be_or_is_in_use_is_taken(file, monkeypatch):
    for url in (f"sqlite:///{file}", f"sqlite:///{file}.new"):
        assert Plan.make(None, store=url).url == url
    assert not file.with_name("store.db.new").exists()
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr("nbmlops.store.sqlite.BUSY_SECONDS", 0.1)
    try:
        Plan.make(None, store=f"sqlite:///{file}")
    finally:
        holding.close()
