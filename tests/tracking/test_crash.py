"""Kernels that die at any moment: what had ended is there, what ran is interrupted."""

import time

import pytest

from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from tests.kernels import FLUSH, SESSION, Kernel, metrics_of, params_of, runs_at, sources_of

WRITER = "__import__('nbmlops.tracking.writer').tracking.writer"


@pytest.fixture
def dying(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as started:
        started.run("%load_ext nbmlops\nimport nbmlops, os, time")
        yield started


def executions_of(kernel, session):
    store = open_store(kernel.url)
    store.settle()
    found = store.session_executions(session)
    store.close()
    return found


# A cell that ends its process does so when it was seen to run, by a file that appears.
SEEN = "print('ready', flush=True)\nwhile not os.path.exists('seen'): time.sleep(0.01)\n"
DEATHS = [
    pytest.param("print('ready', flush=True)\nwhile True: time.sleep(0.01)", id="kill -9"),
    pytest.param(SEEN + "os._exit(1)", id="os._exit"),
    pytest.param(SEEN + "os.kill(os.getpid(), 11)", id="segmentation fault"),
]


@pytest.mark.parametrize("last", DEATHS)
def test_kernel_that_dies_in_a_cell_leaves_its_run_interrupted_and_loses_nothing(dying, last):
    dying.run("%%nbmlops params\nlr = 0.1")
    dying.run("with open('file', 'w') as f: f.write('x')\nprint('written')")
    dying.run("nbmlops.log_metric('auc', lr)\nf1 = 0.5")
    session = dying.ask(SESSION)
    dying.start(last)
    if last.startswith(SEEN):
        (dying.folder / "seen").touch()
    else:
        dying.kill()
    dying.wait_for_death()

    [run] = runs_at(dying.url)
    assert (run.run.status, run.session.interrupted) == ("interrupted", True)
    assert (params_of(run), metrics_of(run)) == ({"lr": 0.1}, {"auc": 0.1, "f1": 0.5})
    executions = executions_of(dying, session)
    assert [execution.outcome for execution in executions] == [*["ok"] * 4, "interrupted"]
    assert executions[-1].source == last
    assert executions[2].outputs[0].contents[0].text == "written\n"
    assert run.run.reason == "its process ended during execution [5]"


def test_kernel_killed_between_cells_leaves_its_run_interrupted(dying):
    dying.run("auc = 0.9")
    dying.ask("1")  # the reply to a cell is sent before its outputs are filed
    dying.kill()
    [run] = runs_at(dying.url)
    assert (run.run.status, metrics_of(run)) == ("interrupted", {"auc": 0.9})
    assert sources_of(run) == ["auc = 0.9"]
    assert run.run.reason == "its process ended after execution [2]"


def test_metrics_of_a_loop_that_is_killed_are_there_up_to_the_last_quarter_of_a_second(dying):
    # They wait for more to come for no longer than this, and then for the machine alone.
    assert dying.ask(f"{WRITER}.BUFFER_SECONDS") <= 0.25
    # What the run is made in does not wait for a quiet moment, which does not come here.
    dying.run(f"{WRITER}.HEARTBEAT_SECONDS = 3_600.0")
    dying.start(
        "run = nbmlops.start_run('long')\n"
        "print('ready', flush=True)\n"
        "for step in range(10_000_000):\n"
        "    run.log_metric('loss', step)\n"
        "    if step > 1_000: time.sleep(0.001)"
    )
    # While the cell runs on, what it has logged arrives by itself.
    while len(losses(dying)) <= 1_000 or runs_at(dying.url)[0].run.environment is None:
        time.sleep(0.05)
    dying.kill()
    [run] = runs_at(dying.url)
    points = losses(dying)
    assert [point.step for point in points] == [*range(len(points))]
    assert len(points) >= 1_001
    assert run.summary.metrics[0].count == len(points)


def losses(kernel):
    store = open_store(kernel.url)
    runs = store.runs(RunQuery())
    points = store.points(runs[0].run.id, "loss") if runs else []
    store.close()
    return points


def test_nested_runs_of_a_killed_kernel_are_all_interrupted(dying):
    dying.start(
        "with nbmlops.start_run('done'): nbmlops.log_metric('auc', 1)\n"
        "with nbmlops.start_run('outer'):\n"
        "    with nbmlops.start_run('inner'):\n"
        "        print('ready', flush=True)\n        time.sleep(60)"
    )
    dying.kill()
    statuses = {run.run.name: run.run.status for run in runs_at(dying.url)}
    assert statuses == {"done": "finished", "outer": "interrupted", "inner": "interrupted"}


def test_run_of_a_living_kernel_stays_running_for_every_reader(dying, run_python):
    dying.run("auc = 0.9")
    assert dying.ask(FLUSH)
    script = """
        import sys
        from nbmlops.tracking import looking
        print(looking.runs(store=sys.argv[1])[0].run.status)
    """
    assert run_python(script, dying.url) == "running"


def test_kernel_that_records_itself_sees_at_once_that_another_died(dying):
    dying.run("auc = 0.9")
    dying.ask("1")
    with Kernel(dying.folder) as other:
        other.run("%load_ext nbmlops")
        dying.kill()
        table = other.run("%nbmlops runs").of("execute_result")[0]["data"]["text/plain"]
    assert "! interrupted" in table
    assert "running" not in table


def test_kernel_that_is_shut_down_finishes_its_runs(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as kernel:
        kernel.run("%load_ext nbmlops\nauc = 0.9")
    [run] = runs_at(kernel.url)
    assert (run.run.status, run.session.interrupted) == ("finished", False)
    assert run.session.ended is not None
    assert [*(tmp_path / ".nbmlops" / "live").iterdir()] == []


def test_kernel_restarted_by_the_front_end_begins_another_session(dying):
    dying.run("auc = 0.9")
    first = dying.ask(SESSION)
    dying.manager.restart_kernel(now=False)
    dying.client.wait_for_ready(timeout=60)
    dying.run("%load_ext nbmlops\nauc = 0.8")
    assert dying.ask(SESSION) != first
    assert [run.run.status for run in dying.runs()] == ["finished", "running"]


def test_forked_child_that_dies_does_not_end_the_session(dying):
    dying.run("auc = 0.9")
    dying.run("pid = os.fork()\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0);")
    dying.run("import multiprocessing as mp\nchild = mp.get_context('fork').Process(target=int)\n"
              "child.start(); child.join()")  # fmt: skip
    dying.run("f1 = 0.8")
    [run] = dying.runs()
    assert (run.run.status, metrics_of(run)) == ("running", {"auc": 0.9, "f1": 0.8})
    outcomes = {execution.outcome for execution in dying.executions()}
    assert outcomes == {"ok"}
