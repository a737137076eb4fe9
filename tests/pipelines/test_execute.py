"""Parameters, places and parts of a headless execution that goes well."""

import json
import sys
from pathlib import Path

import nbformat
import pytest

from nbmlops.cells.parameters import Text
from nbmlops.errors import (
    NotebookInvalid,
    NotebookMissing,
    OutputFolderMissing,
    ParameterMismatch,
    ParameterUnknown,
    PathNotFilled,
)
from nbmlops.pipelines.execute import execute_notebook, inspect_notebook, run_notebook
from nbmlops.store import open_store
from tests.kernels import metrics_of, params_of, sources_of

DEFAULTS = (
    "import math\n\nlr = 0.1  # how fast\nn = 3\nname: str = 'a'\nflag = True\n"
    "layers = [1, 2]\nanything = None\nhalf = n / 2\n"
    "def twice(x):\n    return 2 * x",
    "parameters",
)
TYPES = """print({name: (type(value).__name__, value) for name, value in {
    "lr": lr, "n": n, "name": name, "flag": flag, "layers": layers, "anything": anything,
}.items()})
accuracy = lr * n"""


def printed(notebook):
    return "".join(
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def typed(new_project):
    """An execution with a parameter of each type."""
    import numpy

    project = new_project()
    given = {
        "lr": 1, "n": numpy.int64(5), "name": Text("0.5"), "flag": Text("False"),
        "layers": [3, (4, None)], "anything": float("inf"),
    }  # fmt: skip
    done = project.execute(DEFAULTS, TYPES, parameters=given, name="typed", experiment="types")
    assert done.problem is None
    return project, done


def test_parameters_arrive_with_the_types_that_the_notebook_has(typed):
    project, _ = typed
    assert eval(printed(project.read()), {"inf": float("inf")}) == {
        "lr": ("float", 1.0), "n": ("int", 5), "name": ("str", "0.5"), "flag": ("bool", False),
        "layers": ("list", [3, (4, None)]), "anything": ("float", float("inf")),
    }  # fmt: skip


def test_run_has_the_parameters_that_were_given_and_nothing_else_of_their_cell(typed):
    project, _ = typed
    params = params_of(project.run)
    assert params == {
        "lr": 1.0, "n": 5, "name": "0.5", "flag": False, "layers": [3, (4, None)],
        "anything": float("inf"), "half": 1.5,
    }  # fmt: skip
    assert [type(params[name]) for name in ("lr", "n", "flag")] == [float, int, bool]


def test_run_is_the_one_that_was_announced(typed):
    project, done = typed
    run = project.run.run
    assert (run.id, run.name, run.experiment) == (done.run_id, "typed", "types")
    assert (run.status, run.reason, done.exit_code) == ("finished", None, 0)
    assert run.notebook == str(project.folder / "work.ipynb")
    assert metrics_of(project.run) == {"accuracy": 5.0}
    assert project.run.session.place == "headless"
    assert project.run.session.ended is not None


def test_executions_have_the_ids_and_tags_of_their_cells(typed):
    project, _ = typed
    assert [(found.cell_id, found.tags) for found, _ in project.run.executions] == [
        ("cell-1", ("parameters",)),
        ("injected-parameters", ("injected-parameters",)),
        ("cell-2", ()),
    ]


def test_output_notebook_names_the_run_and_says_how_each_cell_went(typed):
    project, done = typed
    notebook = project.read()
    assert notebook.metadata.nbmlops == {"run_id": done.run_id, "exit_code": 0}
    assert {cell.metadata.papermill.status for cell in notebook.cells} == {"completed"}
    assert notebook.metadata.papermill.exception is None
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]


def test_inspecting_lists_what_the_parameters_cell_declares(work):
    declared = inspect_notebook(work.write(DEFAULTS, TYPES))
    assert [(found.name, found.default, found.expected, found.help) for found in declared] == [
        ("lr", "0.1", "a number", "how fast"),
        ("n", "3", "a whole number", ""),
        ("name", "'a'", "a text", ""),
        ("flag", "True", "true or false", ""),
        ("layers", "[1, 2]", "a list", ""),
        ("anything", "None", "any value", ""),
        ("half", "n / 2", "any value", ""),
    ]


@pytest.mark.parametrize(
    ("cells", "given", "error", "message"),
    [
        pytest.param([DEFAULTS], {"lrr": 1}, ParameterUnknown, "Did you mean lr?", id="typo"),
        pytest.param([DEFAULTS], {"epochs": 1}, ParameterUnknown, "There is: lr, n,", id="unknown"),
        pytest.param(["x = 1"], {"x": 2}, ParameterUnknown, "tag or head", id="no cell"),
        pytest.param(
            [("pass", "parameters")], {"x": 2}, ParameterUnknown, "assigns no name", id="no name"
        ),
        pytest.param([DEFAULTS], {"n": 2.0}, ParameterMismatch, "a whole number", id="float"),
        pytest.param([DEFAULTS], {"n": True}, ParameterMismatch, "a whole number", id="bool"),
        pytest.param([DEFAULTS], {"lr": "0.1"}, ParameterMismatch, "a number", id="text"),
        pytest.param([DEFAULTS], {"flag": 1}, ParameterMismatch, "true or false", id="int"),
        pytest.param([DEFAULTS], {"n": Text("3.5")}, ParameterMismatch, "not '3.5'", id="typed"),
        pytest.param(
            [DEFAULTS], {"anything": object()}, ParameterMismatch, "written as Python", id="object"
        ),
    ],
)
def test_parameter_that_does_not_fit_is_refused_before_anything_happens(
    work, cells, given, error, message
):
    with pytest.raises(error) as caught:
        work.execute(*cells, parameters=given)
    assert message in str(caught.value)
    assert names_in(work.folder) == [".nbmlops", "work.ipynb"]
    assert names_in(work.folder / ".nbmlops") == []


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        pytest.param("gone.ipynb", NotebookMissing, "there is no notebook", id="missing"),
        pytest.param(".", NotebookInvalid, "it is a folder", id="folder"),
        pytest.param("script.py", NotebookInvalid, "it is not JSON", id="script"),
        pytest.param("table.json", NotebookInvalid, "has no cells", id="other JSON"),
    ],
)
def test_file_that_cannot_be_run_is_refused(work, name, error, message):
    (work.folder / "script.py").write_text("print('hello')\n")
    (work.folder / "table.json").write_text('{"rows": []}')
    with pytest.raises(error, match=message):
        run_notebook(str(work.folder / name))
    assert names_in(work.folder / ".nbmlops") == []


def test_unknown_kernel_is_refused_with_the_kernels_there_are(work):
    with pytest.raises(NotebookInvalid, match=r"'ghost' is not installed.*--kernel: .*python3"):
        work.execute("x = 1", kernel="ghost")


def test_notebook_that_names_no_kernel_is_executed_in_python(work):
    done = work.execute("accuracy = 0.5", kernel=None)
    assert (done.exit_code, metrics_of(work.run)) == (0, {"accuracy": 0.5})
    assert work.read().metadata.kernelspec.name == "python3"


def test_older_notebook_without_ids_has_the_same_cells_in_every_run(work):
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": text,
        }
        for text in (["data = [1]\n", "more = [2]"], "f1 = len(data)")
    ]
    tree = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    (work.folder / "old.ipynb").write_text(json.dumps(tree))
    for _ in range(2):
        done = run_notebook(str(work.folder / "old.ipynb"), progress_bar=False)
        assert (done.exit_code, done.output) == (0, None)
    first, second = (
        [(found.cell_id, found.source) for found, _ in run.executions] for run in work.runs
    )  # fmt: skip
    assert first == second
    assert len({cell_id for cell_id, _ in first} - {None}) == 2
    assert names_in(work.folder) == [".nbmlops", "old.ipynb"]


def test_kernel_works_in_the_folder_asked_for_and_this_process_stays_where_it_is(work):
    here = Path.cwd()
    data = work.folder / "data"
    data.mkdir()
    done = work.execute("import os\nprint(os.getcwd())", cwd=str(data))
    assert done.exit_code == 0
    assert Path(printed(work.read()).strip()).samefile(data)
    assert Path.cwd() == here


@pytest.mark.parametrize("options", [{}, {"report_mode": True}], ids=["plain", "report"])
def test_preparing_writes_the_notebook_with_its_parameters_and_executes_nothing(work, options):
    done = work.execute(
        DEFAULTS, TYPES, parameters={"n": 7}, prepare_only=True, **options
    )  # fmt: skip
    assert done.exit_code == 0
    notebook = work.read()
    assert [cell.source for cell in notebook.cells][1] == "# Parameters\nn = 7"
    assert [cell.execution_count for cell in notebook.cells] == [None] * 3
    hidden = [cell.metadata.get("jupyter", {}).get("source_hidden") for cell in notebook.cells]
    assert hidden == [options.get("report_mode")] * 3
    assert names_in(work.folder / ".nbmlops") == []


def test_execute_notebook_returns_the_executed_notebook_and_saves_it_at_its_end(work):
    path = work.write(DEFAULTS, TYPES)
    notebook = execute_notebook(
        path,
        work.folder / "out-{n}.ipynb",
        {"n": 2},
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    saved = work.read("out-2.ipynb")
    assert [cell.outputs for cell in saved.cells] == [cell.outputs for cell in notebook.cells]
    assert notebook.metadata.nbmlops.run_id == work.run.run.id
    assert params_of(work.run)["n"] == 2


def test_loading_the_extension_in_the_notebook_goes_on_with_the_same_run(work):
    done = work.execute("%load_ext nbmlops", "accuracy = 0.5", "%reload_ext nbmlops", "f1 = 0.4")
    assert done.exit_code == 0
    assert metrics_of(work.run) == {"accuracy": 0.5, "f1": 0.4}
    assert sources_of(work.run)[0] == "%load_ext nbmlops"
    assert [output for cell in work.read().cells for output in cell.outputs] == []


def test_runs_that_the_notebook_opens_are_children_of_its_own(work):
    done = work.execute(
        "import nbmlops",
        "for depth in (1, 2):\n    with nbmlops.start_run(f'depth {depth}') as run:\n"
        "        run.log_metric('loss', 1 / depth)",
        "nbmlops.start_run('left open').log_metric('loss', 0.1)",
        "accuracy = 0.5",
    )
    assert done.exit_code == 0
    outer, *inner = work.runs
    assert (outer.run.id, outer.run.parent_id) == (done.run_id, None)
    assert [(run.run.name, run.run.parent_id, run.run.status) for run in inner] == [
        (name, done.run_id, "finished") for name in ("depth 1", "depth 2", "left open")
    ]
    assert [metrics_of(run)["loss"] for run in inner] == [1.0, 0.5, 0.1]


def test_good_run_on_the_command_line_says_its_id_and_on_stderr_its_report_alone(work):
    work.write(("n = 2", "parameters"), "accuracy = n / 4\nprint('printed')")
    done = work.call("nbmlops", "run", "work.ipynb", "out.ipynb", "-p", "n", "3")
    assert (done.returncode, done.stdout) == (0, f"{work.run.run.id}\n")
    heads = [line.split()[0] for line in done.stderr.splitlines()]
    assert heads == ["✓", "metrics", "parameters", "notebook", "next"]
    assert sys.executable not in done.stderr


@pytest.mark.parametrize(
    ("source", "output", "error", "message"),
    [
        pytest.param("a{b}.ipynb", None, PathNotFilled, "no parameter 'b' is given", id="name"),
        pytest.param("a{.ipynb", None, PathNotFilled, "Write {{ and }}", id="open brace"),
        pytest.param("a{}.ipynb", None, PathNotFilled, "cannot be filled", id="empty braces"),
        pytest.param("work.ipynb", "{n}.ipynb", PathNotFilled, "no parameter 'n'", id="output"),
        pytest.param("work.ipynb", "no/out.ipynb", OutputFolderMissing, "no doesn't", id="folder"),
    ],
)
def test_path_that_cannot_be_used_is_one_sentence_and_nothing_is_executed(
    work, monkeypatch, source, output, error, message
):
    monkeypatch.chdir(work.folder)
    for name in {source, "work.ipynb"}:
        work.write("accuracy = 0.5", name=name)
    with pytest.raises(error) as caught:
        run_notebook(source, output)
    assert message in str(caught.value)
    assert names_in(work.folder / ".nbmlops") == []


def test_doubled_braces_are_braces_of_the_name(work):
    work.write("accuracy = 0.5", name="a{b}.ipynb")
    assert run_notebook(str(work.folder / "a{{b}}.ipynb"), progress_bar=False).exit_code == 0


def test_notebook_node_is_executed_and_left_as_it_was(work, monkeypatch):
    monkeypatch.chdir(work.folder)
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("accuracy = 0.5")])
    executed = execute_notebook(node, "out.ipynb", progress_bar=False)
    assert executed.cells[0].execution_count == 1
    assert node.cells[0].execution_count is None
    assert metrics_of(work.run) == {"accuracy": 0.5}


def test_a_thorough_execution_looks_at_all_before_the_next_cell_changes_it(work):
    many = "x = [{'a': place} for place in range(2_000)]"
    work.write(many, "x.append(1)", "x.append(2)")
    done = run_notebook(str(work.folder / "work.ipynb"), thorough=True, progress_bar=False)
    store = open_store(done.url)
    ids = [execution.id for execution, _ in store.executions(done.run_id)]
    written = [use.digest for use in store.uses(ids) if (use.name, use.role) == ("x", "written")]
    store.close()
    assert None not in written
    assert len(set(written)) == 3


def test_metrics_can_be_made_of_variables_of_any_name(work):
    work.write("how_good = 0.5", "how_good = 0.75")
    run_notebook(str(work.folder / "work.ipynb"), metrics=("how_good",), progress_bar=False)
    assert metrics_of(work.run) == {"how_good": 0.75}


def test_notebook_with_a_byte_order_mark_and_empty_metadata_of_papermill_is_executed(work):
    path = work.write("accuracy = 0.5")
    tree = json.loads(path.read_text())
    tree["metadata"]["papermill"] = tree["cells"][0]["metadata"]["papermill"] = None
    path.write_text(json.dumps(tree), encoding="utf-8-sig")
    done = run_notebook(str(path), str(work.folder / "out.ipynb"), progress_bar=False)
    assert (done.exit_code, metrics_of(work.run)) == (0, {"accuracy": 0.5})


@pytest.mark.parametrize("first", ["%load_ext nbmlops", "# loads nothing"])
def test_header_takes_the_value_given_and_is_undone_by_no_default(work, first):
    cells = (first, "%%nbmlops params\nlr = 0.1  # how fast", "accuracy = lr")
    done = work.execute(*cells, parameters={"lr": 0.5})
    assert (done.exit_code, params_of(work.run), metrics_of(work.run)) == (
        0, {"lr": 0.5}, {"accuracy": 0.5},
    )  # fmt: skip
    executed = json.loads((work.folder / "out.ipynb").read_text())
    assert [cell["outputs"] for cell in executed["cells"]] == [[]] * 4  # it is loaded as ever


def test_several_cells_of_parameters_are_told_and_the_first_counts(work, caplog):
    cells = ("%%nbmlops params\nlr = 0.1", ("depth = 2", "parameters"), "accuracy = lr")
    path = work.write(*cells)
    assert [found.name for found in inspect_notebook(path)] == ["lr"]
    with pytest.raises(ParameterUnknown, match=r"There is: lr\."):
        work.execute(*cells, parameters={"depth": 3})
    told = (
        "2 cells hold parameters: those of the first, cell 1, can be given; "
        "what stands in cell 2 holds as it is."
    )
    assert caplog.messages == [told, told]


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        pytest.param({"lr": 0.5}, ["twice", "four"], id="and what comes of that"),
        pytest.param({"lr": 0.5, "twice": 1.0}, ["four"], id="given too"),
        pytest.param({"other": 2}, [], id="not used"),
    ],
)
def test_parameter_computed_from_one_that_is_given_is_warned_of(work, caplog, given, warned):
    cell = "lr = 0.1\ntwice = lr * 2\nfour = twice * 2\nother = 1"
    work.execute((cell, "parameters"), parameters=given, prepare_only=True)
    assert [message.split()[0] for message in caplog.messages] == warned
    assert all(
        "keeps the value computed from the notebook's own" in text for text in caplog.messages
    )
