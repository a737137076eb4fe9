"""How fast fingerprints of data are, beside the sum of the same data, and beside their peers.

The promise is a share of what this machine reads: the time that `array.sum()` takes for as many
bytes, in the same run. Peers get a smaller frame, on which ours is timed again.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from figures import has, in_fresh_process, report

from nbmlops.fingerprints.asking import fingerprint

GIGABYTE = 2**30
REPEAT = 5
RNG = np.random.default_rng(0)


class Data(NamedTuple):
    """Something to take the fingerprint of, its size, and what is promised of its speed."""

    name: str
    value: object
    size_bytes: int
    share_of_sum: float | None = None
    gigabytes_per_second: float | None = None


def best_seconds(work: Callable[[], object], repeat: int = REPEAT) -> float:
    """Return the shortest of several times, which the machine's other work disturbs least."""
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def frame_of(columns: list[np.ndarray]) -> pd.DataFrame:
    """Return columns as a frame without copying them."""
    return pd.DataFrame({f"c{place}": column for place, column in enumerate(columns)}, copy=False)


def numbers(columns: int, size_bytes: int = GIGABYTE) -> list[np.ndarray]:
    """Return columns of 64-bit floats."""
    return [RNG.random(size_bytes // 8 // columns) for _ in range(columns)]


def mixed() -> pd.DataFrame:
    """Return a frame of a gigabyte of floats, integers and truth values."""
    columns = numbers(6, GIGABYTE * 6 // 10)
    rows = len(columns[0])
    columns += [RNG.integers(0, 1000, rows) for _ in range(4)]
    columns += [RNG.integers(0, 9, rows, np.int32), RNG.random(rows, np.float32), columns[0] > 0.5]
    return frame_of(columns)


def with_nulls() -> pd.DataFrame:
    """Return a frame a third of whose numbers are missing."""
    columns = numbers(8, GIGABYTE // 2)
    for column in columns:
        column[RNG.random(len(column)) < 1 / 3] = np.nan
    return frame_of(columns)


def nullable() -> pd.DataFrame:
    """Return a frame of nullable integers, a third of them missing."""
    rows = 2**22
    missing = RNG.random(rows) < 1 / 3
    arrays = [pd.arrays.IntegerArray(RNG.integers(0, 9, rows), missing) for _ in range(8)]
    return pd.DataFrame(dict(enumerate(arrays)), copy=False)


def texts(rows: int, dtype: str) -> pd.DataFrame:
    """Return a frame of text, of some twenty characters each."""
    words = np.array([f"a name and number {number}" for number in range(100_000)], object)
    return pd.DataFrame({"text": pd.Series(words[RNG.integers(0, len(words), rows)], dtype=dtype)})


def text_bytes(frame: pd.DataFrame) -> int:
    """Return how many bytes the texts of a frame have."""
    return int(frame["text"].str.len().sum())


def all_data() -> "list[Callable[[], Data]]":
    """Return what makes each piece of data, so that only one is in memory at a time."""

    def array() -> Data:
        return Data("float64 array", RNG.random(GIGABYTE // 8), GIGABYTE, 0.8)

    def of_numbers(name: str, frame: pd.DataFrame, share: float | None) -> Data:
        return Data(name, frame, int(frame.memory_usage(index=False).sum()), share)

    def rows_together() -> pd.DataFrame:
        return pd.DataFrame(RNG.random((GIGABYTE // 8 // 20, 20)), copy=False)

    def with_promise(name: str, frame: pd.DataFrame, size: int, speed: float | None) -> Data:
        return Data(name, frame, size, gigabytes_per_second=speed)

    def nulls(name: str, frame: pd.DataFrame) -> Data:
        return with_promise(name, frame, int(frame.memory_usage(index=False).sum()), 3)

    def text(name: str, frame: pd.DataFrame, speed: float | None) -> Data:
        return with_promise(name, frame, text_bytes(frame), speed)

    return [
        array,
        lambda: of_numbers("frame of 20 float64", frame_of(numbers(20)), 0.8),
        lambda: of_numbers("frame of floats, integers, bools", mixed(), 0.8),
        lambda: of_numbers("frame on a row-major array", rows_together(), None),
        lambda: nulls("frame with NaN", with_nulls()),
        lambda: nulls("frame of nullable integers", nullable()),
        lambda: text("text in Arrow", texts(20_000_000, "str"), 1.5),
        lambda: text("text as Python objects", texts(2_000_000, "object"), None),
        lambda: of_numbers("100,000 columns of 3 rows", pd.DataFrame(RNG.random((3, 10**5))), None),
    ]


def against_sum(data: Data, gigabyte: np.ndarray) -> None:
    """Print how long a fingerprint takes, and how long the sum of as many bytes."""
    sum_seconds = best_seconds(gigabyte.sum) * data.size_bytes / GIGABYTE

    def show(seconds: float) -> str:
        speed = data.size_bytes / seconds / 1e9
        share = sum_seconds / seconds
        return f"{seconds * 1e3:,.0f} ms, {speed:.2f} GB/s, {share:.2f} of sum()"

    promise = None
    if data.share_of_sum is not None:
        promise = sum_seconds / data.share_of_sum
    if data.gigabytes_per_second is not None:
        promise = data.size_bytes / data.gigabytes_per_second / 1e9
    seconds = best_seconds(lambda: fingerprint(data.value), 1 if data.size_bytes < 1e7 else REPEAT)
    title = f"{data.name}, {data.size_bytes / 1e9:.2f} GB"
    peers = {"array.sum() of as many bytes": sum_seconds}
    report(title, {"fingerprint": (seconds, promise)}, peers, show, against="fingerprint")


def against_peers() -> None:
    """Print how long peers take for a mixed frame of some 100 MB."""
    rows = 1_500_000
    frame = frame_of([*numbers(4, rows * 8 * 4), RNG.integers(0, 9, rows), RNG.random(rows) > 0.5])
    frame["when"] = pd.date_range("2024", periods=rows, freq="s")
    frame["kind"] = pd.Categorical(RNG.choice(["red", "green"], rows))
    frame["text"] = texts(rows, "str")["text"]
    work: dict[str, Callable[[], object]] = {
        "hash_pandas_object": lambda: pd.util.hash_pandas_object(frame)
    }
    if has("joblib"):
        import joblib

        work["joblib.hash"] = lambda: joblib.hash(frame)
    if has("dask"):
        from dask.base import tokenize

        work["dask.tokenize"] = lambda: tokenize(frame)
    if has("mlflow"):
        from mlflow.data.digest_utils import compute_pandas_digest

        work["MLflow's digest (of 10,000 rows)"] = lambda: compute_pandas_digest(frame)
    size = frame.memory_usage(deep=False).sum() / 1e6
    report(
        f"Mixed frame of {size:.0f} MB, {rows:,} rows",
        {"fingerprint": (best_seconds(lambda: fingerprint(frame)), None)},
        {name: best_seconds(each, 2) for name, each in work.items()},
        lambda seconds: f"{seconds * 1e3:,.1f} ms",
        against="fingerprint",
    )


_MEMORY = """
import sys
from pathlib import Path
import numpy as np, pandas as pd
from nbmlops.fingerprints.asking import fingerprint

def kilobytes(what):
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1])

make = {make}
fingerprint(make(1_000_000))
value = make(100_000_000)
Path("/proc/self/clear_refs").write_text("5")  # the peak is what it is now
before = kilobytes("VmRSS")
fingerprint(value)
print((kilobytes("VmHWM") - before) / 1024)
"""
_MAKERS = {
    "float64 column": "lambda n: pd.DataFrame({'x': np.ones(n)}, copy=False)",
    "with NaN": "lambda n: pd.DataFrame({'x': np.where(np.arange(n) % 3, 1, np.nan)}, copy=False)",
    "nanoseconds": "lambda n: pd.DataFrame({'x': np.arange(n).view('M8[ns]')}, copy=False)",
    "row-major array": "lambda n: pd.DataFrame(np.ones((n // 20, 20)), copy=False)",
    "text in Arrow": "lambda n: pd.DataFrame({'x': pd.array(['text'] * (n // 10), dtype='str')})",
    "text as Python objects": "lambda n: pd.DataFrame({'x': ['text'] * (n // 10)}, dtype=object)",
}


def memory() -> None:
    """Print how much more memory a process takes while it looks at 800 MB of numbers."""
    figures = {
        name: (in_fresh_process(_MEMORY.replace("{make}", make))[0], 64.0)
        for name, make in _MAKERS.items()
    }
    report(
        "Memory beside 800 MB of numbers, or 10,000,000 texts",
        figures,
        {"a copy of the data": 800.0},
        lambda megabytes: f"{megabytes:,.0f} MB",
        against="row-major array",
    )


def main() -> None:
    """Print the figures."""
    gigabyte = RNG.random(GIGABYTE // 8)
    for make in all_data():
        against_sum(make(), gigabyte)
    against_peers()
    memory()


if __name__ == "__main__":
    main()
