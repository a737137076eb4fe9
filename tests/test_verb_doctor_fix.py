"""Repairing by the faces: what was done is said, and a sound store is left alone."""

import pytest

import nbmlops
from nbmlops import cli

pytestmark = pytest.mark.usefixtures("runs")


def test_sound_store_is_left_alone(project, capsys):
    assert cli.run(["doctor", "--fix"]) == 0
    assert "fixed" not in capsys.readouterr().out
    assert list((project / ".nbmlops").glob("*.before-*")) == []


def test_damage_is_repaired_and_that_is_said(project, capsys):
    (project / ".nbmlops" / "faults.log").write_text("a fault\n")
    assert cli.run(["doctor"]) == 1
    assert cli.run(["doctor", "--fix"]) == 0
    said = capsys.readouterr().out
    assert "fixed: copy" in said
    assert "fixed: faults" in said
    assert all(finding.is_good for finding in nbmlops.doctor())
