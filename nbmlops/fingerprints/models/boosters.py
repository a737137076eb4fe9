"""Boosters of xgboost and lightgbm: by the text in which they are saved.

What counts is what predictions come from, names of features and attributes included, and what
lightgbm keeps beside the text. What does not: the version of the library, and the parameters of
training (processors, verbosity, learning rate); they are lost when a booster is saved, so that one
that was loaded is the same. scikit-learn's wrappers have them as parameters (`estimators`).
"""

import re
from typing import Any

from nbmlops.fingerprints.base import Child, Described, Mode, Part, Steps
from nbmlops.fingerprints.hashing import hashed, joined
from nbmlops.fingerprints.python.classes import own_dict
from nbmlops.records import Digest

_XGBOOST_VERSION = re.compile(rb',"version":\[[\d,]*\]\}\Z')
_LIGHTGBM_VERSION = re.compile(r"\Atree\nversion=\S+\n")
_LIGHTGBM_PARAMETERS = re.compile(r"\nparameters:.*?\nend of parameters\n", re.DOTALL)
_EVERY_ITERATION = -1  # not only those up to the best


def xgboost(value: Any, _mode: Mode) -> Described:
    """Describe a `xgboost.Booster` by its JSON."""
    from xgboost import Booster

    raw = bytes(Booster.save_raw(value, raw_format="json"))
    return _described("xgboost", hashed(_XGBOOST_VERSION.sub(b"}", raw)))


def lightgbm(value: Any, _mode: Mode) -> Steps:
    """Describe a `lightgbm.Booster` by its text, and the iteration that it predicts with."""
    from lightgbm import Booster

    text = Booster.model_to_string(value, num_iteration=_EVERY_ITERATION)
    text = _LIGHTGBM_PARAMETERS.sub("\n", _LIGHTGBM_VERSION.sub("", text))
    kept = own_dict(value) or {}
    best = yield Child(max(kept.get("best_iteration", 0), 0), ".best_iteration")
    return _described("lightgbm", joined("lightgbm", text.encode("utf-8", "surrogatepass"), best))


def _described(library: str, state: bytes) -> Described:
    part = Part("state", "fitted", Digest(state.hex()), "part")
    return Described("model", joined("booster", library.encode(), state), columns=(part,))
