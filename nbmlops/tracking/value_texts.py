"""The texts that a value holds, each with the name beside it that may say what it is.

No method of a user's class is called, only those of the tables of pandas and polars and of the
arrays of numpy.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from types import MemberDescriptorType
from typing import Any

from nbmlops.redaction.names import said_by

type _Part = tuple[str, object, bool]  # its name, what it is, whether the name is of many

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
_COLLECTIONS = (list, tuple, set, frozenset)
_MODULE = type.__dict__["__module__"]


class Budget:
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


def texts_in(name: str, value: object, budget: Budget) -> Iterator[tuple[str, str, bool]]:
    """Give the texts in a value, the outermost first, as far as a budget goes.

    Each with the name of what holds it, and whether that name is of many texts.
    """
    waiting: deque[tuple[str, object, bool, int]] = deque([(name, value, False, 0)])
    while waiting:
        name, value, is_of_many, level = waiting.popleft()
        text = _as_text(name, value)
        if text is not None:
            yield name, text, is_of_many
        elif level < _MOST_LEVELS:
            parts = [*islice(_parts(name, value, budget.parts), budget.parts)]
            budget.parts -= len(parts)
            waiting.extend((*part, level + 1) for part in parts)


def _as_text(name: str, value: Any) -> str | None:
    kind = type(value)
    if issubclass(kind, str):
        plain = str.__getitem__(value, slice(None))
        return plain if 0 < len(plain) <= _LONGEST_TEXT else None
    if kind is bytes or kind is bytearray:
        if said_by(name) is not None and len(value) <= _LONGEST_TEXT:
            return bytes(value).decode("utf-8", "replace")
    elif kind is int:
        said = said_by(name)
        if said is not None and said.is_sure and len(str(abs(value))) >= _LEAST_DIGITS:
            return str(value)
    return None


def _parts(name: str, value: Any, most: int) -> Iterator[_Part]:
    """Give what a value holds: each part with its own name, or with that of the whole."""
    kind = type(value)
    if issubclass(kind, dict):
        for key, part in [*islice(dict.items(value), most)]:
            yield (key if type(key) is str else name), part, False
        return
    if issubclass(kind, list | tuple | set | frozenset):
        yield from _items(name, value, most)
        return
    module = _MODULE.__get__(kind)
    if type(module) is not str or module == "builtins":
        return
    if module == "numpy":
        yield from _array_items(name, value, most)
    elif module.partition(".")[0] in ("pandas", "polars"):
        yield from _columns(name, value)
    elif module == "pydantic.types" and kind.__name__ in ("SecretStr", "SecretBytes"):
        yield "secret", getattr(value, "_secret_value", None), False
    else:
        yield from _attributes(value, most)


def _items(name: str, value: Any, most: int) -> Iterator[_Part]:
    """Give the items of a list, a tuple, perhaps of names, or a set."""
    kind = type(value)
    iterate: Any = next(base for base in kind.__mro__ if base in _COLLECTIONS).__iter__
    parts = [*islice(iterate(value), most)]
    fields = vars(kind).get("_fields")
    if type(fields) is tuple and len(fields) == len(parts):
        for field, part in zip(fields, parts, strict=True):
            yield field, part, False
        return
    of_interest = said_by(name) is not None
    for part in parts:
        if of_interest or type(part) not in _NUMBERS:
            yield name, part, True


def _array_items(name: str, value: Any, most: int) -> Iterator[_Part]:
    """Give what an array of texts shows of itself, where its name says secret."""
    if type(value).__name__ == "ndarray" and value.dtype.kind in "OUS" and said_by(name):
        for end in (value.flat[:most], value.flat[most:][-_MOST_ROWS:]):
            for part in end.tolist():
                yield name, part, True


def _attributes(value: object, most: int) -> Iterator[_Part]:
    """Give the attributes of an object, of its slots too."""
    try:
        content = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        content = None
    if type(content) is dict:
        for key, part in [*islice(content.items(), most)]:
            if type(key) is str:
                yield key, part, False
    for base in type(value).__mro__:
        held = vars(base)
        for key, member in held.items() if "__slots__" in held else ():
            if type(member) is MemberDescriptorType:
                with suppress(AttributeError):  # nothing was put into it
                    yield key, member.__get__(value), False


def _columns(name: str, value: Any) -> Iterator[_Part]:
    """Give what a table or column shows of itself, where its name says secret."""
    if type(value).__name__ == "Series":
        if said_by(name) is not None or (
            type(value.name) is str and said_by(value.name) is not None
        ):
            column = name if said_by(name) is not None else value.name
            for end in (value.head(_MOST_ROWS), value.tail(_MOST_ROWS)):
                for part in end.to_list():
                    yield column, part, True
    elif type(value).__name__ == "DataFrame":
        for column in [*islice(value.columns, _MOST_COLUMNS)]:
            if type(column) is str and said_by(column) is not None:
                held = value[column]
                if type(held).__name__ == "Series":
                    yield from _columns(column, held)
