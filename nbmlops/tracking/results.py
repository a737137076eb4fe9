"""What executions give: parameters, metrics by their names, fitted models; and to which runs.

Values are looked at once, when their cell ends, and only their descriptions are kept.
"""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from nbmlops.canonical import Encoded, class_name, encode
from nbmlops.capture.base import Namespace
from nbmlops.cells.names import parsed
from nbmlops.cells.parameters import PARAMETER_TAGS
from nbmlops.cells.touches import touches_by_line
from nbmlops.config import Settings
from nbmlops.measures import is_metric
from nbmlops.records import Execution, ExecutionId, Model, Names, Param, RunId
from nbmlops.tracking.active import ActiveRun
from nbmlops.tracking.estimators import (
    chosen_hyperparameters,
    fit_token,
    is_fitted_estimator,
    params_json,
)

# What a parameters cell may hold beside parameters: imports, functions, classes.
_NO_PARAMS = (ModuleType, FunctionType, BuiltinFunctionType, type)
_MISSING = type
# Types that are one number; others (0-d tensors, say) may live on a GPU.
_SCALARS = (int, float)


class Results:
    """The parameters and models of a session's executions, and how a run gets its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.wanted: set[str] = set()  # names made metrics by hand
        self._params: dict[ExecutionId, dict[str, Param]] = {}
        self._current: dict[str, dict[str, Param]] = {}  # by cell
        self._known: set[str] = set()
        self._replaced: set[str] = set()  # parameters, by code that is not recorded
        self._models: dict[ExecutionId, list[_Fitted]] = {}
        self._fitted: dict[str, tuple[int, ...]] = {}

    def take_params(self, execution: Execution, namespace: Namespace) -> None:
        """Keep the parameters that a cell set: all of a parameters cell, known ones elsewhere."""
        names, is_cell = execution.names, bool(PARAMETER_TAGS & set(execution.tags))
        found = {
            name: param
            for name in names.defined
            if (is_cell or name in self._known) and (param := _param(name, namespace))
        }
        self._replace(names, namespace)
        for name in self._replaced.intersection(names.used, self._known):
            if param := _param(name, namespace):
                found.setdefault(name, param)
        self._replaced -= {*names.defined}
        if is_cell:
            self._current[execution.cell_key] = found
            self._known |= found.keys()
        if found:
            self._params[execution.id] = found

    def _replace(self, names: Names, namespace: Namespace) -> None:
        """Take what parameters are now that code has written which is not recorded.

        What an execution sets itself, it sets after that; who reads it, has read that value.
        """
        self._replaced |= self._known.intersection(names.replaced)
        for name in names.replaced:
            param = _param(name, namespace)
            for params in self._current.values():
                if name in params and param is not None:
                    params[name] = param

    def metrics(
        self, execution: Execution, namespace: Namespace, *, leave_out: Collection[str]
    ) -> dict[str, float]:
        """Return the scalars that a cell bound and whose names are those of metrics."""
        if not self._settings.match_metrics or PARAMETER_TAGS & set(execution.tags):
            return {}
        found = {}
        for name in execution.names.defined:
            is_wanted = name in self.wanted or is_metric(name, self._settings)
            if is_wanted and name not in leave_out and name in namespace:
                value = as_scalar(namespace[name])
                if value is not None:
                    found[name] = value
        return found

    def take_models(self, execution: Execution, namespace: Namespace) -> bool:
        """Describe the estimators that a cell fitted; tell whether there were any."""
        names = execution.names
        found = []
        refitted = _names_fitted_in(execution.source) & {*names.used}
        for name in dict.fromkeys((*names.defined, *names.touched, *sorted(refitted))):
            value = namespace.get(name)
            if name.startswith("_") or not is_fitted_estimator(value):
                continue
            token = fit_token(value)
            if self._fitted.get(name) != token:
                self._fitted[name] = token
                with contextlib.suppress(Exception):  # get_params is the user's code, and may raise
                    found.append(_Fitted.of(name, value))
        if found:
            self._models[execution.id] = found
        return bool(found)

    def describe(self, run: ActiveRun, behind: Collection[ExecutionId] | None) -> None:
        """Give a run the parameters and models of the executions behind its results.

        A parameter is what the last execution set it to that the results depend on, or, where
        they depend on none that set it, what its cell sets it to now. ``behind`` is None while an
        execution goes on: what it depends on is not known yet.
        """
        used: dict[str, Param] = {}
        for params in self._current.values():
            used |= params
        for execution_id, params in self._params.items():
            if behind is not None and execution_id in behind:
                used |= params
        for param in used.values():
            run.put_written_param(replace(param, run_id=run.id))
        for execution_id, models in self._models.items():
            if behind is not None and execution_id in behind:
                for fitted in models:
                    fitted.put_into(run, execution_id)


def _param(name: str, namespace: Namespace) -> Param | None:
    """Return what a variable is as a parameter, None where it is none."""
    value = namespace.get(name, _MISSING)
    if name.startswith("_") or isinstance(value, _NO_PARAMS):
        return None
    return Param.of(RunId(""), name, value, "cell")


def _names_fitted_in(source: str) -> set[str]:
    """Return the names on which a cell calls ``fit``: the model may come out as it was."""
    tree = parsed(source) if ".fit" in source else None
    touches = touches_by_line(tree).values() if tree is not None else ()
    return {each.name for found in touches for each in found if (each.method or "")[:3] == "fit"}


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A fitted estimator's description, never the object itself."""

    name: str
    class_name: str
    params: str
    chosen: tuple[tuple[str, Encoded], ...]

    @classmethod
    def of(cls, name: str, model: Any) -> "_Fitted":
        chosen = chosen_hyperparameters(model).items()
        written = tuple((param, encode(value)) for param, value in chosen)
        return cls(name, class_name(model), params_json(model), written)

    def put_into(self, run: ActiveRun, execution_id: ExecutionId) -> None:
        record = Model(run.id, self.name, self.class_name, self.params, execution_id)
        known = run.models.get(self.name)
        if known is None or (known != record and known.blob is None):
            run.put_model(record)
        for param in self._params(run.id):
            run.put_written_param(param)

    def _params(self, run_id: RunId) -> Iterator[Param]:
        for param, written in self.chosen:
            name = f"{self.name}.{param}"
            yield Param(run_id, name, written.type, written.json, "estimator")


def as_scalar(value: object) -> float | None:
    """Return the float in a value that is one number; None for everything else, bools too."""
    kind = type(value)
    if kind in _SCALARS:
        try:
            return float(value)  # type: ignore[arg-type]
        except OverflowError:  # no float is near it: infinite it is not
            return None
    if kind.__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        if value.dtype.kind not in "iuf":  # type: ignore[attr-defined]
            return None  # a time, whose item may be a count of nanoseconds
        plain = value.item()  # type: ignore[attr-defined]
        return float(plain) if type(plain) in _SCALARS else None
    return None
