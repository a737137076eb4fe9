"""``nbmlops replay`` on the command line, about a small project with recorded runs."""

import json

import pytest
from click.shell_completion import ShellComplete

from nbmlops import cli
from nbmlops.verbs import group


def test_it_says_the_verdict_and_progress_apart(runs, capsys):
    assert cli.run(["replay", "wide", "--json"]) == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["verdict"] == "identical"
    assert {each["name"] for each in answer["results"]} == {"auc", "loss"}
    assert said.err.startswith("executing 1 cell in ")


def test_the_executed_notebook_is_kept_where_asked(runs, capsys):
    assert cli.run(["replay", "baseline", "auc", "-o", "{again}.ipynb"]) == 0
    assert "identical: auc 0.8 · metric auc" in capsys.readouterr().out
    [cell] = json.loads((runs / "{again}.ipynb").read_text())["cells"]
    assert "start_run" in "".join(cell["source"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope"], "there is no run 'nope'"),
        (["wide", "acu"], "has no metric 'acu'. Did you mean auc?"),
        (["wide", "-o", "nowhere/a.ipynb"], "output folder nowhere doesn't exist"),
        (["wide", "--timeout", "0"], "not in the range"),
        (["wide", "--rtol", "2"], "not in the range"),
        (["wide", "--cwd", "nowhere"], "does not exist"),
    ],
)
def test_what_cannot_be_replayed_says_why(runs, capsys, arguments, says):
    assert cli.run(["replay", *arguments]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [(["replay"], "w", ["wide"]), (["replay", "wide"], "a", ["auc"])],
)
def test_the_tab_key_offers_what_can_be_replayed(runs, typed, begun, offered):
    found = ShellComplete(group, {}, "nbmlops", "").get_completions(typed, begun)
    assert [item.value for item in found] == offered
