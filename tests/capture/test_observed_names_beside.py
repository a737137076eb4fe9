"""The watcher beside what else is there: the user's objects, other tools, threads, processes."""

import concurrent.futures
import gc
import os
import sys
import threading
import weakref

import pytest
from IPython.core.compilerop import CachingCompiler

from nbmlops.capture.observation import Observation
from nbmlops.capture.observed_names import ObservedNames
from nbmlops.cells.names import names_of
from tests.capture.notebooks import open_notebook

monitoring = sys.monitoring
PREPARED = "x = 1\ny = 2\nxs = [1, 2, 3]\ndef f(a):\n    return a + x"


@pytest.fixture
def notebook():
    with open_notebook() as opened:
        opened.run(PREPARED)
        yield opened


@pytest.fixture
def other_tool():
    """Another tool of `sys.monitoring`, which is given back at the end."""
    taken = []

    def take(tool):
        monitoring.use_tool_id(tool, "somebody else")
        taken.append(tool)
        return tool

    yield take
    for tool in taken:
        monitoring.free_tool_id(tool)


# The user's objects

TOUCHY = """
called = []
def tell(name):
    def method(self, *args):
        called.append(name)
        return super(Touchy, self).__getattribute__(*args) if name == "__getattribute__" else True
    return method
class Meta(type):
    def __getattribute__(cls, name):
        called.append("Meta." + name)
        return super().__getattribute__(name)
class Touchy(metaclass=Meta):
    pass
for name in ("__eq__", "__hash__", "__bool__", "__len__", "__contains__", "__getattribute__",
             "__iter__", "__next__", "__get__", "__call__"):
    type.__setattr__(Touchy, name, tell(name))
t = Touchy()
u = Touchy()
"""


@pytest.mark.parametrize(
    "cell",
    ["v = t", "globals()['w'] = t", "globals()['t'] = u", "globals().pop('u', 0);", "t;",
     "def g(a): return t\ng(u);", "h = lambda: t.z", "Touchy;", "t.z = 1", "t.z();", "u += 1",
     "globals()[7] = t", "from colorsys import *\nhsv_to_rgb = t"],
)  # fmt: skip
def test_nothing_of_the_users_objects_is_called(notebook, cell):
    def called_by(run):
        list.clear(notebook["called"])
        run()
        return [*notebook["called"]]

    def watched():
        notebook.watcher.started(cell)
        notebook.quietly(cell)
        notebook.watcher.ended(cell, notebook.shell.user_ns)

    notebook.run(TOUCHY)
    notebook.quietly(cell)  # IPython itself looks at values of names that a cell begins with
    assert called_by(watched) == called_by(lambda: notebook.quietly(cell))
    assert notebook.faults == []


def test_nothing_of_the_users_is_held_while_a_cell_runs(notebook):
    notebook.run("""
import sys, weakref
class Thing: pass
kept, given, shared = Thing(), Thing(), Thing()
gone = [weakref.ref(thing) for thing in (kept, given)]
counted = sys.getrefcount(shared)
""")
    notebook.run("shared\nkept = None\ndel given\ndead = [ref() is None for ref in gone]")
    assert notebook["dead"] == [True, True]
    assert notebook.run("again = sys.getrefcount(shared)").used == ("shared", "sys")
    assert notebook["again"] == notebook["counted"]


def test_nothing_of_the_users_is_held_after_a_cell(notebook):
    notebook.run("class Thing: pass\nthing = Thing()\nthing.itself = thing\ndef g(): return thing")
    watched = weakref.ref(notebook["thing"])
    notebook.run("g()\nthing.z = 1")
    notebook.run("del thing")
    notebook.run("_ = __ = ___ = None\nOut.clear()")
    notebook.shell.user_ns.update({name: None for name in [*notebook.shell.user_ns]
                                   if name.startswith("_") and name[1:].isdigit()})  # fmt: skip
    notebook.shell.displayhook.flush()
    notebook.shell.last_execution_result = None
    gc.collect()
    assert watched() is None


# Cost, in counts


@pytest.fixture
def heard(monkeypatch):
    """Count what is heard of instructions."""
    count = []
    saw = Observation.saw

    def counted(self, act, name, *rest):
        count.append((act, name))
        saw(self, act, name, *rest)

    monkeypatch.setattr(Observation, "saw", counted)
    return count


@pytest.mark.parametrize(
    "cell",
    [
        "for i in range({n}):\n    z = x + i",
        "for i in range({n}):\n    z = f(i)",
        "i = 0\nwhile i < {n}:\n    i += 1",
        "z = sum(i * x for i in range({n}))",
        "z = [f(i) for i in range({n})]",
    ],
)
def test_what_is_told_does_not_grow_with_the_turns_of_a_loop(notebook, heard, cell):
    notebook.run(cell.format(n=3))
    few = len(heard)
    heard.clear()
    notebook.run(cell.format(n=3_000))
    assert len(heard) == few < 20


def test_only_code_that_ran_is_armed_again(notebook, monkeypatch):
    notebook.run("\n".join(f"def g{i}(a):\n    return a + x" for i in range(2_000)))
    notebook.run("g7(1)")
    armed = []
    notebook.run("z = 1")  # arms again what the cell before has run
    set_events = monitoring.set_local_events
    monkeypatch.setattr(
        "nbmlops.capture.monitoring.monitoring.set_local_events",
        lambda *args: (armed.append(args), set_events(*args)),
    )
    notebook.run("z = 1")
    assert len(armed) < 10


def test_code_that_is_gone_is_forgotten_and_functions_that_live_stay_watched(notebook):
    notebook.run("def g():\n    return x")
    before = len(notebook.watcher._code)
    for number in range(300):
        notebook.run(f"def h(a):\n    return [a for b in a]\nz{number % 5} = x + {number}\nh(xs)")
        notebook.run("exec('w = x')\nsorted(xs, key=lambda a: -a)")
    assert len(notebook.watcher._code) < before + 10
    assert notebook.run("g()").used == ("g", "x")


def test_imported_code_is_not_watched(notebook, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "plenty.py").write_text("\n".join(f"def f{i}(): pass" for i in range(500)))
    before = len(notebook.watcher._code)
    notebook.run("import plenty\nimport wave, sched\nplenty.f7()")
    assert len(notebook.watcher._code) <= before + 3


def test_code_executed_with_other_names_is_let_go(notebook, heard):
    notebook.run("for i in range(200):\n    eval('i + x + y', {'i': i, 'x': 1, 'y': 2})")
    assert {name for _, name in heard} <= {"range", "i", "eval"}
    assert len(notebook.watcher._code) < 10


def test_code_that_is_made_in_a_loop_is_not_kept(notebook):
    before = len(gc.get_objects())
    names = notebook.run("import gc\nfor n in range(20_000):\n    exec(f'a = x + {n}')\n"
                         "    exec(f'exec(\"a = {n}\", {{}})')\ngc.collect()\n"
                         "kept = len(gc.get_objects())")  # fmt: skip
    assert (names.defined, names.used) == (("a", "gc", "kept", "n"), ("x",))
    assert notebook["kept"] - before < 10_000
    assert len(notebook.watcher._code) < 1_100


# Beginning and end


def test_functions_defined_before_the_watcher_are_watched():
    with open_notebook() as notebook:
        notebook.watcher.close()
        notebook.quietly(PREPARED)
        notebook.quietly("class A:\n    def m(self):\n        xs.append(y)\n"
                         "def make():\n    def inner(): return x\n    return inner\n"
                         "kept = {'f': [make()]}")  # fmt: skip
        notebook.watcher.open()
        assert notebook.run("f(1)").used == ("f", "x")
        names = notebook.run("A().m()")
        assert (names.used, names.touched) == (("A", "xs", "y"), ("xs",))
        assert notebook.run("kept['f'][0]()").used == ("kept", "x")


def test_functions_defined_unwatched_meanwhile_are_watched(notebook):
    notebook.quietly("def silent():\n    return y")
    assert notebook.run("silent()").used == ("silent", "y")


def test_what_changes_between_cells_is_nobodys(notebook):
    notebook.quietly("between = x\nglobals()['also'] = 1\ndel y")
    assert notebook.run("z = 1") == names_of("z = 1")


def test_execution_seen_from_its_midst_has_the_names_of_its_source_too(notebook):
    names = notebook.run("a = x\nexec('b = y')", is_midway=True)
    assert (names.defined, names.used) == (("a", "b"), ("x", "y"))


def test_end_of_an_execution_whose_beginning_nobody_saw_gives_the_names_of_its_source(notebook):
    assert notebook.watcher.ended("a = x", notebook.shell.user_ns).used == ("x",)


def test_closing_leaves_nothing_behind(notebook):
    compiler = notebook.shell.compile
    watched = notebook["f"].__code__
    tool = next(tool for tool in range(6) if monitoring.get_tool(tool) == "nbmlops names")
    notebook.watcher.close()
    assert type(compiler) is CachingCompiler
    assert monitoring.get_tool(tool) is None
    monitoring.use_tool_id(tool, "a look")
    try:
        assert monitoring.get_local_events(tool, watched) == 0
    finally:
        monitoring.free_tool_id(tool)


def test_compiler_that_somebody_else_has_changed_meanwhile_stays_changed(notebook):
    compiler = notebook.shell.compile
    theirs = type("Theirs", (type(compiler),), {})
    compiler.__class__ = theirs
    assert notebook.run("z = x").used == ("x",)
    notebook.watcher.close()
    assert type(compiler) is theirs
    notebook.quietly("z = x")


def test_a_second_watcher_may_begin_before_the_first_is_closed(notebook):
    second = ObservedNames(notebook.shell, lambda *fault: notebook.faults.append(fault))
    second.open()  # as when the extension is loaded anew, in the cell that has stopped it
    notebook.watcher.close()
    first, notebook.watcher = notebook.watcher, second
    try:
        assert notebook.run("def g(): return f(x)\nz = g()").used == ("f", "x")
        assert notebook.run("z = g()").used == ("f", "g", "x")
    finally:
        second.close()
    assert type(notebook.shell.compile) is CachingCompiler
    first.open()
    notebook.watcher = first
    assert notebook.run("z = g()").used == ("f", "g", "x")
    assert notebook.faults == []


# Other tools


@pytest.mark.parametrize("taken", [(4,), (4, 3)], ids=str)
def test_another_tool_id_is_taken_where_one_is_in_use(taken, other_tool):
    for tool in taken:
        other_tool(tool)
    with open_notebook() as notebook:
        notebook.run(PREPARED)
        assert notebook.run("z = f(1)").used == ("f", "x")


def test_names_come_from_the_source_while_no_tool_id_is_free(other_tool):
    taken = [other_tool(tool) for tool in (4, 3, 5)]
    with open_notebook() as notebook:
        notebook.run(PREPARED)
        assert notebook.run("z = f(1)").used == ("f",)
        monitoring.free_tool_id(taken.pop())
        assert notebook.run("z = f(1)").used == ("f", "x")
        other_tool(5) if monitoring.get_tool(5) is None else None
        assert notebook.faults == []


def test_tool_id_that_is_taken_away_costs_one_execution_its_precision(notebook, other_tool):
    names = notebook.run("import sys\nsys.monitoring.free_tool_id(4)\nz = f(1)")
    assert names.defined == ("sys", "z")
    assert "f" in names.used
    other_tool(4)
    assert notebook.run("z = f(1)").used == ("f", "x")
    assert notebook.faults == []


def test_what_another_tool_has_switched_off_stays_off(notebook, other_tool):
    tool, lines = other_tool(2), []

    def line(code, number):
        lines.append(number)
        return monitoring.DISABLE

    monitoring.register_callback(tool, monitoring.events.LINE, line)
    monitoring.set_local_events(tool, notebook["f"].__code__, monitoring.events.LINE)
    for _ in range(5):
        assert notebook.run("f(1)\nf(2)").used == ("f", "x")
    assert len(lines) == 1
    monitoring.register_callback(tool, monitoring.events.LINE, None)


def test_another_tool_sees_every_instruction_it_asks_for(notebook, other_tool):
    tool, offsets = other_tool(2), []
    code = notebook["f"].__code__
    monitoring.register_callback(
        tool, monitoring.events.INSTRUCTION, lambda code, offset: offsets.append(offset)
    )
    notebook.run("f(1)")
    monitoring.set_local_events(tool, code, monitoring.events.INSTRUCTION)
    notebook["f"](1)
    alone = len(offsets)
    for _ in range(3):
        offsets.clear()
        assert notebook.run("f(1)").used == ("f", "x")
        assert len(offsets) == alone
    monitoring.set_local_events(tool, code, 0)
    notebook["f"](1)
    assert notebook.run("f(1)").used == ("f", "x")


TRACED = """
import sys
seen = []
def tracer(frame, event, argument):
    seen.append((frame.f_code.co_name, event))
    frame.f_trace_opcodes = {opcodes}
    return tracer
sys.settrace(tracer)
"""


@pytest.fixture
def _untraced():
    before = sys.gettrace()
    yield
    sys.settrace(before)


@pytest.mark.usefixtures("_untraced")
@pytest.mark.parametrize("opcodes", [False, True], ids=["lines", "opcodes"])
def test_trace_function_of_the_user_sees_what_it_would_see_unwatched(notebook, opcodes):
    def traced():
        notebook.run(TRACED.format(opcodes=opcodes))
        names = notebook.run("z = f(x)\nexec('w = f(y)')\ndef g(): return f(y)")
        sys.settrace(None)
        functions = {name for name, _ in notebook["seen"]}
        assert not functions & {"_on_instruction", "happened", "began", "saw", "_hook"}
        return names, [entry for entry in notebook["seen"] if entry[0] in ("f", "<module>")]

    for _ in range(3):
        names, watched = traced()
        assert set(names.defined) == {"g", "z"}  # from the source
        assert notebook.run("z = g()").used == ("f", "g", "x", "y")
    notebook.watcher.close()
    _, unwatched = traced()
    assert watched == unwatched


@pytest.mark.usefixtures("_untraced")
def test_debugger_steps_through_a_cell_as_it_would_unwatched(notebook):
    notebook.run("""
import bdb
class Debugger(bdb.Bdb):
    def user_line(self, frame):
        lines.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
        self.set_step()
def debugged():
    debugger = Debugger()
    debugger.set_trace()
    a = f(1)
    b = f(a)
    debugger.set_continue()
    return b
""")
    notebook.run("lines = []\ndebugged()")
    first = [*notebook["lines"]]
    names = notebook.run("lines = []\ndebugged()")
    assert {"debugged", "f"} <= set(names.used)
    assert notebook["lines"] == first
    notebook.watcher.close()
    notebook.quietly("lines = []\ndebugged()")
    assert notebook["lines"] == first
    notebook.watcher.open()
    assert notebook.run("z = f(1)").used == ("f", "x")


def test_profile_function_of_the_user_is_not_told_of_us(notebook):
    names = notebook.run("""
import sys
seen = set()
sys.setprofile(lambda frame, *_: seen.add(frame.f_code.co_name))
z = f(1)
sys.setprofile(None)
""")
    assert names.used == ("f", "x")
    assert notebook["seen"] & {"f", "_on_instruction", "happened", "saw"} == {"f"}


# Threads and processes

THREADS = [
    pytest.param("import threading\nt = threading.Thread(target=f, args=[1])\nt.start(); t.join()",
                 id="Thread"),
    pytest.param("import _thread, threading\ndone = threading.Event()\n"
                 "_thread.start_new_thread(lambda: (f(1), done.set()), ())\ndone.wait()",
                 id="_thread"),
    pytest.param("import concurrent.futures as c\nwith c.ThreadPoolExecutor(2) as p:\n"
                 "    r = list(p.map(f, [1, 2]))", id="pool"),
    pytest.param("import multiprocessing.pool as m\nwith m.ThreadPool(2) as p:\n"
                 "    r = p.map(f, [1, 2])", id="ThreadPool"),
    pytest.param("import asyncio\nr = await asyncio.to_thread(f, 1)", id="to_thread"),
]  # fmt: skip


@pytest.mark.parametrize("cell", THREADS)
def test_what_a_cells_threads_read_it_has_read(notebook, cell):
    assert set(notebook.run(cell).used) == {"f", "x"}


def test_thread_of_an_earlier_cell_works_for_the_cell_that_runs(notebook):
    notebook.run("import concurrent.futures as c\np = c.ThreadPoolExecutor(1)\n"
                 "p.submit(f, 1).result()")  # fmt: skip
    assert notebook.run("p.submit(f, 2).result()").used == ("f", "p", "x")
    notebook["p"].shutdown()


class Cells:
    """Cells that run in threads of their own at the same time, as in subshells."""

    def __init__(self, notebook):
        self.notebook, self.namespace = notebook, notebook.shell.user_ns
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.steps = [threading.Event() for _ in range(8)]
        self.namespace.update(go=lambda n: self.steps[n].set(), wait=self._wait)

    def _wait(self, step):
        assert self.steps[step].wait(10)

    def begin(self, source):
        def run():
            watcher = self.notebook.watcher
            watcher.started(source)
            for line in source.splitlines():
                exec(self.notebook.shell.compile(line, "<cell>", "exec"), self.namespace)
            return watcher.ended(source, self.namespace)

        return self.pool.submit(run)


@pytest.fixture
def cells(notebook):
    made = Cells(notebook)
    yield made
    for step in made.steps:
        step.set()
    made.pool.shutdown()


def test_cells_at_the_same_time_have_their_own_names(notebook, cells):
    first = cells.begin("a = x\ngo(0)\nwait(1)\nb = f(y)\nglobals()['c'] = 1\ngo(2)\nwait(3)")
    second = cells.begin("wait(0)\nd = xs\nf(1)\ngo(1)\nwait(2)\ne = d\ngo(3)")
    one, other = first.result(), second.result()
    assert (one.defined, one.used) == (("a", "b", "c"), ("f", "go", "wait", "x", "y"))
    # What shows in no instruction may be anybody's who ran.
    assert (other.defined, other.used) == (("c", "d", "e"), ("f", "go", "wait", "x", "xs"))


def test_function_that_two_cells_call_in_turns_is_read_by_both(notebook, cells):
    first = cells.begin("go(0)\nwait(1)\nf(1)\ngo(2)\nwait(3)\nf(1)")
    second = cells.begin("wait(0)\nf(1)\ngo(1)\nwait(2)\nf(1)\ngo(3)")
    assert first.result().used == ("f", "go", "wait", "x")
    assert second.result().used == ("f", "go", "wait", "x")


def test_thread_belongs_to_the_cell_that_started_it(notebook, cells):
    notebook.run("from threading import Thread\n"
                 "def later(step, other): wait(step); xs; go(other)")  # fmt: skip
    first = cells.begin("go(0)\nwait(4)\nt = Thread(target=later, args=(1, 2))\nt.start()\n"
                        "go(3)\nt.join()\ngo(5)")  # fmt: skip
    second = cells.begin("wait(0)\ngo(4)\nwait(3)\ngo(1)\nwait(2)\nwait(5)\ny")
    assert "xs" in first.result().used
    assert "xs" not in second.result().used


def test_thread_of_an_ended_cell_works_for_all_that_run(notebook, cells):
    notebook.run("import concurrent.futures as c\np = c.ThreadPoolExecutor(1)\np.submit(len, xs)")
    first = cells.begin("go(0)\nwait(1)\ny")
    second = cells.begin("wait(0)\np.submit(f, 1).result()\ngo(1)")
    assert "x" in first.result().used
    assert "x" in second.result().used
    notebook["p"].shutdown()


def test_hot_function_is_switched_off_after_a_while_beside_another_cell(notebook, cells, heard):
    first = cells.begin("go(0)\nwait(1)")
    second = cells.begin("wait(0)\nfor i in range(100_000): f(i)\ngo(1)")
    assert second.result().used == ("f", "go", "wait", "x")
    first.result()
    assert len(heard) < 30_000


def test_fork_in_a_cell_breaks_nothing(notebook):
    names = notebook.run("""
import os
child = os.fork()
if child == 0:
    status = 3 if f(1) == 2 else 4
    os._exit(status)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
z = f(x)
""")
    assert notebook["code"] == 3
    assert (names.defined, names.used) == (("child", "code", "os", "z"), ("<subprocess>", "f", "x"))
    assert os.getpid()


def test_what_functions_read_in_child_processes_is_used(notebook):
    notebook.run("def shifted(v): return v + x\ndef cubed(v): return shifted(v) ** 3")
    names = notebook.run(
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p:\n"
        "    r = p.map(cubed, [1, 2])"
    )
    assert names.used == ("<subprocess>", "cubed", "shifted", "x")


def test_forked_pool_in_a_cell_breaks_nothing(notebook):
    names = notebook.run(
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p:\n"
        "    r = p.map(f, [1, 2])"
    )
    assert (notebook["r"], names.used) == ([2, 3], ("<subprocess>", "f", "x"))


# Faults and depths


@pytest.mark.parametrize(
    "place", ["observation.Observation.saw", "notebook_code.name_at", "notebook_code._inside",
              "notebook_code.Syntax", "observation.Running.here"],
)  # fmt: skip
def test_fault_of_ours_does_not_reach_the_cell_and_ends_the_watching(notebook, monkeypatch, place):
    ours = {"__name__": "nbmlops.capture.broken"}
    exec("def broken(*_, **__): raise RuntimeError('broken on purpose')", ours)
    monkeypatch.setattr(f"nbmlops.capture.{place}", ours["broken"])
    names = notebook.run("a = f(x)\nb = a\nexec('c = 1')\nimport wave")
    assert (notebook["a"], notebook["b"], notebook["c"]) == (2, 2, 1)
    assert set(names.defined) >= {"a", "b", "wave"}
    assert [(where, str(problem)) for where, problem in notebook.faults] == [
        ("observing names", "broken on purpose")
    ]
    monkeypatch.undo()
    assert notebook.run("z = f(1)").used == ("f",)  # from the source
    assert len(notebook.faults) == 1
    notebook.watcher.close()
    notebook.watcher.open()
    assert notebook.run("z = f(1)").used == ("f", "x")


def test_endless_recursion_fails_as_it_does_unwatched(notebook):
    names = notebook.run("""
depth = 0
def deeper(n):
    global depth
    depth = n
    exec("x") if n > 100 else None
    return deeper(n + 1)
try:
    deeper(0)
except RecursionError as problem:
    caught = type(problem).__name__
""")
    assert notebook["caught"] == "RecursionError"
    assert set(names.defined) == {"caught", "deeper", "depth"}
    assert notebook.run("z = f(1)").used == ("f", "x")
    assert notebook.faults == []


def test_deep_recursion_is_as_deep_as_unwatched(notebook):
    notebook.run("import sys\ndef down(n):\n    return x if n == 0 else down(n - 1)")
    room = """
for n in range(sys.getrecursionlimit(), 0, -1):
    try:
        down(n)
        break
    except RecursionError:
        pass
deepest = n
"""
    notebook.run(room)
    watched = notebook["deepest"]
    notebook.quietly(room)
    assert watched >= notebook["deepest"] - 5


def test_generator_thrown_into_and_closed(notebook):
    names = notebook.run("""
def gen():
    try:
        while True:
            yield x
    except ValueError:
        yield y
    finally:
        xs.append(0)
it = gen()
next(it)
it.throw(ValueError)
it.close()
""")
    assert (names.used, names.touched) == (("x", "xs", "y"), ("xs",))


@pytest.fixture
def _uncollected():
    """No garbage collection: what is raised in a callback of it (Hypothesis has one) is lost."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_uncollected")
def test_what_a_signal_handler_raises_always_comes_to_the_cell(notebook):
    notebook.run("""
import signal
fired = caught = 0
class Late(Exception): pass
def late(*_):
    global fired
    fired += 1
    raise Late
before = signal.signal(signal.SIGALRM, late)
""")
    notebook.run("""
for turn in range(200):
    try:
        signal.setitimer(signal.ITIMER_REAL, 1e-4 + turn * 1e-5)  # once
        for n in range(10_000):
            exec(f"a{n % 50} = [b for b in range({n % 7})]; c = a{n % 50}; x; y")
    except Late:
        caught += 1
""")
    notebook.run("signal.signal(signal.SIGALRM, before)")
    assert notebook["fired"] == notebook["caught"] == 200
    assert notebook.faults == []
    assert notebook.run("z = f(1)").used == ("f", "x")


def test_watcher_that_cannot_be_opened_leaves_the_names_of_the_source(notebook, monkeypatch):
    notebook.watcher.close()
    monkeypatch.setattr("nbmlops.capture.compiling.CompilerTap.open", lambda self: 1 / 0)
    notebook.watcher.open()
    assert notebook.run("z = f(1)").used == ("f",)
    assert [type(problem) for _, problem in notebook.faults] == [ZeroDivisionError]


def test_warnings_and_tracebacks_of_cells_do_not_show_us(notebook, capsys):
    notebook.run("return 1")
    notebook.run("f('a')")
    notebook.run("exec('1/0')")
    shown = capsys.readouterr()
    assert "nbmlops" not in shown.out + shown.err
    assert "SyntaxError" in shown.out + shown.err
