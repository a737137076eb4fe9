"""Values that cannot be looked at, and why, in words for the one who asks."""

from typing import Any

from nbmlops.fingerprints.base import Described, Mode
from nbmlops.fingerprints.python.classes import ancestors, defined, full_name
from nbmlops.fingerprints.python.unreadable import REASONS
from nbmlops.fingerprints.walking import opaque


def unreadable(value: Any, _mode: Mode) -> Described:
    """Describe a value that looking at would change, or that is no value but a thing at work."""
    return opaque(value, why_opaque(type(value)))


def why_opaque(kind: type) -> str:
    """Say why values of a type are opaque."""
    for ancestor in ancestors(kind):
        if full_name(ancestor) in REASONS:
            return REASONS[full_name(ancestor)]
    if defined(kind, "__next__") is not None:
        return "an iterator: looking at it would use it up"
    return f"no adapter for {full_name(kind)}".replace(" builtins.", " ")
