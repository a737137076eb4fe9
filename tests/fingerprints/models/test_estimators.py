import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, RandomizedSearchCV
from sklearn.neighbors import BallTree, KDTree, KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint

X, Y = load_iris(return_X_y=True)
ROWS = np.ravel([np.arange(20), np.arange(60, 80)], order="F")  # of two classes in turn
X, Y = X[ROWS], Y[ROWS]


def looked_at(model: Any) -> Fingerprint:
    found = fingerprint(model)
    assert found.is_exact, found.reason
    return found


def digest(model: Any) -> str:
    return looked_at(model).digest


def parameters(model: Any) -> str:
    return looked_at(model).columns[0].digest


def state(model: Any) -> str:
    return looked_at(model).columns[1].digest


def pipeline(**given: Any) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(**given))


def columns() -> ColumnTransformer:
    return ColumnTransformer(
        [("n", StandardScaler(), [0]), ("c", make_pipeline(OneHotEncoder()), [1])],
        remainder="passthrough",
    )


def search(**given: Any) -> GridSearchCV:
    return GridSearchCV(pipeline(), {"logisticregression__C": [0.1, 1]}, cv=KFold(2), **given)


def drawn(**given: Any) -> RandomizedSearchCV:
    model = LogisticRegression()
    wanted = {"C": stats.uniform(0, 4)}
    return RandomizedSearchCV(model, wanted, n_iter=2, cv=2, random_state=0, **given)


def forest(**given: Any) -> RandomForestClassifier:
    return RandomForestClassifier(3, **{"random_state": 0} | given)


MODELS: dict[str, Callable[[], Any]] = {
    "linear": LinearRegression,
    "sets what it does not take": Lasso,
    "support vectors": SVC,
    "forest": forest,
    "histogram boosting": lambda: HistGradientBoostingRegressor(max_iter=2, random_state=0),
    "neighbours": lambda: KNeighborsClassifier(algorithm="kd_tree"),
    "clusters": lambda: KMeans(2, n_init=1, random_state=0),
    "pipeline": pipeline,
    "columns": columns,
    "search": search,
    "random search": drawn,
    "calibrated": lambda: CalibratedClassifierCV(pipeline(), cv=2),
    "frames come out": lambda: StandardScaler().set_output(transform="pandas"),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_parameters_and_state(name: str) -> None:
    model = MODELS[name]()
    before = looked_at(model)
    fitted = looked_at(model.fit(X, Y))
    assert fitted.kind == "model"
    assert [(part.name, part.type, part.role) for part in fitted.columns] == [
        ("parameters", "parameters", "part"),
        ("state", "fitted", "part"),
    ]
    assert before.columns[1].type == "not fitted"
    assert before.columns[0] == fitted.columns[0]
    assert before.digest != fitted.digest


@pytest.mark.parametrize("name", MODELS)
def test_a_clone_has_the_parameters_and_no_state(name: str) -> None:
    model = MODELS[name]().fit(X, Y)
    cloned = looked_at(clone(model))
    assert cloned.columns[0] == looked_at(model).columns[0]
    assert cloned == looked_at(MODELS[name]())


@pytest.mark.parametrize("name", MODELS)
def test_the_same_data_gives_the_same_state(name: str) -> None:
    one, again = MODELS[name]().fit(X, Y), MODELS[name]().fit(X, Y)
    assert digest(one) == digest(again) == digest(copy.deepcopy(one))
    other = MODELS[name]().fit(X[::-1] * 1.5, Y)
    assert state(one) != state(other)
    assert parameters(one) == parameters(other)


class Renamed(LinearRegression):
    """Another class with nothing of its own."""


CHANGED_PARAMETERS: dict[str, tuple[Any, Any]] = {
    "number": (LogisticRegression(C=1), LogisticRegression(C=2)),
    "jobs": (forest(n_jobs=1), forest(n_jobs=2)),
    "verbosity": (forest(verbose=0), forest(verbose=1)),
    "class": (LogisticRegression(), SVC()),
    "class of the same parameters": (LinearRegression(), Renamed()),
    "of a step": (pipeline(C=1), pipeline(C=2)),
    "name of a step": (Pipeline([("a", SVC())]), Pipeline([("b", SVC())])),
    "order of steps": (
        make_pipeline(StandardScaler(), KMeans()),
        make_pipeline(KMeans(), StandardScaler()),
    ),
    "columns": (columns(), columns().set_params(n__with_mean=False)),
    "deep inside": (columns(), columns().set_params(c__onehotencoder__min_frequency=2)),
    "what is searched": (search(), search().set_params(param_grid={"logisticregression__C": [1]})),
    "how it is split": (search(), search().set_params(cv=KFold(3))),
    "distribution": (drawn(), drawn().set_params(param_distributions={"C": stats.uniform(0, 5)})),
    "function": (FunctionTransformer(np.log), FunctionTransformer(np.sqrt)),
    "seed": (forest(random_state=0), forest(random_state=1)),
    "state of a generator": (
        forest(random_state=np.random.RandomState(0)),
        forest(random_state=np.random.RandomState(1)),
    ),
    "output": (StandardScaler(), StandardScaler().set_output(transform="pandas")),
}


@pytest.mark.parametrize("name", CHANGED_PARAMETERS)
def test_a_changed_parameter_shows_in_the_parameters(name: str) -> None:
    one, other = CHANGED_PARAMETERS[name]
    assert digest(one) != digest(other)
    if type(one) is type(other):
        assert parameters(one) != parameters(other)
        assert state(one) == state(other)


def using_a_stop_word_list(texts: list[str]) -> Any:
    return CountVectorizer(stop_words=list(texts)).fit(["a b c d e", "bb cc dd"])


def test_memory_addresses_do_not_count() -> None:
    one, other = using_a_stop_word_list(["bb", "q"]), using_a_stop_word_list(["bb", "q"])
    assert one._stop_words_id != other._stop_words_id
    assert digest(one) == digest(other)


def test_the_time_it_took_does_not_count() -> None:
    one, other = search().fit(X, Y), search().fit(X, Y)
    for name in ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time"):
        other.cv_results_[name] = one.cv_results_[name] + 1
    other.refit_time_ = one.refit_time_ + 1
    assert digest(one) == digest(other)
    other.cv_results_["mean_test_score"] = one.cv_results_["mean_test_score"] + 1
    assert digest(one) != digest(other)


def test_the_number_of_processors_does_not_count() -> None:
    one = HistGradientBoostingRegressor(max_iter=1).fit(X, Y)
    other = copy.deepcopy(one)
    other._bin_mapper.n_threads = 7
    clusters = KMeans(2, n_init=1, random_state=0).fit(X)
    others = copy.deepcopy(clusters)
    others._n_threads = 7
    assert digest(one) == digest(other)
    assert digest(clusters) == digest(others)


@pytest.mark.parametrize("name", MODELS)
def test_to_predict_changes_nothing(name: str) -> None:
    model = MODELS[name]().fit(X, Y)
    before = digest(model)
    getattr(model, "predict" if hasattr(model, "predict") else "transform")(X)
    assert digest(model) == before


@pytest.mark.parametrize("kind", [KDTree, BallTree])
def test_what_is_looked_up_in_a_tree_does_not_count(kind: Any) -> None:
    tree, other = kind(X), kind(X + 1)
    before = digest(tree)
    tree.query(X[:5])
    assert digest(tree) == before == digest(kind(X)) != digest(other)
    assert before != digest(kind(X, leaf_size=2))
    assert before != digest(kind(X, metric="manhattan"))


@pytest.mark.parametrize(
    "make",
    [lambda: stats.uniform(0, 4), lambda: stats.randint(1, 5), stats.norm.freeze],
    ids="continuous discrete plain".split(),
)
def test_where_a_random_variable_draws_from_does_not_count(make: Callable[[], Any]) -> None:
    one = digest(make())
    stats.norm.rvs()  # moves the global generator
    assert digest(copy.deepcopy(make())) == one
    assert one != digest(stats.uniform(0, 5))


def test_names_of_features_count() -> None:
    frame = pd.DataFrame(X, columns=list("abcd"))
    one = StandardScaler().fit(frame)
    assert state(one) != state(StandardScaler().fit(X))
    assert state(one) != state(StandardScaler().fit(frame.rename(columns={"a": "z"})))


def test_one_number_in_a_tree_counts() -> None:
    one, other = forest().fit(X, Y), forest().fit(X, Y)
    other.estimators_[2].tree_.value[0, 0, 0] += 1e-9
    assert state(one) != state(other)


class Own(LogisticRegression):
    """A user's estimator, whose methods nobody is to call."""

    def __init__(self, own: int = 1, **further: Any) -> None:
        super().__init__(**further)
        self.own = own

    def get_params(self, deep: bool = True) -> Any:
        raise AssertionError

    __getstate__ = __reduce__ = __eq__ = __repr__ = __sklearn_tags__ = get_params  # type: ignore
    __hash__ = None  # type: ignore[assignment]

    @property
    def asked(self) -> Any:
        raise AssertionError


def test_methods_of_the_users_estimators_are_not_called() -> None:
    one, other = Own(1), Own(2)
    other.coef_ = np.zeros(3)
    assert parameters(one) != parameters(other)
    assert parameters(Own(1, C=2)) != parameters(one)
    assert [looked_at(each).columns[1].type for each in (one, other)] == ["not fitted", "fitted"]


class Holding(BaseEstimator):
    def __init__(self, inner: Any = None) -> None:
        self.inner = inner


def test_an_estimator_may_hold_itself() -> None:
    model = Holding()
    model.inner = [model]
    assert "more than 50 levels" in str(fingerprint(model).reason)


def test_what_is_fitted_inside_of_parameters_is_state() -> None:
    inner = LinearRegression()
    model = Holding({"a": [inner, (1, inner)]})
    before = looked_at(model)
    inner.fit(X, Y)
    after = looked_at(model)
    assert before.columns[0] == after.columns[0]
    assert before.columns[1] != after.columns[1]


def test_a_bunch_is_its_items() -> None:
    one, other = load_iris(), load_iris()
    assert digest(one) == digest(other) == digest(copy.deepcopy(one))
    other.data[3, 1] += 1
    assert digest(one) != digest(other)


# All of them

NOT_EXACT: set[str] = set()
NOT_FITTED_HERE = {"SparseCoder"}  # takes its dictionary as a parameter
WITHOUT_STATE = {"FeatureHasher", "FunctionTransformer", "HashingVectorizer", "PatchExtractor"}


def test_every_estimator_is_the_same_in_another_process(
    run_python: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "from tests.fingerprints.fitted_estimators import main; main()"
    reports = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        reports.append(json.loads(run_python(script)))
    one, other = reports
    done = {name for name, report in one.items() if report is not None}
    assert len(done) > 150
    assert set(one) - done <= NOT_FITTED_HERE
    assert {name for name in done if one[name] != other[name]} == set()
    assert {name for name in done if one[name][1] is not None} == NOT_EXACT
    assert {name: one[name][2] for name in done if one[name][2]} == {}
    assert {name for name in done if one[name][3] != "fitted"} <= WITHOUT_STATE


class Given(BaseEstimator):
    def __init__(self, first: Any, second: Any = None) -> None:
        self.first, self.second = first, second


def nested(innermost: Any, of: Callable[[Any, Any], Any], levels: int = 40) -> Any:
    for _ in range(levels):
        innermost = of(innermost, innermost)
    return innermost


def listed(*parts: Any) -> list[Any]:
    return list(parts)


@pytest.mark.timeout(20)
def test_parameters_that_are_shared_are_looked_at_once() -> None:
    assert digest(Given(nested(1, listed))) != digest(Given(nested(2, listed)))
    assert digest(nested(1, Given)) != digest(nested(2, Given))
    assert digest(Given(*[StandardScaler()] * 2)) == digest(
        Given(StandardScaler(), StandardScaler())
    )


@pytest.mark.timeout(20)
def test_more_estimators_in_a_parameter_than_can_be_told_are_opaque() -> None:
    found = fingerprint(Given(nested(StandardScaler(), listed)))
    assert found.reason == "ValueError: more than 1,000 estimators in a parameter"
