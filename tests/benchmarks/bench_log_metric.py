"""``log_metric``: the call, and until the point is in the store, beside the peers in one run.

Each library logs as its documentation shows, one point a call, in a fresh process; ours 100,000
points, slower ones fewer. MLflow's batches are given too: its fastest way in.
"""

import statistics

from figures import has, in_fresh_process, microseconds, report

_OURS = """
import time
import nbmlops
count = 100_000
with nbmlops.start_run() as run:
    nbmlops.log_metric("warm", 0.0)
    from nbmlops.tracking import current
    current.tracker().writer.flush()
    start = time.perf_counter()
    for step in range(count):
        nbmlops.log_metric("loss", 0.5, step=step)
    called = time.perf_counter() - start
    current.tracker().writer.flush()
    durable = time.perf_counter() - start
assert len(current.tracker().writer.store.points(run.id, "loss")) == count
print({what} / count)
"""
_TRACKIO = """
import time, trackio
count = 20_000
trackio.init(project="bench", embed=False)
start = time.perf_counter()
for step in range(count):
    trackio.log({"loss": 0.5}, step=step)
called = time.perf_counter() - start
trackio.finish()
durable = time.perf_counter() - start
print(WHAT / count)
"""
_WANDB = """
import time, wandb
count = 5_000
run = wandb.init(project="bench", mode="offline")
start = time.perf_counter()
for step in range(count):
    run.log({"loss": 0.5}, step=step)
called = time.perf_counter() - start
run.finish()
durable = time.perf_counter() - start
print(WHAT / count)
"""
_MLFLOW = """
import time, mlflow
count = 300
mlflow.set_experiment("bench")
with mlflow.start_run() as run:
    start = time.perf_counter()
    for step in range(count):
        mlflow.log_metric("loss", 0.5, step=step)
    durable = time.perf_counter() - start
print(durable / count)
"""
_MLFLOW_BATCHES = """
import time, mlflow
from mlflow.entities import Metric
mlflow.set_experiment("bench")
client = mlflow.MlflowClient()
with mlflow.start_run() as run:
    start = time.perf_counter()
    for batch in range(10):
        points = [Metric("loss", 0.5, 0, batch * 1000 + step) for step in range(1000)]
        client.log_batch(run.info.run_id, points)
    durable = time.perf_counter() - start
print(durable / 10_000)
"""


def main() -> None:
    """Print the figures."""
    called = statistics.median(in_fresh_process(_OURS.format(what="called"), repeat=3))
    durable = statistics.median(in_fresh_process(_OURS.format(what="durable"), repeat=3))
    report(
        "log_metric, in the call",
        {"nbmlops": (called, 4e-6)},
        _peers({"trackio": _TRACKIO, "wandb": _WANDB}, "called"),
        microseconds,
        against="nbmlops",
    )
    peers = _peers({"trackio": _TRACKIO, "wandb": _WANDB}, "durable")
    if has("mlflow"):
        peers["mlflow, one by one"] = in_fresh_process(_MLFLOW)[0]
        peers["mlflow, batches of 1,000"] = in_fresh_process(_MLFLOW_BATCHES)[0]
    report(
        "log_metric, until durable",
        {"nbmlops": (durable, 12e-6)},
        peers,
        microseconds,
        against="nbmlops",
    )


def _peers(codes: dict[str, str], what: str) -> dict[str, float]:
    return {
        name: in_fresh_process(code.replace("WHAT", what))[0]
        for name, code in codes.items()
        if has(name)
    }


if __name__ == "__main__":
    main()
