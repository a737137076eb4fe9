"""What cannot change: by its content, where it has any, else by where it lies."""

import decimal
import sys
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import small_scalar
from nbmlops.fingerprints.python.classes import (
    ancestors,
    full_name,
    module_of,
    qualified_name,
)
from nbmlops.fingerprints.python.homes import is_installed_module

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_PROTOCOL = 2  # of pickle: the first to ask objects for their state

# Trees of neighbours count what is looked up in them: here, in the state of sklearn ≥ 0.24.
_NEIGHBOURS = frozenset(("BinaryTree", "BinaryTree32", "BinaryTree64"))
_COUNTERS = slice(7, 11)


def constant(walk: "Walk", value: Any) -> None:
    """Write what is itself as long as it lives, and whatever it holds does not count."""
    walk.constant(value)


def nothing(walk: "Walk", _value: Any) -> None:
    """Write what does not count at all, like the caches of abstract classes."""
    walk.out.append(b"-")


def by_text(walk: "Walk", value: Any) -> None:
    """Write a type of data by how its library shows it."""
    walk.out.append(b"n" + small_scalar(str(value)))


def path(walk: "Walk", value: Any) -> None:
    """Write a path by its text; what the object remembers of its parts does not count."""
    from nbmlops.fingerprints.python.scalars import plain_path  # brings much with it

    walk.out.append(b"p" + small_scalar(str(plain_path(value))))


def decimal_number(walk: "Walk", value: Any) -> None:
    """Write a decimal number by its digits."""
    walk.out.append(b"d" + small_scalar(decimal.Decimal.__str__(value)))


def number_of_numpy(walk: "Walk", value: Any) -> None:
    """Write a number of numpy's."""
    generic = sys.modules["numpy"].generic
    walk.out.append(b"a" + generic.dtype.__get__(value).str.encode() + generic.tobytes(value))


def number_range(walk: "Walk", value: range) -> None:
    """Write a range by its numbers."""
    walk.out.append(b"g" + small_scalar((value.start, value.stop, value.step)))


def by_reduction(walk: "Walk", value: Any) -> None:
    """Write an object of Python's own by what would make it anew."""
    base: Any = next(one for one in ancestors(type(value)) if is_installed_module(module_of(one)))
    reduced = base.__reduce_ex__(value, _PROTOCOL)
    walk.out.append(b"r%x,%d;" % (id(type(value)), len(reduced)))
    walk.follow(reduced)


def compiled(walk: "Walk", value: Any) -> None:
    """Write a compiled object of numpy, scipy, scikit-learn or pandas by what pickle would ask."""
    kind = type(value)
    reduced = value.__reduce_ex__(_PROTOCOL)
    if type(reduced) is str:
        walk.constant(value)
        return
    walk.part(id(value))
    _maker, arguments, *rest = reduced
    state = rest[0] if rest else None
    if type(state) is tuple and any(qualified_name(one) in _NEIGHBOURS for one in ancestors(kind)):
        state = state[: _COUNTERS.start] + state[_COUNTERS.stop :]
    walk.out.append(b"r%x;" % id(kind))
    _made(walk, (arguments, state))


def _made(walk: "Walk", value: Any) -> None:
    """Write what was made for us, whose own addresses say nothing; arrays may be views."""
    kind = type(value)
    if kind is dict:
        value = (*value, *value.values())
    if kind is dict or kind is tuple or kind is list:
        walk.out.append(b"(%d;" % len(value))
        for item in value:
            _made(walk, item)
    elif full_name(kind) == "numpy.ndarray" and value.base is None:
        _array_writer()(walk, value)
    else:
        walk.out.append(b",")
        walk.follow((value,))


def _array_writer() -> Any:
    from nbmlops.capture.tokens.arrays import write_array  # numpy is there by now

    return write_array
