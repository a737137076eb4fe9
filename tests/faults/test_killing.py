"""Processes killed at random moments, many at once: what they were promised is there, once."""

import json
import os
import random
import time
from collections import defaultdict

import pytest

from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from tests.faults.dying import CELLS, LONGEST_SECONDS, Life, Nursery
from tests.kernels import SESSION, Kernel

STORES, DEATHS, KERNELS = 5, 40, 8
SEED = int(os.environ.get("NBMLOPS_SEED_OF_FAULTS", random.SystemRandom().getrandbits(24)))


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as started:
        yield started


@pytest.fixture
def store(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    opened = open_store(f"sqlite:///{tmp_path}/.nbmlops/store.db")
    yield opened
    opened.close()


@pytest.mark.parametrize("number", range(STORES))
def test_what_was_promised_is_there_once_whenever_whoever_records_is_killed(
    nursery, store, tmp_path, number
):
    seed = SEED + number
    print(f"again with NBMLOPS_SEED_OF_FAULTS={SEED}, store {number}")
    lives = nursery.lives(tmp_path, seed, DEATHS)
    faults = [said["fault"] for life in lives for said in life.said if "fault" in said]
    assert faults == []
    recorded = [life for life in lives if life.kind != "looking"]
    assert len(recorded) == DEATHS
    assert {life.status for life in lives} == {9}
    check_all(store, recorded)


TELL = """
import json, nbmlops, os
_file = os.open({path!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def told(**what): os.write(_file, json.dumps(what).encode() + b"\\n")
"""


def test_what_kernels_promised_is_there_once_whenever_they_are_killed(store, tmp_path):
    print(f"again with NBMLOPS_SEED_OF_FAULTS={SEED}")
    chance = random.Random(SEED)
    check_all(store, [a_kernels_life(chance, tmp_path, number) for number in range(KERNELS)])


def a_kernels_life(chance, folder, number):
    """Let a kernel execute some cells and then, while many wait, kill it."""
    life, path = Life("kernel"), folder / f"told {number}"
    with Kernel(folder) as kernel:
        for source in ("%load_ext nbmlops", TELL.format(path=str(path))):
            assert kernel.run(source).status == "ok"
        life.said.append({"session": kernel.ask(SESSION)})
        done = [chance.choice(CELLS).format(n=n) for n in range(chance.randrange(4))]
        for source in done:
            assert kernel.run(source).status == "ok"
        kernel.ask("1")  # the reply to a cell is sent before its outputs are filed
        for n in range(20):
            kernel.client.execute(chance.choice(CELLS).format(n=n))
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        kernel.kill()
    life.said += [{"cell": n, "source": source} for n, source in enumerate(done, 3)]
    life.said += map(json.loads, path.read_bytes().split(b"\n")[:-1])
    return life


def check_all(store, lives):
    """See that a store has what killed processes had said, and that it stays as it is."""
    for _ in range(2):
        store.settle()
        for life in lives:
            check(store, life)
        assert [one for one in store.check() if not one.is_good] == []


def check(store, life):
    """See that a store has all of what a killed process had said."""
    session = store.session(life.said[0]["session"])
    assert session.interrupted
    assert session.ended is not None
    check_executions(store, session, life)
    runs = {one.run.id: one for one in store.runs(RunQuery(session_id=session.id))}
    for one in runs.values():
        check_run(store, one, session)
    told = [said for said in life.said if "run" in said]
    for said in told:
        check_promise(store, runs[said["run"]], said)
    for run_id, params in latest(told, "params").items():
        check_latest({param.name: param.value for param in runs[run_id].params}, params)
    values = {point.value for run_id in runs for point in store.points(run_id, "auc")}
    assert values >= {value for said in life.said for value in said.get("values", ())}


def check_executions(store, session, life):
    executions = store.session_executions(session.id)
    assert [one.sequence for one in executions] == [*range(1, len(executions) + 1)]
    sources = {said["cell"]: said["source"] for said in life.said if "cell" in said}
    for one in executions:
        if one.sequence in sources:
            assert (one.source, one.outcome) == (sources.pop(one.sequence), "ok")
    assert sources == {}
    assert {one.outcome for one in executions[:-1]} <= {"ok"}
    assert {one.outcome for one in executions[-1:]} <= {"ok", "interrupted"}
    for one in executions:
        if one.source.startswith("print") and one.sequence < executions[-1].sequence:
            assert len(one.outputs) == 1


def check_run(store, one, session):
    """See that a run is whole: its status, and its metrics as its points say."""
    assert one.run.status in ("finished", "interrupted")
    assert one.run.closed >= one.run.opened
    if one.run.status == "interrupted":
        assert one.run.reason.startswith("its process ended ")
    for metric in one.metrics:
        points = store.points(one.run.id, metric.name)
        if metric.name == "loss":
            assert [point.step for point in points] == [*range(len(points))]
        found = [point.value for point in points]
        assert (metric.count, metric.last) == (len(found), found[-1])
        assert (metric.minimum, metric.maximum) == (min(found), max(found))


def check_promise(store, one, said):
    if said.get("closed"):
        assert one.run.status == "finished"
    counts = {metric.name: metric.count for metric in one.metrics}
    for name, count in said.get("points", {}).items():
        assert counts.get(name, 0) >= count
    tags = {tag.name: tag.value for tag in one.tags}
    assert said.get("tags", {}).items() <= tags.items()
    kept = {artifact.name: artifact.blob for artifact in one.artifacts}
    for name, text in said.get("artifacts", {}).items():
        assert store.blobs.get(kept[name]).decode() == text


def latest(told, field):
    """Return by run what was said last of each name."""
    found = defaultdict(dict)
    for said in told:
        found[said["run"]] |= said.get(field, {})
    return found


def check_latest(found, said):
    """See that values are those said last, or the next, which was not said any more."""
    for name, value in said.items():
        assert found[name] >= value
