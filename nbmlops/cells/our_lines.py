"""The lines of a cell that ask for nbmlops itself, without which it does the same.

They are ``%load_ext nbmlops``, ``%nbmlops …`` and the header ``%%nbmlops …``. Calls of its
functions are code like any other.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nbmlops.cells.headers import header_of

_OURS = re.compile(r"\s*%(?:nbmlops\b|(?:re|un)?load_ext\s+nbmlops\s*$)")
_OUR_CALLS = ("load_ext", "reload_ext", "unload_ext")
# Cell magics below which the lines are a cell like any other.
_AROUND_CELLS = re.compile(r"%%(?:time|timeit|capture|prun)\b")


def our_lines(lines: Sequence[str], nodes: Sequence[ast.stmt] | None) -> Mapping[int, str | None]:
    """Return the lines that ask for nbmlops, with what comes in their place.

    Parameters
    ----------
    lines : sequence of str
        Of the cell.
    nodes : sequence of ast.stmt or None
        Its statements, line for line; None where those are not known. Lines then count that look
        like it.
    """
    return dict(_ours_by_look(lines)) if nodes is None else _ours(nodes)


def without_our_header(lines: list[str]) -> list[str]:
    """Return a cell's lines without a known header."""
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None or header_of(lines[first]) is None:
        return lines
    return lines[first + 1 :]


def method_called(node: ast.AST) -> tuple[str, list[object]]:
    """Return the name of the method that a call calls, and its constant arguments."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr, [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    return "", []


def _ours(nodes: Sequence[ast.stmt]) -> dict[int, str | None]:
    """Return the lines that ask for nbmlops, with what comes in their place."""
    found: dict[int, str | None] = {}
    top = {id(node) for node in nodes}
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Expr) and _is_ours(inner.value):
                is_top = id(inner) in top
                found[inner.lineno - 1] = None if is_top else f"{' ' * inner.col_offset}pass\n"
    return found


def _is_ours(node: ast.expr) -> bool:
    method, texts = method_called(node)
    if method != "run_line_magic" or not texts:
        return False
    argument = str(texts[1]).strip() if len(texts) > 1 else ""
    return texts[0] == "nbmlops" or (texts[0] in _OUR_CALLS and argument == "nbmlops")


def _ours_by_look(lines: Sequence[str]) -> Iterator[tuple[int, None]]:
    """Give the lines that look so, where they are a cell's and not, say, a file's."""
    head = next((line for line in lines if line.strip()), "")
    if head.startswith("%%") and not _AROUND_CELLS.match(head):
        return
    for place, line in enumerate(lines):
        if _OURS.match(line):
            yield place, None
