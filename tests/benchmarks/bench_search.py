"""Searching big stores: filter, order and the first 100 runs, with all that is shown of them.

20 metrics, 20 parameters and 5 tags a run. ``python bench_search.py 10000 sqlite`` takes one
size and one kind of store only.
Times are of a store that is open and was asked before; the median of five.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from big_store import make
from figures import milliseconds, report
from sqlalchemy import func, select

from nbmlops.store.base import RunQuery, RunSearch
from nbmlops.store.places import path_of
from nbmlops.store.sql import SqlStore
from tests.postgres import running_server

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
    ("cell.source like '%model.fit%'", "started"),
    ("data.train.rows > 1100", "started"),
]


def main() -> None:
    """Print the figures."""
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or [10_000, 100_000]
    kinds = [text for text in sys.argv[1:] if not text.isdigit()] or ["sqlite", "postgresql"]
    for kind in kinds:
        for size in sizes:
            with place_of(kind) as place:
                began = time.perf_counter()
                store = SqlStore(make(place, size))
                took = time.perf_counter() - began
                each = f"{bytes_of(store) / size:,.0f} bytes a run"
                print(f"\n{kind}, {size:,} runs: made in {took:.0f} s, {each}")
                measure(store, size)
                store.close()


@contextlib.contextmanager
def place_of(kind: str) -> Iterator[Path | str]:
    """Give a path or URL where there is no store yet."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "store.db"
        return
    with running_server() as server:
        yield server.new_url()


def bytes_of(store: SqlStore) -> int:
    """Return how many bytes a store takes, indexes included."""
    if store.engine.dialect.name == "sqlite":
        return path_of(store.url).stat().st_size
    with store.engine.connect() as connection:
        return int(connection.scalar(select(func.pg_database_size(func.current_database()))) or 0)


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
