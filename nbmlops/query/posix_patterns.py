"""Python's regular expressions in the words of PostgreSQL, which mean the same where they exist.

Only whether a text matches is the same; not how much of it does, which no filter asks.
"""

import re
import unicodedata

from nbmlops.query.patterns import compiled

_TOKEN = re.compile(
    r"""
    \\(?:x[0-9a-fA-F]{2} | u[0-9a-fA-F]{4} | U[0-9a-fA-F]{8} | N\{[^}]*\} | [0-9]{1,3} | .)
  | \(\?P<(?P<group>\w+)> | \(\?P=(?P<again>\w+)\) | \(\?\#[^)]*\)
  | \(\?(?:[:=!]|<[=!])
  | \(\?(?P<other>[^)]?[^):]*[):]?)
  | (?P<possessive>[*+?}]\+)
  | \{,(?P<most>\d+)\}
  | \[\^?\]?
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_CLASS = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-9]{1,3}|.)|.", re.DOTALL
)
_BEGINNING_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")


def posix_of(pattern: str) -> str:
    r"""Return the regular expression for PostgreSQL that finds what Python's does.

    Examples
    --------
    >>> posix_of(r"\bv(?P<major>\d+)\.")
    '\\yv(\\d+)\\.'

    Raises
    ------
    ValueError
        It is none, or has something that cannot be said there.
    """
    expression = compiled(pattern)
    flags = expression.flags
    if flags & re.VERBOSE:
        raise ValueError("there is no (?x)")
    beginning = _BEGINNING_FLAGS.match(pattern)
    return ("(?i)" if flags & re.IGNORECASE else "") + _translated(
        pattern[beginning.end() if beginning else 0 :], expression
    )


def _translated(rest: str, expression: re.Pattern[str]) -> str:
    found, place = [], 0
    while place < len(rest):
        token = _TOKEN.match(rest, place)
        assert token is not None
        place = token.end()
        if token[0].startswith("["):
            end = _end_of_class(rest, place)
            inside = token[0][1:].replace("]", "\\]") + _class(rest[place:end])
            found.append(f"[{inside}]")
            place = end + 1
        else:
            found.append(_word(token, expression))
    return "".join(found)


def _word(token: re.Match[str], expression: re.Pattern[str]) -> str:
    text, flags = token[0], expression.flags
    if token["possessive"] or token["other"]:
        raise ValueError(f"there is no {text}")
    if token["group"]:
        return "("
    if token["again"]:
        return f"\\{expression.groupindex[token['again']]}"
    if token["most"]:
        return f"{{0,{token['most']}}}"
    if text.startswith("(?#"):
        return ""
    if text.startswith("\\"):
        return {"\\b": "\\y", "\\B": "\\Y"}.get(text) or _escape(text)
    match text:
        case ".":
            return "." if flags & re.DOTALL else "[^\\n]"
        case "^":
            return "(?:^|(?<=\\n))" if flags & re.MULTILINE else "^"
        case "$":
            return "(?:$|(?=\\n))" if flags & re.MULTILINE else "(?:$|(?=\\n$))"
        case _:
            return text


def _end_of_class(rest: str, place: int) -> int:
    while rest[place] != "]":
        place += 2 if rest[place] == "\\" else 1
    return place


def _class(inside: str) -> str:
    def written(token: re.Match[str]) -> str:
        if token[0] == "[":
            return "\\["
        if token[0] == "\\b":
            return "\\u0008"
        return _escape(token[0], in_class=True) if token[0].startswith("\\") else token[0]

    return _IN_CLASS.sub(written, inside)


def _escape(text: str, *, in_class: bool = False) -> str:
    """Return an escape with as many digits as it has to have; numbers may be groups."""
    kind, digits = text[1], text[2:]
    if kind == "N":
        return _character(ord(unicodedata.lookup(digits[1:-1])))
    if kind in "xu":
        return _character(int(digits, 16))
    is_octal = in_class or kind == "0" or len(text) == 4
    if kind.isdigit() and is_octal:
        return _character(int(text[1:], 8))
    return text


def _character(number: int) -> str:
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
