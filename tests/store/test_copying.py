"""Copying runs between stores: whole, once, again after an interruption, both ways."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nbmlops.records import (
    Annotation,
    Artifact,
    Content,
    Environment,
    Execution,
    FileUse,
    Mark,
    Metric,
    Model,
    Outline,
    Output,
    Param,
    Point,
    Points,
    Profile,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.copying import RUNS_AT_ONCE, Copied, copy_runs

RUNS = 3
FINGERPRINT = {
    "digest": "aa", "kind": "frame", "columns": [
        {"name": "x", "type": "int64", "digest": "col1", "role": "column"}
    ],
}  # fmt: skip


@pytest.fixture
def other(tmp_path):
    """A store of another kind or at least at another place, with nothing in it."""
    opened = open_store(f"sqlite:///{tmp_path}/other/store.db")
    yield opened
    opened.close()


def fill(store, name, run_count=RUNS):
    """Record one session with some runs that have all there is; ids begin with its name."""
    blobs = [store.blobs.put(f"{name} {what}".encode()) for what in ("shown", "model", "file", "m")]
    shown = (Output("display", (Content("image/png", 5, blob=blobs[0]),)),)
    session, environment = f"{name}-s", f"{name}-env"
    records = [
        Session(session, 1.0, "jupyter", name, ended=9.0),
        Environment(environment, json.dumps({"modules": {"m.py": blobs[3]}})),
        *(Execution(f"{name}-e{n}", session, n, "f()", n, "c", outputs=shown) for n in (1, 2, 3)),
        Use(f"{name}-e1", "df", "read", "aa"),
        FileUse(f"{name}-e1", "a.csv", "read", "ff"),
        Value("aa", "frame", "DataFrame", "exact", json.dumps(FINGERPRINT), is_profiled=True),
        Profile("col1", "{}"),
    ]
    for number in range(run_count):
        run = f"{name}-r{number}"
        parent = f"{name}-r0" if number == 1 else None
        records += [
            Run(run, session, name, float(number), status="finished", closed=9.0, parent_id=parent,
                environment=environment),
            Stretch(run, 1, 2), Stretch(run, 2, 2, gave_result=True),
            Param.of(run, "lr", 1, "cell"),
            Metric(run, "auc", 0.9, 0.8, 0.9, 2, 1, 3.0, execution_id=f"{name}-e2"),
            Points.pack(run, "auc", 0, [Point(0, 1.0, 0.8), Point(1, 2.0, 0.9)]),
            Model(run, "model", "Forest", "{}", blob=blobs[1], size_bytes=9),
            Artifact(run, "report", blobs[2], 9, "text/plain"), Tag(run, "plain"),
            Outline(run, "a.ipynb"), Annotation(run, "note", "noted", 5.0, "ada"),
            Annotation(run, "tags.stage", "test", 5.0, "ada"),
        ]  # fmt: skip
    store.save(records)
    return store


def everything(store):
    """Return all a store can tell of its runs."""
    runs = store.runs(RunQuery(trashed=None))
    sessions = sorted({found.run.session_id for found in runs})
    executions = [store.session_executions(session) for session in sessions]
    ids = [execution.id for found in executions for execution in found]
    return (
        runs,
        [store.session(session) for session in sessions],
        executions,
        [store.executions(found.run.id) for found in runs],
        [store.points(found.run.id, "auc") for found in runs],
        [store.outline(found.run.id) for found in runs],
        [store.environment(digest) for found in runs if (digest := found.run.environment)],
        [tally.written for tally in store.run_tallies(None).values()],
        (store.uses(ids), store.file_uses(ids), store.values(["aa"]), store.profiles(["col1"])),
        [(digest, store.blobs.get(digest)) for digest in store.blobs.digests()],
    )


def test_all_there_is_of_runs_is_copied(store, other):
    fill(store, "ada")
    copied = copy_runs(store, other)
    assert (len(copied.runs), copied.executions, copied.blobs) == (RUNS, 3, 4)
    assert copied.blob_bytes == sum(store.blobs.size(digest) for digest in store.blobs.digests())
    assert everything(other) == everything(store)
    assert [finding for finding in other.check() if not finding.is_good] == []


def test_copying_again_copies_and_saves_nothing(store, other, monkeypatch):
    fill(store, "ada")
    copy_runs(store, other)
    for owner, name in ((other, "save"), (other.blobs, "put"), (store.blobs, "get")):
        monkeypatch.setattr(owner, name, None)  # a call would fail
    assert copy_runs(store, other) == Copied()


def test_what_is_there_is_found_out_in_the_same_queries_for_any_number(store, other, queries):
    sent = []
    for name, count in (("ada", 3), ("bob", 50)):
        copy_runs(fill(store, name, count), other)
        queries.clear()
        assert copy_runs(store, other) == Copied()
        sent.append(len(queries))
    assert sent[0] == sent[1] == 10


def test_only_what_is_missing_is_copied(store, other):
    copy_runs(fill(store, "ada"), other)
    run = Run("ada-r9", "ada-s", "ada", 20.0, status="finished", closed=21.0)
    store.save([run, Stretch("ada-r9", 1, 4), Execution("ada-e4", "ada-s", 4, "g()", 9.0, "c")])
    copied = copy_runs(store, other)
    assert (copied.runs, copied.executions, copied.blobs) == (("ada-r9",), 1, 0)
    assert everything(other)[:3] == everything(store)[:3]


def test_stores_of_two_people_merge(store, other):
    fill(store, "ada"), fill(other, "bob")
    copy_runs(store, other), copy_runs(other, store)
    assert len(store.runs(RunQuery())) == 2 * RUNS
    assert everything(store) == everything(other)
    assert (copy_runs(store, other), copy_runs(other, store)) == (Copied(), Copied())


NOTES = [Annotation("ada-r0", "note", "of ada", 7.0, "ada"),
         Annotation("ada-r0", "note", "of bob", 8.0, "bob")]  # fmt: skip


@pytest.mark.parametrize("by_source", [0, 1], ids=["source is older", "source is later"])
def test_of_what_both_have_written_the_later_stays_and_that_is_said(store, other, by_source):
    copy_runs(fill(store, "ada"), other)
    store.save([NOTES[by_source], Mark("ada-r1", "trashed", True, 6.0, "ada")])
    other.save([NOTES[1 - by_source]])
    copied = copy_runs(store, other)
    assert copied.runs == ()
    said = {(each.run_id, each.field, each.by, each.is_taken) for each in copied.written}
    assert said == {("ada-r1", "trashed", "ada", True), ("ada-r0", "note", "bob", by_source == 1)}
    copy_runs(other, store)
    assert everything(store) == everything(other)
    assert store.runs(RunQuery(ids=("ada-r0",)))[0].run.note == "of bob"


@pytest.mark.parametrize("deleted_at", [5.0, 9.0], ids=["pinned later", "deleted later"])
def test_run_pinned_in_one_store_and_deleted_in_another_is_in_both_what_it_became_last(
    store, other, deleted_at
):
    fill(store, "ada")
    copy_runs(store, other)
    store.save([Mark("ada-r2", "pinned", True, 7.0, "ada")])
    other.save([Mark("ada-r2", "trashed", True, deleted_at, "bob")])
    for source, target in ((store, other), (other, store)):
        copy_runs(source, target, ["ada-r2"])
    for each in (store, other):
        [found] = each.runs(RunQuery(ids=("ada-r2",), trashed=None))
        expected = (7.0, None) if deleted_at < 7.0 else (None, deleted_at)
        assert (found.run.pinned, found.run.trashed) == expected


@pytest.mark.parametrize("has_more", [False, True], ids=["only words", "the run grew too"])
def test_tag_that_was_taken_off_in_one_of_two_stores_is_off_in_both(store, other, has_more):
    copy_runs(fill(store, "ada"), other)
    store.save([Annotation("ada-r0", "tags.stage", None, 9.0, "ada")])
    if has_more:
        other.save([Tag("ada-r0", "another", "x")])
    copy_runs(other, store), copy_runs(store, other)
    assert "stage" not in {tag.name for tag in store.runs(RunQuery(ids=("ada-r0",)))[0].tags}
    assert everything(store) == everything(other)
    assert (copy_runs(store, other), copy_runs(other, store)) == (Copied(), Copied())


@pytest.mark.parametrize("fails_at", range(1, 4))
def test_interrupted_copying_leaves_whole_runs_and_goes_on_when_asked_again(
    store, other, monkeypatch, fails_at
):
    fill(store, "ada", RUNS_AT_ONCE + 5)
    saves, save = [], other.save

    def failing(records):
        saves.append(len(records))
        if len(saves) == fails_at:
            raise ConnectionError
        save(records)

    monkeypatch.setattr(other, "save", failing)
    with pytest.raises(ConnectionError):
        copy_runs(store, other)
    there = other.runs(RunQuery(trashed=None))
    assert there == [found for found in store.runs(RunQuery()) if found in there]
    assert len(there) == max(0, fails_at - 2) * RUNS_AT_ONCE
    copied = copy_runs(store, other)
    assert len(copied.runs) == RUNS_AT_ONCE + 5 - len(there)
    assert everything(other) == everything(store)


def test_run_is_copied_with_those_it_is_inside_of_and_no_others(store, other):
    fill(store, "ada")
    assert copy_runs(store, other, ["ada-r1"]).runs == ("ada-r0", "ada-r1")
    assert copy_runs(store, other, []).runs == ()
    assert copy_runs(store, other).runs == ("ada-r2",)


def test_open_runs_wait_until_they_have_ended(store, other):
    fill(store, "ada")
    run = Run("ada-r9", "ada-s", "ada", 20.0)
    inside = Run("ada-r10", "ada-s", "ada", 21.0, status="finished", closed=22.0, parent_id=run.id)
    store.save([replace(store.session("ada-s"), ended=None), run, inside])
    copied = copy_runs(store, other)
    assert (len(copied.runs), copied.left_open) == (RUNS, 2)
    assert other.session("ada-s").ended is not None  # nobody takes it for dead there
    store.save([replace(store.session("ada-s"), ended=30.0),
                replace(run, status="finished", closed=29.0)])  # fmt: skip
    assert copy_runs(store, other).runs == ("ada-r9", "ada-r10")
    assert everything(other) == everything(store)


def test_trash_of_others_is_not_brought_in_unless_it_is_named(store, other):
    fill(store, "ada").save([Mark("ada-r2", "trashed", True, 6.0)])
    assert copy_runs(store, other).runs == ("ada-r0", "ada-r1")
    assert copy_runs(store, other, ["ada-r2"]).runs == ("ada-r2",)


def test_blob_that_is_missing_is_told_and_the_rest_is_copied(store, other):
    fill(store, "ada")
    digest = store.blobs.digests()[0]
    Path(store.blobs.path(digest)).unlink()
    copied = copy_runs(store, other)
    assert (copied.missing_blobs, copied.blobs, len(copied.runs)) == ((digest,), 3, RUNS)


@pytest.mark.parametrize("ids", [None, ["ada-r0"]], ids=["all", "chosen"])
def test_blob_that_was_lost_after_copying_comes_again(store, other, ids):
    copy_runs(fill(store, "ada"), other)
    lost = other.blobs.digests()[:2]
    sizes = sum(Path(other.blobs.path(digest)).stat().st_size for digest in lost)
    for digest in lost:
        Path(other.blobs.path(digest)).unlink()
    asked = copy_runs(store, other, ids, is_done=False)
    assert asked == copy_runs(store, other, ids) == Copied(blobs=2, blob_bytes=sizes)
    assert everything(other) == everything(store)
    Path(store.blobs.path(lost[0])).unlink()
    Path(other.blobs.path(lost[0])).unlink()
    who = {lost[0]: frozenset()}
    for is_done in (False, True):
        copied = copy_runs(store, other, ids, is_done=is_done)
        assert copied == Copied(missing_blobs=(lost[0],), recorders=who)


def inside(run_id, session, parent=None, **more):
    return Run(run_id, session, "x", float(run_id[1:]), status="finished", parent_id=parent, **more)


@pytest.mark.parametrize(
    ("runs", "marks"),
    [
        ([inside("r1", "s1"), inside("r2", "s2"), inside("r3", "s1", "r2")], []),
        ([inside("r2", "s2"), inside("r1", "s1", "r2"), inside("r0", "s3", "r1")], []),
        ([inside("r1", "s1"), inside("r2", "s2", "r1")], [Mark("r1", "trashed", True, 6.0)]),
    ],
    ids=["of a later session", "opened earlier by another clock", "in the trash"],
)
@pytest.mark.parametrize("at_once", [1, 100])
def test_runs_come_after_those_they_are_inside_of(store, other, monkeypatch, runs, marks, at_once):
    monkeypatch.setattr("nbmlops.store.copying.RUNS_AT_ONCE", at_once)
    sessions = [Session(f"s{number}", 1.0, "script", "x", ended=9.0) for number in (1, 2, 3)]
    store.save([*sessions, *runs, *marks])
    assert sorted(copy_runs(store, other).runs) == sorted(run.id for run in runs)
    assert everything(other) == everything(store)
