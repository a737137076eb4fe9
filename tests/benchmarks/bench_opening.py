"""Opening a store of 10,000 runs, and one run of 200 executions and 100 metrics, shown whole.

Times are medians of nine, in a process that has opened a store before. *Shown* is `nbmlops show`
as a page and as JSON, less starting a process.
"""

import json
import statistics
import time
from collections.abc import Callable

from bench_search import place_of
from big_store import make
from figures import milliseconds, report

from nbmlops.drawing.terminal import plain
from nbmlops.records import Execution, Metric, Names, Param, Run, Session, Stretch
from nbmlops.store import open_store
from nbmlops.store.base import Store
from nbmlops.tracking.looking import show

RUNS, EXECUTIONS, METRICS = 10_000, 200, 100
OPENED, SHOWN = 0.030, 0.050


def main() -> None:
    """Print the figures."""
    for kind in ("sqlite", "postgresql"):
        with place_of(kind) as place:
            url = make(place, RUNS)
            store = open_store(url)
            fill(store)
            store.close()
            taken = {
                "opened": (median(lambda url=url: open_store(url).close()), OPENED),
                "shown": (median(lambda url=url: shown(url)), SHOWN),
            }
        report(f"{kind}, {RUNS:,} runs", taken, {}, milliseconds, against="")


def fill(store: Store) -> None:
    """Add the run that is shown."""
    cells = [
        Execution(
            f"x{n}", "big", n, f"value_{n} = f(value_{n - 1})\nscore = g(value_{n})", 1.0, f"k{n}",
            f"k{n}", execution_count=n, duration_seconds=0.1, outcome="ok",
            names=Names((f"value_{n}", "score"), ("f", "g", f"value_{n - 1}")),
        )
        for n in range(1, EXECUTIONS + 1)
    ]  # fmt: skip
    metrics = [
        Metric("big", f"m{n}", 0.5, 0.1, 0.9, 20, 19, 1.0, execution_id=f"x{EXECUTIONS}")
        for n in range(METRICS)
    ]
    params = [Param.of("big", f"p{n}", n / 7, "cell") for n in range(20)]
    session = Session("big", 1.0, "jupyter", "big", ended=9.0)
    run = Run("big", "big", "big", 2.0, "big", "finished", 9.0)
    gave = Stretch("big", EXECUTIONS, EXECUTIONS, gave_result=True)
    store.save([session, *cells, run, Stretch("big", 1, EXECUTIONS), gave, *metrics, *params])


def shown(url: str) -> None:
    """Show the run, as the terminal does and as JSON."""
    answer = show("big", store=url)
    plain(answer.page(), 120)
    json.dumps(answer.to_json())


def median(call: Callable[[], object]) -> float:
    """Return the median of the seconds that a call takes, once it was made before."""
    call()
    seconds = []
    for _ in range(9):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
