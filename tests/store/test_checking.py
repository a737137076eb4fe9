import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from nbmlops.records import (
    Artifact,
    Content,
    Environment,
    Execution,
    Model,
    Output,
    Profile,
    Run,
    Session,
    Use,
    Value,
)
from nbmlops.store import live_folder, open_store
from nbmlops.store.live import LiveFile
from nbmlops.store.live_head import Loss


@pytest.fixture
def url(tmp_path):
    """The URL of a store whose file can be looked into."""
    return f"sqlite:///{tmp_path}/project/.nbmlops/store.db"


@pytest.fixture
def file(store) -> Path:
    """The database file of a store that has a run with an output, a model and an artifact."""
    blobs = [store.blobs.put(name.encode() * 9) for name in ("output", "model", "artifact", "mod")]
    shown = (Output("display", (Content("image/png", 9, blob=blobs[0]),)),)
    document = json.dumps({"modules": {"features.py": blobs[3]}, "git": None})
    store.save([
        Session("s1", 1.0, "jupyter", "churn", ended=2.0),
        Environment("blake3:00", document),
        Execution("e1", "s1", 1, "plot()", 1.0, "c1", outputs=shown),
        Run("r1", "s1", "churn", 1.0, environment="blake3:00"),
        Model("r1", "model", "Forest", "{}", "e1", blob=blobs[1]),
        Artifact("r1", "report.html", blobs[2], 9, "text/html"),
    ])  # fmt: skip
    return Path(store.url.removeprefix("sqlite:///"))


def blob_file(store, name):
    digest = store.blobs.put(name.encode() * 9)
    return store.blobs.path(digest), digest


def wrong(store):
    return {finding.subject: finding.text for finding in store.check() if not finding.is_good}


def test_a_sound_store_has_only_good_findings(store, file):
    findings = store.check()
    assert wrong(store) == {}
    assert [finding.subject for finding in findings] == [
        "schema",
        "database pages",
        "references",
        "data",
        "measurements",
        "blobs",
        "sessions",
        "faults",
    ]
    assert all(finding.text for finding in findings)
    assert "1 run, 1 session, 1 execution" in findings[0].text
    assert findings[5].text.startswith("4 with 198 bytes")


@pytest.mark.parametrize("name", ["blobs", "live"])
def test_a_folder_in_which_nothing_can_be_kept_is_told(store, name):
    folder = live_folder(store.url).with_name(name)
    if folder.exists():
        folder.rmdir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    assert wrong(store) == {"permissions": f"nothing can be kept in {name}: it is no folder"}


def test_a_new_store_has_only_good_findings(store):
    assert wrong(store) == {}


MEND = "From a copy that has them: nbmlops pull COPY; without: nbmlops doctor --fix"
NAMED = {
    "output": "output of cell [1] of session s1",
    "model": "model model of run r1",
    "artifact": "artifact report.html of run r1",
    "mod": "source or patch of an environment",
}


@pytest.mark.parametrize(("name", "whose"), NAMED.items())
def test_a_damaged_blob_is_found(store, file, name, whose):
    path, digest = blob_file(store, name)
    path.write_bytes(b"?" * path.stat().st_size)
    assert wrong(store) == {"blobs": f"damaged: 1 ({digest[:19]}… {whose}); missing: none. {MEND}"}


@pytest.mark.parametrize(("name", "whose"), NAMED.items())
def test_a_missing_blob_is_found(store, file, name, whose):
    path, digest = blob_file(store, name)
    path.unlink()
    assert wrong(store) == {"blobs": f"damaged: none; missing: 1 ({digest[:19]}… {whose}). {MEND}"}


def test_many_damaged_blobs_are_counted_and_some_are_named(store):
    for number in range(8):
        store.blobs.path(store.blobs.put(bytes([number]))).write_bytes(b"?")
    text = wrong(store)["blobs"]
    assert text.startswith("damaged: 8 (")
    assert text.count("blake3:") == 5


@pytest.mark.parametrize(
    ("mode", "told"),
    [(0o600, ""), (0o660, ""), (0o644, "store.db (0644)"), (0o666, "store.db (0666)")],
    ids=["owner", "group", "anybody reads", "anybody writes"],
)
def test_a_file_that_anybody_may_read_is_found_and_closed(store, file, mode, told):
    file.chmod(mode)
    found = wrong(store)
    assert found.get("permissions", "").startswith(
        f"anybody on this machine may read {told}" if told else ""
    )
    assert bool(found) == bool(told)
    done = [each.text for each in store.repair() if each.subject == "permissions"]
    assert bool(done) == bool(told)
    assert file.stat().st_mode & 0o777 == mode & 0o770
    assert wrong(store) == {}


def test_a_blob_that_nothing_names_is_no_fault(store, file):
    store.blobs.put(b"left over")
    assert wrong(store) == {}


def test_a_dangling_reference_is_found(store, file):
    with sqlite3.connect(file) as other:  # foreign keys are off unless asked for
        other.execute("UPDATE runs SET session_id = 'nowhere'")
    other.close()
    found = wrong(store)
    assert list(found) == ["references"]
    assert "runs row 1 → sessions" in found["references"]


def test_data_that_was_read_and_never_described_is_found(store, file):
    store.save([Use("e1", "df", "read", "aa"), Use("e1", "gone", "read"), Profile("cc", "{}")])
    store.save([Use("e1", "rows", "written", "bb")])  # a list, which nobody describes
    assert wrong(store) == {"data": "1 read without a description"}
    store.save([Value("aa", "frame", "pandas.DataFrame", "exact", "{}")])
    assert wrong(store) == {}
    counted = {finding.subject: finding.text for finding in store.check()}["data"]
    assert counted == "1 value, 1 profile of columns"


def page_of(file, name):
    with sqlite3.connect(file) as other:
        (number,) = other.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", [name]
        ).fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    return (number - 1) * size, size


@pytest.mark.parametrize(
    "table", ["runs", "executions", "contents", "artifacts", "tags", "ix_runs_opened"]
)
def test_a_damaged_page_is_found_wherever_it_is(store, file, table):
    start, size = page_of(file, table)
    store.close()
    with file.open("r+b") as data:
        data.seek(start)
        data.write(b"\xff" * size)
    damaged = open_store(store.url)
    try:
        found = wrong(damaged)
    finally:
        damaged.close()
    assert "database pages" in found
    assert found["database pages"]


def test_an_index_that_lost_a_row_is_found(store, file):
    store.save([replace(Run("r2", "s1", "churn", 2.0), name="second")])
    start, size = page_of(file, "ix_runs_name")
    store.close()
    with file.open("r+b") as data:
        data.seek(start)
        page = data.read(size)
        data.seek(start)
        data.write(page.replace(b"second", b"secund"))
    damaged = open_store(store.url)
    assert list(wrong(damaged)) == ["database pages"]
    damaged.close()


def test_living_sessions_are_counted(store, file):
    living = LiveFile(live_folder(store.url), "s7")
    (live_folder(store.url) / "dead.jsonl").write_text("")
    counted = {finding.subject: finding.text for finding in store.check()}["sessions"]
    living.close()
    assert counted == "1 recording now"


def test_faults_of_recording_are_reported(store, file):
    (file.parent / "faults.log").write_text("Traceback …")
    assert str(file.parent / "faults.log") in wrong(store)["faults"]


def test_what_is_none_of_the_stores_files_is_told(store, file):
    for name in ("blobs/notes.txt", "blobs/ab/cd", "live/x.txt"):
        (file.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (file.parent / name).write_text("junk")
    found = wrong(store)["files"]
    assert found.startswith("3 of something else: blobs/ab/cd, blobs/notes.txt, live/x.txt. ")


def test_what_a_session_left_and_cannot_be_read_is_kept_and_told(store, file):
    LiveFile(live_folder(store.url), "s8").leave()
    (live_folder(store.url) / "s8.jsonl").write_text("junk\n")
    assert wrong(store)["sessions"].endswith(
        "1 records of sessions that have ended are not delivered yet"
    )
    store.settle()
    assert list(wrong(store)) == ["files"]
    assert "live/s8.unreadable" in wrong(store)["files"]
    assert (live_folder(store.url) / "s8.unreadable").read_text() == "junk\n"


def test_what_a_living_session_has_no_room_for_is_told(store, file):
    living = LiveFile(live_folder(store.url), "s9")
    living.note_loss(Loss(8000, reason="No space left on device"))
    told = wrong(store)["sessions"]
    living.close()
    assert told.endswith("processes alone: 8,000 measurements (No space left on device)")
