"""Deleting, taking back and pinning, by every face."""

import json
import shlex

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.errors import RunNotFound, RunPinned
from nbmlops.magics import answer_line

pytestmark = pytest.mark.usefixtures("runs")

NESTED = """
import nbmlops
with nbmlops.start_run("outer") as outer:
    with nbmlops.start_run("inner") as inner:
        inner.log_metric("auc", 0.5)
"""
MANY = """
import nbmlops
with nbmlops.start_run("outer") as outer:
    for number in range(8):
        with nbmlops.start_run(f"inner {number}") as inner:
            inner.log_metric("auc", 0.5)
"""


def names(**options):
    return [summary.run.name for summary in nbmlops.runs(**options)]


def test_deleted_run_is_in_the_trash_until_it_is_taken_out():
    said = plain(nbmlops.delete("wide", "@1").page())
    assert "2 runs put into the trash" in said
    assert "nbmlops undelete " in said
    assert (names(), sorted(names(trashed=True))) == (["baseline"], ["broken", "wide"])
    nbmlops.undelete("wide")
    assert (names(), names(trashed=True)) == (["wide", "baseline"], ["broken"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda line: cli.run([*line.split(), "--json"]),
        lambda line: answer_line(line),
    ],
    ids=["terminal", "magic"],
)
def test_every_face_deletes_takes_back_pins_and_lists_the_trash(ask, capsys):
    ask("delete wide")
    assert names() == ["broken", "baseline"]
    ask("undelete wide")
    assert names() == ["broken", "wide", "baseline"]
    ask("pin wide")
    assert names(filter="pinned is not null") == ["wide"]
    ask("unpin wide")
    assert names(filter="pinned is not null") == []


def test_trash_is_listed_in_the_terminal(capsys):
    assert cli.run(["runs", "--trash"]) == 0
    assert capsys.readouterr().out.strip() == "the trash is empty."
    cli.run(["delete", "wide", "--json"])
    deleted = json.loads(capsys.readouterr().out)
    cli.run(["runs", "--trash", "--json"])
    [found] = json.loads(capsys.readouterr().out)["runs"]
    assert deleted == {"runs": [found["id"]], "trashed": True}
    assert (found["name"], found["trashed"] is None, found["pinned"]) == ("wide", False, None)
    cli.run(["show", found["id"]])
    assert "in the trash since" in " ".join(capsys.readouterr().out.split())


def test_pinned_run_is_not_deleted_nor_any_named_with_it():
    nbmlops.pin("wide")
    with pytest.raises(RunPinned, match="nbmlops unpin"):
        nbmlops.delete("baseline", "wide")
    assert names() == ["broken", "wide", "baseline"]


def test_what_is_in_the_trash_is_not_compared_nor_the_best():
    assert nbmlops.show("best:auc").detail.run.name == "wide"
    nbmlops.delete("wide")
    assert nbmlops.show("best:auc").detail.run.name == "baseline"
    with pytest.raises(RunNotFound):
        nbmlops.show("wide")


def test_runs_inside_a_run_go_and_come_with_it(run_python, project):
    run_python(NESTED)
    before = names()
    nbmlops.delete("outer")
    assert sorted(names(trashed=True)) == ["inner", "outer"]
    nbmlops.undelete("outer")
    assert names() == before


def test_what_a_pinned_run_is_inside_of_is_left_out_by_what_is_advised(run_python, project):
    run_python(NESTED)
    nbmlops.pin("inner")
    with pytest.raises(RunPinned) as caught:
        nbmlops.delete("pinned = false")
    nbmlops.delete("pinned = false " + str(caught.value).partition("and pinned = false ")[2])
    assert sorted(names()) == ["inner", "outer"]


def test_pinning_what_is_in_the_trash_says_that_it_was_taken_out():
    [run] = nbmlops.delete("wide").runs
    assert "taken out of the trash for that" in plain(nbmlops.pin(run.id).page(), 200)
    assert "taken out" not in plain(nbmlops.pin(run.id).page(), 200)
    assert "wide" in names()


def test_filter_stands_for_all_that_it_finds():
    nbmlops.delete("metrics.auc > 0.5")
    assert (names(), sorted(names(trashed=True))) == (["broken"], ["baseline", "wide"])
    nbmlops.undelete("params.lr = 0.1")
    assert names() == ["broken", "baseline"]


@pytest.mark.parametrize("empty", ["", " ", "\t\n"], ids=["nothing", "a blank", "a line"])
@pytest.mark.parametrize("verb", ["delete", "undelete", "forget", "pin", "annotate"])
def test_empty_text_stands_for_no_run(verb, empty, capsys):
    nbmlops.delete("broken")
    assert cli.run([verb, empty]) == 2
    assert capsys.readouterr().out == ""
    assert (names(), names(trashed=True)) == (["wide", "baseline"], ["broken"])


def test_no_run_at_all_is_told_how_to_take_all(capsys):
    assert cli.run(["delete"]) == cli.run(["delete", "wide", "--all"]) == 2
    assert "--all" in capsys.readouterr().err
    assert cli.run(["delete", "--all"]) == 0
    assert names() == []
    assert cli.run(["undelete", "--all"]) == 0
    assert names() == ["broken", "wide", "baseline"]


def test_what_is_forgotten_is_named_not_found_by_a_filter():
    nbmlops.delete("wide")
    with pytest.raises(RunNotFound):
        nbmlops.forget("params.lr = 0.2")
    assert names(trashed=True) == ["wide"]


@pytest.mark.parametrize("asked", [["outer"], ["name like 'inner%'"]], ids=["outer", "filter"])
def test_deletion_of_many_says_the_first_of_them_and_what_takes_back_just_them(
    asked, run_python, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "200")
    run_python(MANY)
    nbmlops.delete("wide", "inner 3")
    before = (names(), sorted(names(trashed=True)))
    assert cli.run(["delete", *asked]) == 0
    said, undo = capsys.readouterr().out.splitlines()
    assert said.count("inner") <= 5
    assert said.endswith((" + 3", " + 2"))
    assert len(names()) < len(before[0])
    [_, words] = shlex.split(undo.partition("to take it back: nbmlops ")[2])
    assert cli.run(["undelete", words]) == 0
    assert (names(), sorted(names(trashed=True))) == before


def test_deletion_that_finds_nothing_says_so(capsys):
    assert cli.run(["delete", "metrics.auc > 99"]) == 0
    assert capsys.readouterr().out.strip() == "nothing was put into the trash."


@pytest.mark.parametrize("verb", ["delete", "forget"])
def test_nothing_is_done_to_a_name_that_several_runs_have(verb, capsys):
    nbmlops.annotate("wide", name="baseline")
    assert cli.run([verb, "baseline"]) == 2
    assert "'baseline' is the name of several runs: " in capsys.readouterr().err
    assert sorted(names()) == ["baseline", "baseline", "broken"]


def test_run_in_the_trash_can_be_forgotten():
    nbmlops.delete("wide")
    assert nbmlops.forget("wide").is_whole
    assert (sorted(names()), names(trashed=True)) == (["baseline", "broken"], [])
    with pytest.raises(RunNotFound):
        nbmlops.forget("wide")


def test_run_that_is_not_in_the_trash_is_told_as_such(runs, capsys):
    assert cli.run(["undelete", "wide"]) != 0
    assert "no run 'wide' is in the trash." in capsys.readouterr().err
