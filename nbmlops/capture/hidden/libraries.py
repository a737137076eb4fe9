"""Which libraries an execution used: those of the modules and values that it handled by name."""

from types import BuiltinFunctionType, FunctionType, ModuleType

from nbmlops.capture.hidden.base import Ended, Seen

# Libraries that work with another one's options and state.
_WORKS_WITH = {"seaborn": "matplotlib", "mpl_toolkits": "matplotlib", "pylab": "matplotlib",
               "posixpath": "os", "ntpath": "os", "genericpath": "os"}  # fmt: skip
_MODULE_OF = type.__dict__["__module__"].__get__
_FUNCTIONS = (FunctionType, BuiltinFunctionType)


def libraries_used(execution: Ended, seen: Seen) -> frozenset[str]:
    """Return the libraries of what an execution read and wrote; of plotting methods matplotlib."""
    if seen.libraries is None:
        seen.libraries = frozenset(_libraries(execution, seen))
    return seen.libraries


def _libraries(execution: Ended, seen: Seen) -> set[str]:
    found = {
        library_of(execution.namespace[name])
        for name in execution.handled
        if name in execution.namespace
    }
    if seen.plots:
        found.add("matplotlib")
    return {works_with(library) for library in found}


def works_with(library: str) -> str:
    """Return the library whose options and state another one has: seaborn matplotlib's."""
    return _WORKS_WITH.get(library, library)


def is_code(value: object) -> bool:
    """Tell whether a value is a module, class or function, no object that these made."""
    kind = type(value)
    return issubclass(kind, (ModuleType, type)) or any(kind is function for function in _FUNCTIONS)


def library_of(value: object) -> str:
    """Return the library that a module, class, function or value is of."""
    kind = type(value)
    if issubclass(kind, ModuleType):
        name = ModuleType.__getattribute__(value, "__dict__").get("__name__")
    elif issubclass(kind, type):
        name = _MODULE_OF(value)
    elif any(kind is function for function in _FUNCTIONS):  # `in` would ask a metaclass
        name = getattr(value, "__module__", None)
    else:
        name = _MODULE_OF(kind)
    return name.partition(".")[0] if type(name) is str else ""
