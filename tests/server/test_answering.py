"""Answers without a server around them: what they cost, and that any kind of store gives them."""

import json
import sys
from contextlib import closing

import pytest
from sqlalchemy import event

from nbmlops.drawing.notices import Voice, speak_by
from nbmlops.records import Metric, Param, Point, Points, Run, Session, Tag
from nbmlops.server.answering import Answerer, Incoming
from nbmlops.server.asked import Arguments
from nbmlops.server.routes import ROUTES
from nbmlops.server.stores import HeldStores, Project
from nbmlops.store import open_store
from tests.server.contract import check

RUNS = 600
BY_PATH = {route.path: route for route in ROUTES}


def filled(store):
    """Return a store with many runs of one session, each with all that a row shows."""
    records = [Session("s", 1.0, "script", "churn", ended=9.0)]
    for number in range(RUNS):
        run = f"r{number:04}"
        records += [
            Run(run, "s", f"e{number % 7}", float(number), status="finished", closed=number + 0.5),
            Param.of(run, "lr", number, "cell"), Tag(run, "kind", "x"),
            Metric(run, "auc", number / RUNS, 0.0, 1.0, 2, 1, 1.0),
            Points.pack(run, "auc", 0, [Point(0, 1.0, 0.0), Point(1, 2.0, number / RUNS)]),
        ]  # fmt: skip
    store.save(records)
    return store


@pytest.fixture(scope="module")
def many(root):
    """A folder with a store of many runs."""
    folder = root / "many"
    (folder / ".nbmlops").mkdir(parents=True)
    filled(open_store(f"sqlite:///{folder}/.nbmlops/store.db")).close()
    return folder


@pytest.fixture
def answerer(root):
    stores = HeldStores()
    yield Answerer(stores, root)
    stores.close()


@pytest.fixture
def ask(answerer):
    def asked(address, folder, names=(), etag="", **arguments):
        given = {"path": folder, **arguments}
        texts = Arguments({name: [str(value)] for name, value in given.items()})
        return answerer.reply(BY_PATH[address], Incoming("GET", names, texts, "ada", etag=etag))

    return asked


@pytest.fixture
def queries(answerer, many):
    """Every statement that is sent to the store of many runs, but for transactions' ends."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine = answerer.stores.held(Project.of(many)).store.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("path", "arguments", "most"),
    [
        pytest.param("/runs", {}, 16, id="runs"),
        pytest.param("/runs", {"filter": "metrics.auc > 0.1"}, 18, id="a search"),
        pytest.param("/runs", {"order_by": "metrics.auc"}, 18, id="sorted"),
        pytest.param("/runs", {"sparklines": "auc"}, 18, id="with curves"),
        pytest.param("/experiments", {}, 3, id="experiments"),
        pytest.param("/names", {"kind": "metrics"}, 3, id="names"),
        pytest.param("/sessions", {}, 3, id="sessions"),
    ],
)
def test_long_lists_take_as_many_queries_as_short_ones(ask, many, queries, path, arguments, most):
    counts = []
    for limit in (1, 50, 399):
        ask(path, "many", limit=limit, **arguments)  # what is opened once is open now
        queries.clear()
        assert ask(path, "many", limit=limit, **arguments).status == 200
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= most, queries


def test_being_asked_whether_anything_is_new_takes_one_query(ask, many, queries):
    etag = ask("/runs", "many").etag
    queries.clear()
    reply = ask("/runs", "many", etag=etag)
    assert (reply.status, reply.body) == (304, b"")
    assert [statement for statement in queries if "sessions" not in statement] == []
    assert len(queries) <= 1


def test_store_is_opened_once(ask, many, monkeypatch):
    from nbmlops.server import stores

    opened = []
    monkeypatch.setattr(stores, "store_to_read", lambda url: opened.append(url) or open_store(url))
    for _ in range(3):
        (
            ask("/runs", "many"),
            ask("/status", "many"),
            ask("/names", "many", kind="tags"),
        )
    assert len([url for url in opened if url.endswith("/many/.nbmlops/store.db")]) == 1


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/runs/{id}", {}),
        ("/runs/{id}/executions", {}),
        ("/runs/{id}/slice", {}),
        ("/runs/{id}/data", {}),
        ("/compare", {"run": ["same", "r2"]}),
        ("/series", {"run": ["same", "r2"]}),
    ],
)
def test_of_a_name_that_several_runs_have_a_server_tells_nobody(
    answerer, root, tmp_path, capsys, path, arguments
):
    folder = root / tmp_path.name
    (folder / ".nbmlops").mkdir(parents=True)
    with closing(open_store(f"sqlite:///{folder}/.nbmlops/store.db")) as store:
        names = ("same", "same", "other")
        session = Session("s", 1.0, "script", "churn", ended=9.0)
        runs = [Run(f"r{n}", "s", "e", float(n), name=name) for n, name in enumerate(names)]
        store.save([session, *runs])
    speak_by(Voice(tell=sys.stderr.write))
    texts = Arguments({"path": [folder.name], **arguments})
    reply = answerer.reply(BY_PATH[path], Incoming("GET", ("same",), texts, "ada"))
    speak_by(None)
    assert reply.status == 200, reply.body
    assert capsys.readouterr().err == ""


def test_stores_beyond_a_few_are_let_go_and_opened_again(ask, root, answerer):
    names = [f"project-{number}" for number in range(10)]
    for name in names:
        (root / name / ".nbmlops").mkdir(parents=True)
        open_store(f"sqlite:///{root / name}/.nbmlops/store.db").close()
    for name in [*names, *names]:
        assert ask("/runs", name).status == 200
    assert len(answerer.stores._places) == 8


# On a server


@pytest.fixture
def postgres(server, project, tmp_path, monkeypatch):
    """The URL of a store in PostgreSQL that the project records into."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    url = server.new_url()
    monkeypatch.setenv("NBMLOPS_STORE", url)
    return url


def test_store_in_postgresql_answers_alike(ask, postgres, project):
    first = ask("/runs", project.name)
    assert json.loads(first.body)["runs"] == []
    store = filled(open_store(postgres))
    store.close()
    page = ask("/runs", project.name, etag=first.etag, limit=50, sparklines="auc")
    assert page.etag != first.etag
    document = check("/runs", "GET", page.status, page.body)
    assert (document["total"], len(document["runs"])) == (RUNS, 50)
    again = ask("/runs", project.name, etag=page.etag, limit=50, sparklines="auc")
    assert again.status in (200, 304)  # others may have written to the server in between


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/experiments", ()), ("/sessions", ()), ("/runs/{id}", ("r0001",)),
        ("/runs/{id}/executions", ("r0001",)), ("/runs/{id}/notebook", ("r0001",)),
        ("/runs/{id}/series/{metric}", ("r0001", "auc")),
        ("/runs/{id}/environment", ("r0001",)), ("/data", ()),
    ],
)  # fmt: skip
def test_what_postgresql_answers_is_what_sqlite_does(
    ask, many, postgres, project, path, names, monkeypatch
):
    filled(open_store(postgres)).close()
    there = ask(path, project.name, names)
    monkeypatch.delenv("NBMLOPS_STORE")
    here = ask(path, "many", names)
    found = check(path, "GET", there.status, there.body)
    assert found == check(path, "GET", here.status, here.body)
