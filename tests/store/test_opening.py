import contextlib
import errno
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nbmlops import errors
from nbmlops.errors import DiskFull, NoRoomForStore
from nbmlops.records import Run, Session, Tag
from nbmlops.store import (
    live_folder,
    open_blobs,
    open_store,
    sqlite,
    store_to_read,
    tables,
)
from nbmlops.store.base import DataQuery, RunQuery, Store
from nbmlops.store.live import LiveFile
from nbmlops.store.places import path_of
from nbmlops.store.probing import probe

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)
RUN = Run("r1", "s1", "churn", 2.0)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


def sql(file, *statements):
    connection = sqlite3.connect(file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def make_newer(file):
    open_store(f"sqlite:///{file}").close()
    sql(file, "UPDATE alembic_version SET version_num = '9000'", "PRAGMA user_version = 9000")


def opens(url):
    open_store(url).close()


def test_a_store_that_is_being_made_is_at_no_time_taken_for_an_emptied_one(url, file, monkeypatch):
    (file.parent / "blobs" / "ab").mkdir(parents=True)
    (file.parent / "blobs" / "ab" / "cd").touch()

    def slow(*arguments, **options):
        probe(url)  # another process looks while this one loads what it needs
        return create_engine(*arguments, **options)

    create_engine = sqlite.create_engine
    monkeypatch.setattr(sqlite, "create_engine", slow)
    opens(url)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


NOT_STORES = [
    pytest.param(lambda file: file.write_bytes(b"x"), id="one byte"),
    pytest.param(lambda file: file.write_text("a,b\n" * 999), id="text"),
    pytest.param(lambda file: file.write_bytes(b"SQLite format 3\0"), id="cut off"),
    pytest.param(lambda file: file.mkdir(), id="folder"),
    pytest.param(lambda file: os.mkfifo(file), id="pipe"),
]


@pytest.mark.parametrize("ask", [probe, opens])
@pytest.mark.parametrize("make", NOT_STORES)
def test_what_is_no_database_is_refused_and_left_alone(file, url, make, ask):
    make(file)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(errors.NotAStore) as caught:
        ask(url)
    assert caught.value.url == url
    assert (file.read_bytes() if file.is_file() else None) == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("ask", [probe, opens])
def test_a_link_to_itself_is_refused(file, url, ask):
    file.symlink_to(file)
    with pytest.raises(errors.StoreNotWritable):
        ask(url)


@pytest.mark.parametrize("ask", [probe, opens])
@pytest.mark.parametrize("table", ["runs", "customers", "alembic_version"])
def test_another_database_is_refused_and_left_alone(file, url, table, ask):
    sql(file, f"CREATE TABLE {table} (run_uuid TEXT)")
    before = file.read_bytes()
    with pytest.raises(errors.NotAStore):
        ask(url)
    assert file.read_bytes() == before


def test_another_database_in_use_is_refused_and_left_alone(file, url):
    user = sqlite3.connect(file)
    user.execute("PRAGMA journal_mode = WAL")
    user.execute("CREATE TABLE customers (name TEXT)")
    with pytest.raises(errors.NotAStore, match="customers"):
        open_store(url)
    assert len(user.execute("SELECT * FROM sqlite_master").fetchall()) == 1
    user.close()


@pytest.mark.parametrize("ask", [probe, opens])
def test_a_store_of_a_later_version_is_refused(file, url, ask):
    make_newer(file)
    with pytest.raises(errors.StoreTooNew) as caught:
        ask(url)
    assert (caught.value.found, caught.value.known) == ("9000", tables.SCHEMA)


@pytest.mark.parametrize("ask", [probe, opens])
@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "x.db", ""],
)
def test_a_url_that_cannot_hold_a_store_is_refused(url, ask):
    with pytest.raises(errors.UnsupportedStore):
        ask(url)


@pytest.mark.parametrize("ask", [probe, opens])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path, ask):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(errors.StoreNotWritable):
        ask(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda _: None, id="nothing there"),
        pytest.param(lambda file: file.touch(), id="empty file"),
        pytest.param(lambda file: opens(f"sqlite:///{file}"), id="store"),
        pytest.param(lambda file: sql(file, "VACUUM"), id="empty database"),
    ],
)
def test_what_is_or_can_become_a_store_opens(file, url, make):
    make(file)
    probe(url)
    store = open_store(url)
    store.save([SESSION, RUN])
    assert store.count_runs(RunQuery()) == 1
    store.close()


def test_probing_makes_nothing(file, url):
    probe(url)
    assert list(file.parent.iterdir()) == []


def test_probing_and_the_room_itself_load_no_sql_library(url, run_python):
    script = """
    import sys
    from nbmlops.store import live_folder, open_blobs
    from nbmlops.store.probing import probe
    probe(sys.argv[1]); live_folder(sys.argv[1]); open_blobs(sys.argv[1])
    print(sorted({"sqlalchemy", "alembic", "sqlite3"} & set(sys.modules)))
    """
    assert run_python(script, url) == "[]"


@pytest.mark.parametrize("name", ["a b", "ä", "x?mode=ro", "x#y", "100%20", "it's"])
def test_a_path_may_hold_any_character(tmp_path, name):
    store = open_store(f"sqlite:///{tmp_path}/{name}/store.db")
    store.save([SESSION])
    store.close()
    assert (tmp_path / name / "store.db").stat().st_size > 0


def test_a_relative_url_is_below_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opens("sqlite:///sub/store.db")
    assert path_of("sqlite:///sub/store.db") == tmp_path / "sub" / "store.db"
    assert (tmp_path / "sub" / "store.db").exists()


def test_only_the_owner_may_read_a_store(url, file):
    store = open_store(url.replace("store.db", "new/store.db"))
    store.save([SESSION])
    folder = file.parent / "new"
    files = [path for path in folder.iterdir() if path.is_file()]
    assert {path.name for path in files} == {"store.db", "store.db-wal", "store.db-shm"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    store.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)


def test_a_store_that_another_process_holds_is_unavailable_to_write_and_still_read(
    impatient, url, file
):
    store = open_store(url)
    store.save([SESSION, RUN])
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("UPDATE runs SET name = 'theirs'")
    with pytest.raises(errors.StoreUnavailable) as caught:
        store.save([Tag("r1", "ours")])
    assert caught.value.url == url
    assert [(one.run.name, one.tags) for one in store.runs(RunQuery())] == [(None, ())]
    opens(url)
    holder.execute("COMMIT")
    holder.close()
    store.save([Tag("r1", "ours")])
    assert [(one.run.name, len(one.tags)) for one in store.runs(RunQuery())] == [("theirs", 1)]
    store.close()


def test_settling_a_store_that_another_process_holds_is_unavailable(impatient, url, file):
    store = open_store(url)
    dead = Session("s2", 1.0, "jupyter", "churn", host=socket.gethostname())
    store.save([dead, Run("r2", "s2", "churn", 2.0)])
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.StoreUnavailable):
        store.settle()
    holder.close()
    assert store.settle() == ["s2"]
    store.close()


READINGS = {
    "session": lambda store: store.session("s1"),
    "find_run": lambda store: store.find_run("@1"),
    "runs": lambda store: store.runs(RunQuery()),
    "count_runs": lambda store: store.count_runs(RunQuery()),
    "executions": lambda store: store.executions("r1"),
    "session_executions": lambda store: store.session_executions("s1"),
    "points": lambda store: store.points("r1", "auc"),
    "environment": lambda store: store.environment("blake3:00"),
    "environments": lambda store: store.environments(["blake3:00"]),
    "uses": lambda store: store.uses(["e1"]),
    "file_uses": lambda store: store.file_uses(["e1"]),
    "values": lambda store: store.values(["aa"]),
    "profiles": lambda store: store.profiles(["aa"]),
    "data": lambda store: store.data(DataQuery()),
    "count_data": lambda store: store.count_data(DataQuery()),
    "find_data": lambda store: store.find_data("df"),
    "settle": lambda store: store.settle(),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_reading_what_another_process_holds_for_itself_is_unavailable(impatient, url, file, read):
    store = open_store(url)
    store.save([SESSION, RUN])
    store.close()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(errors.StoreUnavailable):
        read(store)
    holder.close()
    store.close()


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_reading_a_store_whose_file_was_taken_away_says_so(url, file, read):
    store = open_store(url)
    store.close()
    file.unlink()
    with pytest.raises(errors.NotAStore):
        read(store)
    store.close()


def test_a_store_is_waited_for_as_long_as_its_contract_says(url):
    store = open_store(url)
    with store.engine.connect() as connection:
        waited_ms = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    store.close()
    assert f"time-out ({waited_ms / 1000:.0f} s)" in Store.save.__doc__


def test_a_new_store_that_another_process_holds_is_unavailable(impatient, url, file):
    sql(file, "PRAGMA journal_mode = WAL")
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.StoreUnavailable):
        open_store(url)
    holder.close()
    opens(url)


OPEN_AT_ONCE = """
import sys
from nbmlops.records import Run, Session
from nbmlops.store import open_store, sqlite

sqlite.BUSY_SECONDS = 60.0  # the machine may do much else
sys.stdin.read(1)
url, name = sys.argv[1:]
store = open_store(url)
store.save([Session(name, 1.0, "script", "x", ended=2.0), Run(name, name, "x", 1.0)])
"""


@pytest.mark.parametrize("attempt", range(3))
def test_processes_may_make_a_new_store_at_once(url, attempt):
    command = [sys.executable, "-c", OPEN_AT_ONCE, url]
    started = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    for process in started:
        process.stdin.close()
    problems = [process.stderr.read() for process in started]
    for process in started:
        process.stderr.close()
    assert [process.wait() for process in started] == [0] * 4, problems
    store = open_store(url)
    assert store.count_runs(RunQuery()) == 4
    assert all(finding.is_good for finding in store.check())
    store.close()
    assert not list(Path(store.url[10:]).parent.glob("*before*"))


NO_ROOM = """
import resource, sys
from nbmlops.errors import StoreNotWritable
from nbmlops.store import open_store
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    open_store(sys.argv[1])
except StoreNotWritable as problem:
    print(type(problem).__name__)
"""


@pytest.mark.parametrize("room", [0, 4095, 4096, 100_000])
def test_a_store_that_finds_no_room_when_it_is_made_is_made_later(tmp_path, run_python, room):
    file = tmp_path / "store.db"
    assert run_python(NO_ROOM, f"sqlite:///{file}", room) == "StoreNotWritable"
    assert not file.exists() or file.stat().st_size
    assert [each for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    open_blobs(f"sqlite:///{file}").put(b"an image that was shown meanwhile")
    with contextlib.closing(open_store(f"sqlite:///{file}")) as store:
        assert [finding for finding in store.check() if not finding.is_good] == []


def test_where_a_full_disk_keeps_a_store_from_being_made_nothing_is_said_to_be_readable(
    tmp_path, monkeypatch
):
    def refuses(_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("nbmlops.store.sqlite._write_first_page", refuses)
    with pytest.raises(NoRoomForStore, match="yet, and it cannot be made"):
        open_store(f"sqlite:///{tmp_path}/store.db")


def test_a_store_is_made_for_its_owner_also_where_no_file_has_two_names(tmp_path, monkeypatch):
    def refuses(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuses)
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "store.db": 0o600
    }


def test_a_reader_is_told_why_what_was_begun_is_not_made(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/store.db"
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as begun:
        begun.execute("PRAGMA user_version = 0")
    session = LiveFile(live_folder(url), "s1")
    session.append([Session("s1", 1.0, "script", "x")])
    session.leave()

    def full(*_):
        raise DiskFull(url, "database or disk is full")

    monkeypatch.setattr("nbmlops.store.opening._create", full)
    with pytest.raises(DiskFull):
        store_to_read(url)
