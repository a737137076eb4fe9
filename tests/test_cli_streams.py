"""What the command writes where: answers, reports, signs that a terminal lacks, closed pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.kernels import clean_environment

COMMAND = str(Path(sys.executable).with_name("nbmlops"))


def cli(*arguments, **env):
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False,
        env=clean_environment(**env),
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["runs", "show", "compare", "annotate", "doctor", "run"])
def test_help_of_every_verb_has_examples_store_and_json(verb):
    lines = [line.strip() for line in cli(verb, "--help").stdout.splitlines()]
    assert lines[lines.index("Examples:") + 1].startswith(f"nbmlops {verb}")
    assert any(line.startswith("--store URL") for line in lines)
    assert any(line.startswith("--json") for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [["runs"], ["show", "wide"], ["compare"], ["doctor"], ["annotate", "wide", "--note", "größer"]],
    ids=lambda arguments: arguments[0],
)
def test_json_is_one_document_on_stdout_and_nothing_else(runs, arguments):
    done = cli(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert isinstance(json.loads(done.stdout), dict)
    assert "größer" in done.stdout or arguments[0] != "annotate"


def test_unknown_run_is_one_line_on_stderr(runs):
    done = cli("show", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nbmlops: there is no run 'nothing'.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["drawn", "json"])
@pytest.mark.parametrize("verb", ["runs", "show", "doctor"])
def test_closed_stdout_is_no_error(runs, verb, options):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [COMMAND, verb, *options], stdout=writer, stderr=subprocess.PIPE, text=True,
        env=clean_environment(), timeout=60, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("verb", ["runs", "show", "compare", "doctor"])
def test_text_in_a_file_has_no_blanks_at_the_ends_of_lines(runs, verb):
    lines = cli(verb).stdout.splitlines()
    assert lines
    assert [line for line in lines if line != line.rstrip()] == []


def test_terminal_that_lacks_the_signs_gets_their_codes(runs):
    done = cli("runs", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2713 finished" in done.stdout


def test_store_that_cannot_be_read_is_one_line_on_stderr(project):
    (project / "notes.db").write_text("no database, but long enough " * 5)
    done = cli("runs", "--store", "notes.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert "notes.db is not a store of nbmlops" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def notebook(project):
    written = nbformat.v4.new_notebook()
    parameters = nbformat.v4.new_code_cell("lr = 0.1\nkind = 'tree'")
    parameters.metadata["tags"] = ["parameters"]
    written.cells = [parameters, nbformat.v4.new_code_cell("auc = lr * 2\nprint('shown')")]
    nbformat.write(written, project / "train.ipynb")
    return "train.ipynb"


def test_run_prints_the_runs_id_alone_on_stdout_and_the_report_on_stderr(notebook):
    done = cli("run", notebook, "out.ipynb", "-p", "lr", "0.25", "-r", "kind", "1")
    assert done.returncode == 0
    [run] = json.loads(cli("runs", "--json").stdout)["runs"]
    assert done.stdout == f"{run['id']}\n"
    assert "✓ finished" in done.stderr
    assert "auc 0.5" in done.stderr
    assert "out.ipynb" in done.stderr
    assert (run["params"], run["metrics"]) == ({"lr": 0.25, "kind": "1"}, {"auc": 0.5})


def test_mismatch_of_a_raw_parameter_says_that_raw_is_text(notebook):
    done = cli("run", notebook, "-r", "lr", "0.25")
    assert (done.returncode, done.stdout) == (2, "")
    assert "takes a number" in done.stderr
    assert "-r gives a text" in done.stderr
    assert "-r gives" not in cli("run", notebook, "-p", "lr", "fast").stderr


def test_prepared_notebook_is_written_and_not_executed(notebook, project):
    done = cli("run", notebook, "out.ipynb", "--prepare-only", "-p", "lr", "1")
    assert done.returncode == 0
    assert "written, not executed: out.ipynb" in done.stdout
    assert "lr = 1.0" in nbformat.read(project / "out.ipynb", 4).cells[1].source
    assert json.loads(cli("runs", "--json").stdout)["total"] == 0


def test_output_in_a_folder_that_is_not_there_is_one_line_and_nothing_is_executed(notebook):
    done = cli("run", notebook, "missing/out.ipynb")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nbmlops: output folder missing doesn't exist.\n"
    assert json.loads(cli("runs", "--json").stdout)["total"] == 0
