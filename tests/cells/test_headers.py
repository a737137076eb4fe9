import pytest
from IPython.core.inputtransformer2 import TransformerManager

from nbmlops.cells.headers import Header, header_of, without_header


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("%%nbmlops params\nx = 1", Header("params", ""), id="params"),
        pytest.param("%%nbmlops scratch\nx", Header("scratch", ""), id="scratch"),
        pytest.param("%%nbmlops step train\nx", Header("step", "train"), id="step"),
        pytest.param("%%nbmlops   step   my train  \nx", Header("step", "my train"), id="spaces"),
        pytest.param("\n\n  %%nbmlops params\nx", Header("params", ""), id="empty lines before"),
        pytest.param("%%nbmlops params", Header("params", ""), id="nothing below"),
        pytest.param("%%nbmlops params\r\nx = 1", Header("params", ""), id="Windows line end"),
        pytest.param("%%nbmlops unknown\nx", None, id="unknown kind"),
        pytest.param("%%nbmlops\nx", None, id="no kind"),
        pytest.param("%%nbmlopsparams\nx", None, id="other magic"),
        pytest.param("%nbmlops params\nx", None, id="line magic"),
        pytest.param("x = 1\n%%nbmlops params", None, id="not the first line"),
        pytest.param("# %%nbmlops params", None, id="comment"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_header_is_the_first_line(source, expected):
    assert header_of(source) == expected


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        (Header("params", ""), ("parameters",)),
        (Header("step", "train"), ("step:train",)),
        (Header("scratch", ""), ()),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_header_says_what_a_cell_tag_would(header, tags):
    assert header.tags == tags


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("%%nbmlops params\nx = 1\ny = 2\n", id="plain"),
        pytest.param("%%nbmlops step train\nawait f()\n", id="await"),
        pytest.param("%%nbmlops scratch\n%time x = 1\n", id="magic below"),
    ],
)
def test_cell_runs_as_if_the_header_were_a_comment(source):
    manager = TransformerManager()
    manager.cleanup_transforms.insert(0, without_header)
    comment, _, body = manager.transform_cell(source).partition("\n")
    assert comment == "#" + source.partition("\n")[0]
    assert body == TransformerManager().transform_cell(source.partition("\n")[2])


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="nothing"),
        pytest.param(["x = 1\n"], id="no header"),
        pytest.param(["%%nbmlops show @1\n", "x\n"], id="magic of ours that is no header"),
    ],
)
def test_other_cells_are_left_alone(lines):
    assert without_header(lines) == lines
