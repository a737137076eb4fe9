"""``nbmlops restore`` on the command line, about a small project with recorded runs."""

import json

import pytest
from click.shell_completion import ShellComplete

from nbmlops import cli
from nbmlops.verbs import group


def test_it_writes_beside_and_says_what(runs, capsys):
    assert cli.run(["restore", "wide", "auc", "--slice"]) == 0
    assert "train-auc.ipynb: 2 cells, " in capsys.readouterr().out
    written = json.loads((runs / "train-auc.ipynb").read_text())
    assert "auc 0.9" in written["cells"][0]["source"]
    assert "start_run" in written["cells"][2]["source"]


def test_it_answers_with_json(runs, capsys):
    assert cli.run(["restore", "wide", "auc", "-o", "a.ipynb", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["path"], answer["target"], answer["executions"]) == (
        "a.ipynb", "metric auc", [1],
    )  # fmt: skip
    assert answer["notes"] == []  # nbmlops is here; who gets the notebook is told in it


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope"], "there is no run 'nope'"),
        (["wide", "acu"], "has no metric 'acu'. Did you mean auc?"),
        (["wide", "-o", "nowhere/a.ipynb"], "output folder nowhere doesn't exist"),
        (["wide", "-o", "taken.ipynb"], "taken.ipynb is there already"),
        (["wide", "--timeout", "0"], "not in the range"),
    ],
)
def test_what_cannot_be_written_says_why(runs, capsys, arguments, says):
    (runs / "taken.ipynb").write_text("mine")
    assert cli.run(["restore", *arguments]) == 2
    assert says in capsys.readouterr().err
    assert [path.name for path in runs.glob("*.ipynb")] == ["taken.ipynb"]


def test_overwrite_takes_the_place_of_a_file(runs):
    (runs / "taken.ipynb").write_text("mine")
    assert cli.run(["restore", "wide", "-o", "taken.ipynb", "--overwrite"]) == 0
    assert json.loads((runs / "taken.ipynb").read_text())["nbformat"] == 4


@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [
        (["restore"], "w", ["wide"]),
        (["restore", "wide"], "a", ["auc"]),
        (["restore", "wide", "--cell"], "", ["1"]),
    ],
)
def test_the_tab_key_offers_what_can_be_restored(runs, typed, begun, offered):
    found = ShellComplete(group, {}, "nbmlops", "").get_completions(typed, begun)
    assert [item.value for item in found] == offered
