"""Which functions a statement in PostgreSQL's SQL calls, as far as its text tells.

Read as the server reads it: https://www.postgresql.org/docs/current/sql-syntax-lexical.html, with
``standard_conforming_strings`` on.
"""

import re
from collections.abc import Iterator

_TOKENS = re.compile(
    r"""
    (?P<skipped>\s+ | --[^\n]*)
  | (?P<comment>/\*)
  | (?P<text>[eE]'(?:[^'\\]|\\.|'')*' | (?:[uU]&|[bBxXnN])?'(?:[^']|'')*'
           | \$(?P<tag>[^\W\d]\w*)?\$.*?\$(?P=tag)\$ | \$\$.*?\$\$)
  | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
  | (?P<word>[^\W\d][\w$]*)
  | (?P<number>\d[\w.]*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*|\*/")

# Words of SQL that stand before a parenthesis and call nothing that a server's catalogue knows.
_GRAMMAR = frozenset(
    "all and any array as asc between by case cast coalesce cross cube desc distinct else end "
    "except exists extract fetch filter from full group grouping having ilike in inner intersect "
    "is join lateral left like limit materialized natural not nullif nulls offset on or order "
    "outer over partition recursive right rollup row rows select sets similar some table then "
    "union using values when where window with within bit char character dec decimal float "
    "interval nchar numeric precision time timestamp varchar varying zone greatest least "
    "overlay position substring trim xmlconcat normalize tablesample".split()
)


def called_functions(statement: str) -> frozenset[str]:
    """Return the names that stand before a parenthesis, as the server folds them.

    One that a schema stands before is given with it, ``schema.name``. Left out are words of the
    grammar, and names that are given to what stands before them: ``WITH n(x) AS``, ``) AS t(a)``.

    Examples
    --------
    >>> sorted(called_functions("select Max(x), pg_catalog.lower('f(') from t where y in (1)"))
    ['max', 'pg_catalog.lower']
    """
    tokens = [*_tokens(statement)]
    found = set()
    for place, (kind, text) in enumerate(tokens[:-1]):
        if kind not in ("word", "quoted") or tokens[place + 1] != ("sign", "("):
            continue
        if kind == "word" and text in _GRAMMAR:
            continue
        before = tokens[place - 1] if place else ("sign", "")
        if before == ("sign", "."):
            schema = tokens[place - 2][1] if place > 1 else ""
            found.add(f"{schema}.{text}")
        elif not _is_name_given(tokens, place):
            found.add(text)
    return frozenset(found)


def _is_name_given(tokens: list[tuple[str, str]], place: int) -> bool:
    """Tell whether a name before a parenthesis is that of a table, with those of its columns."""
    before = tokens[place - 1] if place else ("sign", "")
    if before in (("word", "as"), ("sign", ")")):
        return True
    depth = 0
    for number in range(place + 1, len(tokens) - 1):
        depth += {"(": 1, ")": -1}.get(tokens[number][1], 0) if tokens[number][0] == "sign" else 0
        if depth == 0:
            is_with = before in (("word", "with"), ("word", "recursive"), ("sign", ","))
            return is_with and tokens[number + 1] == ("word", "as")
    return False


def _tokens(statement: str) -> Iterator[tuple[str, str]]:
    place = 0
    while found := _TOKENS.match(statement, place):
        kind, text, place = str(found.lastgroup), found[0], found.end()
        if kind == "tag":
            kind = "text"
        if kind == "comment":
            place = _end_of_comment(statement, place)
        elif kind == "word":
            yield kind, text.lower()
        elif kind == "quoted":
            # One with escapes may be any name: as it stands it is none that may be called.
            yield kind, text if text[0] in "uU" else text[1:-1].replace('""', '"')
        elif kind != "skipped":
            yield kind, text
    yield "end", ""


def _end_of_comment(statement: str, place: int) -> int:
    depth = 1
    while depth:
        found = _COMMENT.search(statement, place)
        if found is None:
            return len(statement)
        depth += 1 if found[0] == "/*" else -1
        place = found.end()
    return place
