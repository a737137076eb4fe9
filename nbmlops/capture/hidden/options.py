"""The options of libraries: whether an execution changed some, and whether it used the library.

Compared by identity, and only texts and numbers by value: no option's own ``__eq__`` is called.
Reading is told only where some execution has changed an option before. Who sets all options that
were ever changed does not depend on what they were; who sets only some of them does.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import is_
from types import ModuleType
from typing import Any, NamedTuple

from nbmlops.capture.entries import entries
from nbmlops.capture.hidden.base import Ended, Seen, Setting, is_same
from nbmlops.capture.hidden.libraries import libraries_used
from nbmlops.capture.hidden.mentions import Mention


class _Values(NamedTuple):
    """The values of options and, in the same order, their names."""

    names: list[str]
    values: list[object]


type Read = Callable[[], _Values | None]

_NONE = _Values([], [])
_SET_BY_LIBRARY = frozenset(("backend", "backend_fallback", "interactive"))  # of matplotlib
_CONTENT_OF = vars(ModuleType)["__dict__"].__get__


@dataclass(frozen=True, slots=True)
class _Options:
    """Options that go together: ``read`` gives them, None where the library is not loaded."""

    setting: Setting
    library: str
    read: Read


class LibraryOptions:
    """Tells which executions set options of libraries, and which used those libraries since."""

    def __init__(self) -> None:
        computing = _PandasOptions("mode", "compute", "future", "io")
        showing = _PandasOptions("display", "styler", "plotting")
        printing = partial(_asked, "numpy", "get_printoptions")
        self._options = (
            _Options(Setting("<pandas options>"), "pandas", computing.read),
            _Options(Setting("<pandas display options>"), "pandas", showing.read),
            _Options(Setting("<numpy options>"), "numpy", partial(_asked, "numpy", "geterr")),
            _Options(Setting("<numpy display options>"), "numpy", printing),
            _Options(
                Setting("<scikit-learn options>"),
                "sklearn",
                partial(_asked, "sklearn", "get_config"),
            ),
            _Options(Setting("<matplotlib options>"), "matplotlib", _MatplotlibOptions().read),
        )

    def open(self) -> None:
        """Do nothing: options are looked at when executions begin and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> list[_Values | None]:
        """Return the options as they are."""
        drawing = self._options[-1]
        seen.may_plot = seen.may_plot or bool(drawing.setting.changed)
        return [options.read() for options in self._options]

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:
        """Do nothing: whose values are used is known at the end."""

    def ended(self, execution: Ended, seen: Seen, before: list[_Values | None]) -> None:
        """Compare the options with what they were."""
        if any(options.setting.changed for options in self._options):
            used = libraries_used(execution, seen)
            for options in self._options:
                if options.library in used:
                    options.setting.use(seen)
        for options, was in zip(self._options, before, strict=True):
            if was is None:
                continue
            now = options.read() or _NONE
            if not _are_the_same(was, now):
                options.setting.change({*_differing(was, now)} - _SET_BY_LIBRARY, seen)


def _are_the_same(before: _Values, now: _Values) -> bool:
    """Tell whether all are the same objects, as nearly always; in another order they are not."""
    if before is now:
        return True
    return len(before.values) == len(now.values) and all(map(is_, before.values, now.values))


def _differing(before: _Values, now: _Values) -> Iterator[str]:
    was = dict(zip(*before, strict=True))
    for name, value in zip(*now, strict=True):
        if name in was and not is_same(was[name], value):
            yield name


class _PandasOptions:
    """Sections of pandas' options: dicts within dicts, to which some are added now and then."""

    def __init__(self, *sections: str) -> None:
        self._sections = sections
        self._dicts: list[dict[str, Any]] = []
        self._names: list[str] = []

    def read(self) -> _Values | None:
        """Return all options, those of sections within sections, too."""
        if not self._dicts or sum(map(len, self._dicts)) != len(self._names):
            self._look()
        if not self._dicts:
            return None
        return _Values(self._names, [*chain.from_iterable(map(dict.values, self._dicts))])

    def _look(self) -> None:
        module = sys.modules.get("pandas._config.config")
        options = None if module is None else _CONTENT_OF(module).get("_global_config")
        if type(options) is not dict:  # not loaded, or half loaded
            return
        roots = {name: options[name] for name in self._sections if name in options}
        found = [*chain.from_iterable(_dicts_in(name, root) for name, root in roots.items())]
        self._dicts = [section for _, section in found]
        self._names = [f"{path}.{name}" for path, section in found for name in section]


def _dicts_in(path: str, options: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, options
    for name, value in options.items():
        if type(value) is dict:
            yield from _dicts_in(f"{path}.{name}", value)


def _asked(library: str, function: str) -> _Values | None:
    module = sys.modules.get(library)
    ask = None if module is None else _CONTENT_OF(module).get(function)
    if ask is None:  # not loaded, or half loaded
        return None
    options: Mapping[str, Any] = ask()
    return _Values([*options], [*options.values()])


class _MatplotlibOptions:
    """The options of matplotlib, more than 300, read anew only when their dict has changed."""

    def __init__(self) -> None:
        self._entries = b""
        self._values = _NONE  # held, so that nothing else takes their place in memory

    def read(self) -> _Values | None:
        """Return the options as they are stored: asking for them would choose a backend."""
        module = sys.modules.get("matplotlib")
        options: Any = None if module is None else _CONTENT_OF(module).get("rcParams")
        if not issubclass(type(options), dict):
            return None
        now = entries(options)
        if now != self._entries:
            self._values = _Values([*dict.keys(options)], [*dict.values(options)])
            self._entries = now
        return self._values
