"""Secrets in the texts of source code: all that a name which says secret is given.

`assignments` reads what stands right behind a name, in any text. Here code is parsed, so that
brackets, lines, lists, conditions and pieces make no difference, and calls, whose arguments have
names by their places (`positions`). What no parser reads is left to `assignments`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal as OneOf

from nbmlops.redaction.names import Said, said_by
from nbmlops.redaction.naming import Named, listed_in, named_in
from nbmlops.redaction.positions import SecretPositions
from nbmlops.redaction.values import classes_of, is_secret_text, is_told_text, looks_secret

_PIECE = re.compile(
    r"#[^\n]*|[A-Za-z]{0,2}(?P<quote>\"{3}|'{3}|\"|')(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([^\n])")
_QUOTE_SIGNS = frozenset("\\\"'")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAGIC = re.compile(r"(?m)^([ \t]*+)(?:[%!?].*|[\w, \t]+=[ \t]*[%!].*|[^\n#]*\?)$")
# A text of its own, a part of one, or what an unknown function is given, to make something of it.
type _Way = OneOf["whole", "part", "argument"]

_WRAPPERS = frozenset(
    "SecretStr SecretBytes Secret str bytes bytearray Field b64decode b32decode b85decode "
    "b16decode standard_b64decode urlsafe_b64decode a85decode unhexlify fromhex unquote "
    "unquote_plus reversed".split()
)
# What is given to these is the name of a secret, a place of one, or a prompt.
_ASKING = frozenset(
    "getpass input prompt ask get getenv getattr read read_text open load loads fetch get_password "
    "get_secret get_secret_value access_secret_version get_parameter decode encode split strip "
    "environ Path path format".split()
)
_COLLECTIONS = frozenset("list tuple set frozenset deque array asarray Series Index tensor".split())
_LEAST_PART = 6  # of a list, or of a text with values put in: less is a rule or a separator
_CLASSES_OF_ARGUMENTS = 3  # of small letters, capitals, digits and other signs
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
            for (name, given), way in _given_in(node, positions)
            if (said := said_by(name)) is not None
            for found in _secrets_of(given, said, places, way)
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


def _given_in(node: ast.AST, positions: SecretPositions) -> Iterator[tuple[Named, _Way]]:
    for named in named_in(node, positions):
        yield named, "whole"
    for named in listed_in(node):
        yield named, "argument"


def _secrets_of(
    given: ast.expr, said: Said, places: "_Places", way_of_all: _Way = "whole"
) -> Iterator[Literal]:
    match given:
        case ast.Tuple(elts=[_, ast.Constant() as password]) if said.kind == "credential":
            yield from _secrets_of(password, _SURE_PASSWORD, places)
    match given:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            given = first if name in _COLLECTIONS else given
    is_list = isinstance(given, ast.List | ast.Tuple | ast.Set | ast.Dict)
    said = replace(said, is_of_many=said.is_of_many or is_list)
    for node, way in _texts_of(given, way_of_all):
        is_part = way == "part"
        pieces = (places.of(node),) if is_part else tuple(places.pieces_of(node))
        written = "".join(places.code[begin:end] for begin, end in pieces)
        value = re.sub(r"\\([\\\"'])", r"\1", written)
        if (way != "whole" or is_list) and len(value) < _LEAST_PART:
            continue
        if is_part and classes_of(value) < 2:
            continue
        if way == "argument" and not _is_secret_argument(value, said):
            continue
        if is_secret_text(value, replace(said, is_of_many=said.is_of_many or is_part)):
            yield Literal(value, said.kind, pieces)


def _is_secret_argument(value: str, said: Said) -> bool:
    """Tell whether what an unknown function makes a secret of is one, and no name or place."""
    is_place = any(sign in value for sign in "/.:")
    is_mixed = classes_of(value) >= _CLASSES_OF_ARGUMENTS or looks_secret(value)
    return said.is_sure and is_mixed and not is_place and is_told_text(value, said)


def _texts_of(given: ast.expr, way: _Way = "whole") -> Iterator[tuple[ast.Constant, _Way]]:
    """Give the texts an expression may come to, and in which way each does."""
    match given:
        case ast.Constant(value=str() | bytes()):
            yield given, way
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.Constant):
                    yield part, "part"
        case _:
            for part in _parts_of(given):
                yield from _texts_of(part, way)
            if isinstance(given, ast.Call) and _name_of(given) not in _ASKING:
                for part in given.args:
                    yield from _texts_of(part, "argument")


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
        case ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            return [value]
        case ast.Subscript(value=ast.Constant() as text) | ast.Lambda(body=text):
            return [text]
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=pieces):
            return pieces
        case ast.Call(  # "…".strip().encode()
            func=ast.Attribute(value=(ast.Constant() | ast.JoinedStr() | ast.Call()) as text)
        ):
            return [text]
        case ast.Call(args=[first, *_]) if _name_of(given) in _WRAPPERS:
            return [first]
    return []


def _name_of(call: ast.Call) -> str:
    """Return the last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


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
