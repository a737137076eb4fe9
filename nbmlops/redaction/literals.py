"""Secrets in the texts of source code: all that a name which says secret is given.

`assignments` reads what stands right behind a name, in any text. Here code is parsed, so that
brackets, lines, lists, conditions and pieces make no difference, and calls, whose arguments have
names by their places (`positions`). What no parser reads is left to `assignments`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nbmlops.redaction.names import Said, said_by
from nbmlops.redaction.positions import SecretPositions
from nbmlops.redaction.values import classes_of, is_pass_phrase, is_secret_text

_PIECE = re.compile(
    r"#[^\n]*|[A-Za-z]{0,2}(?P<quote>\"{3}|'{3}|\"|')(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([^\n])")
_QUOTE_SIGNS = frozenset("\\\"'")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAGIC = re.compile(r"(?m)^([ \t]*+)(?:[%!?].*|[\w, \t]+=[ \t]*[%!].*|[^\n#]*\?)$")
_WRAPPERS = frozenset(("SecretStr", "SecretBytes", "Secret", "str", "bytes"))
_COLLECTIONS = frozenset("list tuple set frozenset deque array asarray Series Index tensor".split())
_LEAST_PART = 6  # of a list, or of a text with values put in: less is a rule or a separator
_LONGEST_PARSED = 200_000  # signs; a table in JSON is code, too
_SURE_PASSWORD = Said("password", is_sure=True)


@dataclass(frozen=True, slots=True)
class Literal:
    """A secret in code: what it is, its kind, and where its pieces stand, without quotes."""

    value: str
    kind: str
    pieces: tuple[tuple[int, int], ...]


def literals_in(code: str, positions: SecretPositions) -> list[Literal]:
    """Return the secrets in texts of code, none where it is very long or no code.

    What the code defines is told to ``positions``.

    Examples
    --------
    >>> found = literals_in('passwords = ["one2three", "four5six"]', SecretPositions())
    >>> [literal.value for literal in found]
    ['one2three', 'four5six']
    """
    if len(code) > _LONGEST_PARSED:
        return []
    try:
        tree = _parsed(code)
        positions.note(tree)
        places = _Places(code)
        return [
            found
            for node in ast.walk(tree)
            for name, given in _given_by(node, positions)
            if (said := said_by(name)) is not None
            for found in _secrets_of(given, said, places)
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _parsed(code: str) -> ast.Module:
    # Without escapes, none of which can be wrong then: warnings are not for the user of ours.
    plain = _ESCAPED.sub(lambda sign: "__" if sign[1] in _QUOTE_SIGNS else "_" + sign[1], code)
    try:
        return ast.parse(plain)
    except SyntaxError:
        return ast.parse(_MAGIC.sub(r"\1pass", plain))


def _given_by(node: ast.AST, positions: SecretPositions) -> Iterator[tuple[str, ast.expr]]:
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
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.arguments(posonlyargs=first, args=then, defaults=defaults):
            plain = [*first, *then]
            pairs = [*zip(plain[len(plain) - len(defaults) :], defaults, strict=True)]
            pairs += [
                (argument, default)
                for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
                if default is not None
            ]
            for argument, default in pairs:
                yield argument.arg, default
        case ast.Compare(left=left, comparators=others):
            for other in others:
                yield from _paired(left, other)
        case ast.Call():
            yield from positions.given_by(node)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case (
            (ast.Tuple(elts=names) | ast.List(elts=names)),
            (ast.Tuple(elts=values) | ast.List(elts=values)),
        ) if len(names) == len(values):
            for each, given in zip(names, values, strict=True):
                yield from _paired(each, given)
        case ((ast.Name(id=name) | ast.Attribute(attr=name)), _):
            yield name, value
        case ast.Subscript(slice=ast.Constant(value=str(name))), _:
            yield name, value


def _secrets_of(given: ast.expr, said: Said, places: "_Places") -> Iterator[Literal]:
    match given:
        case ast.Tuple(elts=[_, ast.Constant() as password]) if said.kind == "credential":
            yield from _secrets_of(password, _SURE_PASSWORD, places)
    match given:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            given = first if name in _COLLECTIONS else given
    is_list = isinstance(given, ast.List | ast.Tuple | ast.Set | ast.Dict)
    said = replace(said, is_of_many=said.is_of_many or is_list)
    for node, is_part in _texts_of(given):
        pieces = (places.of(node),) if is_part else tuple(places.pieces_of(node))
        written = "".join(places.code[begin:end] for begin, end in pieces)
        value = re.sub(r"\\([\\\"'])", r"\1", written)
        if (is_part or is_list) and len(value) < _LEAST_PART:
            continue
        if is_part and classes_of(value) < 2:
            continue
        is_phrase = said.is_sure and is_pass_phrase(value)
        if is_phrase or is_secret_text(value, said):
            yield Literal(value, said.kind, pieces)


def _texts_of(given: ast.expr) -> Iterator[tuple[ast.Constant, bool]]:
    """Give the texts an expression may come to, and whether each is but a part of one."""
    match given:
        case ast.Constant(value=str() | bytes()):
            yield given, False
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.Constant):
                    yield part, True
        case _:
            for part in _parts_of(given):
                yield from _texts_of(part)


def _parts_of(given: ast.expr) -> list[ast.expr]:
    match given:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return parts
        case ast.Dict(values=parts) | ast.BoolOp(values=parts):
            return parts
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return [value]
        case ast.Call(  # "…".strip().encode()
            func=ast.Attribute(value=(ast.Constant() | ast.JoinedStr() | ast.Call()) as text)
        ):
            return [text]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            return [first] if name in _WRAPPERS else []
    return []


class _Places:
    """Where the parts of code stand in it, as numbers of signs."""

    def __init__(self, code: str) -> None:
        self.code, self._is_ascii = code, code.isascii()
        self._begins = [0, *(found.end() for found in _LINE_END.finditer(code))]

    def of(self, node: ast.expr) -> tuple[int, int]:
        """Return begin and end of a part."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._at(node.lineno, node.col_offset),
            self._at(node.end_lineno, node.end_col_offset),
        )

    def pieces_of(self, node: ast.expr) -> Iterator[tuple[int, int]]:
        """Give begin and end of every text that a text is put together from, without quotes."""
        for piece in _PIECE.finditer(self.code, *self.of(node)):
            if piece["body"]:
                yield piece.span("body")

    def _at(self, line: int, size_bytes: int) -> int:
        begin = self._begins[line - 1]
        if self._is_ascii:
            return begin + size_bytes
        before = self.code[begin : begin + size_bytes]  # at least as far
        return begin + len(before.encode()[:size_bytes].decode())
