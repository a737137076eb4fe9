"""Push and pull by every face."""

import json
import shutil

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.errors import QueryError, RunNotFound, SameStore, ServerAway, StoreMissing
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


def test_what_was_only_written_on_a_run_copies_no_run_again(tmp_path):
    there = str(tmp_path / "team")
    nbmlops.push(there)
    nbmlops.annotate("wide", tags=["kept"])
    run = nbmlops.show("wide").detail.summary.run.id[:8]
    asked = plain(nbmlops.push(there, dry_run=True).page(), 300)
    assert f"would be written on in sqlite:///{tmp_path}/team" in asked
    told = plain(nbmlops.push(there).page(), 300)
    for said in (asked, told):
        assert f": 1 run ({run})" in said
        assert "copied to" not in said
    assert f"tags.kept of {run} by" in told


def test_store_is_shown_by_the_path_that_it_has(tmp_path, project):
    (tmp_path / "deep").mkdir()
    said = plain(nbmlops.push(f"{tmp_path}/deep/../team").page(), 300)
    assert f"copied to sqlite:///{tmp_path}/team/.nbmlops/store.db: 3 runs" in said


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


@pytest.mark.parametrize("verb", ["push", "pull"])
def test_a_filter_that_fits_no_run_copies_nothing_and_says_what_no_run_has(verb, tmp_path, capsys):
    nbmlops.push(str(tmp_path / "theirs"))
    assert cli.run([verb, str(tmp_path / "theirs"), "acu > 0 or metrics.acu > 7"]) == 2
    assert cli.run([verb, str(tmp_path / "theirs"), "metrics.acu > 7"]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == "no run fits: there is nothing to copy."
    assert "No run has a metric acu. Did you mean auc?" in said.err


def test_no_store_is_made_for_no_run(tmp_path):
    assert nbmlops.push(str(tmp_path / "team"), "auc > 7").to_json()["runs"] == []
    assert not (tmp_path / "team").exists()


@pytest.mark.parametrize("ask", [nbmlops.push, nbmlops.pull])
def test_a_server_that_is_away_is_told_and_nothing_is_said_to_wait_for_it(ask):
    with pytest.raises(ServerAway) as caught:
        ask("postgresql://me:word@127.0.0.1:1/team?blobs=file:///nowhere")
    said = str(caught.value)
    assert said.startswith("postgresql://me@127.0.0.1:1/team does not answer: ")
    assert "waits" not in said


def test_push_says_where_it_made_a_new_store(tmp_path, capsys):
    for said in (1, 0):
        assert cli.run(["push", str(tmp_path / "team")]) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert out.count("is a new store: there was none") == said
