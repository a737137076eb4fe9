"""Forgetting by the faces: the text is read where nobody keeps it."""

import io
import json
import sys

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.errors import RunPinned

pytestmark = pytest.mark.usefixtures("runs")


@pytest.fixture
def typed(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))
        monkeypatch.delitem(sys.modules, "ipykernel", raising=False)

    return give


def test_text_is_read_from_stdin_forgotten_and_proven_absent(typed, capsys):
    typed("wider is better")
    assert cli.run(["doctor", "--absent"]) == 1
    typed("wider is better")
    assert cli.run(["forget", "--text", "--json"]) == 0
    typed("wider is better")
    assert cli.run(["doctor", "--absent"]) == 0
    assert "wider" not in capsys.readouterr().out
    assert nbmlops.show("wide").detail.run.hypothesis == "*" * 15


@pytest.mark.parametrize("arguments", [["forget"], ["forget", "wide", "--text"]])
def test_runs_or_a_text_can_be_forgotten(arguments, capsys):
    assert cli.run(arguments) == 2
    assert "name runs, or give --text alone" in capsys.readouterr().err


def test_forgotten_run_is_gone_and_a_pinned_one_is_not_forgotten(capsys):
    nbmlops.pin("baseline")
    with pytest.raises(RunPinned):
        nbmlops.forget("wide", "baseline")
    assert cli.run(["forget", "wide", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 1
    assert [summary.run.name for summary in nbmlops.runs()] == ["broken", "baseline"]
    assert all(finding.is_good for finding in nbmlops.doctor())


def test_what_would_be_forgotten_is_said_and_nothing_is(capsys):
    assert cli.run(["forget", "wide", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "would be forgotten: 1 run" in said
    assert "wide" in [summary.run.name for summary in nbmlops.runs()]
    asked = nbmlops.forget_text("baseline", dry_run=True)
    assert "would be forgotten: 2 rows" in str(asked)
    assert "baseline" in [summary.run.name for summary in nbmlops.runs()]


@pytest.mark.parametrize("arguments", [["forget", "nope"], ["forget", "--text"]])
def test_what_is_refused_is_not_said_to_be_removed(arguments, typed, capsys):
    typed("abc")
    assert cli.run(arguments) == 2
    assert "removing" not in capsys.readouterr().err
    assert cli.run(["forget", "wide"]) == 0
    assert "removing" in capsys.readouterr().err
