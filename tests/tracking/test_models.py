"""Fitted estimators: what is recorded of them, and that fitting again is a new result."""

import json
import pickle

import pytest

from nbmlops.store import open_blobs
from tests.kernels import metrics_of, params_of

SETUP = """
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV
from sklearn.ensemble import RandomForestClassifier
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 2))
y = (X[:, 0] > 0).astype(int)
"""


@pytest.fixture
def learning(kernel):
    assert kernel.run(SETUP, cell_id="setup").status == "ok"
    return kernel


def kernel_execution(kernel, cell_id):
    return next(found.id for found in kernel.executions() if found.cell_id == cell_id)


def models_of(run):
    return {model.name: model.class_name.rpartition(".")[2] for model in run.summary.models}


@pytest.mark.parametrize(
    ("source", "models", "params"),
    [
        pytest.param("model = Ridge(alpha=2.5).fit(X, y)", {"model": "Ridge"},
                     {"model.alpha": 2.5}, id="estimator"),
        pytest.param("model = Ridge(); model.fit(X, y)", {"model": "Ridge"}, {},
                     id="defaults are the class's own"),
        pytest.param("clf = RandomForestClassifier(n_estimators=3, max_depth=2).fit(X, y)",
                     {"clf": "RandomForestClassifier"},
                     {"clf.n_estimators": 3, "clf.max_depth": 2}, id="ensemble"),
        pytest.param("pipe = make_pipeline(StandardScaler(), Ridge(alpha=3.0)).fit(X, y)",
                     {"pipe": "Pipeline"},
                     {"pipe.standardscaler": "StandardScaler", "pipe.ridge": "Ridge",
                      "pipe.ridge.alpha": 3.0}, id="pipeline"),
        pytest.param("scaler = StandardScaler(with_mean=False)\n"
                     "pipe = Pipeline([('pre', ColumnTransformer([('s', scaler, [0])])),\n"
                     "                 ('fit', Ridge())]).fit(X, y)",
                     {"pipe": "Pipeline"},
                     {"pipe.pre": "ColumnTransformer", "pipe.pre.s": "StandardScaler",
                      "pipe.pre.s.with_mean": False, "pipe.fit": "Ridge"},
                     id="pipeline with a column transformer"),
        pytest.param("search = GridSearchCV(Ridge(), {'alpha': [1.0, 2.0]}, cv=2).fit(X, y)",
                     {"search": "GridSearchCV"},
                     {"search.estimator": "Ridge", "search.param_grid": {"alpha": [1.0, 2.0]},
                      "search.cv": 2}, id="grid search"),
        pytest.param("a = Ridge(alpha=2.0).fit(X, y)\nb = Ridge(alpha=3.0).fit(X, y)",
                     {"a": "Ridge", "b": "Ridge"}, {"a.alpha": 2.0, "b.alpha": 3.0}, id="two"),
    ],
)  # fmt: skip
def test_fitting_opens_a_run_with_the_model_and_its_hyperparameters(
    learning, source, models, params
):
    assert learning.run(source).status == "ok"
    [run] = learning.runs()
    assert models_of(run) == models
    assert params_of(run) == params
    assert {param.source for param in run.summary.params} <= {"estimator"}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("_hidden = Ridge().fit(X, y)", id="private"),
        pytest.param("model = Ridge()", id="not fitted"),
        pytest.param("model = Ridge", id="class"),
        pytest.param("Ridge().fit(X, y);", id="without a name"),
        pytest.param("def train():\n    model = Ridge().fit(X, y)\ntrain()", id="in a function"),
        pytest.param("models = [Ridge().fit(X, y)]", id="in a list"),
    ],
)
def test_estimator_that_no_name_holds_fitted_is_no_result(learning, source):
    assert learning.run(source).status == "ok"
    assert learning.runs() == []


def test_all_hyperparameters_of_a_model_are_kept_with_it(learning):
    learning.run("model = Ridge(alpha=2.5).fit(X, y)")
    [run] = learning.runs()
    [model] = run.summary.models
    params = json.loads(model.params)
    assert params["alpha"] == ["float", "2.5"]
    assert params["fit_intercept"] == ["bool", "true"]
    assert (model.blob, model.size_bytes) == (None, None)


def test_model_and_its_metric_in_the_next_cell_are_one_run(learning):
    learning.run("model = Ridge(alpha=2.5).fit(X, y)", cell_id="fit")
    learning.run("r2 = model.score(X, y)", cell_id="score")
    [run] = learning.runs()
    assert (models_of(run), [*metrics_of(run)]) == ({"model": "Ridge"}, ["r2"])
    assert [execution.cell_id for execution, _ in run.executions] == ["setup", "fit", "score"]


def test_fitting_again_gives_a_new_run_with_its_own_parameters(learning):
    for alpha in (1.5, 2.5):
        learning.run(f"%%nbmlops params\nalpha = {alpha}", cell_id="params")
        learning.run("model = Ridge(alpha=alpha).fit(X, y)", cell_id="fit")
        learning.run("r2 = model.score(X, y)", cell_id="score")
    first, second = learning.runs()
    assert params_of(first) == {"alpha": 1.5, "model.alpha": 1.5}
    assert params_of(second) == {"alpha": 2.5, "model.alpha": 2.5}
    assert first.run.status == "finished"


def test_scoring_again_gives_a_new_run_of_the_same_model(learning):
    learning.run("model = Ridge(alpha=2.5).fit(X, y)", cell_id="fit")
    for _ in range(2):
        learning.run("r2 = model.score(X, y)", cell_id="score")
    first, second = learning.runs()
    assert models_of(first) == models_of(second) == {"model": "Ridge"}
    assert params_of(first) == params_of(second) == {"model.alpha": 2.5}


@pytest.mark.parametrize(
    "source",
    ["model.predict(X);", "model.get_params();", "model", "repr(model);", "other = None or model"],
)
def test_using_a_model_is_no_result(learning, source):
    learning.run("model = Ridge().fit(X, y)", cell_id="fit")
    for _ in range(2):
        learning.run(source, cell_id="use")
    [run] = learning.runs()
    [model] = [model for model in run.summary.models if model.name == "model"]
    assert model.execution_id == kernel_execution(learning, "fit")


def test_refit_in_place_is_a_result(learning):
    learning.run("model = Ridge()", cell_id="make")
    for _ in range(2):
        learning.run("model.fit(X, y);", cell_id="fit")
    assert [models_of(run) for run in learning.runs()] == [{"model": "Ridge"}] * 2


def test_estimator_that_fails_when_asked_does_not_reach_the_cell(learning):
    learning.run("""
class Broken:
    def fit(self): self.coef_ = 1; return self
    def get_params(self, deep=True): raise RuntimeError("no")
""")
    reply = learning.run("model = Broken().fit()")
    assert reply.status == "ok"
    assert learning.run("auc = 0.9").status == "ok"
    assert metrics_of(learning.runs()[-1]) == {"auc": 0.9}


def test_logged_model_comes_back_as_it_was(learning):
    learning.run("import nbmlops\nmodel = Ridge(alpha=2.5).fit(X, y)\n"
                 "nbmlops.log_model(model, 'churn')")  # fmt: skip
    [run] = learning.runs()
    kept = {model.name: model for model in run.summary.models}["churn"]
    data = open_blobs(learning.url).get(kept.blob)
    assert (kept.format, kept.size_bytes) == ("pickle", len(data))
    assert pickle.loads(data).alpha == 2.5
    assert kept.class_name.endswith(".Ridge")


def test_model_that_cannot_be_pickled_raises_and_nothing_is_recorded(learning):
    reply = learning.run("import nbmlops\nnbmlops.log_model(lambda: 1)")
    assert reply.error in ("PicklingError", "AttributeError")
    assert learning.runs() == []


def test_next_model_measured_by_the_same_name_makes_a_run_of_its_own(learning):
    for name, source in (("ridge", "Ridge(alpha=3.0)"), ("logistic", "LogisticRegression(C=0.5)")):
        learning.run(f"{name} = {source}.fit(X, y)", cell_id=f"fit {name}")
        learning.run(f"score = {name}.score(X, y)", cell_id=f"score {name}")
    first, second = learning.runs()
    assert models_of(first) == {"ridge": "Ridge"}
    assert models_of(second) == {"logistic": "LogisticRegression"}
    assert params_of(first) == {"ridge.alpha": 3.0}
    assert params_of(second) == {"logistic.C": 0.5}


def test_estimator_whose_parameters_cannot_be_read_does_not_cost_the_cell_its_metrics(learning):
    source = (
        "class Broken:\n"
        "    def fit(self): self.coef_ = 1; return self\n"
        "    def get_params(self, deep=True): raise RuntimeError('no')\n"
        "broken = Broken().fit()\n"
        "auc = 0.9"
    )
    assert learning.run(source, cell_id="broken").status == "ok"
    assert metrics_of(learning.runs()[-1]) == {"auc": 0.9}
