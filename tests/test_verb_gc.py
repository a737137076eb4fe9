"""Making space, by every face."""

import json

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.magics import answer_line

pytestmark = pytest.mark.usefixtures("runs")


def names(**options):
    return [summary.run.name for summary in nbmlops.runs(**options)]


def test_gc_says_what_can_go_and_removes_it_only_when_told_to(capsys):
    nbmlops.delete("wide")
    assert "nothing is there to be removed" in plain(nbmlops.gc().page())  # not long in the trash
    said = plain(answer_line("gc --all").page())
    assert "1 run in the trash" in said
    assert "the same with --apply" in said
    assert names(trashed=True) == ["wide"]
    assert cli.run(["gc", "--all", "--apply", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (len(done["runs"]), done["is_done"]) == (1, True)
    assert (names(trashed=True), names()) == ([], ["broken", "baseline"])
    assert all(finding.is_good for finding in nbmlops.doctor())


def test_doctor_tells_what_experiments_and_runs_take():
    told = {finding.subject: finding.text for finding in nbmlops.doctor()}["sizes"]
    assert told.startswith("experiments: churn ")
    assert [part.count(",") for part in told.split("; runs: ")] == [1, 2]
