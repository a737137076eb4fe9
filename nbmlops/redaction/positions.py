"""Secrets that their place in a call tells: ``f("h", "…")`` of ``def f(host, password)``.

What functions and classes were defined in code that was looked through, also of earlier cells, is
remembered here; of libraries a few are known.
"""

import ast
from collections.abc import Iterator

from nbmlops.redaction.names import said_by

_MOST_FUNCTIONS = 200  # each is looked for in each cell
# smtplib, imaplib and ftplib; requests and httpx.
_OF_LIBRARIES = {
    "login": {1: "password"},
    "HTTPBasicAuth": {1: "password"},
    "HTTPDigestAuth": {1: "password"},
    "BasicAuth": {1: "password"},
}
type _Function = ast.FunctionDef | ast.AsyncFunctionDef


class SecretPositions:
    """Which arguments of which functions are secrets, by the names of their parameters.

    Functions are told apart by their last name alone: the one defined last counts.
    """

    def __init__(self) -> None:
        self._parameters: dict[str, dict[int, str]] = dict(_OF_LIBRARIES)
        self.revision = 0  # counts the changes

    def may_be_in(self, code: str) -> bool:
        """Tell whether code may call one of these functions."""
        return any(f"{name}(" in code for name in [*self._parameters])

    def note(self, tree: ast.AST) -> None:
        """Remember the functions and classes that parsed code defines."""
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self._note_class(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._note(node.name, _names_of(node))

    def given_by(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """Give the arguments of a call that have no name, each with that of its parameter."""
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                for place, parameter in self._parameters.get(name, {}).items():
                    if not any(isinstance(given, ast.Starred) for given in call.args[: place + 1]):
                        yield from ((parameter, given) for given in call.args[place : place + 1])

    def _note_class(self, node: ast.ClassDef) -> None:
        """Remember what makes an object of a class: its `__init__`, or the fields of its data."""
        fields = []
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                fields = _names_of(part)
                break
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                fields.append(part.target.id)
        self._note(node.name, fields)

    def _note(self, function: str, parameters: list[str]) -> None:
        secret = {n: name for n, name in enumerate(parameters) if said_by(name) is not None}
        if self._parameters.get(function, {}) == secret:
            return
        self.revision += 1
        if not secret:
            del self._parameters[function]
        elif len(self._parameters) < _MOST_FUNCTIONS:
            self._parameters[function] = secret


def _names_of(function: _Function) -> list[str]:
    """Return the names of what a function takes by position, but for the object it belongs to."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    names = [argument.arg for argument in arguments]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names
