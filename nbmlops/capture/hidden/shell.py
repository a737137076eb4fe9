"""What executions set of IPython itself: magics, and how results are shown.

A magic is known by its name; who uses it is seen by the name in the code that calls it. How results
are shown is looked at only in executions that ask for the shell or IPython's modules. It matters
where a value is shown, or handled, for whose class it was set.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import Any

from nbmlops.capture.entries import entries
from nbmlops.capture.hidden.base import Ended, Seen, Setting, differing_parts
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import DISPLAY_SETTINGS, magic

_LIBRARIES = frozenset(("IPython", "ipykernel"))
_COME_ALONG = frozenset((*_LIBRARIES, __name__.partition(".")[0]))
_EXTENSIONS = "IPython.extensions."  # come with IPython, but have to be loaded
_MADE_BY_MAGIC = "MagicAlias"  # by ``%alias_magic``
_GETS_SHELL = "get_ipython"
# Traits that say how text is laid out; `float_format` is what ``%precision`` sets.
_LAYOUT = ("pprint", "max_width", "max_seq_length", "newline", "verbose")
# Classes are told apart by their addresses: a class may have an ``__eq__`` of its own.
_MAY_HOLD_NUMBERS = frozenset(map(id, (float, list, tuple, dict, set, frozenset)))
_ALL, _NUMBERS = id(object), id(float)
_MODULE_OF = type.__dict__["__module__"].__get__
_BASES_OF = type.__dict__["__mro__"].__get__
_NAME_OF = type.__dict__["__name__"].__get__


@dataclass(frozen=True, slots=True, eq=False)
class _Magics:
    """The functions of all magics, by name for each kind; and where these lie, as `entries` says.

    The functions are held: where the addresses are the same, so are they.
    """

    rows: tuple[bytes, ...]
    functions: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Before:
    magics: _Magics
    results: int
    display: Mapping[Any, Any] | None = None  # looked at only if the code asks for the shell


class ShellSettings:
    """Tells which executions registered magics and printers, and which needed them."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._there = _Magics((), ())
        self._magics: set[str] = set()  # that executions registered
        self._display = Setting(DISPLAY_SETTINGS)
        self._kinds: set[object] = set()  # for which printers were set

    def open(self) -> None:
        """Do nothing: all is compared and mentioned."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> _Before:  # noqa: ARG002
        """Return the magics as they are."""
        return _Before(self._all_magics(), _results(self._shell.user_ns))

    def mentioned(self, mention: Mention, seen: Seen, before: _Before) -> None:
        """Take that code is about to ask for the shell, perhaps for a magic."""
        gets_shell = mention.name == _GETS_SHELL
        if gets_shell and self._magics:
            for name in self._magics.intersection(filter(_is_text, mention.code.co_consts)):
                seen.use(magic(name))
        if (gets_shell or mention.library in _LIBRARIES) and before.display is None:
            before.display = self._all_display()

    def ended(self, execution: Ended, seen: Seen, before: _Before) -> None:
        """Compare both with what they were."""
        now = self._all_magics()
        if now is not before.magics:
            for was, functions in zip(before.magics.functions, now.functions, strict=True):
                names = {
                    name
                    for name, function in functions.items()
                    if was.get(name) is not function and not _comes_with_ipython(function)
                }
                seen.defined |= {magic(name) for name in names}
                self._magics |= names
        if self._kinds and self._is_shown(execution, before.results):
            self._display.use(seen)
        if before.display is not None:
            changed: set[Any] = differing_parts(before.display, self._all_display())
            self._kinds.update(kind for _, kind in changed)
            self._display.change(changed, seen)

    def _all_magics(self) -> _Magics:
        """Return the magics: the very same object as long as none is changed."""
        there = [*self._shell.magics_manager.magics.values()]
        rows = tuple(map(entries, there))
        if rows != self._there.rows:
            self._there = _Magics(rows, tuple(map(dict, there)))
        return self._there

    def _all_display(self) -> dict[tuple[object, object], object]:
        """Return what shows values, by the class of those; that of all is `object`."""
        shell = self._shell
        found: dict[tuple[object, object], object] = {
            ("results", _ALL): shell.ast_node_interactivity
        }
        for kind, formatter in shell.display_formatter.formatters.items():
            found |= {(kind, id(each)): one for each, one in formatter.type_printers.items()}
            found |= {(kind, each): one for each, one in formatter.deferred_printers.items()}
            found[kind, _ALL] = formatter.enabled
        text = shell.display_formatter.formatters["text/plain"]
        found |= {(name, _ALL): getattr(text, name, None) for name in _LAYOUT}
        # Its printer of numbers is made anew each time.
        found["text/plain", _NUMBERS] = text.float_format
        return found

    def _is_shown(self, execution: Ended, results: int) -> bool:
        if _ALL in self._kinds:
            return True
        namespace = execution.namespace
        values = [namespace[name] for name in execution.handled if name in namespace]
        if _results(namespace) != results:
            result = namespace.get("_")
            if _NUMBERS in self._kinds and id(type(result)) in _MAY_HOLD_NUMBERS:
                return True
            values.append(result)
        return any(not self._kinds.isdisjoint(_kinds(value)) for value in values)


def _comes_with_ipython(function: Any) -> bool:
    """Tell whether a magic is IPython's, which loads some when they are used, or nbmlops'."""
    kind = type(function)
    if kind is FunctionType:
        home = function.__module__
    else:
        kind = type(function.__self__) if kind is MethodType else kind
        home = _MODULE_OF(kind)
        if _NAME_OF(kind) == _MADE_BY_MAGIC:
            return False
    if type(home) is not str or home.startswith(_EXTENSIONS):
        return False
    return home.partition(".")[0] in _COME_ALONG


def _kinds(value: object) -> Iterator[object]:
    """Give the classes that a value is of, or a class is, as printers are known by here.

    By address those that printers have met, by module and name the others.
    """
    own = type(value)
    for kind in _BASES_OF(value if issubclass(own, type) else own):
        yield id(kind)
        home = _MODULE_OF(kind)
        if type(home) is str:
            yield home, _NAME_OF(kind)


def _results(namespace: Mapping[str, Any]) -> int:
    """Return how many results were kept by now."""
    results = namespace.get("_oh")
    return len(results) if type(results) is dict else 0


def _is_text(value: object) -> bool:
    return type(value) is str
