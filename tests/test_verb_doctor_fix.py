"""Repairing by the faces: what was done is said, and a sound store is left alone."""

import sqlite3

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


def test_doctor_tells_what_it_can_of_a_store_with_lost_pages(project, capsys):
    file = project / ".nbmlops" / "store.db"
    with sqlite3.connect(file) as other:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    with file.open("r+b") as data:
        data.seek((page - 1) * size)
        data.write(b"\xff" * size)
    assert cli.run(["doctor", "--fix"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "fixed: copy" in said
    assert "✗ cannot be repaired" in said
    assert "sizes ✗ cannot be read" in said
