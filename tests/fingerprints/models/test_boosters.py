import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.models import boosters

xgboost = pytest.importorskip("xgboost")
lightgbm = pytest.importorskip("lightgbm")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4))
Y = (X[:, 0] + 0.3 * RNG.normal(size=200) > 0).astype(int)


def looked_at(model: Any) -> Fingerprint:
    found = fingerprint(model)
    assert found.is_exact, found.reason
    assert found.kind == "model"
    return found


def digest(model: Any) -> str:
    return looked_at(model).digest


def of_xgboost(labels: Any = Y, rounds: int = 3, **parameters: Any) -> Any:
    data = xgboost.DMatrix(X, labels)
    return xgboost.train({"max_depth": 2, "nthread": 1} | parameters, data, rounds)


def of_lightgbm(labels: Any = Y, rounds: int = 3, **parameters: Any) -> Any:
    given = {"verbosity": -1, "num_threads": 1, "objective": "binary"} | parameters
    return lightgbm.train(given, lightgbm.Dataset(X, labels), rounds)


def saved_xgboost(booster: Any) -> Any:
    return xgboost.Booster(model_file=booster.save_raw())


def saved_lightgbm(booster: Any) -> Any:
    return lightgbm.Booster(model_str=booster.model_to_string())


BOTH = pytest.mark.parametrize(
    ("train", "saved"),
    [(of_xgboost, saved_xgboost), (of_lightgbm, saved_lightgbm)],
    ids=["xgboost", "lightgbm"],
)


@BOTH
def test_the_same_trees_have_one_digest(train: Any, saved: Any) -> None:
    booster = train()
    before = digest(booster)
    booster.predict(xgboost.DMatrix(X) if train is of_xgboost else X)
    assert digest(booster) == before == digest(train())
    assert before == digest(saved(booster)) == digest(copy.deepcopy(booster))
    assert before == digest(pickle.loads(pickle.dumps(booster)))


@BOTH
def test_other_trees_have_another_digest(train: Any, saved: Any) -> None:
    booster = looked_at(train())
    for given in ({"rounds": 4}, {"labels": 1 - Y}, {"learning_rate": 0.01}):
        other = looked_at(train(**given))
        assert booster.digest != other.digest
        assert booster.columns != other.columns


def test_parameters_that_leave_the_trees_alone_do_not_count() -> None:
    assert digest(of_xgboost()) == digest(of_xgboost(nthread=2, verbosity=0))
    assert digest(of_lightgbm()) == digest(of_lightgbm(num_threads=2, verbosity=-2))


def test_attributes_and_names_of_features_count() -> None:
    booster = of_xgboost()
    before = digest(booster)
    booster.set_attr(author="me")
    named = of_xgboost()
    named.feature_names = list("abcd")
    assert len({before, digest(booster), digest(named)}) == 3


def test_the_best_iteration_counts() -> None:
    booster = of_lightgbm()
    before = digest(booster)
    booster.best_iteration = 2
    assert digest(booster) != before


def test_the_version_of_the_library_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = bytes(of_xgboost().save_raw(raw_format="json"))
    assert len(boosters._XGBOOST_VERSION.findall(raw)) == 1
    text = of_lightgbm().model_to_string()
    assert len(boosters._LIGHTGBM_VERSION.findall(text)) == 1
    assert len(boosters._LIGHTGBM_PARAMETERS.findall(text)) == 1
    assert json.loads(boosters._XGBOOST_VERSION.sub(b"}", raw)).keys() == {"learner"}


MODELS: dict[str, Callable[..., Any]] = {
    "xgboost": lambda **given: xgboost.XGBClassifier(**{"n_estimators": 3} | given),
    "xgboost regression": lambda **given: xgboost.XGBRegressor(**{"n_estimators": 3} | given),
    "lightgbm": lambda **given: lightgbm.LGBMClassifier(
        **{"n_estimators": 3, "verbosity": -1} | given
    ),
    "lightgbm regression": lambda **given: lightgbm.LGBMRegressor(
        **{"n_estimators": 3, "verbosity": -1} | given
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_scikit_learns_kind_has_parameters_and_state(name: str) -> None:
    make = MODELS[name]
    model = make()
    before = looked_at(model)
    after = looked_at(model.fit(X, Y))
    assert [part.type for part in before.columns] == ["parameters", "not fitted"]
    assert [part.type for part in after.columns] == ["parameters", "fitted"]
    assert before == looked_at(clone(model))
    assert after == looked_at(make().fit(X, Y))
    assert after == looked_at(pickle.loads(pickle.dumps(model)))
    model.predict(X)
    assert after == looked_at(model)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "given",
    [{"learning_rate": 0.01}, {"n_jobs": 1}, {"max_bin": 17}, {"something_else": 3}],
    ids=str,
)
def test_a_changed_parameter_shows_in_the_parameters(name: str, given: dict[str, Any]) -> None:
    one, other = looked_at(MODELS[name]()), looked_at(MODELS[name](**given))
    assert one.columns[0].digest != other.columns[0].digest
    assert one.columns[1] == other.columns[1]


def test_a_pipeline_holds_the_state_of_its_booster() -> None:
    model = make_pipeline(StandardScaler(), MODELS["lightgbm"]())
    before = looked_at(model)
    after = looked_at(model.fit(X, Y))
    assert before.columns[0] == after.columns[0]
    assert before.columns[1] != after.columns[1]


def test_boosters_are_the_same_in_another_process(
    run_python: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
        from tests.fingerprints.models.test_boosters import (
            MODELS, X, Y, digest, of_lightgbm, of_xgboost,
        )
        print(digest(of_lightgbm()), digest(of_xgboost()))
        print(*(digest(make().fit(X, Y)) for make in MODELS.values()))
    """
    found = set()
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        found.add(run_python(script))
    assert len(found) == 1
