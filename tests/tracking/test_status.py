"""The status of real sessions: a kernel, a notebook file beside it, files that change."""

import json
import os
import socket
import sqlite3
import time

import nbformat
import pytest

import nbmlops
from nbmlops.config import sqlite_url
from nbmlops.errors import RunNotFound, StoreMissing
from nbmlops.records import Execution, FileUse, Names, Session
from nbmlops.store import open_store
from tests.kernels import Kernel

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3]})"


@pytest.fixture(scope="module")
def one_kernel(tmp_path_factory):
    """A kernel that was started for a notebook, as a server starts it."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".nbmlops").mkdir()
    with Kernel(folder, JPY_SESSION_NAME=str(folder / "work.ipynb")) as started:
        assert started.run("%load_ext nbmlops").status == "ok"
        yield started


@pytest.fixture
def kernel(one_kernel, tmp_path):
    (one_kernel.folder / "work.ipynb").unlink(missing_ok=True)
    one_kernel.begin(tmp_path / "store.db")
    return one_kernel


@pytest.fixture
def run(kernel):
    """Execute cells given as ``"id: source"``."""

    def executed(*cells):
        return [kernel.run(cell.partition(": ")[2], cell_id=cell.partition(": ")[0]).status
                for cell in cells]  # fmt: skip

    return executed


@pytest.fixture
def save(kernel):
    """Save the notebook with these cells, as if that were just now."""

    def write(*cells):
        made = [nbformat.v4.new_code_cell(source, id=cell)
                for cell, _, source in (cell.partition(": ") for cell in cells)]  # fmt: skip
        path = kernel.folder / "work.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=made), path)
        os.utime(path, (time.time() + 1, time.time() + 1))

    return write


@pytest.fixture
def status(kernel):
    """Ask in the kernel, with the magic."""

    def ask(*words):
        reply = kernel.run(" ".join(["%nbmlops status --json", *words]), cell_id="asks")
        assert reply.status == "ok", reply.content
        return json.loads(reply.stdout)

    return ask


def stale(answer):
    return {
        entry["cell"]: [(reason["kind"], reason["name"]) for reason in entry["reasons"]]
        for entry in answer["stale"]
    }


def test_a_cell_executed_again_makes_stale_what_stands_on_it(run, status):
    run("a: x = 1", "b: y = x + 1", "c: print(y)", "o: other = 5")
    assert status()["up_to_date"]
    run("a: x = 2")
    answer = status()
    assert stale(answer) == {"b": [("written", "x")], "c": [("stale", "y")]}
    assert answer["run_again"] == [2, 3]
    run("b: y = x + 1", "c: print(y)")
    assert (status()["up_to_date"], status()["stale"]) == (True, [])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([f"a: {FRAME}", "b: total = df.a.sum()", f"a: {FRAME}"], {},
                     id="the same data made again"),
        pytest.param([f"a: {FRAME}", "b: total = df.a.sum()", f"a: {FRAME.replace('3', '4')}"],
                     {"b": [("written", "df")]}, id="other data"),
        pytest.param([f"a: {FRAME}", "b: total = df.a.sum()", "c: df.loc[0, 'a'] = 9"],
                     {"b": [("changed", "df")]}, id="data changed in place"),
        pytest.param(["a: rows = [1]", "b: n = len(rows)", "c: rows.append(2)"],
                     {"b": [("changed", "rows")]}, id="list changed in place"),
        pytest.param(["a: x = 1", "b: x += 1"], {}, id="changed by itself"),
        pytest.param(["a: x = 1", "b: y = x", "c: del x"], {"b": [("deleted", "x")]},
                     id="deleted"),
        pytest.param(["a: k = 1", "f: def f():\n    return k", "b: y = f()", "a: k = 2"],
                     {"b": [("written", "k")]}, id="read by a function"),
        pytest.param(["a: import math", "b: y = math.pi", "a: import math, re"], {},
                     id="one import more"),
        pytest.param(["s: import random", "a: random.random()", "b: random.random()",
                      "a: random.random()"], {}, id="random numbers drawn again"),
    ],
)  # fmt: skip
def test_what_is_stale_in_a_session(run, status, cells, expected):
    run(*cells)
    assert stale(status()) == expected


FEATURES = (
    f"a: {FRAME}",
    "b: df['c'] = df['a'] * 2",
    "d: df['e'] = df['c'] + 1",
    "o: df['z'] = 5",
    "e: print(df['e'].sum())",
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([*FEATURES, "b: df['c'] = df['a'] * 5"],
                     {"d": [("changed", "df")], "e": [("stale", "df")]}, id="made otherwise"),
        pytest.param([*FEATURES, "b: df['c'] = df['a'] * 2"], {}, id="made again"),
        pytest.param([*FEATURES, "b: df['c'] = df['a'] + df['a']"], {},
                     id="made otherwise, and the same"),
        pytest.param([*FEATURES, "o: df['z'] = 6"], {}, id="another column made otherwise"),
        pytest.param([f"a: {FRAME}", "b: df = df.assign(c=df['a'] * 2)",
                      "d: df = df.assign(e=df['c'] + 1)", "e: print(df['e'].sum())",
                      "b: df = df.assign(c=df['a'] * 5)"],
                     {"d": [("written", "df")], "e": [("stale", "df")]}, id="frames of frames"),
        pytest.param([f"a: {FRAME}", "b: df = df.assign(c=df['a'] * 2)",
                      "d: df = df.assign(e=df['c'] + 1)", "f: df = df.assign(z=df['e'])"],
                     {}, id="frames of frames, one after the other"),
        pytest.param([f"a: {FRAME}\ndf['v'] = 1", "b: df['f'] = df['a'] > 1",
                      "d: df.loc[df['f'], 'v'] = 0", "e: print(df['v'].sum())",
                      "b: df['f'] = df['a'] > 2"],
                     {"d": [("changed", "df")], "e": [("stale", "df")]}, id="rows by a column"),
    ],
)  # fmt: skip
def test_columns_made_of_columns_are_stale_where_those_are_made_otherwise(
    run, status, cells, expected
):
    run(*cells)
    assert stale(status()) == expected


def test_the_columns_that_make_stale_are_said(run, status):
    run(*FEATURES, "b: df['c'] = df['a'] * 5")
    answer = status()
    [reason] = answer["stale"][0]["reasons"]
    assert reason["columns"] == ["c"]
    assert reason["text"].startswith("used `df` (column `c`) as [2] made it")
    assert answer["run_again"] == [3, 5]


def test_a_file_that_is_written_again_or_changes_on_disk_makes_stale(run, status, kernel):
    run("w: open('a.txt', 'w').write('1')", "r: text = open('a.txt').read()", "u: n = int(text)")
    assert status()["up_to_date"]
    run("w: open('a.txt', 'w').write('2')")
    assert stale(status()) == {"r": [("written", "a.txt")], "u": [("stale", "text")]}
    run("r: text = open('a.txt').read()", "u: n = int(text)")
    path = kernel.folder / "a.txt"
    path.touch()
    assert status()["up_to_date"]  # another time, the same content
    path.write_text("3")
    assert stale(status()) == {"r": [("changed", "a.txt")], "u": [("stale", "text")]}
    path.unlink()
    assert "r" in stale(status())


CELLS = ["a: d = []", "b: d.append(1)", "s: print(len(d))", "c: d.append(2)"]


@pytest.mark.parametrize(("host", "changed"), [(socket.gethostname(), ["a"]), ("elsewhere", [])])
def test_files_are_looked_at_on_the_host_that_read_them_only(tmp_path, host, changed):
    store = open_store(sqlite_url(tmp_path / "store.db"))
    reading = Execution("e1", "s", 1, "x = load()", 1.0, "a", cell_id="a", outcome="ok")
    gone = FileUse("e1", str(tmp_path / "gone.csv"), "read", "D", 3, modified=1.0)
    store.save([Session("s", 1.0, "jupyter", "one", host=host, ended=2.0), reading, gone])
    store.close()
    found = nbmlops.status(store=sqlite_url(tmp_path / "store.db"))
    assert [entry.execution.cell_id for entry in found.stale] == changed


def test_a_notebook_run_from_top_to_bottom_is_up_to_date(run, save, status):
    save(*CELLS)
    run(*CELLS)
    assert status()["up_to_date"]


def test_the_notebook_file_tells_what_was_edited_deleted_copied_and_not_run(run, save, status):
    run("a: x = 1", "b: y = x + 1", "c: z = y * 2", "d: w = z")
    save("b: y = x + 2", "c: z = y * 2", "d: w = z", "e: w = z", "f: later = 1")
    answer = status()
    states = [(cell["cell"], cell["state"]) for cell in answer["notebook"]["cells"]]
    assert states == [
        ("b", "edited"), ("c", "same"), ("d", "same"), ("e", "never_run"), ("f", "never_run"),
    ]  # fmt: skip
    assert answer["notebook"]["cells"][3]["copy_of"] == 4
    [deleted] = answer["notebook"]["deleted_in_use"]
    assert (deleted["cell"], deleted["used_by"][0]["cell"], deleted["used_by"][0]["name"]) == (
        "a", "b", "x",
    )  # fmt: skip
    assert not answer["up_to_date"]


def test_a_file_that_is_being_written_is_said(run, kernel, status):
    run("a: x = 1")
    (kernel.folder / "work.ipynb").write_text('{"cells": [')
    answer = status()
    assert answer["notebook"]["problem"].startswith("is not valid JSON")
    assert answer["up_to_date"]


def test_the_status_is_drawn_below_the_cell(run, kernel):
    run("a: x = 1", "b: y = x")
    [one_line] = kernel.run("%nbmlops status").of("execute_result")
    assert one_line["data"]["text/plain"].count("\n") == 0
    run("a: x = 2")
    [shown] = kernel.run("%nbmlops").of("execute_result")
    assert "that cell was edited and run again as" in shown["data"]["text/html"]


def test_another_process_asks_for_the_latest_session_or_that_of_a_run(run, kernel):
    run("a: x = 1", "b: accuracy = x / 2", "a: x = 2")
    kernel.store().close()
    latest = nbmlops.status(store=kernel.url)
    assert [entry.execution.cell_id for entry in latest.stale] == ["b"]
    assert (latest.is_recording, latest.run.run.id) == (True, kernel.runs()[0].run.id)
    for reference in ("@1", latest.session.id):
        assert nbmlops.status(reference, store=kernel.url).stale == latest.stale
    with pytest.raises(RunNotFound):
        nbmlops.status("nothing of that name", store=kernel.url)


def test_a_store_without_a_session_has_nothing_recorded(tmp_path):
    open_store(sqlite_url(tmp_path / "store.db")).close()
    found = nbmlops.status(store=sqlite_url(tmp_path / "store.db"))
    assert (str(found), found.to_json()["session_id"]) == (
        "nothing is recorded: %load_ext nbmlops", None,
    )  # fmt: skip


def test_without_a_store_of_the_project_nothing_is_recorded(project):
    assert not nbmlops.status().is_recording
    for asked in ({"session": "@1"}, {"store": "elsewhere"}):
        with pytest.raises(StoreMissing):
            nbmlops.status(**asked)


def order(kernel, run):
    kernel.store().close()
    return nbmlops.show(run, store=kernel.url).to_json()["order"]


def test_a_run_says_whether_its_order_was_linear(run, save, kernel):
    save("a: x = 1", "b: y = x", "c: accuracy = y / 2")
    run("a: x = 1", "b: y = x", "c: accuracy = y / 2")
    assert order(kernel, "@1")["linear"]
    run("b: y = x + 1", "a: x = 3", "c: accuracy = y / 2")
    found = order(kernel, "@1")
    assert (found["linear"], found["reproducible"]) == (False, False)
    assert [(each["kind"], each["names"]) for each in found["findings"]] == [("edited", ["x"])]
    text = str(nbmlops.show("@1", store=kernel.url))
    assert "not reproducible top to bottom" in " ".join(text.split())
    assert order(kernel, "@2")["text"] == "linear, top to bottom"


def test_a_closed_run_keeps_how_its_notebook_was(run, save, kernel):
    save("b: y = 1", "a: accuracy = y / 2")
    run("b: y = 1", "a: accuracy = y / 2")
    kernel.quietly("__import__('nbmlops').tracking.current.tracker().runs.current.finish()")
    kernel.store().close()  # there is a store
    until = time.monotonic() + 30
    while not outlines(kernel) and time.monotonic() < until:
        time.sleep(0.1)
    save("other: 1")
    assert order(kernel, "@1")["text"] == "linear, top to bottom"
    assert [cell[1] for cell in outlines(kernel)] == ["b", "a"]


def outlines(kernel):
    connection = sqlite3.connect(kernel.url.removeprefix("sqlite:///"))
    try:
        rows = connection.execute("SELECT cells FROM outlines").fetchall()
    finally:
        connection.close()
    return json.loads(rows[0][0]) if rows else []


def test_the_latest_of_many_executions_are_all_that_is_told(tmp_path):
    """A session of 10,000 executions of a few cells has the status of a few cells."""
    store = open_store(sqlite_url(tmp_path / "store.db"))
    executions = [
        Execution(f"e{n}", "s", n, f"x{n % 20} = {n}", float(n), f"c{n % 20}", outcome="ok",
                  names=Names((f"x{n % 20}",), (f"x{(n - 1) % 20}",)))
        for n in range(1, 10_001)
    ]  # fmt: skip
    store.save([Session("s", 1.0, "jupyter", "many", host="elsewhere"), *executions])
    store.close()
    found = nbmlops.status(store=sqlite_url(tmp_path / "store.db"))
    assert (found.count, len(found.stale)) == (20, 20)
