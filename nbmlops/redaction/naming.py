"""Which names code gives to which of its expressions: by assigning, calling, comparing, returning.

What the names say, and which texts an expression may come to, is not told here (see `literals`).
"""

import ast
from collections.abc import Iterator
from itertools import pairwise

from nbmlops.redaction.names import without_verb
from nbmlops.redaction.positions import SecretPositions

type Named = tuple[str, ast.expr]
type _Function = ast.FunctionDef | ast.AsyncFunctionDef

_DEFAULTS = frozenset("default default_value fallback value initial initial_value".split())


def named_in(node: ast.AST, positions: SecretPositions) -> Iterator[Named]:
    """Give the names that a piece of code gives something, or compares, each with what."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _paired(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _paired(target, value)
        case ast.NamedExpr(target=target, value=value) | ast.AugAssign(target=target, value=value):
            yield from _paired(target, value)
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from _paired(target, value)
        case ast.keyword(arg=str(name), value=value):
            yield _holding(name, value)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.arguments():
            yield from _defaults_of(node)
        case ast.Compare():
            yield from _compared_in(node)
        case ast.BoolOp(op=ast.Or(), values=[asked, *others]):  # os.getenv("DB_PASSWORD") or "…"
            for name in _asked_by(asked):
                yield from ((name, other) for other in others)
        case ast.Match(subject=subject, cases=cases):
            for part in (part for each in cases for part in ast.walk(each.pattern)):
                if isinstance(part, ast.MatchValue):
                    yield from _paired(subject, part.value)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield from ((without_verb(name), given) for given in _returned_by(node))
        case ast.Call():
            yield from positions.given_by(node)
            for name in _asked_by(node):
                named = (given for given in node.keywords if given.arg in _DEFAULTS)
                yield from ((name, given.value) for given in named)


def listed_in(node: ast.AST) -> Iterator[Named]:
    """Give what may be a name with what it is given, or two of other things: a pair of texts."""
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str(name)), value]):
            yield name, value


def _paired(target: ast.expr, value: ast.expr) -> Iterator[Named]:
    match target, value:
        case (
            (ast.Tuple(elts=names) | ast.List(elts=names)),
            (ast.Tuple(elts=values) | ast.List(elts=values)),
        ) if len(names) == len(values):
            for each, given in zip(names, values, strict=True):
                yield from _paired(each, given)
        case ((ast.Name(id=name) | ast.Attribute(attr=name)), _):
            yield _holding(name, value)
        case ast.Subscript(slice=ast.Constant(value=str(name))), _:
            yield name, value


def _holding(name: str, value: ast.expr) -> Named:
    """Return a name with what it holds, or gives where that is a function."""
    return (without_verb(name), value.body) if isinstance(value, ast.Lambda) else (name, value)


def _compared_in(node: ast.Compare) -> Iterator[Named]:
    for other in node.comparators:
        yield from _paired(node.left, other)
    sides = pairwise([node.left, *node.comparators])
    for (left, right), sign in zip(sides, node.ops, strict=True):
        if isinstance(sign, ast.Eq | ast.NotEq):  # what is looked for in a password is none
            yield from _paired(right, left)


def _defaults_of(arguments: ast.arguments) -> Iterator[Named]:
    plain = [*arguments.posonlyargs, *arguments.args]
    first = len(plain) - len(arguments.defaults)
    for argument, default in zip(plain[first:], arguments.defaults, strict=True):
        yield argument.arg, default
    for argument, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            yield argument.arg, given


def _asked_by(node: ast.expr) -> Iterator[str]:
    """Give the names that are asked for: of variables, items, options: ``getenv("…")``."""
    match node:
        case ast.Call(args=[ast.Constant(value=str()), *_] as given):
            for each in given:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value.lstrip("-")
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            yield name


def _returned_by(function: _Function) -> Iterator[ast.expr]:
    """Give what a function returns, not what others do that are defined in it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
