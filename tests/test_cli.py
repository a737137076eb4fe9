"""The command ``nbmlops`` as a process: what goes to stdout, to stderr, and to the exit code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nbmlops import cli
from tests.kernels import clean_environment

SCRIPT = Path(sys.executable).with_name("nbmlops")
MAKE_RUNS = """
import nbmlops
for number in range({count}):
    with nbmlops.start_run(f"run {number}", experiment="many", params={"number": number}) as run:
        run.log_metric("auc", number / 10)
"""


def call(*command, cwd, stdin=None, **environment):
    return subprocess.run(
        [*map(str, command)], cwd=cwd, input=stdin, capture_output=True, text=True,
        env=clean_environment(**environment), timeout=120, check=False,
    )  # fmt: skip


def nbmlops(*arguments, cwd, **environment):
    return call(sys.executable, "-m", "nbmlops", *arguments, cwd=cwd, **environment)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A project with three runs."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / ".nbmlops").mkdir()
    done = call(sys.executable, "-c", MAKE_RUNS.replace("{count}", "3"), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "stdout", "stderr"),
    [
        pytest.param(["runs"], 0, "no runs yet", "", id="runs"),
        pytest.param(["show"], 2, "", "nbmlops: there is no store at", id="show"),
        pytest.param(["compare"], 2, "", "nbmlops: there is no store at", id="compare"),
        pytest.param(["annotate", "@1"], 2, "", "nbmlops: there is no store at", id="annotate"),
        pytest.param(["doctor"], 2, "", "nbmlops: there is no store at", id="doctor"),
        pytest.param(
            ["run", "gone.ipynb"], 2, "", "nbmlops: there is no notebook gone.ipynb", id="run"
        ),
        pytest.param(["no-such-verb"], 2, "", "No such command 'no-such-verb'", id="unknown verb"),
        pytest.param(["runs", "--limit", "0"], 2, "", "Invalid value for '--limit'", id="limit"),
        pytest.param(["runs", "--order-by", "auc +"], 2, "", "\n  auc +\n      ^\n", id="order"),
        pytest.param(["runs", "--store", "mysql://here"], 2, "", "cannot hold a store", id="store"),
    ],
)
def test_verb_in_an_empty_folder_says_what_is_missing_and_makes_no_file(
    project, capsys, arguments, code, stdout, stderr
):
    assert cli.run(arguments) == code
    said = capsys.readouterr()
    assert stdout in said.out
    assert stderr in said.err
    assert (not said.out, not said.err) == (not stdout, not stderr)
    assert list(project.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (["show", "--json"], "StoreMissing", "there is no store at"),
        (["runs", "auc >", "--json"], "QueryError", "\n  auc >\n       ^"),
        (["runs", "--json", "--limit", "no"], "BadParameter", "Invalid value for '--limit'"),
        (["no-such-verb", "--json"], "NoSuchCommand|UsageError", "No such command"),
        (["show", "--json", "--store", "a\0b"], "StoreMissing", "/a\0b/.nbmlops/store.db yet"),
    ],
    ids=["error", "filter", "option", "verb", "path"],
)
def test_what_is_wrong_is_a_document_where_json_is_asked_for(
    project, capsys, arguments, kind, message
):
    assert cli.run(arguments) == 2
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert re.fullmatch(kind, error["kind"])  # click has had two for an unknown command
    assert message in error["message"]
    assert error["message"] in said.err


@pytest.mark.parametrize(
    ("problem", "code", "kind"),
    [
        pytest.param(KeyboardInterrupt(), 130, "Interrupted", id="interruption"),
        pytest.param(OSError("interrupted"), 2, "OSError", id="error of that name"),
    ],
)
def test_kind_of_an_error_does_not_hang_on_its_words(monkeypatch, capsys, problem, code, kind):
    def fails(*_arguments, **_options):
        raise problem

    monkeypatch.setattr(cli.group, "main", fails)
    assert cli.run(["show", "--json"]) == code
    error = json.loads(capsys.readouterr().out)["error"]
    assert error == {"kind": kind, "message": "interrupted"}


def test_without_json_asked_for_what_is_wrong_is_no_document(project, capsys):
    assert cli.run(["show", "--", "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_empty_folder_has_no_runs_as_json(project, capsys):
    assert cli.run(["runs", "--json"]) == 0
    nothing = {"total": 0, "runs": [], "next": None, "notes": []}
    assert json.loads(capsys.readouterr().out) == nothing


@pytest.mark.parametrize("command", [[SCRIPT], [sys.executable, "-m", "nbmlops"]])
def test_command_and_module_are_the_same_program(recorded, command):
    done = call(*command, "runs", cwd=recorded)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("3 runs · many")
    version = call(*command, "--version", cwd=recorded)
    assert (version.returncode, version.stdout.split()[0]) == (0, "nbmlops")


def test_reader_that_stops_reading_is_no_error(recorded):
    many = call(sys.executable, "-c", MAKE_RUNS.replace("{count}", "300"), cwd=recorded)
    assert many.returncode == 0, many.stderr
    line = f"{SCRIPT} runs --store {recorded} --limit 300 --json | head -1; echo ${{PIPESTATUS[0]}}"
    done = call("bash", "-c", line, cwd=recorded)
    assert (done.stdout, done.stderr) == ("{\n0\n", "")


def test_table_in_a_file_has_no_colours_and_fits_the_columns_asked_for(recorded):
    wide = nbmlops("runs", "--limit", "3", cwd=recorded)
    narrow = nbmlops("runs", "--limit", "3", cwd=recorded, COLUMNS="50")
    assert "\x1b" not in wide.stdout
    assert max(map(len, narrow.stdout.splitlines())) <= 50
    assert max(map(len, wide.stdout.splitlines())) > 50


def test_help_of_completion_keeps_its_examples_apart(capsys):
    assert cli.run(["completion", "--help"]) == 0
    said = capsys.readouterr().out
    assert "\\b" not in said
    assert "in ~/.bashrc\n" in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_printed_alone(project, capsys, shell):
    assert cli.run(["completion", shell]) == 0
    said = capsys.readouterr()
    assert "_NBMLOPS_COMPLETE" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("nbmlops sh", {"show"}, id="verb"),
        pytest.param("nbmlops show @", {"@1", "@2", "@3"}, id="place"),
        pytest.param("nbmlops compare run", {"run 0", "run 1", "run 2"}, id="name"),
        pytest.param("nbmlops annotate @1 --verdict c", {"confirmed"}, id="choice"),
        pytest.param("nbmlops show zzz", set(), id="nothing"),
    ],
)
def test_shell_completes_verbs_runs_and_choices(tmp_path, words, expected):
    (tmp_path / ".nbmlops").mkdir()
    made = call(sys.executable, "-c", MAKE_RUNS.replace("{count}", "3"), cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    done = call(
        SCRIPT, cwd=tmp_path, _NBMLOPS_COMPLETE="bash_complete",
        COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1),
    )  # fmt: skip
    found = {line.partition(",")[2] for line in done.stdout.splitlines() if line}
    assert found == expected
    assert done.stderr == ""


def test_completing_a_run_where_nothing_was_recorded_offers_nothing(project):
    done = call(
        SCRIPT, cwd=project, _NBMLOPS_COMPLETE="bash_complete",
        COMP_WORDS="nbmlops show @", COMP_CWORD="2",
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
    assert list(project.iterdir()) == []


def test_json_of_a_headless_run_is_one_document_on_stdout(project):
    tree = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]},
             "outputs": [], "execution_count": None, "source": "n = 1  # how many\nwhole = {}"},
            {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [],
             "execution_count": None, "source": "accuracy = n / 4"},
        ],
    }  # fmt: skip
    (project / "work.ipynb").write_text(json.dumps(tree))
    (project / "params.yaml").write_text("n: 2\nwhole: {a: 1}\n")
    done = nbmlops("run", "work.ipynb", "-f", "params.yaml", "-p", "n", "3", "--json", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["exit_code"] == 0
    assert answer["params"] == {"n": 3, "whole": {"a": 1}}
    assert answer["metrics"] == {"accuracy": 0.75}
    assert (answer["output"], answer["status"]) == (None, "finished")


def test_parameters_that_cannot_be_used_are_exit_code_2(project, capsys):
    tree = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (project / "work.ipynb").write_text(json.dumps(tree))
    (project / "list.yaml").write_text("- 1\n")
    for arguments, message in (
        (["-p", "n", "1"], "the notebook has no parameter 'n'"),
        (["-f", "list.yaml"], "list.yaml must hold names with values, not [1]"),
        (["-f", "gone.yaml"], "cannot read gone.yaml"),
        (["-y", "a: ["], "-y is not YAML"),
        (["--prepare-only"], "--prepare-only needs OUTPUT"),
    ):
        assert cli.run(["run", "work.ipynb", *arguments]) == 2
        assert message in capsys.readouterr().err
    assert sorted(path.name for path in project.iterdir()) == ["list.yaml", "work.ipynb"]


def test_help_of_a_notebook_lists_its_parameters(project, capsys):
    source = "n = 1  # how many\nname: str = None"
    cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [],
            "execution_count": None, "source": source}  # fmt: skip
    tree = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (project / "work.ipynb").write_text(json.dumps(tree))
    assert cli.run(["run", "work.ipynb", "--help-notebook", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "notebook": "work.ipynb",
        "parameters": [
            {"name": "n", "default": "1", "takes": "a whole number", "help": "how many"},
            {"name": "name", "default": "None", "takes": "a text", "help": ""},
        ],
    }
    assert [path.name for path in project.iterdir()] == ["work.ipynb"]


LOADED_BY_RUN = """
import sys
if {by_command}:
    from nbmlops import cli
    sys.argv = ["nbmlops", "run", "gone.ipynb"]
    try:
        cli.main()
    except SystemExit as ending:
        assert ending.code == 2
import nbformat
print("jsonschema" in sys.modules, "lark" in sys.modules)
"""


@pytest.mark.parametrize(
    ("by_command", "loaded"),
    [
        pytest.param(True, "True False", id="by the command"),
        pytest.param(False, "True True", id="by who imports nbformat"),
    ],
)
def test_run_parses_no_grammar_that_notebooks_do_not_need(run_python, by_command, loaded):
    assert run_python(LOADED_BY_RUN.format(by_command=by_command)) == loaded
