"""What the notebook's code mentions of modules, as it is about to be read: ``np.random.seed``.

Known by what the name holds and by the attributes that the instructions behind it ask for, and
described by where that was defined: ``from time import time as now`` is ``time.time``, and a
function that somebody has put in its place is not. Nothing but modules, functions and classes is
looked into, and those without running code of theirs.
"""

import dis
import random
import sys
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

_LOAD_ATTR, _EXTENDED_ARG = dis.opmap["LOAD_ATTR"], dis.opmap["EXTENDED_ARG"]
_LOAD_CONST, _CALL = dis.opmap["LOAD_CONST"], dis.opmap["CALL"]
_CACHE = dis.opmap["CACHE"]
_FILLERS = frozenset((_CACHE, dis.opmap["PUSH_NULL"], _EXTENDED_ARG))
# How far apart instructions that ask for attributes are: Python keeps notes between them.
_PROBE = [each for each in dis.get_instructions("a.b.c") if each.opname == "LOAD_ATTR"]
_LOAD_ATTR_WIDTH = _PROBE[1].offset - _PROBE[0].offset

_FUNCTIONS = (FunctionType, BuiltinFunctionType)
_CONTAINERS = (ModuleType, type)
_CYTHON = "cython_function_or_method"  # every module of Cython's makes a type of its own
_CONTENT_OF = vars(ModuleType)["__dict__"].__get__
_MODULE_OF = type.__dict__["__module__"].__get__
_NAME_OF = type.__dict__["__qualname__"].__get__
_SHORT_NAME_OF = type.__dict__["__name__"].__get__
# The generator whose methods the functions of `random` are.
_SHARED: object = random._inst
# Modules in which functions are defined that belong to others.
_PUBLIC = {"posix": "os", "nt": "os", "_random": "random", "pathlib._local": "pathlib",
           "numpy.random.mtrand": "numpy.random",
           "numpy.random._generator": "numpy.random",
           "pandas._libs.tslibs.timestamps": "pandas"}  # fmt: skip


class Mention(NamedTuple):
    """Something of a module that code is about to read.

    Attributes
    ----------
    what : str
        Where it was defined: ``numpy.random.seed``, ``datetime.datetime.now``.
    code : CodeType
    behind : int
        Where in it the instruction stands that does something with it.
    """

    what: str
    code: CodeType
    behind: int

    @property
    def module(self) -> str:
        """Where it is defined: ``numpy.random``."""
        return self.what.rpartition(".")[0]

    @property
    def name(self) -> str:
        """What it is called there: ``seed``."""
        return self.what.rpartition(".")[2]

    @property
    def is_called_bare(self) -> bool:
        """Whether it is called with no argument, or with None alone."""
        instructions = _instructions(self.code.co_code, self.behind)
        operation, argument = next(instructions, (0, 0))
        if operation == _CALL:
            return argument == 0
        if operation == _LOAD_CONST and self.code.co_consts[argument] is None:
            return next(instructions, (0, 0)) == (_CALL, 1)
        return False


def mention_at(value: object, code: CodeType, offset: int) -> Mention | None:
    """Return what is read by the instruction at an offset, which reads a name that holds a value.

    None where that is nothing of a module.
    """
    if not _may_be_of_module(type(value)):
        return None
    attributes, behind = _attributes_at(code, offset)
    what = _described(value, attributes)
    return None if what is None else Mention(what, code, behind)


def _may_be_of_module(kind: type) -> bool:
    return (
        kind in _FUNCTIONS
        or kind is MethodType
        or issubclass(kind, _CONTAINERS)
        or _SHORT_NAME_OF(kind) == _CYTHON
    )


def _attributes_at(code: CodeType, offset: int) -> tuple[list[str], int]:
    """Return the attributes that are asked of a name, and where the instruction behind stands."""
    data, found = code.co_code, list[str]()
    place, extended = offset + 2, 0
    while place < len(data):
        operation, argument = data[place], data[place + 1] | extended
        extended = 0
        if operation == _LOAD_ATTR:
            found.append(code.co_names[argument >> 1])
            place += _LOAD_ATTR_WIDTH
        elif operation == _EXTENDED_ARG:
            extended = argument << 8
            place += 2
        elif operation == _CACHE:
            place += 2
        else:
            break
    return found, place


def _instructions(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Give number and argument of the instructions from a place on."""
    extended = 0
    for place in range(start, len(data), 2):
        operation, argument = data[place], data[place + 1] | extended
        extended = argument << 8 if operation == _EXTENDED_ARG else 0
        if operation not in _FILLERS:
            yield operation, argument


def _described(value: Any, attributes: list[str]) -> str | None:
    for attribute in attributes:
        kind = type(value)
        if issubclass(kind, ModuleType):
            content = _CONTENT_OF(value)
            if attribute not in content:
                return None
            value = content[attribute]
        elif issubclass(kind, type):
            return _joined(_MODULE_OF(value), _NAME_OF(value), attribute)
        else:
            break
    return _definition(value)


def _definition(value: Any) -> str | None:
    """Return where a function or class was defined."""
    kind = type(value)
    if _is_function(value):
        return _joined(value.__module__, value.__name__)
    if kind is MethodType and _is_function(value.__func__):
        owner, name = value.__self__, value.__func__.__name__
        library = _library_of_shared(owner)
        if library is not None:
            return _joined(library, name)
        return _joined(_MODULE_OF(type(owner)), _NAME_OF(type(owner)), name)
    if issubclass(kind, type):
        return _joined(_MODULE_OF(value), _NAME_OF(value))
    return None


def _is_function(value: object) -> bool:
    kind = type(value)
    return kind in _FUNCTIONS or _SHORT_NAME_OF(kind) == _CYTHON


def _library_of_shared(generator: object) -> str | None:
    """Return the library whose functions are the methods of a generator that all code shares."""
    if generator is _SHARED:
        return "random"
    numpy = sys.modules.get("numpy.random.mtrand")
    if numpy is not None and generator is _CONTENT_OF(numpy).get("_rand"):
        return "numpy.random"
    return None


def _joined(module: object, *names: object) -> str | None:
    if type(module) is not str or any(type(name) is not str for name in names):
        return None
    return ".".join((_PUBLIC.get(module, module), *map(str, names)))
