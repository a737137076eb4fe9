"""Repairing: every kind of damage is mended or told, and how the store was is kept."""

import contextlib
import os
import sqlite3
import stat
import time
from pathlib import Path
from socket import gethostname

import pytest

from nbmlops import config
from nbmlops.records import (
    Artifact,
    Content,
    Execution,
    Metric,
    Model,
    Output,
    Points,
    Run,
    Session,
    Stretch,
    Tag,
)
from nbmlops.store import live_folder, open_store, repairing
from nbmlops.store.base import RunQuery

SESSION = Session(
    "s1", 1.0, "jupyter", "churn", ended=2.0, host=gethostname(), user=config.user_name()
)
RUN = Run("r1", "s1", "churn", 1.0, status="finished")


@pytest.fixture
def file(store):
    """The database file of a store that has a run with an output, a model and an artifact."""
    blobs = [store.blobs.put(name.encode() * 9) for name in ("output", "model", "artifact")]
    shown = (Output("display", (Content("image/png", 54, blob=blobs[0]),)),)
    store.save([
        SESSION, Execution("e1", "s1", 1, "plot()", 1.0, "c1", outputs=shown), RUN,
        Stretch("r1", 1, 1), Tag("r1", "kept"),
        Metric("r1", "auc", 0.9, 0.9, 0.9, 1, 0, 1.0, execution_id="e1"),
        Model("r1", "model", "Forest", "{}", "e1", blob=blobs[1], format="pickle", size_bytes=45),
        Artifact("r1", "report.html", blobs[2], 72, "text/html"),
    ])  # fmt: skip
    return live_folder(store.url).parent / "store.db"


def blob(store, name):
    return store.blobs.path(store.blobs.put(name.encode() * 9))


def change(file, *statements):
    if not file.exists():
        pytest.skip("a server sees to its references and its pages")
    with sqlite3.connect(file) as other:  # foreign keys are off unless asked for
        for statement in statements:
            other.execute(statement)
    other.close()


def wrong(store):
    return [finding.subject for finding in store.check() if not finding.is_good]


def told(store):
    findings = store.repair(drops_lost=True)
    has_file = store.engine.dialect.name == "sqlite"
    assert [finding.subject for finding in findings].count("copy") == has_file
    return [finding.text for finding in findings[has_file:]]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE runs SET session_id = 'lost'", "made sessions, known by their ids alone, for 1"),
        ("UPDATE executions SET session_id = 'lost'", "made sessions, known by their ids alone"),
        ("UPDATE runs SET parent_id = 'lost'", "emptied runs.parent_id of 1"),
        ("UPDATE runs SET environment = 'lost'", "emptied runs.environment of 1"),
        ("UPDATE metrics SET execution_id = 'lost'", "emptied metrics.execution_id of 1"),
        ("UPDATE tags SET run_id = 'lost'", "removed 1 of tags whose runs are lost"),
        ("UPDATE contents SET execution_id = 'lost'", "removed 1 of contents whose executions"),
    ],
)  # fmt: skip
def test_what_refers_to_nothing_is_mended(store, file, statement, expected):
    change(file, statement)
    assert wrong(store) == ["references"]
    [text] = told(store)
    assert text.startswith(expected)
    assert wrong(store) == []
    assert store.runs(RunQuery())[0].run.id == "r1"


@pytest.mark.parametrize("knows_session", [True, False])
def test_runs_that_are_lost_are_made_anew_of_what_belongs_to_them(store, file, knows_session):
    [before] = store.runs(RunQuery())
    change(file, "DELETE FROM runs", *(["DELETE FROM stretches"] * (not knows_session)))
    texts = told(store)
    assert texts == [
        "made 1 run anew of which only parts were left: names, notes and how they ended are lost"
    ]
    [after] = store.runs(RunQuery())
    assert (after.metrics, after.artifacts) == (before.metrics, before.artifacts)
    assert (after.run.id, after.run.status) == ("r1", "interrupted")
    assert after.run.experiment == ("churn" if knows_session else "lost")
    assert bool(store.executions("r1")) == knows_session
    assert wrong(store) == []


@pytest.mark.parametrize("name", ["output", "model", "artifact"])
@pytest.mark.parametrize("is_damaged", [True, False], ids=["damaged", "missing"])
def test_lost_blobs_are_taken_from_what_names_them(store, file, name, is_damaged):
    path = blob(store, name)
    path.write_bytes(b"?" * 9) if is_damaged else path.unlink()
    texts = told(store)
    assert texts[-1].endswith(f"from 1 {name}")
    assert len(texts) == (2 if is_damaged else 1)
    assert wrong(store) == []
    damaged = [each.read_bytes() for each in store.blobs.folder.glob("damaged/*")]
    assert damaged == ([b"?" * 9] if is_damaged else [])
    assert len(store.blobs.digests()) == 2


@pytest.mark.parametrize("is_damaged", [True, False], ids=["damaged", "missing"])
def test_blobs_are_lost_also_where_none_is_left(store, file, is_damaged):
    for path in store.blobs.folder.glob("??/*"):
        path.write_bytes(b"?" * 9) if is_damaged else path.unlink()
    assert len([text for text in told(store) if "took the lost blob" in text]) == 3
    assert wrong(store) == []


def test_nothing_is_dropped_where_the_folder_of_blobs_is_away(store, file):
    store.blobs.folder.rename(file.parent / "elsewhere")
    before = store.executions("r1")
    texts = told(store)
    assert store.executions("r1") == before
    if store.dialect.is_shared:  # they may never have been here
        assert (texts, wrong(store)) == ([], [])
    else:
        assert f"blobs at {store.blobs.folder} cannot be used: not one of the 3" in texts[0]
        assert wrong(store) == ["blobs"]


def test_nothing_is_dropped_where_a_place_is_away_and_something_waits_for_it(tmp_path):
    share = tmp_path / "share"
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/s.db?blobs=file://{share}")) as store:
        digest = store.blobs.put(b"a report")
        store.save([SESSION, RUN, Artifact("r1", "report", digest, 8, "text/plain")])
        share.rename(tmp_path / "unmounted")
        store.blobs.put(b"waits here")
        before = store.runs(RunQuery())
        [problem] = [finding for finding in store.repair() if not finding.is_good]
        assert (problem.subject, store.runs(RunQuery())) == ("blobs", before)
        (tmp_path / "unmounted").rename(share)
        assert [finding for finding in store.repair() if not finding.is_good] == []
        assert store.runs(RunQuery()) == before


def test_what_is_recorded_while_blobs_are_listed_stays(store, file, monkeypatch):
    list_them, names = store.blobs.digests, []

    def slowly():  # somebody else is not held up, and is not in the list
        listed = list_them()
        names.append(f"during {len(names)}")
        digest = store.blobs.put(names[-1].encode())
        store.save([Artifact("r1", names[-1], digest, 8, "text/plain")])
        return listed

    monkeypatch.setattr(store.blobs, "digests", slowly)
    assert told(store) == []
    artifacts = [artifact.name for artifact in store.runs(RunQuery())[0].artifacts]
    assert artifacts == [*names, "report.html"] != ["report.html"]


def test_blob_that_comes_back_before_its_names_are_dropped_keeps_them(store, file, monkeypatch):
    there = store.blobs.digests()
    before = store.runs(RunQuery()), store.executions("r1")
    monkeypatch.setattr(store.blobs, "digests", lambda: there[:1])
    assert told(store) == []
    assert (store.runs(RunQuery()), store.executions("r1")) == before


def damage_index(store, file):
    for columns in ("value, name", "name, value"):
        change(
            file,
            "PRAGMA writable_schema = ON",
            f"UPDATE sqlite_master SET sql = 'CREATE INDEX ix_tags_name_value ON tags ({columns})' "
            "WHERE name = 'ix_tags_name_value'",
        )
        store.close()
        if columns == "value, name":
            store.save([Tag("r1", "other", "thing")])


def test_damaged_index_is_made_anew(store, file):
    damage_index(store, file)
    assert wrong(store) == ["database pages"]
    [text] = told(store)
    assert text.startswith("made every index anew")
    assert wrong(store) == []


def test_a_store_that_somebody_writes_is_not_put_aside(store, file, monkeypatch):
    monkeypatch.setattr("nbmlops.store.sqlite.BUSY_SECONDS", 0.05)
    damage_index(store, file)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        found = {each.subject: each for each in store.repair()}
        assert "locked" in found["database pages"].text
        writer.execute("INSERT INTO tags VALUES ('r1', 'written', 'meanwhile')")
        writer.execute("COMMIT")
    assert Tag("r1", "written", "meanwhile") in store.runs(RunQuery())[0].tags
    assert [text for text in told(store) if not text.startswith("made every index anew")] == []


def test_metric_that_lost_measurements_is_told_and_counts_those_that_are_there(store, file):
    first = Points.pack_rows("r1", "auc", 0, [(0, 1.0, 0.5), (1, 2.0, 0.9)])
    store.save([first, Metric("r1", "auc", 0.9, 0.5, 0.9, 8, 1, 2.0)])
    assert wrong(store) == ["measurements"]
    assert told(store) == ["6 measurements of auc of run r1 lost, 2 there"]
    assert wrong(store) == []
    assert [metric.count for metric in store.runs(RunQuery())[0].metrics] == [2]


def test_what_another_process_is_writing_may_be_finished_meanwhile(store, file, monkeypatch):
    writing = blob(store, "output").with_name(".finished")
    monkeypatch.setattr(Path, "glob", lambda *_: [writing])
    assert [*repairing._files(store)] == []


def test_what_crashes_left_goes_and_a_blob_half_removed_comes_back(store, file):
    path, now = blob(store, "model"), time.time()
    path.rename(path.with_name(f".{path.name}.gone"))
    for name, age in ((".tmp_old", 2 * 86_400), (".tmp_new", 60)):
        left = path.with_name(name)
        left.write_bytes(b"half")
        os.utime(left, (now - age, now - age))
    texts = told(store)
    assert [text.split()[0] for text in texts] == ["put", "removed"]
    assert path.exists()
    assert sorted(each.name for each in path.parent.glob(".*")) == [".tmp_new"]
    assert wrong(store) == []


def test_faults_that_were_told_are_kept_elsewhere(store, file):
    for number in (1, 2):
        (file.parent / "faults.log").write_text(f"fault {number}\n")
        assert wrong(store) == ["faults"]
        assert told(store) == ["moved the faults that were told to faults-seen.log"]
        assert wrong(store) == []
    assert (file.parent / "faults-seen.log").read_text() == "fault 1\nfault 2\n"


def test_copy_is_how_the_store_was_and_readable_by_its_owner_only(store, file):
    change(file, "UPDATE tags SET run_id = 'lost'")
    store.repair()
    [copy] = file.parent.glob("store.db.before-fix-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as other:
        assert other.execute("SELECT run_id FROM tags").fetchall() == [("lost",)]
    other.close()


def test_a_file_that_may_not_be_changed_is_told_and_the_rest_repaired(store, file, monkeypatch):
    change(file, "UPDATE tags SET run_id = 'lost'")
    copy = file.with_name("store.db.before-0001")
    copy.touch()
    for path in (file, copy):
        path.chmod(0o644)
    (file.parent / "faults.log").write_text("fault\n")
    chmod = Path.chmod

    def only_ours(path, mode):
        if path == file:
            raise PermissionError(1, "Operation not permitted", str(path))
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", only_ours)
    done = [(one.subject, one.is_good) for one in store.repair()]
    assert ("references", True) in done
    assert [each for each in done if each[0] in ("permissions", "faults")] == [
        ("permissions", False), ("permissions", True), ("faults", True),
    ]  # fmt: skip
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    monkeypatch.undo()
    assert wrong(store) == ["permissions"]


def test_a_step_that_the_disk_refuses_is_told_and_the_next_are_done(store, file, monkeypatch):
    (file.parent / "faults.log").write_text("fault\n")

    unlink = Path.unlink
    left = file.parent / "live" / "s9.new"
    left.parent.mkdir(exist_ok=True)
    left.touch()
    os.utime(left, (1.0, 1.0))

    def only_others(path, **options):
        if path == left:
            raise PermissionError(1, "Operation not permitted", str(path))
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", only_others)
    done = [(one.subject, one.is_good) for one in store.repair()]
    assert done[-2:] == [("files", False), ("faults", True)]
