"""Random generators: by the state from which the next numbers come."""

import random
from typing import TYPE_CHECKING, Any

from nbmlops.fingerprints.python.classes import ancestors, module_of, namespace

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_NUMPY = "numpy.random"


def of_python(walk: "Walk", value: Any) -> None:
    """Write a generator of Python's."""
    walk.part(id(value))
    walk.out.append(b"R")
    walk.follow(random.Random.getstate(value))


def of_numpy(walk: "Walk", value: Any) -> None:
    """Write a `numpy.random.Generator`: its source of bits has all of its state."""
    walk.part(id(value))
    walk.out.append(b"R")
    walk.follow((namespace(_own(value))["bit_generator"].__get__(value),))


def legacy_of_numpy(walk: "Walk", value: Any) -> None:
    """Write a `numpy.random.RandomState`; it may keep a normal number for the next time."""
    own = namespace(_own(value))
    walk.part(id(value))
    walk.part(id(own["_bit_generator"].__get__(value)) if "_bit_generator" in own else id(value))
    _state(walk, own["get_state"](value, legacy=False))


def bits_of_numpy(walk: "Walk", value: Any) -> None:
    """Write a source of random bits."""
    walk.part(id(value))
    _state(walk, namespace(_own(value))["state"].__get__(value))


def _state(walk: "Walk", state: dict[str, Any]) -> None:
    """Write what was made for us: the addresses of its dicts and arrays say nothing."""
    walk.out.append(b"R%d;" % len(state))
    for name in sorted(state):
        one = state[name]
        if type(one) is dict:
            _state(walk, one)
        elif hasattr(one, "tobytes"):
            walk.write_digest(one.tobytes())
        else:
            walk.out.append(repr(one).encode())


def _own(value: Any) -> type:
    """Return the nearest class of a value that is numpy's: no method of another is called."""
    return next(kind for kind in ancestors(type(value)) if module_of(kind).startswith(_NUMPY))
