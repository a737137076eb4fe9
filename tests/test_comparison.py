import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.canonical import encode
from nbmlops.comparison import Row, compare_runs
from nbmlops.config import Settings
from nbmlops.records import (
    Environment,
    Execution,
    Metric,
    Param,
    Run,
    RunDetail,
    RunExecution,
    RunSummary,
)
from nbmlops.wording import arrow, shown


def detail(number=1, *, params=None, metrics=None, cells=(), packages=None, name=None, **made):
    """Make a run; a cell is its source, ``(cell id, source)`` or also with its tags."""
    run = Run(f"run{number}", "session", "churn", 100.0 + number, name=name)
    environment = None
    if packages is not None or made:
        document = {"python": {"version": "3.12.1"}, "packages": packages or {}, **made}
        environment = Environment("blake3:00", json.dumps(document))
    executions = []
    for sequence, cell in enumerate(cells, 1):
        cell_id, source, *tags = cell if isinstance(cell, tuple) else (None, cell)
        key = cell_id or f"source:{source}"
        made = f"{run.id}-{sequence}"
        execution = Execution(
            made, "session", sequence, source, 1.0, key, cell_id=cell_id, tags=tuple(tags)
        )
        executions.append((execution, RunExecution(run.id, made)))
    summary = RunSummary(
        run,
        tuple(Param(run.id, key, *encode(value)) for key, value in (params or {}).items()),
        tuple(
            Metric(run.id, key, value, value, value, 1, 0, 0.0)
            for key, value in (metrics or {}).items()
        ),
    )
    return RunDetail(summary, tuple(executions), environment)


def differing(rows):
    return [row.name for row in rows if row.differs]


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        pytest.param(1, 1, False, id="same"),
        pytest.param(1, 2, True, id="other value"),
        pytest.param(1, 1.0, True, id="int and float"),
        pytest.param(1, True, True, id="int and bool"),
        pytest.param(1, "1", True, id="int and text"),
        pytest.param(0.0, -0.0, True, id="sign of zero"),
        pytest.param((1,), [1], True, id="tuple and list"),
        pytest.param({"a": 1}, {"a": 1.0}, True, id="inside"),
        pytest.param(math.nan, math.nan, False, id="nan"),
        pytest.param([math.nan], [math.nan], False, id="nan inside"),
        pytest.param({"a", "b", "c"}, {"c", "b", "a"}, False, id="sets"),
        pytest.param(0.1 + 0.2, 0.3, True, id="last digit"),
    ],
)
def test_params_differ_by_value_and_by_type(one, other, differs):
    found = compare_runs([detail(1, params={"x": one}), detail(2, params={"x": other})])
    assert [row.differs for row in found.params] == [differs]


def test_a_param_that_one_run_lacks_differs_even_from_none():
    found = compare_runs([detail(1, params={"x": None, "y": 1}), detail(2, params={"y": 1})])
    assert differing(found.params) == ["x"]
    assert found.params[0] == Row("x", (None, None), (True, False))


def test_names_come_in_the_order_of_the_baseline_then_of_the_others():
    runs = [detail(1, params={"b": 1, "a": 1}), detail(2, params={"c": 1, "a": 1})]
    assert [row.name for row in compare_runs(runs).params] == ["b", "a", "c"]


def test_metrics_compare_by_their_last_value():
    runs = [detail(1, metrics={"auc": 0.5, "n": 1.0}), detail(2, metrics={"auc": 0.6, "n": 1.0})]
    found = compare_runs(runs)
    assert differing(found.metrics) == ["auc"]
    assert found.to_json()["metrics"] == [
        {"name": "auc", "values": [0.5, 0.6], "differs": True, "better": "higher"},
        {"name": "n", "values": [1.0, 1.0], "differs": False, "better": "unknown"},
    ]


def test_nan_metric_is_the_same_as_nan_and_json_stays_strict():
    runs = [detail(1, metrics={"auc": math.nan}), detail(2, metrics={"auc": math.nan})]
    found = compare_runs(runs)
    assert differing(found.metrics) == []
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["metrics"][0]["values"] == [
        "NaN",
        "NaN",
    ]


def test_packages_and_python_are_compared():
    old, new = {"numpy": "2.0", "scipy": "1.0"}, {"numpy": "2.1", "scipy": "1.0", "torch": "3"}
    found = compare_runs([detail(1, packages=old), detail(2, packages=new)])
    assert differing(found.packages) == ["numpy", "torch"]
    assert [row.name for row in found.packages] == ["python", "numpy", "scipy", "torch"]
    assert [row["name"] for row in found.to_json()["packages"]] == ["numpy", "torch"]


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        pytest.param({"is_dirty": False}, {"is_dirty": True, "patch": "blake3:aa"}, True, id="d"),
        pytest.param({"is_dirty": True, "patch": "blake3:aa"},
                     {"is_dirty": True, "patch": "blake3:ab"}, True, id="other changes"),
        pytest.param({"is_dirty": True, "patch": "blake3:aa"},
                     {"is_dirty": True, "patch": "blake3:aa"}, False, id="same changes"),
    ],
)  # fmt: skip
def test_commit_is_compared_with_what_was_changed_since(one, other, differs):
    runs = [
        detail(number, git={"commit": "a" * 40, **git}) for number, git in enumerate((one, other))
    ]
    found = compare_runs(runs)
    assert differing(found.sources) == (["git commit"] if differs else [])
    assert [row["name"] for row in found.to_json()["sources"]] == differing(found.sources)
    assert "Local modules and git" in str(found)


def test_metric_of_another_run_is_measured_though_it_is_the_very_same_number():
    value = 0.5
    page = compare_runs([detail(n, metrics={"auc": value}) for n in (1, 2)]).page()
    (table,) = [block for block in page.blocks if hasattr(block, "rows")]
    assert [cell.text for cell in table.rows[0]] == ["auc", "0.5", "0.5 ="]


@pytest.mark.parametrize(
    ("before", "after", "better", "expected"),
    [
        (1.0, 2.0, "higher", ("▲", "good", "better")),
        (1.0, 2.0, "lower", ("▲", "bad", "worse")),
        (2.0, 1.0, "lower", ("▼", "good", "better")),
        (2.0, 1.0, "higher", ("▼", "bad", "worse")),
        (1.0, 2.0, "unknown", ("▲", "plain", "higher")),
        (2.0, 1.0, "unknown", ("▼", "plain", "lower")),
        (1.0, 1.0, "higher", ("=", "muted", "the same")),
        (math.nan, 1.0, "higher", ("≠", "muted", "not comparable")),
        (1.0, math.nan, "higher", ("≠", "muted", "not comparable")),
        (math.nan, math.nan, "higher", ("=", "muted", "the same")),
        (1.0, math.inf, "lower", ("▲", "bad", "worse")),
    ],
)
def test_arrow_says_whether_it_got_better(before, after, better, expected):
    assert arrow(before, after, better) == expected


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        pytest.param(
            {"params": {"lr": 0.1}, "metrics": {"auc": 0.9}},
            {"params": {"lr": 0.2}, "metrics": {"auc": 0.95}},
            "lr 0.1 → 0.2: auc 0.9 → 0.95",
            id="cause and effect",
        ),
        pytest.param(
            {"metrics": {"auc": 0.9}},
            {"metrics": {"auc": 0.9}},
            "same parameters, code and packages: no metric differs",
            id="nothing",
        ),
        pytest.param(
            {"params": {"x": 1}},
            {"params": {"x": 1.0}},
            "x 1 → 1.0: no metric differs",
            id="only the type",
        ),
        pytest.param(
            {"metrics": {"auc": 0.912341}},
            {"metrics": {"auc": 0.912342}},
            "same parameters, code and packages: auc 0.912341 → 0.912342",
            id="beyond the digits shown",
        ),
        pytest.param(
            {"params": dict.fromkeys("abcde", 1)},
            {"params": dict.fromkeys("abcde", 2)},
            "a 1 → 2, b 1 → 2, c 1 → 2, 2 other parameters: no metric differs",
            id="many parameters",
        ),
        pytest.param(
            {"metrics": dict.fromkeys("abcdef", 1.0)},
            {"metrics": dict.fromkeys("abcdef", 2.0)},
            "same parameters, code and packages: a 1 → 2, b 1 → 2, c 1 → 2, d 1 → 2, e 1 → 2, "
            "1 other metric",
            id="many metrics",
        ),
        pytest.param(
            {"metrics": {"m" * 100: 1.0}},
            {"metrics": {"m" * 100: 2.0}},
            f"same parameters, code and packages: {'m' * 39}… 1 → 2",
            id="long name",
        ),
        pytest.param(
            {"params": {"x": 1}}, {}, "x 1 → none: no metric differs", id="parameter is gone"
        ),
        pytest.param(
            {"cells": ["x = 1"], "packages": {"a": "1"}},
            {"cells": ["x = 2"], "packages": {"a": "2"}},
            "1 cell not as before, 1 package not the same: no metric differs",
            id="code and packages",
        ),
        pytest.param(
            {"packages": {"a": "1", "b": "1"}},
            {"packages": {"a": "2", "c": "1"}},
            "1 package not the same, 2 packages not imported in all: no metric differs",
            id="packages of one run alone",
        ),
        pytest.param(
            {"params": {"text": "x" * 4999 + "y", "blank": "", "other": "a"}},
            {"params": {"text": "x" * 4999 + "z", "blank": " ", "other": "b"}},
            "text …xxxxxxxxy' → …xxxxxxxxz', blank '' → ' ', other a → b: no metric differs",
            id="texts that differ far behind, and blank ones",
        ),
        pytest.param(
            {"modules": {"utils.py": "blake3:aa"}},
            {"modules": {"utils.py": "blake3:ab"}},
            "module utils.py not the same: no metric differs",
            id="local module",
        ),
        pytest.param(
            {"modules": dict.fromkeys("abc", "blake3:aa")},
            {"modules": dict.fromkeys("abc", "blake3:ab")},
            "3 modules not the same: no metric differs",
            id="many modules",
        ),
        pytest.param(
            {"git": {"commit": "a" * 40, "is_dirty": False}},
            {"git": {"commit": "b" * 40, "is_dirty": False}},
            "git commit aaaaaaaaaa → bbbbbbbbbb: no metric differs",
            id="commit",
        ),
        pytest.param(
            {"git": {"commit": "a" * 40, "is_dirty": False}},
            {"git": None},
            "git commit aaaaaaaaaa → none: no metric differs",
            id="commit and no repository",
        ),
    ],
)
def test_sentence_says_what_changed_and_what_came_of_it(one, other, sentence):
    assert compare_runs([detail(1, **one), detail(2, **other)]).sentence == sentence


def test_packages_that_are_not_known_do_not_differ():
    found = compare_runs([detail(1, packages={"numpy": "2"}), detail(2)])
    assert (found.packages, found.sources) == ((), ())
    assert found.sentence == "same parameters and code: no metric differs"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param([2, 1, 5, 4], "n 1 … 5", id="numbers"),
        pytest.param([0.1, 0.2, 0.3, 0.1], "n 0.1 … 0.3", id="numbers, the same at the ends"),
        pytest.param([1, 1.0, 1, 1], "n 2 different values", id="numbers of two kinds"),
        pytest.param([10**400, 1, 2, 3], "n 1 … 1000000000000000000…", id="a number beyond floats"),
        pytest.param(["a", "b", "c", "d"], "n a → … → d", id="texts"),
        pytest.param(
            ["a", "b", "c", "a"], "n 3 different values", id="texts, the same at the ends"
        ),
        pytest.param([True, False, False, True], "n 2 different values", id="truths"),
        pytest.param([1.0, float("nan"), 2.0, 3.0], "n 1 → … → 3", id="one that is no number"),
        pytest.param([1, None, 2, 1], "n 3 different values", id="one that has none"),
    ],
)
def test_sentence_over_many_runs_does_not_read_as_if_they_were_alike(values, sentence):
    runs = [
        detail(number, params={} if value is None else {"n": value})
        for number, value in enumerate(values)
    ]
    assert compare_runs(runs).sentence.split(":")[0] == sentence


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.946281116, 0.5, 0.50000001, 2.193456789], "loss 0.5 … 2.193"),
        ([0.946281116, 0.946281117, 0.946281116, 0.946281116], "loss 0.946281116 … 0.946281117"),
    ],
    ids=["alike in between", "alike at the ends"],
)
def test_sentence_writes_in_full_only_what_would_look_the_same(values, sentence):
    runs = [detail(number, metrics={"loss": value}) for number, value in enumerate(values)]
    assert compare_runs(runs).sentence.endswith(sentence)


def test_a_parameter_that_equals_a_metric_is_not_drawn_as_one():
    values = [{"params": {"auc": value}, "metrics": {"auc": value}} for value in (0.5, 0.6)]
    page = compare_runs([detail(number, **each) for number, each in enumerate(values)]).page()
    metrics, params = [block for block in page.blocks if hasattr(block, "rows")]
    assert "▲" in metrics.rows[0][2].text
    assert params.rows[0][2].text == "0.6"


def test_values_that_differ_never_look_the_same():
    page = compare_runs([detail(1, params={"x": 1}), detail(2, params={"x": 1.0})]).page()
    (table,) = [block for block in page.blocks if hasattr(block, "rows")]
    assert [cell.text for cell in table.rows[0]] == ["x", "1", "1.0"]


def test_comparing_a_run_with_itself_finds_nothing():
    one = detail(1, params={"x": object()}, metrics={"auc": math.nan}, cells=["a", "b"])
    found = compare_runs([one, one])
    assert differing([*found.params, *found.metrics, *found.packages]) == []
    assert found.cells == ()


def test_settings_turn_the_direction_around():
    runs = [detail(1, metrics={"gain": 1.0}), detail(2, metrics={"gain": 2.0})]
    found = compare_runs(runs, Settings(lower_is_better=("gain",)))
    assert found.to_json()["metrics"][0]["better"] == "lower"


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)), min_size=1, max_size=4))
def test_a_row_differs_exactly_when_two_runs_do(runs):
    found = compare_runs([detail(number, params=params) for number, params in enumerate(runs)])
    names = {name for params in runs for name in params}
    assert {row.name for row in found.params} == names
    for name in names:
        values = {params.get(name) for params in runs}
        assert (name in differing(found.params)) == (len(values) > 1)


def test_shown_is_short_and_on_one_line():
    assert shown(0.1 + 0.2) == "0.3"
    assert shown("a\nb") == "a⏎b"
    assert len(shown("x" * 1000)) == 40
