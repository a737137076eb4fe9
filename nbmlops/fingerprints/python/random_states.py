"""Random generators of Python and numpy: by the state from which the next numbers come.

Two generators of one state give the same numbers, however they came into it. What a generator of
numpy's was seeded with does not count: it only shows in the generators that it will ``spawn``.
"""

import random
from typing import Any

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import (
    ancestors,
    attributes,
    full_name,
    module_of,
    namespace,
)
from nbmlops.fingerprints.walking import opaque

_NUMPY = "numpy.random"


def of_python(value: random.Random, _mode: Mode) -> Described | Steps:
    """Describe a generator of Python's; one that asks the operating system has no state."""
    if issubclass(type(value), random.SystemRandom):
        return opaque(value, "takes its numbers from the operating system")
    return _described(value, "random.Random", random.Random.getstate(value))


def of_numpy(value: Any, _mode: Mode) -> Steps:
    """Describe a `numpy.random.Generator` by its source of bits, which has all of its state."""
    own = _of_numpys_own(value)
    bits = namespace(own)["bit_generator"].__get__(value)
    return _described(value, full_name(own), bits)


def legacy_of_numpy(value: Any, _mode: Mode) -> Steps:
    """Describe a `numpy.random.RandomState`; it may keep a normal number for the next time."""
    own = _of_numpys_own(value)
    state = namespace(own)["get_state"](value, legacy=False)
    return _described(value, full_name(own), state)


def bits_of_numpy(value: Any, _mode: Mode) -> Steps:
    """Describe a source of random bits, or a `numpy.random.SeedSequence`."""
    own = _of_numpys_own(value)
    state = namespace(own)["state"].__get__(value)
    return _described(value, full_name(own), state)


def _of_numpys_own(value: Any) -> type:
    """Return the nearest class of a value that is numpy's: no method of another is called."""
    return next(kind for kind in ancestors(type(value)) if module_of(kind).startswith(_NUMPY))


def _described(value: Any, name: str, state: Any) -> Steps:
    digest = joined("random state", text(name), (yield Child(state, "")))
    kind = type(value)
    if full_name(kind) != name:
        own = yield Child(dict(attributes(value)), "__dict__")
        digest = joined("subclass", digest, text(full_name(kind)), own)
    return Described("random state", digest)
