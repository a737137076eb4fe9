"""The words and signs of a filter, with their places: text in, tokens out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nbmlops.errors import QueryError
from nbmlops.query.tree import Part

type Kind = Literal["name", "text", "number", "sign", "end"]

# Words that mean something by themselves; a name that is one of them is written in backticks.
KEYWORDS = frozenset(
    "and or not in between like ilike matches is null nan true false asc desc".split()
)
_WRITTEN_OUT = {"&": "and", "|": "or", "!": "not"}
LONGEST = 100_000  # characters of a filter

_QUOTED = r"`(?:[^`]|``)*`" + r'|"(?:[^"]|"")*"'
# A part of a name goes on over - / : @ # $, as in cross-entropy and val/loss: there is no
# arithmetic that this could be.
_PART = r"\w[\w\-/:@#$]*"
PLAIN_PART = re.compile(_PART)
_FIRST = r"[^\W\d][\w\-/:@#$]*"
_TOKEN = re.compile(
    rf"""
    (?P<blank>\s+)
  | (?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?i:inf(?:inity)?))(?![\w.\-/:@#$]))
  | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"(?!\.))
  | (?P<name>(?:{_FIRST}|{_QUOTED})(?:\.(?:{_PART}|{_QUOTED}))*)
  | (?P<sign><=|>=|<>|!=|!~|==|[=<>~(),])
    """,
    re.VERBOSE,
)
_DOTTED = re.compile(rf"({_PART})|({_QUOTED})", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign; ``text`` is without quotes where it is a text, else as it stands."""

    kind: Kind
    text: str
    start: int
    is_name_too: bool = False  # a text in double quotes, which in place of a name is one

    @property
    def keyword(self) -> str:
        """The keyword that it is, in small letters; empty where it is none."""
        word = self.text.lower()
        return word if self.kind == "name" and word in KEYWORDS else ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of a name."""
        if self.is_name_too:
            return (Part(self.text, is_quoted=True),)
        return tuple(
            Part(unquoted(quoted), is_quoted=True) if quoted else Part(plain)
            for plain, quoted in _DOTTED.findall(self.text)
        )


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a text, and behind them one that is its end.

    Raises
    ------
    QueryError
        Something is no token, or a quote is not closed.
    """
    if len(text) > LONGEST:
        raise QueryError(text, LONGEST, f"a filter has at most {LONGEST:,} characters.")
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise QueryError(text, place, _trouble(text[place:]))
        if found.lastgroup != "blank":
            yield _token(found)
        place = found.end()
    yield Token("end", "", len(text))


def unquoted(text: str) -> str:
    """Return what stands between quotes, in which doubled ones stand for one."""
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)


def _token(found: re.Match[str]) -> Token:
    text, start = found[0], found.start()
    match found.lastgroup:
        case "text":
            return Token("text", unquoted(text), start, is_name_too=text[0] == '"')
        case "number":
            return Token("number", text, start)
        case "name":
            return Token("name", text, start)
        case _:
            return Token("sign", text, start)


def _trouble(rest: str) -> str:
    if rest[0] in "'\"`":
        return f"this {rest[0]} is not closed."
    if rest[0].isdigit() or rest[0] in "+-.":
        return "this is neither a number nor a name; names like it are put in `backticks`."
    if rest[0] in _WRITTEN_OUT:
        return f"{rest[0]!r} has no meaning here: write {_WRITTEN_OUT[rest[0]]}."
    return f"{rest[0]!r} has no meaning here."
