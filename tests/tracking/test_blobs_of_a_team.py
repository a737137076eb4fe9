"""Blobs of a team's store that one machine has: pushed, pulled and asked for from another."""

import json
from pathlib import Path

import pytest

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.errors import BlobNotHere
from nbmlops.records import Artifact, Run, Session
from nbmlops.store import open_store

RUN = [
    Session("s1", 1.0, "script", "churn", ended=2.0, user="ann", host="laptop"),
    Run("r1", "s1", "churn", 1.0, status="finished", closed=2.0),
]


def record(url):
    store = open_store(url)
    digest = store.blobs.put(b"a report")
    store.save([*RUN, Artifact("r1", "report.txt", digest, 8, "text/plain")])
    store.close()


@pytest.fixture
def team(project, server, tmp_path, monkeypatch):
    """Give the URL of a server's store with a run and its artifact, which ann's machine has."""
    url = server.new_url()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "ann"))
    record(url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "bob"))
    return url


def said(exchanged):
    return " ".join(plain(exchanged.page(), 2_000).split())


def test_pull_says_who_has_what_is_not_here_and_brings_it_from_the_place(team, tmp_path):
    place, ours = tmp_path / "place", str(tmp_path / "ours")
    told = said(nbmlops.pull(team, store=ours))
    assert "1 blob could not be had: not at " in told
    assert "recorded were 1 by ann on laptop" in told
    assert f"{team}&blobs=s3://BUCKET/FOLDER" in told
    again = nbmlops.pull(team, store=ours)
    assert "has all the records already. 1 blob could not" in said(again)
    [missing] = again.to_json()["missing_from"]
    assert (missing["user"], missing["host"]) == ("ann", "laptop")
    with_place = f"{team}&blobs=file://{place}"
    [hers] = tmp_path.glob("ann/nbmlops/*/blobs")
    hers.rename(place)
    asked = nbmlops.pull(with_place, store=ours, dry_run=True)
    assert "would be copied to" in said(asked)
    assert "1 blob (8 B)" in said(nbmlops.pull(with_place, store=ours))
    assert "has it all already" in said(nbmlops.pull(with_place, store=ours))


def test_push_to_a_server_without_a_place_says_that_the_blobs_stay_here(
    server, project, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "bob"))
    record(f"sqlite:///{project}/.nbmlops/store.db")
    team = server.new_url()
    told = said(nbmlops.push(team))
    assert f"the blobs are on this machine, in {tmp_path}/bob/nbmlops/" in told
    assert "nobody else has them" in told
    shared = f"{team}&blobs=file://{tmp_path}/place"
    told = said(nbmlops.push(shared))
    assert "1 blob (8 B)" in told
    assert "nobody else" not in told
    assert [path.read_text() for path in tmp_path.glob("place/??/*")] == ["a report"]
    assert "has it all already" in said(nbmlops.push(shared))


def test_artifact_of_another_machine_is_told_with_whose_it_is(team, capsys):
    with pytest.raises(BlobNotHere) as caught:
        nbmlops.save_artifact("r1", "report.txt", store=team)
    assert "(ann on laptop recorded it): a server's blobs stay on the machine" in str(caught.value)
    assert cli.run(["artifact", "r1", "report.txt", "--store", team, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "BlobNotHere"
    assert not Path("report.txt").exists()


def test_artifact_that_is_lost_here_is_told_with_what_brings_it_back(project):
    record(f"sqlite:///{project}/.nbmlops/store.db")
    nbmlops.push("../copy")
    [blob] = project.glob(".nbmlops/blobs/??/*")
    blob.unlink()
    with pytest.raises(BlobNotHere, match="bring it back with: nbmlops pull COPY"):
        nbmlops.save_artifact("r1", "report.txt")
    assert "1 blob (8 B)" in said(nbmlops.pull("../copy"))
    assert nbmlops.save_artifact("r1", "report.txt").path.read_text() == "a report"
