"""Which values of a cell become metrics and parameters by themselves."""

import math

import pytest

from tests.kernels import metrics_of, params_of


def nan_safe(metrics):
    return {name: "nan" if math.isnan(value) else value for name, value in metrics.items()}


@pytest.mark.parametrize(
    ("source", "metrics"),
    [
        pytest.param("auc = 0.9", {"auc": 0.9}, id="float"),
        pytest.param("auc = 1", {"auc": 1.0}, id="int"),
        pytest.param("auc = np.float64(0.5)", {"auc": 0.5}, id="numpy float"),
        pytest.param("auc = np.int32(3)", {"auc": 3.0}, id="numpy int"),
        pytest.param("auc = np.array(0.5)", {"auc": 0.5}, id="array without dimensions"),
        pytest.param("auc = float('nan')", {"auc": "nan"}, id="nan"),
        pytest.param("loss = -np.inf", {"loss": -math.inf}, id="infinity"),
        pytest.param("loss = 10 ** 400", {}, id="int beyond float"),
        pytest.param("val_AUC, Test_Loss = 1, 2", {"val_AUC": 1.0, "Test_Loss": 2.0}, id="case"),
        pytest.param("auc: float = 0.9", {"auc": 0.9}, id="annotated"),
        pytest.param("print((auc := 0.9))", {"auc": 0.9}, id="walrus"),
        pytest.param("auc = 0.5; auc += 0.25", {"auc": 0.75}, id="augmented"),
        pytest.param("for loss in (3, 2, 1): pass", {"loss": 1.0}, id="loop variable"),
        pytest.param("if True:\n    auc = 0.9", {"auc": 0.9}, id="in a branch"),
        pytest.param("%%time\nauc = 0.9", {"auc": 0.9}, id="timed"),
        pytest.param("%time auc = 0.9", {"auc": 0.9}, id="timed line"),
        pytest.param("%%capture\nauc = 0.9", {"auc": 0.9}, id="captured"),
        pytest.param("auc = await coroutine()", {"auc": 0.9}, id="awaited"),
        pytest.param("def f():\n    global auc\n    auc = 0.9\nf()", {"auc": 0.9}, id="global"),
        pytest.param("auc = True", {}, id="bool"),
        pytest.param("auc = np.bool_(True)", {}, id="numpy bool"),
        pytest.param("auc = '0.9'", {}, id="text"),
        pytest.param("auc = None", {}, id="none"),
        pytest.param("auc = [0.9]", {}, id="list"),
        pytest.param("auc = np.array([0.9])", {}, id="array of one"),
        pytest.param("auc = 0.9 + 0j", {}, id="complex"),
        pytest.param("import decimal; auc = decimal.Decimal('0.9')", {}, id="decimal"),
        pytest.param("class Own(float): pass\nauc = Own(0.9)", {}, id="own class of float"),
        pytest.param("class Trap:\n    def __float__(self): raise SystemExit\nauc = Trap()", {},
                     id="class that converts itself"),
        pytest.param("class Trap:\n    def __getattr__(self, _): raise SystemExit\nauc = Trap()",
                     {}, id="class that resents questions"),
        pytest.param("_auc = 0.9", {}, id="private"),
        pytest.param("n_scores = score_weight = auc_fn = min_loss_threshold = 3", {},
                     id="settings with a metric in their name"),
        pytest.param("value = 0.9", {}, id="another name"),
        pytest.param("def work():\n    auc = 0.9\nwork()", {}, id="in a function"),
        pytest.param("class Result:\n    auc = 0.9", {}, id="in a class"),
        pytest.param("[loss for loss in (1, 2)]", {}, id="in a comprehension"),
        pytest.param("auc = 0.9; del auc", {}, id="deleted again"),
        pytest.param("%%nbmlops params\nmin_accuracy = 0.9", {}, id="parameter"),
        pytest.param("%%nbmlops scratch\nauc = 0.9", {}, id="scratch"),
        pytest.param("print('auc = 0.9')", {}, id="printed"),
    ],
)  # fmt: skip
def test_top_level_scalar_with_a_metrics_name_is_a_metric(kernel, source, metrics):
    kernel.run("import numpy as np\nasync def coroutine(): return 0.9")
    assert kernel.run(source).status == "ok"
    found = {}
    for run in kernel.runs():
        found |= nan_safe(metrics_of(run))
    assert found == metrics


def test_matched_metric_names_its_source_and_the_execution_that_gave_it(kernel):
    kernel.run("auc = 0.9")
    kernel.run("import nbmlops\nnbmlops.log_metric('acc', 0.8)")
    kernel.run("value = 0.7")
    kernel.run("%nbmlops metric value")
    [run] = kernel.runs()
    executions = {execution.id: execution.source for execution, _ in run.executions}
    assert {
        metric.name: (metric.source, executions[metric.execution_id])
        for metric in run.summary.metrics
    } == {
        "auc": ("matched", "auc = 0.9"),
        "acc": ("logged", "import nbmlops\nnbmlops.log_metric('acc', 0.8)"),
        "value": ("magic", "%nbmlops metric value"),
    }


@pytest.mark.parametrize(
    ("settings", "metrics"),
    [
        pytest.param({"NBMLOPS_MATCH_METRICS": "off"}, {}, id="switched off"),
        pytest.param({"NBMLOPS_METRICS": "profit *_gain"}, {"profit": 3.0}, id="own patterns"),
        pytest.param({"NBMLOPS_NOT_METRICS": "auc"}, {}, id="excluded"),
    ],
)
def test_settings_say_what_is_matched(kernel, tmp_path, settings, metrics):
    for name, value in settings.items():
        kernel.quietly(f"import os; os.environ[{name!r}] = {value!r}")
    kernel.begin(tmp_path / "configured.db")
    for name in settings:
        kernel.quietly(f"import os; del os.environ[{name!r}]")
    kernel.run("auc, profit = 0.9, 3")
    found = {}
    for run in kernel.runs():
        found |= metrics_of(run)
    assert found == metrics


@pytest.mark.parametrize(
    ("source", "tags", "params"),
    [
        pytest.param("lr, name, on = 0.1, 'a', True", ["parameters"],
                     {"lr": 0.1, "name": "a", "on": True}, id="tagged"),
        pytest.param("lr = 0.1", ["injected-parameters"], {"lr": 0.1}, id="injected"),
        pytest.param("%%nbmlops params\nlr = 0.1", [], {"lr": 0.1}, id="headed"),
        pytest.param("layers = (64, 32)\noptions = {'a': [1, None]}", ["parameters"],
                     {"layers": (64, 32), "options": {"a": [1, None]}}, id="nested"),
        pytest.param("lr = 0.1 * 2  # computed\nn = int('3')", ["parameters"],
                     {"lr": 0.2, "n": 3}, id="computed"),
        pytest.param("import math\nfrom os import path\ndef f(): pass\nclass C: pass\n_own = 1\n"
                     "lr = 0.1", ["parameters"], {"lr": 0.1}, id="with other statements"),
        pytest.param("lr = 0.1", [], {}, id="untagged"),
        pytest.param("lr = 0.1", ["Parameters"], {}, id="another tag"),
    ],
)  # fmt: skip
def test_assignments_of_a_parameters_cell_are_the_runs_parameters(kernel, source, tags, params):
    kernel.run(source, tags=tags)
    kernel.run("auc = 0.9")
    [run] = kernel.runs()
    assert params_of(run) == params
    assert {param.source for param in run.summary.params} <= {"cell"}


def test_parameter_that_has_no_written_form_is_named_with_its_class(kernel):
    kernel.run("class Odd: pass\nodd = Odd()", tags=["parameters"])
    kernel.run("auc = 0.9")
    [run] = kernel.runs()
    assert {name: str(value) for name, value in params_of(run).items()} == {"odd": "<__main__.Odd>"}


def test_defaults_and_what_was_injected_over_them_are_one_set_of_parameters(kernel):
    kernel.run("lr = 0.1\ndepth = 3", tags=["parameters"], cell_id="defaults")
    kernel.run("lr = 0.5", tags=["injected-parameters"], cell_id="injected")
    kernel.run("auc = lr", cell_id="auc")
    [run] = kernel.runs()
    assert params_of(run) == {"lr": 0.5, "depth": 3}
