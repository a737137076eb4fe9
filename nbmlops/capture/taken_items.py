"""Which columns of a frame an instruction takes: what follows it in the bytecode.

Seen are ``df["a"]``, ``df[["a", "b"]]``, ``df[names]`` with a variable that holds such names, also
that of a loop or comprehension,
``df.a``, ``df.loc[rows, "a"]`` and ``df.at``, ``df.groupby("a")["b"]``, and that ``df["a"] = …``
takes none. All else takes the whole.
"""

import dis
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from itertools import islice
from types import CodeType
from typing import Any, NamedTuple

from nbmlops.capture.base import Namespace
from nbmlops.capture.frames import is_frame
from nbmlops.fingerprints.python.classes import ancestors, namespace, own_dict

_CACHE, _EXTENDED_ARG = dis.opmap["CACHE"], dis.opmap["EXTENDED_ARG"]
_CALLS = frozenset(("CALL", "CALL_KW"))
_TAKES = frozenset(("BINARY_SUBSCR", "DELETE_SUBSCR"))  # what is deleted must be there
_SUBSCRIPT = "[]"  # of BINARY_OP, from Python 3.14 on
_MOST = 100  # instructions that are read


class Taken(NamedTuple):
    """Columns that are taken, and ``variables`` that hold the names of more of them.

    ``inner`` ones are those of comprehensions, which are no variables of the notebook.
    """

    items: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()


def taken_at(code: CodeType, offset: int, value: object, names: Namespace) -> Taken | None:
    """Return which columns of a frame code takes that loads it at an offset.

    None where that is the whole, or it is no frame. ``names`` are as they are now.
    """
    if not is_frame(value):
        return None
    try:
        return _Reader(code, offset, names).taken(value)
    except IndexError:  # nothing more follows
        return None


def names_held(variable: str, names: Namespace) -> tuple[str, ...] | None:
    """Return the names of columns that a variable holds; None where it holds something else."""
    value = names.get(variable)
    if type(value) is str:
        return (value,)
    if type(value) is not tuple and type(value) is not list:
        return None
    found = tuple(value)
    return found if all(type(one) is str for one in found) else None


class _Reader:
    """Reads the instructions behind the one at an offset, as far as they are of a known form."""

    def __init__(self, code: CodeType, offset: int, names: Namespace) -> None:
        self._code, self._names = code, names
        self._instructions = [*islice(_following(code.co_code, offset + 2), _MOST)]
        self._go_to(0)

    def _go_to(self, place: int) -> None:
        self._place = place
        number, self._argument = self._instructions[place]
        self._name = dis.opname[number]

    def _step(self) -> None:
        self._go_to(self._place + 1)

    def taken(self, value: object) -> Taken | None:
        if self._name != "LOAD_ATTR":
            keys = self._keys()
            return self._subscripted(keys) if keys is not None else None
        name, is_method = self._code.co_names[self._argument >> 1], self._argument & 1
        self._step()
        if is_method:
            return self._grouped() if name == "groupby" else None
        if name in ("loc", "at"):
            return self._located()
        return Taken((name,)) if _is_column(name, value) else None

    def _subscripted(self, keys: Taken) -> Taken | None:
        if self._name == "STORE_SUBSCR":
            return Taken()
        if self._name == "COPY":  # the frame and the key, which are needed again for ``+=``
            self._step()
            self._step()
        return keys if self._is_subscript() else None

    def _located(self) -> Taken | None:
        """Read ``[rows, columns]``; what the rows are told by is read where it is loaded."""
        constant = self._constant() if self._name == "LOAD_CONST" else None
        if type(constant) is tuple and len(constant) == 2 and type(constant[1]) is str:
            self._step()
            return self._placed(Taken(constant[1:]))
        height = 1  # of the stack, with what is subscripted
        while height:
            number, argument = self._instructions[self._place]
            if number in dis.hasjrel or number in dis.hasjabs:
                return None
            height += dis.stack_effect(number, argument if number >= dis.HAVE_ARGUMENT else None)
            self._step()
            if height == 2:  # the rows may be complete
                taken = self._located_columns()
                if taken is not None:
                    return taken
        return None

    def _located_columns(self) -> Taken | None:
        """Read the columns, if they come next; else stay where it is."""
        place = self._place
        keys = self._keys()
        if keys is not None and self._name == "BUILD_TUPLE" and self._argument == 2:
            self._step()
            taken = self._placed(keys)
            if taken is not None:
                return taken
        self._go_to(place)
        return None

    def _placed(self, keys: Taken) -> Taken | None:
        """Read what is done with some rows of columns: what is put there leaves the others."""
        return keys if self._name == "STORE_SUBSCR" else self._subscripted(keys)

    def _grouped(self) -> Taken | None:
        by = self._keys()
        if by is None:
            return None
        while self._name in ("LOAD_CONST", "KW_NAMES"):
            self._step()
        if self._name not in _CALLS:
            return None
        self._step()
        keys = self._keys()
        if keys is None or not self._is_subscript():
            return None
        return Taken(*(one + other for one, other in zip(by, keys, strict=True)))

    def _keys(self) -> Taken | None:
        """Read one name of a column, a list of them, or a variable; None for another thing."""
        if self._name in ("LOAD_NAME", "LOAD_GLOBAL"):
            flag_bits = self._name == "LOAD_GLOBAL"
            variable = self._code.co_names[self._argument >> flag_bits]
            self._step()
            held = names_held(variable, self._names)
            return Taken(held, (variable,)) if held is not None else None
        if self._name == "LOAD_FAST" and not self._code.co_flags & CO_OPTIMIZED:
            inner = self._code.co_varnames[self._argument]
            self._step()
            return Taken(inner=(inner,))
        if self._name == "BUILD_LIST" and self._argument == 0:
            return self._extended()
        items = []
        while self._name == "LOAD_CONST" and type(self._constant()) is str:
            items.append(self._constant())
            self._step()
            if self._name == "BUILD_LIST" and self._argument == len(items):
                self._step()
                return Taken(tuple(items))
        return Taken((items[0],)) if len(items) == 1 else None

    def _extended(self) -> Taken | None:
        self._step()
        items = self._constant() if self._name == "LOAD_CONST" else None
        if type(items) is not tuple or not all(type(item) is str for item in items):
            return None
        self._step()
        if self._name != "LIST_EXTEND":
            return None
        self._step()
        return Taken(items)

    def _constant(self) -> Any:
        return self._code.co_consts[self._argument]

    def _is_subscript(self) -> bool:
        if self._name == "BINARY_OP":
            operators = dis._nb_ops  # type: ignore[attr-defined]
            return bool(operators[self._argument][1] == _SUBSCRIPT)
        return self._name in _TAKES


def _following(data: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Give the instructions from an offset on, with their arguments."""
    argument = 0
    for place in range(offset, len(data), 2):
        number = data[place]
        argument = argument << 8 | data[place + 1]
        if number == _EXTENDED_ARG:
            continue
        if number != _CACHE:
            yield number, argument
        argument = 0


def _is_column(name: str, frame: object) -> bool:
    """Tell whether an attribute is a column: neither the class nor the object itself has it."""
    if any(name in namespace(one) for one in ancestors(type(frame))):
        return False
    return name not in (own_dict(frame) or {})
