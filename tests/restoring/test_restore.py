"""Results of messy sessions in a real kernel, taken out and executed again."""

import nbformat
import pytest

import nbmlops
from nbmlops.errors import (
    ExecutionNotFound,
    MetricNotFound,
    NothingToRestore,
    OutputExists,
    OutputFolderMissing,
    RunNotFound,
    SeveralTargets,
    StoreMissing,
    VariableNotFound,
)
from nbmlops.store import open_store
from tests.restoring.conftest import about, code_of, read, value_again

MESSY = [
    ("setup", "%load_ext nbmlops\nimport math\nimport nbmlops"),
    ("params", "%%nbmlops params\nrate = 0.25  # how fast\nseed = 1\nunused = 3"),
    ("later", "%%time\nscaled = [rate * each for each in rows]"),  # fails: no rows yet
    ("data", "# the data\nimport random\nrandom.seed(seed)\nrows = [random.random(), 2, 3]"),
    ("look", "rows[:2]"),
    ("later", "%%time\nscaled = [rate * each for each in rows]"),
    ("data", "rows.append(4)\nlen(rows)"),
    ("helper", "def total(values):\n    '''All of them.'''\n    return math.fsum(values)"),
    ("other", "rate_of_change = 9\nprint(rate_of_change)"),
    ("params", "%%nbmlops params\nrate = 0.5  # faster\nseed = 1\nunused = 4"),
    ("result", "shown = 1\naccuracy = total(scaled) + len(rows) * rate\nprint(accuracy)"),
    ("after", "rows.clear()"),
]


@pytest.fixture
def messy(executed):
    statuses = executed(*MESSY)
    assert statuses.count("error") == 1


@pytest.fixture
def recorded(kernel):
    def value():
        return kernel.ask("repr(accuracy)")

    return value


def test_a_result_of_a_messy_session_is_made_again_without_nbmlops(
    messy, restore, recorded, tmp_path
):
    restored = restore("@1", "accuracy")
    assert restored.executions == (1, 2, 4, 6, 7, 8, 10, 11)
    assert value_again(restored, "accuracy", tmp_path) == recorded()
    assert restored.missing == ()
    assert restored.is_verified is None


def test_the_notebook_has_the_cells_that_matter_in_the_order_they_ran(messy, restore):
    restored = restore("@1", "accuracy")
    notebook = read(restored)
    assert [cell.id for cell in notebook.cells] == [
        "about", "setup", "parameters", "params", "data", "later", "data-2", "helper", "params-2",
        "result",
    ]  # fmt: skip
    assert [cell.source for cell in notebook.cells if cell.id in ("setup", "data", "data-2")] == [
        "import math\nimport random",
        "# the data\nrandom.seed(seed)\nrows = [random.random(), 2, 3]",
        "rows.append(4)\nlen(rows)",
    ]
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info.name == "python"
    tags = {cell.id: cell.metadata.get("tags", []) for cell in notebook.cells}
    assert [cell for cell in tags if tags[cell]] == ["parameters"]
    declared = nbmlops.inspect_notebook(restored.path)
    assert {each.name: each.value for each in declared} == restored.parameters


def test_the_smaller_form_is_written_when_it_makes_the_same(
    messy, restore, recorded, kernel, tmp_path
):
    said, before = [], len(kernel.runs())
    restored = restore("@1", "accuracy", smallest=True, say=said.append)
    assert (restored.is_smallest, restored.is_verified) == (True, True)
    assert restored.line_count < restored.whole_line_count
    assert restored.verification == (
        f"verified: same accuracy, {restored.line_count} of {restored.whole_line_count} lines left"
    )
    assert value_again(restored, "accuracy", tmp_path) == recorded()
    assert "shown" not in "".join(code_of(restored))
    assert "len(rows)\n" not in "".join(code_of(restored))
    assert [text.partition(" (")[0] for text in said] == [
        "executing whole cells",
        "executing the smaller form",
    ]
    assert len(kernel.runs()) == before  # trials are recorded elsewhere
    assert len(kernel.executions()) == len(MESSY)


@pytest.mark.parametrize(
    ("cells", "name", "expected"),
    [
        pytest.param(
            ["import pandas as pd\nunneeded = 1", "df = pd.DataFrame({'a': [1, 2]})\ndf.head()",
             "df['b'] = df.a * 2\nother = df.copy()"],
            "df", 3, id="frame",
        ),
        pytest.param(
            ["import numpy as np\nrng = np.random.default_rng(3)",
             "x = rng.normal(size=4)\nz = 1", "words = {'ü': [x * 2, '\\u2028']}\nprint(x)"],
            "words", 3, id="random numbers in a dict",
        ),
    ],
)  # fmt: skip
def test_a_variable_is_compared_by_its_fingerprint(executed, restore, cells, name, expected):
    executed(*cells, "accuracy = 1")
    restored = restore(variable=name, smallest=True)
    assert restored.is_smallest
    assert restored.verification.startswith(f"verified: same {name}, ")
    assert len(restored.executions) == expected


def test_an_output_is_compared_by_what_it_shows(executed, restore):
    executed("a = [1, 2]\nz = 3", "b = sum(a)\nprint('sum', b)\nc = b\nc", "accuracy = 1")
    restored = restore(cell=2, smallest=True)
    assert restored.is_smallest
    assert restored.verification == "verified: same output, 5 of 6 lines left"
    assert code_of(restored) == ["a = [1, 2]", "b = sum(a)\nprint('sum', b)\nc = b\nc"]


def test_what_comes_out_differently_each_time_is_told(executed, restore):
    executed("import secrets\nz = 1", "accuracy = secrets.randbelow(10**9) / 10**9")
    restored = restore("@1", "accuracy", smallest=True)
    assert (restored.is_smallest, restored.is_verified) == (False, False)
    assert restored.verification.startswith("whole cells do not make it again: accuracy was 0.")
    assert "z = 1" in "".join(code_of(restored))


def test_a_form_that_is_not_the_same_is_not_written(executed, restore):
    # that a name is there is asked of the namespace itself, which no source tells
    executed(
        "def known():\n    return 'helper' in globals_of()\nimport sys",
        "def globals_of():\n    return vars(sys.modules['__main__'])",
        "helper = 1\nbase = 2",
        "accuracy = known() + base",
    )
    restored = restore("@1", "accuracy", smallest=True)
    assert (restored.is_smallest, restored.is_verified) == (False, True)
    assert restored.verification == (
        "whole cells were written, the smaller form is not the same: "
        "accuracy was 2.0 instead of 3.0"
    )
    assert "helper = 1" in "".join(code_of(restored))


def test_what_takes_too_long_is_given_up(executed, restore):
    executed("import time\nz = 1", "time.sleep(2)\naccuracy = 0.5")
    restored = restore("@1", "accuracy", smallest=True, timeout_seconds=1)
    assert not restored.is_smallest
    assert "whole cells do not make it again" in restored.verification


def test_a_logged_metric_keeps_the_call_that_logs_it(executed, restore, tmp_path):
    executed(
        "import nbmlops\nz = 1",
        "values = [0.5, 0.75]\nz = 2",
        "for value in values:\n    nbmlops.log_metric('quality', value)\nprint(values)",
    )
    restored = restore("@1", "quality", smallest=True)
    assert restored.is_smallest
    assert code_of(restored) == [
        "import nbmlops",
        "values = [0.5, 0.75]",
        "for value in values:\n    nbmlops.log_metric('quality', value)",
    ]
    assert "calls nbmlops, which has to be installed" in about(restored)
    assert value_again(restored, "value", tmp_path, with_nbmlops=True) == "0.75"


def test_a_metric_by_the_magic_is_compared_by_its_variable(executed, restore):
    executed("base = 1\nz = 3", "%nbmlops metric height\nz = 2", "height = base + 1")
    executed("%nbmlops metric height")
    restored = restore("@1", "height", smallest=True)
    assert restored.is_verified
    assert "%nbmlops" not in "".join(code_of(restored))


def test_a_cell_that_failed_half_way_is_there_and_the_notebook_goes_on(executed, restore, tmp_path):
    executed("rows = [1]\nrows.append(2)\nrows.nothing\nrows.append(3)", "accuracy = sum(rows)")
    restored = restore("@1", "accuracy")
    assert value_again(restored, "accuracy", tmp_path) == "3"
    assert "[1] failed half-way (AttributeError)" in about(restored)
    [note] = restored.notes
    assert note.kind == "to_know"
    assert note.text in about(restored)
    assert [cell.metadata.get("tags") for cell in read(restored).cells][1] == ["raises-exception"]


def test_files_are_told_by_path_and_found_in_the_folder_of_the_notebook(executed, restore, kernel):
    (kernel.folder / "data.csv").write_text("a\n1\n2\n")
    executed(
        "import pathlib\ntext = pathlib.Path('data.csv').read_text()\nz = 0",
        "pathlib.Path('made.txt').write_text(text)",
        "accuracy = len(pathlib.Path('made.txt').read_text())",
    )
    restored = restore("@1", "accuracy", smallest=True)
    assert [path.rpartition("/")[2] for path in restored.files] == ["data.csv"]
    assert "data.csv`" in about(restored)
    assert restored.is_smallest


def test_what_was_made_before_the_recording_is_missing(executed, restore):
    executed("%nbmlops off", "early = 2", "%nbmlops on", "accuracy = early / 2")
    restored = restore("@1", "accuracy")
    assert restored.missing == ("early",)
    assert "what made `early` was not recorded" in str(restored)
    assert "what made `early` was not recorded" in about(restored)


def test_hidden_inputs_are_no_missing_variables(executed, restore):
    executed("import random", "accuracy = random.random()")
    assert restore("@1", "accuracy").missing == ()


def test_all_results_of_a_run_are_restored_together(executed, restore, tmp_path):
    executed("a = 2", "accuracy = a / 4", "z = 1", "rmse = a + 1")
    restored = restore("@1", smallest=True)
    assert restored.executions == (1, 2, 4)
    assert restored.verification.startswith("verified: same ")
    assert value_again(restored, "(accuracy, rmse)", tmp_path) == "(0.5, 3)"


def test_a_run_that_failed_comes_to_the_same_failure(executed, restore):
    executed("import nbmlops\na = 0\nz = 1", "with nbmlops.start_run('broken'):\n    1 / a")
    restored = restore("broken", smallest=True)
    assert code_of(restored)[-1].endswith("1 / a")
    assert restored.verification == "verified: same output, 4 of 5 lines left"


# What is asked for, and where it is written


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"run": "nope"}, RunNotFound),
        ({"metric": "acc"}, MetricNotFound),
        ({"variable": "nope"}, VariableNotFound),
        ({"cell": 99}, ExecutionNotFound),
        ({"variable": "a", "cell": 1}, SeveralTargets),
    ],
)
def test_what_is_not_there_is_told_as_why_tells_it(executed, restore, asked, error, tmp_path):
    executed("a = 1", "accuracy = a")
    with pytest.raises(error):
        restore(**asked)
    assert not (tmp_path / "restored.ipynb").exists()


def test_a_result_that_no_execution_made_writes_nothing(executed, restore, tmp_path):
    executed("%nbmlops run empty", "%nbmlops end")
    with pytest.raises(NothingToRestore, match="there is nothing to write"):
        restore("empty")
    assert not (tmp_path / "restored.ipynb").exists()


def test_without_a_store_there_is_nothing_to_restore(project):
    with pytest.raises(StoreMissing):
        nbmlops.restore()


def test_a_file_that_is_there_is_left_alone_unless_told(executed, restore, tmp_path):
    executed("accuracy = 1")
    path = tmp_path / "restored.ipynb"
    path.write_text("mine")
    with pytest.raises(OutputExists, match="--overwrite"):
        restore(overwrite=False)
    assert path.read_text() == "mine"
    restore(overwrite=True)
    assert nbformat.read(path, 4).cells


def test_a_folder_that_is_not_there_is_told(executed, restore, tmp_path):
    executed("accuracy = 1")
    with pytest.raises(OutputFolderMissing, match="nowhere"):
        restore(output=str(tmp_path / "nowhere" / "a.ipynb"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"metric": "accuracy"}, "accuracy"),
        ({"variable": "größe"}, "größe"),
        ({"cell": 2}, "cell-2"),
        ({}, "a-b-c"),
    ],
)
def test_it_is_named_after_the_notebook_and_the_result(
    executed, restore, kernel, tmp_path, asked, name
):
    executed("%nbmlops run a/b c", "größe = 2", "accuracy = größe")
    restored = restore(output=str(tmp_path), **asked)
    assert restored.path == str(tmp_path / f"{kernel.folder.name}-{name}.ipynb")
    assert read(restored)


def test_it_answers_in_the_notebook_about_variables_and_metrics(executed, kernel):
    executed("a = 1\nb = 2", "accuracy = a", "c = a + 1")
    shown = {}
    for name in ("c", "accuracy"):
        reply = kernel.run(f"%nbmlops restore {name} --slice -o {name}.ipynb --overwrite")
        assert reply.status == "ok", reply.content
        shown[name] = reply.of("execute_result")[0]["data"]
    assert "c.ipynb: 2 cells, 3 lines from 2 executions make variable c" in shown["c"]["text/plain"]
    assert "make metric accuracy" in shown["accuracy"]["text/html"]
    reply = kernel.run("%nbmlops restore c -o c.ipynb")
    assert (reply.status, reply.error) == ("error", "UsageError")


def test_it_becomes_json(executed, restore, kernel):
    executed("%%nbmlops params\nC = 0.5", "accuracy = C + gone if False else C")
    document = restore("@1", "accuracy").to_json()
    assert set(document) == {
        "path", "target", "executions", "parameters", "missing", "files", "cells", "lines",
        "whole_lines", "is_smallest", "is_verified", "verification", "notes",
    }  # fmt: skip
    assert document["parameters"] == {"C": 0.5}
    assert document["executions"] == [1, 2]
    assert (document["cells"], document["lines"], document["is_smallest"]) == (2, 2, False)


def test_the_store_of_a_trial_is_gone_afterwards(executed, restore, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    executed("a = 1\nz = 2", "accuracy = a")
    assert restore(smallest=True).is_verified
    assert not list(tmp_path.glob("nbmlops-*"))
    open_store(f"sqlite:///{tmp_path / 'store.db'}").close()
