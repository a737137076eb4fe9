"""Eight processes that log at once into one store: no point lost, and how many a second.

Each logs 10,000 points of one metric. Time begins when all are ready, and ends when every point is
in the store; that all are there is counted, and the benchmark fails where one is not. The peers
log fewer, as they take long; of theirs that cannot wait for each other it is told how many failed.
"""

import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import environment, has, microseconds, report

from nbmlops.config import sqlite_url
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery

PROCESSES = 8
POINTS = {"nbmlops": 10_000, "trackio": 500, "mlflow": 2_000}
PROMISE = 1 / 100_000  # seconds a point
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
# MLflow's processes would all make its tables.
_SET_UP = {"mlflow": 'import mlflow; mlflow.set_experiment("bench")'}
_CODES = {"nbmlops": _OURS, "trackio": _TRACKIO, "mlflow": _MLFLOW}


def main() -> None:
    """Print the figures."""
    peers = {name: seconds_a_point(name) for name in ("trackio", "mlflow") if has(name)}
    ours = statistics.median(seconds_a_point("nbmlops") for _ in range(3))
    title = f"a point of {PROCESSES} processes at once ({1 / ours:,.0f} a second)"
    report(title, {"nbmlops": (ours, PROMISE)}, peers, microseconds, against="nbmlops")


def seconds_a_point(name: str) -> float:
    """Return the seconds in which all points arrive, by their number."""
    count = POINTS[name]
    code = _CODES[name].replace("WAIT", _WAIT).replace("POINTS", str(count))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".nbmlops").mkdir()
        if name in _SET_UP:
            _started(_SET_UP[name], folder).communicate()
        writers = [_started(code, folder) for _ in range(PROCESSES)]
        for writer in writers:
            _read_until("ready", writer)
        began = time.perf_counter()
        for writer in writers:
            assert writer.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has failed
                writer.stdin.write("go\n")
                writer.stdin.flush()
        for writer in writers:
            _read_until("done", writer)
        taken = time.perf_counter() - began
        done = [writer for writer in writers if _ended_well(writer)]
        if name == "nbmlops":
            _check_all_are_there(Path(folder) / ".nbmlops" / "store.db", count)
    if len(done) < PROCESSES:
        print(f"{PROCESSES - len(done)} of {PROCESSES} processes of {name} failed")
    return taken / (len(done) * count)


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


def _ended_well(writer: "subprocess.Popen[str]") -> bool:
    with contextlib.suppress(BrokenPipeError):
        writer.communicate()
    return writer.wait() == 0


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
