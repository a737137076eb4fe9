"""Forgetting a text or a run: no file of the store has it any more, and the rest is as it was."""

import json
import pickle
import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from nbmlops.errors import TextTooCommon
from nbmlops.records import (
    Artifact,
    Content,
    Environment,
    Execution,
    Failure,
    FileUse,
    Metric,
    Model,
    Names,
    NotebookCell,
    Outline,
    Output,
    Param,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import live_folder, open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.blobs import digest_of
from nbmlops.store.forgetting import files_of, forms_of
from nbmlops.store.live import LiveFile

SECRETS = {
    "plain": "hunter2-and-more",
    "quotes": 'it\'s "so" secret',
    "umlauts": "geheim für größte",
    "lines": "first line\nsecond\tline",
    "signs": "p@ss/w0rd&<x>=50%",
    "backslash": "C:\\secret\\path",
}


@pytest.fixture(params=SECRETS.values(), ids=SECRETS)
def secret(request):
    return request.param


def fill(store, secret):
    """Record a run that has a text in every place there is for one."""
    model = pickle.dumps({"key": secret, "weights": [1.0, 2.0]})
    blobs = [store.blobs.put(data) for data in (f"<p>{secret}</p>".encode(), model, b"clean")]
    source = store.blobs.put(f"KEY = {secret!r}\n".encode())
    document = json.dumps({"modules": {"keys.py": source}, "variables": {"KEY": secret}})
    shown = (
        Output("stdout", (Content("text/plain", 9, text=f"key: {secret}"),)),
        Output("display", (Content("text/html", 9, blob=blobs[0]),)),
    )
    store.save([
        Session("s1", 1.0, "jupyter", f"of {secret}", ended=9.0, notebook=f"/{secret}.ipynb"),
        Environment(digest_of(document.encode()), document),
        Execution("e1", "s1", 1, f"key = {secret!r}", 1.0, "c", tags=(secret,), outputs=shown,
                  names=Names((secret,)), failure=Failure("Error", secret, f"at {secret}")),
        Run("r1", "s1", "churn", 2.0, name=f"run {secret}", note=secret, status="finished",
            hypothesis=secret, reason=secret, environment=digest_of(document.encode())),
        Stretch("r1", 1, 1), Param.of("r1", "key", secret, "cell"),
        Param.of("r1", "nested", {"list": [secret, 1]}, "cell"), Param.of("r1", secret, 2, "cell"),
        Tag("r1", "stage", secret), Metric("r1", "auc", 0.9, 0.9, 0.9, 1, 0, 1.0),
        Model("r1", "model", "Forest", json.dumps({"key": ["str", json.dumps(secret)]}),
              blob=blobs[1], size_bytes=len(model)),
        Artifact("r1", "report", blobs[2], 5, "text/plain"),
        Outline("r1", "a.ipynb", cells=(NotebookCell("d1", None, f"x = {secret!r}"),)),
        Use("e1", secret, "read", "aa"), FileUse("e1", f"data/{secret}.csv", "read", "ff"),
        Value("aa", "frame", "DataFrame", "exact", json.dumps({"columns": [], "of": secret})),
    ])  # fmt: skip
    return model


def bytes_of(store):
    return b"".join(file.read_bytes() for file in files_of(store))


def holds(store, text):
    content = bytes_of(store)
    return [form for form in forms_of(text) if form.encode() in content]


def test_no_file_has_a_forgotten_text_in_any_form(store, secret):
    fill(store, secret)
    assert holds(store, secret)
    assert store.places_of(secret) != ()
    done = store.forget_text(secret)
    assert (done.left, holds(store, secret), store.places_of(secret)) == ((), [], ())
    assert done.blobs == 3
    assert [finding for finding in store.check() if not finding.is_good] == []


def test_all_else_stays_as_it_was(store, secret):
    model = fill(store, secret)
    store.forget_text(secret)
    [found] = store.runs(RunQuery())
    stars = "*" * len(secret.encode())
    assert (found.run.note, found.run.name, found.tags[0].value) == (stars, f"run {stars}", stars)
    assert [metric.last for metric in found.metrics] == [0.9]
    by_name = {param.name: param.value for param in found.params}
    assert len(by_name) == 3
    assert set(by_name["nested"]["list"][0]) == {"*"}
    kept = pickle.loads(store.blobs.get(found.models[0].blob))
    assert (kept["key"], kept["weights"]) == (stars, [1.0, 2.0])
    assert store.blobs.size(found.models[0].blob) == len(model)
    environment = store.environment(found.run.environment)
    assert environment.digest == digest_of(environment.document.encode())
    assert store.blobs.get(environment.content["modules"]["keys.py"]).startswith(b"KEY = ")
    assert store.blobs.get(found.artifacts[0].blob) == b"clean"


def test_text_that_is_nowhere_changes_nothing(store):
    fill(store, "hunter2-and-more")
    before = (store.runs(RunQuery()), store.executions("r1"), store.blobs.digests())
    done = store.forget_text("something else")
    assert (done.rows, done.blobs, done.files) == (0, 0, ())
    assert (store.runs(RunQuery()), store.executions("r1"), store.blobs.digests()) == before


@pytest.mark.parametrize("text", ["", "abc", "   ", "1234", "-0.25", "1e9", "columns", "digest"])
def test_text_that_is_part_of_everything_is_refused_and_not_repeated(store, text):
    with pytest.raises(TextTooCommon) as caught:
        store.forget_text(text)
    assert not text.strip() or text not in str(caught.value)


def test_copies_from_before_upgrades_that_have_it_go(store):
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps its own files")
    fill(store, "hunter2-and-more")
    database = Path(store.url.removeprefix("sqlite:///"))
    old = database.with_name("store.db.before-0004")
    with sqlite3.connect(old) as copy:
        copy.execute("CREATE TABLE t (x TEXT)")
        copy.execute("INSERT INTO t VALUES ('hunter2-and-more')")
    copy.close()
    clean = database.with_name("store.db.before-0003")
    clean.write_bytes(b"nothing")
    (database.parent / "faults.log").write_text("ValueError: hunter2-and-more\n")
    assert store.forget_text("hunter2-and-more").files == ("store.db.before-0004", "faults.log")
    assert (old.exists(), clean.exists(), holds(store, "hunter2-and-more")) == (False, True, [])


def test_what_a_living_session_holds_is_told(store, monkeypatch):
    monkeypatch.setattr("nbmlops.store.forgetting._WAIT_SECONDS", 0.0)
    living = LiveFile(live_folder(store.url), "s9")
    living.append([Tag("r9", "key", "hunter2-and-more")])
    assert store.forget_text("hunter2-and-more").left == ("live/s9.jsonl",)
    living.close()
    assert store.forget_text("hunter2-and-more").left == ()


def test_it_waits_for_living_sessions_to_deliver(store):
    living = LiveFile(live_folder(store.url), "s9")
    living.append([Tag("r9", "key", "hunter2-and-more")])
    delivering = threading.Timer(0.3, living.empty)
    delivering.start()
    assert store.forget_text("hunter2-and-more").left == ()
    delivering.join()
    living.close()


def test_another_that_has_the_store_open_does_not_keep_the_text(store):
    fill(store, "hunter2-and-more")
    other = open_store(store.url)
    assert len(other.runs(RunQuery())) == 1
    assert store.forget_text("hunter2-and-more").left == ()
    assert other.runs(RunQuery())[0].run.note == "*" * 16
    other.close()


def test_forgotten_run_is_in_no_file_and_others_stay_whole(store):
    fill(store, "hunter2-and-more")
    kept = [Session("s2", 1.0, "script", "other", ended=2.0), Run("r2", "s2", "other", 1.0),
            Artifact("r2", "same", store.blobs.put(b"clean"), 5, "text/plain")]  # fmt: skip
    store.save(kept)
    if store.engine.dialect.name == "sqlite":
        database = store.url.removeprefix("sqlite:///")
        shutil.copy(database, f"{database}.before-0004")
    done = store.forget_runs(["r1"])
    assert (done.runs, done.executions, done.blobs) == (("r1",), 1, 3)
    assert holds(store, "hunter2-and-more") == []
    [found] = store.runs(RunQuery(trashed=None))
    assert found.run == replace(kept[1])
    assert store.blobs.digests() == [found.artifacts[0].blob]
    assert [finding for finding in store.check() if not finding.is_good] == []
