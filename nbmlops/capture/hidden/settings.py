"""Settings of Python's own library that belong to the process, not to a variable.

Looked at only in executions whose code mentions the module that sets them: so they cost nothing
elsewhere, and what libraries set when they are imported is nobody's.
"""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen, Setting, differing_parts
from nbmlops.capture.hidden.libraries import libraries_used
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import LOGGERS, LOGGING, WARNING_FILTERS
from nbmlops.fingerprints.python.classes import module_of, own_dict
from nbmlops.fingerprints.python.homes import is_installed_module

type Parts = Mapping[Any, Any]
type Before = dict[str, Parts]  # of the settings that are looked at, by name

_RULES = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


@dataclass(frozen=True, slots=True)
class _Process:
    """A setting of the process, which code sets that mentions a ``module``.

    It matters to executions that use the module, or to those that mention one of ``asked_by``.
    ``by_others`` stands for it where it matters to those that do not use the module, too.
    """

    setting: Setting
    module: str
    read: Callable[[], Parts]
    by_others: Setting | None = None
    asked_by: Collection[str] = ()

    def used_by(self, execution: Ended, seen: Seen) -> Setting | None:
        """Return what an execution that has ended needed of it, as far as no mention tells."""
        if self.asked_by:
            return None
        return self.setting if self.module in libraries_used(execution, seen) else self.by_others

    def change(self, parts: set[Any], seen: Seen) -> None:
        """Take that parts of it were set."""
        self.setting.change(parts, seen)
        if self.by_others is not None and self.by_others is not self.setting:
            self.by_others.change(parts, seen)


class ProcessSettings:
    """Tells which executions set logging, warnings, and the like, and to which that mattered."""

    def __init__(self) -> None:
        limit = frozenset(("sys.getrecursionlimit",))
        filters, locale = Setting(WARNING_FILTERS), Setting("<locale>")
        self._loggers = Setting(LOGGERS)
        self._all = (
            _Process(self._loggers, "logging", _logging, by_others=Setting(LOGGING)),
            _Process(filters, "warnings", _warnings, by_others=filters),
            _Process(locale, "locale", _locale, by_others=locale),
            _Process(Setting("<recursion limit>"), "sys", _recursion, asked_by=limit),
            _Process(Setting("<decimal context>"), "decimal", _decimal),
        )

    def open(self) -> None:
        """Do nothing: settings are looked at when executions mention and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> Before:
        """Return what will be looked at; anybody may write to where messages are kept."""
        if self._loggers.changed:
            seen.unnamed.update(_messages_kept())
        return {}

    def mentioned(self, mention: Mention, seen: Seen, before: Before) -> None:
        """Look at what may be about to be set."""
        library = mention.library
        for each in self._all:
            if each.module == library and not mention.is_import:
                if each.setting.name not in before:
                    before[each.setting.name] = each.read()
                if mention.what in each.asked_by:
                    each.setting.use(seen)

    def ended(self, execution: Ended, seen: Seen, before: Before) -> None:
        """Compare what was looked at with what it was."""
        for each in self._all:
            if each.setting.changed:
                used = each.used_by(execution, seen)
                if used is not None:
                    used.use(seen)
            if each.setting.name in before:
                parts = differing_parts(before[each.setting.name], each.read())
                each.change(parts, seen)


def _messages_kept() -> Iterator[int]:
    """Give the addresses of what handlers write to in memory, and of handlers of the user's own."""
    for reference in getattr(sys.modules.get("logging"), "_handlerList", ()):
        handler = reference()
        stream = (own_dict(handler) or {}).get("stream")
        if type(stream) is StringIO or type(stream) is BytesIO:
            yield id(stream)
        elif handler is not None and not is_installed_module(module_of(type(handler))):
            yield id(handler)


def _logging() -> Parts:
    """Return what loggers have that is not as it is made."""
    logging = sys.modules["logging"]
    root = logging.__dict__["root"]
    found: dict[object, object] = {"disabled": root.manager.disable}
    for logger in (root, *root.manager.loggerDict.values()):
        content = logger.__dict__
        name = content.get("name")
        if "handlers" not in content:  # stands for those below it
            continue
        for key, usual in (("level", 0), ("propagate", True), ("disabled", False)):
            if content[key] != usual:
                found[name, key] = content[key]
        for number, handler in enumerate(content["handlers"]):
            found[name, number] = handler
            found[name, number, "level"] = handler.level
            found[name, number, "format"] = handler.formatter
        found |= {(name, "filter", number): one for number, one in enumerate(content["filters"])}
    return found


def _warnings() -> Parts:
    """Return the filters, and which is the first: a new one goes before all others."""
    filters = sys.modules["warnings"].__dict__["filters"]
    found: dict[object, object] = dict.fromkeys(map(_by_identity, filters))
    if filters:
        found["first"] = filters[0]
    return found


def _by_identity(parts: tuple[object, ...]) -> tuple[object, ...]:
    """Return a filter with its class by address: a class may have a ``__hash__`` of its own."""
    return tuple(id(part) if issubclass(type(part), type) else part for part in parts)


def _locale() -> Parts:
    locale: Any = sys.modules["locale"]
    return {"all": locale.setlocale(locale.LC_ALL)}


def _recursion() -> Parts:
    return {"limit": sys.getrecursionlimit()}


def _decimal() -> Parts:
    decimal: Any = sys.modules["decimal"]
    context = decimal.getcontext()
    return {rule: getattr(context, rule) for rule in _RULES} | dict(context.traps)
