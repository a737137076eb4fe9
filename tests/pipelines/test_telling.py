"""How many cells are done, told as they are executed."""

import nbformat
import pytest

from nbmlops.pipelines.execute import run_notebook


@pytest.mark.parametrize(
    ("sources", "told"),
    [(["x = 1", "y = 2"], [(0, 2), (1, 2), (2, 2)]), (["1 / 0", "y = 2"], [(0, 2), (1, 2)])],
    ids=["to the end", "until one fails"],
)
def test_cells_are_told_as_they_are_done(tmp_path, sources, told):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "in.ipynb")
    said = []
    run_notebook(
        str(tmp_path / "in.ipynb"),
        str(tmp_path / "out.ipynb"),
        store=f"sqlite:///{tmp_path}/store.db",
        progress_bar=lambda done, total: said.append((done, total)),
    )
    assert said == told
