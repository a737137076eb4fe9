"""Settings of Python's own library that belong to the process, not to a variable.

Looked at only in executions whose code mentions the module that sets them: so they cost nothing
elsewhere, and what libraries set when they are imported is nobody's.
"""

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen, Setting, differing_parts
from nbmlops.capture.hidden.libraries import libraries_used
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import LOGGING, WARNING_FILTERS

type Parts = Mapping[Any, Any]
type Before = dict[str, Parts]  # of the settings that are looked at, by name

_RULES = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


@dataclass(frozen=True, slots=True)
class _Process:
    """A setting of the process, which code sets that mentions a ``module``.

    It matters to all executions, or to those that mention one of ``asked_by``, or to those that
    use the module.
    """

    setting: Setting
    module: str
    read: Callable[[], Parts]
    is_for_all: bool = False
    asked_by: Collection[str] = ()

    def matters(self, execution: Ended, seen: Seen) -> bool:
        """Tell whether an execution that has ended needed it, as far as no mention tells."""
        if self.asked_by:
            return False
        return self.is_for_all or self.module in libraries_used(execution, seen)


class ProcessSettings:
    """Tells which executions set logging, warnings, and the like, and to which that mattered."""

    def __init__(self) -> None:
        limit = frozenset(("sys.getrecursionlimit",))
        self._all = (
            _Process(Setting(LOGGING), "logging", _logging, is_for_all=True),
            _Process(Setting(WARNING_FILTERS), "warnings", _warnings, is_for_all=True),
            _Process(Setting("<locale>"), "locale", _locale, is_for_all=True),
            _Process(Setting("<recursion limit>"), "sys", _recursion, asked_by=limit),
            _Process(Setting("<decimal context>"), "decimal", _decimal),
        )

    def open(self) -> None:
        """Do nothing: settings are looked at when executions mention and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> Before:  # noqa: ARG002
        """Return what will be looked at."""
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
            setting = each.setting
            if setting.changed and each.matters(execution, seen):
                setting.use(seen)
            if setting.name in before:
                setting.change(differing_parts(before[setting.name], each.read()), seen)


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
