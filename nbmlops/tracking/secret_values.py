"""Learns secrets from where they are kept: environment variables, and variables named like one.

What is learnt is taken out of everything that is recorded later, wherever it turns up. No method of
a user's class is called, only those of the tables of pandas and polars; and nothing is kept but the
texts themselves, in memory. A cell's user waits for it: however much a cell wrote, only so much of
it is looked through, what is named like a secret first.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from nbmlops.redaction.names import said_by
from nbmlops.redaction.redactor import Redactor

type Fault = Callable[[str, BaseException], None]

# Of all that one cell wrote, so many parts of containers are looked at for their names, and so
# much of the texts whose names say nothing is looked through: some 20 µs for each text.
_MOST_PARTS = 500
_MOST_TEXTS = 50
_MOST_SIGNS = 20_000
_MOST_LEVELS = 4
_MOST_COLUMNS = 1_000
_MOST_ROWS = 60  # at each end of a column: more is not shown
_LONGEST_TEXT = 20_000
_LEAST_DIGITS = 6
_NUMBERS = frozenset((int, float, bool, complex))
_FOLDERS = (b"PWD", b"OLDPWD")  # the shell's
_MODULE = type.__dict__["__module__"]


class SecretValues:
    """What is learnt from the environment and the variables of one session. Never raises.

    Parameters
    ----------
    redact : Redactor
        Is told of what is found.
    namespace : callable
        Returns the variables of the notebook or script as they are.
    fault : callable
        Is told of errors of ours: where, and which.
    """

    def __init__(
        self, redact: Redactor, namespace: Callable[[], Mapping[str, Any]], fault: Fault
    ) -> None:
        self._redact, self._namespace, self._fault = redact, namespace, fault
        self._environment: dict[Any, Any] = {}
        self._seen: dict[str, int] = {}  # what a name held when it was looked at
        self._harmless: set[str] = set()  # names that say nothing
        self.names: set[str] = set()  # variables that have held a secret

    def look(self) -> None:
        """Learn from the environment, and from the variables whose names say secret."""
        self._look_at_environment()
        with self._going_on():
            namespace, budget = self._namespace(), _Budget()
            for name in [*namespace]:  # `globals()[1] = 2` is possible
                if type(name) is not str or name in self._harmless:
                    continue
                if said_by(name) is None:
                    self._harmless.add(name)
                    continue
                value = namespace.get(name)
                if self._seen.get(name) != id(value):
                    self._seen[name] = id(value)
                    self._look_at(name, value, budget)

    def look_at(self, names: Iterable[str], namespace: Mapping[str, Any]) -> None:
        """Learn from what a cell has written, and from what it shows."""
        self._look_at_environment()
        with self._going_on():
            budget = _Budget()
            wanted = [name for name in names if not name.startswith("_")]
            for name in sorted((*wanted, "_"), key=lambda name: said_by(name) is None):
                if name in namespace:
                    self._look_at(name, namespace[name], budget)

    def _look_at(self, name: str, value: object, budget: "_Budget") -> None:
        with self._going_on():
            for part_name, text in _texts(name, value, budget):
                if (
                    self._redact.learn_named(part_name, text)
                    or self._redact.knows(text)
                    or (budget.allows(text) and self._redact(text) is not text)
                ):
                    self.names.add(name)

    def _look_at_environment(self) -> None:
        content = getattr(os.environ, "_data", None)
        if type(content) is not dict or content == self._environment:
            return
        found = dict(content)
        for key, value in found.items():
            if self._environment.get(key) != value and key not in _FOLDERS:
                with self._going_on():
                    name, text = os.fsdecode(key), os.fsdecode(value)
                    if not self._redact.learn_named(name, text):
                        self._redact(text)
        self._environment = found

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Have what cannot be looked at cost neither the user's cell nor what comes behind it."""
        try:
            yield
        except Exception as problem:  # noqa: BLE001, a fault of ours, in the user's cell
            self._fault("looking for secrets", problem)


class _Budget:
    """How much of what a cell wrote may still be looked at."""

    __slots__ = ("parts", "signs", "texts")

    def __init__(self) -> None:
        self.parts, self.texts, self.signs = _MOST_PARTS, _MOST_TEXTS, _MOST_SIGNS

    def allows(self, text: str) -> bool:
        """Tell whether a text whose name says nothing may be looked through, and count it."""
        if self.texts <= 0 or len(text) > self.signs:
            return False
        self.texts -= 1
        self.signs -= len(text)
        return True


def main_namespace() -> Mapping[str, Any]:
    """Return the variables of a plain script."""
    return vars(sys.modules["__main__"]) if "__main__" in sys.modules else {}


def _texts(name: str, value: object, budget: _Budget) -> Iterator[tuple[str, str]]:
    """Give the texts in a value, each with the name of what holds it, the outermost first."""
    waiting = deque([(name, value, 0)])
    while waiting:
        name, value, level = waiting.popleft()
        text = _as_text(name, value)
        if text is not None:
            yield name, text
        elif level < _MOST_LEVELS:
            parts = [*islice(_parts(name, value, budget.parts), budget.parts)]
            budget.parts -= len(parts)
            waiting.extend((part_name, part, level + 1) for part_name, part in parts)


def _as_text(name: str, value: object) -> str | None:
    kind = type(value)
    if kind is str:
        return value if 0 < len(value) <= _LONGEST_TEXT else None  # type: ignore
    if kind is bytes or kind is bytearray:
        if said_by(name) is not None and len(value) <= _LONGEST_TEXT:  # type: ignore[arg-type]
            return value.decode("utf-8", "replace")  # type: ignore[attr-defined,no-any-return]
    elif kind is int:
        said = said_by(name)
        if said is not None and said.is_sure and len(str(abs(value))) >= _LEAST_DIGITS:  # type: ignore[arg-type]
            return str(value)
    return None


def _parts(name: str, value: object, most: int) -> Iterator[tuple[str, object]]:
    kind = type(value)
    if kind is dict:
        for key, part in [*islice(value.items(), most)]:  # type: ignore[attr-defined]
            yield (key if type(key) is str else name), part
        return
    if kind is list or kind is tuple:
        of_interest = said_by(name) is not None
        for part in value[:most]:  # type: ignore[index]
            if of_interest or type(part) not in _NUMBERS:
                yield name, part
        return
    module = _MODULE.__get__(kind)
    if type(module) is not str or module in ("builtins", "numpy"):
        return
    if module.partition(".")[0] in ("pandas", "polars"):
        yield from _columns(name, value)
    elif module == "pydantic.types" and kind.__name__ in ("SecretStr", "SecretBytes"):
        yield "secret", getattr(value, "_secret_value", None)
    else:
        yield from _attributes(value, most)


def _attributes(value: object, most: int) -> Iterator[tuple[str, object]]:
    try:
        content = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return
    if type(content) is dict:
        for key, part in [*islice(content.items(), most)]:
            if type(key) is str:
                yield key, part


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
        for column in [*islice(value.columns, _MOST_COLUMNS)]:
            if type(column) is str and said_by(column) is not None:
                held = value[column]
                if type(held).__name__ == "Series":
                    yield from _columns(column, held)
