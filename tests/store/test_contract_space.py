"""What every store promises about making space."""

import contextlib
import json
import os
import random
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from nbmlops.errors import StoreUnavailable
from nbmlops.records import (
    Artifact,
    Content,
    Environment,
    Execution,
    Mark,
    Metric,
    Output,
    Points,
    Profile,
    Run,
    Session,
    Stretch,
    Use,
    Value,
)
from nbmlops.store import live_folder, open_store, purging, tables
from nbmlops.store.base import RENEWED_SECONDS, Policy, RunQuery
from nbmlops.store.live import LiveFile

NOTHING = Policy(trashed_before=0.0, put_before=0.0)
TRASH = Policy(trashed_before=100.0, put_before=0.0)
BLOBS = Policy(trashed_before=0.0, put_before=1e12)
ALL = Policy(trashed_before=100.0, put_before=1e12)


def described(digest, column):
    document = json.dumps({"columns": [{"digest": column}]})
    return Value(digest, "frame", "DataFrame", "exact", document, is_profiled=True)


@pytest.fixture
def filled(store):
    """A session of five executions: r1 contains 1-3, r2 3-4, nothing the last; r2 is in the trash.

    Another session is that of r3 alone, which is in the trash too.
    """
    blob = {name: store.blobs.put(name.encode()) for name in ("shown", "model", "source")}
    shown = (Output("display", (Content("image/png", 5, blob=blob["shown"]),)),)
    store.save([
        Session("s1", 1.0, "jupyter", "churn", ended=9.0),
        Session("s2", 1.0, "jupyter", "other", ended=9.0),
        Environment("env1", "{}"),
        Environment("env2", json.dumps({"modules": {"m.py": blob["source"]}})),
        *(Execution(f"e{n}", "s1", n, f"cell {n}", n, "c") for n in (1, 2, 3, 5)),
        Execution("e4", "s1", 4, "cell 4", 4.0, "c", outputs=shown),
        Execution("f1", "s2", 1, "cell 1", 1.0, "c"),
        Execution("f2", "s2", 2, "tried", 2.0, "c"),
        Run("r1", "s1", "churn", 1.0, status="finished", environment="env1"),
        Run("r2", "s1", "churn", 2.0, status="finished", environment="env2"),
        Run("r3", "s2", "other", 3.0, status="finished", parent_id="r2"),
        Stretch("r1", 1, 3), Stretch("r2", 3, 4), Stretch("r3", 1, 1),
        Metric("r1", "auc", 0.9, 0.9, 0.9, 1, 0, 1.0, execution_id="e3"),
        Artifact("r2", "report", blob["model"], 5, "text/plain"),
        Use("e3", "df", "read", "aa"), Use("e4", "df", "read", "bb"),
        described("aa", "col1"), described("bb", "col2"), Profile("col1", "{}"),
        Profile("col2", "{}"),
        Mark("r2", "trashed", True, 50.0), Mark("r3", "trashed", True, 60.0),
    ])  # fmt: skip
    return store


def everything(store):
    return (
        store.runs(RunQuery(trashed=None)),
        store.session_executions("s1"),
        store.session_executions("s2"),
        store.blobs.digests(),
    )


def wrong(store):
    return [finding for finding in store.check() if not finding.is_good]


@pytest.mark.parametrize("policy", [NOTHING, TRASH, BLOBS, ALL])
def test_what_would_go_is_what_goes_and_asking_changes_nothing(filled, policy):
    before = everything(filled)
    asked = filled.make_space(policy, is_done=False)
    assert everything(filled) == before
    done = filled.make_space(policy, is_done=True)
    assert done == asked
    again = filled.make_space(policy, is_done=True)
    assert (again.runs, again.executions, again.blobs) == ((), 0, 0)
    assert wrong(filled) == []


def test_file_is_made_as_small_as_what_is_left_in_it(filled):
    if filled.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps its own files")
    run = Run("r9", "s2", "other", 9.0, status="finished")
    chance = random.Random(0)
    rows = [(n, float(n), chance.random()) for n in range(5000)]
    points = [Points.pack_rows("r9", "auc", n, rows) for n in range(9)]
    filled.save([run, *points, Mark("r9", "trashed", True, 50.0)])
    asked = filled.make_space(TRASH, is_done=False).database_bytes
    assert asked > 9 * 5000 * 6
    filled.make_space(TRASH, is_done=True)
    database = Path(filled.url.removeprefix("sqlite:///"))
    assert database.stat().st_size < asked
    assert filled.count_runs(RunQuery()) == 1


def test_with_a_run_goes_all_that_only_it_uses(filled):
    done = filled.make_space(ALL, is_done=True)
    assert (done.runs, done.executions, done.blobs, done.blob_bytes) == (("r2", "r3"), 3, 3, 16)
    assert [each.run.id for each in filled.runs(RunQuery(trashed=None))] == ["r1"]
    assert [each.id for each in filled.session_executions("s1")] == ["e1", "e2", "e3", "e5"]
    with pytest.raises(KeyError):
        filled.session("s2")
    with pytest.raises(KeyError):
        filled.environment("env2")
    assert filled.environment("env1").document == "{}"
    assert [*filled.values(["aa", "bb"])] == ["aa"]
    assert [*filled.profiles(["col1", "col2"])] == ["col1"]
    assert filled.blobs.digests() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param([Mark("r2", "pinned", True, 70.0)], id="pinned"),
        pytest.param([Session("s1", 1.0, "jupyter", "churn", host="elsewhere")], id="living"),
        pytest.param([Mark("r2", "trashed", False, 70.0)], id="taken out"),
        pytest.param([Mark("r2", "trashed", True, 170.0)], id="put in lately"),
    ],
)
def test_what_may_not_go_stays_with_all_it_needs(filled, change):
    filled.save(change)
    kept = filled.session_executions("s1")
    assert filled.make_space(ALL, is_done=True).runs == ("r3",)
    assert filled.session_executions("s1") == kept
    assert len(filled.blobs.digests()) == 3


def test_old_outputs_go_and_how_large_they_were_is_known(filled):
    policy = replace(BLOBS, outputs_before=4.5)
    assert filled.make_space(policy, is_done=False).outputs == 1
    done = filled.make_space(policy, is_done=True)
    assert (done.outputs, done.blobs, done.runs) == (1, 1, ())
    [output] = filled.session_executions("s1")[3].outputs
    assert output.contents == (Content("image/png", 5, cut_bytes=5),)


@pytest.mark.parametrize("run", ["r1", "r2"], ids=["of another run", "of this run"])
def test_outputs_that_pinned_runs_contain_stay(filled, run):
    filled.save([Mark(run, "pinned", True, 70.0)])
    done = filled.make_space(replace(NOTHING, outputs_before=100.0), is_done=True)
    assert done.outputs == (0 if run == "r2" else 1)


def test_blob_that_was_just_put_and_is_not_named_yet_stays(store):
    digest = store.blobs.put(b"on its way")
    hour_ago = Policy(0.0, put_before=time.time() - 3600)
    assert store.make_space(hour_ago, is_done=True).blobs == 0
    assert store.blobs.get(digest) == b"on its way"


def test_old_blob_that_was_put_again_is_as_new(store):
    digest = store.blobs.put(b"on its way")
    old = time.time() - 10 * RENEWED_SECONDS
    os.utime(store.blobs.path(digest), (old, old))
    assert store.blobs.put(b"on its way") == digest
    assert not store.blobs.remove(digest, put_before=time.time() - 2 * RENEWED_SECONDS)
    assert store.blobs.get(digest) == b"on its way"


def test_blob_that_is_put_while_it_is_removed_is_there_afterwards(store, monkeypatch):
    digest = store.blobs.put(b"on its way")
    path = store.blobs.path(digest)
    old = time.time() - 10 * RENEWED_SECONDS
    os.utime(path, (old, old))
    replaced = type(path).replace

    def put_between(self, target):
        if self == path:  # between being looked at and being put aside
            store.blobs.put(b"on its way")
        return replaced(self, target)

    monkeypatch.setattr(type(path), "replace", put_between)
    assert not store.blobs.remove(digest, put_before=time.time() - 3600)
    monkeypatch.undo()
    assert store.blobs.get(digest) == b"on its way"


def test_blob_that_a_record_on_its_way_names_stays_however_old(store):
    digest = store.blobs.put(b"x")
    living = LiveFile(live_folder(store.url), "s9")
    living.append([Artifact("r9", "a", digest, 1, "text/plain")])
    assert store.make_space(BLOBS, is_done=True).blobs == 0
    living.close()
    assert store.make_space(BLOBS, is_done=True).blobs == 1


def test_sizes_are_of_all_that_a_run_contains_the_largest_first(filled):
    filled.save([Mark("r2", "trashed", False, 70.0)])
    found = [(size.run_id, size.experiment, size.size_bytes) for size in filled.sizes()]
    cells = len("cell 1")
    assert found == [("r2", "churn", 2 * cells + 5 + 5), ("r1", "churn", 3 * cells)]


def test_nobody_waits_while_blobs_are_listed(filled, monkeypatch):
    list_them = filled.blobs.digests

    def slowly():
        filled.save([Session("s9", 1.0, "script", "x", ended=2.0)])
        return list_them()

    monkeypatch.setattr(filled.blobs, "digests", slowly)
    filled.make_space(BLOBS, is_done=False)
    assert filled.session("s9").ended == 2.0


def test_value_that_somebody_uses_while_its_run_goes_stays(filled, url, monkeypatch):
    other = open_store(url)
    saved = threading.Event()

    def save():
        session = Session("s9", 1.0, "script", "other")
        with contextlib.suppress(StoreUnavailable):  # as whoever records: it tries again later
            other.save([session, Execution("g1", "s9", 1, "x", 1.0, "c"),
                        Use("g1", "df", "read", "bb"), described("bb", "col2")])  # fmt: skip
            saved.set()

    saving = threading.Thread(target=save)

    def remove_meanwhile(connection, table, digests, named):
        if table is tables.values:
            event.listen(connection, "before_cursor_execute", save_before_removing)
        remove_unnamed(connection, table, digests, named)

    def save_before_removing(_connection, _cursor, statement, *_):
        if statement.startswith("DELETE") and not saving.ident:
            saving.start()
            saving.join(0.5)  # where it need not wait, it is through by then

    remove_unnamed = purging._remove_unnamed
    monkeypatch.setattr(purging, "_remove_unnamed", remove_meanwhile)
    filled.make_space(TRASH, is_done=True)
    saving.join()
    assert saved.is_set()
    assert [*other.values(["bb"])] == ["bb"]
    other.close()


@pytest.mark.parametrize("method", ["put_at", "size"])
def test_blob_that_another_removes_meanwhile_is_none_that_went(store, monkeypatch, method):
    gone, kept = sorted(store.blobs.put(data) for data in (b"one", b"another"))
    asked = getattr(store.blobs, method)

    def remove_first(digest):
        if digest == gone:
            store.blobs.remove(digest, put_before=1e12)
        return asked(digest)

    monkeypatch.setattr(store.blobs, method, remove_first)
    done = store.make_space(BLOBS, is_done=True)
    assert (done.blobs, store.blobs.digests(), kept == gone) == (1, [], False)


def test_blob_that_is_put_back_while_it_is_removed_stays(store, monkeypatch):
    digest = store.blobs.put(b"half removed")
    path = store.blobs.path(digest)
    replaced = type(path).replace

    def put_back(self, target):
        replaced(self, target)
        if self == path:  # as `doctor --fix` does with what is half removed
            replaced(target, path)

    monkeypatch.setattr(type(path), "replace", put_back)
    assert not store.blobs.remove(digest, put_before=1e12)
    monkeypatch.undo()
    assert store.blobs.get(digest) == b"half removed"
