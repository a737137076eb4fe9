"""Plain scripts: recorded from their first logging call until their process ends."""

import subprocess
import sys

import pytest

from nbmlops.config import sqlite_url
from tests.kernels import clean_environment, metrics_of, params_of, runs_at


@pytest.fixture
def script(project):
    """Run a script of the project; return how its process ended."""
    (project / ".nbmlops").mkdir()

    def run(source, *arguments):
        (project / "train.py").write_text(source)
        return subprocess.run(
            [sys.executable, *arguments, "train.py"], capture_output=True, text=True, timeout=120,
            env=clean_environment(), check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def recorded(project):
    return lambda: runs_at(sqlite_url(project / ".nbmlops" / "store.db"))


def test_script_is_one_execution_and_its_run_finishes_with_it(script, recorded, project):
    source = "import nbmlops\nnbmlops.log_params({'lr': 0.1})\nnbmlops.log_metric('auc', 0.9)\n"
    done = script(source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [run] = recorded()
    assert (run.run.status, run.run.experiment) == ("finished", "train")
    assert (params_of(run), metrics_of(run)) == ({"lr": 0.1}, {"auc": 0.9})
    [(execution, link)] = run.executions
    assert (execution.source, execution.outcome, link.gave_result) == (source, "ok", True)
    assert run.session.place == "script"
    assert run.session.notebook == str(project / "train.py")


def test_script_that_logs_nothing_is_not_recorded(script, project):
    assert script("import nbmlops\nprint(nbmlops.__version__)").returncode == 0
    assert not (project / ".nbmlops" / "store.db").exists()


@pytest.mark.parametrize(
    ("ending", "code", "status", "reason"),
    [
        pytest.param("raise ValueError('bad data')", 1, "failed", "ValueError: bad data",
                     id="raises"),
        pytest.param("raise KeyboardInterrupt", -2, "interrupted", "KeyboardInterrupt",
                     id="interrupted"),
        pytest.param("import sys; sys.exit()", 0, "finished", None, id="exits"),
        pytest.param("import os; os._exit(7)", 7, "interrupted", "its process ended", id="_exit"),
        pytest.param("import os; os.kill(os.getpid(), 15)", -15, "interrupted",
                     "its process ended", id="terminated"),
    ],
)  # fmt: skip
def test_script_ends_its_run_as_it_ends_itself(script, recorded, ending, code, status, reason):
    # Asking for runs delivers what is still on its way to the store.
    done = script(f"import nbmlops\nnbmlops.log_metric('auc', 0.9)\nnbmlops.runs()\n{ending}\n")
    assert done.returncode == code
    if status == "failed":
        assert done.stderr.splitlines()[-1] == reason
    [run] = recorded()
    assert (run.run.status, metrics_of(run)) == (status, {"auc": 0.9})
    assert (run.run.reason or "").startswith(reason or "")


def test_failing_block_of_a_script_fails_its_own_run_only(script, recorded):
    script(
        "import nbmlops\n"
        "for number in range(3):\n"
        "    try:\n"
        "        with nbmlops.start_run(f'fold {number}') as run:\n"
        "            run.log_metric('auc', number)\n"
        "            assert number != 1, 'odd fold'\n"
        "    except AssertionError: pass\n"
    )
    assert [(run.run.name, run.run.status, run.run.reason) for run in recorded()] == [
        ("fold 0", "finished", None),
        ("fold 1", "failed", "AssertionError: odd fold"),
        ("fold 2", "finished", None),
    ]


def test_scripts_own_excepthook_is_still_called(script, recorded):
    done = script(
        "import sys, nbmlops\n"
        "sys.excepthook = lambda *problem: print('own hook', problem[0].__name__)\n"
        "nbmlops.log_metric('auc', 0.9)\n"
        "1 / 0\n"
    )
    assert done.stdout == "own hook ZeroDivisionError\n"
    assert recorded()[0].run.status == "failed"


POOL = """
import multiprocessing as mp
import nbmlops

def work(number):
    return number / 10

if __name__ == "__main__":
    with nbmlops.start_run("pool") as run:
        with mp.get_context("{method}").Pool(2) as pool:
            for auc in pool.map(work, range(5)): run.log_metric("auc", auc)
"""


@pytest.mark.parametrize(
    ("wrap", "left"),
    [
        pytest.param("", "sys.__excepthook__", id="ours"),
        pytest.param("sys.excepthook = own", "own", id="wrapped by somebody"),
    ],
)
def test_excepthook_is_as_it_was_when_recording_stops(script, wrap, left):
    source = f"""
import nbmlops, sys
from nbmlops.tracking import current
own = lambda *problem: None
nbmlops.log_metric("auc", 0.9)
assert sys.excepthook is not sys.__excepthook__
{wrap}
current.stop()
print(sys.excepthook is {left})
nbmlops.log_metric("auc", 0.9)
current.stop()
print(sys.excepthook is {left})
"""
    assert script(source).stdout == "True\nTrue\n"


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_results_that_workers_return_are_logged_in_one_run(script, recorded, method):
    done = script(POOL.format(method=method), "-W", "ignore")
    assert (done.returncode, done.stderr) == (0, "")
    [run] = recorded()
    [metric] = run.summary.metrics
    assert (run.run.status, metric.count, metric.last) == ("finished", 5, 0.4)


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_worker_that_logs_itself_is_warned_of_and_is_a_session_of_its_own(script, recorded, method):
    done = script(
        "import multiprocessing as mp, nbmlops\n"
        "def work():\n"
        "    nbmlops.log_metric('inner', 1)\n"
        "if __name__ == '__main__':\n"
        "    nbmlops.log_metric('outer', 2)\n"
        f"    worker = mp.get_context('{method}').Process(target=work)\n"
        "    worker.start(); worker.join()\n"
        "    nbmlops.log_metric('outer', 3)\n"
    )
    assert done.returncode == 0
    assert "nbmlops records this worker process as a session of its own" in done.stderr
    outer, inner = recorded()
    assert (metrics_of(outer), metrics_of(inner)) == ({"outer": 3.0}, {"inner": 1.0})
    assert outer.run.session_id != inner.run.session_id
    assert outer.run.status == "finished"


def test_interpreter_without_a_file_is_recorded_too(project, recorded):
    (project / ".nbmlops").mkdir()
    subprocess.run(
        [sys.executable, "-c", "import nbmlops; nbmlops.log_metric('auc', 0.9)"],
        env=clean_environment(), check=True, timeout=60,
    )  # fmt: skip
    [run] = recorded()
    assert (run.run.experiment, run.session.notebook) == (project.name, None)


def test_metrics_of_workers_that_are_terminated_after_their_runs_are_kept(script, recorded):
    script(
        "import multiprocessing, nbmlops, warnings\n"
        "def work(number):\n"
        "    warnings.simplefilter('ignore')\n"
        "    with nbmlops.start_run(f'w{number}') as run:\n"
        "        run.log_metric('loss', number)\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "        pool.map(work, range(3))\n"
    )
    found = {run.run.name: metrics_of(run) for run in recorded()}
    assert found == {f"w{number}": {"loss": float(number)} for number in range(3)}
