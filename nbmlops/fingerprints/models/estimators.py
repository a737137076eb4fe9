"""scikit-learn's estimators, and whatever derives from `sklearn.base.BaseEstimator`.

A model has two parts. Its *parameters* are what its class is called with, those of the estimators
in them included (``n_jobs`` and ``verbose`` too), and the outputs and metadata asked for by
``set_output`` and ``set_fit_request``; ``clone`` keeps them. Its *state* is every other attribute,
and the state of the estimators in its parameters, such as the steps of a pipeline; what has not
been fitted has none.

What does not count says nothing about the model: how long fitting took (``refit_time_``, the times
in ``cv_results_``), how many processors there were (``_n_threads``), the memory addresses that
text vectorizers remember (``_stop_words_id``). Neither does the code of the model's class.
"""

import inspect
from types import FunctionType
from typing import Any

from nbmlops.fingerprints.base import Child, Described, Mode, Part, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import ancestors, attributes, full_name, namespace
from nbmlops.fingerprints.python.identity import known_name
from nbmlops.records import Digest

_ESTIMATOR = "sklearn.base.BaseEstimator"
_CONFIGURATION = frozenset(("_sklearn_output_config", "_metadata_request"))
_NOISE = frozenset(("refit_time_", "_n_threads", "_stop_words_id"))
_PROCESSORS = "n_threads"  # a parameter of an estimator that scikit-learn keeps to itself
_BINS = "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper"
_TIMES = frozenset("mean_fit_time std_fit_time mean_score_time std_score_time".split())

# Where xgboost and lightgbm keep parameters that the signature of the class does not name.
_FURTHER = ("kwargs", "_other_params")
_BOOSTER = "_Booster"  # is None, among much else, until their models are fitted

_HOLDING = (list, tuple, dict)
_MOST_HELD = 1_000  # longer parameters hold no estimators: a vocabulary, say
_MOST_LEVELS = 50

type Tree = dict[str, Any]


def model(value: Any, _mode: Mode) -> Steps:
    """Describe an estimator."""
    reading = _Reading()
    state = reading.state(value)
    digest_of_parameters = yield Child(reading.parameters(value), "")
    digest_of_state = yield Child(state, "")
    return described_model(
        full_name(type(value)), digest_of_parameters, digest_of_state, is_fitted=bool(state)
    )


def bunch(value: Any, _mode: Mode) -> Steps:
    """Describe a dict of scikit-learn's whose keys are attributes; pickle forgets its others."""
    held = yield Child(dict(dict.items(value)), "")
    return Described("dict", joined("bunch", text(full_name(type(value))), held))


def described_model(
    class_name: str, parameters: bytes, state: bytes, *, is_fitted: bool
) -> Described:
    """Return the description of a model from the digests of its two parts."""
    parts = (
        Part("parameters", "parameters", Digest(parameters.hex()), "part"),
        Part("state", "fitted" if is_fitted else "not fitted", Digest(state.hex()), "part"),
    )
    digest = joined("model", text(class_name), parameters, state)
    return Described("model", digest, columns=parts)


def is_estimator(value: Any) -> bool:
    """Tell whether a value is an estimator, without importing scikit-learn."""
    return any(known_name(kind) == _ESTIMATOR for kind in ancestors(type(value)))


class _Reading:
    """Reads the two parts of a model; what it meets on several ways it reads once."""

    def __init__(self) -> None:
        self._parameters: dict[int, Tree] = {}  # of estimators, by id
        self._states: dict[int, Tree] = {}
        self._stand_ins: dict[int, Any] = {}  # of parameters that hold estimators

    def parameters(self, value: Any, level: int = 0) -> Tree:
        """Return the parameters of an estimator by name, without what those in them have learnt."""
        if id(value) not in self._parameters:
            parameters, _ = _split(value)
            self._parameters[id(value)] = {
                name: self._as_parameter(item, level) for name, item in parameters.items()
            }
        return self._parameters[id(value)]

    def _as_parameter(self, item: Any, level: int) -> Any:
        """Return a parameter with its parameters in the place of every estimator."""
        if is_estimator(item):
            return full_name(type(item)), self.parameters(item, _deeper(level))
        if not _estimators_in(item):
            return item
        if id(item) not in self._stand_ins:
            self._stand_ins[id(item)] = self._stand_in(item, _deeper(level))
        return self._stand_ins[id(item)]

    def _stand_in(self, held: Any, level: int) -> Any:
        if type(held) is dict:
            return {key: self._as_parameter(inner, level) for key, inner in held.items()}
        return type(held)(self._as_parameter(inner, level) for inner in held)

    def state(self, value: Any, level: int = 0) -> Tree:
        """Return what an estimator and those in its parameters have learnt; nothing if unfitted."""
        if id(value) not in self._states:
            self._states[id(value)] = self._state(value, level)
        return self._states[id(value)]

    def _state(self, value: Any, level: int) -> Tree:
        parameters, state = _split(value)
        if state.get(_BOOSTER, value) is None:
            state = {}
        for name, item in parameters.items():
            inner = [self.state(one, _deeper(level)) for one in _estimators_in(item)]
            if any(inner):
                state[name] = inner
        return state


def _estimators_in(item: Any) -> list[Any]:
    """Return the estimators that a parameter is or holds, such as the steps of a pipeline."""
    found: list[Any] = []
    _add_estimators(item, found, set(), level=0)
    return found


def _add_estimators(item: Any, found: list[Any], without: set[int], *, level: int) -> None:
    """Add the estimators in a value; ``without`` has the ids of what is known to hold none."""
    if is_estimator(item):
        found.append(item)
        if len(found) > _MOST_HELD:
            raise ValueError(f"more than {_MOST_HELD:,} estimators in a parameter")
    elif _may_hold_estimators(item) and level < _MOST_LEVELS and id(item) not in without:
        before = len(found)
        for inner in item.values() if type(item) is dict else item:
            _add_estimators(inner, found, without, level=level + 1)
        if len(found) == before:
            without.add(id(item))


def _may_hold_estimators(item: Any) -> bool:
    return type(item) in _HOLDING and len(item) <= _MOST_HELD


def _split(value: Any) -> tuple[Tree, Tree]:
    """Return the attributes of an estimator that are parameters, and those that are state."""
    own = dict(attributes(value))
    if full_name(type(value)) == _BINS:
        own.pop(_PROCESSORS, None)
    names = _CONFIGURATION | _parameter_names(type(value))
    for further in _FURTHER:
        if type(own.get(further)) is dict:
            names |= {further, *own[further]}
    parameters = {name: item for name, item in own.items() if name in names}
    state = {
        name: _without_times(item) if name == "cv_results_" else item
        for name, item in own.items()
        if name not in names and name not in _NOISE
    }
    return parameters, state


def _parameter_names(kind: type) -> frozenset[str]:
    """Return what a class and its ancestors can be called with: some set what they do not take."""
    names: set[str] = set()
    for ancestor in ancestors(kind):
        init = inspect.unwrap(namespace(ancestor).get("__init__", object.__init__))
        if type(init) is FunctionType:
            code = init.__code__
            names.update(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])
    return frozenset(names)


def _without_times(results: Any) -> Any:
    """Return what cross-validation reports without the time it took."""
    if type(results) is not dict:
        return results
    return {name: column for name, column in results.items() if name not in _TIMES}


def _deeper(level: int) -> int:
    if level == _MOST_LEVELS:
        raise ValueError(f"estimators in each other on more than {_MOST_LEVELS} levels")
    return level + 1
