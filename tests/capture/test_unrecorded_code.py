"""What code that is not recorded writes between two recorded cells, in a real shell."""

import pytest

from tests.capture.notebooks import open_notebook

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})"


@pytest.fixture
def notebook():
    with open_notebook() as opened:
        yield opened
        assert not opened.faults


TABLE = [
    pytest.param("x = 1", "x = 2", "x + 1", ("x",), id="bound otherwise"),
    pytest.param("x = 1", "x = 1", "x + 1", (), id="bound to the same object"),
    pytest.param("x = 1", "x = 2", "y = 1", ("x",), id="not read at once"),
    pytest.param("x = 1", "x = 2", "x = 3", ("x",), id="bound again"),
    pytest.param("x = 1", "y = 2", "x + y", (), id="new"),
    pytest.param("x = 1", "x", "x + 1", (), id="only read"),
    pytest.param("x = 1", "", "_i", (), id="of IPython"),
    pytest.param("x = []", "x.append(1)", "len(x)", ("x",), id="changed in place"),
    pytest.param(
        "x = []\ny = x", "x.append(1)", "len(y)", ("x", "y"), id="changed by another name"
    ),
    pytest.param("x = []", "len(x)", "x.append(1)", (), id="changed afterwards"),
    pytest.param(FRAME, "df.loc[0, 'a'] = 5", "df.a.sum()", ("df",), id="a frame changed"),
    pytest.param(FRAME, "df['b'] = 1", "df.a.sum()", ("df",), id="a column added"),
    pytest.param("f = open('/dev/null')", "f.read()", "f.name", (), id="cannot be looked into"),
]


@pytest.mark.parametrize("how", ["scratch", "paused"])
@pytest.mark.parametrize(("before", "unrecorded", "after", "replaced"), TABLE)
def test_what_it_replaced_is_told_with_the_next_cell(
    notebook, how, before, unrecorded, after, replaced
):
    notebook.run(before)
    if how == "paused":
        notebook.watcher.close()
    notebook.quietly(unrecorded)
    if how == "paused":
        notebook.watcher.open()
    else:
        notebook.watcher.unrecorded_ended()
    assert notebook.run(after).replaced == replaced
    assert notebook.run("x = df = None").replaced == ()


def test_a_callback_between_cells_replaces_too(notebook):
    notebook.run("x = 1")
    notebook.quietly("x = 2")
    assert notebook.run("x + 1").replaced == ("x",)


def test_a_reader_has_not_changed_it_itself(notebook):
    notebook.run("x = []")
    notebook.quietly("x.append(1)")
    notebook.watcher.unrecorded_ended()
    assert notebook.run("len(x)").touched == ()


def test_threads_of_cells_are_no_unrecorded_code(notebook):
    notebook.run("import threading\ngo = threading.Event()\nx = 1")
    notebook.run("def work():\n    global x\n    go.wait()\n    x = 2\n"
                 "t = threading.Thread(target=work)\nt.start()")  # fmt: skip
    notebook.quietly("go.set(); t.join()")
    assert notebook.run("x + 1").replaced == ()
