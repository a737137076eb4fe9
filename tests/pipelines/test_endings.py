"""How headless executions end when they do not end well: exit codes, reasons, what is kept."""

import json
import os
import signal
import time

import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from nbmlops.errors import StoreUnavailable
from nbmlops.pipelines import engine, plan
from nbmlops.pipelines.execute import execute_notebook
from nbmlops.tracking import looking
from nbmlops.verbs import group
from tests.kernels import metrics_of, params_of

SLEEP = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)"


def states(notebook):
    return [
        cell.metadata.papermill.status for cell in notebook.cells if cell.cell_type == "code"
    ]  # fmt: skip


def outcomes(run):
    return [found.outcome for found, _ in run.executions]


def errors(notebook):
    return [
        output.ename
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def failed(new_project):
    """An execution whose second cell fails, by the command line."""
    project = new_project()
    project.write("accuracy = 0.5", "print('before')\n1 / 0", "f1 = 0.4")
    return project, project.call("nbmlops", "run", "work.ipynb", "out.ipynb")


def test_failing_cell_is_exit_code_1_and_a_failed_run_that_names_it(failed):
    project, done = failed
    run = project.run
    assert (done.returncode, done.stdout) == (1, f"{run.run.id}\n")
    assert run.run.status == "failed"
    assert run.run.reason == "cell [2]: ZeroDivisionError: division by zero"
    assert (metrics_of(run), outcomes(run)) == ({"accuracy": 0.5}, ["ok", "error"])
    assert run.executions[1][0].failure.type == "ZeroDivisionError"


def test_failing_cell_leaves_the_output_notebook_with_traceback_and_true_states(failed):
    project, _ = failed
    notebook = project.read()
    assert states(notebook) == ["completed", "failed", "pending"]
    assert errors(notebook) == ["ZeroDivisionError"]
    assert notebook.metadata.nbmlops == {"run_id": project.run.run.id, "exit_code": 1}
    assert notebook.metadata.papermill.exception is True


def test_failing_cell_is_explained_on_stderr_by_traceback_and_cell(failed):
    _, done = failed
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert "cell [2]: ZeroDivisionError" in done.stderr
    assert "KeyboardInterrupt" not in done.stderr
    assert "WARNING" not in done.stderr


def test_output_of_a_failed_execution_runs_when_it_is_mended(failed):
    project, _ = failed
    notebook = project.read()
    notebook.cells = [cell for cell in notebook.cells if "1 / 0" not in cell.source]
    again = project.execute(*[cell.source for cell in notebook.cells if cell.cell_type == "code"])
    assert again.exit_code == 0


@pytest.mark.parametrize(
    ("cells", "code", "status", "reason"),
    [
        pytest.param(
            ["accuracy = 0.5", "def (:"], 1, "failed", "cell [2]: SyntaxError: invalid syntax",
            id="syntax error",
        ),
        pytest.param(
            ["accuracy = 0.5", "import sys; sys.exit(3)", "f1 = 1.0"], 1, "failed",
            "cell [2]: SystemExit: 3", id="exit with a code",
        ),
        pytest.param(
            ["accuracy = 0.5", "import sys; sys.exit()", "f1 = 1.0"], 0, "finished", None,
            id="exit without a code",
        ),
        pytest.param(
            ["accuracy = 0.5", ("1 / 0", "raises-exception"), "# the end"], 0, "finished", None,
            id="expected error",
        ),
        pytest.param(
            ["accuracy = 0.5", "raise KeyboardInterrupt"], 1, "failed",
            "cell [2]: KeyboardInterrupt: ", id="interruption by itself",
        ),
    ],
)  # fmt: skip
def test_a_cell_can_end_the_execution(work, cells, code, status, reason):
    done = work.execute(*cells)
    run = work.run
    assert (done.exit_code, run.run.status) == (code, status)
    assert (run.run.reason or "").startswith(reason or "")
    assert (run.run.reason is None) == (reason is None)
    assert metrics_of(run) == {"accuracy": 0.5}
    assert len(errors(work.read())) == 1
    assert work.read().metadata.nbmlops.exit_code == code


def test_cell_after_an_expected_error_is_executed(work):
    done = work.execute(("raise ValueError('meant')", "raises-exception"), "accuracy = 0.5")
    assert (done.exit_code, metrics_of(work.run)) == (0, {"accuracy": 0.5})
    assert (outcomes(work.run), errors(work.read())) == (["error", "ok"], ["ValueError"])


def test_cell_that_takes_too_long_is_124(work):
    done = work.execute("accuracy = 0.5", SLEEP, "f1 = 0.4", execution_timeout=1)
    assert done.exit_code == 124
    assert isinstance(done.problem, CellTimeoutError)
    run = work.run
    assert (run.run.status, run.run.reason) == ("failed", "a cell took over 1 s")
    assert (metrics_of(run), outcomes(run)) == ({"accuracy": 0.5}, ["ok", "interrupted"])
    assert run.session.ended is not None
    assert not run.session.interrupted
    assert states(work.read()) == ["completed", "failed", "pending"]
    assert not is_running(int((work.folder / "pid").read_text()))


def test_cell_that_takes_too_long_and_ignores_interruptions_is_124(work, monkeypatch):
    monkeypatch.setattr(engine, "_LAST_ANSWER_SECONDS", 1.0)  # not to wait ten for the deaf
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" + SLEEP
    done = work.execute(
        "accuracy = 0.5", deaf, execution_timeout=1
    )  # fmt: skip
    assert done.exit_code == 124
    assert (work.run.run.status, work.run.run.reason) == ("failed", "a cell took over 1 s")
    assert not is_running(int((work.folder / "pid").read_text()))


def test_kernel_that_is_killed_is_138(work):
    done = work.execute("accuracy = 0.5", "import os\nos.kill(os.getpid(), 9)", "f1 = 0.4")
    assert done.exit_code == 138
    assert isinstance(done.problem, DeadKernelError)
    run = work.run
    assert (run.run.status, run.run.reason) == ("failed", "the kernel died")
    assert metrics_of(run) == {"accuracy": 0.5}
    assert states(work.read()) == ["completed", "failed", "pending"]
    assert work.read().metadata.nbmlops == {"run_id": done.run_id, "exit_code": 138}


def test_command_line_exits_with_138_and_says_that_the_kernel_died(work):
    work.write("import os\nos.kill(os.getpid(), 9)")
    done = work.call("nbmlops", "run", "work.ipynb")
    assert (done.returncode, done.stdout) == (138, f"{work.run.run.id}\n")
    assert "the kernel died" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_interrupted_command_ends_the_kernel_and_is_130(work, number):
    work.write("accuracy = 0.5", SLEEP, "f1 = 0.4")
    process = work.start("nbmlops", "run", "work.ipynb", "out.ipynb")
    pid = work.folder / "pid"
    while not (pid.exists() and pid.read_text()):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=120)
    run = work.run
    assert (process.returncode, stdout) == (130, f"{run.run.id}\n")
    assert "Traceback" not in stderr
    assert (run.run.status, run.run.reason) == ("interrupted", "KeyboardInterrupt")
    assert (metrics_of(run), outcomes(run)) == ({"accuracy": 0.5}, ["ok", "interrupted"])
    assert not run.session.interrupted
    assert states(work.read()) == ["completed", "failed", "pending"]
    assert {*errors(work.read())} <= {"KeyboardInterrupt"}  # the kernel may end before it says so
    assert work.read().metadata.nbmlops.exit_code == 130
    assert not is_running(int(pid.read_text()))


def test_execute_notebook_raises_as_papermill_does(work):
    path = work.write("accuracy = 0.5", "1 / 0")
    out = work.folder / "out.ipynb"
    with pytest.raises(PapermillExecutionError) as caught:
        execute_notebook(path, out, progress_bar=False)
    assert (caught.value.ename, caught.value.exec_count) == ("ZeroDivisionError", 2)
    assert errors(work.read()) == ["ZeroDivisionError"]
    assert work.run.run.status == "failed"


def test_kernel_that_does_not_start_is_a_failed_run_and_138(work):
    spec = work.folder / "jupyter" / "kernels" / "broken"
    spec.mkdir(parents=True)
    kernel = {"argv": ["false", "{connection_file}"], "display_name": "b", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    work.write(("n = 1", "parameters"), "accuracy = 0.5", kernel="broken")
    environment = {"JUPYTER_PATH": str(work.folder / "jupyter")}
    done = work.call("nbmlops", "run", "work.ipynb", "-p", "n", "2", **environment)
    run = work.run
    assert (done.returncode, done.stdout) == (138, f"{run.run.id}\n")
    assert (run.run.status, run.run.reason) == ("failed", "the kernel did not start")
    assert (params_of(run), run.executions) == ({"n": 2}, ())
    assert "Traceback" not in done.stderr


def locked(*_, **__):
    raise StoreUnavailable("sqlite:////store.db", "database is locked")


def test_store_that_is_locked_at_the_end_does_not_fail_a_good_notebook(work, monkeypatch, caplog):
    monkeypatch.setattr(plan, "open_store", locked)
    assert work.execute("accuracy = 0.5").exit_code == 0
    assert "database is locked" in caplog.text
    assert metrics_of(work.run) == {"accuracy": 0.5}


@pytest.mark.parametrize("broken", ["__init__", "cell_started", "cell_ended", "end"])
def test_recorder_outside_that_fails_does_not_fail_a_good_notebook(
    work, monkeypatch, caplog, broken
):
    monkeypatch.setattr(engine.RecordingClient, "_ask", lambda *_: "it cannot")
    monkeypatch.setattr(engine.OutsideRecorder, broken, locked)
    assert work.execute("accuracy = 0.5").exit_code == 0
    assert "database is locked" in caplog.text
    assert states(work.read()) == ["completed"]


def test_run_that_cannot_be_looked_up_keeps_the_exit_code_of_its_notebook(work, monkeypatch):
    path = work.write("accuracy = 0.5")
    monkeypatch.chdir(work.folder)
    monkeypatch.setattr(looking, "show", locked)
    answer = group.main(["run", str(path)], standalone_mode=False)
    assert answer.exit_code == 0
    assert answer.value.to_json()["id"] == answer.headline == work.run.run.id
    assert "database is locked" in str(answer.value)


@pytest.mark.parametrize(
    ("return_code", "before", "after", "code"),
    [
        pytest.param(-9, 1, 2, 137, id="killed while memory was short"),
        pytest.param(-9, 1, 1, 138, id="killed by somebody"),
        pytest.param(-11, 1, 2, 138, id="crashed while another was killed"),
        pytest.param(None, 1, 2, 138, id="not known how"),
        pytest.param(-9, None, 2, 138, id="nobody counts"),
    ],
)
def test_kernel_died_of_memory_only_where_signal_and_counter_say_so(
    monkeypatch, return_code, before, after, code
):
    monkeypatch.setattr(engine, "_oom_kills", lambda: after)
    assert engine._death(return_code, before).exit_code == code


def test_kernel_that_is_killed_while_memory_is_short_is_137(work, monkeypatch):
    counts = iter([1, 2])
    monkeypatch.setattr(engine, "_oom_kills", lambda: next(counts))
    assert work.execute("import os\nos.kill(os.getpid(), 9)").exit_code == 137
