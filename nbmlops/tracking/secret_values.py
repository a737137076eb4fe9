"""Learns secrets from where they are kept: environment variables, and variables named like one.

What is learnt is taken out of everything that is recorded later, wherever it turns up. No method of
a user's class is called, and nothing is kept but the texts themselves, in memory.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from nbmlops.redaction.names import said_by
from nbmlops.redaction.redactor import Redactor

_MOST_PARTS = 300  # of a container; settings are small
_MOST_LEVELS = 4
_MOST_ROWS = 60  # at each end of a column: more is not shown
_LONGEST_TEXT = 20_000
_LEAST_DIGITS = 6
_NUMBERS = frozenset((int, float, bool, complex))
_FOLDERS = (b"PWD", b"OLDPWD")  # the shell's


class SecretValues:
    """What is learnt from the environment and the variables of one session.

    Parameters
    ----------
    redact : Redactor
        Is told of what is found.
    namespace : callable
        Returns the variables of the notebook or script as they are.
    """

    def __init__(self, redact: Redactor, namespace: Callable[[], Mapping[str, Any]]) -> None:
        self._redact, self._namespace = redact, namespace
        self._environment: dict[Any, Any] = {}
        self._seen: dict[str, int] = {}  # what a name held when it was looked at
        self._harmless: set[str] = set()  # names that say nothing
        self.names: set[str] = set()  # variables that have held a secret

    def look(self) -> None:
        """Learn from the environment, and from the variables whose names say secret."""
        self._look_at_environment()
        namespace = self._namespace()
        for name in namespace.keys() - self._harmless:
            if said_by(name) is None:
                self._harmless.add(name)
                continue
            value = namespace.get(name)
            if self._seen.get(name) != id(value):
                self._seen[name] = id(value)
                self._look_at(name, value)

    def look_at(self, names: Iterable[str], namespace: Mapping[str, Any]) -> None:
        """Learn from what a cell has written, and from what it shows."""
        self._look_at_environment()
        for name in (*names, "_"):
            if name in namespace and (name == "_" or not name.startswith("_")):
                self._look_at(name, namespace[name])

    def _look_at(self, name: str, value: object) -> None:
        is_secret = False
        for part_name, text in _texts(name, value):
            is_known = self._redact.learn_named(part_name, text) or self._redact.knows(text)
            is_secret = is_secret or is_known or self._redact(text) is not text
        if is_secret:
            self.names.add(name)

    def _look_at_environment(self) -> None:
        content = getattr(os.environ, "_data", None)
        if type(content) is not dict or content == self._environment:
            return
        before, self._environment = self._environment, dict(content)
        for key, value in self._environment.items():
            if before.get(key) != value and key not in _FOLDERS:
                name, text = os.fsdecode(key), os.fsdecode(value)
                if not self._redact.learn_named(name, text):
                    self._redact(text)


def main_namespace() -> Mapping[str, Any]:
    """Return the variables of a plain script."""
    return vars(sys.modules["__main__"]) if "__main__" in sys.modules else {}


def _texts(name: str, value: object, level: int = 0) -> Iterator[tuple[str, str]]:
    """Give the texts in a value, each with the name of what holds it."""
    kind = type(value)
    if kind is str:
        if 0 < len(value) <= _LONGEST_TEXT:  # type: ignore[arg-type]
            yield name, value  # type: ignore[misc]
    elif kind is bytes or kind is bytearray:
        if said_by(name) is not None and len(value) <= _LONGEST_TEXT:  # type: ignore[arg-type]
            yield name, value.decode("utf-8", "replace")  # type: ignore[attr-defined]
    elif kind is int:
        said = said_by(name)
        if said is not None and said.is_sure and len(str(abs(value))) >= _LEAST_DIGITS:  # type: ignore[arg-type]
            yield name, str(value)
    elif level < _MOST_LEVELS:
        for part_name, part in islice(_parts(name, value), _MOST_PARTS):
            yield from _texts(part_name, part, level + 1)


def _parts(name: str, value: object) -> Iterator[tuple[str, object]]:
    kind = type(value)
    if kind is dict:
        for key, part in [*islice(value.items(), _MOST_PARTS)]:  # type: ignore[attr-defined]
            yield (key if type(key) is str else name), part
    elif kind in (list, tuple):
        of_interest = said_by(name) is not None
        for part in value[:_MOST_PARTS]:  # type: ignore[index]
            if of_interest or type(part) not in _NUMBERS:
                yield name, part
    elif kind.__module__.partition(".")[0] in ("pandas", "polars"):
        yield from _columns(name, value)
    elif kind.__module__ == "pydantic.types" and kind.__name__ in ("SecretStr", "SecretBytes"):
        yield "secret", getattr(value, "_secret_value", None)
    elif kind.__module__ not in ("builtins", "numpy"):
        try:
            content = object.__getattribute__(value, "__dict__")
        except (AttributeError, TypeError):
            return
        if type(content) is dict:
            yield from [*islice(content.items(), _MOST_PARTS)]


def _columns(name: str, value: Any) -> Iterator[tuple[str, object]]:
    """Give what a table or column shows of itself, where its name says secret."""
    if type(value).__name__ == "Series":
        if said_by(name) is not None or (
            type(value.name) is str and said_by(value.name) is not None
        ):
            column = name if said_by(name) is not None else value.name
            for end in (value.head(_MOST_ROWS), value.tail(_MOST_ROWS)):
                for part in end.to_list():
                    yield column, part
    elif type(value).__name__ == "DataFrame":
        for column in [*value.columns]:
            if type(column) is str and said_by(column) is not None:
                held = value[column]
                if type(held).__name__ == "Series":
                    yield from _columns(column, held)
