"""The line below a cell: what it says, against what, and how it is kept quiet."""

import re
import time

import pytest

from nbmlops.wording import changed

START = "import nbmlops\n"
TRACKER = "__import__('nbmlops.tracking.current').tracking.current.tracker()"


def said(reply):
    """Return the lines below a cell, without the ids of their runs."""
    return [re.sub(r"^run [0-9a-z]{8} ", "run", line) for line in reply.lines]


def test_loading_says_where_cells_are_recorded(kernel):
    [line] = kernel.run("%reload_ext nbmlops").lines
    assert line == f"nbmlops records {kernel.folder.name} to {kernel.url[10:]}"


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        pytest.param(["auc = 0.912345"], "run auc 0.9123", id="first result"),
        pytest.param(["x = 1"], None, id="no result"),
        pytest.param(["auc = 0.9", "auc = 0.95"], "run auc 0.95 ▲ +0.05", id="better"),
        pytest.param(["auc = 0.9", "auc = 0.8"], "run auc 0.8 ▼ −0.1", id="worse"),
        pytest.param(["auc = 0.9", "auc = 0.9"], "run auc 0.9 =", id="the same"),
        pytest.param(["loss = 2", "loss = 1.5"], "run loss 1.5 ▼ −0.5", id="lower"),
        pytest.param(["auc = 0.9", "auc = float('nan')"], "run auc NaN", id="nan"),
        pytest.param(["auc, f1 = 0.9, 0.5", "auc, f1 = 0.9, 0.75"],
                     "run auc 0.9 = · f1 0.75 ▲ +0.25", id="two metrics"),
        pytest.param(["a_auc = b_auc = c_auc = d_auc = e_auc = f_auc = g_auc = 1"],
                     "run a_auc 1 · b_auc 1 · c_auc 1 · d_auc 1 · e_auc 1 · f_auc 1 · "
                     "1 more metric", id="more than six"),
        pytest.param([START + "run = nbmlops.start_run('base')\nrun.log_metric('auc', 0.9)"],
                     "base  auc 0.9", id="run with a name"),
        pytest.param([START + "nbmlops.log_metric('auc', 1)\nnbmlops.log_metric('auc', 2)"],
                     "run auc 2", id="last value of a series"),
        pytest.param([START + "for number in range(30):\n"
                      "    with nbmlops.start_run(): nbmlops.log_metric('auc', number)"],
                     "30 runs with results  %nbmlops runs", id="many runs"),
    ],
)  # fmt: skip
def test_line_tells_the_result_and_what_changed(kernel, cells, line):
    for number, source in enumerate(cells):
        reply = kernel.run(source, cell_id="same")
        assert number == len(cells) - 1 or len(said(reply)) == 1
    assert said(reply) == ([line] if line else [])


def test_line_tells_the_parameters_that_changed_once_for_a_run(kernel):
    said_of = {}
    for lr in (0.1, 0.2):
        kernel.run(f"%%nbmlops params\nlr, depth = {lr}, 3", cell_id="params")
        said_of[lr] = [
            *said(kernel.run("auc = lr * depth", cell_id="auc")),
            *said(kernel.run("f1 = lr * depth", cell_id="f1")),
        ]
    assert said_of[0.1] == ["run auc 0.3", "run f1 0.3"]
    assert said_of[0.2] == ["run auc 0.6 ▲ +0.3 · lr 0.1 → 0.2", "run f1 0.6 ▲ +0.3"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.1, 0.2, ("0.1", "0.2")),
        ("x" * 60 + "a", "x" * 60 + "b", ("…xxxxxxxxa'", "…xxxxxxxxb'")),
        (1.00000001, 1.00000002, ("1.00000001", "1.00000002")),
        (3, "3", ("3", "'3'")),
    ],
    ids=["short", "long texts", "near numbers", "a text"],
)
def test_a_value_that_changed_is_not_written_the_same_twice(before, after, told):
    assert changed(before, after) == told


def test_line_names_a_fitted_model(kernel):
    kernel.run("""
class Tree:
    def __init__(self, depth=1): self.depth = depth
    def get_params(self, deep=True): return {"depth": self.depth}
    def fit(self): self.tree_ = [self.depth]; return self
""")
    reply = kernel.run("model = Tree(depth=3).fit()\nauc = 0.9")
    assert said(reply) == ["run model Tree · auc 0.9"]


def test_metric_that_another_cell_logs_again_is_in_the_line_below_that_one(kernel):
    for cell, loss in enumerate((2.0, 1.5)):
        reply = kernel.run(START + f"nbmlops.log_metric('loss', {loss})", cell_id=str(cell))
        assert said(reply) == [f"run loss {loss:g}"]
    [run] = kernel.runs()
    [metric] = run.summary.metrics
    assert metric.execution_id == kernel.executions()[-1].id


def test_better_and_worse_have_colours_and_words(kernel):
    for value in (2, 1):
        reply = kernel.run(f"loss = {value}", cell_id="same")
    [html] = [shown["data"]["text/html"] for shown in reply.of("display_data")]
    assert "jp-success-color" in html
    assert 'title="better"' in html


def test_line_compares_with_the_last_run_of_an_earlier_session(kernel, tmp_path):
    kernel.run("auc = 0.9")
    kernel.begin(tmp_path / "store.db")
    while not kernel.ask(f"{TRACKER}.runs.before.is_known"):
        time.sleep(0.05)
    assert said(kernel.run("auc = 0.8")) == ["run auc 0.8 ▼ −0.1"]


def test_line_is_no_output_of_the_cell(kernel):
    reply = kernel.run("auc = 0.9\nprint('own')")
    assert len(reply.lines) == 1
    [output] = kernel.executions()[-1].outputs
    assert output.kind == "stdout"


def test_quiet_leaves_the_lines_out_until_quiet_off(kernel):
    assert kernel.run("%nbmlops quiet").visible == []
    assert said(kernel.run("auc = 0.9")) == []
    kernel.run("%nbmlops quiet off")
    assert said(kernel.run("f1 = 0.8")) == ["run f1 0.8"]
    assert [metric.name for metric in kernel.runs()[0].summary.metrics] == ["auc", "f1"]


def test_quiet_setting_leaves_out_every_line(kernel, tmp_path):
    kernel.quietly("import os; os.environ['NBMLOPS_QUIET'] = '1'")
    kernel.begin(tmp_path / "quiet.db")
    kernel.quietly("import os; del os.environ['NBMLOPS_QUIET']")
    assert kernel.run("%reload_ext nbmlops").lines == []
    assert kernel.run("auc = 0.9").lines == []
    assert len(kernel.runs()) == 1
