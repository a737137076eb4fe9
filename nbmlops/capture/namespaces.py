"""Whose the names of a namespace are: the user's, IPython's, those of a module.

What changed in one between two moments is found in `nbmlops.capture.snapshots`.
"""

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from nbmlops.capture.base import Namespace

_NONE = object()

# What IPython writes by itself for each cell: its source, its result, and the lists of both.
_HISTORY = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|_[iod]h|In|Out")
# … of which these hold results of earlier executions, so that reading them means something.
_RESULT = re.compile(r"_{1,3}|_\d+|_oh|Out")
_NUMBERED = re.compile(r"_\d+")
# What every module has; the last one comes with those of ``%run``.
_MODULES = frozenset(
    "__name__ __doc__ __package__ __loader__ __spec__ __file__ __builtin__ __builtins__ "
    "__annotations__ __annotate__ __conditional_annotations__ __warningregistry__ "
    "__nonzero__".split()
)
# What IPython puts there for everybody to use.
_TOOLS = frozenset(("get_ipython", "exit", "quit", "open"))


def is_written_by_itself(name: str) -> bool:
    """Tell whether IPython or Python writes a name without being asked."""
    return name in _MODULES or _HISTORY.fullmatch(name) is not None


def is_result(name: str) -> bool:
    """Tell whether a name is that of one result: ``_7``."""
    return _NUMBERED.fullmatch(name) is not None


def result_names(name: str, namespace: Namespace) -> Iterator[str]:
    """Give the names of the results that a name of the history stands for now: ``_`` for ``_7``.

    ``Out`` stands for all of them; nothing comes of other names, or where users have taken them.
    """
    results = namespace.get("_oh")
    if type(results) is not dict or _RESULT.fullmatch(name) is None:
        return
    value = namespace.get(name)
    for number in reversed(results):
        if value is results or value is results[number]:
            yield f"_{number}"
            if value is not results:
                return


def is_of_ipython(name: str, namespace: Namespace, hidden: Namespace) -> bool:
    """Tell whether a name holds what IPython put there and no result, like ``get_ipython``.

    ``hidden`` are the names that IPython does not list, as it put them.
    """
    if name in _TOOLS:
        return name in hidden and namespace.get(name) is hidden[name]
    return is_written_by_itself(name) and _RESULT.fullmatch(name) is None


def names_given_by(module_name: str, namespace: Namespace) -> Iterator[str]:
    """Give the names that ``from module import *`` has bound, without asking the module itself."""
    module = sys.modules.get(module_name)
    if not isinstance(module, ModuleType):
        return
    content = ModuleType.__getattribute__(module, "__dict__")
    listed = content.get("__all__")
    is_listed = type(listed) is list or type(listed) is tuple
    names = listed if is_listed else filter(_is_public, content)
    for name in names:
        if type(name) is str and name in content and namespace.get(name, _NONE) is content[name]:
            yield name


def _is_public(name: Any) -> bool:
    return type(name) is str and not name.startswith("_")
