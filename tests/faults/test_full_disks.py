"""Kernels on a disk that is full for a while, or to the end: nothing is lost unsaid."""

import re

import pytest

from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.tracking import doctoring
from tests.kernels import Kernel

FILL = """
def fill():
    import resource
    from pathlib import Path
    sizes = [path.stat().st_size for path in Path(".nbmlops/live").iterdir()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes) + 4096, resource.RLIM_INFINITY))
fill()
"""
EMPTY = """
__import__("resource").setrlimit(__import__("resource").RLIMIT_FSIZE, (-1, -1))
"""
BATCHES = """
import time
for step in range(5):
    nbmlops.log_metrics({"m%d" % n: step for n in range(200)})
    time.sleep(0.15)
"""
ALL = 100 + 5 * 200


@pytest.fixture
def full(tmp_path):
    """A kernel with a run of which a hundred measurements are saved, whose disk is full now."""
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as kernel:
        kernel.run("%load_ext nbmlops\nimport nbmlops")
        kernel.run(
            "run = nbmlops.start_run('big')\nfor n in range(100): run.log_metric('early', n)"
        )
        kernel.store().close()
        kernel.quietly(FILL)
        yield kernel


def looked(kernel):
    store = open_store(kernel.url)
    store.settle()
    [found] = store.runs(RunQuery())
    points = {m.name: len(store.points(found.run.id, m.name)) for m in found.metrics}
    assert {m.name: m.count for m in found.metrics} == points
    store.close()
    return found, sum(points.values())


def test_each_cell_says_what_is_at_risk_and_all_arrives_when_there_is_room(full):
    told = [full.run(source).stderr for source in (BATCHES, "1", "2")]
    for text in told:
        assert text.count("nbmlops cannot save now") == text.count("nbmlops") == 1, told
    assert "in the memory of this process alone" in told[1]
    full.quietly(EMPTY)
    full.store().close()
    assert "nbmlops saves again; nothing that was recorded is missing" in full.run("3").stderr
    full.run("run.finish()")
    full.store().close()
    found, points = looked(full)
    assert (found.run.status, points) == ("finished", ALL)
    assert [one for one in doctoring.doctor(store=full.url) if not one.is_good] == []


def test_first_cell_without_room_says_so_itself(full):
    told = full.run("run.log_params({f'p{n}': 'long ' * 90 for n in range(200)})").stderr
    assert told.count("nbmlops cannot save now") == told.count("nbmlops") == 1
    assert "are in the memory of this process alone" in told


def test_image_without_room_is_told_and_the_cell_is_recorded(full):
    source = "display({'image/png': bytes(range(256)) * 4096}, raw=True)\nprint('shown')"
    reply = full.run(source)
    assert "shown" in reply.stdout
    assert reply.stderr.count("an image that was shown, 1.0 MB, is not kept: ") == 1
    full.run(BATCHES)
    full.quietly(EMPTY)
    full.store().close()
    assert "saves again; all that was recorded is there, but an image" in full.run("1").stderr
    contents = [content for each in full.executions()[-3].outputs for content in each.contents]
    [image] = [content for content in contents if content.mime == "image/png"]
    assert (image.blob, image.cut_bytes) == (None, 2**20)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("run.log_artifact('big.bin')", "artifact big.bin"),
        ("run.log_model(bytes(2**20))", "model model"),
    ],
    ids=["artifact", "model"],
)
def test_what_is_logged_without_room_costs_the_cell_nothing_and_is_told(full, source, what):
    (full.folder / "big.bin").write_bytes(bytes(2**20))
    reply = full.run(source)
    assert reply.status == "ok"
    assert reply.stderr.count(f"nbmlops: the {what}, 1.0 MB, is not kept: ") == 1
    full.quietly(EMPTY)
    full.run("run.finish()")
    full.store().close()
    assert looked(full)[0].run.status == "finished"


def test_status_says_that_nothing_can_be_saved_until_there_is_room(full):
    full.run(BATCHES)
    shown = full.run("print(nbmlops.status())").stdout
    assert "it cannot be saved now" in shown
    assert "are in the memory of this process alone" in shown
    full.quietly(EMPTY)
    full.store().close()
    full.run("1")
    assert "cannot be saved" not in full.run("print(nbmlops.status())").stdout


STOP = """
from nbmlops.tracking import current, writer
writer.LAST_TRY_SECONDS = 0.1
current.stop()
"""


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda kernel: kernel.quietly(STOP), id="the session ends"),
        pytest.param(Kernel.kill, id="the kernel is killed"),
    ],
)
def test_a_run_on_a_disk_that_stays_full_says_what_was_lost(full, end):
    full.run(BATCHES)
    full.run("run.finish()")
    full.ask("1")
    end(full)
    found, points = looked(full)
    assert 100 <= points < ALL
    assert found.run.status == "interrupted"
    assert f"{ALL - points:,} measurements, " in found.run.reason
    # A write that is cut short is told as the one, a write at the limit as the other.
    assert re.search(r"were lost \((No space left on device|File too large)\)", found.run.reason)
    bad = [one.text for one in doctoring.doctor(store=full.url) if not one.is_good]
    assert len(bad) == 1
    assert f"{ALL - points:,} measurements" in bad[0]
    doctoring.doctor(fix=True, store=full.url)
    assert [one for one in doctoring.doctor(store=full.url) if not one.is_good] == []
