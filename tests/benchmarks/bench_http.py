"""What a panel asks of a project with 10,000 runs, through a real Jupyter server over HTTP.

20 metrics, 20 parameters and 5 tags a run. Times are of whole requests, JSON read, from a client on
the same machine to a server that was asked before; the median of nine.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from big_store import make
from figures import milliseconds, report

from tests.server.serving import Serving, serving

RUNS = 10_000
REPEATS = 9
FIRST_PAGE, SEARCH = 0.3, 0.1  # seconds, promised of first paint and of each letter typed

QUESTIONS: list[tuple[str, str, dict[str, Any], float | None]] = [
    ("is anything new (304)", "/runs", {"limit": 50}, None),
    ("status", "/status", {}, None),
    ("first page of 50", "/runs", {"limit": 50}, FIRST_PAGE),
    ("first page of 50, with a curve", "/runs", {"limit": 50, "sparklines": "m1"}, FIRST_PAGE),
    ("a page of 500", "/runs", {"limit": 500}, FIRST_PAGE),
    ("names of metrics", "/names", {"kind": "metrics"}, FIRST_PAGE),
    ("experiments", "/experiments", {}, FIRST_PAGE),
    ("search by a metric", "/runs", {"filter": "metrics.m3 > 0.9", "limit": 50}, SEARCH),
    (
        "search by three, sorted",
        "/runs",
        {
            "filter": "metrics.m3 > 0.5 and params.p1 = 0.1 and tags.t2 = 'deep'",
            "order_by": "metrics.m5",
            "limit": 50,
        },
        SEARCH,
    ),
    ("search by name", "/runs", {"filter": "name ilike '%deep%'", "limit": 50}, SEARCH),
    ("completion", "/completions", {"text": "metrics.m3 > 0.5 and par"}, SEARCH),
    ("executions of a run", "/runs/@1/executions", {}, None),
]


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        (root / ".nbmlops").mkdir(parents=True)
        make(root / ".nbmlops" / "store.db", RUNS)
        with serving(root, Path(folder) / "home") as jupyter:
            taken = {
                what: (measure(jupyter, address, arguments, is_new="304" not in what), promise)
                for what, address, arguments, promise in QUESTIONS
            }
    report(f"{RUNS:,} runs over HTTP", taken, {}, milliseconds, against="")


def measure(jupyter: Serving, address: str, arguments: dict[str, Any], *, is_new: bool) -> float:
    """Return the median of the seconds that a request takes, once it was made before."""
    first = jupyter.fetch("GET", address, **arguments)
    assert first.status == 200, first.body
    headers = {} if is_new else {"If-None-Match": first.headers["ETag"]}
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        got = jupyter.fetch("GET", address, headers=headers, **arguments)
        if got.body:
            json.loads(got.body)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
