"""Looking at a store from a process that records nothing itself, and writing on others' runs."""

import contextlib
import json
import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from nbmlops import errors
from nbmlops.config import sqlite_url
from nbmlops.records import Environment, Execution, Run, Session, Stretch, Tag, Use
from nbmlops.store import live_folder, open_store, sqlite
from nbmlops.store.base import RunQuery
from nbmlops.store.lines import to_line
from nbmlops.store.sql import SqlStore
from nbmlops.tracking import annotating, looking

# Of another host: nobody here can say that its process ended.
SESSION = Session("s1", 1.0, "jupyter", "churn", host="elsewhere", heartbeat=1e12)
RUN = Run("r1", "s1", "churn", 2.0, name="first")


@pytest.fixture
def url(project):
    return sqlite_url(project / ".nbmlops" / "store.db")


@pytest.fixture
def store(url):
    opened = open_store(url)
    opened.save([SESSION, RUN])
    yield opened
    opened.close()


def test_what_is_written_on_a_run_stays_when_the_kernel_that_has_it_open_goes_on(store):
    annotating.annotate(
        "r1", name="b", note="n", hypothesis="h", verdict="refuted", tags=["x", "k=v"]
    )
    store.save([replace(RUN, status="finished", closed=3.0)])  # the kernel knows nothing of it
    (found,) = store.runs(RunQuery())
    written = replace(RUN, name="b", note="n", hypothesis="h", verdict="refuted")
    assert found.run == replace(written, status="finished", closed=3.0)
    assert found.tags == (Tag("r1", "k", "v"), Tag("r1", "x"))


def test_only_what_is_given_is_written(store):
    assert annotating.annotate("first", note="n").detail.run == replace(RUN, note="n")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: looking.runs(status="done"), id="status"),
        pytest.param(lambda: annotating.annotate("r1", verdict="right"), id="verdict"),
    ],
)
def test_a_word_that_is_no_choice_is_refused_with_those_there_are(store, ask):
    with pytest.raises(errors.InvalidChoice) as caught:
        ask()
    assert ", ".join(caught.value.possible) in str(caught.value)
    assert [found.run for found in store.runs(RunQuery())] == [RUN]


def test_only_the_projects_own_store_may_be_missing(project):
    assert len(looking.runs()) == 0
    with pytest.raises(errors.StoreMissing):
        looking.runs(store="typo.db")
    assert list(project.iterdir()) == []


def test_a_session_killed_before_its_first_delivery_is_found(project, url):
    live_folder(url).mkdir(parents=True)
    lines = [to_line([record]) for record in (SESSION, RUN)]
    (live_folder(url) / "s1.jsonl").write_text("".join(lines))
    assert [found.run for found in looking.runs()] == [RUN]


def test_a_store_that_another_process_writes_is_read_unsettled(store, project, monkeypatch):
    live_folder(store.url).mkdir()
    (live_folder(store.url) / "s1.jsonl").write_text(to_line([Tag("r1", "later")]))
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(project / ".nbmlops" / "store.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert [found.tags for found in looking.runs()] == [()]
    holder.close()
    assert [found.tags for found in looking.runs()] == [(Tag("r1", "later"),)]


def test_the_open_run_is_written_on_by_its_own_process_and_by_others(kernel):
    kernel.run("import nbmlops\nrun = nbmlops.start_run('first')")
    kernel.run("nbmlops.annotate('@1', note='mine', hypothesis='h')")
    assert kernel.ask("run.record.note") == "mine"
    annotating.annotate("@1", note="theirs", name="named", store=kernel.url)
    kernel.run("run.finish()")
    (found,) = kernel.runs()
    assert (found.run.name, found.run.note, found.run.hypothesis) == ("named", "theirs", "h")
    assert found.run.status == "finished"


def test_showing_a_run_reads_what_it_contains_once(store, monkeypatch):
    cells = [Execution(f"x{n}", "s1", n, "auc = 1", 1.0, "k") for n in (1, 2)]
    store.save([*cells, Stretch("r1", 1, 2), Stretch("r1", 2, 2, gave_result=True)])
    asked, read = [], SqlStore.executions
    monkeypatch.setattr(
        SqlStore,
        "executions",
        lambda *args, **options: asked.append(args) or read(*args, **options),
    )
    assert looking.show("r1").behind.order is not None
    assert len(asked) == 1


def document_of(name):
    """The document of an environment with a package of its own version."""
    python = {"version": "3.12.1", "implementation": "CPython"}
    return json.dumps({"python": python, "packages": {"x": name}, "git": None, "modules": {}})


@pytest.mark.parametrize("count", [2, 30])
def test_comparison_asks_as_often_whatever_the_number_of_runs(store, count):
    ids = [f"r{number}" for number in range(1, count + 1)]
    cells = [Execution(f"e{number}", "s1", number, "x = 1", 2.0, "c") for number in range(1, 31)]
    store.save(
        [
            *(Environment(f"of {run_id}", document_of(run_id)) for run_id in ids),
            *(replace(RUN, id=each, name=f"run {each}", environment=f"of {each}") for each in ids),
            *cells,
            *(Stretch(run_id, 1, place) for place, run_id in enumerate(ids, 1)),
        ]
    )
    with statements() as sent:
        compared = looking.compare(*ids)
    assert [run.id for run in compared.runs] == ids
    assert len(sent) <= 20
    assert not [one for one, _ in sent if "stretches JOIN runs" in one]  # they name their session


@pytest.mark.parametrize("count", [3, 300])
def test_a_run_is_shown_in_few_queries_that_read_nothing_twice(store, count):
    cells = [Execution(f"e{number}", "s1", number, "x = 1", 2.0, "c") for number in range(count)]
    store.save([*cells, Stretch("r1", 1, count - 1), Stretch("r1", 1, 1, gave_result=True)])
    store.save([Use(cell.id, "x", "read", None) for cell in cells])
    with statements() as sent:
        shown = looking.show("r1")
    assert len(shown.detail.executions) == count - 1
    assert shown.order.is_linear
    assert len(sent) <= 20
    assert len(sent) == len(set(sent))


@contextlib.contextmanager
def statements():
    """Give the statements and values with which stores are asked, as it happens."""
    sent = []

    def note(_connection, _cursor, statement, values, *_):
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("also", ["first", "@1"])
def test_runs_are_compared_in_the_order_they_are_named_in_whatever_names_them(store, also):
    store.save([replace(RUN, id="r0", name="before", opened=1.0), replace(RUN, id="r9", name="ab")])
    store.save([replace(RUN, opened=9.0)])
    assert [run.id for run in looking.compare("r0", also, "r9").runs] == ["r0", "r1", "r9"]
