"""Modules that somebody writes beside a notebook: importing them reads their files."""

import pytest

from tests.capture.watching import Watched


@pytest.fixture
def watched(tmp_path):
    """A process in a folder with modules, of which `helper` takes something from `behind`."""
    files = {
        "plain.py": "value = 1\n",
        "helper.py": "import json\nfrom behind import double\n",
        "behind.py": "def double(x):\n    return 2 * x\n",
        "package/__init__.py": "",
        "package/inner.py": "value = 2\n",
        "broken.py": "1 / 0\n",
        "away.py": "value = 3\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    with Watched(tmp_path) as process:
        process.unwatched("import importlib, os, sys; sys.path.insert(0, '')")
        process.unwatched("sys.dont_write_bytecode = False")
        yield process


IMPORTS = {
    "import": ("import plain", ["plain.py"]),
    "from": ("from plain import value", ["plain.py"]),
    "by its name": ("importlib.import_module('plain')", ["plain.py"]),
    "with what it imports": ("import helper", ["behind.py", "helper.py"]),
    "a submodule": ("import package.inner", ["package/__init__.py", "package/inner.py"]),
    "from a package": ("from package import inner", ["package/__init__.py", "package/inner.py"]),
    "within a function": ("def f():\n    import plain\nf()", ["plain.py"]),
    "in vain": ("try: import broken\nexcept ZeroDivisionError: pass", ["broken.py"]),
    "installed ones": ("import json, numpy, sklearn.linear_model", []),
    "none of that name": ("try: import nowhere\nexcept ImportError: pass", []),
}


@pytest.mark.parametrize(("source", "expected"), IMPORTS.values(), ids=IMPORTS)
def test_importing_reads(watched, source, expected):
    assert sorted(watched.cell(source)) == [f"read {path}" for path in expected]


AGAIN = {
    "import": ("import plain", ["plain.py"]),
    "from": ("from plain import value", ["plain.py"]),
    "with what is behind it": ("import helper as h", ["behind.py", "helper.py"]),
    "a submodule": ("import json, package.inner", ["package/__init__.py", "package/inner.py"]),
    "reloading": ("importlib.reload(sys.modules['plain'])", ["plain.py"]),
    "using": ("sys.modules['plain'].value", []),
    "mentioning": ("'import of plain'  # import plain", []),
}


@pytest.mark.parametrize(("source", "expected"), AGAIN.values(), ids=AGAIN)
def test_importing_what_is_imported_already_reads_it_too(watched, source, expected):
    watched.unwatched("import plain, helper, package.inner")
    assert sorted(watched.cell(source)) == [f"read {path}" for path in expected]


def test_the_source_is_read_where_python_takes_the_compiled_form(watched):
    watched.unwatched("import plain; del sys.modules['plain']")
    assert list((watched.folder / "__pycache__").glob("plain.*.pyc"))
    assert watched.cell("import plain") == ["read plain.py"]


def test_the_source_is_read_where_compiled_forms_are_kept_elsewhere(watched, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    watched.unwatched(f"sys.pycache_prefix = {str(elsewhere)!r}; import plain")
    watched.unwatched("del sys.modules['plain']")
    assert list(elsewhere.rglob("plain.*.pyc"))
    assert "read plain.py" in watched.cell("import plain")


def test_a_module_that_the_cell_has_written_is_not_read(watched):
    source = "open('plain.py', 'w').close(); import plain"
    assert watched.cell(source) == ["written plain.py"]


def test_a_module_whose_file_is_gone_is_missed(watched):
    watched.unwatched("import away; os.remove('away.py')")
    assert watched.cell("import away") == ["missed away.py"]


ODD_MODULES = """
import sys, types
class Odd(types.ModuleType):
    def __getattribute__(self, name):
        raise RuntimeError(name)
sys.modules["odd"] = Odd("odd")
named = types.ModuleType("named")
named.__file__ = named.value = named
sys.modules["named"], sys.modules["nothing"] = named, None
"""


@pytest.mark.parametrize("name", ["odd", "named", "nothing"])
def test_modules_of_any_kind_harm_nothing(watched, name):
    watched.unwatched(ODD_MODULES)
    source = f"import plain\ntry: import {name}\nexcept (ImportError, RuntimeError): pass"
    assert watched.cell(source) == ["read plain.py"]
    assert watched.cell(source) == ["read plain.py"]


ODD_MODULES = """
import types
def answer(name): raise RuntimeError(name)
class Meta(type):
    __module__ = property(answer)
class Odd(metaclass=Meta): pass
odd = types.ModuleType("odd")
odd.__getattr__ = answer
inner = types.ModuleType("inner")
inner.__getattr__ = answer
del inner.__name__
sys.modules["odd"] = odd
import plain
plain.odd, plain.inner, plain.Odd = odd, inner, Odd
"""


def test_modules_that_answer_by_themselves_are_not_asked(watched):
    watched.unwatched(ODD_MODULES)
    assert watched.cell("import odd, plain") == ["read plain.py"]
