"""Processes forked from a cell: the parent records on, the copy in the child does nothing."""

import sqlite3
from collections.abc import Callable

import pytest

_SESSION = """
    import os, sys, tempfile
    from IPython.core.interactiveshell import InteractiveShell
    os.chdir(sys.argv[1])
    shell = InteractiveShell.instance()
    shell.run_cell("%load_ext nbmlops")
    for cell in {cells!r}:
        shell.run_cell(cell)
"""
_WAIT = "_, status = os.waitpid(pid, 0); print('child', status)"


@pytest.mark.parametrize(
    "child",
    [
        pytest.param("os._exit(0)", id="ends at once"),
        pytest.param("import sys; sys.exit(0)", id="ends like a script"),
        pytest.param("1 / 0", id="fails"),
        pytest.param("pass", id="runs the cell to its end"),
    ],
)
def test_a_forked_child_records_nothing(
    child: str, tmp_path, run_python: Callable[..., str]
) -> None:
    cells = [
        f"import os\npid = os.fork()\nif pid == 0:\n    {child}",
        "if pid == 0: os._exit(0)",
        _WAIT,
        "accuracy = 0.5",
    ]
    assert "child 0" in run_python(_SESSION.format(cells=cells), tmp_path)
    with sqlite3.connect(tmp_path / ".nbmlops/store.db") as store:
        rows = store.execute("SELECT sequence, outcome FROM executions ORDER BY sequence")
        assert [*rows] == [(number, "ok") for number in range(1, 6)]
        assert [*store.execute("SELECT status FROM runs")] == [("finished",)]
        assert [*store.execute("SELECT count(*) FROM sessions")] == [(1,)]
    store.close()


def test_a_child_does_not_wait_for_locks_that_the_parent_held(
    tmp_path, run_python: Callable[..., str]
) -> None:
    hold = """
from nbmlops.tracking import current
import os, threading

is_held, is_forked = threading.Event(), threading.Event()

def hold():
    with current.tracker().writer._putting:
        is_held.set()
        is_forked.wait()

threading.Thread(target=hold).start()
is_held.wait()
pid = os.fork()
if pid: is_forked.set()
"""
    cells = [
        hold,
        "if pid == 0: os._exit(0)",
        _WAIT,
    ]
    assert "child 0" in run_python(_SESSION.format(cells=cells), tmp_path)


@pytest.mark.parametrize(
    "pool",
    [
        "multiprocessing.get_context('fork').Pool(2)",
        "concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context('fork'))",
    ],
)
def test_pools_of_forked_workers_work_as_ever(
    pool: str, tmp_path, run_python: Callable[..., str]
) -> None:
    cells = [
        "import multiprocessing, concurrent.futures\ndef square(n): return n * n",
        f"with {pool} as pool: total = sum(pool.map(square, range(100)))",
        "accuracy = total / 1e6; print(accuracy)",
    ]
    assert "0.32835" in run_python(_SESSION.format(cells=cells), tmp_path)
    with sqlite3.connect(tmp_path / ".nbmlops/store.db") as store:
        assert [*store.execute("SELECT last FROM metrics")] == [(0.32835,)]
        assert [*store.execute("SELECT count(*) FROM sessions")] == [(1,)]
    store.close()
