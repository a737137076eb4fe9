"""Functions, classes and modules: what they hold, if they are the notebook's or local.

What is installed counts as it is: nobody changes it. Of functions count the default arguments, what
they close over, and their attributes. Of those in local modules the global names that they use
count, too: functions that were imported one by one share the state of their module. Of the
notebook's own they do not: its code is watched for them. What a function remembers of its calls
(`functools.lru_cache`) is what it holds.
"""

import _abc  # type: ignore[import-not-found]  # typeshed has no stubs of it
import functools
import gc
import sys
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from nbmlops.capture.bytecode import names_in
from nbmlops.capture.tokens.scalars import small_scalar, write_all
from nbmlops.fingerprints.python.classes import (
    ancestors,
    defined,
    module_of,
    namespace,
    own_dict,
    qualified_name,
)
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# What Python keeps in a class by itself, some of it only when somebody asks for it.
_OF_CLASSES = frozenset(
    "__dict__ __weakref__ __doc__ __module__ __qualname__ __annotations__ __abstractmethods__ "
    "__annotate__ __annotate_func__ __annotations_cache__ __slotnames__ _abc_impl "
    "__parameters__".split()
)
_NOTEBOOK = "__main__"
_LINK = "_lru_list_elem"  # in which a function with a bounded memory keeps each result
# What `functools.singledispatch` remembers of the calls.
_REMEMBERED = frozenset(("dispatch_cache", "cache_token", "_clear_cache"))


def function(walk: "Walk", value: FunctionType) -> None:
    """Write a function."""
    cells, code = value.__closure__ or (), value.__code__
    home = value.__globals__.get("__name__")
    is_installed = type(home) is str and is_installed_module(home)
    if is_installed and (not cells or _is_kept(value)):
        walk.constant(value)
        return
    walk.part(id(value))
    attributes: Any = own_dict(value) or None
    if is_installed:
        names = zip(code.co_freevars, cells, strict=True)
        cells = tuple(cell for name, cell in names if name not in _REMEMBERED)
        attributes = tuple(
            pair for pair in (attributes or {}).items() if pair[0] not in _REMEMBERED
        )
    walk.out.append(b"F%x,%d;" % (id(code), len(cells)) + code.co_code)
    walk.follow((value.__defaults__, value.__kwdefaults__, attributes, *cells))
    if not is_installed and home != _NOTEBOOK:
        held = value.__globals__
        asked = sorted({name for name in names_in(code) if name in held})
        walk.out.append(small_scalar(tuple(asked)))
        walk.follow([held[name] for name in asked])


def _is_kept(value: FunctionType) -> bool:
    """Tell whether an installed module has a function under its name."""
    module_name, name = value.__module__, value.__qualname__
    if type(module_name) is not str or not is_installed_module(module_name):
        return False
    if "<locals>" in name:  # made when the library was called, perhaps around a value of the user's
        return False
    home = sys.modules.get(module_name)
    if not issubclass(type(home), ModuleType):
        return False
    return "." in name or module_attributes(home).get(name) is value  # type: ignore[arg-type]


def cell(walk: "Walk", value: Any) -> None:
    """Write a variable of a function that inner functions share."""
    walk.part(id(value))
    try:
        held = value.cell_contents
    except ValueError:
        walk.out.append(b"c-")
        return
    walk.out.append(b"c")
    walk.follow((held,))


def method(walk: "Walk", value: MethodType) -> None:
    """Write a bound method."""
    walk.out.append(b"b")
    walk.follow((value.__func__, value.__self__))


def compiled_function(walk: "Walk", value: Any) -> None:
    """Write a compiled function; one like ``rows.append`` has a value that it belongs to."""
    walk.out.append(b"b" + value.__name__.encode("utf-8", "surrogatepass"))
    walk.follow((value.__self__,))


def wrapper(walk: "Walk", value: Any) -> None:
    """Write a static method or class method."""
    walk.out.append(b"w%x;" % id(type(value)))
    walk.follow((value.__func__,))


def property_(walk: "Walk", value: Any) -> None:
    """Write a property."""
    walk.out.append(b"w%x;" % id(type(value)))
    get = property.__dict__
    walk.follow(tuple(get[name].__get__(value) for name in ("fget", "fset", "fdel")))


def partial(walk: "Walk", value: Any) -> None:
    """Write a `functools.partial`."""
    walk.part(id(value))
    walk.out.append(b"P")
    get = functools.partial.__dict__
    walk.follow(
        tuple(get[name].__get__(value) for name in ("func", "args", "keywords", "__dict__"))
    )


def remembering(walk: "Walk", value: Any) -> None:
    """Write a function that remembers its results, with these; in which order it used them is not.

    Nothing but the garbage collector tells what it remembers. It names keys and results, what keeps
    them, and what the function is made of.
    """
    function = (own_dict(value) or {}).get("__wrapped__")
    home = getattr(function, "__module__", None) if type(function) is FunctionType else None
    if type(home) is str and is_installed_module(home):
        walk.constant(value)
        return
    walk.part(id(value))
    walk.out.append(b"P")
    remembered: list[Any] = []
    for one in gc.get_referents(value):
        if one is function or one is own_dict(value) or issubclass(type(one), type):
            continue
        is_cache = type(one) is dict
        remembered += [part for pair in one.items() for part in pair] if is_cache else [one]
    kept = {id(one): one for one in remembered if qualified_name(type(one)) != _LINK}
    walk.out.append(b"%d;" % len(kept))
    walk.follow((function, *(kept[address] for address in sorted(kept))))


def module(walk: "Walk", value: ModuleType) -> None:
    """Write a module; the notebook itself is not looked into."""
    held = module_attributes(value)
    name = held.get("__name__")
    if type(name) is not str or name == "__main__" or is_installed_module(name):
        walk.constant(value)
        return
    walk.part(id(value))
    _named(walk, b"O", held, frozenset())


def class_(walk: "Walk", value: type) -> None:
    """Write a class with its ancestors."""
    if is_installed_module(module_of(value)):
        walk.constant(value)
        return
    walk.part(id(value))
    local = [one for one in ancestors(value)[1:] if not is_installed_module(module_of(one))]
    walk.out.append(b"C%x,%d;" % (id(type(value)), len(local)))
    walk.follow((type(value), *local))
    if "_abc_impl" in namespace(value) and _is_asked_plainly(value):
        walk.out.append(b"A" + small_scalar(_registered(value)))
    _named(walk, b"C", namespace(value), _OF_CLASSES)


def _is_asked_plainly(value: type) -> bool:
    """Tell whether asking a class for what it has runs no code of the user's."""
    own = type.__dict__["__getattribute__"]
    return defined(type(value), "__getattribute__") is own


def _registered(value: type) -> tuple[int, ...]:
    """Return the ids of the classes that an abstract class counts as its own."""
    registry: set[Any] = _abc._get_dump(value)[0]
    return tuple(sorted(id(reference()) for reference in registry))


def _named(walk: "Walk", tag: bytes, held: Any, left_out: frozenset[str]) -> None:
    pairs = [
        (name, one)
        for name, one in held.items()
        if type(name) is str and not (name in left_out or _is_of_module(tag, name))
    ]
    walk.out.append(tag + b"%d;" % len(pairs))
    write_all(walk, tuple(name for name, _ in pairs))
    walk.follow([one for _, one in pairs])


def _is_of_module(tag: bytes, name: str) -> bool:
    return tag == b"O" and name.startswith("__") and name.endswith("__")
