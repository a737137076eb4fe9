"""Stores that earlier versions wrote: ``stores/NUMBER.sql`` is one of each schema, as a dump.

Those of servers, which there are since the fifth, are in ``stores/postgresql``.
"""

import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nbmlops.errors import StoreNotUpgraded, StoreNotWritable
from nbmlops.records import Param, Point, Tag, Use, Value
from nbmlops.store import open_store, sqlite, tables
from nbmlops.store.base import DataQuery, RunQuery, RunSearch
from nbmlops.store.probing import probe

DUMPS = sorted((Path(__file__).parent / "stores").glob("*.sql"))
DUMPS_OF_SERVERS = sorted((Path(__file__).parent / "stores" / "postgresql").glob("*.sql"))


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.stem)
def old(request, tmp_path):
    """The database file of a store of an earlier schema."""
    file = tmp_path / "store.db"
    make(file, request.param)
    return file


def make(file, dump=DUMPS[0]):
    file.touch(0o600)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()


def schema_of(file):
    with sqlite3.connect(file) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (number,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    assert number == int(version)
    return version


def test_there_is_an_old_store_of_every_schema_before_the_present():
    assert [dump.stem for dump in DUMPS] == [f"{n:04}" for n in range(1, int(tables.SCHEMA))]
    later = [f"{n:04}" for n in range(5, int(tables.SCHEMA))]
    assert [dump.stem for dump in DUMPS_OF_SERVERS] == later


def test_an_old_store_opens_with_all_that_was_in_it(old):
    probe(f"sqlite:///{old}")
    store = open_store(f"sqlite:///{old}")
    has_all(store)
    store.close()


def has_all(store):
    """Check that everything is read which each of the old stores has."""
    (found,) = store.runs(RunQuery())
    assert (found.run.name, found.run.status, found.run.closed) == ("first", "finished", 3.0)
    assert found.params == (Param.of("r1", "lr", 0.1, "cell"),)
    assert (found.metrics[0].last, found.models[0].class_name) == (0.9, "sklearn.Forest")
    assert found.tags == (Tag("r1", "kept", "yes"),)
    ((execution, link),) = store.executions("r1")
    assert (execution.names.defined, link.gave_result) == (("auc",), True)
    assert execution.outputs[0].contents[0].text == "0.9\n"
    assert store.points("r1", "auc") == [Point(0, 2.5, 0.8), Point(1, 3.0, 0.9)]
    assert store.environment("blake3:00").content["packages"] == {"pandas": "2.2.0"}
    assert (store.data(DataQuery()), store.uses(["e1"]), store.file_uses(["e1"])) == ([], [], [])
    assert [finding.text for finding in store.check() if not finding.is_good] == []
    for text in ("cell.source like '%auc%'", "params.lr < 1 and cell.source like '%auc%'"):
        assert store.count_found(RunSearch(text)) == 1


@pytest.fixture(params=DUMPS_OF_SERVERS, ids=lambda dump: dump.stem)
def old_url(request, server, tmp_path, monkeypatch):
    """The URL of a store of an earlier schema on a server."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    url = server.new_url()
    server.execute(request.param.read_text(encoding="utf-8"), url)
    return url


def test_an_old_store_on_a_server_opens_with_all_that_was_in_it(old_url):
    for _ in range(2):
        store = open_store(old_url)
        has_all(store)
        store.save([Value("aa", "frame", "pandas.DataFrame", "exact", "{}")])
        store.close()


SHAPE = """
SELECT table_name, column_name, data_type, collation_name, is_nullable
FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL
SELECT tablename, indexname, replace(indexdef, current_schema() || '.', ''), '', ''
FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace
ORDER BY 1, 2, 3
"""


def test_an_upgraded_store_on_a_server_is_as_a_new_one(old_url, server):
    new_url = server.new_url()
    for url in (old_url, new_url):
        open_store(url).close()
    assert server.execute(SHAPE, old_url) == server.execute(SHAPE, new_url)


def test_an_upgraded_store_takes_new_records(old):
    store = open_store(f"sqlite:///{old}")
    store.save([Value("aa", "frame", "pandas.DataFrame", "exact", "{}")])
    store.save([Use("e1", "df", "written", "aa")])
    assert [data.names for data in store.data(DataQuery())] == [("df",)]
    store.close()
    assert schema_of(old) == tables.SCHEMA


def test_an_upgraded_store_is_as_a_new_one(old, tmp_path):
    new = tmp_path / "new.db"
    for file in (old, new):
        open_store(f"sqlite:///{file}").close()
    shapes = []
    for file in (old, new):
        with sqlite3.connect(file) as connection:
            rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()
        connection.close()
        shapes.append(sorted(rows))
    assert shapes[0] == shapes[1]


def test_a_copy_is_kept_of_how_a_store_was_before_its_upgrade(old):
    before = schema_of(old)
    writer = sqlite3.connect(old)
    writer.execute("UPDATE runs SET note = 'in the log'")
    writer.commit()
    assert old.with_name("store.db-wal").stat().st_size > 0
    open_store(f"sqlite:///{old}").close()
    writer.close()
    copy = old.with_name(f"store.db.before-{before}")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert schema_of(copy) == before
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT note FROM runs").fetchall() == [("in the log",)]
    connection.close()


def test_the_copy_is_itself_a_store_that_can_be_put_back(old):
    open_store(f"sqlite:///{old}").close()
    (copy,) = old.parent.glob("*.before-*")
    shutil.copy(copy, old)
    store = open_store(f"sqlite:///{old}")
    assert store.count_runs(RunQuery()) == 1
    store.close()


def test_a_schema_that_was_set_by_hand_is_told_with_the_copy_and_how_to_set_it_back(tmp_path):
    file = tmp_path / "store.db"
    url = f"sqlite:///{file}"
    open_store(url).close()
    for statement in ("UPDATE alembic_version SET version_num = '0006'", "PRAGMA user_version = 6"):
        with sqlite3.connect(file) as connection:
            connection.execute(statement)
        connection.close()
    with pytest.raises(StoreNotUpgraded) as caught:
        open_store(url)
    said = str(caught.value)
    assert "schema 0006, and cannot be upgraded from that: duplicate column name" in said
    assert "copied to store.db.before-0006" in said
    assert schema_of(file) == "0006"
    assert (tmp_path / "store.db.before-0006").exists()


def test_a_schema_of_a_server_that_was_set_by_hand_is_told(server):
    url = server.new_url()
    open_store(url).close()
    server.execute("UPDATE alembic_version SET version_num = '0006'", url)
    with pytest.raises(StoreNotUpgraded, match=r"Nothing was changed\. If somebody has set"):
        open_store(url)


def test_what_cannot_be_copied_is_not_upgraded(old, monkeypatch):
    before = schema_of(old)

    def full(*_):
        raise StoreNotWritable(str(old), "no space")

    monkeypatch.setattr(sqlite, "_copy", full)
    with pytest.raises(StoreNotWritable, match="no space"):
        open_store(f"sqlite:///{old}")
    assert schema_of(old) == before


NO_ROOM = """
import resource, sys
from nbmlops.errors import StoreNotUpgraded, StoreNotWritable
from nbmlops.store import open_store

open_store(sys.argv[1] + ".other").close()
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    open_store(sys.argv[1])
except StoreNotWritable as problem:
    print(problem.reason)
"""


def test_without_room_for_the_copy_the_store_stays_as_it_was(old, run_python):
    before = schema_of(old)
    assert "no copy of it can be made" in run_python(NO_ROOM, f"sqlite:///{old}")
    assert schema_of(old) == before
    assert list(old.parent.glob("*.before-*")) == []


OPEN_AT_ONCE = """
import sys
from nbmlops.store import open_store, sqlite
from nbmlops.store.base import RunQuery

sqlite.BUSY_SECONDS = 60.0  # the machine may do much else
sys.stdin.read(1)
print(open_store(sys.argv[1]).count_runs(RunQuery()))
"""


def test_processes_may_upgrade_a_store_at_once(old):
    before = schema_of(old)
    command = [sys.executable, "-c", OPEN_AT_ONCE, f"sqlite:///{old}"]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        process.stdin.close()
    said = [process.stdout.read().strip() for process in started]
    for process in started:
        process.stdout.close()
    assert ([process.wait() for process in started], said) == ([0] * 4, ["1"] * 4)
    assert schema_of(old) == tables.SCHEMA
    (copy,) = old.parent.glob("*.before-*")
    assert (copy.name, schema_of(copy)) == (f"store.db.before-{before}", before)
