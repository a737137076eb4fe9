"""What takes the place of a function or class to see its arguments, and else is like it."""

import contextlib
import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

type Note = Callable[[Mapping[str, Any]], None]


def stand_in_for(original: Any, note: Note, *, parameters: tuple[str, ...]) -> Any:
    """Return what notes the arguments of each call, by name, and passes everything on.

    Name, signature and documentation are those of the original, of which instances, subclasses and
    pickles are too, as long as the stand-in has its place in its home module. ``parameters`` are
    the names of the first arguments where Python does not know them.
    """
    if isinstance(original, classmethod | staticmethod):
        return type(original)(_function(original.__func__, note, parameters))
    if isinstance(original, type):
        return _class(original, note, parameters)
    return _function(original, note, parameters)


def _function(original: Any, note: Note, parameters: tuple[str, ...]) -> Any:
    names = _parameters(original, parameters)

    @wraps(original)
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        _noted(note, names, args, kwargs)
        return original(*args, **kwargs)

    return stand_in


def _class(original: Any, note: Note, parameters: tuple[str, ...]) -> Any:
    names = _parameters(original, parameters)

    class Watched(type(original)):  # type: ignore[misc]
        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            _noted(note, names, args, kwargs)
            return super().__call__(*args, **kwargs)

        def __instancecheck__(cls, instance: Any) -> bool:
            if cls is stand_in:
                return isinstance(instance, original)
            return bool(super().__instancecheck__(instance))

        def __subclasscheck__(cls, kind: type) -> bool:
            return (
                issubclass(kind, original) if cls is stand_in else super().__subclasscheck__(kind)
            )

    content = {
        "__module__": original.__module__,
        "__qualname__": original.__qualname__,
        "__doc__": original.__doc__,
        "__slots__": (),
    }
    stand_in = Watched(original.__name__, (original,), content)
    return stand_in


def _parameters(original: Any, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(original).parameters)
    except (TypeError, ValueError):
        return otherwise


def _noted(
    note: Note, names: tuple[str, ...], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    with contextlib.suppress(Exception):  # the user's call must go on
        note({**dict(zip(names, args, strict=False)), **kwargs})
