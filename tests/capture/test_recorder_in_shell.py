"""What is recorded where no kernel is: in IPython's plain shell and in its terminal."""

import json
import subprocess
import sys

import pytest

from nbmlops.config import sqlite_url
from nbmlops.store import open_store
from tests.kernels import clean_environment, metrics_of, runs_at

# Runs cells in a plain shell; prints whether each went well, and what hangs on the streams after.
DRIVER = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
ok = []
for source in json.load(sys.stdin):
    try:
        ok.append(shell.run_cell(source, store_history=True).success)
    except BaseException as problem:
        ok.append(type(problem).__name__)
from nbmlops.tracking import current
tracker = current.tracker()
print(json.dumps({
    "ok": ok,
    "session": tracker.session.id if tracker else None,
    "patched": ["write" in vars(stream) for stream in (sys.stdout, sys.stderr)],
}), file=sys.__stderr__)
"""

# Source, outcome, and pieces that the recorded streams have.
CELLS = [
    pytest.param("# nothing but a comment", "ok", [], id="comment"),
    pytest.param("print('out')\n41 + 1", "ok", ["out\n", "42"], id="result"),
    pytest.param("%%bash\necho from bash", "ok", ["from bash\n"], id="bash"),
    pytest.param("!echo from a shell", "ok", [], id="shell"),
    pytest.param("%timeit -n 1 -r 1 pass", "ok", ["per loop"], id="timeit"),
    pytest.param("%%time\npass", "ok", ["Wall time"], id="time"),
    pytest.param("%%capture\nprint('hidden')", "ok", [], id="capture"),
    pytest.param("import asyncio\nawait asyncio.sleep(0)\n'awaited'", "ok", ["awaited"],
                 id="await"),
    pytest.param("x = )", "error", ["SyntaxError"], id="syntax error"),
    pytest.param("1 / 0", "error", ["ZeroDivisionError"], id="raises"),
    pytest.param("raise KeyboardInterrupt", "interrupted", ["KeyboardInterrupt"],
                 id="KeyboardInterrupt"),
    pytest.param("import sys\nsys.exit(3)", "error", ["SystemExit"], id="exit"),
    pytest.param("get_ipython().run_cell('print(1)'); print(2)", "ok", ["1\n2\n"], id="nested"),
    pytest.param("class Mute(Exception):\n    def __str__(self): raise ValueError('no')\n"
                 "raise Mute()", "error", ["Mute"], id="str of the exception raises"),
    pytest.param("import sys\nprint('aside', file=sys.stderr)", "ok", ["aside\n"], id="stderr"),
    pytest.param("import threading\nt = threading.Thread(target=print, args=['thread'])\n"
                 "t.start(); t.join()", "ok", ["thread\n"], id="thread"),
    pytest.param("print('x' * 300_000)", "ok", ["bytes not kept"], id="long"),
    pytest.param("größe = '📐'\nprint(größe)", "ok", ["📐\n"], id="unicode"),
    pytest.param("%%nbmlops params\nlr = 0.1", "ok", [], id="params"),
    pytest.param("%reset -f", "ok", [], id="reset"),
    pytest.param("%reload_ext nbmlops", "ok", [], id="reload"),
    pytest.param("from IPython.display import display\ndisplay('shown')", "ok", ["shown"],
                 id="display"),
    pytest.param("'last'", "ok", ["last"], id="last"),
]  # fmt: skip


def in_plain_shell(folder, sources):
    """Run cells in a plain shell of a process of its own; return what the driver said."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRIVER],
        input=json.dumps(sources), capture_output=True, text=True, cwd=folder, timeout=120,
        env=clean_environment(IPYTHONDIR=str(folder / "ipython")), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Every cell of the table, run in one recorded shell: what was said and what was recorded."""
    folder = tmp_path_factory.mktemp("shell")
    (folder / ".nbmlops").mkdir()
    sources = [case.values[0] for case in CELLS]
    said = in_plain_shell(folder, ["%load_ext nbmlops", *sources])
    store = open_store(sqlite_url(folder / ".nbmlops" / "store.db"))
    executions = store.session_executions(said["session"])
    store.close()
    return said, {execution.source: execution for execution in executions}


@pytest.fixture(scope="module")
def unrecorded(tmp_path_factory):
    """The same cells in a shell that loads nothing."""
    sources = [case.values[0] for case in CELLS]
    return in_plain_shell(tmp_path_factory.mktemp("bare"), ["pass", *sources])


@pytest.mark.parametrize(("source", "outcome", "pieces"), CELLS)
def test_cell_is_recorded_with_its_outcome_and_what_it_wrote(session, source, outcome, pieces):
    _, executions = session
    execution = executions[source]
    assert execution.outcome == outcome
    text = "".join(output.contents[0].text for output in execution.outputs)
    assert [piece for piece in pieces if piece not in text] == []


def test_every_cell_is_recorded_once_and_in_order(session):
    _, executions = session
    assert [*executions] == ["%load_ext nbmlops", *(case.values[0] for case in CELLS)]
    assert [found.sequence for found in executions.values()] == [*range(1, len(CELLS) + 2)]


def test_cells_go_as_well_as_they_do_unrecorded(session, unrecorded):
    said, _ = session
    own = ["%%nbmlops params", "%reload_ext nbmlops"]
    for case, recorded, plain in zip(CELLS, said["ok"][1:], unrecorded["ok"][1:], strict=True):
        if not case.values[0].startswith(tuple(own)):
            assert recorded == plain, case.values[0]


def test_standard_streams_have_their_own_methods_back_after_a_cell(session, unrecorded):
    assert session[0]["patched"] == unrecorded["patched"]


def test_terminal_session_ends_its_runs_when_the_terminal_is_left(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    typed = "%load_ext nbmlops\nauc = 0.9\nprint('typed', auc)\nexit\n"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"],
        input=typed, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=True,
        env=clean_environment(IPYTHONDIR=str(tmp_path / "ipython")),
    )  # fmt: skip
    assert "typed 0.9" in done.stdout
    assert "nbmlops records" in done.stderr
    assert "auc 0.9" in done.stderr
    [run] = runs_at(sqlite_url(tmp_path / ".nbmlops" / "store.db"))
    assert (run.run.status, metrics_of(run)) == ("finished", {"auc": 0.9})
    assert (run.session.place, run.session.ended is not None) == ("ipython", True)
