import asyncio
import json
from types import SimpleNamespace

import nbformat
import pytest

from nbmlops.pipelines import engine
from nbmlops.pipelines.execute import run_notebook

WORD = "tr0ub4dor&3"


@pytest.fixture
def notebook(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_code_cell("db_password = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(f"# password: {WORD[::-1]}x\nprint(db_password)"),
        nbformat.v4.new_code_cell("raise ValueError(db_password)"),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(made, path)
    return path


@pytest.fixture
def output(request, notebook):
    return notebook.with_name("out.ipynb") if request.param == "beside" else notebook


@pytest.mark.parametrize("output", ["beside", "in place"], indirect=True)
def test_the_executed_notebook_is_written_without_secrets(notebook, output):
    done = run_notebook(str(notebook), str(output), {"db_password": WORD})
    assert done.exit_code == 1
    assert "ValueError: [redacted: password]" in done.said
    assert WORD not in done.said
    text = output.read_text()
    assert WORD not in text
    assert text.count("[redacted: password]") >= 4  # given, injected, printed, raised
    # What somebody wrote into a notebook stays in it; what is made of it is another file.
    assert (f"{WORD[::-1]}x" in text) == (output == notebook)
    nbformat.validate(json.loads(text), version=4)
    store = b"".join(path.read_bytes() for path in notebook.parent.rglob("store.db*"))
    assert WORD.encode() not in store


def test_what_came_before_a_long_cell_is_written_while_that_executes(monkeypatch):
    monkeypatch.setattr(engine, "SAVE_SECONDS", 0.0)

    async def executing():
        saved = asyncio.Event()

        async def until_saved(*_):
            await asyncio.wait_for(saved.wait(), timeout=60)

        manager = SimpleNamespace(save=saved.set)
        client = SimpleNamespace(nb_man=manager, async_execute_cell=until_saved)
        await engine.RecordingClient._executed(client, None, 0)

    asyncio.run(executing())
