"""Objects of numpy, scipy and scikit-learn whose state is kept in C: by what pickle would ask for.

Trees, loss functions, distances and splines are written in Cython: their attributes show little,
and what they say to pickle, all. Only classes of these three libraries themselves are asked. It is
never the pickled bytes that count but the values inside.
"""

from typing import Any

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import (
    ancestors,
    defined,
    full_name,
    hidden_bytes,
    qualified_name,
)
from nbmlops.fingerprints.python.homes import known_by_name
from nbmlops.fingerprints.python.objects import instance
from nbmlops.fingerprints.python.opaque import why_opaque
from nbmlops.fingerprints.walking import opaque

_PROTOCOL = 2  # of pickle: the first to ask objects for their state

# Trees of neighbours count what is looked up in them: here, in the state of sklearn ≥ 0.24.
_NEIGHBOURS = frozenset(("BinaryTree", "BinaryTree32", "BinaryTree64"))
_COUNTERS = slice(7, 11)


def compiled(value: Any, mode: Mode) -> Described | Steps:
    """Describe an object of one of these libraries."""
    kind = type(value)
    if hidden_bytes(kind) <= 0:
        return instance(value, mode)
    by_name = known_by_name(value)
    if by_name is not None:
        return by_name
    if defined(kind, "__next__") is not None or defined(kind, "__reduce__") is object.__reduce__:
        return opaque(value, why_opaque(kind))
    return _reduced(value)


def _reduced(value: Any) -> Steps:
    """Describe an object by what makes it anew, and from what."""
    kind = type(value)
    maker, arguments, *rest = value.__reduce_ex__(_PROTOCOL)
    state = rest[0] if rest else None
    if type(state) is tuple and any(qualified_name(one) in _NEIGHBOURS for one in ancestors(kind)):
        state = state[: _COUNTERS.start] + state[_COUNTERS.stop :]
    digests = []
    for part, where in ((maker, "__reduce__"), (arguments, "__reduce__"), (state, "__getstate__")):
        digests.append((yield Child(part, where)))
    return Described("object", joined("reduced", text(full_name(kind)), *digests))
