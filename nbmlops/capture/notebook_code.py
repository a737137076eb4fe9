"""Finds the code whose global names are the notebook's, and tells what it does with them.

That code is: what IPython compiles, with its syntax; what is given to ``exec`` and ``eval`` (by
``%%prun``, ``%run -i``, a cell itself) with the notebook's namespace; the functions, classes and
comprehensions inside all this; and functions that are there when the recording begins. What runs
with other global names is let go at its first instruction: imports, ``%run``, templates.
"""

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType
from typing import Any, Concatenate, Protocol

from nbmlops.capture.audit import Listen, listen, unlisten
from nbmlops.capture.bytecode import Act, Deed, name_at
from nbmlops.capture.compiling import CompilerTap
from nbmlops.capture.monitoring import Instructions, address, is_own, running_frame
from nbmlops.capture.namespaces import is_of_ipython
from nbmlops.capture.syntax import Syntax

# Evaluates what stands in braces in ``!command {name}``, in a copy of the namespace.
_EXPANSION = "IPython.utils.text"
_MOST_FOREIGN = 1_000  # of the callers that are remembered

type Caller = tuple[CodeType, int]  # the code that calls `exec`, and its instruction that does


@dataclass(slots=True, eq=False)
class Piece:
    """What is known of a code object that is watched.

    ``is_ours`` tells whether its global names are the notebook's; of code that was compiled to be
    executed that is known when it begins. ``own`` are the names that a class's body, or code
    executed with other local names, has of its own by now; None where they are the notebook's.
    """

    syntax: Syntax | None  # None where nobody keeps the source
    is_ours: bool = False
    is_inner: bool = False
    is_expansion: bool = False
    own: set[str] | None = None
    caller: Caller | None = None


class NameHearer(Protocol):
    """Is told, in the thread that runs the code, what is about to be done with a name."""

    def happened(self, act: Act, name: str, code: CodeType, offset: int, piece: Piece) -> bool:
        """Take it; tell whether that instruction has been heard enough of."""

    def compiled(self, syntax: Syntax) -> None:
        """Take the syntax of code with functions in it, which may stay when the cell has ended."""


def _never_raises[**P](
    hook: Callable[Concatenate["NotebookCode", P], None],
) -> Callable[Concatenate["NotebookCode", P], None]:
    """Turn our own error in a hook into a fault that is told."""

    @wraps(hook)
    def guarded(code: "NotebookCode", /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            hook(code, *args, **kwargs)
        except RecursionError:  # the user's code is as deep as it can be
            pass
        except Exception as problem:  # the user's code must not notice
            if not is_own(problem):
                raise
            code.on_fault(problem)

    return guarded


class NotebookCode:
    """The code of a shell's notebook, from `open` until `close`.

    Parameters
    ----------
    shell : InteractiveShell
    hearer : NameHearer
        Is told what happens.
    on_fault : callable
        Is told of an error of our own, perhaps in the midst of the user's code.
    """

    def __init__(
        self, shell: Any, hearer: NameHearer, on_fault: Callable[[BaseException], None]
    ) -> None:
        self.on_fault = on_fault
        self._shell, self._hearer = shell, hearer
        self._instructions: Instructions[Piece] = Instructions(self, on_fault)
        self._compiler = CompilerTap(shell, self._compiled)
        self._foreign: dict[tuple[int, int], Caller] = {}
        self._is_traced = self._is_shared = self._has_skipped = False

    @property
    def is_open(self) -> bool:
        """Whether code is watched, and nobody has taken our tool id away."""
        return self._instructions.is_open

    @property
    def is_disturbed(self) -> bool:
        """Whether somebody began to trace since `rearm`, so that instructions may be missed."""
        return self._is_traced

    def __len__(self) -> int:
        return len(self._instructions)

    def open(self) -> bool:
        """Begin to watch; return whether that is possible."""
        if not self._instructions.open():
            return False
        self._compiler.open()
        for event, listener in self._listeners():
            listen(event, listener)
        self._watch_functions()
        return True

    def close(self) -> None:
        """Watch nothing any more; leave compiler and tool ids as they were found."""
        self._compiler.close()
        for event, listener in self._listeners():
            unlisten(event, listener)
        self._instructions.close()
        self._foreign.clear()

    def rearm(self) -> None:
        """Let all that has been told be told again."""
        self._foreign.clear()
        self._instructions.rearm(everything=self._is_shared)
        if self._has_skipped:
            self._watch_functions()
        self._is_traced = self._is_shared = self._has_skipped = False

    def _listeners(self) -> Iterator[tuple[str, Listen]]:
        yield "exec", self._executed
        yield "sys.settrace", self._traced
        yield "sys.monitoring.register_callback", self._shared

    # What comes to be watched

    def _watch_functions(self) -> None:
        """Watch the functions that were defined before the recording began."""
        namespace, hidden = self._shell.user_ns, self._shell.user_ns_hidden
        if all(is_of_ipython(name, namespace, hidden) for name in namespace):
            return  # nothing was defined; looking for it would take some milliseconds
        for found in gc.get_referrers(namespace):
            if type(found) is FunctionType and found.__globals__ is namespace:
                self._watch_inner(found.__code__, _syntax_by_filename(found.__code__))

    def _watch_inner(self, code: CodeType, syntax: Syntax | None) -> None:
        """Watch a function's code, or code inside other code, and all that is inside it."""
        if self._instructions.about(code) is None:
            own = None if code.co_flags & CO_OPTIMIZED else set[str]()
            piece = Piece(syntax, is_ours=True, is_inner=True, own=own)
            self._instructions.watch(code, piece)
        for inner in _inside(code):
            self._watch_inner(inner, syntax)

    @_never_raises
    def _compiled(self, code: CodeType, source: ast.AST | str) -> None:
        if self._skips():
            return
        syntax = Syntax(source, code.co_filename)
        self._instructions.watch(code, Piece(syntax))
        if any(_inside(code)):
            self._hearer.compiled(syntax)

    @_never_raises
    def _executed(self, args: tuple[Any, ...]) -> None:
        """Take the audit event of ``exec`` and ``eval``, which comes for imported modules too."""
        code = args[0]
        is_new = type(code) is CodeType and self._instructions.about(code) is None
        frame = sys._getframe(2).f_back if is_new else None  # beyond the guard and the audit hook
        if frame is None or self._skips():
            return
        caller = (frame.f_code, frame.f_lasti)
        if _key(caller) not in self._foreign:
            is_expansion = frame.f_globals.get("__name__") == _EXPANSION
            syntax = _syntax_by_filename(code)
            self._instructions.watch(code, Piece(syntax, is_expansion=is_expansion, caller=caller))

    def _skips(self) -> bool:
        """Tell whether this thread is traced: two tools would be in each other's way."""
        self._has_skipped = self._has_skipped or sys.gettrace() is not None
        return sys.gettrace() is not None

    def _traced(self, _args: tuple[Any, ...]) -> None:
        self._is_traced = self._is_shared = True

    def _shared(self, _args: tuple[Any, ...]) -> None:
        self._is_shared = True

    # What it does

    def began(self, code: CodeType, piece: Piece) -> bool:
        """Take that code begins to run, or goes on; tell whether its names are the notebook's."""
        if piece.own is not None:
            piece.own.clear()
        if piece.is_ours:
            return True
        frame, namespace = running_frame(), self._shell.user_ns
        if frame.f_globals is namespace or frame.f_globals is self._shell.user_global_ns:
            if frame.f_locals is not namespace:
                piece.own = set()
        elif not piece.is_expansion:
            if piece.caller is not None and len(self._foreign) < _MOST_FOREIGN:
                # Where other names are used once, they are again.
                self._foreign[_key(piece.caller)] = piece.caller
            return False
        piece.is_ours = True
        for inner in _inside(code):
            self._watch_inner(inner, piece.syntax)
        return True

    def happened(self, code: CodeType, piece: Piece, offset: int, deed: Deed) -> bool:
        """Take what is about to be done with a name; tell whether that was enough of it."""
        name = name_at(code, offset, deed)
        if piece.own is not None and deed.is_own_first and _stays_inside(deed, name, piece.own):
            return True
        return self._hearer.happened(deed.act, name, code, offset, piece)


def _inside(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if type(constant) is CodeType)


def _syntax_by_filename(code: CodeType) -> Syntax | None:
    is_text = code.co_filename == "<string>"  # of `exec`, which nobody keeps
    return None if is_text else Syntax(None, code.co_filename)


def _key(caller: Caller) -> tuple[int, int]:
    """Return what tells callers apart, as long as they live: equal code is not the same."""
    return address(caller[0]), caller[1]


def _stays_inside(deed: Deed, name: str, own: set[str]) -> bool:
    """Tell whether an instruction handles a name of a class's body; keep account of those."""
    if deed.act == "read":
        return name in own
    if deed.act == "write":
        own.add(name)
    else:
        own.discard(name)
    return True
