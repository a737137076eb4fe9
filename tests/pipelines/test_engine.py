"""The engine under papermill's own command and functions, and kernels that cannot record."""

import json
import sys

import pytest

from nbmlops.config import sqlite_url
from tests.kernels import metrics_of, params_of, runs_at

CELLS = (
    ("n = 2\nname = 'a'", "parameters"),
    "print('printed', n)",
    ("accuracy = n / 4", "last"),
)
BLOCK = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "nbmlops":
            raise ImportError("No module named 'nbmlops'", name="nbmlops")

sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture(scope="module")
def by_papermill(new_project):
    """An execution by papermill's own command."""
    project = new_project()
    project.write(*CELLS)
    command = ["papermill", "--engine", "nbmlops", "work.ipynb", "out.ipynb", "-p", "n", "3"]
    return project, project.call(*command, "--no-progress-bar")


def test_papermills_command_records_the_run(by_papermill):
    project, done = by_papermill
    run = project.run
    assert (done.returncode, run.run.status) == (0, "finished")
    assert (run.run.experiment, run.session.place) == ("work", "headless")
    assert run.run.notebook == str(project.folder / "work.ipynb")
    assert (params_of(run), metrics_of(run)) == ({"n": 3, "name": "a"}, {"accuracy": 0.75})


def test_papermills_command_records_ids_and_tags_of_cells(by_papermill):
    project, _ = by_papermill
    found = [(one.cell_id, one.tags) for one, _ in project.run.executions]
    assert (found[0], found[2:]) == (
        ("cell-1", ("parameters",)),
        [("cell-2", ()), ("cell-3", ("last",))],
    )
    assert found[1][1] == ("injected-parameters",)


def test_papermills_output_is_as_its_own_engine_writes_it(by_papermill):
    project, _ = by_papermill
    done = project.call("papermill", "work.ipynb", "own.ipynb", "-p", "n", "3")
    assert done.returncode == 0
    ours, own = project.read("out.ipynb"), project.read("own.ipynb")
    assert [cell.source for cell in ours.cells] == [cell.source for cell in own.cells]
    assert [cell.outputs for cell in ours.cells] == [cell.outputs for cell in own.cells]
    states = [[cell.metadata.papermill.status for cell in book.cells] for book in (ours, own)]
    assert states[0] == states[1]
    assert set(ours.metadata) == {*own.metadata, "nbmlops"}
    assert set(ours.metadata.papermill) <= set(own.metadata.papermill)


def test_good_run_says_no_more_than_papermill_does(by_papermill):
    _, done = by_papermill
    heads = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert heads == ["Input Notebook", "Output Notebook"]


def test_papermills_command_cannot_be_undone_by_the_defaults_of_a_headed_cell(work):
    work.write("%load_ext nbmlops", "%%nbmlops params\nn = 2", "accuracy = n / 4")
    command = ["papermill", "--engine", "nbmlops", "work.ipynb", "out.ipynb", "-p", "n", "3"]
    done = work.call(*command, "--no-progress-bar")
    assert (done.returncode, metrics_of(work.run)) == (0, {"accuracy": 0.75})
    assert params_of(work.run) == {"n": 3}
    assert [cell.metadata.tags for cell in work.read().cells] == [
        [], [], ["injected-parameters"], [],
    ]  # fmt: skip


def test_papermills_command_fails_as_papermill_does(work):
    work.write("accuracy = 0.5", "1 / 0", "f1 = 0.4")
    done = work.call("papermill", "--engine", "nbmlops", "work.ipynb", "out.ipynb")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert (work.run.run.status, metrics_of(work.run)) == ("failed", {"accuracy": 0.5})
    code = [cell for cell in work.read().cells if cell.cell_type == "code"]
    assert [cell.metadata.papermill.status for cell in code] == ["completed", "failed", "pending"]


@pytest.mark.parametrize(
    "imports",
    [
        pytest.param("import papermill, nbmlops.pipelines.engine", id="papermill first"),
        pytest.param("import nbmlops.pipelines.engine, papermill", id="engine first"),
        pytest.param("import nbmlops; nbmlops.execute_notebook\nimport papermill", id="function"),
    ],
)
def test_engine_and_papermill_can_be_imported_in_any_order(run_python, imports):
    script = "\nfrom papermill.engines import papermill_engines as engines"
    found = run_python(f"{imports}{script}\nprint(engines.get_engine('nbmlops').__name__)")
    assert found == "NbmlopsEngine"


def test_importing_papermill_does_not_load_the_engine(run_python):
    script = "import sys, papermill\nprint('nbmlops.pipelines.engine' in sys.modules)"
    assert run_python(script) == "False"


@pytest.fixture(scope="module")
def bare(new_project):
    """A project with a kernel in whose environment there is no nbmlops."""
    project = new_project()
    (project.folder / "path").mkdir()
    (project.folder / "path" / "sitecustomize.py").write_text(BLOCK)
    spec = project.folder / "jupyter" / "kernels" / "bare"
    spec.mkdir(parents=True)
    kernel = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "bare",
        "language": "python",
        "env": {"PYTHONPATH": str(project.folder / "path")},
    }
    (spec / "kernel.json").write_text(json.dumps(kernel))
    cells = [("n = 2", "parameters"), "print('seen', n)\n[n]", "accuracy = 0.5", "1 / 0", "n = 9"]
    project.write(*cells, kernel="bare")
    environment = {"JUPYTER_PATH": str(project.folder / "jupyter")}
    command = ["nbmlops", "run", "work.ipynb", "out.ipynb", "-p", "n", "3", "--name", "outside"]
    return project, project.call(*command, **environment)


def test_kernel_without_nbmlops_is_recorded_from_outside(bare):
    project, done = bare
    run = project.run
    assert (done.returncode, done.stdout) == (1, f"{run.run.id}\n")
    assert (run.run.name, run.run.status) == ("outside", "failed")
    assert run.run.reason == "cell [5]: ZeroDivisionError: division by zero"
    assert (params_of(run), metrics_of(run)) == ({"n": 3}, {})
    assert run.session.ended is not None


def test_executions_recorded_from_outside_have_outcomes_names_and_outputs(bare):
    project, _ = bare
    found = [execution for execution, _ in project.run.executions]
    assert [(one.cell_id, one.outcome, one.execution_count) for one in found] == [
        ("cell-1", "ok", 1),
        ("injected-parameters", "ok", 2),
        ("cell-2", "ok", 3),
        ("cell-3", "ok", 4),
        ("cell-4", "error", 5),
    ]
    seen, failed = found[2], found[4]
    assert [(output.kind, output.contents[0].text) for output in seen.outputs] == [
        ("stdout", "seen 3\n"), ("result", "[3]"),
    ]  # fmt: skip
    assert "n" in seen.names.used
    assert (failed.failure.type, failed.failure.message) == (
        "ZeroDivisionError", "division by zero",
    )  # fmt: skip
    assert "\x1b" not in failed.failure.traceback


def test_user_is_told_why_there_are_no_metrics(bare):
    _, done = bare
    assert "No module named 'nbmlops'" in done.stderr
    assert "Install nbmlops into the kernel's environment" in done.stderr


def test_notebooks_executed_at_once_in_one_folder_do_not_meet(work):
    processes = []
    for number in (1, 2):
        work.write("import time\ntime.sleep(1)", f"accuracy = {number}", name=f"n{number}.ipynb")
        processes.append(work.start("nbmlops", "run", f"n{number}.ipynb"))
    assert [process.communicate()[0].strip() for process in processes] == [
        run.run.id for run in sorted(work.runs, key=lambda run: run.run.experiment)
    ]
    assert {run.run.experiment: metrics_of(run)["accuracy"] for run in work.runs} == {
        "n1": 1.0, "n2": 2.0,
    }  # fmt: skip
    assert {path.name for path in work.folder.iterdir()} == {".nbmlops", "n1.ipynb", "n2.ipynb"}


def test_store_named_on_the_command_line_gets_the_run(work):
    work.write("accuracy = 0.5")
    done = work.call("nbmlops", "run", "work.ipynb", "--store", "elsewhere/kept.db")
    assert done.returncode == 0
    [run] = runs_at(sqlite_url(work.folder / "elsewhere" / "kept.db"))
    assert (run.run.id, metrics_of(run)) == (done.stdout.strip(), {"accuracy": 0.5})
    assert list((work.folder / ".nbmlops").iterdir()) == []
