"""The options of libraries: whether an execution changed some, and whether it used the library.

Compared by identity, and only texts and numbers by value: no option's own ``__eq__`` is called.
Reading is told only where some execution has changed an option before. Who sets all options that
were ever changed does not depend on what they were; who sets only some of them does.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen
from nbmlops.capture.hidden.libraries import libraries_used
from nbmlops.capture.hidden.mentions import Mention

type Values = Mapping[Any, Any]

_PRIMITIVES = (str, int, float, bool)
_SET_BY_LIBRARY = frozenset(("backend", "backend_fallback", "interactive"))  # of matplotlib
_MISSING = object()


@dataclass(frozen=True, slots=True)
class _Options:
    """Options that go together: ``read`` gives them, None where the library is not loaded."""

    name: str
    library: str
    read: Callable[[], Values | None]
    changed: set[object] = field(default_factory=set)  # by any execution


class LibraryOptions:
    """Tells which executions set options of libraries, and which used those libraries since."""

    def __init__(self) -> None:
        self._options = (
            _Options("<pandas options>", "pandas", _pandas_computing),
            _Options("<pandas display options>", "pandas", _pandas_display),
            _Options("<numpy options>", "numpy", _numpy_errors),
            _Options("<numpy display options>", "numpy", _numpy_printing),
            _Options("<matplotlib options>", "matplotlib", _matplotlib),
        )

    def open(self) -> None:
        """Do nothing: options are looked at when executions begin and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> list[Values | None]:
        """Return the options as they are."""
        drawing = self._options[-1]
        seen.may_plot = seen.may_plot or bool(drawing.changed)
        return [options.read() for options in self._options]

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:
        """Do nothing: whose values are used is known at the end."""

    def ended(self, execution: Ended, seen: Seen, before: list[Values | None]) -> None:
        """Compare the options with what they were."""
        if any(options.changed for options in self._options):
            used = libraries_used(execution, seen)
            for options in self._options:
                if options.changed and options.library in used:
                    seen.used.add(options.name)
        for options, was in zip(self._options, before, strict=True):
            now = options.read()
            if was is not None and now is not None:
                _take(options, {*_differing(was, now)} - _SET_BY_LIBRARY, seen)


def _take(options: _Options, changed: set[object], seen: Seen) -> None:
    if not changed:
        return
    if changed >= options.changed:
        seen.defined.add(options.name)
        seen.used.discard(options.name)
    else:
        seen.change(options.name)
    options.changed.update(changed)


def _differing(before: Values, now: Values) -> Iterator[object]:
    for key, value in now.items():
        was = before.get(key, _MISSING)
        if was is value:
            continue
        if type(was) is dict and type(value) is dict:
            yield from ((key, inner) for inner in _differing(was, value))
        elif was is not _MISSING and not (type(was) in _PRIMITIVES and _is_equal(was, value)):
            yield key


def _is_equal(one: object, other: object) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))


def _copied(options: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: _copied(value) if type(value) is dict else value for key, value in options.items()}


def _pandas() -> Mapping[str, Any]:
    module = sys.modules.get("pandas._config.config")
    content = None if module is None else module.__dict__.get("_global_config")
    return content if type(content) is dict else {}


def _pandas_display() -> Values | None:
    options = _pandas()
    return _copied(_only(options, ("display", "styler", "plotting"))) if options else None


def _pandas_computing() -> Values | None:
    options = _pandas()
    return _copied(_only(options, ("mode", "compute", "future", "io"))) if options else None


def _only(options: Mapping[str, Any], sections: Iterable[str]) -> dict[str, Any]:
    return {section: options[section] for section in sections if section in options}


def _numpy_errors() -> Values | None:
    return _asked("numpy", "geterr")


def _numpy_printing() -> Values | None:
    return _asked("numpy", "get_printoptions")


def _asked(library: str, function: str) -> Values | None:
    module = sys.modules.get(library)
    ask = None if module is None else ModuleType.__getattribute__(module, "__dict__").get(function)
    if ask is None:  # not loaded, or half loaded
        return None
    options: Values = ask()
    return options


def _matplotlib() -> Values | None:
    """Return the options as they are stored: asking for them would choose a backend."""
    module = sys.modules.get("matplotlib")
    options = None if module is None else module.__dict__.get("rcParams")
    if not isinstance(options, dict):
        return None
    return dict(zip(dict.keys(options), dict.values(options), strict=True))
