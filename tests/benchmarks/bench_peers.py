"""Runs with 20 metrics, 20 parameters and 5 tags: logged, found, counted, opened, beside the peers.

Each library does it as its documentation shows, in a fresh process, with as many runs as take it
some seconds; MLflow by batches, its fastest way in. There is no figure where a library cannot do
it: W&B offline and trackio cannot be searched, and W&B's runs are not even listed without its
server. MLflow has no count: the runs that fit are fetched, in pages as large as it lets. trackio
counts all runs of a project, and opens its file for each question. *Opened* is a store of these
runs, in a process that has opened one before.
"""

import math

from figures import has, milliseconds, printed_in_fresh_process, report

RUNS = {"nbmlops": 500, "trackio": 20, "wandb": 10, "mlflow": 500}
_LOGGED = """
import time
RUNS = {runs}
def content(n):
    metrics = {{f"m{{i}}": (n * 7919 + i * 104729) % 1000 / 1000 for i in range(20)}}
    params = {{f"p{{i}}": (n * 31 + i) % 10 / 10 for i in range(20)}}
    return metrics, params, {{f"t{{i}}": "ab"[n % 2] for i in range(5)}}
def median(call, times=5):
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2]
cannot = float("nan")
"""
_OURS = """
import nbmlops
from nbmlops.store import open_store
from nbmlops.tracking import current
def log(n):
    metrics, params, tags = content(n)
    with nbmlops.start_run(f"run {n}", params=params) as run:
        run.log_metrics(metrics)
        run.set_tags(**tags)
log(0)
began = time.perf_counter()
for n in range(1, RUNS):
    log(n)
current.tracker().writer.flush()
logged = (time.perf_counter() - began) / (RUNS - 1)
wanted = "metrics.m3 > 0.5 and params.p1 < 0.5 and tags.t2 = 'b'"
def search():
    assert nbmlops.runs(wanted, order_by="metrics.m5 DESC", limit=100)
search()
searched = median(search)
def count():
    assert nbmlops.runs(wanted, limit=0).total
counted = median(count)
url = current.tracker().url
opened = median(lambda: open_store(url).close())
print(logged, searched, counted, opened)
"""
_TRACKIO = """
import trackio
def log(n):
    metrics, params, _ = content(n)
    trackio.init(project="bench", name=f"run {n}", config=params, embed=False)
    trackio.log(metrics)
    trackio.finish()
log(0)
began = time.perf_counter()
for n in range(1, RUNS):
    log(n)
logged = (time.perf_counter() - began) / (RUNS - 1)
def count():
    assert len(trackio.Api().runs("bench"))
count()
print(logged, cannot, median(count), cannot)
"""
_WANDB = """
import wandb
def log(n):
    metrics, params, tags = content(n)
    run = wandb.init(project="bench", name=f"run {n}", config=params, tags=[*tags], mode="offline")
    run.log(metrics)
    run.finish()
log(0)
began = time.perf_counter()
for n in range(1, RUNS):
    log(n)
logged = (time.perf_counter() - began) / (RUNS - 1)
print(logged, cannot, cannot, cannot)
"""
_MLFLOW = """
import mlflow
from mlflow.entities import Metric, Param, RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
mlflow.set_experiment("bench")
client = mlflow.MlflowClient()
def log(n):
    metrics, params, tags = content(n)
    with mlflow.start_run(run_name=f"run {n}") as run:
        client.log_batch(
            run.info.run_id,
            [Metric(name, value, 0, 0) for name, value in metrics.items()],
            [Param(name, str(value)) for name, value in params.items()],
            [RunTag(name, value) for name, value in tags.items()],
        )
log(0)
began = time.perf_counter()
for n in range(1, RUNS):
    log(n)
logged = (time.perf_counter() - began) / (RUNS - 1)
wanted = "metrics.m3 > 0.5 and params.p1 LIKE '0.%' and tags.t2 = 'b'"
def search():
    found = mlflow.search_runs(
        filter_string=wanted, order_by=["metrics.m5 DESC"], max_results=100, output_format="list"
    )
    assert found
search()
searched = median(search)
def count():
    experiments = [mlflow.get_experiment_by_name("bench").experiment_id]
    page, total = None, 0
    while page is None or page.token:
        page = client.search_runs(
            experiments, wanted, max_results=50_000, page_token=page and page.token
        )
        total += len(page)
    assert total
counted = median(count)
def open_again():
    SqlAlchemyStore._engine_map.clear()
    SqlAlchemyStore(mlflow.get_tracking_uri(), "artifacts")
open_again()
print(logged, searched, counted, median(open_again))
"""
_CODES = {"nbmlops": _OURS, "trackio": _TRACKIO, "wandb": _WANDB, "mlflow": _MLFLOW}


def main() -> None:
    """Print the figures."""
    figures = {name: _figures(name) for name in _CODES if name == "nbmlops" or has(name)}
    for place, title in enumerate(
        (
            "a run logged, until it is in the store",
            "the first 100 found and sorted",
            "those that fit counted",
            "a store opened",
        )
    ):
        taken = {
            f"{name}, {RUNS[name]} runs": found[place]
            for name, found in figures.items()
            if not math.isnan(found[place])
        }
        first = next(iter(taken))
        ours = {first: (taken.pop(first), None)}
        report(title, ours, taken, milliseconds, against=first)


def _figures(name: str) -> list[float]:
    """Return the seconds that a run, a search, a count and opening took; nan where it cannot."""
    return printed_in_fresh_process(_LOGGED.format(runs=RUNS[name]) + _CODES[name])


if __name__ == "__main__":
    main()
