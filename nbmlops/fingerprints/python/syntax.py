"""What counts of a function's source: its syntax tree, without places, comments and docstrings.

Annotations count, and so do names. The form is our own: `ast.dump` differs between versions of
Python. Fields that are empty are left out, so that one that a later version adds changes nothing.
"""

import ast
import dis
from collections.abc import Iterator
from types import CodeType
from typing import Any

from nbmlops.fingerprints.hashing import joined_all, text
from nbmlops.fingerprints.packing import packed

# What the tree says twice, or what only another tool reads.
_LEFT_OUT = frozenset(("ctx", "kind", "type_comment", "type_ignores"))
_WITH_DOCSTRING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_READS_A_GLOBAL = frozenset(
    ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS", "STORE_GLOBAL", "DELETE_GLOBAL")
)


def syntax_digest(node: ast.AST) -> bytes:
    """Return the digest of a syntax tree."""
    return joined_all("syntax", _tokens(node))


def names_read(code: CodeType) -> set[str]:
    """Return the names that code, and the code inside it, looks for beyond its own."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        inner = waiting.pop()
        steps = list(dis.get_instructions(inner))
        own = {step.argval for step in steps if step.opname == "STORE_NAME"}  # a class's
        found |= {step.argval for step in steps if step.opname in _READS_A_GLOBAL} - own
        waiting += [constant for constant in inner.co_consts if isinstance(constant, CodeType)]
    return found


def chains(node: ast.AST) -> set[tuple[str, ...]]:
    """Return the dotted names in a tree: ``numpy.linalg.norm`` as three."""
    found = set()
    inner: set[int] = set()
    for part in ast.walk(node):  # outer nodes come first
        if not isinstance(part, ast.Attribute) or id(part) in inner:
            continue
        names: list[str] = []
        rest: ast.expr = part
        while isinstance(rest, ast.Attribute):
            inner.add(id(rest))
            names.append(rest.attr)
            rest = rest.value
        if isinstance(rest, ast.Name):
            found.add((rest.id, *reversed(names)))
    return found


def _tokens(root: ast.AST) -> Iterator[bytes]:
    waiting: list[Any] = [root]
    while waiting:
        item = waiting.pop()
        if type(item) is bytes:
            yield item
        elif isinstance(item, ast.Constant):
            yield b"=" + _leaf(item.value)
        elif isinstance(item, ast.AST):
            yield b"(" + text(type(item).__name__)
            waiting.append(b")")
            for name, value in reversed(list(_fields(item))):
                waiting += (value, b"." + text(name))
        elif isinstance(item, list):
            yield b"["
            waiting.append(b"]")
            waiting += reversed([one for one in item if not isinstance(one, ast.Pass)])
        else:
            yield b"'" + _leaf(item)


def _fields(node: ast.AST) -> Iterator[tuple[str, Any]]:
    for name in node._fields:
        value = getattr(node, name, None)
        if name in _LEFT_OUT or value is None or value == []:
            continue
        if name == "body" and isinstance(node, _WITH_DOCSTRING):
            value = _without_docstring(value)
        if isinstance(node, ast.JoinedStr):
            value = _pieces(value)
        yield name, value


def _pieces(values: list[Any]) -> list[ast.expr]:
    """Return the pieces of an f-string without empty ones, which only some versions of Python add.

    Text that stands together is one piece.
    """
    pieces: list[ast.expr] = []
    for value in values:
        last = pieces[-1] if pieces else None
        if not isinstance(value, ast.Constant):
            pieces.append(value)
        elif isinstance(last, ast.Constant):
            pieces[-1] = ast.Constant(f"{last.value!s}{value.value!s}")
        elif value.value:
            pieces.append(value)
    return pieces


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[isinstance(first.value.value, str) :]
    return body


def _leaf(value: object) -> bytes:
    """Return the digest of a name or a literal, which is plain but for the ellipsis."""
    return b"..." if value is ... else packed([value], "exact").digest
