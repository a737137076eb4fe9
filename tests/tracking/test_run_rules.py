"""When a run opens and closes and what it contains: sequences of cells and the runs they make."""

import pytest

from tests.tracking.made import Made, made


def rate(value):
    return ("params", f"%%nbmlops params\nrate = {value}")


DATA = ("data", "data = [1, 2, 3, 4]")
TRAIN = ("train", "fitted = sum(data) * rate")
LOOK = ("look", "print(len(data))")
AUC = ("auc", "auc = fitted / 10")
F1 = ("f1", "f1 = fitted / 20")
ALL = ["params", "data", "train", "auc"]
START = "import nbmlops\n"

RULES = [
    pytest.param([rate(0.1), DATA, TRAIN, LOOK], [], id="no result, no run"),
    pytest.param(
        [rate(0.1), DATA, LOOK, TRAIN, AUC, LOOK],
        [Made({"rate": 0.1}, {"auc": 0.1}, ALL)],
        id="first result opens a run with the cells it depends on",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, F1],
        [Made({"rate": 0.1}, {"auc": 0.1, "f1": 0.05}, [*ALL, "f1"])],
        id="results of different cells are of one run",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, rate(0.2), TRAIN, AUC],
        [
            Made({"rate": 0.1}, {"auc": 0.1}, ALL, status="finished"),
            Made({"rate": 0.2}, {"auc": 0.2}, ["data", "params", "train", "auc"]),
        ],
        id="parameter changed and cells run again: two runs, each its own parameters",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, F1, rate(0.2), TRAIN, AUC, F1, rate(0.3), TRAIN, AUC, F1],
        [
            Made({"rate": 0.1}, {"auc": 0.1, "f1": 0.05}, [*ALL, "f1"], status="finished"),
            Made({"rate": 0.2}, {"auc": 0.2, "f1": 0.1},
                 ["data", "params", "train", "auc", "f1"], status="finished"),
            Made({"rate": 0.3}, {"auc": 0.3, "f1": 0.15},
                 ["data", "params", "train", "auc", "f1"]),
        ],
        id="three rounds of two results",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, AUC],
        [
            Made({"rate": 0.1}, {"auc": 0.1}, ALL, status="finished"),
            Made({"rate": 0.1}, {"auc": 0.1}, ALL),
        ],
        id="metric cell alone again: a new run with the same cells behind it",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, F1, F1],
        [
            Made({"rate": 0.1}, {"auc": 0.1, "f1": 0.05}, [*ALL, "f1"], status="finished"),
            Made({"rate": 0.1}, {"f1": 0.05}, ["params", "data", "train", "f1"]),
        ],
        id="one of two metric cells again",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, rate(0.2)],
        [Made({"rate": 0.1}, {"auc": 0.1}, ALL)],
        id="parameter changed after a result is the next run's",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, rate(0.2), F1],
        [Made({"rate": 0.1}, {"auc": 0.1, "f1": 0.05}, [*ALL, "f1"])],
        id="parameter changed without training again is not what a result depends on",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, rate(0.2), AUC],
        [Made({"rate": 0.1}, {"auc": 0.1}, ALL)],
        id="parameter changed between training and scoring is not either",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, TRAIN, LOOK, AUC],
        [Made({"rate": 0.1}, {"auc": 0.1}, ALL)],
        id="cells run again before a result make no run",
    ),
    pytest.param(
        [("one", "x = 1"), ("two", "x = x + 1"), ("three", "x += 1"), ("acc", "acc = x / 4")],
        [Made({}, {"acc": 0.75}, ["one", "two", "three", "acc"])],
        id="a name written step by step",
    ),
    pytest.param(
        [("one", "x = 1"), ("list", "xs = []"), ("add", "xs.append(x)"), ("acc", "acc = xs[0]")],
        [Made({}, {"acc": 1.0}, ["one", "list", "add", "acc"])],
        id="a value changed in place",
    ),
    pytest.param(
        [("acc", "acc = 0.5\n1 / 0")], [], id="a metric of a cell that fails is no result",
    ),
    pytest.param(
        [("log", START + "nbmlops.log_metric('auc', 0.5)\n1 / 0")],
        [Made({}, {"auc": 0.5}, ["log"])],
        id="a metric logged before the cell fails is one",
    ),
    pytest.param(
        [("", "auc = 0.1"), ("", "auc = 0.2")],
        [Made({}, {"auc": 0.1}, [None], status="finished"), Made({}, {"auc": 0.2}, [None])],
        id="without ids, another source is another cell",
    ),
    pytest.param(
        [("", "auc = 0.1"), ("", "auc = 0.1")],
        [Made({}, {"auc": 0.1}, [None], status="finished"), Made({}, {"auc": 0.1}, [None])],
        id="without ids, the same source is the same cell",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, ("a", "auc = fitted / 10"), ("b", "auc = fitted / 5")],
        [
            Made({"rate": 0.1}, {"auc": 0.1}, [*ALL[:3], "a"], status="finished"),
            Made({"rate": 0.1}, {"auc": 0.2}, [*ALL[:3], "b"]),
        ],
        id="the same name in another cell is another result",
    ),
    pytest.param(
        [rate(0.1), DATA, TRAIN, AUC, rate(0.2), AUC],
        [
            Made({"rate": 0.1}, {"auc": 0.1}, ALL, status="finished"),
            Made({"rate": 0.1}, {"auc": 0.1}, ALL),
        ],
        id="a parameter that changed and was not used is not the run's",
    ),
    pytest.param(
        [rate(0.1), DATA, ("set", "rate = 0.4"), TRAIN, AUC],
        [Made({"rate": 0.4}, {"auc": 0.4}, ["data", "set", "train", "auc"])],
        id="a parameter set in another cell is what that cell set",
    ),
    pytest.param(
        [("params", "%%nbmlops params\nrate = 0.1\ndepth = 3"), rate(0.2), DATA, TRAIN, AUC],
        [Made({"rate": 0.2}, {"auc": 0.2}, ["params", "data", "train", "auc"])],
        id="a parameter taken out of its cell is gone",
    ),
    pytest.param(
        [("open", "%nbmlops run first try"), DATA, LOOK, ("acc", "acc = 0.5"), LOOK],
        [Made({}, {"acc": 0.5}, ["open", "data", "look", "acc", "look"], name="first try")],
        id="a run by name contains every cell until it closes",
    ),
    pytest.param(
        [("open", "%nbmlops run a"), ("acc", "acc = 0.5"), ("end", "%nbmlops end"), LOOK,
         ("auc", "auc = 0.9")],
        [
            Made({}, {"acc": 0.5}, ["open", "acc"], name="a", status="finished"),
            Made({}, {"auc": 0.9}, ["auc"]),
        ],
        id="a run that was ended takes no more",
    ),
    pytest.param(
        [("open", "%nbmlops run a"), ("open", "%nbmlops run b")],
        [
            Made({}, {}, ["open"], name="a", status="finished"),
            Made({}, {}, ["open"], name="b"),
        ],
        id="a run by name takes the place of the open one",
    ),
    pytest.param(
        [("open", START + "nbmlops.start_run('a')"), ("open", START + "nbmlops.start_run('b')"),
         ("acc", "acc = 0.5")],
        [
            Made({}, {}, ["open"], name="a", status="finished"),
            Made({}, {"acc": 0.5}, ["open", "acc"], name="b"),
        ],
        id="start_run without with, twice",
    ),
    pytest.param(
        [("open", "%nbmlops run a"), ("acc", "acc = 0.5"), ("acc", "acc = 0.6")],
        [
            Made({}, {"acc": 0.5}, ["open", "acc"], name="a", status="finished"),
            Made({}, {"acc": 0.6}, ["acc"]),
        ],
        id="a result given again leaves a run by name too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), RULES)
def test_cells_make_runs(kernel, cells, expected):
    for cell_id, source in cells:
        kernel.run(source, cell_id=cell_id or None)
    assert made(kernel.runs()) == expected
