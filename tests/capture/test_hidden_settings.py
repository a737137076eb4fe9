"""What the watcher says of settings, patches, imports and IPython's own, of the last of cells."""

import builtins
import decimal
import json
import locale
import logging
import sys
import textwrap
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn

from nbmlops.records import Names
from tests.capture.hidden_cases import case, hidden
from tests.capture.notebooks import open_notebook

ASCII = ascii


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook beside a module of its own, after which the process is as it was before."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(json, "indent", None, raising=False)
    for owner, name in ((json, "dumps"), (textwrap, "indent"), (pd.DataFrame, "describe")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "local_knobs.py").write_text("SPEED = 1\ndef speed():\n    return SPEED\n")
    level, limit, where = logging.root.level, sys.getrecursionlimit(), locale.setlocale(0)
    with (
        open_notebook() as opened,
        decimal.localcontext(),
        np.printoptions(),
        sklearn.config_context(),
        warnings.catch_warnings(),
    ):
        opened.quietly(
            "import decimal, json, locale, logging, sys, textwrap, types, unittest.mock, warnings\n"
            "import numpy as np\nimport pandas as pd\nimport sklearn.linear_model\n"
            "df = pd.DataFrame({'a': [1, 2]})"
        )
        yield opened
    if "describe_all" in vars(pd.DataFrame):
        del pd.DataFrame.describe_all
    for name in ("invented", "local_knobs"):
        sys.modules.pop(name, None)
    vars(builtins).pop("shout", None)
    builtins.ascii = ASCII
    logging.root.setLevel(level)
    logging.getLogger("hidden.inputs").handlers.clear()
    logging.getLogger("hidden.inputs").propagate = True
    logging.getLogger("hidden.inputs").setLevel(0)
    logging.disable(0)
    sys.setrecursionlimit(limit)
    locale.setlocale(0, where)


OF_JSON, OF_PANDAS = "<patches of json>", "<patches of pandas>"
OF_BUILTINS = "<patches of builtins>"
PATCH = "json.dumps = lambda value: 'patched'"
PATCHES = [
    case("patches a module", PATCH, defined=[OF_JSON]),
    case("by setattr", "setattr(json, 'dumps', print)", defined=[OF_JSON]),
    case("by setattr under another name", "put = setattr", "put(json, 'dumps', print)"),
    case("in a loop over names",
         "for name in ['dumps']:\n    setattr(json, name, print)", defined=[OF_JSON]),
    case("in a function", "def patch():\n    json.dumps = print", "patch()", defined=[OF_JSON]),
    case("a function that does not run", "def patch():\n    json.dumps = print"),
    case("patches a class", "pd.DataFrame.describe = print", defined=[OF_PANDAS]),
    case("adds a method", "pd.DataFrame.describe_all = print", defined=[OF_PANDAS]),
    case("patches another attribute", PATCH, "textwrap.indent = print",
         defined=["<patches of textwrap>"]),
    case("patches the same one again", PATCH, "json.dumps = print", defined=[OF_JSON]),
    case("patches one more", "pd.DataFrame.describe_all = print", "pd.DataFrame.describe = print",
         changed=[OF_PANDAS]),
    case("to what it is", "json.dumps = json.dumps"),
    case("and puts it back", "kept = json.dumps\njson.dumps = print\njson.dumps = kept"),
    case("within a block", "with unittest.mock.patch('json.dumps'):\n    json.dumps(1)"),
    case("by a patch that is started", "p = unittest.mock.patch('json.dumps')\np.start()",
         defined=[OF_JSON]),
    case("the module is used then", PATCH, "json.dumps(1)", used=[OF_JSON]),
    case("a function of it is used then", "from json import loads\n" + PATCH, "loads('1')",
         used=[OF_JSON]),
    case("a value of the library is used then", "pd.DataFrame.describe_all = print", "df",
         used=[OF_PANDAS]),
    case("another module is used then", PATCH, "textwrap.indent('a', ' ')"),
    case("options are no patch", "pd.options.mode.string_storage = 'python'",
         "pd.options.mode.string_storage = 'auto'", defined=["<pandas options>"]),
    case("an attribute of an object is no patch", "df.attrs = {'a': 1}"),
    case("a class of the notebook is no patch", "class A:\n    b = 1", "A.b = 2"),
    case("it is imported from then", PATCH, "from json import dumps", used=[OF_JSON]),
    case("what was added is imported then", "json.indent = 2", "from json import indent",
         used=[OF_JSON]),
    case("another one is imported from", PATCH, "from textwrap import indent"),
    case("what was added to a module of one's own is imported then",
         "sys.path.insert(0, 'lib')\nimport local_knobs\nlocal_knobs.LIMIT = 9",
         "from local_knobs import LIMIT", used=["<patches of local_knobs>", "<sys.path>"]),
    case("replaced builtins are everyone's", "import builtins\nbuiltins.ascii = print", "x = 1",
         used=[OF_BUILTINS]),
    case("added ones are of who reads them", "import builtins\nbuiltins.shout = print",
         "shout('a')", used=[OF_BUILTINS]),
    case("in a function", "import builtins\nbuiltins.shout = print\ndef f():\n    shout('a')",
         "f()", used=[OF_BUILTINS]),
    case("by attribute", "import builtins\nbuiltins.shout = print", "builtins.shout('a')",
         used=[OF_BUILTINS]),
    case("and of local modules", "import builtins\nbuiltins.shout = print\n"
         "sys.path.insert(0, 'lib')\nfrom local_knobs import speed", "speed()",
         used=[OF_BUILTINS]),
    case("not of others", "import builtins\nbuiltins.shout = print", "x = print('a')"),
]  # fmt: skip

PATH, MODULES = "<sys.path>", "<sys.modules>"
INSERT = "sys.path.insert(0, 'lib')"
INJECT = "sys.modules['invented'] = types.ModuleType('invented')"
IMPORTING = [
    case("changes the path", INSERT, defined=[PATH]),
    case("changes it again", INSERT, "sys.path.append('more')", changed=[PATH]),
    case("imports what is there then", INSERT, "import local_knobs", used=[PATH]),
    case("changes it and imports", INSERT + "\nimport local_knobs", defined=[PATH]),
    case("imports what is installed then", INSERT, "import fractions"),
    case("imports nothing then", INSERT, "x = 1"),
    case("a path that nobody has changed", "import fractions"),
    case("puts a module there", INJECT, defined=[MODULES]),
    case("imports that", INJECT, "import invented", used=[MODULES]),
    case("imports another", INJECT, "import fractions"),
    case("looks whether it is there", "'json' in sys.modules"),
    case("sets an attribute of a module of one's own", INSERT + "\nimport local_knobs",
         "local_knobs.SPEED = 9", defined=["<patches of local_knobs>"]),
    case("a function of that module is used then",
         INSERT + "\nfrom local_knobs import speed\nimport local_knobs\nlocal_knobs.SPEED = 9",
         "speed()", used=["<patches of local_knobs>"]),
]  # fmt: skip

LOGGERS, LOGGING = "<loggers>", "<logging>"
CONTEXT, LIMIT = "<decimal context>", "<recursion limit>"
FILTERS, LEARN, LOCALE = "<warning filters>", "<scikit-learn options>", "<locale>"
LEVEL = "logging.getLogger().setLevel(5)"
PRECISION = "decimal.getcontext().prec = 4"
SETTINGS = [
    case("configures logging", LEVEL, defined=[LOGGERS, LOGGING]),
    case("by a logger", "log = logging.getLogger('hidden.inputs')", "log.setLevel(5)",
         defined=[LOGGERS, LOGGING]),
    case("by a handler", "log = logging.getLogger('hidden.inputs')",
         "log.addHandler(logging.StreamHandler())", defined=[LOGGERS, LOGGING]),
    case("logs", "logging.getLogger('hidden.inputs').debug('a')"),
    case("by an attribute", "log = logging.getLogger('hidden.inputs')", "log.propagate = False",
         defined=[LOGGERS, LOGGING]),
    case("by the module", "logging.disable('INFO')", defined=[LOGGERS, LOGGING]),
    case("one more", LEVEL, "logging.disable('INFO')", changed=[LOGGERS, LOGGING]),
    case("anything is done then", LEVEL, "x = 1", used=[LOGGING]),
    case("messages are logged then", LEVEL, "logging.debug('a')", used=[LOGGERS]),
    case("a logger is asked then", LEVEL + "\nlog = logging.getLogger('hidden.inputs')",
         "log.isEnabledFor(5)", used=[LOGGERS]),
    case("sets how exact decimals are", PRECISION, defined=[CONTEXT]),
    case("to what it is", "decimal.getcontext().prec = decimal.getcontext().prec"),
    case("decimals are used then", PRECISION, "decimal.Decimal(1) / 3", used=[CONTEXT]),
    case("within a block", "with decimal.localcontext() as c:\n    c.prec = 2"),
    case("no decimals are used then", PRECISION, "x = 1"),
    case("sets the recursion limit", "sys.setrecursionlimit(5000)", defined=[LIMIT]),
    case("asks for it", "sys.setrecursionlimit(5000)", "sys.getrecursionlimit()", used=[LIMIT]),
    case("does not ask for it", "sys.setrecursionlimit(5000)", "sys.version"),
    case("sets the locale", "locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')", defined=[LOCALE]),
    case("sets how models are", "sklearn.set_config(assume_finite=True)", defined=[LEARN]),
    case("a model is used then", "sklearn.set_config(assume_finite=True)",
         "m = sklearn.linear_model.Ridge()", used=[LEARN]),
    case("nothing of sklearn is used then", "sklearn.set_config(assume_finite=True)", "x = 1"),
]  # fmt: skip

DISPLAY, SHOUT = "<display settings>", "<magic shout>"
REGISTER = (
    "from IPython.core.magic import register_line_magic\n"
    "@register_line_magic\ndef shout(line):\n    return line.upper()"
)
PRINTER = (
    "class Fancy:\n    pass\n"
    "get_ipython().display_formatter.formatters['text/plain'].for_type(Fancy, print)"
)
SHELL = [
    case("registers a magic", REGISTER, defined=[SHOUT]),
    case("uses it", REGISTER, "%shout a", used=[SHOUT]),
    case("uses it in a function", REGISTER, "def f():\n    r = %shout a\n    return r", "f()",
         used=[SHOUT]),
    case("uses another", REGISTER, "%time 1"),
    case("mentions its name", REGISTER, "x = 'shout'"),
    case("makes an alias of a magic", "%alias_magic clock time", defined=["<magic clock>"]),
    case("IPython's own are nobody's", "%time 1\n%lsmagic", "%%timeit -n1 -r1\n1"),
    case("those of its extensions are the cell's that loads them", "%reload_ext autoreload",
         defined=["<magic aimport>", "<magic autoreload>"]),
    case("modules are loaded again", "%reload_ext autoreload", "%autoreload 2",
         defined=["<autoreload>"], used=["<magic autoreload>"]),
    case("another extension's are the cell's that loads it",
         "demo = types.ModuleType('invented')\ndemo.load_ipython_extension = lambda shell: "
         "shell.register_magic_function(lambda line: line, 'line', 'shout')\n"
         "sys.modules['invented'] = demo", "%load_ext invented",
         defined=[SHOUT]),
    case("all aliases are made anew", "%reset -f"),
    case("sets how numbers look", "%precision 2",
         defined=[DISPLAY, "<numpy display options>"]),
    case("a number is shown then", "%precision 2", "1.5", used=[DISPLAY]),
    case("a list of them is shown then", "%precision 2", "[1.5]", used=[DISPLAY]),
    case("a text is shown then", "%precision 2", "'a'"),
    case("nothing is shown then", "%precision 2", "x = 1"),
    case("sets how a class looks", PRINTER, defined=[DISPLAY]),
    case("one of that class is shown then", PRINTER, "Fancy()", used=[DISPLAY]),
    case("one of another class is shown then", PRINTER, "object()"),
    case("shows every line", "get_ipython().ast_node_interactivity = 'all'", defined=[DISPLAY]),
    case("anything is done then", "get_ipython().ast_node_interactivity = 'all'", "x = 1",
         used=[DISPLAY]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), [*PATCHES, *IMPORTING, *SETTINGS, *SHELL])
def test_settings_of_the_last_cell(notebook, cells, expected):
    for cell in cells[:-1]:
        notebook.run(cell)
    assert hidden(notebook.run(cells[-1])) == expected
    assert notebook.faults == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["warnings.simplefilter('ignore')"], Names((FILTERS,))),
        (["warnings.simplefilter('ignore')", "x = 1"], Names((), (FILTERS,))),
        (["with warnings.catch_warnings():\n    warnings.simplefilter('ignore')"], Names()),
    ],
)
def test_warning_filters_that_stay(notebook, cells, expected):
    for cell in cells:
        source = notebook.shell.transform_cell(cell)
        notebook.watcher.started(source)
        notebook.shell.run_cell(cell)  # not `run`, which puts the filters back
        names = notebook.watcher.ended(source, notebook.shell.user_ns)
    assert hidden(names) == expected


TOUCHY = """
class Meta(type):
    def __getattribute__(cls, name):
        calls.append(name)
        return super().__getattribute__(name)
    def __eq__(cls, other):
        calls.append("== of the class")
        return cls is other
    def __hash__(cls):
        calls.append("hash of the class")
        return 1
class Touchy(metaclass=Meta):
    def __getattribute__(self, name):
        calls.append(name)
        return super().__getattribute__(name)
    def __eq__(self, other):
        calls.append("==")
    __hash__ = None
calls, one = [], Touchy()
printers = get_ipython().display_formatter.formatters['text/plain'].type_printers
printers[Touchy] = print
pd.DataFrame.describe_all = print
%precision 2
"""
TOUCHED = [
    "one;", "setattr(json, 'dumps', one)", "Touchy;", "len([one]);", "get_ipython();",
    "warnings.filters.insert(0, ('ignore', None, Touchy, None, 0))",
    "json.indent = one", "pd.DataFrame.describe_all = one",
]  # fmt: skip


@pytest.mark.parametrize("cell", TOUCHED)
def test_nothing_of_the_users_objects_is_called(notebook, cell):
    notebook.run(TOUCHY)
    notebook["calls"].clear()
    notebook.quietly(cell)
    unwatched = [*notebook["calls"]]
    source = notebook.shell.transform_cell(cell)  # calls some of it itself
    notebook["calls"].clear()
    notebook.watcher.started(source)
    notebook.quietly(cell)
    notebook.watcher.ended(source, notebook.shell.user_ns)
    assert notebook["calls"] == unwatched
    assert notebook.faults == []


def test_lazily_loaded_random_numbers_are_seeded(notebook, monkeypatch):
    module = np.random
    monkeypatch.delitem(vars(np), "random")
    monkeypatch.setattr(np, "__getattr__", lambda name: module)
    state = np.random.get_state()
    try:
        assert hidden(notebook.run("np.random.seed(3)")) == Names(("<numpy.random>",))
    finally:
        np.random.set_state(state)


ODD_MODULES = """
odd, calls = types.ModuleType('invented'), []
def answer(*name):
    calls.append(name)
    raise RuntimeError(name)
odd.__getattr__ = answer
"""
ODD = {
    "that answers by itself": "odd",
    "that is none": "7",
    "that is an object that answers": "type('Odd', (), {'__getattr__': answer})()",
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_a_module_is_asked_for_nothing(notebook, value):
    notebook.run(ODD_MODULES)
    notebook.run(f"sys.modules['invented'] = {value}")
    notebook["calls"].clear()
    cell = "import invented"
    notebook.quietly(cell)
    unwatched = [*notebook["calls"]]
    notebook["calls"].clear()
    assert hidden(notebook.run(cell)) == Names((), (MODULES,))
    assert notebook["calls"] == unwatched
    notebook.run(INSERT)
    assert hidden(notebook.run("import local_knobs")) == Names((), (PATH,))
    assert notebook.faults == []


def test_a_patch_of_what_is_gone_does_not_end_the_watch(notebook):
    notebook.run("lost = types.ModuleType('lost')\nlost.f = len\nsys.modules['lost'] = lost")
    notebook.run("p = unittest.mock.patch('lost.f')\np.start()")
    notebook.run("del sys.modules['lost']\np.stop()")
    assert hidden(notebook.run("json.dumps = len")).defined == ("<patches of json>",)
    notebook.run("import importlib; importlib.reload(json)")
    assert notebook.faults == []
