"""Which texts a variable can hold, as the source that binds it says: names of columns, mostly.

Static: syntax in, texts out. Whoever asks knows which source has run, and what else happened to the
variable.
"""

import ast
from typing import NamedTuple


class Texts(NamedTuple):
    """Texts that a variable can hold, or have in a list; also all those of other ``variables``."""

    texts: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()

    def __or__(self, other: "Texts") -> "Texts":
        return Texts(self.texts | other.texts, self.variables | other.variables)


def texts_bound(tree: ast.AST, name: str) -> Texts | None:
    """Return the texts that a piece of source binds to a name, one by one or in lists.

    None where it binds something else to it, too.

    Examples
    --------
    >>> texts_bound(ast.parse("for c in ['a', *more]: pass"), "c") is None
    True
    >>> texts_bound(ast.parse("num = ['a']"), "num")
    Texts(texts=frozenset({'a'}), variables=frozenset())
    """
    found, understood, bindings = Texts(), 0, 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            bindings += 1
        for target, value, is_each in _bindings(node):
            if isinstance(target, ast.Name) and target.id == name:
                texts = None if is_each and isinstance(value, ast.Constant) else _texts(value)
                if texts is None:
                    return None
                found |= texts
                understood += 1
    return found if understood == bindings else None


def _bindings(node: ast.AST) -> list[tuple[ast.expr, ast.expr, bool]]:
    """Return targets with what they are given, and whether that is each item of it."""
    if isinstance(node, ast.Assign):
        return [(target, node.value, False) for target in node.targets]
    if isinstance(node, ast.For | ast.comprehension):
        return [(node.target, node.iter, True)]
    return []


def _texts(value: ast.expr) -> Texts | None:
    if isinstance(value, ast.Name):
        return Texts(variables=frozenset((value.id,)))
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        left, right = _texts(value.left), _texts(value.right)
        return left | right if left is not None and right is not None else None
    items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    texts = [item.value for item in items if isinstance(item, ast.Constant)]
    if len(texts) < len(items) or not all(isinstance(text, str) for text in texts):
        return None
    return Texts(frozenset(text for text in texts if isinstance(text, str)))
