"""What the watcher says of hidden inputs, of the last of several cells in a real IPython shell."""

import os
import random
import socket
import sys
import threading
from types import ModuleType

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from nbmlops.capture.files import TouchedFiles
from nbmlops.capture.hidden import random_states
from nbmlops.records import Names
from tests.capture.hidden_cases import case, hidden
from tests.capture.notebooks import open_notebook


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook in a folder of its own, after which the process is as it was before."""
    monkeypatch.chdir(tmp_path)
    python, numpy = random.getstate(), np.random.get_state()
    printing, errors, environ = np.get_printoptions(), np.geterr(), dict(os.environ)
    with open_notebook() as opened, mpl.rc_context({"backend": "agg"}):
        opened.quietly(
            "import os, random, sys\nimport numpy as np\nimport pandas as pd\n"
            "import matplotlib.pyplot as plt\ndf = pd.DataFrame({'a': [1, 2]})"
        )
        yield opened
        opened.quietly("plt.close('all')")
    for option in ("display.max_columns", "display.max_rows", "mode.string_storage"):
        pd.reset_option(option)
    np.set_printoptions(**printing)
    np.seterr(**errors)
    random.setstate(python)
    np.random.set_state(numpy)
    os.environ.clear()
    os.environ.update(environ)


PYTHON, NUMPY = "<random>", "<numpy.random>"
SEEDING = "def set_seed(n):\n    random.seed(n)\n    np.random.seed(n)"
LIBRARY = (
    "import types\nlibrary = types.ModuleType('library')\n"
    "exec('import random, numpy\\ndef seed_everything(n):\\n    random.seed(n); "
    "numpy.random.seed(n)\\ndef set_seed(n): pass', library.__dict__)"
)
RANDOM = [
    case("nothing", "x = 1"),
    case("draws of Python", "random.random()", changed=[PYTHON]),
    case("draws of numpy", "np.random.rand(3)", changed=[NUMPY]),
    case("drawn from what a draw before left over", "np.random.seed(0)\nnp.random.randn()",
         "np.random.randn()", changed=[NUMPY]),
    case("drawn by a library", "df.sample(1)", changed=[NUMPY]),
    case("shuffles", "xs = [1, 2, 3]\nrandom.shuffle(xs)", changed=[PYTHON]),
    case("seeds", "np.random.seed(0)", defined=[NUMPY]),
    case("seeds to what it was", "np.random.seed(0)", "np.random.seed(0)", defined=[NUMPY]),
    case("seeds, then draws", "np.random.seed(0)\nnp.random.rand(3)", defined=[NUMPY]),
    case("draws, then seeds", "np.random.rand(3)\nnp.random.seed(0)",
         defined=[], changed=[NUMPY]),
    case("seeds by an imported function", "from random import seed as s\ns(1)\nrandom.random()",
         defined=[PYTHON]),
    case("seeds and draws in a loop",
         "for i in range(3):\n    np.random.seed(i)\n    np.random.rand()", defined=[NUMPY]),
    case("draws and seeds in a loop",
         "for i in range(3):\n    np.random.rand()\n    np.random.seed(i)", changed=[NUMPY]),
    case("seeds in a function of the notebook", SEEDING, "set_seed(0)\nrandom.random()",
         defined=[NUMPY, PYTHON]),
    case("a seed that comes after a draw in a function", SEEDING,
         "random.random()\nset_seed(0)", defined=[NUMPY], changed=[PYTHON]),
    case("seeds by a library's function", LIBRARY, "library.seed_everything(0)",
         defined=[NUMPY, PYTHON]),
    case("seeds by a library's function, its argument read between", LIBRARY + "\nSEED = 1",
         "library.seed_everything(SEED)\nnp.random.rand()", defined=[NUMPY, PYTHON]),
    case("a function that is called so and seeds something else", LIBRARY,
         "library.set_seed(0)\nx = np.random.rand()", changed=[NUMPY]),
    case("restores", "state = np.random.get_state()", "np.random.set_state(state)",
         defined=[NUMPY]),
    case("keeps", "state = np.random.get_state()", used=[NUMPY]),
    case("a generator of one's own", "rng = np.random.default_rng(0)\nrng.random()"),
    case("an own generator of Python's", "r = random.Random(0)\nr.random()\nr.seed(1)"),
    case("a failed cell has drawn", "random.random()\n1 / 0", changed=[PYTHON]),
    case("a variable called seed", "seed = 1\nrandom_seed = seed\nrandom.random()",
         changed=[PYTHON]),
    case("seeds by chance", "random.seed()", defined=[PYTHON], used=["<entropy>"]),
]  # fmt: skip

A, B = "<os.environ:NB_A>", "<os.environ:NB_B>"
SET_A = "os.environ['NB_A'] = '1'"
CWD = "<working directory>"
PROCESS = [
    case("sets a variable", SET_A, defined=[A]),
    case("sets it again to the same", SET_A, SET_A, defined=[A]),
    case("sets it by magic", "%env NB_A=2", defined=[A]),
    case("sets several", "os.environ.update(NB_A='1', NB_B='2')", defined=[A, B]),
    case("deletes it", SET_A, "del os.environ['NB_A']", defined=[A]),
    case("reads it", SET_A, "x = os.environ['NB_A']", used=[A]),
    case("reads it in another way", SET_A, "from os import getenv\nx = getenv('NB_A')", used=[A]),
    case("tests for it", SET_A, "'NB_A' in os.environ", used=[A]),
    case("reads another", SET_A, "os.environ.get('NB_B')"),
    case("reads one that nobody has set", "os.environ.get('HOME')"),
    case("sets and reads", SET_A, "os.environ['NB_A'] = '3'\nx = os.environ['NB_A']",
         defined=[A]),
    case("read by a library", SET_A, "import webbrowser, os.path\nos.path.expandvars('$NB_A')",
         used=[A]),
    case("all are copied", SET_A, "x = dict(os.environ)", used=[A]),
    case("a process sees them all", SET_A, "import subprocess\nsubprocess.run(['true'])",
         used=[A, "<subprocess>"]),
    case("changes the directory", "os.chdir('/')", defined=[CWD]),
    case("changes it by magic", "%cd /", defined=[CWD]),
    case("changes it to where it is", "os.chdir(os.getcwd())", defined=[CWD]),
    case("fails to change it", "os.chdir('nowhere')"),
    case("a shell's cd changes nothing", "!cd /", used=["<subprocess>"]),
    case("changes it from where it was", "os.chdir('/')", "os.chdir('usr')",
         defined=[CWD], used=[CWD]),
    case("asks for it", "os.chdir('/')", "x = os.getcwd()", used=[CWD]),
    case("asks for it with pathlib", "os.chdir('/')\nfrom pathlib import Path", "x = Path.cwd()",
         used=[CWD]),
    case("asks for one that nobody has changed", "x = os.getcwd()"),
    case("a process begins there", "os.chdir('/')", "os.system('true')",
         used=[CWD, "<subprocess>"]),
]  # fmt: skip

CLOCK = ("<time>",)
CHANCE = ("<entropy>",)
NET = ("<network>",)
OUTSIDE = [
    case("asks for the time", "import time\nx = time.time()", used=CLOCK),
    case("asks under another name", "from time import perf_counter as c\nx = c()", used=CLOCK),
    case("asks in a function", "import time\ndef f():\n    return time.time()", "f()", used=CLOCK),
    case("sleeps", "import time\ntime.sleep(0)"),
    case("now", "import datetime\ndatetime.datetime.now()", used=CLOCK),
    case("now by the class", "from datetime import datetime\ndatetime.now()", used=CLOCK),
    case("today", "from datetime import date\ndate.today()", used=CLOCK),
    case("a given moment", "from datetime import datetime\ndatetime(2026, 1, 1)"),
    case("pandas' now", "pd.Timestamp.now()", used=CLOCK),
    case("a given moment of pandas", "pd.Timestamp('2026-01-01')"),
    case("a stand-in for the clock", "import time\nclock = time.time", "class time:\n    time = 1",
         "time.time"),
    case("a generator without a seed", "np.random.default_rng()", used=CHANCE),
    case("one whose seed is None", "rng = np.random.default_rng(None)", used=CHANCE),
    case("a generator with a seed", "np.random.default_rng(1)"),
    case("uuid", "import uuid\nuuid.uuid4()", used=CHANCE),
    case("urandom", "os.urandom(2)", used=CHANCE),
    case("secrets", "import secrets\nsecrets.token_hex(2)", used=CHANCE),
    case("a choice of secrets'", "from secrets import choice\nchoice([1, 2])", used=CHANCE),
    case("starts a process", "import subprocess\nsubprocess.run(['true'])", used=["<subprocess>"]),
    case("a command", "!true", used=["<subprocess>"]),
    case("resolves a name", "import socket\nsocket.getaddrinfo('localhost', 80)", used=NET),
    case("a socket within the machine",
         "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('nowhere')\n"),
    case("a pair of sockets", "import socket\nfor s in socket.socketpair(): s.close()"),
]  # fmt: skip

PANDAS, SHOWN = "<pandas options>", "<pandas display options>"
NUMPY_SHOWN, NUMPY_OPTIONS = "<numpy display options>", "<numpy options>"
STYLE, FIGURES = "<matplotlib options>", "<pyplot figures>"
WIDE = "pd.set_option('display.max_columns', 3)"
OPTIONS = [
    case("sets how frames are shown", WIDE, defined=[SHOWN]),
    case("by an attribute", "pd.options.display.max_rows = 7", defined=[SHOWN]),
    case("sets it again to the same", WIDE, WIDE, used=[SHOWN]),
    case("sets all that was ever set", WIDE, "pd.options.display.max_columns = 4",
         defined=[SHOWN]),
    case("sets another one", WIDE, "pd.options.display.max_rows = 7", changed=[SHOWN]),
    case("sets how it computes", "pd.options.mode.string_storage = 'python'", defined=[PANDAS]),
    case("a frame is handled then", WIDE, "df", used=[SHOWN]),
    case("a frame is made then", WIDE, "made = df.T", used=[SHOWN]),
    case("nothing of pandas is handled", WIDE, "x = 1"),
    case("nothing was set", "df"),
    case("within a context it is as before", "with pd.option_context('display.max_rows', 3):\n"
         "    df"),
    case("sets how arrays are shown", "np.set_printoptions(precision=3)", defined=[NUMPY_SHOWN]),
    case("an array is shown then", "np.set_printoptions(precision=3)", "a = np.ones(2)",
         used=[NUMPY_SHOWN]),
    case("sets what is an error", "np.seterr(divide='raise')", defined=[NUMPY_OPTIONS]),
    case("sets how figures look", "plt.rcParams['figure.dpi'] = 33", defined=[STYLE]),
    case("by a style", "plt.style.use('ggplot')", defined=[STYLE]),
    case("a figure is made then", "plt.rcParams['figure.dpi'] = 33",
         "fig = plt.figure()\nplt.close()", used=[STYLE]),
    case("pandas draws then", "plt.rcParams['figure.dpi'] = 33", "df.plot()\nplt.close()",
         used=[STYLE]),
    case("pandas draws nothing then", "plt.rcParams['figure.dpi'] = 33", "df"),
    case("opens a figure that stays", "fig = plt.figure()", defined=[FIGURES]),
    case("draws on the figure that is open", "plt.figure()", "plt.plot([1, 2])",
         changed=[FIGURES]),
    case("pandas draws on it", "plt.figure()", "df.a.plot()", changed=[FIGURES]),
    case("draws nothing while one is open", "plt.figure()", "df"),
    case("draws on axes by their name", "fig, ax = plt.subplots()", "ax.plot([1, 2])",
         touched=[FIGURES]),
    case("reads axes by their name", "fig, ax = plt.subplots()", "n = len(ax.lines)"),
    case("asks axes for a text", "fig, ax = plt.subplots()", "label = ax.get_xlabel()"),
    case("asks the figure that is open", "fig, ax = plt.subplots()", "plt.gca().get_xlabel()",
         changed=[FIGURES]),
    case("closes what it opened", "plt.figure()\nplt.close()"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), [*RANDOM, *PROCESS, *OUTSIDE, *OPTIONS])
def test_hidden_inputs_of_the_last_cell(notebook, cells, expected):
    for cell in cells[:-1]:
        notebook.run(cell)
    assert hidden(notebook.run(cells[-1])) == expected
    assert notebook.faults == []


IMPORTS = [
    case("what draws", "import drawing"),
    case("what draws, then draws", "import drawing\nrandom.random()", changed=[PYTHON]),
    case("draws, then what draws", "random.random()\nimport drawing", changed=[PYTHON]),
    case("what draws from a seeded state", "random.seed(0)", "import drawing", changed=[PYTHON]),
]


@pytest.mark.parametrize(("cells", "expected"), IMPORTS)
def test_draws_of_an_import_count_where_the_state_was_seeded(
    notebook, tmp_path, monkeypatch, cells, expected
):
    (tmp_path / "drawing.py").write_text("import random\nrandom.random()\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "drawing", raising=False)
    monkeypatch.setattr(random_states, "is_installed_module", lambda name: name == "drawing")
    for cell in cells[:-1]:
        notebook.run(cell)
    assert hidden(notebook.run(cells[-1])) == expected


def test_files_with_relative_paths_need_the_directory(notebook, tmp_path):
    files = TouchedFiles()
    (tmp_path / "data.txt").write_text("1")

    def run(cell):
        files.started()  # the recorder begins with the names; the ledger must be there at the end
        try:
            return hidden(notebook.run(cell)).used
        finally:
            files.ended()

    try:
        assert run("open('data.txt').close()") == ()
        notebook.run(f"os.chdir({str(tmp_path)!r})")
        assert run("open('data.txt').close()") == (CWD,)
        assert run(f"open({str(tmp_path / 'data.txt')!r}).close()") == ()
        assert run("os.listdir()") == (CWD,)
        assert run(f"os.chdir({str(tmp_path)!r})\nopen('data.txt').close()") == ()
    finally:
        files.close()


def test_connection_to_another_place_is_network(notebook):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        names = notebook.run(f"import socket\nsocket.socket().connect(('127.0.0.1', {port}))")
    assert hidden(names).used == NET


def test_a_library_that_a_cell_loads_has_advanced_nothing(notebook, monkeypatch):
    loaded = {name: sys.modules[name] for name in ("numpy.random.mtrand", "matplotlib")}
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    notebook.shell.user_ns["load"] = lambda: sys.modules.update(loaded)
    np.random.seed(1)
    assert hidden(notebook.run("load()")) == Names()


def test_what_is_drawn_from_a_library_that_a_cell_loads_counts(notebook, monkeypatch):
    module = sys.modules["numpy.random.mtrand"]
    monkeypatch.delitem(sys.modules, "numpy.random.mtrand")
    notebook.shell.user_ns["load"] = lambda: sys.modules.update({module.__name__: module})
    assert hidden(notebook.run("load()\nnp.random.rand(3)")) == Names((), (NUMPY,), (NUMPY,))


def test_torch_by_its_default_generator(notebook, monkeypatch):
    class State:
        def __init__(self, number):
            self.number = number

        def numpy(self):
            return np.array([self.number])

    class Generator:
        number = 0

        def get_state(self):
            return State(self.number)

    torch = ModuleType("torch")
    torch.default_generator = Generator()
    torch.rand = lambda: setattr(torch.default_generator, "number", 1)
    exec("def manual_seed(n):\n    default_generator.number = n", torch.__dict__)
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert hidden(notebook.run("import torch\ntorch.rand()")).touched == ("<torch.random>",)
    assert hidden(notebook.run("torch.manual_seed(7)")) == Names(("<torch.random>",))


def test_without_observed_code_states_are_compared_all_the_same(notebook):
    notebook.run("import random")
    sys.settrace(lambda *_: None)
    try:
        names = notebook.run("np.random.rand()\nos.environ['NB_A'] = '1'")
    finally:
        sys.settrace(None)
    assert hidden(names) == Names((A,), (NUMPY,), (NUMPY,))


def test_a_fault_in_one_part_leaves_the_others_and_the_cell(notebook, monkeypatch):
    monkeypatch.setattr(np, "geterr", lambda: 1 / 0)
    names = notebook.run("random.random()\ndone = 1")
    assert hidden(names) == Names((), (PYTHON,), (PYTHON,))
    assert notebook["done"] == 1
    [(where, problem)] = notebook.faults
    assert where == "watching hidden inputs"
    assert isinstance(problem, ZeroDivisionError)
    notebook.run("random.random()")
    assert len(notebook.faults) == 1


def test_cells_at_once_have_their_own_uses_and_both_what_is_compared(notebook):
    watcher, found = notebook.watcher, {}
    first, second = threading.Event(), threading.Event()

    def other():
        watcher.started("")
        first.set()
        second.wait(60)
        found["other"] = hidden(watcher.ended("", notebook.shell.user_ns))

    thread = threading.Thread(target=other)
    watcher.started("")
    thread.start()
    first.wait(60)
    random.random()
    os.chdir("/")
    found["own"] = hidden(watcher.ended("", notebook.shell.user_ns))
    second.set()
    thread.join(60)
    assert found["own"] == Names((CWD,), (PYTHON,), (PYTHON,))
    assert found["other"] == Names((), (PYTHON,), (PYTHON,))


def test_closing_leaves_os_environ_as_it_was():
    encode = os.environ.encodekey
    with open_notebook():
        assert os.environ.encodekey is not encode
    assert os.environ.encodekey is encode


def test_wrong_key_of_os_environ_is_the_users_error(notebook):
    notebook.run("try:\n    os.environ[1]\nexcept TypeError as problem:\n    said = str(problem)")
    assert notebook["said"] == "str expected, not int"
    assert notebook.faults == []


def test_looking_draws_nothing(notebook):
    np.random.seed(5)
    random.seed(5)
    expected = np.random.RandomState(5).rand(), random.Random(5).random()
    notebook.run("x = 1")
    notebook.run("found = np.random.rand(), random.random()")
    assert notebook["found"] == expected
