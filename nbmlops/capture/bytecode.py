"""What an instruction of bytecode does with a name.

Instructions are known by their names in `dis`: their numbers differ between versions of Python.
"""

import dis
from collections.abc import Iterator
from types import CodeType
from typing import Literal, NamedTuple

type Act = Literal["read", "write", "delete", "import"]


class Deed(NamedTuple):
    """What a kind of instruction does with the name that its argument stands for.

    The name that is imported is a module's, all others are variables'.
    ``is_own_first`` where it looks into the names of its own scope before the global ones: those
    of a class in the class's body, at the top level of a module the module's. The argument's
    lowest bits, as many as ``flag_bits``, do not belong to the name's number.
    """

    act: Act
    is_own_first: bool
    flag_bits: int = 0


_DEEDS = {
    "LOAD_NAME": Deed("read", is_own_first=True),
    "LOAD_GLOBAL": Deed("read", is_own_first=False, flag_bits=1),
    "LOAD_FROM_DICT_OR_GLOBALS": Deed("read", is_own_first=True),
    "STORE_NAME": Deed("write", is_own_first=True),
    "STORE_GLOBAL": Deed("write", is_own_first=False),
    "DELETE_NAME": Deed("delete", is_own_first=True),
    "DELETE_GLOBAL": Deed("delete", is_own_first=False),
    "IMPORT_NAME": Deed("import", is_own_first=False),
}
_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]

DEEDS: tuple[Deed | None, ...] = tuple(_DEEDS.get(name) for name in dis.opname)
"""What the instruction of each number does; None where it handles no name."""


def name_at(code: CodeType, offset: int, deed: Deed) -> str:
    """Return the name that the instruction at an offset handles, which does this deed."""
    data = code.co_code
    is_extended = offset >= 2 and data[offset - 2] == _EXTENDED_ARG
    argument = _argument(data, offset)[0] if is_extended else data[offset + 1]
    return code.co_names[argument >> deed.flag_bits]


def imports_everything(code: CodeType, offset: int) -> bool:
    """Tell whether an import at an offset is a ``from module import *``."""
    data = code.co_code
    before = _argument(data, offset)[1] - 2  # what loads the names to import from the module
    constant = _argument(data, before)[0]
    return constant < len(code.co_consts) and code.co_consts[constant] == ("*",)


def _argument(data: bytes, offset: int) -> tuple[int, int]:
    """Return the argument of the instruction at an offset, and where its extensions begin."""
    argument, shift, start = data[offset + 1], 8, offset
    while start >= 2 and data[start - 2] == _EXTENDED_ARG:
        start -= 2
        argument |= data[start + 1] << shift
        shift += 8
    return argument, start


def line_at(code: CodeType, offset: int) -> int | None:
    """Return the source line of the instruction at an offset; None where it has none."""
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line
    return None


def names_in(code: CodeType) -> Iterator[str]:
    """Give the global names and attributes that code and the functions in it mention."""
    yield from code.co_names
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from names_in(constant)
