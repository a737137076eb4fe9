"""The hooks leave no trace: not in what a cell does, not in memory, not after unloading."""

import contextlib
import re

import pytest

from tests.kernels import Kernel

RECORDER = "__import__('nbmlops.tracking.current').tracking.current._recorder"
STATE = """
import sys as _sys
def _state():
    shell = get_ipython()
    return [
        "send" in vars(shell.kernel.session),
        "write" in vars(_sys.stdout),
        {name: [str(function) for function in functions]
         for name, functions in shell.events.callbacks.items()},
        [str(transform) for transform in shell.input_transformers_cleanup],
        [str(transform) for transform in shell.input_transformers_post],
        str(_sys.excepthook), str(shell.compile), str(shell.displayhook), str(shell.display_pub),
    ]
"""


@pytest.fixture
def fresh(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as started:
        yield started


@pytest.fixture
def begun(kernel, tmp_path):
    """The module's kernel, which begins to record to a store of the test's own."""
    kernel.begin(tmp_path / ".nbmlops" / "store.db")
    return kernel


@pytest.fixture
def break_inside(begun):
    """Make a method that the hooks call raise, until the test has ended."""
    with contextlib.ExitStack() as stack:

        def broken(place: str, error: str = "RuntimeError") -> None:
            *owners, name = place.split(".")
            owner = ".".join([RECORDER, *owners])
            begun.quietly(f"""
def _broken(*_, **__):
    raise {error}("broken on purpose")
setattr({owner}, {name!r}, _broken)
""")
            stack.callback(begun.quietly, f"delattr({owner}, {name!r})")

        yield broken


@pytest.mark.parametrize(
    "place",
    [
        "watcher.started",
        "watcher.ended",
        "_tap.started",
        "_tap.ended",
        "_keep_blob",
        "listener.runs._results.metrics",
        "listener.execution_started",
        "listener.execution_ended",
        "listener._lineage.add",
        "listener.writer._live.append",
    ],
)
def test_fault_of_ours_does_not_reach_the_cell_and_is_told_once(
    begun, break_inside, tmp_path, place
):
    break_inside(place)
    source = "print('out')\nacc = 0.5\ndisplay({'image/png': b'png'}, raw=True)\nacc"
    first, second = begun.run(source), begun.run(source)
    for reply in (first, second):
        assert reply.status == "ok"
        shown = [kind for kind, _ in reply.visible if kind != "stderr"]
        assert shown == ["stdout", "display_data", "execute_result"]
    told = first.stderr.splitlines()
    assert len(set(told)) == len(told) >= 1
    assert all(re.match("nbmlops had a fault .*your cells are not affected", line) for line in told)
    assert second.stderr == ""
    log = (tmp_path / ".nbmlops" / "faults.log").read_text()
    assert log.count("RuntimeError: broken on purpose") == log.count("Traceback") >= 2


def test_outcome_is_recorded_where_names_and_outputs_fail(begun, break_inside):
    break_inside("watcher.ended")
    begun.run("'fine'")
    begun.run("1 / 0")
    outcomes = [(execution.source, execution.outcome) for execution in begun.executions()]
    assert outcomes == [("'fine'", "ok"), ("1 / 0", "error")]


@pytest.mark.parametrize(
    "place",
    [
        "watcher.ended",
        "_files.ended",
        "_tap.ended",
        "listener.files_touched",
        "listener.execution_ended",
        "listener.runs._results.metrics",
        "listener._data._values.ended",
    ],
)
def test_interruption_after_the_cell_costs_neither_its_end_nor_a_word(begun, break_inside, place):
    break_inside(place, "KeyboardInterrupt")
    reply = begun.run("x = [1]\ny = len(x)")
    assert (reply.status, reply.visible) == ("ok", [])
    execution = begun.executions()[-1]
    assert (execution.outcome, execution.names.defined) == ("ok", ("x", "y"))
    assert execution.duration_seconds is not None


@pytest.mark.parametrize("place", ["listener.runs._results.metrics", "listener._lineage.add"])
def test_values_are_let_go_of_where_finding_results_fails(begun, break_inside, place):
    break_inside(place)
    begun.run("x = [1]")
    begun.run("y = [2]")
    assert begun.ask(f"len({RECORDER}.listener._data._values._running)") == 0
    assert begun.ask(f"{RECORDER}.listener._data._background.wait(30)")
    assert begun.ask(f"len({RECORDER}.listener._data._values._unsettled)") == 0


def test_unloading_takes_effect_in_a_cell_that_exits_with_an_odd_code(fresh):
    fresh.run("%load_ext nbmlops")
    fresh.run("""
import sys
class Odd:
    def __eq__(self, other): raise ValueError("asked")
    __hash__ = None
""")
    fresh.quietly(f"recorder = {RECORDER}")
    reply = fresh.run("%unload_ext nbmlops\nsys.exit(Odd())")
    assert reply.error == "SystemExit"
    assert "nbmlops had a fault" not in reply.stderr
    assert fresh.ask("recorder.is_recording") is False
    assert fresh.ask("recorder._tap is None")


def test_unloading_leaves_everything_as_it_was(fresh):
    fresh.run(STATE)
    fresh.run("import nbmlops.magics, matplotlib")  # imports may register hooks of their own
    before = fresh.ask("_state()")
    fresh.run("%load_ext nbmlops")
    during = fresh.ask("_state()")
    fresh.run("auc = 0.9")
    fresh.run("%unload_ext nbmlops")
    assert during[0] is True
    assert during != before
    assert fresh.ask("_state()") == before


def test_unloading_leaves_in_place_what_others_wrapped_around_the_session(fresh):
    wrap = """
session = get_ipython().kernel.session
def wrapped(name, inner):
    def send(*args, **kwargs):
        calls.append(name)
        return inner(*args, **kwargs)
    return send
calls = []
"""
    fresh.run(wrap)
    fresh.run("session.send = earlier = wrapped('earlier', session.send)")
    fresh.run("%load_ext nbmlops")
    fresh.run("session.send = later = wrapped('later', session.send)")
    fresh.run("%unload_ext nbmlops")
    assert fresh.ask("session.send is later")
    assert fresh.ask("'earlier' in calls and 'later' in calls")
    fresh.run("session.send = earlier")
    fresh.run("%load_ext nbmlops")
    fresh.run("%unload_ext nbmlops")
    assert fresh.ask("session.send is earlier")


@pytest.mark.parametrize(
    ("make", "drop"),
    [
        pytest.param("thing = Thing()", "del thing", id="object"),
        pytest.param("thing = auc = Thing(0.5)", "del thing, auc", id="metric"),
        pytest.param("%%nbmlops params\nthing = Thing()", "del thing", id="parameter"),
        pytest.param("thing = Estimator().fit()", "del thing", id="fitted estimator"),
        pytest.param("def work():\n    return Thing()\nthing = work()", "del thing", id="result"),
        pytest.param("thing = Thing()\nimport nbmlops\nnbmlops.log_params({'p': thing})",
                     "del thing", id="logged parameter"),
    ],
)  # fmt: skip
def test_objects_of_the_user_are_not_kept_alive(kernel, make, drop):
    kernel.run("""
import gc, weakref
class Thing(float): pass
class Estimator:
    def fit(self):
        self.coef_ = Thing(1.0)
        return self
    def get_params(self, deep=True): return {"alpha": 1.0}
""")
    kernel.run(make)
    kernel.run("watched = weakref.ref(thing)")
    assert kernel.ask("watched() is not None")
    kernel.run(drop + "\ngc.collect()")
    assert kernel.ask("watched() is None")
