"""A morning's work: tried in a notebook, found from a terminal, executed headlessly, compared."""

import json
import subprocess
import sys

import nbformat
import pytest

from tests.kernels import FLUSH, Kernel, clean_environment

CELLS = {
    "imports": "import numpy as np\nfrom sklearn.linear_model import Ridge\n"
               "from sklearn.metrics import mean_absolute_error",
    "params": "alpha = 1.0  # strength of the penalty\nrows = 80",
    "data": "generator = np.random.default_rng(0)\nX = generator.normal(size=(100, 3))\n"
            "y = X @ [1.0, 2.0, 3.0] + generator.normal(size=100)",
    "look": "print('mean', round(y.mean(), 3))",
    "fit": "model = Ridge(alpha=alpha).fit(X[:rows], y[:rows])",
    "score": "mae = mean_absolute_error(y[rows:], model.predict(X[rows:]))\n"
             "r2 = model.score(X[rows:], y[rows:])",
}  # fmt: skip


def write_notebook(folder, name):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    for cell_id, source in CELLS.items():
        cell = nbformat.v4.new_code_cell(source, id=cell_id)
        cell.metadata["tags"] = ["parameters"] if cell_id == "params" else []
        notebook.cells.append(cell)
    nbformat.write(notebook, folder / name)


@pytest.fixture
def cli(project):
    """Ask the command in a process of its own; return its JSON answer."""

    def asked(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "nbmlops", *arguments, "--json"], capture_output=True,
            text=True, env=clean_environment(), timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return asked


def test_morning(project, cli):
    # The notebook is worked on: everything once, then three other values of the parameter.
    write_notebook(project, "wages.ipynb")
    (project / ".nbmlops").mkdir()
    lines = []
    with Kernel(project, JPY_SESSION_NAME=str(project / "wages.ipynb")) as kernel:
        kernel.run("%load_ext nbmlops", cell_id="load")
        for cell_id, source in CELLS.items():
            tags = ["parameters"] if cell_id == "params" else []
            reply = kernel.run(source, cell_id=cell_id, tags=tags)
            assert reply.status == "ok", reply.stderr
            lines += reply.lines
        for alpha in (10.0, 100.0, 0.5):
            changed = CELLS["params"].replace("1.0", str(alpha))
            kernel.run(changed, cell_id="params", tags=["parameters"])
            lines += kernel.run(CELLS["fit"], cell_id="fit").lines
            lines += kernel.run(CELLS["score"], cell_id="score").lines

        # While the kernel lives, another process sees four runs, the last of them open.
        assert kernel.ask(FLUSH)
        runs = cli("runs", "--order-by", "opened ASC")["runs"]
        assert [run["status"] for run in runs] == [*["finished"] * 3, "running"]
    assert [run["params"]["alpha"] for run in runs] == [1.0, 10.0, 100.0, 0.5]
    assert {run["experiment"] for run in runs} == {"wages"}
    assert all(run["models"]["model"].endswith(".Ridge") for run in runs)
    assert len({run["metrics"]["mae"] for run in runs}) == 4
    assert len(lines) == 8
    assert "alpha 1 → 10" in lines[2]

    # The best of them is found, and holds what its numbers depend on, and nothing else.
    best = cli("show", "best:mae")
    assert best["metrics"]["mae"] == min(run["metrics"]["mae"] for run in runs)
    behind = [execution["cell_id"] for execution in best["executions"]]
    assert sorted(behind) == ["data", "fit", "imports", "params", "score"]

    # The number says which executions made it, and with which parameters.
    why = cli("why", "best:mae", "mae")
    assert [step["cell_id"] for step in why["steps"]] == behind
    assert why["params"] == {name: best["params"][name] for name in ("alpha", "rows")}

    # The kernel has gone: the last run is finished too.
    assert cli("show", "@1")["status"] == "finished"

    # Two are compared: only the parameter and what follows from it differ.
    first, last = runs[0]["id"], runs[2]["id"]
    comparison = cli("compare", first, last)
    differing = {row["name"] for row in comparison["params"] if row["differs"]}
    assert differing == {"alpha", "model.alpha"}
    assert (comparison["code"], comparison["packages"]) == ([], [])
    assert comparison["sentence"].startswith("alpha 1 → 100")

    # The notebook is executed headlessly with the same value, and gives the very same numbers.
    headless = cli("run", "wages.ipynb", "out.ipynb", "-p", "alpha", "100")
    assert (headless["exit_code"], headless["experiment"]) == (0, "wages")
    assert headless["metrics"] == runs[2]["metrics"]
    again = cli("compare", last, headless["id"])
    assert not any(row["differs"] for row in (*again["params"], *again["metrics"]))
    assert again["packages"] == again["code"] == []
    assert cli("doctor")["is_good"]
