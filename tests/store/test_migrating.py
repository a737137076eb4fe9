"""A store of every kind is led to a later schema: whole or not at all, once, and never back.

The later schema is the tests' own.
"""

import subprocess
import sys

import pytest
from sqlalchemy import inspect

from nbmlops.errors import StoreError, StoreTooNew
from nbmlops.records import Run, Session, Tag
from nbmlops.store import open_store, opening, probing, tables
from nbmlops.store.base import RunQuery

LATER = f"{int(tables.SCHEMA) + 1:04}"
SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)
RUN = Run("r1", "s1", "churn", 2.0, name="of before")
MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{LATER}"
down_revision = "{tables.SCHEMA}"


def upgrade():
    op.add_column("runs", sa.Column("mood", sa.String(), nullable=True))
    op.execute("UPDATE runs SET mood = 'fine'")
    op.create_table("moods", sa.Column("name", sa.String(), primary_key=True))
    with op.batch_alter_table("tags") as batch:
        batch.add_column(sa.Column("mood", sa.Integer(), nullable=True))
'''


@pytest.fixture
def filled(store):
    store.save([SESSION, RUN, Tag("r1", "kept", "yes")])
    store.close()
    return store


@pytest.fixture
def later(filled, tmp_path, monkeypatch):
    """Make this nbmlops one that knows a later schema; return its migration."""
    versions = tmp_path / "versions"
    versions.mkdir()
    migration = versions / f"{LATER}_moods.py"
    migration.write_text(MIGRATION)
    monkeypatch.setattr(opening, "VERSIONS", (*opening.VERSIONS, str(versions)))
    monkeypatch.setattr(tables, "SCHEMA", LATER)
    monkeypatch.setattr(probing, "SCHEMA_NUMBER", int(LATER))
    return migration


def shape_of(store):
    with store.engine.connect() as connection:
        found = inspect(connection)
        columns = {column["name"] for column in found.get_columns("runs")}
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return "mood" in columns, "moods" in found.get_table_names(), version


def test_a_store_is_led_to_a_later_schema_with_all_that_is_in_it(url, later):
    for _ in range(2):
        store = open_store(url)
        assert shape_of(store) == (True, True, LATER)
        [found] = store.runs(RunQuery())
        assert (found.run.name, found.tags[0]) == ("of before", Tag("r1", "kept", "yes"))
        store.save([Tag("r1", "new", "too")])
        assert [one for one in store.check() if not one.is_good] == []
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT mood FROM runs").scalars().all() == ["fine"]
        store.close()


def test_a_store_of_a_later_schema_is_refused_with_what_to_do(url, later, monkeypatch):
    open_store(url).close()
    monkeypatch.setattr(tables, "SCHEMA", f"{int(LATER) - 1:04}")
    monkeypatch.setattr(probing, "SCHEMA_NUMBER", int(LATER) - 1)
    with pytest.raises(StoreTooNew, match="pip install --upgrade nbmlops"):
        open_store(url)


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(url, filled, later):
    later.write_text(MIGRATION + "    op.execute('INSERT INTO nowhere VALUES (1)')\n")
    with pytest.raises(StoreError, match="nowhere"):
        open_store(url)
    assert shape_of(filled) == (False, False, f"{int(LATER) - 1:04}")
    assert filled.runs(RunQuery())[0].run.name == "of before"


OPEN = """
import sys
from nbmlops.store import open_store, opening, probing, tables
url, versions, later = sys.argv[1:]
opening.VERSIONS = (*opening.VERSIONS, versions)
tables.SCHEMA, probing.SCHEMA_NUMBER = later, int(later)
sys.stdin.read(1)
open_store(url).close()
"""


def test_processes_may_upgrade_a_store_at_once(url, later):
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url, str(later.parent), LATER], stdin=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in begun:
        process.stdin.close()
    assert [process.wait(60) for process in begun] == [0, 0, 0]
    store = open_store(url)
    assert shape_of(store) == (True, True, LATER)
    store.close()
