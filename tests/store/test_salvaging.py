"""Damaged files: what can be read of them is saved, what cannot is told, and they are kept."""

import sqlite3

import pytest

from nbmlops import cli
from nbmlops.config import sqlite_url
from nbmlops.errors import StoreDamaged, StoreEmptied, StoreMissing
from nbmlops.records import Execution, Metric, Points, Run, Session, Tag
from nbmlops.store import open_store, store_to_read
from nbmlops.store.base import RunQuery
from nbmlops.store.live import LiveFile
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
    assert [one for one in store.check() if not one.is_good] == []
    store.close()


def test_an_emptied_store_is_told_and_left_by_whoever_only_looks(file, capsys):
    file.write_bytes(b"")
    for command in (["runs"], ["show"], ["doctor"], ["sql", "select 1"]):
        assert cli.run(command) > 0
        told = capsys.readouterr()
        said = " ".join((told.out + told.err).split())
        assert "is empty (0 bytes), but beside it there is 1 blob" in said
        assert file.read_bytes() == b""
        assert sorted(each.name for each in file.parent.iterdir()) == ["blobs", "store.db"]
    with pytest.raises(StoreEmptied):
        probe(sqlite_url(file))  # as whoever would record into it does first
    assert file.read_bytes() == b""


def test_an_emptied_store_is_made_anew_when_asked_for(file, capsys):
    file.write_bytes(b"")
    cli.run(["doctor", "--fix"])
    said = " ".join(capsys.readouterr().out.split())
    assert "nothing could be read of it: a new, empty store is in its place" in said
    assert "1 that no record names" in said
    assert cli.run(["doctor"]) == 0


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
