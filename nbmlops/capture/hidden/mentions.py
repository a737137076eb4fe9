"""What the notebook's code mentions of modules, as it is about to be read: ``np.random.seed``.

Known by what the name holds and by the attributes that the instructions behind it ask for, and
described by where that was defined: ``from time import time as now`` is ``time.time``, and a
function that somebody has put in its place is not. Nothing but modules, functions and classes is
looked into, and those without running code of theirs; of what is made by a few classes it is told
what is asked of it: ``log.setLevel`` is ``logging.Logger.setLevel``, and ``log.level = 10`` is
``logging.Logger``.
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
_PROBE = [
    each
    for each in dis.get_instructions(compile("a.b.c", "", "eval"))
    if each.opname == "LOAD_ATTR"
]
_LOAD_ATTR_WIDTH = _PROBE[1].offset - _PROBE[0].offset

_SETS_ATTRIBUTE = frozenset((dis.opmap["STORE_ATTR"], dis.opmap["DELETE_ATTR"]))

_CONTAINERS = (ModuleType, type)
_CYTHON = "cython_function_or_method"  # every module of Cython's makes a type of its own
_CONTENT_OF = vars(ModuleType)["__dict__"].__get__
_MODULE_OF = type.__dict__["__module__"].__get__
_NAME_OF = type.__dict__["__qualname__"].__get__
_SHORT_NAME_OF = type.__dict__["__name__"].__get__
# The generator whose methods the functions of `random` are.
_SHARED: object = random._inst
# Whose classes make what is told of, too: it stands for settings of the process.
_OF_PROCESS = frozenset(("logging", "logging.handlers", "decimal"))
_OF_SYS = ("modules", "stdout", "stderr")
# Modules in which functions are defined that belong to others.
_PUBLIC = {"posix": "os", "nt": "os", "_random": "random", "_decimal": "decimal",
           "pathlib._local": "pathlib",
           "numpy.random.mtrand": "numpy.random",
           "numpy.random._generator": "numpy.random",
           "pandas._libs.tslibs.timestamps": "pandas"}  # fmt: skip


class Mention(NamedTuple):
    """Something of a module, or a module, that code is about to read or to import.

    Attributes
    ----------
    what : str
        Where it was defined: ``numpy.random.seed``, ``datetime.datetime.now``; a module's name.
    code : CodeType
    behind : int
        Where in it the instruction stands that does something with it.
    value : object
        The module, class or function itself; None where it is something else, or imported.
    is_import : bool
    """

    what: str
    code: CodeType
    behind: int
    value: object = None
    is_import: bool = False

    @property
    def module(self) -> str:
        """Where it is defined: ``numpy.random``."""
        return self.what.rpartition(".")[0]

    @property
    def name(self) -> str:
        """What it is called there: ``seed``."""
        return self.what.rpartition(".")[2]

    @property
    def library(self) -> str:
        """The name that its module's begins with: ``numpy``."""
        return self.what.partition(".")[0]

    @property
    def assigned(self) -> str | None:
        """The attribute of it that is set or deleted; None where that is not what is done."""
        operation, argument = next(_instructions(self.code.co_code, self.behind), (0, 0))
        return self.code.co_names[argument] if operation in _SETS_ATTRIBUTE else None

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
    value, left = _followed(value, attributes)
    what = _described(value, left)
    if what is None:
        return None
    return Mention(what, code, behind, None if left else value)


def _may_be_of_module(kind: type) -> bool:
    return (
        _is_kind_of_function(kind)
        or kind is MethodType
        or issubclass(kind, _CONTAINERS)
        or _is_of_process(kind)
    )


def _is_kind_of_function(kind: type) -> bool:
    # Whether it is `in` some would ask a metaclass.
    return kind is FunctionType or kind is BuiltinFunctionType or _SHORT_NAME_OF(kind) == _CYTHON


def _is_of_process(kind: type) -> bool:
    home = _MODULE_OF(kind)
    return type(home) is str and home in _OF_PROCESS


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


def _followed(value: Any, attributes: list[str]) -> tuple[Any, list[str]]:
    """Return what the attributes lead to, through modules, and those that are left of them."""
    for number, attribute in enumerate(attributes):
        content = _CONTENT_OF(value) if issubclass(type(value), ModuleType) else {}
        if attribute not in content:
            return value, attributes[number:]
        value = content[attribute]
    return value, []


def _described(value: Any, attributes: list[str]) -> str | None:
    """Return what is asked of something, in words of where that was defined."""
    kind = type(value)
    if issubclass(kind, ModuleType):  # which may load what is asked of it only then
        return _joined(_CONTENT_OF(value).get("__name__"), *attributes)
    if attributes and issubclass(kind, type):
        return _joined(_MODULE_OF(value), _NAME_OF(value), attributes[0])
    if _is_of_process(kind):
        return _joined(_MODULE_OF(kind), _NAME_OF(kind), *attributes[:1])
    for name in _OF_SYS:
        if value is getattr(sys, name, None):
            return f"sys.{name}"
    return _definition(value)


def _definition(value: Any) -> str | None:
    """Return where a function or class was defined."""
    kind = type(value)
    if _is_kind_of_function(kind):
        return _joined(value.__module__, value.__name__)
    if kind is MethodType and _is_kind_of_function(type(value.__func__)):
        owner, name = value.__self__, value.__func__.__name__
        library = _library_of_shared(owner)
        if library is not None:
            return _joined(library, name)
        return _joined(_MODULE_OF(type(owner)), _NAME_OF(type(owner)), name)
    if issubclass(kind, type):
        return _joined(_MODULE_OF(value), _NAME_OF(value))
    return None


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
