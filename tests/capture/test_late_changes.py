"""What threads, pools and tasks change after the cell that began them, in a real shell."""

import asyncio
import gc
import threading
import weakref

import pytest

from nbmlops.capture.late_work import LateWorks
from nbmlops.capture.running import RunningHere
from nbmlops.cells.hidden import background_work, written_in_words
from tests.capture.notebooks import open_notebook

# A timer may go off when the variables of its case are gone.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

WORK, OTHER = background_work(1), background_work(2)
GO = "import threading\nfrom concurrent.futures import ThreadPoolExecutor\ngo = threading.Event()"
WITH_GLOBAL = "def work():\n    global state\n    go.wait()\n    state = word"
LATER = "log, other = [], []\ndef work(target):\n    go.wait()\n    target.append(1)"
START = "t = threading.Thread(target=work, args=(log,))\nt.start()"
SUBMIT = "pool = ThreadPoolExecutor(1)\nf = pool.submit(work, log)"
TIMER = "t = threading.Timer(0, lambda: (go.wait(), log.append(1)))\nt.start()"


@pytest.fixture
def notebook():
    with open_notebook() as opened:
        opened.run(GO)
        yield opened
        opened.quietly("go.set()")
        assert not opened.faults


def late(names):
    """Return the late work that an execution began, read and waited for."""
    parts = (names.defined, names.used, names.touched)
    return tuple({*part} & {WORK, OTHER} for part in parts)


def last_of(notebook, cells):
    return [notebook.run(cell) for cell in cells][-1]


NONE: set[str] = set()
AFTER = ["go.set()", "t.join()"]
TABLE = [
    pytest.param([LATER, START], ({WORK}, NONE, NONE), id="begun by a thread"),
    pytest.param([LATER, TIMER], ({WORK}, NONE, NONE), id="begun by a timer"),
    pytest.param([LATER, SUBMIT], ({WORK}, NONE, NONE), id="begun by a pool"),
    pytest.param([LATER, START + "\ngo.set(); t.join()"], (NONE, NONE, NONE), id="done in time"),
    pytest.param([LATER, START, "len(log)"], (NONE, NONE, NONE), id="read too early"),
    pytest.param([LATER, START, *AFTER, "len(log)"], (NONE, {WORK}, NONE), id="read"),
    pytest.param([LATER, SUBMIT, "go.set()", "f.result()", "len(log)"], (NONE, {WORK}, NONE),
                 id="read after a pool"),
    pytest.param([LATER, START, *AFTER, "len(log)", "len(log)"], (NONE, {WORK}, NONE),
                 id="read again"),
    pytest.param([LATER, START, *AFTER, "len(other)"], (NONE, NONE, NONE), id="read another"),
    pytest.param([LATER, START, *AFTER, "log = []", "len(log)"], (NONE, NONE, NONE),
                 id="bound anew"),
    pytest.param([LATER, START, "go.set()", "t.join()"], (NONE, {WORK}, {WORK}), id="waited"),
    pytest.param([LATER, START, *AFTER, "t.join()"], (NONE, {WORK}, NONE),
                 id="waited for nothing"),
    pytest.param([LATER, START, "import time", "time.sleep(0)"], (NONE, {WORK}, {WORK}),
                 id="slept"),
    pytest.param([LATER, START, "ts = [t]", "for each in ts: print(each)"],
                 (NONE, {WORK}, {WORK}), id="waited for several"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), TABLE)
def test_late_work_is_an_input_of_who_reads_what_it_changed(notebook, cells, expected):
    assert late(last_of(notebook, cells)) == expected


def test_who_reads_first_has_not_changed_it_itself(notebook):
    names = last_of(notebook, [LATER, "alias = log", START, *AFTER, "len(alias)"])
    assert (names.used, names.touched) == ((WORK, "alias"), ())


def test_what_late_work_reads_and_binds_counts_for_who_takes_it(notebook):
    start = "t = threading.Thread(target=work)\nt.start()"
    cells = ["state = 0", WITH_GLOBAL, start, "word = 'new'"]
    for cell in cells:
        notebook.run(cell)
    meanwhile = notebook.run("go.set(); t.join()")
    names = notebook.run("shown = state")
    assert "state" not in meanwhile.defined
    assert names.used == (WORK, "word")
    assert names.defined == ("shown",)


def test_a_cell_that_changes_what_late_work_bound_defines_it(notebook):
    start = "word = []\nt = threading.Thread(target=work)\nt.start()"
    for cell in (WITH_GLOBAL, start, "go.set(); t.join()"):
        notebook.run(cell)
    names = notebook.run("state.append(1)")
    assert ("state" in names.defined, WORK in names.used) == (True, True)
    assert WORK not in notebook.run("state").used


def test_threads_of_libraries_are_nobodys(notebook):
    cells = [LATER, "import multiprocessing.pool\np = multiprocessing.pool.ThreadPool(1)"]
    assert late(last_of(notebook, cells)) == (NONE, NONE, NONE)
    notebook.quietly("p.close(); p.join()")


def test_a_thread_that_late_work_starts_belongs_to_it(notebook):
    inner = "def outer():\n    go.wait()\n    threading.Thread(target=work, args=(log,)).start()"
    notebook.run(LATER)
    notebook.run(inner)
    notebook.run("t = threading.Thread(target=outer)\nt.start()")
    notebook.run("go.set()\nt.join()\nimport time\nwhile not log: time.sleep(0.001)")
    assert WORK in notebook.run("len(log)").used


def test_nothing_is_looked_at_again_where_no_work_goes_on(notebook, monkeypatch):
    looks = []
    values = notebook.watcher._values
    real = values.changed_meanwhile
    monkeypatch.setattr(
        values, "changed_meanwhile", lambda name, space: looks.append(name) or real(name, space)
    )
    for cell in (LATER, "len(log)", START, *AFTER, "len(log)", "len(log)", "len(log)"):
        notebook.run(cell)
    assert looks.count("log") == 1


class Doing:
    """Works of one execution that began a thread."""

    def __init__(self):
        self.threads: list[weakref.ref[threading.Thread]] = []
        self.busy_before: frozenset[int] = frozenset()
        self.works = LateWorks(RunningHere())


def test_late_work_keeps_nothing_alive_and_is_over_when_it_is_done():
    starter, go = Doing(), threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    starter.threads.append(weakref.ref(thread))
    work = starter.works.begun_by(starter)
    starter.works.begins(starter)
    assert (starter.works.going_on, starter.works.done_by(thread)) == ((work,), work)
    go.set()
    thread.join()
    starter.works.begins(starter)
    assert (starter.works.going_on, work.until) == ((), 2)
    assert ([*starter.works.since(1)], [*starter.works.since(2)]) == ([work], [])
    gone = weakref.ref(thread)
    del thread
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    ("home", "is_found"), [("__main__", True), ("asyncio.tasks", True), ("ipykernel.kernel", False)]
)
def test_tasks_of_the_kernel_are_not_begun_by_cells(home, is_found):
    space = {"__name__": home, "asyncio": asyncio}
    exec("async def wait(): await asyncio.sleep(30)", space)

    async def found():
        task = asyncio.create_task(space["wait"]())
        await asyncio.sleep(0)
        starter = Doing()
        starter.works.begun_by(starter)
        task.cancel()
        return starter.works.done_by(task) is not None

    assert asyncio.run(found()) == is_found


def test_late_work_is_told_in_words():
    assert written_in_words(WORK, is_new=True) == "begins work that goes on after it"
    assert written_in_words(WORK, is_new=False) == "waits for work that goes on"
