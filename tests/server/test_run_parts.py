"""One run over HTTP, and what is behind it: recorded in a real kernel."""

import base64
import json
import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest

from tests.kernels import recording_kernel

CELLS = {
    "load": """
import pandas as pd
df = pd.DataFrame({'x': [1, 2, 3], 'y': [2, 4, 6]})""",
    "unused": "print('nothing to do with it')",
    "params": "lr = 0.1",
    "fit": """
import sys
slope = df.y.sum() / df.x.sum() * lr
print('<b>slope</b>', slope)
print('careful', file=sys.stderr)""",
    "show": """
import base64
from IPython.display import HTML, display
display(HTML('<script>alert(1)</script>'))
display({'application/json': {'a': [1]}, 'text/plain': 'a'}, raw=True)
display({'image/png': base64.b64encode(b'PNG' * 100).decode()}, raw=True)
half = slope / 2
half""",
    "score": """
import nbmlops
for step in range(3):
    nbmlops.log_metric('val/loss', half - step)
auc = 0.5 + half""",
    "fail": "nothing / here",
}


@pytest.fixture(scope="module")
def ran(root, tmp_path_factory):
    """The folder of a project in which the cells were run."""
    folder = root / tmp_path_factory.mktemp("ran").name
    folder.mkdir()
    with recording_kernel(folder) as kernel:
        for cell_id, source in CELLS.items():
            kernel.run(source, cell_id=cell_id, tags=["parameters"] if cell_id == "params" else ())
        kernel.run("%nbmlops run again")
        kernel.run("auc = 0.9", cell_id="score")
    return folder


@pytest.fixture
def api(jupyter, ran):
    return replace(jupyter, path=ran.name)


@pytest.fixture
def first(api):
    return api.get("/runs", order_by="opened ASC")["runs"][0]["id"]


def said(folder, *words):
    command = [sys.executable, "-m", "nbmlops", *words, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_run_is_what_the_command_shows(api, ran, first):
    assert api.get(f"/runs/{first}") == said(ran, "show", first)


def test_brief_run_leaves_out_what_has_resources_of_its_own(api, first):
    whole, brief = api.get(f"/runs/{first}"), api.get(f"/runs/{first}", brief="true")
    assert set(whole) - set(brief) == {"executions", "data", "files", "environment"}
    assert api.get(f"/runs/{first}/environment") == {"environment": whole["environment"]}
    assert api.get(f"/runs/{first}/data") == {"data": whole["data"], "files": whole["files"]}


def test_executions_come_in_pages_without_outputs(api, first):
    whole = api.get(f"/runs/{first}")["executions"]
    seen, after = [], 0
    while after is not None:
        page = api.get(f"/runs/{first}/executions", limit=2, after=after)
        seen += page["executions"]
        after = page["next"]
    assert [each | {"outputs": 0} for each in seen] == [each | {"outputs": 0} for each in whole]
    assert all("outputs" not in each for each in seen)


@pytest.fixture
def outputs(api, first):
    """What the execution of a cell showed, by the cell's id."""
    found = {each["cell_id"]: each["id"] for each in api.get(f"/runs/{first}")["executions"]}
    return lambda cell: api.get(f"/runs/{first}/outputs/{found[cell]}")["outputs"]


def test_streams_are_outputs_of_nbformat(outputs):
    out, err = outputs("fit")
    assert (out["name"], err) == (
        "stdout", {"output_type": "stream", "name": "stderr", "text": "careful\n"},
    )  # fmt: skip
    assert out["text"].startswith("<b>slope</b>")


def test_outputs_that_are_displayed_are_data(outputs):
    html, plain, image, result = outputs("show")
    assert html["data"]["text/html"] == "<script>alert(1)</script>"
    assert plain["data"]["application/json"] == {"a": [1]}
    assert base64.b64decode(image["data"]["image/png"]) == b"PNG" * 100
    assert result["output_type"] == "execute_result"


def test_blob_that_is_gone_is_said_to_be_cut(api, ran, first):
    found = {each["cell_id"]: each["id"] for each in api.get(f"/runs/{first}")["executions"]}
    address = f"/runs/{first}/outputs/{found['show']}"
    blobs = ran / ".nbmlops" / "blobs"
    blobs.rename(blobs.with_name("away"))
    try:
        answer = api.get(address)
    finally:
        blobs.with_name("away").rename(blobs)
    assert answer["outputs"][2]["data"] == {"image/png": ""}
    [cut] = answer["cut"]
    assert (cut["output"], cut["cut_bytes"]) == (2, 300)


def test_notebook_of_a_run_is_one(api, first):
    notebook = api.get(f"/runs/{first}/notebook")
    nbformat.validate(nbformat.from_dict(notebook))
    sources = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    assert sources["fit"] == CELLS["fit"]
    [params] = [cell for cell in notebook["cells"] if cell["id"] == "params"]
    assert params["metadata"] == {"tags": ["parameters"]}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param({}, [], id="all results"),
        pytest.param({"metric": "auc"}, ["auc"], id="a metric"),
        pytest.param({"variable": "df"}, ["--variable", "df"], id="a variable"),
        pytest.param({"cell": 5}, ["--cell", "5"], id="a cell"),
    ],
)
def test_slice_is_what_the_command_answers(api, ran, first, asked, words):
    assert api.get(f"/runs/{first}/slice", **asked) == said(ran, "why", first, *words)


def test_restored_notebook_is_what_the_command_writes(api, ran, first, tmp_path):
    answer = api.get(f"/runs/{first}/restored", metric="auc")
    before = sorted(ran.iterdir())
    output = tmp_path / "restored.ipynb"
    told = said(ran, "restore", first, "auc", "-o", str(output))
    assert answer["notebook"] == json.loads(output.read_text())
    assert {key: told[key] for key in answer if key in told} == {
        key: answer[key] for key in answer if key in told
    }
    assert sorted(ran.iterdir()) == before
    nbformat.validate(nbformat.from_dict(answer["notebook"]))


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        pytest.param({"metric": "auk"}, 404, "MetricNotFound", id="no metric"),
        pytest.param({"variable": "none"}, 404, "VariableNotFound", id="no variable"),
        pytest.param({"cell": 99}, 404, "ExecutionNotFound", id="no execution"),
        pytest.param({"metric": "auc", "cell": 1}, 400, "SeveralTargets", id="two things"),
    ],
)
@pytest.mark.parametrize("what", ["slice", "restored"])
def test_what_cannot_be_explained_is_refused(api, first, what, asked, status, code):
    assert api.problem(status, f"/runs/{first}/{what}", **asked)["code"] == code


def test_series_of_a_metric_with_a_slash_in_its_name(api, first):
    found = api.get(f"/runs/{first}/series/val%2Floss")
    assert (found["metric"], found["count"], found["is_whole"]) == ("val/loss", 3, True)
    assert found["steps"] == [0, 1, 2]
    several = api.get("/series", metric=["val/loss", "none"], run=[first, "@1"])
    assert several["series"] == [found]
    assert api.get("/series", run=[first])["series"] == [found]  # the first there is to draw
    problem = api.problem(404, f"/runs/{first}/series/val%2Flos")
    assert "val/loss" in problem["message"]


def test_comparison_is_what_the_command_answers(api, ran, first):
    assert api.get("/compare", run=[first, "@1"]) == said(ran, "compare", first, "@1")


def test_data_is_what_the_command_lists(api, ran):
    found = api.get("/data")
    assert {key: found[key] for key in ("total", "data")} == said(ran, "data")
    digest = found["data"][0]["digest"]
    assert api.get(f"/data/{digest}") == said(ran, "data", digest)
    assert api.get("/data", limit=1)["next"] == (1 if found["total"] > 1 else None)


def test_session_has_its_run_its_executions_and_what_is_stale(api, ran):
    [session] = api.get("/sessions")["sessions"]
    page = api.get(f"/sessions/{session['id']}")
    assert {key: page[key] for key in session} == session
    assert page["status"] == said(ran, "status", session["id"])
    by_cell = {each["cell_id"]: each for each in page["executions"]}
    assert len(by_cell["score"]["runs"]) == 1
    assert by_cell["score"]["gave_result"]
    assert not by_cell["unused"]["gave_result"]
    assert by_cell["fail"]["error"]["type"] == "NameError"
    after = by_cell["show"]["sequence"]
    rest = api.get(f"/sessions/{session['id']}", after=after, limit=1, status="false")
    assert (len(rest["executions"]), rest["next"], rest["status"]) == (1, after + 1, None)
