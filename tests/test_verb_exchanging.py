"""Push and pull by every face."""

import json
import shutil

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.errors import QueryError, RunNotFound, SameStore, StoreMissing
from nbmlops.magics import answer_line

pytestmark = pytest.mark.usefixtures("runs")


def names(store=None):
    return [summary.run.name for summary in nbmlops.runs(store=store)]


def test_push_makes_a_store_that_shows_the_same(tmp_path, capsys):
    there = str(tmp_path / "team")
    assert cli.run(["push", there, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 3
    assert names(there) == names()
    ours, theirs = nbmlops.show("wide"), nbmlops.show("wide", store=there)
    assert theirs.to_json() == ours.to_json()
    assert "has it all already" in plain(nbmlops.push(there).page(), 300)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["wide"], ["wide"]),
        (["wide", "@1"], ["broken", "wide"]),
        (["experiment = 'churn'"], ["wide", "baseline"]),
        (["best:auc"], ["wide"]),
        (["auc > 7"], []),
    ],
)
def test_push_takes_runs_or_a_filter(tmp_path, words, expected):
    nbmlops.push(str(tmp_path / "team"), *words)
    assert names(str(tmp_path / "team")) == expected


@pytest.mark.parametrize(
    ("words", "problem"),
    [(["nonesuch"], RunNotFound), (["wide", "nonesuch"], RunNotFound), (["auc >"], QueryError)],
)
def test_what_is_neither_run_nor_filter_is_told(tmp_path, words, problem):
    with pytest.raises(problem):
        nbmlops.push(str(tmp_path / "team"), *words)


def test_pull_makes_the_store_of_a_project_that_has_none(project, tmp_path):
    shutil.move(project / ".nbmlops", tmp_path / "theirs")
    said = plain(answer_line(f"pull {tmp_path}/theirs/store.db wide").page())
    assert "1 run, " in said
    assert names() == ["wide"]


def test_store_is_not_copied_into_itself_nor_from_nowhere(project, tmp_path):
    for ask in (nbmlops.push, nbmlops.pull):
        with pytest.raises(SameStore):
            ask(str(project))
    with pytest.raises(StoreMissing):
        nbmlops.pull(str(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("verb", ["push", "pull"])
def test_what_would_be_copied_is_said_and_nothing_is(verb, tmp_path, capsys):
    there, stores = str(tmp_path / "team"), []
    if verb == "pull":
        stores, there = ["--store", there], ".nbmlops"
    for _ in range(2):
        assert cli.run([verb, there, "--dry-run", *stores]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "would be copied to" in said
        assert "3 runs" in said
        assert not (tmp_path / "team").exists()
    assert cli.run([verb, there, *stores]) == 0
    capsys.readouterr()
    assert cli.run([verb, there, "--dry-run", *stores]) == 0
    assert "has it all already" in capsys.readouterr().out
