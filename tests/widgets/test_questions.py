"""What widgets ask, answered from a real store, held to the server's contract by their keys."""

import json

import pytest

import nbmlops
from nbmlops.widgets.questions import answer

pytestmark = pytest.mark.usefixtures("runs")

PAGE = {"filter": "", "orderBy": "opened DESC", "limit": 2, "total": True}


def ids():
    return {summary.run.name: summary.run.id for summary in nbmlops.runs()}


def answered(question, **args):
    found = answer(question, args)
    json.dumps(found, allow_nan=False)  # goes over the wire
    return found["answer"]


def test_runs_come_in_pages():
    first = answered("runs", **PAGE)
    assert ([run["name"] for run in first["runs"]], first["total"]) == (["broken", "wide"], 3)
    second = answered("runs", **PAGE | {"after": first["next"]})
    assert [run["name"] for run in second["runs"]] == ["baseline"]
    assert second["next"] is None


def test_a_mistake_in_a_filter_is_told_with_its_place():
    problem = answer("runs", PAGE | {"filter": "metrics.auc > 0 and acuracy > 1"})["problem"]
    assert problem["code"] == "QueryError"
    assert problem["query"]["start"] == 20
    assert problem["query"]["possible"]


@pytest.mark.parametrize(
    ("question", "args"),
    [
        ("compare", {"ids": ["nobody", "none"]}),
        ("no such question", {}),
        ("runs", {"filter": 3}),
        ("series", {}),
    ],
    ids=str,
)
def test_what_cannot_be_answered_is_a_problem_and_no_fault(question, args):
    problem = answer(question, args)["problem"]
    assert set(problem) == {"code", "message", "hint"}


def test_a_filter_is_completed_at_its_place():
    found = answered("complete", text="params.lr < 1 and metrics.a", cursor=27)
    assert (found["start"], found["end"]) == (18, 27)
    assert found["options"] == [{"text": "metrics.auc", "kind": "metric"}]


def test_series_are_columns_and_runs_without_the_metric_are_left_out():
    known = ids()
    [series] = answered("series", ids=[known["wide"], known["broken"]], metrics=["loss"])
    assert (series["run"], series["steps"]) == (known["wide"], [0, 1, 2])
    assert series["values"] == pytest.approx([0.4, 0.5, 0.6])


@pytest.mark.parametrize(
    ("named", "metric"),
    [
        pytest.param(["baseline", "wide"], "loss", id="the first that was measured again"),
        pytest.param(["broken"], "auc", id="the first, where none was"),
    ],
)
def test_series_without_a_name_are_of_what_is_worth_drawing_first(named, metric):
    found = answered("series", ids=[ids()[name] for name in named], metrics=[])
    assert {series["metric"] for series in found} == {metric}


def test_numbers_that_json_has_not_are_texts():
    [series] = answered("series", ids=[ids()["broken"]], metrics=["auc"])
    assert series["values"] == ["NaN"]


def test_a_run_is_answered_with_its_parts():
    wide = ids()["wide"]
    found = answered("run", id=wide)
    assert found == json.loads(json.dumps(nbmlops.show(wide).to_json()))
    assert found["id"] == wide


def test_data_come_in_pages():
    found = answered("data", offset=0, packages=True)
    assert set(found) == {"total", "data", "next"}
    assert found["total"] == len(found["data"])
    assert answered("data", offset=10_000, packages=True)["data"] == []


def test_runs_are_compared_with_the_first():
    known = ids()
    found = answered("compare", ids=[known["wide"], known["baseline"]])
    assert found["runs"] == [known["wide"], known["baseline"]]


def test_a_note_and_a_pin_are_written():
    run = ids()["wide"]
    answered("change", id=run, change={"note": "better", "pinned": True})
    page = nbmlops.show(run).to_json()
    assert (page["note"], page["pinned"] is not None) == ("better", True)


@pytest.mark.parametrize(
    ("wanted", "metrics", "params"),
    [
        ({"metrics": ["loss"], "params": []}, {"loss"}, set()),
        ({"params": [], "most": 1}, {"auc"}, set()),
    ],
    ids=["named", "the most common"],
)
def test_only_the_wanted_columns_come(wanted, metrics, params):
    [_, wide] = answered("runs", **PAGE, wanted=wanted)["runs"]
    assert (set(wide["metrics"]), set(wide["params"])) == (metrics, params)
    assert set(answered("names", kind="metrics")) == {"auc", "loss"}


def test_runs_are_deleted_and_taken_out_again():
    known = ids()
    answered("trash", ids=[known["wide"], known["broken"]], is_put_in=True)
    assert set(ids()) == {"baseline"}
    answered("trash", ids=[known["wide"], known["broken"]], is_put_in=False)
    assert ids() == known
