"""Names that source looks up by their text: ``globals()["x"]``, ``df.query("a > @x")``.

What the text is shows only where it stands in the source or in a variable. Whoever asks says which
of the names are variables of the notebook, and which lines ran.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

# Functions that give all variables by name; the last two do so outside of functions only.
SCOPES = frozenset(("globals", "locals", "vars"))
_ONE_OF_THEM = frozenset(("get", "pop", "setdefault", "__getitem__", "__contains__"))
_ONLY_WRITES = frozenset(("update", "__setitem__"))
_WATCHED_ANYWAY = frozenset(("exec", "eval"))  # what they execute is seen when it runs
_EXPRESSIONS = frozenset(("query", "eval"))

_PATTERNS = {"free": re.compile(r"[^\W\d]\w*"), "expression": re.compile(r"@([^\W\d]\w*)")}


class Lookup(NamedTuple):
    """A look for variables by a text.

    The text is ``text``, or the value of ``variable``; neither where it cannot be known. It is the
    ``name`` of one variable, or an ``expression`` in which names are marked by ``@``, or a ``free``
    one in which all can be variables.
    """

    kind: str
    text: str | None = None
    variable: str | None = None

    def names(self, namespace: Mapping[str, Any]) -> Iterator[str]:
        """Give the names in the text; all there are where that cannot be known."""
        text = self.text
        if self.variable is not None:
            value = namespace.get(self.variable)
            text = value if type(value) is str else None
        if text is not None:
            yield from [text] if self.kind == "name" else _PATTERNS[self.kind].findall(text)
        elif self.kind == "name":
            yield from [name for name in namespace if type(name) is str]


def lookups_of(nodes: Iterable[ast.AST]) -> dict[tuple[int, str], set[Lookup]]:
    r"""Return the lookups of some nodes, outer ones first, by the line and name they begin with.

    Examples
    --------
    >>> lookups_of(ast.walk(ast.parse("a = 1\nglobals()['b']")))
    {(2, 'globals'): {Lookup(kind='name', text='b', variable=None)}}
    """
    found: dict[tuple[int, str], set[Lookup]] = {}
    known: set[ast.AST] = set()  # scopes that somebody above has spoken of
    for node in nodes:
        for root, lookup in (*_in_scope(node, known), *_in_expression(node)):
            found.setdefault((root.lineno, root.id), set()).add(lookup)
    return found


def _in_scope(node: ast.AST, known: set[ast.AST]) -> Iterator[tuple[ast.Name, Lookup]]:
    """Give what a node looks up in a scope; parents come before their children."""
    scope, key = _scope_and_key(node)
    if scope is not None:
        known.add(scope)
        if key is not None:
            yield _first_name(scope), _lookup("name", key)
    elif _is_scope(node) and node not in known:
        yield _first_name(node), Lookup("name")


def _scope_and_key(node: ast.AST) -> tuple[ast.AST | None, ast.expr | None]:
    """Return the scope that a node asks for one name, and that name; no name for mere writes."""
    if isinstance(node, ast.Subscript) and _is_scope(node.value):
        return node.value, node.slice if isinstance(node.ctx, ast.Load) else None
    if isinstance(node, ast.Compare) and _is_scope(node.comparators[-1]):
        return node.comparators[-1], node.left
    if not isinstance(node, ast.Call):
        return None, None
    function = node.func
    if isinstance(function, ast.Attribute) and _is_scope(function.value):
        if function.attr in _ONE_OF_THEM and node.args:
            return function.value, node.args[0]
        return (function.value, None) if function.attr in _ONLY_WRITES else (None, None)
    if isinstance(function, ast.Name) and function.id in _WATCHED_ANYWAY:
        return next((each for each in node.args if _is_scope(each)), None), None
    return None, None


def _is_scope(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "user_ns"
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SCOPES
        and not node.args
    )


def _in_expression(node: ast.AST) -> Iterator[tuple[ast.Name, Lookup]]:
    """Give what an expression in a text looks up, as pandas evaluates it."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr not in _EXPRESSIONS or not node.args:
        return
    is_method = not isinstance(node.func.value, ast.Name) or node.func.value.id != "pd"
    root = _first_name(node.func)
    if root is not None:
        yield root, _lookup("expression" if is_method else "free", node.args[0])


def _lookup(kind: str, text: ast.expr) -> Lookup:
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return Lookup(kind, text=text.value)
    if isinstance(text, ast.JoinedStr):
        plain = (part.value for part in text.values if isinstance(part, ast.Constant))
        return Lookup(kind, text=" ".join(map(str, plain)) if kind != "name" else None)
    return Lookup(kind, variable=text.id if isinstance(text, ast.Name) else None)


def _first_name(node: ast.AST) -> Any:
    return next((each for each in ast.walk(node) if isinstance(each, ast.Name)), None)
