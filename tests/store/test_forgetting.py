"""Forgetting a text or a run: no file of the store has it any more, and the rest is as it was."""

import base64
import contextlib
import json
import os
import pickle
import shutil
import socket
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from nbmlops.canonical import now
from nbmlops.errors import RunInLivingSession, StoreNotWritable, StoreUnavailable, TextTooCommon
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
    Points,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.redaction.forms import forms_of
from nbmlops.store import live_folder, open_store, tables
from nbmlops.store.base import Policy, RunQuery
from nbmlops.store.blobs import digest_of
from nbmlops.store.copying import copy_runs
from nbmlops.store.forgetting import files_of
from nbmlops.store.live import LiveFile
from nbmlops.store.locked_files import content_of
from nbmlops.store.places import path_of
from nbmlops.store.purging import purge

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
    return b"".join(content_of(file) for file in files_of(store))


def rows_of(store):
    """Every text of a server's tables, of which the files are its own."""
    if store.engine.dialect.name == "sqlite":
        return b""
    with store.engine.connect() as connection:
        rows = [
            row
            for table in tables.metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    texts = (value for row in rows for value in row if isinstance(value, str))
    return "\n".join(texts).encode()


def holds(store, text):
    content = bytes_of(store) + rows_of(store)
    return [form for form in forms_of(text) if form.encode() in content]


def test_no_file_has_a_forgotten_text_in_any_form(store, secret):
    fill(store, secret)
    assert holds(store, secret)
    assert store.places_of(secret) != ()
    done = store.forget_text(secret)
    assert (done.left, holds(store, secret), store.places_of(secret)) == ((), [], ())
    assert done.blobs == 3
    assert [finding for finding in store.check() if not finding.is_good] == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("executions", "source"), ("params", "json"), ("environments", "document")],
)
def test_a_text_is_forgotten_beside_bytes_that_are_no_text(tmp_path, table, column):
    file_store = open_store(f"sqlite:///{tmp_path}/project/.nbmlops/store.db")
    secret = SECRETS["plain"]
    fill(file_store, secret)
    with contextlib.closing(sqlite3.connect(path_of(file_store.url))) as foreign, foreign:
        foreign.execute(f"UPDATE {table} SET {column} = CAST(x'ff' || {column} AS TEXT)")
    assert file_store.forget_text(secret, is_done=False).rows > 0
    done = file_store.forget_text(secret)
    assert (done.left, holds(file_store, secret)) == ((), [])
    file_store.close()


OTHER_FORMS = [
    repr("Zebrafink-Öl 77".encode()),
    "ZEBRAFINK-ÖL 77",
    "zebrafink-öl 77",
    base64.b64encode("Zebrafink-Öl 77".encode()).decode(),
    base64.b64encode("bob:Zebrafink-Öl 77".encode()).decode(),
    repr(repr("Zebrafink-Öl 77".encode())),
    "Zebrafink-Öl 77".encode().hex(),
    ascii("Zebrafink-Öl 77"),
    repr("Zebrafink-Öl 77".encode("latin-1")),
    "Zebrafink-Öl 77".encode("utf-16").hex(),
    "Zebrafink-Öl 77".encode("ascii", "xmlcharrefreplace").decode(),
]


def test_other_forms_of_a_text_are_forgotten_with_it(store):
    fill(store, " ".join(OTHER_FORMS))
    assert store.places_of("Zebrafink-Öl 77") != ()
    assert store.forget_text("Zebrafink-Öl 77").left == ()
    content = bytes_of(store) + rows_of(store)
    own = [form.strip("b'\"").encode()[6:-4] for form in OTHER_FORMS]
    assert [form for form in own if form in content] == []
    assert store.places_of("Zebrafink-Öl 77") == ()


def test_a_common_word_is_forgotten_as_it_is_written_alone(store):
    fill(store, "Anna and savanna")
    store.forget_text("Anna")
    [found] = store.runs(RunQuery())
    assert found.run.note == "**** and savanna"


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "   ",
        "1234",
        "-0.25",
        "1e9",
        "columns",
        "digest",
        "form",
        "float",
        "jupyter",
        "logged",
        "stdout",
        "nulls",
        "a\0secret",
    ],
)
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


def test_each_blob_is_got_once_to_be_looked_through(tmp_path):
    url = f"sqlite:///{tmp_path}/project/.nbmlops/store.db?blobs=memory://{tmp_path}"
    store = open_store(url)
    there = [store.blobs.put(bytes([number])) for number in range(3)]
    with patch.object(store.blobs, "get", wraps=store.blobs.get) as get:
        store.forget_text("hunter2-and-more", is_done=False)
        assert [call.args[0] for call in get.call_args_list] == sorted(there)
        store.places_of("hunter2-and-more")
        assert get.call_count == 2 * len(there)
    store.close()


@pytest.mark.parametrize(
    ("step", "act"),
    [
        ("forgetting.covers_of", lambda store: store.forget_text("hunter2-and-more")),
        ("forgetting.occurrences", lambda store: store.forget_text("hunter2", is_done=False)),
        ("forgetting_runs.named_blobs", lambda store: store.forget_runs(["r1"])),
        ("space.to_pack", lambda store: store.make_space(Policy(0.0, 0.0), is_done=True)),
    ],
)
def test_a_database_that_goes_away_meanwhile_is_told_as_such(store, monkeypatch, step, act):
    def locked(*_, **__):
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    fill(store, "hunter2-and-more")
    monkeypatch.setattr(f"nbmlops.store.{step}", locked)
    with pytest.raises(StoreUnavailable):
        act(store)


@pytest.mark.parametrize(
    "act", [lambda a, _: a.forget_text("hunter2-and-more"), lambda a, b: copy_runs(b, a)]
)
def test_a_folder_of_blobs_that_takes_nothing_is_told_as_such(tmp_path, monkeypatch, act):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    stores = [open_store(f"sqlite:///{tmp_path}/{name}/store.db") for name in "ab"]
    for store in stores:
        fill(store, "hunter2-and-more")
    stores[1].save([Artifact("r1", "other", stores[1].blobs.put(b"other"), 5, "text/plain")])
    monkeypatch.setattr(stores[0].blobs, "put", refuse)
    with pytest.raises(StoreNotWritable, match="Permission denied"):
        act(*stores)
    for store in stores:
        store.close()


def test_it_waits_for_records_on_their_way_that_name_a_blob_with_the_text(store):
    fill(store, "nothing of it")
    record = Artifact(
        "r1", "on its way", store.blobs.put(b"key: hunter2-and-more"), 21, "text/plain"
    )
    living = LiveFile(live_folder(store.url), "s9")
    living.append([record])

    def deliver():
        store.save([record])
        living.empty()

    delivering = threading.Timer(0.3, deliver)
    delivering.start()
    assert store.forget_text("hunter2-and-more").left == ()
    delivering.join()
    living.close()
    [named] = [
        each.blob for each in store.runs(RunQuery())[0].artifacts if each.name == record.name
    ]
    assert store.blobs.get(named) == b"key: ****************"


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


def living_session(store):
    """A session that goes on, with a run that contains its first two executions."""
    store.save([
        Session("s1", 1.0, "jupyter", "churn", heartbeat=now(), host=socket.gethostname()),
        Execution("e1", "s1", 1, "data = load()", 1.0, "c"),
        Execution("e2", "s1", 2, "score(data)", 2.0, "d"),
        Run("r1", "s1", "churn", 2.0, status="finished", closed=3.0), Stretch("r1", 1, 2),
    ])  # fmt: skip


@pytest.mark.parametrize("asked", ["r1", "r0"], ids=["its own", "one that its own is inside of"])
def test_run_of_a_session_that_goes_on_is_not_forgotten_nor_what_it_needs(store, asked):
    ended = Session("s0", 1.0, "script", "churn", ended=2.0)
    store.save([ended, Run("r0", "s0", "churn", 1.0, status="finished")])
    living_session(store)
    store.save([Run("r1", "s1", "churn", 2.0, status="finished", closed=3.0, parent_id="r0")])
    before = store.runs(RunQuery())
    with pytest.raises(RunInLivingSession) as caught:
        store.forget_runs([asked])
    assert caught.value.run_id == "r1"
    assert store.runs(RunQuery()) == before
    store.save([Metric("r1", "auc", 0.5, 0.5, 0.5, 1, 0, 1.0, execution_id="e1")])
    assert [execution.id for execution, _ in store.executions("r1")] == ["e1", "e2"]


def test_run_of_another_host_that_was_silent_for_long_can_be_forgotten(store):
    living_session(store)
    store.save([Session("s1", 1.0, "jupyter", "churn", heartbeat=1.0, host="elsewhere")])
    assert store.forget_runs(["r1"]).runs == ("r1",)
    assert store.runs(RunQuery(trashed=None)) == []


def test_blob_of_a_forgotten_run_that_a_record_on_its_way_names_stays(store):
    fill(store, "hunter2-and-more")
    living = LiveFile(live_folder(store.url), "s9")
    same = store.blobs.put(b"clean")
    living.append([Artifact("r9", "same", same, 5, "text/plain")])
    assert store.forget_runs(["r1"]).blobs == 3
    assert store.blobs.get(same) == b"clean"
    living.close()


def test_blob_that_somebody_puts_while_its_run_is_forgotten_stays(store, monkeypatch):
    fill(store, "hunter2-and-more")
    same = digest_of(b"clean")
    path = store.blobs.path(same)

    def put_between(connection, ids):
        os.utime(path, (time.time() + 1, time.time() + 1))  # as putting does
        return purge(connection, ids)

    monkeypatch.setattr("nbmlops.store.forgetting_runs.purge", put_between)
    assert store.forget_runs(["r1"]).blobs == 3
    assert store.blobs.get(same) == b"clean"


@pytest.mark.parametrize("what", ["runs", "a text"])
def test_what_somebody_who_reads_keeps_in_the_database_is_told(url, what, monkeypatch):
    if not url.startswith("sqlite"):
        pytest.skip("a server keeps its own files")
    monkeypatch.setattr("nbmlops.store.sqlite.BUSY_SECONDS", 0.05)
    store = open_store(url)
    fill(store, "hunter2-and-more")
    reading = sqlite3.connect(store.url.removeprefix("sqlite:///"))
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM runs").fetchall()
    forget = store.forget_runs if what == "runs" else store.forget_text
    done = forget(["r1"] if what == "runs" else "hunter2-and-more")
    assert [name.startswith("store.db") for name in done.left] == [True]
    assert holds(store, "hunter2-and-more")
    reading.close()
    store.close()
    assert holds(store, "hunter2-and-more") == []


def test_database_that_somebody_holds_is_told_after_its_runs_are_gone(store, monkeypatch):
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps its own files")
    fill(store, "hunter2-and-more")

    def locked():
        raise StoreUnavailable(store.url, "database is locked")

    monkeypatch.setattr(store, "give_back_pages", locked)
    assert store.forget_runs(["r1"]).left == ("store.db",)
    assert store.runs(RunQuery(trashed=None)) == []


def test_text_of_a_few_words_of_ours_can_be_forgotten(store):
    fill(store, "git packages")
    assert store.forget_text("git packages").left == ()


def test_half_of_a_pair_of_surrogates_is_no_error(store):
    fill(store, "hunter2-and-more")
    assert store.forget_text("abc\udc80def").rows == 0


def test_text_in_an_environment_alone_is_found(store):
    document = '{"variables":{"X":"hunter2-and-more"}}'
    store.save([Environment(digest_of(document.encode()), document)])
    assert store.places_of("hunter2-and-more") != ()


def test_names_that_differ_in_forgotten_texts_alone_stay_apart(store):
    metrics = [Metric("r1", name, 0.5, 0.5, 0.5, 1, 0, 1.0) for name in ("alice_m", "bobby_m")]
    store.save([
        Session("s1", 1.0, "script", "churn", ended=9.0), Execution("e1", "s1", 1, "x", 1.0, "c"),
        Run("r1", "s1", "churn", 2.0, status="finished"), *metrics,
        Param.of("r1", "alice_lr", 1, "cell"), Param.of("r1", "bobby_lr", 2, "cell"),
        FileUse("e1", "/h/alice/x.csv", "read"), FileUse("e1", "/h/bobby/x.csv", "read"),
        *(Points.pack_rows("r1", name, 0, [(0, 1.0, 0.5)]) for name in ("alice_m", "bobby_m")),
    ])  # fmt: skip
    assert store.forget_text("alice").rows == store.forget_text("bobby").rows == 4
    [found] = store.runs(RunQuery())
    assert {param.name: param.value for param in found.params} == {"*****_lr": 1, "****1_lr": 2}
    assert [metric.name for metric in found.metrics] == ["*****_m", "****1_m"]
    assert len(store.points("r1", "****1_m")) == 1
    assert [use.path for use in store.file_uses(["e1"])] == ["/h/*****/x.csv", "/h/****1/x.csv"]


def test_names_that_would_become_one_within_one_forgetting_are_refused(store):
    secret = 'so "secret"'
    fill(store, "nothing of it")
    alike = [form for form in forms_of(secret) if len(form) == 17]
    assert len(alike) == 2
    store.save([Param.of("r1", form, 1, "cell") for form in alike])
    before = store.runs(RunQuery())
    with pytest.raises(TextTooCommon):
        store.forget_text(secret)
    assert store.runs(RunQuery()) == before


def test_what_would_change_is_said_and_nothing_does(store):
    fill(store, "hunter2-and-more")
    before = (bytes_of(store), rows_of(store))
    asked = store.forget_text("hunter2-and-more", is_done=False)
    gone = store.forget_runs(["r1"], is_done=False)
    assert rows_of(store) == before[1]
    assert holds(store, "hunter2-and-more")
    assert asked.names
    assert all("hunter2" not in name and "****" in name for name in asked.names)
    done = store.forget_text("hunter2-and-more")
    assert (asked.rows, asked.blobs) == (done.rows, done.blobs)
    assert store.forget_runs(["r1"]).executions == gone.executions


DOCUMENTS = [  # what is forgotten, a parameter, what it is then
    ("1, 2", [1, 2, "1, 2"], [1, 2, "****"]),
    ('","b', ["a", "b"], ["a", "b"]),
    ("true}", {"a": True}, {"a": True}),
    ("alice", {"alice": ["by alice"]}, {"*****": ["by *****"]}),
    ('a"b\\c', ['say a"b\\c'], ["say *****"]),
    ("ünder", ["ünder way"], ["****** way"]),
]


def test_documents_stay_what_they_are_but_for_the_text(store):
    session, run = Session("s1", 1.0, "jupyter", "churn", ended=9.0), Run("r1", "s1", "churn", 2.0)
    params = [Param.of("r1", str(n), value, "logged") for n, (_, value, _) in enumerate(DOCUMENTS)]
    store.save([session, run, *params])
    for text, _, _ in DOCUMENTS:
        store.forget_text(text)
    [found] = store.runs(RunQuery())
    assert [param.value for param in found.params] == [expected for *_, expected in DOCUMENTS]
