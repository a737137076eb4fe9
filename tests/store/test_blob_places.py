"""Blobs that are named and not here: told with who has them, and never dropped for others."""

import contextlib
from socket import gethostname

import pytest

from nbmlops import config
from nbmlops.records import Artifact, Content, Environment, Execution, Model, Output, Run, Session
from nbmlops.store import open_store
from nbmlops.store.base import Recorder, RunQuery
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.places import home_of
from nbmlops.store.remembered_places import NAME, forgotten_place

ANN, BOB = ("ann", "laptop"), (config.user_name(), gethostname())


@pytest.fixture
def team(server, monkeypatch):
    """Give the store on a server of a machine that is called so, with folders of its own."""
    url, opened = server.new_url(), contextlib.ExitStack()

    def of(machine, tmp_path, place=""):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / machine))
        there = f"{url}&blobs=file://{place}" if place else url
        return opened.enter_context(contextlib.closing(open_store(there)))

    with opened:
        yield of


def record(store, name, who):
    """Record a run with an artifact by somebody; return the artifact's digest."""
    digest = store.blobs.put(f"{name} report".encode())
    store.save([
        Session(name, 1.0, "script", "churn", ended=2.0, user=who[0], host=who[1]),
        Run(name, name, "churn", 1.0, status="finished", closed=2.0),
        Artifact(name, "report", digest, 9, "text/plain"),
    ])  # fmt: skip
    return digest


def blobs_told(store):
    [found] = [finding for finding in store.check() if finding.subject == "blobs"]
    return found


def test_blobs_of_another_machine_are_no_damage_and_their_names_stay(team, tmp_path):
    ann = team("ann", tmp_path)
    digest = record(ann, "hers", ANN)
    bob = team("bob", tmp_path)
    record(bob, "his", BOB)
    found = blobs_told(bob)
    assert found.is_good
    assert "; 1 on the machines that recorded them (1 by ann on laptop). To share" in found.text
    before = bob.runs(RunQuery())
    for drops_lost in (False, True):
        assert all(finding.is_good for finding in bob.repair(drops_lost=drops_lost))
    assert bob.runs(RunQuery()) == before
    assert ann.blobs.get(digest) == b"hers report"


def test_what_is_lost_where_it_was_recorded_is_damage_and_goes_only_when_asked(team, tmp_path):
    bob = team("bob", tmp_path)
    bob.blobs.path(record(bob, "his", BOB)).unlink()
    found = blobs_told(bob)
    assert not found.is_good
    assert found.text.endswith("where nobody has: nbmlops doctor --fix --drop-lost")
    bob.repair()
    assert bob.runs(RunQuery())[0].artifacts
    bob.repair(drops_lost=True)
    assert (bob.runs(RunQuery())[0].artifacts, blobs_told(bob).is_good) == ((), True)


def test_blobs_of_before_there_was_a_place_are_brought_there(team, tmp_path):
    digest = record(team("ann", tmp_path), "hers", ANN)
    place = tmp_path / "place"
    assert not blobs_told(team("bob", tmp_path, place)).is_good
    ann = team("ann", tmp_path, place)
    texts = [finding.text for finding in ann.repair()]
    assert texts == [f"brought 1 blob of this machine to file://{place}"]
    assert LocalBlobs(place).get(digest) == b"hers report"
    assert blobs_told(ann).is_good


def test_a_place_that_is_left_out_is_remembered_and_nothing_dropped_without_it(tmp_path):
    url, place = f"sqlite:///{tmp_path}/s.db", f"file://{tmp_path}/place"
    with contextlib.closing(open_store(f"{url}?blobs={place}")) as store:
        record(store, "his", BOB)
    assert (home_of(url) / NAME).stat().st_mode & 0o777 == 0o600
    assert forgotten_place(url) == place
    assert forgotten_place(f"{url}?blobs={place}") is None
    with contextlib.closing(open_store(url)) as store:
        record(store, "hers", ANN)
        found = blobs_told(store)
        assert not found.is_good
        assert f"used from here with blobs = '{place}'" in found.text
        before = store.runs(RunQuery())
        assert not all(finding.is_good for finding in store.repair())
        assert store.runs(RunQuery()) == before


def test_who_recorded_a_blob_is_known_by_all_that_names_it(store):
    digests = [store.blobs.put(name.encode()) for name in ("shown", "model", "file", "module")]
    shown = (Output("display", (Content("image/png", 5, blob=digests[0]),)),)
    store.save([
        Session("s1", 1.0, "jupyter", "churn", ended=2.0, user="ann", host="laptop"),
        Session("s2", 1.0, "jupyter", "churn", ended=2.0, user="bob", host="hub"),
        Environment("env", f'{{"modules": {{"m.py": "{digests[3]}"}}}}'),
        Execution("e1", "s1", 1, "f()", 1, "c", outputs=shown),
        Run("r1", "s1", "churn", 1.0, environment="env"),
        Run("r2", "s2", "churn", 1.0),
        Model("r1", "model", "Forest", "{}", blob=digests[1]),
        *(Artifact(run, "file", digests[2], 4, "text/plain") for run in ("r1", "r2")),
    ])  # fmt: skip
    ann, bob = Recorder("ann", "laptop"), Recorder("bob", "hub")
    found = store.recorders_of([*digests, "blake3:00"])
    assert [found[digest] for digest in digests] == [{ann}, {ann}, {ann, bob}, {ann}]
    assert found["blake3:00"] == frozenset()
    assert store.blobs_named(None) == store.blobs_named(["r1"]) == {*digests}
    assert store.blobs_named(["r2"]) == {digests[2]}
