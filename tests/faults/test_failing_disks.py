"""Each write of a recording process fails, one after the other: nothing is lost or half there."""

import contextlib
import io
import shutil
import sys

import pytest

import nbmlops
from nbmlops.errors import StoreNotWritable
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.tracking import current, surroundings, writer
from tests.faults.failing import CODES, Disk, failing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks files up in /proc")


@pytest.fixture
def hasty(monkeypatch, project):
    """Have the writer try again at once, and the environment, which takes long, be found once."""
    found = surroundings.environment_document(project, None)
    monkeypatch.setattr(surroundings, "environment_document", lambda *_: found)
    monkeypatch.setattr(writer, "BUFFER_SECONDS", 0.0)
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(writer, "LAST_TRY_SECONDS", 0.2)


@pytest.fixture
def new_store(tmp_path):
    open_store(f"sqlite:///{tmp_path}/new/store.db").close()
    return tmp_path / "new"


def disks(what, *, is_lasting):
    """Give disks that fail at an ever later write, until one was never written to so often.

    Each of the first ones, in which every kind of write occurs, and then one in twenty.
    """
    for at in (*range(1, 20), *range(20, 1_000, 20)):
        disk = Disk(at, CODES[what], is_lasting=is_lasting)
        yield at, disk
        if not disk.has_failed:
            break
    assert 10 < at < 999


@pytest.mark.parametrize(
    ("what", "is_lasting"), [("broken", False), ("full", True)], ids=["one write", "all from it on"]
)
def test_whichever_write_fails_what_was_taken_is_there_when_there_is_room(
    hasty, new_store, tmp_path, capsys, what, is_lasting
):
    for at, disk in disks(what, is_lasting=is_lasting):
        folder = tmp_path / f"{at}"
        shutil.copytree(new_store, folder)
        with failing(disk, folder):
            taken, arrived = recorded(folder, disk)
        told = capsys.readouterr().err
        assert arrived or "nbmlops cannot record now" in told, at
        assert told.count("cannot record now") <= 2, told
        check(folder, taken)


def test_whichever_write_fails_as_a_store_is_made_it_is_made_when_there_is_room(tmp_path):
    refused = 0
    for at, disk in disks("full", is_lasting=True):
        url = f"sqlite:///{tmp_path}/{at}/store.db"
        with failing(disk, tmp_path):
            try:
                open_store(url).close()
            except StoreNotWritable as problem:
                refused += str(tmp_path) in str(problem)
        store = open_store(url)
        assert [one for one in store.check() if not one.is_good] == []
        store.close()
    assert refused > 10


def recorded(folder, disk):
    """Record, on a disk that fails and then has room; return what was taken, and if it arrived."""
    taken, url = {}, f"sqlite:///{folder}/store.db"
    try:
        tracker = current.start(None, url=url, quiet=True)
    except StoreNotWritable:
        disk.is_armed = False  # whoever tries again finds room
        tracker = current.start(None, url=url, quiet=True)
    try:
        log("first", taken, folder)
        arrived = tracker.writer.flush(1.0)
        log("second", taken, folder)
        arrived = tracker.writer.flush(1.0) and arrived
        disk.is_armed = False
        log("third", taken, folder)
        assert tracker.writer.flush()
    finally:
        disk.is_armed = False
        current.stop()
    return taken, arrived


def log(name, taken, folder):
    """Give a run all it can have; what is said to be not kept is not taken."""
    text = folder.parent / "text"
    text.write_text(f"{name} {folder}")
    with nbmlops.start_run(name, params={"lr": 0.1}) as run:
        for step in range(20):
            run.log_metric("loss", step, step=step)
        run.set_tags(stage=name)
        taken[name] = None
        with contextlib.redirect_stderr(io.StringIO()) as said:
            run.log_artifact(text)
        print(said.getvalue(), end="", file=sys.stderr)
        if "the artifact text, " not in said.getvalue():
            taken[name] = text.read_bytes()


def check(folder, taken):
    store = open_store(f"sqlite:///{folder}/store.db")
    assert store.settle() == []
    runs = {one.run.name: one for one in store.runs(RunQuery())}
    assert set(runs) == set(taken) == {"first", "second", "third"}
    for name, text in taken.items():
        one = runs[name]
        assert one.run.status == "finished"
        assert [point.step for point in store.points(one.run.id, "loss")] == [*range(20)]
        assert [(metric.count, metric.last) for metric in one.metrics] == [(20, 19.0)]
        assert ([tag.value for tag in one.tags], len(one.params)) == ([name], 1)
        kept = [store.blobs.get(artifact.blob) for artifact in one.artifacts]
        assert kept == ([text] if text is not None else [])
    assert [one for one in store.check() if not one.is_good] == []
    store.close()
