"""The grammar, read by descent.

::

    filter      = [ any ]
    any         = all { OR all }
    all         = one { AND one }
    one         = NOT one | ( any ) | comparison
    comparison  = name sign constant               sign: = == != <> < <= > >= ~ !~
                | name [NOT] LIKE|ILIKE|MATCHES text
                | name [NOT] IN ( constant {, constant} )
                | name [NOT] BETWEEN constant AND constant
                | name IS [NOT] NULL|NAN
    order       = name [ASC|DESC] {, name [ASC|DESC]}
    name        = part { . part }                  part: a word, `quoted` or "quoted"
    constant    = 'text' | "text" | number | TRUE | FALSE

Keywords are read in any case. Doubled quotes stand for one; a backslash is a character like any
other.
"""

import re
from typing import cast

from nbmlops.errors import QueryError
from nbmlops.query.patterns import compiled
from nbmlops.query.tokens import Token, tokens
from nbmlops.query.tree import (
    And,
    Comparison,
    Condition,
    Constant,
    Name,
    Not,
    Operator,
    Or,
    SortKey,
    Tree,
)

# Both keep a statement within what SQLite (1,000 levels, of which each ``or`` is one) and Python's
# stack take.
MOST_COMPARISONS = 500
MOST_LEVELS = 40
MOST_CONSTANTS = 10_000
MOST_KEYS = 10
LONGEST_PATTERN = 10_000  # SQLite takes 50,000 bytes
EVERY_RUN = "id is not null"

_SIGNS: dict[str, Operator] = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "~": "matches", "!~": "not matches",
}  # fmt: skip
_RUN = re.compile(r"@\d+|best:\S+")  # how one run is asked for
_PATTERNS = ("like", "ilike", "matches")


def parse(text: str) -> Tree:
    """Return the tree of a filter; one without words fits everything.

    Raises
    ------
    QueryError
        The text is no filter.

    Examples
    --------
    >>> parse("status = 'failed'").operator
    '='
    >>> parse("")
    And(parts=())
    """
    if _RUN.fullmatch(text.strip()):
        raise QueryError(text, 0, "this is how one asks for a run, in show say, and is no filter.")
    parser = _Parser(text)
    if parser.next.kind == "end":
        return And()
    tree = parser.any(0)
    parser.expect_end("and, or, or the end")
    return tree


def parse_order(text: str) -> tuple[SortKey, ...]:
    """Return the sort keys of an order such as ``metrics.auc DESC, started``.

    Raises
    ------
    QueryError
        The text is no order.
    """
    parser = _Parser(text)
    keys = [parser.sort_key()]
    while parser.takes_sign(","):
        keys.append(parser.sort_key())
        if len(keys) > MOST_KEYS:
            raise parser.error(f"an order has at most {MOST_KEYS} keys.")
    parser.expect_end("asc, desc, a comma, or the end")
    return tuple(keys)


class _Parser:
    """Reads tokens from the left; each method takes what it is named after."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self.next: Token = next(self._tokens)
        self._comparisons = 0

    def any(self, level: int) -> Tree:
        parts = [self.all(level)]
        while self.takes("or"):
            parts.append(self.all(level))
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def all(self, level: int) -> Tree:
        parts = [self.one(level)]
        while self.takes("and"):
            parts.append(self.one(level))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self, level: int) -> Tree:
        if level > MOST_LEVELS:
            raise self.error(f"parentheses and nots go at most {MOST_LEVELS} deep.")
        if self.takes("not"):
            return Not(self.one(level + 1))
        if self.takes_sign("("):
            inner: Condition[Comparison] = self.any(level + 1)
            self.expect_sign(")")
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        self._comparisons += 1
        if self._comparisons > MOST_COMPARISONS:
            raise self.error(f"a filter has at most {MOST_COMPARISONS} comparisons.")
        name, start = self.name(), self.next.start
        if self.next.kind == "sign" and self.next.text in _SIGNS:
            operator = _SIGNS[self.take().text]
            return Comparison(name, operator, (self.constant(operator),), start)
        if self.takes("is"):
            return Comparison(name, self.nothing(), (), start)
        negation = "not " if self.takes("not") else ""
        for word in _PATTERNS:
            if self.takes(word):
                operator = cast(Operator, negation + word)
                return Comparison(name, operator, (self.constant(operator),), start)
        if self.takes("in"):
            return Comparison(name, cast(Operator, f"{negation}in"), self.constants(), start)
        if self.takes("between"):
            low = self.constant("between")
            self.expect("and")
            high = self.constant("between")
            return Comparison(name, cast(Operator, f"{negation}between"), (low, high), start)
        wanted = "like, ilike, matches, in or between" if negation else "a comparison, such as ="
        raise self.error(f"expected {wanted}.")

    def nothing(self) -> Operator:
        negation = "not " if self.takes("not") else ""
        for word in ("null", "nan"):
            if self.takes(word):
                return cast(Operator, f"is {negation}{word}")
        raise self.error("expected null or nan.")

    def name(self) -> Name:
        token = self.next
        if token.kind != "name" and not token.is_name_too:
            raise self.error("expected a name, such as metrics.auc or status.")
        if token.keyword:
            raise self.error(f"expected a name; one called {token.text} is put in `backticks`.")
        self.take()
        return Name(token.parts, token.start)

    def constants(self) -> tuple[Constant, ...]:
        self.expect_sign("(")
        found = [self.constant("in")]
        while self.takes_sign(",") and not self.is_sign(")"):
            found.append(self.constant("in"))
            if len(found) > MOST_CONSTANTS:
                raise self.error(f"a list has at most {MOST_CONSTANTS:,} values.")
        self.expect_sign(")")
        return tuple(found)

    def constant(self, operator: Operator) -> Constant:
        token = self.next
        value: str | float | bool | None = None
        if token.kind == "text":
            value = token.text
        elif token.kind == "number":
            value = float(token.text)
        elif token.keyword in ("true", "false"):
            value = token.keyword == "true"
        if value is not None:
            self.take()
            return self.checked(operator, Constant(value, token.text, token.start))
        if token.keyword in ("null", "nan"):
            raise self.error(f"write: is {token.keyword}, or: is not {token.keyword}.")
        if token.kind == "name" and not token.keyword:
            raise self.error(f"a text is put in quotes: '{token.text}'")
        raise self.error(f"expected a value behind {operator}.")

    def checked(self, operator: Operator, constant: Constant) -> Constant:
        """Return a constant that can stand behind an operator."""
        if not operator.endswith(_PATTERNS):
            return constant
        reason = ""
        if not isinstance(constant.value, str):
            reason = f"{operator} takes a text in quotes."
        elif len(constant.value) > LONGEST_PATTERN:
            reason = f"a pattern has at most {LONGEST_PATTERN:,} characters."
        elif operator.endswith("matches"):
            try:
                compiled(constant.value)
            except ValueError as problem:
                reason = f"this is no regular expression: {problem}."
        if reason:
            raise QueryError(self.text, constant.start, reason)
        return constant

    def sort_key(self) -> SortKey:
        name = self.name()
        if self.takes("asc"):
            return SortKey(name)
        return SortKey(name, descending=self.takes("desc"))

    def take(self) -> Token:
        token = self.next
        self.next = next(self._tokens, token)
        return token

    def takes(self, keyword: str) -> bool:
        if self.next.keyword != keyword:
            return False
        self.take()
        return True

    def is_sign(self, sign: str) -> bool:
        return self.next.kind == "sign" and self.next.text == sign

    def takes_sign(self, sign: str) -> bool:
        if not self.is_sign(sign):
            return False
        self.take()
        return True

    def expect(self, keyword: str) -> None:
        if not self.takes(keyword):
            raise self.error(f"expected {keyword}.")

    def expect_sign(self, sign: str) -> None:
        if not self.takes_sign(sign):
            raise self.error(f"expected {sign}")

    def expect_end(self, wanted: str) -> None:
        if self.next.kind != "end":
            raise self.error(f"expected {wanted}.")

    def error(self, reason: str) -> QueryError:
        return QueryError(self.text, self.next.start, reason)
