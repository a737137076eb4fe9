import linecache
import subprocess
import sys
from pathlib import Path

from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_all_differ, digest_of


def lambdas(load):
    return load(
        """
        several = [lambda x: x, lambda x: x + 1, lambda x: (lambda y: x + y), lambda: (1,
            2), lambda: 3]; more = lambda: 4
        """
    )


def test_lambdas_on_one_line_are_told_apart(load):
    found = lambdas(load)
    functions = [*found.several, found.more, found.several[2](1)]
    assert_all_differ(functions)
    for function, source in zip(functions, ["x", "x + 1", "(lambda y: x + y)"], strict=False):
        assert digest_of(function) == digest_of(load(f"f = lambda x: {source}").f)


WITHOUT_COLUMNS = """
import linecache
from nbmlops.fingerprints.asking import fingerprint
source = "f, g, h = lambda: 1, lambda x: x, lambda: K\\ni, j = lambda: 3, lambda: 2 + 1\\n"
linecache.cache["cell"] = len(source), None, source.splitlines(True), "cell"
exec(compile(source, "cell", "exec"))
print(*(fingerprint(one).digest if fingerprint(one).is_exact else "?" for one in (f, g, h, i)))
"""


def test_a_lambda_inside_another_on_its_line_is_the_inner_one(load):
    inner = lambdas(load).several[2](1)
    assert digest_of(inner) == digest_of(
        load("def make(x):\n    return lambda y: x + y\nf = make(1)").f
    )


def test_lambdas_are_told_apart_where_python_keeps_no_columns(load):
    command = [sys.executable, "-X", "no_debug_ranges", "-c", WITHOUT_COLUMNS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = [digest_of(load(f"f = lambda{source}").f) for source in (": 1", " x: x", ": K")]
    assert done.stdout.split() == [*expected, "?"]


def test_a_source_that_was_edited_after_it_was_loaded_is_not_taken_for_it(load):
    module = load("def g(): return 0\ndef f(): return 1")
    before = digest_of(module.f)
    linecache.clearcache()
    Path(module.__file__).write_text("def g(): return 0\ndef f(): return 2")
    found = fingerprint(module.f)
    assert found.strength == "opaque"
    assert "edited after it was loaded" in found.reason
    Path(module.__file__).write_text("def g(): return 0\ndef f(): return 1\n# a comment")
    assert digest_of(module.f) == before


def test_a_source_that_was_shown_before_it_was_edited_is_still_found(load):
    module = load("def f(): return 1")
    before = digest_of(module.f)
    linecache.getlines(module.__file__)
    Path(module.__file__).write_text("def f(): return 2")
    assert digest_of(module.f) == before
    linecache.checkcache(module.__file__)
    assert fingerprint(module.f).strength == "opaque"


def test_a_source_that_is_gone_or_broken_makes_a_function_opaque(load):
    module = load("def f(): return 1")
    for change in (lambda path: path.write_text("def f(:"), lambda path: path.unlink()):
        linecache.clearcache()
        change(Path(module.__file__))
        assert fingerprint(module.f).strength == "opaque"


def test_a_function_without_source_is_opaque():
    names = {}
    exec("def f(): return 1", names)
    assert fingerprint(names["f"]).reason == "its source is nowhere"


def test_functions_that_are_watched_are_the_same(load):
    module = load("def f(x):\n    for _ in range(x): pass\n    return x")
    before = digest_of(module.f)
    for _ in range(50):
        module.f(9)  # the interpreter specialises what it runs often
    assert digest_of(module.f) == before
    events = sys.monitoring
    events.use_tool_id(4, "test")
    try:
        events.set_local_events(
            4, module.f.__code__, events.events.INSTRUCTION | events.events.LINE
        )
        module.f(2)
        assert digest_of(module.f) == before
    finally:
        events.set_local_events(4, module.f.__code__, 0)
        events.free_tool_id(4)


IN_CELLS = """
import IPython, sys
from IPython.core.interactiveshell import InteractiveShell
from nbmlops.fingerprints.asking import fingerprint
shell = InteractiveShell.instance()
cells = [
    "def f(x):\\n    return x + K\\nK = 3",
    "# another cell\\n\\nK = 3\\ndef f(x): return x + K",
    "%%time\\nK = 3\\ndef f(x):\\n    return x + K",
    "%%capture\\nK = 3\\ndef f(x):\\n    return x + K",
    "K = 3\\n%time\\ndef f(x):\\n    return x + K\\n!true",
    "import asyncio\\nawait asyncio.sleep(0)\\nK = 3\\ndef f(x):\\n    return x + K",
    "K = 4\\ndef f(x): return x + K",
    "f = lambda: get_ipython().run_cell('1')",
    "f = lambda: display(1)",
]
for cell in cells:
    shell.run_cell(cell, store_history=True).raise_error()
    found = fingerprint(shell.user_ns["f"])
    print("found", found.digest, found.reason)
shell.run_cell("class C:\\n    rate = 1\\n    def m(self): return f(self)", store_history=True)
print("found", fingerprint(shell.user_ns["C"]).digest, fingerprint(shell.user_ns["C"]).reason)
"""


def test_functions_of_cells_are_the_same_in_every_cell(run_python, load):
    lines = [
        line.split(" ", 2)[1:]
        for line in run_python(IN_CELLS).splitlines()
        if line.startswith("found ")
    ]
    assert [reason for _, reason in lines] == ["None"] * len(lines)
    found = [digest for digest, _ in lines]
    assert len(set(found[:6])) == 1
    assert len(set(found)) == 5
    assert digest_of(load("K = 3\ndef f(x):\n    return x + K").f) == found[0]
