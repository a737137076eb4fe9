"""Damaged stores of earlier schemas: what can be read is saved, what refers to nothing mended."""

import sqlite3

import pytest

from nbmlops import cli
from nbmlops.config import sqlite_url
from nbmlops.errors import StoreDamaged
from nbmlops.records import Tag
from nbmlops.store import open_store, tables
from nbmlops.store.base import RunQuery
from nbmlops.store.salvaging import salvage
from tests.store.test_salvaging import lose_page, overwrite
from tests.store.test_upgrading import DUMPS, has_all, make, schema_of


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.stem)
def file(request, project):
    """The file of a store of each earlier schema."""
    file = project / ".nbmlops" / "store.db"
    file.parent.mkdir()
    make(file, request.param)
    return file


def lose_head(file):
    overwrite(file, 0, 100)


def lose_version(file):
    """Lose what says of which schema a store is: all but its tables."""
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM alembic_version")
        other.execute("PRAGMA user_version = 0")
    other.close()


def test_a_store_that_does_not_say_its_schema_is_known_by_its_columns(file, request):
    lose_version(file)
    with pytest.raises(StoreDamaged, match="doctor --fix"):
        open_store(sqlite_url(file))
    assert all(finding.is_good for finding in salvage(sqlite_url(file)))
    assert schema_of(file) == request.node.callspec.params["file"].stem
    store = open_store(sqlite_url(file))
    has_all(store)
    store.close()


def test_a_store_of_the_present_schema_is_known_by_its_columns(project):
    file = project / "store.db"
    open_store(sqlite_url(file)).close()
    lose_version(file)
    salvage(sqlite_url(file))
    assert schema_of(file) == tables.SCHEMA


def test_a_lost_head_and_version_together_cost_no_rows(file):
    lose_version(file)
    lose_head(file)
    assert all(finding.is_good for finding in salvage(sqlite_url(file)))
    store = open_store(sqlite_url(file))
    has_all(store)
    store.close()


def test_rows_that_the_new_table_does_not_take_are_told_as_lost(project):
    file = project / "store.db"
    make(file, DUMPS[-1])
    with sqlite3.connect(file) as other:
        other.execute("ALTER TABLE stretches DROP COLUMN last")
    other.close()
    told = {finding.subject: finding for finding in salvage(sqlite_url(file))}
    assert not told["rows"].is_good
    assert "lost: 2 of stretches" in told["rows"].text


def lose_session(file):
    with sqlite3.connect(file) as other:  # foreign keys are off unless asked for
        other.execute("DELETE FROM sessions")
    other.close()


def add_stray_tag(file):
    with sqlite3.connect(file) as other:
        other.execute("INSERT INTO tags VALUES ('lost', 'kept', 'yes')")
    other.close()


# How each damages it, and what doctor --fix says of that.
DAMAGES = {
    "head lost": (lose_head, "wrote the beginning of the file anew"),
    "version lost": (lose_version, "saved 1"),
    "session lost": (lose_session, "made sessions, known by their ids alone, for 1"),
    "tag of no run": (add_stray_tag, "removed 1 of tags whose runs are lost"),
    "page of params lost": (lose_page("params", 0), "of params some or all rows may be lost"),
    "page of metrics lost": (lose_page("metrics", 0), "of metrics some or all rows may be lost"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_an_old_store_is_mended_as_a_new_one(file, damage, said, capsys):
    damage(file)
    if damage is not lose_head:  # which SQLite tells by itself
        assert cli.run(["doctor"]) == 1
        capsys.readouterr()
    cli.run(["doctor", "--fix"])
    assert said in " ".join(capsys.readouterr().out.split())
    store = open_store(sqlite_url(file))
    [found] = store.runs(RunQuery())
    assert found.run.name == "first"
    [(execution, link)] = store.executions("r1")
    assert (execution.id, link.gave_result) == ("e1", True)
    assert found.tags == (Tag("r1", "kept", "yes"),)
    assert [one.subject for one in store.check() if not one.is_good] in ([], ["copies"])
    if damage is lose_head:
        has_all(store)
    store.close()
    assert schema_of(file) == tables.SCHEMA
