"""Finding runs over HTTP, and writing on them; shapes are checked with every answer."""

import json
import subprocess
import sys

import pytest

from nbmlops.records import Metric, Param, Point, Points, Run, Session, Tag
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery

LONG = "x" * 100_000
HOSTILE = [
    pytest.param("<img src=x onerror=alert(1)>", id="HTML"),
    pytest.param("'; DROP TABLE runs; --", id="SQL"),
    pytest.param("\u202eabc\u2066\u0000\x1b[31m", id="marks and controls"),
    pytest.param("名前 🏃 é", id="not ASCII"),
    pytest.param("__proto__", id="prototype"),
    pytest.param("a/b%2Fc?d#e", id="signs of addresses"),
    pytest.param(LONG, id="endless"),
]


@pytest.fixture
def store(project):
    opened = open_store(f"sqlite:///{project}/.nbmlops/store.db")
    opened.save([Session("s", 1.0, "script", "churn", ended=9.0)])
    yield opened
    opened.close()


def run(number, **fields):
    status = {"status": "finished", "closed": number + 0.5} | fields
    return Run(f"r{number:04}", "s", "churn", float(number), **status)


def names(found):
    return [row["name"] for row in found["runs"]]


def test_runs_are_those_that_the_command_lists(api, runs):
    command = [sys.executable, "-m", "nbmlops", "runs", "--json"]
    said = json.loads(subprocess.run(command, cwd=runs, capture_output=True, check=True).stdout)
    assert api.get("/runs") == {**said, "notes": []}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param({}, ["broken", "wide", "baseline"], id="all, the latest first"),
        pytest.param({"filter": "metrics.auc > 0.85"}, ["wide"], id="a filter"),
        pytest.param({"order_by": "metrics.loss asc"}, ["baseline", "wide", "broken"], id="order"),
        pytest.param({"limit": "1"}, ["broken"], id="a page"),
        pytest.param({"trash": "true"}, [], id="trash"),
    ],
)
def test_runs_are_found(api, runs, arguments, expected):
    found = api.get("/runs", **arguments)
    assert names(found) == expected
    counted = {key: text for key, text in arguments.items() if key in ("filter", "trash")}
    assert found["total"] == api.get("/runs/count", **counted)["total"]


def test_nothing_that_fits_says_which_names_no_run_has(api, runs):
    found = api.get("/runs", filter="metrics.aucc > 0.5")
    assert found["runs"] == []
    assert "auc" in found["notes"][0]


def test_total_is_not_counted_unless_wanted(api, runs):
    assert api.get("/runs", total="false", limit=1)["total"] is None


def test_pages_repeat_and_skip_no_run_while_others_are_recorded(api, store):
    store.save([run(number) for number in range(25)])
    seen, after, further = [], "", 100
    while after is not None:
        page = api.get("/runs", limit=10, after=after)
        seen += [row["id"] for row in page["runs"]]
        store.save([run(further)])
        further, after = further + 1, page["next"]
    assert seen == [f"r{number:04}" for number in reversed(range(25))]


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        pytest.param("/runs", {"limit": "0"}, id="no runs"),
        pytest.param("/runs", {"limit": "501"}, id="too many"),
        pytest.param("/runs", {"limit": "-1"}, id="negative"),
        pytest.param("/runs", {"limit": "9" * 5000}, id="endless number"),
        pytest.param("/runs", {"limit": "ten"}, id="no number"),
        pytest.param("/runs", {"limit": "²"}, id="no digit"),
        pytest.param("/runs", {"trash": "maybe"}, id="no flag"),
        pytest.param("/runs", {"most": "0"}, id="no columns"),
        pytest.param("/runs", {"metrics": ",".join(["m"] * 501)}, id="too many columns"),
        pytest.param("/runs", {"after": "nonsense"}, id="no cursor"),
        pytest.param("/runs", {"order_by": "metrics."}, id="no order"),
        pytest.param("/runs", {"filter": "x" * 20_000}, id="endless filter"),
        pytest.param("/runs", {"sparklines": ",".join("abcdefghi")}, id="too many curves"),
        pytest.param("/names", {"kind": "cells"}, id="no kind"),
        pytest.param("/names", {}, id="kind missing"),
        pytest.param("/completions", {}, id="text missing"),
        pytest.param("/data", {"offset": str(2**80)}, id="huge offset"),
        pytest.param("/compare", {"run": ["a"]}, id="one run to compare"),
        pytest.param("/compare", {"run": [f"r{n}" for n in range(51)]}, id="too many to compare"),
        pytest.param("/series", {"metric": "auc"}, id="run missing"),
        pytest.param("/series", {"metric": "auc", "run": ["a"], "buckets": "0"}, id="no buckets"),
        pytest.param("/series", {"metric": [*"abcdefghi"], "run": ["a"]}, id="too many metrics"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused(api, runs, address, arguments):
    assert api.problem(400, address, **arguments)["message"]


@pytest.mark.parametrize("has_store", [True, False], ids=["store", "no store"])
def test_filter_that_cannot_be_read_is_pointed_at(api, request, has_store):
    if has_store:
        request.getfixturevalue("runs")
    problem = api.problem(400, "/runs", filter="metrics.auc > ")
    assert problem["code"] == "QueryError"
    assert problem["query"]["start"] == 14
    assert problem["message"].splitlines()[-1].endswith("^")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back_as_they_were_written(api, store, text):
    clean = text.replace("\0", "�")
    store.save([
        run(1, name=text, note=text), Param.of("r0001", text, "v" + text[:50], "logged"),
        Metric("r0001", text, 0.5, 0.5, 0.5, 1, 0, 1.0), Tag("r0001", text, text),
        Points.pack("r0001", text, 0, [Point(0, 1.0, 0.5)]),
    ])  # fmt: skip
    [found] = api.get("/runs")["runs"]
    assert (found["name"], found["note"], found["tags"]) == (clean, clean, {clean: clean})
    assert found["metrics"] == {clean: 0.5}
    assert api.ask("GET", "/runs").headers["X-Content-Type-Options"] == "nosniff"
    assert api.get("/runs/r0001")["name"] == clean
    assert api.get("/names", kind="metrics")["names"][0]["name"] == clean


@pytest.mark.parametrize(
    ("value", "expected"),
    [(float("nan"), "NaN"), (float("inf"), "Infinity"), (-float("inf"), "-Infinity")],
)
def test_numbers_that_json_cannot_say_are_texts(api, store, value, expected):
    store.save([
        run(1), Param.of("r0001", "p", value, "logged"),
        Metric("r0001", "m", value, value, value, 1, 0, 1.0),
        Points.pack("r0001", "m", 0, [Point(0, 1.0, value)]),
    ])  # fmt: skip
    [found] = api.get("/runs", sparklines="m")["runs"]
    assert (found["params"], found["metrics"]) == ({"p": expected}, {"m": expected})
    assert found["sparklines"] == {"m": [expected]}
    assert api.get("/runs/r0001")["metric_ranges"]["m"]["last"] == expected
    assert api.get("/runs/r0001/series/m")["values"] == [expected]


def test_sparklines_are_those_asked_for_and_no_longer_than_64(api, store):
    points = [Point(n, float(n), float(n % 10)) for n in range(1000)]
    store.save([
        run(1), run(2), *(Points.pack("r0001", name, 0, points) for name in ("a,b", "c")),
    ])  # fmt: skip
    two, one = api.get("/runs", sparklines="a%2Cb,none")["runs"]
    assert two["sparklines"] == {}
    assert list(one["sparklines"]) == ["a,b"]
    assert 2 < len(one["sparklines"]["a,b"]) <= 66


@pytest.mark.parametrize(
    ("arguments", "metrics", "params"),
    [
        pytest.param({}, {"a,b", "c", "d"}, {"p", "q"}, id="all"),
        pytest.param({"metrics": "a%2Cb,d"}, {"a,b", "d"}, {"p", "q"}, id="those named"),
        pytest.param({"metrics": "", "params": ""}, set(), set(), id="none"),
        pytest.param({"metrics": "none"}, set(), {"p", "q"}, id="what no run has"),
        pytest.param({"most": 1}, {"c"}, {"q"}, id="the most common"),
        pytest.param({"most": 1, "metrics": "d"}, {"c", "d"}, {"q"}, id="named, and common"),
        pytest.param({"most": 1, "metrics": "name"}, {"c"}, {"q"}, id="a field, and common"),
        pytest.param({"most": 1, "metrics": ""}, set(), {"q"}, id="no metrics, others common"),
    ],
)
def test_of_a_run_only_the_metrics_and_params_are_told_that_are_wanted(
    api, store, arguments, metrics, params
):
    store.save([
        run(1), run(2),
        *(Metric("r0002", name, 0.5, 0.5, 0.5, 1, 0, 1.0) for name in ("a,b", "c", "d")),
        *(Param.of("r0002", name, 1, "logged") for name in ("p", "q")),
        Metric("r0001", "c", 0.5, 0.5, 0.5, 1, 0, 1.0), Param.of("r0001", "q", 1, "logged"),
    ])  # fmt: skip
    two, _ = api.get("/runs", **arguments)["runs"]
    assert (set(two["metrics"]), set(two["params"])) == (metrics, params)


def test_one_run_with_many_metrics_takes_none_away_from_the_others(api, store):
    own = {n: [f"m{n}_{nth}" for nth in range(3)] for n in range(25)}
    own[24] = [f"a{nth:03}" for nth in range(1000)]
    store.save([
        *map(run, own), run(25),
        *(
            Metric(f"r{n:04}", name, 0.5, 0.5, 0.5, 1, 0, 1.0)
            for n, names in own.items() if n % 5 == 4 for name in names
        ),
    ])  # fmt: skip
    rows = api.get("/runs", most=6, params="")["runs"]
    told = {row["id"]: len(row["metrics"]) for row in rows if row["metrics"]}
    assert told == {"r0024": 6, "r0019": 3, "r0014": 3, "r0009": 3, "r0004": 3}


def test_names_come_in_pages_with_what_is_better(api, runs):
    first = api.get("/names", kind="metrics", limit=1)
    assert first == {"names": [{"name": "auc", "better": "higher"}], "next": "auc"}
    second = api.get("/names", kind="metrics", limit=1, after=first["next"])
    assert second == {"names": [{"name": "loss", "better": "lower"}], "next": None}
    assert api.get("/names", kind="params")["names"] == [{"name": "depth"}, {"name": "lr"}]


def test_completions_are_of_the_store(api, runs):
    found = api.get("/completions", text="metrics.lo > 1", cursor=10)
    assert (found["start"], found["end"]) == (0, 10)
    assert found["options"] == [{"text": "metrics.loss", "kind": "metric"}]
    values = api.get("/completions", text="experiment = ")["options"]
    assert [option["text"] for option in values] == ["'other'", "'churn'"]
    values = api.get("/completions", text="params.lr = ")["options"]
    assert values == [{"text": text, "kind": "value"} for text in ("0.1", "0.2", "0.3")]


def test_experiments_are_counted_the_latest_first(api, runs):
    found = api.get("/experiments")
    assert [(each["name"], each["runs"]) for each in found["experiments"]] == [
        ("other", 1), ("churn", 2),
    ]  # fmt: skip
    page = api.get("/experiments", limit=1)
    assert page["next"] == 1
    assert api.get("/experiments", offset=1)["experiments"] == found["experiments"][1:]


# Writing


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"name": "better"}, {"name": "better"}, id="name"),
        pytest.param({"note": "a\nb"}, {"note": "a\nb"}, id="note"),
        pytest.param({"hypothesis": None}, {"hypothesis": None}, id="taken away"),
        pytest.param({"note": ""}, {"note": None}, id="emptied"),
        pytest.param({"verdict": "refuted"}, {"verdict": "refuted"}, id="verdict"),
        pytest.param({"tags": {"good": "", "n": "1"}},
                     {"tags": {"team": "red", "good": "", "n": "1"}}, id="tags put on"),
        pytest.param({"tags": {"team": None}}, {"tags": {}}, id="tag taken off"),
    ],
)  # fmt: skip
def test_runs_are_written_on(api, runs, change, expected):
    [row] = api.get("/runs", filter="name = 'wide'")["runs"]
    got = api.ask("PATCH", f"/runs/{row['id']}", body=change)
    assert (got.status, got.document) == (200, {**row, **expected})
    assert api.get("/runs", filter=f"id = '{row['id']}'")["runs"] == [got.document]


def test_runs_are_pinned_and_then_not_deleted(api, runs):
    pinned = api.ask("PATCH", "/runs/wide", body={"pinned": True}).document
    assert pinned["pinned"]
    assert api.problem(409, "/runs/wide", "DELETE")["code"] == "RunPinned"
    assert api.ask("PATCH", "/runs/wide", body={"pinned": False}).document["pinned"] is None


def test_deleted_runs_are_in_the_trash_until_they_are_taken_out(api, runs):
    [run_id] = api.ask("DELETE", "/runs/wide").document["runs"]
    assert names(api.get("/runs")) == ["broken", "baseline"]
    assert names(api.get("/runs", trash="true")) == ["wide"]
    assert api.get(f"/runs/{run_id}")["trashed"]
    api.problem(404, "/runs/wide")
    assert api.ask("POST", f"/runs/{run_id}/undelete").status == 200
    assert names(api.get("/runs")) == ["broken", "wide", "baseline"]


def test_several_runs_are_deleted_together_and_taken_out_together(api, runs):
    chosen = [row["id"] for row in api.get("/runs")["runs"] if row["name"] != "wide"]
    done = api.ask("POST", "/runs/trash", body={"runs": chosen, "trashed": True}).document
    assert (set(done["runs"]), done["trashed"]) == (set(chosen), True)
    assert names(api.get("/runs")) == ["wide"]
    api.ask("POST", "/runs/trash", body={"runs": chosen, "trashed": False})
    assert names(api.get("/runs")) == ["broken", "wide", "baseline"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"runs": ["wide", "baseline"], "trashed": True}, 409, id="one is pinned"),
        pytest.param({"runs": ["wide", "nobody"], "trashed": True}, 404, id="one is not there"),
        pytest.param({"runs": ["wide"]}, 400, id="in or out is not said"),
        pytest.param({"runs": [], "trashed": True}, 400, id="none"),
        pytest.param({"runs": "wide", "trashed": True}, 400, id="no list"),
        pytest.param({"runs": [7], "trashed": True}, 400, id="no texts"),
        pytest.param({"runs": ["wide"] * 501, "trashed": True}, 400, id="too many"),
    ],
)
def test_runs_that_cannot_all_be_deleted_all_stay(api, runs, body, status):
    api.ask("PATCH", "/runs/baseline", body={"pinned": True})
    api.problem(status, "/runs/trash", "POST", body=body)
    assert names(api.get("/runs")) == ["broken", "wide", "baseline"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[" * 100_000, id="endless JSON"),
        pytest.param({"status": "finished"}, id="what cannot be changed"),
        pytest.param({"name": "@1"}, id="no name"),
        pytest.param({"name": "x" * 251}, id="long name"),
        pytest.param({"note": 7}, id="no text"),
        pytest.param({"note": "x" * 100_001}, id="long note"),
        pytest.param({"verdict": "right"}, id="no verdict"),
        pytest.param({"pinned": "yes"}, id="no flag"),
        pytest.param({"pinned": None}, id="flag taken away"),
        pytest.param({"tags": ["a"]}, id="no tags"),
        pytest.param({"tags": {"": "x"}}, id="tag without a name"),
        pytest.param({"tags": {"a": 1}}, id="tag with a number"),
        pytest.param({"note": "fine", "verdict": "right"}, id="only half of it good"),
        pytest.param(b'{"note": "' + b"x" * 2_000_000 + b'"}', id="too much"),
    ],
)
def test_changes_that_cannot_be_made_change_nothing(api, runs, body):
    before = api.get("/runs")
    api.problem(400, "/runs/wide", "PATCH", body=body)
    assert api.get("/runs") == before


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_methods_that_the_contract_has_not_are_refused(api, runs, method):
    assert api.ask(method, "/runs", body={}).status in (405, 404)


def test_two_users_write_on_one_run(api, runs, monkeypatch):
    url = f"sqlite:///{runs}/.nbmlops/store.db"
    api.ask("PATCH", "/runs/wide", body={"note": "mine"})
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    api.ask("PATCH", "/runs/wide", body={"hypothesis": "theirs", "pinned": True})
    store = open_store(url)
    wide = next(found for found in store.runs(RunQuery()) if found.run.name == "wide")
    written = {field: by for field, _, by in store.run_tallies([wide.run.id])[wide.run.id].written}
    store.close()
    assert (written["hypothesis"], written["pinned"]) == ("bob", "bob")
    assert written["note"] != "bob"
