"""Tells of the code that IPython compiles: plain cells, ``%%time``, ``%timeit``, ``%%capture``."""

import ast
from collections.abc import Callable
from types import CodeType
from typing import Any

type TakeCode = Callable[[CodeType, ast.AST | str], None]


class CompilerTap:
    """Takes the code that a shell compiles, with its source or syntax, while it is open."""

    def __init__(self, shell: Any, take: TakeCode) -> None:
        self.is_open = False
        self._take = take
        self._compiler = shell.compile

    def open(self) -> None:
        """Give the compiler a class that tells; the object stays the one that others know."""
        _take_off_closed(self._compiler)
        self.is_open = True
        self._compiler.__class__ = _telling(type(self._compiler), self, self._take)

    def close(self) -> None:
        """Give the compiler its class back, unless somebody else has given it another since."""
        self.is_open = False
        _take_off_closed(self._compiler)


def _telling(kind: type, tap: CompilerTap, take: TakeCode) -> type:
    def compiled(self: Any, source: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # a syntax error is the user's, not ours
        code = kind.__call__(self, source, *args, **kwargs)
        if tap.is_open and isinstance(code, CodeType):
            take(code, source)
        return code

    content = {"__call__": compiled, "__module__": kind.__module__, "_nbmlops_tap": tap}
    return type(kind.__name__, (kind,), content)


def _take_off_closed(compiler: Any) -> None:
    """Take off the classes of taps that are closed, as far as nobody's lies above them."""
    while (tap := vars(type(compiler)).get("_nbmlops_tap")) is not None and not tap.is_open:
        compiler.__class__ = type(compiler).__mro__[1]
