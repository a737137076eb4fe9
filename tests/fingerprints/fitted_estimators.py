"""Every estimator of scikit-learn, fitted to small data; `test_models` runs it in subprocesses."""

import json
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import all_estimators

from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.walking import described

_TEXTS = ["a tale of two cities", "two cities of a tale", "cities of the plain"]


def instances() -> Iterator[Any]:
    """Give one instance of each class that can be made."""
    from sklearn.utils._test_common.instance_generator import _construct_instances

    for _, kind in all_estimators():
        try:
            made = next(iter(_construct_instances(kind)))
        except Exception:  # scikit-learn skips it
            continue
        if "random_state" in made.get_params():
            made.set_params(random_state=0)
        yield made


def data() -> list[tuple[Any, ...]]:
    """Return arguments of fit, of which each estimator takes some."""
    rng = np.random.default_rng(0)
    numbers = np.abs(rng.normal(size=(40, 4)))
    classes = (numbers[:, 0] > 0.7).astype(int)
    both = np.c_[classes, 1 - classes]
    views = numbers[:, :2], numbers[:, 2:]
    square = numbers @ numbers.T
    first = numbers[:, 0]
    return [
        (_TEXTS,), (numbers, classes), (numbers, both), (numbers, first + 1), (numbers,),
        (first, classes), views, (numbers[:, :1], classes), ([{"a": 1}],), (classes,),
        ([[0, 1], [1]],), (square,),
    ]  # fmt: skip


def fitted(made: Any) -> Any:
    """Return an estimator fitted to the first data that it takes; None where it takes none."""
    for arguments in data():
        try:
            return clone(made).fit(*arguments)
        except Exception:  # not this
            continue
    return None


def report(made: Any) -> list[Any]:
    """Return the digest of an estimator, why it is not exact, and which laws do not hold."""
    found, again, cloned = (
        described(value) for value in (made, pickle.loads(pickle.dumps(made)), clone(made))
    )
    broken = []
    if found.digest != again.digest:
        broken.append("pickled")
    if cloned.columns[:1] != found.columns[:1] or _state(cloned) != "not fitted":
        broken.append("cloned")
    return [found.digest.hex(), found.reason, broken, _state(found)]


def _state(found: Described) -> str:
    return found.columns[1].type if found.kind == "model" else found.kind


def main() -> None:
    """Print the reports of all, by class name."""
    warnings.simplefilter("ignore")
    reports = {}
    for made in instances():
        done = fitted(made)
        reports[type(made).__name__] = None if done is None else report(done)
    print(json.dumps(reports))
