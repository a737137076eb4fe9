"""Slices of a session of 10,000 executions: finding one, memory, and the whole of ``why``.

The session is 60 cells of a notebook, executed over and over in changing order: each defines two
names, reads four of cells above it, and some change one of those in place. Sliced is every variable
that is there at the end. ``dense`` is the worst case: cells that all hang together, so that nearly
every execution is in the slice.
"""

import contextlib
import random
import statistics
import tempfile
import time
import tracemalloc
from pathlib import Path

from figures import milliseconds, report

from nbmlops.cells.dependencies import Dependencies
from nbmlops.cells.slices import slice_of
from nbmlops.config import sqlite_url
from nbmlops.records import (
    Content,
    Execution,
    ExecutionId,
    Metric,
    Names,
    Output,
    Run,
    RunId,
    Session,
    SessionId,
    Stretch,
)
from nbmlops.store import open_store
from nbmlops.tracking.targets import variable_target, written_names
from nbmlops.tracking.why import why

COUNT = 10_000
_CELLS = 60
_SESSION = Session(SessionId("s"), 1.0, "jupyter", "bench", host="elsewhere", ended=2e9)


def main() -> None:
    """Print the figures."""
    usual, dense = session(), dense_session()
    seconds, sizes = slice_every_variable(usual)
    last = dense[-1].id
    report(
        f"a slice of {COUNT:,} executions, every variable (slices of {min(sizes):,} to "
        f"{max(sizes):,})",
        {
            "median": (statistics.median(seconds), 0.05),
            "slowest": (max(seconds), 0.05),
            f"dense ({len(slice_of(dense, [last], '').steps):,} in it)": (
                min(_seconds(lambda: slice_of(dense, [last], "")) for _ in range(5)), 0.05,
            ),
        },
        {},
        milliseconds,
        against="",
    )  # fmt: skip
    report(
        "memory",
        {
            "the graph that a living session keeps": (_megabytes(lambda: _graph(usual)), 50.0),
            "the records of the session, while sliced": (
                _megabytes(session), 50.0,
            ),
            "of slicing": (_megabytes(lambda: slice_of(dense, [last], "")), 50.0),
        },
        {},
        lambda amount: f"{amount:.1f} MB",
        against="",
    )  # fmt: skip
    _print_why(usual)


def session() -> list[Execution]:
    """Make the usual session."""
    rng = random.Random(0)
    cells = []
    for number in range(_CELLS):
        above = [f"name_{place}{letter}" for place in range(number) for letter in "ab"]
        read = rng.sample(above, min(4, len(above)))
        touched = read[:1] if rng.random() < 0.1 else []
        defined = (f"name_{number}a", f"name_{number}b")
        cells.append(Names(defined, tuple(read), tuple(touched)))
    return _executed(cells, rng)


def dense_session() -> list[Execution]:
    """Make the session of cells that read and change whatever there is."""
    rng = random.Random(0)
    known = [f"name_{number}" for number in range(400)]
    chosen = [rng.sample(known, 10) for _ in range(_CELLS)]
    return _executed([Names(tuple(c[:2]), tuple(c[2:9]), tuple(c[9:])) for c in chosen], rng)


def _executed(cells: list[Names], rng: random.Random) -> list[Execution]:
    made = []
    for number in range(1, COUNT + 1):
        place = rng.randrange(len(cells))
        source = f"# cell {place}, {number}\n" + "value = compute(some, names)\n" * 12
        made.append(
            Execution(
                ExecutionId(f"e{number:015}"), _SESSION.id, number, source, float(number),
                f"cell {place}", f"cell {place}", execution_count=number, duration_seconds=0.5,
                outcome="ok", names=cells[place],
            )
        )  # fmt: skip
    return made


def slice_every_variable(executions: list[Execution]) -> tuple[list[float], list[int]]:
    """Return the seconds that each slice took, at best of three, and how many are in it."""
    seconds, sizes = [], []
    for name in written_names(executions):
        targets = variable_target(name, executions).executions
        seconds.append(min(_seconds(lambda: slice_of(executions, targets, "")) for _ in range(3)))  # noqa: B023
        sizes.append(len(slice_of(executions, targets, "").steps))
    return seconds, sizes


def _graph(executions: list[Execution]) -> Dependencies:
    graph = Dependencies()
    for execution in executions:
        graph.add(execution.id, execution.names)
    return graph


def _print_why(executions: list[Execution]) -> None:
    """Ask a store for it: what is read, sliced, and drawn; outputs of 20 kB a cell lie beside."""
    shown = (Output("stdout", (Content("text/plain", 20_000, text="x" * 20_000),)),)
    with tempfile.TemporaryDirectory() as folder, _store(Path(folder)) as store:
        run = Run(RunId("r"), _SESSION.id, "bench", 1.0, status="finished", closed=2.0)
        last = executions[-1]
        store.save([_SESSION, run])
        for start in range(0, COUNT, 500):
            store.save([_with(execution, shown) for execution in executions[start : start + 500]])
        metric = Metric(run.id, "auc", 0.5, 0.5, 0.5, 1, 0, 1.0, execution_id=last.id)
        store.save([metric, Stretch(run.id, last.sequence, last.sequence, gave_result=True)])
        url = store.url
        found = why("r", "auc", store=url)
        report(
            f"why from a store ({len(found.steps):,} of {COUNT:,})",
            {
                "the session without outputs": (
                    _seconds(lambda: store.session_executions(_SESSION.id, with_outputs=False)),
                    None,
                ),
                "the whole answer": (_seconds(lambda: why("r", "auc", store=url)), None),
                "… as text": (_seconds(lambda: str(found)), None),
                "… as JSON": (_seconds(found.to_json), None),
            },
            {},
            milliseconds,
            against="",
        )
        print(f"  its memory at most: {_peak_megabytes(lambda: why('r', 'auc', store=url)):.0f} MB")


def _with(execution: Execution, outputs: tuple[Output, ...]) -> Execution:
    fields = {name: getattr(execution, name) for name in Execution.__slots__}
    return Execution(**{**fields, "outputs": outputs})


@contextlib.contextmanager
def _store(folder: Path):
    store = open_store(sqlite_url(folder / "store.db"))
    try:
        yield store
    finally:
        store.close()


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _megabytes(work) -> float:
    """Return the memory of what some work returns."""
    tracemalloc.start()
    kept = work()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size / 1e6


def _peak_megabytes(work) -> float:
    tracemalloc.start()
    work()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size / 1e6


if __name__ == "__main__":
    main()
