"""Damaged files: what can be read of them is saved, what cannot is told, and they are kept."""

import json
import os
import shutil
import sqlite3

import pytest

from nbmlops import cli
from nbmlops.config import sqlite_url
from nbmlops.errors import NotAStore, StoreDamaged, StoreEmptied, StoreLost, StoreMissing
from nbmlops.records import Execution, Metric, Points, Run, Session, Tag
from nbmlops.store import open_store, store_to_read
from nbmlops.store.base import RunQuery
from nbmlops.store.live import LiveFile
from nbmlops.store.lost_first_pages import tables_listed
from nbmlops.store.probing import probe

RUNS = 300


@pytest.fixture
def file(project):
    """The file of a store of runs that fill many pages, some with a row of several."""
    file = project / ".nbmlops" / "store.db"
    file.parent.mkdir()
    store = open_store(sqlite_url(file))
    store.blobs.put(b"that no record names")
    records = [Session("s1", 1.0, "jupyter", "churn", ended=2.0)]
    long = "x = 1\n" * 5_000
    for n in range(RUNS):
        points = Points.pack_rows(f"r{n}", "auc", 0, [(0, 1.0, 0.5), (1, 2.0, 0.7)])
        records += [
            Execution(f"e{n}", "s1", n, long if n % 50 == 0 else f"x = {n}", 1.0, f"c{n}"),
            Run(f"r{n}", "s1", "churn", 1.0 + n, status="finished", closed=2.0 + n),
            Tag(f"r{n}", "number", str(n)), points,
            Metric(f"r{n}", "auc", 0.7, 0.5, 0.7, 2, 1, 2.0),
        ]  # fmt: skip
    store.save(records)
    store.close()
    return file


def pages_of(file, table):
    """Return where the pages are that hold a table's rows, in order."""
    with sqlite3.connect(file) as other:
        size = other.execute("PRAGMA page_size").fetchone()[0]
        root = other.execute(f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")
        top = root.fetchone()[0]
    other.close()
    data = file.read_bytes()
    return [size * (page - 1) for page in leaves(data, size, top)], size


def leaves(data, size, page):
    start = size * (page - 1)
    if data[start] in (10, 13):  # https://sqlite.org/fileformat2.html#b_tree_pages
        return [page]
    count = int.from_bytes(data[start + 3 : start + 5])
    cells = [int.from_bytes(data[start + 12 + 2 * n :][:2]) for n in range(count)]
    children = [int.from_bytes(data[start + cell :][:4]) for cell in cells]
    children.append(int.from_bytes(data[start + 8 : start + 12]))
    return [leaf for child in children for leaf in leaves(data, size, child)]


def overwrite(file, at, size):
    with file.open("r+b") as data:
        data.seek(at)
        data.write(b"\xff" * size)


def lose_page(table, which):
    def damage(file):
        found, size = pages_of(file, table)
        overwrite(file, found[which], size)

    return damage


def lose_overflow(file):
    """Write over a page that only continues a long row: the heads of all rows can be read."""
    data = file.read_bytes()
    places = [at for at in range(0, len(data), 4096) if data.count(b"x = 1\n", at, at + 4096) > 600]
    overwrite(file, places[5], 4096)


DAMAGES = {
    "cut off": (
        lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size * 9 // 10]),
        1,
    ),
    "first page of a table": (lose_page("runs", 0), 200),
    "middle page of a table": (lose_page("runs", 3), 200),
    "middle page of a table sorted by its key": (lose_page("metrics", 1), RUNS),
    "inside of a long row": (lose_overflow, RUNS),
}


@pytest.mark.parametrize(("damage", "least"), DAMAGES.values(), ids=DAMAGES)
def test_what_can_be_read_is_saved_and_the_rest_told(file, damage, least, capsys):
    damage(file)
    damaged = file.read_bytes()
    assert cli.run(["doctor"]) == 1
    assert file.read_bytes() == damaged
    assert "nbmlops doctor --fix" in " ".join(capsys.readouterr().out.split())
    assert cli.run(["doctor", "--fix"]) == 1  # as something is lost
    said = " ".join(capsys.readouterr().out.split())
    assert "rows of" in said
    assert "lost" in said
    [copy] = [each for each in file.parent.glob("*.before-salvage-*") if each.suffix[-4:] != "-wal"]
    assert copy.stat().st_size == len(damaged)
    store = open_store(sqlite_url(file))
    found = store.runs(RunQuery())
    assert least <= len(found) <= RUNS
    for one in found[:20]:
        number = float(one.run.id.removeprefix("r"))
        assert (one.run.opened, one.run.status) == (1.0 + number, "finished")
    [one] = [one for one in store.check() if not one.is_good]
    assert (one.subject, copy.name in one.text) == ("copies", True)
    store.close()


def test_an_emptied_store_is_told_and_left_by_whoever_only_looks(file, capsys):
    file.write_bytes(b"")
    for command in (["runs"], ["show"], ["doctor"], ["sql", "select 1"]):
        assert cli.run(command) > 0
        told = capsys.readouterr()
        said = " ".join((told.out + told.err).split())
        assert "is empty (0 bytes), but a store has left 1 blob beside it" in said
        assert file.read_bytes() == b""
        assert sorted(each.name for each in file.parent.iterdir()) == ["blobs", "store.db"]
    with pytest.raises(StoreEmptied):
        probe(sqlite_url(file))  # as whoever would record into it does first
    assert file.read_bytes() == b""


def test_a_store_that_is_gone_is_told_where_its_blobs_are(file, capsys):
    file.unlink()
    for command in (["runs"], ["show"], ["doctor"], ["sql", "select 1"]):
        assert cli.run(command) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "store.db is gone, but a store has left 1 blob beside it" in said
        assert not file.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, StoreMissing), (b"", StoreMissing), (b"notes\n" * 20, NotAStore)],
    ids=["there is none", "an empty file", "another file"],
)
def test_blobs_of_another_store_in_the_folder_make_no_loss(file, content, error):
    other = file.with_name("stroe.db")
    if content is not None:
        other.write_bytes(content)
    with pytest.raises(error) as caught:
        store_to_read(sqlite_url(other))
    assert type(caught.value) is error
    assert other.exists() == (content is not None)


def test_a_lost_store_is_told_beside_another_by_its_copies(file):
    file.rename(file.with_name("other.db"))
    file.with_name("store.db.before-0006").touch()
    with pytest.raises(StoreLost, match=r"has left store\.db\.before-0006 beside it:"):
        store_to_read(sqlite_url(file))


def test_a_copy_of_a_lost_store_is_no_other_whose_blobs_they_are(file):
    shutil.copy(file, file.with_name("store.db.before-0006"))
    file.unlink()
    with pytest.raises(StoreLost, match=r"1 blob and store\.db\.before-0006"):
        store_to_read(sqlite_url(file))


def test_blobs_of_a_session_that_is_making_a_store_are_not_those_of_a_lost_one(file):
    file.unlink()
    (file.parent / "live").mkdir()
    (file.parent / "live" / "x.new").touch()
    with pytest.raises(StoreMissing):
        store_to_read(sqlite_url(file))


def test_an_emptied_store_is_made_anew_when_asked_for(file, capsys):
    file.write_bytes(b"")
    cli.run(["doctor", "--fix"])
    said = " ".join(capsys.readouterr().out.split())
    assert "nothing could be read of it: a new, empty store is in its place" in said
    assert "1 that no record names are kept for what was damaged" in said
    assert cli.run(["doctor"]) == 1


def test_blobs_stay_while_a_copy_of_what_was_damaged_does(file, capsys):
    overwrite(file, 0, file.stat().st_size)
    cli.run(["doctor", "--fix"])
    make_old(file)
    capsys.readouterr()
    for _ in range(2):  # asked, and done
        cli.run(["gc", "--apply", "--json"])
        made = json.loads(capsys.readouterr().out)
        assert (made["blobs"], made["kept_blobs"]) == (0, 1)
    [copy] = file.parent.glob("*.before-salvage-*")
    assert cli.run(["doctor"]) == 1
    assert copy.name in capsys.readouterr().out.replace("\n", "")
    copy.unlink()
    assert cli.run(["doctor"]) == 0
    cli.run(["gc", "--apply"])
    assert list(file.parent.glob("blobs/??/*")) == []


def make_old(file):
    """Have the blobs of a store be as old as those that may go."""
    for blob in file.parent.glob("blobs/??/*"):
        os.utime(blob, (0, 0))


def without_freed_pages(file):
    pass


def with_freed_pages(file):
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM tags")
        other.execute("DELETE FROM executions WHERE sequence > 100")
    other.close()


def with_pages_of_another_size(file):
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("PRAGMA page_size = 8192")
        other.execute("VACUUM")
    other.close()


LOST_HEADS = {
    "its first line": (without_freed_pages, 16),
    "also the size of its pages": (without_freed_pages, 24),
    "all of it": (without_freed_pages, 100),
    "with the list of free pages": (with_freed_pages, 100),
    "before pages of another size": (with_pages_of_another_size, 100),
    "the whole first page": (without_freed_pages, 4096),
    "the whole first page, with the list of free ones": (with_freed_pages, 4096),
}


@pytest.mark.parametrize(("prepare", "lost_bytes"), LOST_HEADS.values(), ids=LOST_HEADS)
def test_lost_head_is_written_anew_and_nothing_else_is_lost(file, prepare, lost_bytes, capsys):
    prepare(file)
    before = content(file)
    overwrite(file, 0, lost_bytes)
    assert cli.run(["doctor", "--fix"]) == 0
    assert "wrote the beginning of the file anew" in " ".join(capsys.readouterr().out.split())
    assert content(file) == before
    assert probe(sqlite_url(file)) is None


def test_store_without_its_beginning_is_known_by_what_follows_with_nothing_beside_it(file):
    shutil.rmtree(file.parent / "blobs")
    overwrite(file, 0, 100)
    with pytest.raises(StoreDamaged, match="doctor --fix"):
        store_to_read(sqlite_url(file))


@pytest.mark.parametrize("lost_bytes", [100, 4096])
def test_lost_head_does_not_cost_what_pages_behind_it_still_hold(file, capsys, lost_bytes):
    lose_page("runs", 3)(file)
    overwrite(file, 0, lost_bytes)
    assert cli.run(["doctor", "--fix"]) == 1
    store = open_store(sqlite_url(file))
    found = store.runs(RunQuery())
    assert 200 <= sum(one.run.experiment != "lost" for one in found) < RUNS
    assert len(found) == RUNS  # of those that are lost metrics and parameters are there
    assert [one.subject for one in store.check() if not one.is_good] == ["copies"]
    store.close()


def test_pages_that_only_look_like_the_list_of_tables_are_left_out(tmp_path):
    listing = b"\x0d" + b"\xff" * 20 + b"CREATE TABLE runs"
    (tmp_path / "file").write_bytes(b"".join(page.ljust(4096, b"\xff") for page in (b"", listing)))
    assert tables_listed(tmp_path / "file", 4096) == []


def test_what_is_in_the_log_of_a_file_without_head_is_saved(file, capsys):
    before = content(file)
    kept = file.read_bytes()
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("UPDATE tags SET value = 'changed'")
    log = file.with_name("store.db-wal").read_bytes()
    writer.close()
    file.write_bytes(bytes(100) + kept[100:])
    file.with_name("store.db-wal").write_bytes(log)
    assert cli.run(["doctor", "--fix"]) == 0
    after = content(file)
    assert set(after.pop("tags")) == {(f"r{n}", "number", "changed") for n in range(RUNS)}
    del before["tags"]
    assert after == before


def test_no_copy_takes_the_place_of_another_of_the_same_moment(file, monkeypatch):
    monkeypatch.setattr("time.strftime", lambda _: "20260102-030405")
    overwrite(file, 0, 16)
    file.chmod(0o644)  # which is mended after its head, with a copy of its own
    damaged = file.read_bytes()
    assert cli.run(["doctor", "--fix"]) == 0
    first, second = sorted(file.parent.glob("*.before-fix-*"))
    assert first.read_bytes() == damaged
    assert content(second) == content(file)


def content(file):
    """Return the rows of every table of a file."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as other:
        names = [
            row[0]
            for row in other.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'"
            )
        ]
        found = {name: sorted(other.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
    other.close()
    return found


def test_a_store_without_its_beginning_is_damaged_rather_than_something_else(file):
    overwrite(file, 0, 100)
    with pytest.raises(StoreDamaged, match="doctor --fix"):
        store_to_read(sqlite_url(file))


def test_an_empty_file_with_nothing_beside_it_is_no_store_yet(tmp_path):
    (tmp_path / "store.db").touch()
    with pytest.raises(StoreMissing):
        store_to_read(f"sqlite:///{tmp_path}/store.db")
    assert (tmp_path / "store.db").read_bytes() == b""


def test_nothing_is_put_in_the_place_of_a_file_that_somebody_records_into(file, capsys):
    lose_page("runs", 1)(file)
    before = file.read_bytes()
    living = LiveFile(file.parent / "live", "s9")
    assert cli.run(["doctor", "--fix"]) == 1
    living.close()
    said = " ".join(capsys.readouterr().out.split())
    assert "is in use: 1 session records into it" in said
    assert file.read_bytes() == before
