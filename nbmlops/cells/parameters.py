"""The parameters that a cell declares, read from its syntax tree, and texts read as their values.

Papermill's own ``inspect`` matches lines against a pattern and loses what the pattern does not
expect (``s = "a=b"``, a ``#`` in a text, a value over several lines).
"""

import ast
import contextlib
import io
import json
import tokenize
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from nbmlops.cells.headers import plain_code
from nbmlops.cells.names import parsed
from nbmlops.errors import ParameterMismatch, ParameterUnknown

PARAMETER_TAGS = frozenset(("parameters", "injected-parameters"))

_NO_VALUE = object()


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter as a cell declares it.

    Attributes
    ----------
    name : str
    default : str
        The source of its value.
    value : object
        The value itself where the source is a literal; see ``is_literal``.
    is_literal : bool
        Whether the value can be known without running the cell.
    annotation : str or None
        The source of its annotation.
    help : str
        The comment at the end of its line.
    """

    name: str
    default: str
    value: object = None
    is_literal: bool = False
    annotation: str | None = None
    help: str = ""

    @property
    def expected(self) -> str:
        """What the parameter takes, in words for a message."""
        return _NAMES.get(self.kind or object, "any value")

    @property
    def kind(self) -> type | None:
        """The type of its values; None where neither value nor annotation tells it."""
        if self.annotation in _ANNOTATIONS:
            return _ANNOTATIONS[self.annotation]
        if self.annotation is None and type(self.value) in _NAMES:
            return type(self.value)
        return None


def declared_in(source: str) -> list[Declared]:
    """Return the parameters a cell declares: the names its top level assigns, in their order.

    A name assigned twice counts once, with its last value. Other statements may stand beside the
    assignments, and one of our headers above; a cell that is no valid Python declares nothing.

    Examples
    --------
    >>> [(found.name, found.value, found.help) for found in declared_in('s = "a=b"  # sep')]
    [('s', 'a=b', 'sep')]
    """
    source = plain_code(source)
    tree = parsed(source)
    if tree is None:
        return []
    comments = _comments(source)
    found: dict[str, Declared] = {}
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign):
            targets: list[ast.expr] = [statement.target]
            annotation = ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign):
            targets, annotation = statement.targets, None
        else:
            continue
        if statement.value is None:
            continue
        remark = comments.get(statement.end_lineno or 0, "")
        for target in targets:
            if isinstance(target, ast.Name):
                text = ast.get_source_segment(source, statement.value) or ""
                value = _literal(statement.value)
                found.pop(target.id, None)
                found[target.id] = Declared(
                    target.id,
                    text,
                    None if value is _NO_VALUE else value,
                    is_literal=value is not _NO_VALUE,
                    annotation=annotation,
                    help=remark,
                )
    return list(found.values())


def computed_from(declared: list[Declared], given: Collection[str]) -> dict[str, str]:
    r"""Return the parameters not given that the cell computes from given ones, with one of those.

    They keep what the cell computed: given values are set below it.

    Examples
    --------
    >>> computed_from(declared_in("lr = 0.1\ntwice = lr * 2\nfour = twice * 2"), ["lr"])
    {'twice': 'lr', 'four': 'lr'}
    """
    found: dict[str, str] = {}
    for parameter in declared:
        tree = parsed(parameter.default)
        if parameter.name in given or parameter.is_literal or tree is None:
            continue
        used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        cause = next((found.get(name, name) for name in used if name in {*given, *found}), None)
        if cause is not None:
            found[parameter.name] = cause
    return found


def checked(
    given: dict[str, object], declared: list[Declared], *, has_cell: bool = True
) -> dict[str, object]:
    """Return the values for a notebook's parameters, each of the type the notebook has.

    An int is taken where the notebook has a float, and becomes one; numpy scalars become the
    Python numbers they hold; nothing else is converted. `Text` is read as the type declared.

    Raises
    ------
    ParameterUnknown
        A name is not declared.
    ParameterMismatch
        A value is not of the type declared.
    """
    by_name = {parameter.name: parameter for parameter in declared}
    values = {}
    for name, value in given.items():
        if name not in by_name:
            raise ParameterUnknown(name, [*by_name], has_cell=has_cell)
        values[name] = _fitted(value, by_name[name])
    return values


class Text(str):
    """A value typed on a command line: read as the type that the notebook declares."""

    __slots__ = ()


def _fitted(value: object, parameter: Declared) -> object:
    kind = parameter.kind
    if isinstance(value, Text):
        value = _read(value, parameter)
    elif type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        value = value.item()  # type: ignore[attr-defined]
    if kind is None:
        return value
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ParameterMismatch(parameter.name, value, parameter.expected, parameter.default)
    return value


def _read(text: Text, parameter: Declared) -> object:
    plain = str(text)
    kind = parameter.kind
    if kind is str:
        return plain
    if kind is bool:
        truth = {"true": True, "false": False}.get(plain.lower())
        if truth is not None:
            return truth
    elif kind in (int, float):
        try:
            return kind(plain.strip())
        except ValueError:
            pass
    else:
        value = _any_literal(plain)
        if kind is None:
            return plain if value is _NO_VALUE else value
        if kind in (tuple, set) and isinstance(value, list | tuple):
            with contextlib.suppress(TypeError):  # a set of lists
                return kind(value)
        if value is not _NO_VALUE:
            return value
    raise ParameterMismatch(parameter.name, plain, parameter.expected, parameter.default)


def _any_literal(text: str) -> Any:
    """Return the value of a Python literal or a JSON document."""
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
    return _NO_VALUE


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NO_VALUE


def _comments(source: str) -> dict[int, str]:
    """Return the comment of each line that has one, without its ``#``."""
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("# ").strip()
    except (tokenize.TokenError, IndentationError):  # the tree was fine: only comments are lost
        pass
    return found


_ANNOTATIONS: dict[str | None, type] = {
    kind.__name__: kind for kind in (bool, int, float, str, bytes, list, tuple, dict, set)
}
_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    bytes: "bytes",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
    set: "a set",
}
