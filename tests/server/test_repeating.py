"""A run taken up again over HTTP: its cells put back, or executed with other parameters."""

import time
from dataclasses import replace

import nbformat
import pytest
from jupyter_server.auth import Authorizer

from tests.kernels import recording_kernel
from tests.server.serving import serving

CELLS = {
    "params": "C = 1.0\nkind = 'a'",
    "unused": "print('nothing to do with it')",
    "score": "accuracy = 1 - 0.1 / C",
}
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def ran(root, tmp_path_factory):
    """The folder of a project in which the cells were run."""
    folder = root / tmp_path_factory.mktemp("repeated").name
    folder.mkdir()
    with recording_kernel(folder) as kernel:
        for cell_id, source in CELLS.items():
            kernel.run(source, cell_id=cell_id, tags=["parameters"] if cell_id == "params" else ())
    return folder


@pytest.fixture
def api(jupyter, ran):
    return replace(jupyter, path=ran.name)


def cell(cell_id, source):
    return {"id": cell_id, "source": source}


AS_IT_WAS = [cell(*pair) for pair in CELLS.items() if pair[0] != "unused"]


@pytest.mark.parametrize(
    ("cells", "expected", "same"),
    [
        pytest.param(AS_IT_WAS, [], 2, id="as the run has it"),
        pytest.param(
            [cell("params", "C = 2.0\nkind = 'a'"), AS_IT_WAS[1]],
            [("edited", "params", None, "-C = 2.0")], 1, id="edited",
        ),
        pytest.param([AS_IT_WAS[0]], [("added", None, "params", "+accuracy")], 1, id="deleted"),
        pytest.param([], [("added", None, None, "+C = 1.0"), ("added", None, None, "+accuracy")], 0,
                     id="empty notebook"),
        pytest.param([cell("copy", CELLS["score"]), cell("other", "1"), AS_IT_WAS[0]], [], 2,
                     id="copied and moved"),
    ],
)  # fmt: skip
def test_what_would_change_if_cells_were_put_back(api, cells, expected, same):
    answer = api.ask("POST", "/runs/@1/restoration", body={"cells": cells}).document
    found = [(one["change"], one["cell"], one["behind"]) for one in answer["changes"]]
    assert found == [change[:3] for change in expected]
    assert answer["same"] == same
    for one, (*_, line) in zip(answer["changes"], expected, strict=True):
        assert line in one["diff"]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param("all", id="no list"),
        pytest.param([{"id": "a"}], id="no source"),
        pytest.param([{"id": 1, "source": ""}], id="no text"),
        pytest.param([cell("a", "")] * 5001, id="too many"),
    ],
)
def test_cells_that_are_none_are_refused(api, cells):
    api.problem(400, "/runs/@1/restoration", "POST", body={"cells": cells})


def ended(api, rerun):
    for _ in range(PATIENCE_SECONDS * 5):
        found = api.get(f"/reruns/{rerun['id']}")
        if found["state"] not in ("running", "stopping"):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def test_a_run_is_executed_again_with_other_parameters(api, ran):
    [first] = api.get("/runs")["runs"]
    body = {"parameters": {"C": "2"}, "output": f"{ran.name}/again.ipynb"}
    begun = api.ask("POST", f"/runs/{first['id']}/reruns", body=body).document
    assert (begun["state"], begun["of"]) == ("running", first["id"])
    found = ended(api, begun)
    assert (found["state"], found["done"], found["problem"]) == ("finished", found["cells"], None)
    again = api.get(f"/runs/{found['run']}")
    assert again["params"] == {"C": 2.0, "kind": "a"}
    assert (again["metrics"], again["experiment"]) == ({"accuracy": 0.95}, first["experiment"])
    written = nbformat.read(ran / "again.ipynb", nbformat.NO_CONVERT)
    assert "print" not in "".join(one.source for one in written.cells)
    assert api.problem(400, f"/runs/{first['id']}/reruns", "POST", body=body)["message"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        pytest.param({"C": "many"}, "parameter 'C' takes a", id="of another type"),
        pytest.param({"D": "1"}, "no parameter 'D'", id="unknown"),
        pytest.param({"C": "-p"}, "parameter 'C' takes a", id="that looks like an option"),
    ],
)
def test_parameters_that_cannot_be_used_are_told_before_anything_begins(
    api, root, parameters, words
):
    before = sorted(root.rglob("*.ipynb"))
    body = {"parameters": parameters}
    problem = api.problem(400, f"/runs/{first_run(api)}/reruns", "POST", body=body)
    assert words in problem["message"]
    assert sorted(root.rglob("*.ipynb")) == before


def test_why_an_execution_failed_is_told_without_words_of_a_terminal(api):
    body = {"parameters": {"C": "0"}}
    begun = api.ask("POST", f"/runs/{first_run(api)}/reruns", body=body).document
    assert begun["output"].endswith(".ipynb")
    found = ended(api, begun)
    assert found["state"] == "failed"
    assert "ZeroDivisionError" in found["problem"]
    assert "nbmlops show" not in found["problem"]


def first_run(api):
    """Return the run that is there before those of these tests."""
    [first] = [run["id"] for run in api.get("/runs", order_by="opened ASC", limit=1)["runs"]]
    return first


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"parameters": {"C": 2}}, 400, id="no texts"),
        pytest.param({"parameters": []}, 400, id="no object"),
        pytest.param({"parameters": {}, "output": "../x.ipynb"}, 404, id="goes up"),
        pytest.param({"parameters": {}, "output": "/tmp/x.ipynb"}, 404, id="absolute"),
        pytest.param({"parameters": {}, "output": "x.py"}, 400, id="no notebook"),
        pytest.param({"parameters": {}, "output": ".x/x.ipynb"}, 400, id="hidden"),
        pytest.param({"parameters": {}, "output": "none/x.ipynb"}, 404, id="folder missing"),
    ],
)
def test_what_cannot_be_begun_is_refused(api, root, body, status):
    before = sorted(root.rglob("*.ipynb"))
    api.problem(status, "/runs/@1/reruns", "POST", body=body)
    assert sorted(root.rglob("*.ipynb")) == before


def test_an_execution_is_stopped(api, jupyter, root, tmp_path_factory):
    folder = root / tmp_path_factory.mktemp("slow").name
    folder.mkdir()
    with recording_kernel(folder) as kernel:
        kernel.run("seconds = 0", cell_id="p", tags=["parameters"])
        kernel.run("import time\ntime.sleep(seconds)\naccuracy = 1.0", cell_id="s")
    slow = replace(jupyter, path=folder.name)
    body = {"parameters": {"seconds": "600"}}
    begun = slow.ask("POST", "/runs/@1/reruns", body=body).document
    while not (now := slow.get(f"/reruns/{begun['id']}"))["run"]:  # the kernel has started
        assert now["state"] == "running"
        time.sleep(0.2)
    assert slow.ask("DELETE", f"/reruns/{begun['id']}").status == 200
    assert ended(slow, begun)["state"] == "stopped"
    slow.problem(404, "/reruns/nobody")


class NoExecution(Authorizer):
    """Lets everybody do everything but execute."""

    def is_authorized(self, handler, user, action, resource):
        return action != "execute"


def test_who_may_not_execute_code_executes_no_run(root, ran, tmp_path):
    config = {"ServerApp": {"authorizer_class": NoExecution}}
    with serving(root, tmp_path, config) as started:
        api = replace(started, path=ran.name)
        assert api.get("/runs")["runs"]
        problem = api.problem(403, "/runs/@1/reruns", "POST", body={"parameters": {}})
        assert "execute" in problem["message"]
