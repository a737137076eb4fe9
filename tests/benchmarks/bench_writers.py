"""Eight processes that log at once into one store: no point lost, and how many a second.

Each logs 10,000 points of one metric. Time begins when all are ready, and ends when every point is
in the store; that all are there is counted, and the benchmark fails where one is not. The peers
log fewer, as they take long.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import environment, has, report

from nbmlops.config import sqlite_url
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery

PROCESSES = 8
POINTS = {"nbmlops": 10_000, "trackio": 500, "mlflow": 2_000}
PROMISE = 100_000  # points a second
_WAIT = """
import sys
print("ready", flush=True)
sys.stdin.readline()
"""
_OURS = """
import nbmlops
from nbmlops.tracking import current
run = nbmlops.start_run("writer")
run.log_metric("loss", 0.0, step=0)
current.tracker().writer.flush()
WAIT
for step in range(1, POINTS):
    run.log_metric("loss", 0.5, step=step)
run.__exit__(None, None, None)
current.tracker().writer.flush()
print("done", flush=True)
"""
_TRACKIO = """
import trackio
trackio.init(project="bench", embed=False)
WAIT
for step in range(POINTS):
    trackio.log({"loss": 0.5}, step=step)
trackio.finish()
print("done", flush=True)
"""
_MLFLOW = """
import mlflow
from mlflow.entities import Metric
mlflow.set_experiment("bench")
client = mlflow.MlflowClient()
run = mlflow.start_run()
WAIT
for start in range(0, POINTS, 1000):
    points = [Metric("loss", 0.5, 0, step) for step in range(start, min(start + 1000, POINTS))]
    client.log_batch(run.info.run_id, points)
mlflow.end_run()
print("done", flush=True)
"""
_CODES = {"nbmlops": _OURS, "trackio": _TRACKIO, "mlflow": _MLFLOW}


def main() -> None:
    """Print the figures."""
    peers = {name: rate(name) for name in ("trackio", "mlflow") if has(name)}
    ours = statistics.median(rate("nbmlops") for _ in range(3))
    kept = "kept" if ours >= PROMISE else "NOT KEPT"
    title = f"points a second of {PROCESSES} processes at once"
    report(title, {"nbmlops": (ours, None)}, peers, "{:,.0f}".format, against="nbmlops")
    print(f"  promise ≥ {PROMISE:,}: {kept}")


def rate(name: str) -> float:
    """Return how many points a second arrive."""
    count = POINTS[name]
    code = _CODES[name].replace("WAIT", _WAIT).replace("POINTS", str(count))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".nbmlops").mkdir()
        writers = [_started(code, folder) for _ in range(PROCESSES)]
        for writer in writers:
            _read_until("ready", writer)
        began = time.perf_counter()
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        for writer in writers:
            _read_until("done", writer)
        taken = time.perf_counter() - began
        for writer in writers:
            writer.communicate()
            assert writer.returncode == 0
        if name == "nbmlops":
            _check_all_are_there(Path(folder) / ".nbmlops" / "store.db", count)
    return PROCESSES * count / taken


def _started(code: str, folder: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _read_until(word: str, writer: "subprocess.Popen[str]") -> None:
    assert writer.stdout is not None
    while (line := writer.stdout.readline()) and word not in line:
        pass


def _check_all_are_there(path: Path, count: int) -> None:
    store = open_store(sqlite_url(path))
    runs = [found.run.id for found in store.runs(RunQuery())]
    assert len(runs) == PROCESSES
    for run in runs:
        assert [point.step for point in store.points(run, "loss")] == [*range(count)]
    store.close()


if __name__ == "__main__":
    main()
