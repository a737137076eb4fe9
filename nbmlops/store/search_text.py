"""SQL for texts that databases write differently: patterns, parameters as text, JSON documents.

Each element is compiled for SQLite and, where there is no other rule, for PostgreSQL. SQLite lacks
regular expressions and Python's ``str``: `register` gives a connection both.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Dialect,
    TableValuedAlias,
    Text,
    TypeDecorator,
    column,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from nbmlops.canonical import decode
from nbmlops.errors import QueryError
from nbmlops.query.patterns import compiled, glob_of, like_expression
from nbmlops.query.posix_patterns import posix_of
from nbmlops.store.tables import INDEXED


class _Like(FunctionElement[bool]):
    """Whether a text is like a pattern, in which only % and _ have a meaning."""

    type = Boolean()
    name = "nbmlops_like"
    inherit_cache = True


class _IgnoringCase(FunctionElement[bool]):
    """The same, capital letters or not."""

    type = Boolean()
    name = "nbmlops_ilike"
    inherit_cache = True


class _Matches(FunctionElement[bool]):
    """Whether a regular expression is found in a text."""

    type = Boolean()
    name = "nbmlops_matches"
    inherit_cache = True


class _IsOneOf(FunctionElement[bool]):
    """Whether a text is one of some."""

    type = Boolean()
    name = "nbmlops_is_one_of"
    inherit_cache = True


class _IsOneOfShort(_IsOneOf):
    """Whether a text is one of some that an index can hold."""

    name = "nbmlops_is_one_of_short"
    inherit_cache = True


class _Indexed(FunctionElement[str]):
    """As much of a text as an index holds."""

    type = Text()
    name = "nbmlops_indexed"
    inherit_cache = True


class _IsAmong(FunctionElement[bool]):
    """Whether a text is among many."""

    type = Boolean()
    name = "nbmlops_is_among"
    inherit_cache = True


class _Texts(TypeDecorator[list[str]]):
    """Many texts: an array in PostgreSQL, in SQLite a JSON list."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(Text()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _ParamText(FunctionElement[str]):
    """The text of a parameter, as ``str`` writes it, from its type and JSON."""

    type = Text()
    name = "nbmlops_text"
    inherit_cache = True


class _Elements(FunctionElement[str]):
    """The texts in a JSON list, as rows."""

    name = "nbmlops_elements"
    inherit_cache = True


class _Member(FunctionElement[str]):
    """A text in a JSON document, by its path; NULL where there is none."""

    type = Text()
    name = "nbmlops_member"
    inherit_cache = True


def like(text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """Tell whether a text is like a pattern, in which only % and _ have a meaning."""
    return _Like(text, literal(glob_of(pattern)), literal(pattern))


def ilike(text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """Tell the same, capital letters or not, of any alphabet."""
    return _IgnoringCase(text, literal(pattern))


def matches(text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """Tell whether a regular expression is found in a text."""
    try:
        posix = posix_of(pattern)
    except ValueError:  # told where the database would need it
        posix = None
    return _Matches(text, literal(pattern), literal(posix))


def is_one_of(text: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Tell whether a text that may be long is one of some; found in an index, where it has one.

    PostgreSQL cannot keep long texts in an index: it has their first `INDEXED` characters. Of a
    text that is shorter that is all there is to compare.
    """
    are_short = all(len(value) < INDEXED for value in values)
    return (_IsOneOfShort if are_short else _IsOneOf)(text, *map(literal, values))


def indexed(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Return as much of a text that may be long as an index holds: `INDEXED` characters or all."""
    return _Indexed(text)


def is_among(text: ColumnElement[Any], texts: Sequence[str]) -> ColumnElement[bool]:
    """Tell whether a text is among many, which are one value to the database, not one each."""
    return _IsAmong(text, literal(list(texts), _Texts()))


def param_text(type: ColumnElement[Any], document: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the text of a parameter as ``str`` writes it."""
    return _ParamText(type, document)


def member(document: ColumnElement[Any], *path: str) -> ColumnElement[str]:
    """Return a text, number or truth of a JSON document as text; NULL where there is none."""
    dotted = "$" + "".join(f'."{name}"' for name in path)
    return _Member(document, literal(dotted), literal("{" + ",".join(map(json.dumps, path)) + "}"))


def elements(document: ColumnElement[Any]) -> TableValuedAlias:
    """Return the texts of a JSON list as rows with a column ``value``."""
    return _Elements(document).table_valued(column("value", Text()))


def register(connection: sqlite3.Connection) -> None:
    """Give an SQLite connection the functions that the elements here are compiled to."""
    for name, function in (
        (_Matches.name, _is_match),
        (_IgnoringCase.name, _is_alike),
        (_ParamText.name, _text_of),
    ):
        connection.create_function(name, 2, function, deterministic=True)


def _is_match(text: object, pattern: str) -> bool | None:
    return None if text is None else compiled(pattern).search(str(text)) is not None


def _is_alike(text: object, pattern: str) -> bool | None:
    if text is None:
        return None
    return like_expression(pattern, ignores_case=True).fullmatch(str(text)) is not None


def _text_of(type_name: str, document: str) -> str:
    return str(decode(type_name, document))


def _sql(element: FunctionElement[Any], compiler: Any, kw: Any) -> list[str]:
    return [compiler.process(part, **kw) for part in element.clauses]


@compiles(_Like)
def _like(element: _Like, compiler: Any, **kw: Any) -> str:
    text, _, pattern = element.clauses
    return f"({compiler.process(text, **kw)} LIKE {compiler.process(pattern, **kw)} ESCAPE '')"


@compiles(_Like, "sqlite")
def _like_sqlite(element: _Like, compiler: Any, **kw: Any) -> str:
    text, pattern, _ = element.clauses  # SQLite's LIKE takes a for A, its GLOB does not
    return f"({compiler.process(text, **kw)} GLOB {compiler.process(pattern, **kw)})"


@compiles(_IgnoringCase)
def _ilike(element: _IgnoringCase, compiler: Any, **kw: Any) -> str:
    text, pattern = _sql(element, compiler, kw)
    return f"({text} {_collation(compiler)} ILIKE {pattern} ESCAPE '')"


def _collation(compiler: Any) -> str:
    """Return the collation whose letters are those of any alphabet; our columns have "C"."""
    has_own = (compiler.dialect.server_version_info or (0,)) >= (17,)
    return 'COLLATE "pg_c_utf8"' if has_own else 'COLLATE "default"'


@compiles(_IgnoringCase, "sqlite")
def _ilike_sqlite(element: _IgnoringCase, compiler: Any, **kw: Any) -> str:
    text, pattern = _sql(element, compiler, kw)
    alike = f"{element.name}({text}, {pattern})"
    if not element.clauses.clauses[1].value.isascii():
        return alike
    # Its LIKE knows the case of ASCII only, and is ten times as quick as Python.
    return f"CASE WHEN {text} GLOB '*[^ -~]*' THEN {alike} ELSE {text} LIKE {pattern} END"


@compiles(_IsOneOf)
def _is_one_of(element: _IsOneOf, compiler: Any, **kw: Any) -> str:
    text, *values = _sql(element, compiler, kw)
    begun = ", ".join(f"left({value}, {INDEXED})" for value in values)
    return f"(left({text}, {INDEXED}) IN ({begun}) AND {text} IN ({', '.join(values)}))"


@compiles(_IsOneOfShort)
def _is_one_of_short(element: _IsOneOfShort, compiler: Any, **kw: Any) -> str:
    text, *values = _sql(element, compiler, kw)
    return f"(left({text}, {INDEXED}) IN ({', '.join(values)}))"


@compiles(_Indexed)
def _indexed(element: _Indexed, compiler: Any, **kw: Any) -> str:
    (text,) = _sql(element, compiler, kw)
    return f"left({text}, {INDEXED})"


@compiles(_Indexed, "sqlite")
def _indexed_sqlite(element: _Indexed, compiler: Any, **kw: Any) -> str:
    return _sql(element, compiler, kw)[0]


@compiles(_IsOneOf, "sqlite")
@compiles(_IsOneOfShort, "sqlite")
def _is_one_of_sqlite(element: _IsOneOf, compiler: Any, **kw: Any) -> str:
    text, *values = _sql(element, compiler, kw)
    return f"({text} IN ({', '.join(values)}))"


@compiles(_IsAmong)
def _is_among(element: _IsAmong, compiler: Any, **kw: Any) -> str:
    text, texts = _sql(element, compiler, kw)
    return f"({text} = ANY ({texts}))"


@compiles(_IsAmong, "sqlite")
def _is_among_sqlite(element: _IsAmong, compiler: Any, **kw: Any) -> str:
    text, texts = _sql(element, compiler, kw)
    return f"({text} IN (SELECT value FROM json_each({texts})))"  # noqa: S608


@compiles(_Matches)
def _matches(element: _Matches, compiler: Any, **kw: Any) -> str:
    text, pattern, posix = element.clauses
    if posix.value is None:
        reason = "PostgreSQL has no words for all that is in this regular expression."
        raise QueryError(pattern.value, 0, reason)
    searched = f"{compiler.process(text, **kw)} {_collation(compiler)}"
    return f"({searched} ~ {compiler.process(posix, **kw)})"


@compiles(_Matches, "sqlite")
def _matches_sqlite(element: _Matches, compiler: Any, **kw: Any) -> str:
    text, pattern, _ = element.clauses
    found = [compiler.process(part, **kw) for part in (text, pattern)]
    return f"{element.name}({', '.join(found)})"


_WRITTEN = "CASE {0} WHEN 'str' THEN {1} WHEN 'float' THEN {2} WHEN 'int' THEN {2} ELSE {3} END"


@compiles(_ParamText)
def _param_text(element: _ParamText, compiler: Any, **kw: Any) -> str:
    return param_text_sql(*_sql(element, compiler, kw))


def _json(document: str) -> str:
    """Return PostgreSQL's SQL for a document, in which it takes no NUL, escaped or not."""
    return f"(replace({document}, '\\u0000', '\\ufffd')::jsonb)"


def param_text_sql(kind: str, document: str) -> str:
    """Return PostgreSQL's SQL for `param_text`.

    Lists and tuples are as Python writes them where they hold numbers and plain texts.
    """
    tree = _json(document)
    listed = f"""replace({tree}::text, '"', '''')"""
    items = f"""replace(({tree} -> 'value')::text, '"', '''')"""
    tagged = (
        f"CASE {tree} ->> '$type' WHEN 'tuple' THEN '(' || substr({items}, 2, length({items}) - 2)"
        f" || ')' WHEN 'datetime' THEN replace({tree} ->> 'value', 'T', ' ')"
        f" ELSE {tree} ->> 'value' END"
    )
    named = (
        f"CASE {document} WHEN 'true' THEN 'True' WHEN 'false' THEN 'False' WHEN 'null' THEN 'None'"
        f""" ELSE CASE left({document}, 8) WHEN '{{"$type"' THEN {tagged} ELSE {listed} END END"""
    )
    plain = f"substr({document}, 2, length({document}) - 2)"  # quicker, where nothing is escaped
    text = f"CASE WHEN strpos({document}, '\\') = 0 THEN {plain} ELSE {tree} #>> '{{}}' END"
    return "(" + _WRITTEN.format(kind, text, document, named) + ")"


@compiles(_ParamText, "sqlite")
def _param_text_sqlite(element: _ParamText, compiler: Any, **kw: Any) -> str:
    kind, document = _sql(element, compiler, kw)
    rest = f"{element.name}({kind}, {document})"
    return "(" + _WRITTEN.format(kind, f"json_extract({document}, '$')", document, rest) + ")"


@compiles(_Member)
def _member(element: _Member, compiler: Any, **kw: Any) -> str:
    document, _, path = element.clauses
    document_sql, path_sql = compiler.process(document, **kw), compiler.process(path, **kw)
    return f"({_json(document_sql)} #>> ({path_sql})::text[])"


@compiles(_Member, "sqlite")
def _member_sqlite(element: _Member, compiler: Any, **kw: Any) -> str:
    document, path, _ = element.clauses
    return f"json_extract({compiler.process(document, **kw)}, {compiler.process(path, **kw)})"


@compiles(_Elements)
def _elements(element: _Elements, compiler: Any, **kw: Any) -> str:
    (document,) = _sql(element, compiler, kw)
    return f"json_array_elements_text(({document})::json)"


@compiles(_Elements, "sqlite")
def _elements_sqlite(element: _Elements, compiler: Any, **kw: Any) -> str:
    (document,) = _sql(element, compiler, kw)
    return f"json_each({document})"
