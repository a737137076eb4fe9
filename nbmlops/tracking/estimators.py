"""Fitted estimators: finding them among names, and their hyperparameters.

By scikit-learn's conventions, which XGBoost, LightGBM, CatBoost and others follow: a class with
``fit`` and ``get_params``, fitted once it has an attribute that ends in ``_``. Nothing is imported.
"""

import inspect
import json
from collections.abc import Iterator
from typing import Any

from nbmlops.canonical import class_name, encode

_LARGEST_DEPTH = 6


def is_fitted_estimator(value: object) -> bool:
    """Tell whether a value is an estimator that has been fitted. Never raises."""
    kind = type(value)
    if kind.__module__ == "builtins" or not (hasattr(kind, "get_params") and hasattr(kind, "fit")):
        return False
    return bool(fit_token(value))


def fit_token(estimator: object) -> tuple[int, ...]:
    """Return what changes when an estimator is fitted again; empty where it is not fitted.

    The identities of its fitted attributes and of its inner estimators': two fits make new ones.
    """
    return tuple(id(value) for value in _fitted_parts(estimator, 0))


def hyperparameters(estimator: Any) -> dict[str, object]:
    """Return the estimator's own and its inner estimators' parameters, by dotted name.

    Parameters that are estimators themselves are named by their class.
    """
    return {name: value for name, value, _ in _params(estimator, "", 0)}


def chosen_hyperparameters(estimator: Any) -> dict[str, object]:
    """Return those of the hyperparameters that are not the default of their class."""
    return {
        name: value for name, value, default in _params(estimator, "", 0)
        if type(value) is not type(default) or repr(value) != repr(default)
    }  # fmt: skip


def params_json(estimator: Any) -> str:
    """Return the hyperparameters as JSON ``{name: [type, json]}``."""
    params = hyperparameters(estimator)
    return json.dumps({name: list(encode(value)) for name, value in sorted(params.items())})


def _fitted_parts(value: object, depth: int) -> Iterator[object]:
    attributes = getattr(value, "__dict__", None)
    if not isinstance(attributes, dict) or depth > _LARGEST_DEPTH:
        return
    for name, part in list(attributes.items()):
        if (name.endswith("_") and not name.startswith("_")) or name in ("_Booster", "_handle"):
            yield part
        else:
            for inner in _inner_estimators(part):
                yield from _fitted_parts(inner, depth + 1)


def _inner_estimators(value: object) -> list[object]:
    """Return the estimators in a parameter: itself, or those of a list of named steps."""
    if _is_estimator(value):
        return [value]
    if type(value) is list:
        parts = [part for item in value if type(item) is tuple for part in item]
        return [part for part in parts if _is_estimator(part)]
    return []


def _is_estimator(value: object) -> bool:
    kind = type(value)
    return (
        kind.__module__ != "builtins"
        and hasattr(kind, "get_params")
        and not isinstance(value, type)
    )


def _params(estimator: Any, prefix: str, depth: int) -> Iterator[tuple[str, object, object]]:
    """Give name, value and default of every parameter that can be written down."""
    defaults = _defaults(type(estimator))
    for name, value in estimator.get_params(deep=False).items():
        if _is_estimator(value):
            yield prefix + name, class_name(value).rpartition(".")[2], None
            if depth < _LARGEST_DEPTH:
                yield from _params(value, f"{prefix}{name}.", depth + 1)
        elif inner := _named_steps(value):
            for step, part in inner:
                yield prefix + step, class_name(part).rpartition(".")[2], None
                if depth < _LARGEST_DEPTH:
                    yield from _params(part, f"{prefix}{step}.", depth + 1)
        elif encode(value).type != "opaque":
            yield prefix + name, value, defaults.get(name)


def _named_steps(value: object) -> list[tuple[str, Any]]:
    if type(value) is not list:
        return []
    return [
        (str(item[0]), item[1])
        for item in value
        if type(item) is tuple and len(item) >= 2 and _is_estimator(item[1])
    ]


def _defaults(kind: type) -> dict[str, object]:
    try:
        signature = inspect.signature(kind)
    except (ValueError, TypeError):  # a class without a signature in Python
        return {}
    return {name: parameter.default for name, parameter in signature.parameters.items()}
