"""A run executed again over HTTP, to be verified."""

import time
from dataclasses import replace

import pytest

from tests.kernels import recording_kernel

PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def ran(root, tmp_path_factory):
    """The folder of a project whose last run reads a file that has changed since."""
    folder = root / tmp_path_factory.mktemp("replayed").name
    folder.mkdir()
    (folder / "rate.txt").write_text("0.5")
    with recording_kernel(folder) as kernel:
        kernel.run("rate = float(open('rate.txt').read())", cell_id="read")
        kernel.run("accuracy = rate / 2", cell_id="score")
        kernel.run("loss = 2.0", cell_id="other")
    (folder / "rate.txt").write_text("0.75")
    return folder


@pytest.fixture
def api(jupyter, ran):
    return replace(jupyter, path=ran.name)


def ended(api, replay):
    for _ in range(PATIENCE_SECONDS * 5):
        found = api.get(f"/replays/{replay['id']}")
        if found["state"] not in ("running", "stopping"):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def test_a_run_is_replayed_and_the_verdict_is_told(api, ran):
    before = [*ran.rglob("*.ipynb")]
    begun = api.ask("POST", "/runs/@1/replays", body={}).document
    assert (begun["state"], begun["replay"], begun["problem"]) == ("running", None, None)
    found = ended(api, begun)
    assert (found["state"], found["done"], found["cells"]) == ("finished", 3, 3)
    replayed = found["replay"]
    assert replayed["verdict"] == "different"
    assert [(each["name"], each["verdict"]) for each in replayed["results"]] == [
        ("accuracy", "different"), ("loss", "identical"),
    ]  # fmt: skip
    first = replayed["first_difference"]
    assert (first["cell_id"], first["name"]) == ("read", "rate")
    assert first["cause"]["kind"] == "data changed"
    assert len(api.get("/runs")["runs"]) == 1  # nothing was recorded
    assert [*ran.rglob("*.ipynb")] == before


def test_one_metric_is_replayed_alone(api):
    body = {"metric": "loss", "rtol": 1e-9, "timeout_seconds": 60}
    found = ended(api, api.ask("POST", "/runs/@1/replays", body=body).document)["replay"]
    assert (found["verdict"], found["target"], found["rtol"]) == (
        "identical", "metric loss", 1e-9,
    )  # fmt: skip


def test_what_cannot_be_asked_for_ends_with_its_problem(api):
    found = ended(api, api.ask("POST", "/runs/@1/replays", body={"metric": "lost"}).document)
    assert (found["state"], found["replay"]) == ("failed", None)
    assert "has no metric 'lost'" in found["problem"]


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        pytest.param("/runs/@1/replays", {"metric": 3}, 400, id="no text"),
        pytest.param("/runs/@1/replays", {"rtol": -1}, 400, id="below zero"),
        pytest.param("/runs/@1/replays", {"rtol": True}, 400, id="no number"),
        pytest.param("/runs/@1/replays", {"timeout_seconds": 1e9}, 400, id="too long"),
        pytest.param("/runs/nobody/replays", {}, 404, id="no run"),
    ],
)
def test_what_cannot_be_begun_is_refused(api, address, body, status):
    api.problem(status, address, "POST", body=body)


def test_a_replay_is_stopped(api, jupyter, root, tmp_path_factory):
    folder = root / tmp_path_factory.mktemp("slow").name
    folder.mkdir()
    (folder / "seconds.txt").write_text("0")
    with recording_kernel(folder) as kernel:
        kernel.run("import time\ntime.sleep(float(open('seconds.txt').read()))\naccuracy = 1.0")
    (folder / "seconds.txt").write_text("600")
    slow = replace(jupyter, path=folder.name)
    begun = slow.ask("POST", "/runs/@1/replays", body={}).document
    while not (now := slow.get(f"/replays/{begun['id']}"))["cells"]:  # the kernel has started
        assert now["state"] == "running"
        time.sleep(0.2)
    assert slow.ask("DELETE", f"/replays/{begun['id']}").status == 200
    found = ended(slow, begun)
    assert (found["state"], found["problem"]) == ("stopped", None)
    slow.problem(404, f"/reruns/{begun['id']}")
