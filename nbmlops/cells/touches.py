"""Where source may change a value in place: which names it touches, and how.

Scopes are not read here: whoever asks knows which of the names are those of the notebook.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Functions that leave their arguments as they are, so that showing a name does not touch it.
_HARMLESS = frozenset(
    "abs all any bool callable dict display enumerate filter float format frozenset hash id int "
    "isinstance issubclass len list map max min print range repr reversed round set sorted str "
    "sum tuple type vars zip".split()
)
_TOUCHING = (ast.Call, ast.Attribute, ast.Subscript, ast.AugAssign, ast.Compare)
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator)


class Touch(NamedTuple):
    """A way in which a cell may change the value of a name in place.

    Exactly one of the three is said: a ``method`` called on it (and whether with
    ``inplace=True``), a ``function`` it is passed to (``.name`` where that is a method, nothing
    where it has no name), or neither: an item or attribute was set.
    """

    name: str
    method: str | None = None
    function: str | None = None
    inplace: bool = False


def touches_at(node: ast.AST) -> Iterator[tuple[ast.Name, Touch]]:
    """Give what one node touches, without its parts, and where each name stands."""
    if isinstance(node, ast.Call):
        yield from _touches_of_call(node)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        if not isinstance(node.ctx, ast.Load):
            yield from _touch(node)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield from _touch(node.target)


def touches_by_line(tree: ast.AST) -> dict[tuple[int, str], set[Touch]]:
    r"""Return all touches of a piece of source by the line and the name that are touched.

    Examples
    --------
    >>> [*touches_by_line(ast.parse("a = b\nc.append(a)"))]
    [(2, 'c'), (2, 'a')]
    """
    return touches_of(nodes_with_calls(tree))


def touches_of(nodes: Iterable[ast.AST]) -> dict[tuple[int, str], set[Touch]]:
    """Return the touches of some nodes by line and name."""
    found: dict[tuple[int, str], set[Touch]] = {}
    for node in nodes:
        for name, touch in touches_at(node):
            found.setdefault((name.lineno, name.id), set()).add(touch)
    return found


def nodes_with_calls(tree: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes that may touch a name or look one up, outer ones first.

    Twice as fast as `ast.walk`.
    """
    waiting = [tree]
    for node in waiting:
        if isinstance(node, _LEAVES):
            continue
        if isinstance(node, _TOUCHING):
            yield node
        for field in node._fields:
            part = getattr(node, field, None)
            if isinstance(part, list):
                waiting += [child for child in part if isinstance(child, ast.AST)]
            elif isinstance(part, ast.AST):
                waiting.append(part)


def _touches_of_call(call: ast.Call) -> Iterator[tuple[ast.Name, Touch]]:
    function = call.func
    if isinstance(function, ast.Attribute):
        inplace = any(key.arg == "inplace" for key in call.keywords)
        yield from _touch(function, method=function.attr, inplace=inplace)
    if isinstance(function, ast.Name) and function.id in _HARMLESS:
        return
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        root = _root(argument)
        if root is not None:
            yield root, Touch(root.id, function=_called(function))


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return f".{function.attr}" if isinstance(function, ast.Attribute) else ""


def _touch(
    node: ast.expr, *, method: str | None = None, inplace: bool = False
) -> Iterator[tuple[ast.Name, Touch]]:
    root = _root(node)
    if root is not None:
        yield root, Touch(root.id, method=method, inplace=inplace)


def _root(node: ast.expr) -> ast.Name | None:
    """Return the name that a chain of attributes and items begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node if isinstance(node, ast.Name) else None
