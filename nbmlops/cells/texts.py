"""Whether a cell shows values, and whether it makes texts of values and keeps them.

Such texts depend on options for how values look. Told by the source alone: what functions of other
cells do is not known, and neither is whether a value looks the same with all options, as numbers
do.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from nbmlops.cells.names import parsed

_SHOWS = frozenset(("print", "display", "pprint"))
_TEXT_OF = frozenset(("repr", "str", "ascii", "format"))
_TEXT_METHODS = frozenset(
    """to_string to_html to_markdown to_latex pformat array2string array_repr array_str
    _repr_html_ __repr__ __str__ __format__""".split()
)
_PLAIN = frozenset(("shape", "size", "ndim", "name", "dtype", "empty", "__name__"))
_PLAIN_OF = frozenset(("len", "int", "float", "round", "type", "bool"))


@lru_cache(256)
def shows_values(source: str) -> bool:
    """Tell whether a cell may show a value: at its end, or by printing."""
    tree = parsed(source)
    if tree is None or not tree.body:
        return tree is None
    is_result = isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";")
    return is_result or any(_called(node) in _SHOWS for node in ast.walk(tree))


@lru_cache(256)
def keeps_text(source: str) -> bool:
    r"""Tell whether a cell may make a text of a frame or array and keep it.

    Examples
    --------
    >>> [keeps_text(cell) for cell in ("t = str(df)", "print(str(df))", "t = f'{len(df)} rows'")]
    [True, False, False]
    """
    tree = parsed(source)
    return tree is not None and any(map(_makes_text, _kept(tree)))


def _kept(node: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes of a tree whose values may be kept, not only shown, raised or looked up."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise | ast.Assert):
            continue
        if isinstance(node, ast.Subscript) and child is node.slice:
            continue
        if _called(child) in _SHOWS and not _has_file(child):
            continue
        if not (isinstance(node, ast.Expr) and _is_result_alone(child)):
            yield child
        yield from _kept(child)


def _is_result_alone(node: ast.AST) -> bool:
    """Tell whether a statement of this node does nothing, ``df.to_html("page.html")`` does."""
    if not isinstance(node, ast.Call):
        return True
    return _called(node) in _TEXT_OF or (isinstance(node.func, ast.Attribute) and not node.args)


def _makes_text(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[value, *_]) if name in _TEXT_OF:
            return not _is_plain(value)
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant()), args=values):
            return not all(map(_is_plain, values))
        case ast.Call(func=ast.Attribute(attr=name)) if name in _TEXT_METHODS:
            return True
        case ast.Call(func=ast.Name(id="print")):
            return _has_file(node)
        case ast.FormattedValue(value=value, format_spec=None):
            return not _is_plain(value)
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text)), right=value):
            return ("%s" in text or "%r" in text) and not _is_plain(value)
    return False


def _is_plain(value: ast.expr) -> bool:
    """Tell whether a value is surely one that looks the same with all options."""
    match value:
        case ast.Constant():
            return True
        case ast.Attribute(attr=name):
            return name in _PLAIN
        case ast.Call(func=ast.Name(id=name)):
            return name in _PLAIN_OF
        case ast.Subscript(value=ast.Attribute(attr=name)):
            return name in _PLAIN
    return False


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _has_file(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(keyword.arg == "file" for keyword in node.keywords)
