"""The watcher in real kernels: what IPython and ipykernel do beside the cell is not the cell's."""

import pytest

from tests.kernels import Kernel

HOOKS = """
def hook():
    from nbmlops.capture.files import TouchedFiles
    watcher, shell = TouchedFiles(), get_ipython()
    shell.touched = []
    def before(_):
        watcher.started()
    def after(_):
        found = [(t.role, t.path, t.is_listing, t.is_there) for t in watcher.ended()]
        shell.touched.append(found)
    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)
hook()
del hook
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with Kernel(tmp_path_factory.mktemp("project")) as started:
        started.quietly(HOOKS)
        yield started


@pytest.fixture
def cell(kernel):
    """Execute a cell; return what it did, as words."""

    def executed(source, status="ok"):
        assert kernel.run(source).status == status
        here = f"{kernel.folder}/"
        return [
            f"{'listed' if is_listing else role} {path.removeprefix(here)}"
            for role, path, is_listing, _ in kernel.ask("get_ipython().touched[-1]")
        ]

    return executed


SILENT = {
    "a value": "1 + 1",
    "an import": "import json, decimal, pathlib",
    "a heavy import": "import pandas as pd, polars as pl, matplotlib.pyplot as plt",
    "display": "from IPython.display import display, HTML; display(HTML('x')); 7",
    "history": "%history -n 1-2",
    "timing": "%%time\nsum(range(1000))",
    "plain output": "%%capture captured\nprint('x')",
    "async": "import asyncio; await asyncio.sleep(0)",
    "a plot": "plt.plot([1, 2]); plt.show()",
    "a frame": "pd.DataFrame({'a': [1]})",
    "help": "pl.read_csv?",
    "a child process": "!true",
}


@pytest.mark.parametrize("source", SILENT.values(), ids=SILENT)
def test_cells_that_touch_no_files(cell, source):
    assert cell(source) == []


def test_a_failure_reads_no_sources(cell, kernel):
    (kernel.folder / "failing.py").write_text("def fail():\n    raise ValueError\n")
    assert cell("import failing") == ["read failing.py"]
    assert cell("failing.fail()", status="error") == []
    assert cell("1 / 0", status="error") == []


def test_files_of_cells(cell, kernel):
    (kernel.folder / "in.csv").write_text("a\n1\n")
    assert cell("frame = pd.read_csv('in.csv')") == ["read in.csv"]
    assert cell("frame.to_parquet('out.parquet'); pl.read_parquet('out.parquet')") == [
        "written out.parquet"
    ]
    assert cell("plt.plot([1]); plt.savefig('out.png'); plt.close()") == ["written out.png"]
    assert cell("%%writefile new.txt\nabc") == ["written new.txt"]
    assert cell("%cat new.txt") == []  # another process
    assert sorted(cell("import glob; [open(p).read() for p in glob.glob('*.txt')]")) == [
        "listed " + str(kernel.folder),
        "read new.txt",
    ]


def test_a_script_that_is_run_is_read(cell, kernel):
    (kernel.folder / "script.py").write_text("text = open('in.csv').read()\n")
    (kernel.folder / "in.csv").write_text("a\n1\n")
    assert sorted(cell("%run script.py")) == ["read in.csv", "read script.py"]


def test_async_and_threaded_reading(cell, kernel):
    (kernel.folder / "in.csv").write_text("a\n1\n")
    assert cell(
        "import asyncio, pathlib\nawait asyncio.to_thread(pathlib.Path('in.csv').read_text)"
    ) == ["read in.csv"]


def test_an_interrupted_cell_has_done_what_it_did(kernel):
    (kernel.folder / "in.csv").write_text("a\n1\n")
    source = "import time\nopen('in.csv').read(); print('ready', flush=True); time.sleep(60)"
    assert kernel.run_and_interrupt(source).status == "error"
    touched = kernel.ask("get_ipython().touched[-1]")
    assert touched == [["read", f"{kernel.folder}/in.csv", False, True]]
