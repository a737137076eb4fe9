"""Searching big stores: filter, order and the first 100 runs, with all that is shown of them.

20 metrics, 20 parameters and 5 tags a run. ``python bench_search.py 10000`` takes one size only.
Times are of a store that is open and was asked before; the median of five.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from big_store import make
from figures import milliseconds, report

from nbmlops.store.base import RunQuery, RunSearch
from nbmlops.store.sql import SqlStore

PROMISES = {10_000: (0.050, 0.050), 100_000: (0.300, 0.150)}

QUESTIONS = [
    ("", "started"),
    ("", "metrics.m1"),
    ("metrics.m3 > 0.999", "started"),
    ("metrics.m3 > 0.1", "metrics.m5 asc"),
    ("metrics.m3 > 0.5 and params.p1 = 0.1 and tags.t2 = 'deep'", "metrics.m5, params.p0"),
    ("metrics.m3 < 0.5 or metrics.m4 < 0.5 or params.p5 > 0.01", "metrics.m7"),
    ("not metrics.m3 > 0.5 or status = 'failed'", "experiment, metrics.m2"),
    ("m3.max between 0.4 and 0.6", "m3.min"),
    ("params.p3 = 'deep'", "params.p0"),
    ("params.p1 = '0.1' and params.p3 like '%ee%'", "name"),
    ("params.p3 ~ '^d'", "tags.t1"),
    ("status = 'finished' and started > '3000 days ago'", "duration"),
    ("tags = 't3' and name ilike '%deep%'", "name"),
    ("model.class = 'LogisticRegression'", "started"),
    ("package.numpy >= '2.9'", "started"),
    ("cell.tag = 'parameters'", "started"),
    ("cell.source like '%load(17)%'", "started"),
    ("data.train.rows > 1100", "started"),
]


def main() -> None:
    """Print the figures."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            store = SqlStore(make(Path(folder) / "store.db", size))
            took = time.perf_counter() - began
            bytes_per_run = (Path(folder) / "store.db").stat().st_size / size
            print(f"\n{size:,} runs: made in {took:.0f} s, {bytes_per_run:,.0f} bytes a run")
            measure(store, size)
            store.close()


def measure(store: SqlStore, size: int) -> None:
    """Print what each question takes, and counting what fits it."""
    page_promise, count_promise = PROMISES.get(size, (None, None))
    pages, counts = {}, {}
    for text, order in QUESTIONS:
        search = RunSearch(text, order, limit=100)
        title = f"{text or '(all)'}  by {order}"
        pages[title] = (taken(lambda search=search: store.search(search)), page_promise)
        counts[text or "(all)"] = (taken(lambda s=search: store.count_found(s)), count_promise)
    pages["of which showing 100 runs"] = (taken(lambda: store.runs(RunQuery(limit=100))), None)
    report(f"first 100 of {size:,} runs", pages, {}, milliseconds, against="")
    report(f"counting {size:,} runs", counts, {}, milliseconds, against="")


def taken(call: Callable[[], object]) -> float:
    """Return the median of the seconds that a call takes, once it was made before."""
    call()
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
