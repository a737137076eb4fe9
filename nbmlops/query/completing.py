"""What could stand at a place in a filter: names, words between them, values.

What stands before the place decides which of these; the filter need not be whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from nbmlops.canonical import Json
from nbmlops.errors import QueryError
from nbmlops.query.fields import OFFERED, SCOPES, SCOPES_OFFERED
from nbmlops.query.tokens import Token, tokens
from nbmlops.query.writing import written_part
from nbmlops.records import RunStatus, Verdict

type OptionKind = Literal["field", "metric", "param", "tag", "word", "value"]

MOST_OPTIONS = 50
_COMPARING = (*"= != < <= > >= ~ like in between".split(), "is null", "is not null")
# Texts, and words with their names in backticks: read from the left, so that what is behind a name
# in backticks is not taken for one.
_WORDS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|((?:[\w.\-/:@#$]|`(?:[^`]|``)*(?:`|$))+)""")
_GOES_ON = re.compile(r"[\w.\-/:@#$]*`?")
_CHOICES = {
    "status": get_args(RunStatus.__value__),
    "verdict": get_args(Verdict.__value__),
    "automatic": ("true", "false"),
    "git.dirty": ("true", "false"),
}
_UNQUOTED = ("true", "false")
_BEFORE_A_VALUE = ("like", "ilike", "matches", "between", "in")


type Plain = bool | int | float | str
type ValuesOf = Callable[[Literal["params", "tags"], str], Sequence[Plain]]


def _no_values(_kind: str, _name: str) -> Sequence[Plain]:
    return ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the runs of a store have, to choose from.

    ``values`` returns those of a parameter or tag; it is asked only where one could stand.
    """

    metrics: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    values: ValuesOf = _no_values


@dataclass(frozen=True, slots=True)
class Option:
    """Something that could stand there, as it must be written."""

    text: str
    kind: OptionKind


@dataclass(frozen=True, slots=True)
class Completions:
    """What could stand in the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    options: tuple[Option, ...]

    def to_json(self) -> Json:
        """Return them as plain JSON with stable keys."""
        options: list[Json] = [{"text": each.text, "kind": each.kind} for each in self.options]
        return {"start": self.start, "end": self.end, "options": options}


def completions(text: str, cursor: int, choices: Choices) -> Completions:
    """Return what could stand at a place in a filter, at most 50, what begins so first.

    Parameters
    ----------
    text : str
        The filter as it is so far.
    cursor : int
        The place, in characters from 0.
    choices : Choices

    Examples
    --------
    >>> completions("metrics.a", 9, Choices(metrics=("auc",))).options
    (Option(text='metrics.auc', kind='metric'),)
    """
    start = _begin(text[:cursor])
    begun = text[start:cursor]
    end = cursor if begun[:1] in ("'", '"') else cursor + len(_further(text[cursor:], begun))
    try:
        before = [token for token in tokens(text[:start]) if token.kind != "end"]
    except QueryError:  # something before is no filter: there is nothing to go by
        return Completions(cursor, cursor, ())
    found = dict.fromkeys(_fitting(_offered(before, choices), begun))
    return Completions(start, end, tuple(found)[:MOST_OPTIONS])


def _begin(before: str) -> int:
    """Return where the word begins at whose end the place is."""
    try:
        list(tokens(before))
    except QueryError as problem:
        if before[problem.start : problem.start + 1] in ("'", '"'):
            return problem.start
    begun = [found for found in _WORDS.finditer(before) if found[1] and found.end() == len(before)]
    return begun[0].start() if begun else len(before)


def _further(behind: str, begun: str) -> str:
    found = _GOES_ON.match(behind) if begun else None
    return found[0] if found else ""


def _offered(before: Sequence[Token], choices: Choices) -> Iterator[Option]:
    last = before[-1] if before else None
    if last is None or last.keyword in ("and", "or") or _opens_a_group(before):
        yield from _names(choices)
        yield Option("not", "word")
    elif last.keyword == "not" and not (len(before) > 1 and _is_name(before[-2])):
        yield from _names(choices)
    elif last.keyword == "not":
        yield from (Option(word, "word") for word in ("like", "in", "between"))
    elif _is_name(last) and not _is_value(before):
        yield from (Option(word, "word") for word in _COMPARING)
    elif _awaits_a_value(before):
        yield from _values(_compared(before), choices)
    elif _is_value(before) or last.text == ")" or last.keyword in ("null", "nan", "true", "false"):
        yield from (Option(word, "word") for word in ("and", "or"))


def _is_name(token: Token) -> bool:
    return token.kind == "name" and not token.keyword


def _opens_a_group(before: Sequence[Token]) -> bool:
    is_list = len(before) > 1 and before[-2].keyword == "in"
    return before[-1].text == "(" and before[-1].kind == "sign" and not is_list


def _awaits_a_value(before: Sequence[Token]) -> bool:
    last = before[-1]
    is_sign = last.kind == "sign" and last.text != ")"
    return is_sign or last.keyword in _BEFORE_A_VALUE


def _is_value(before: Sequence[Token]) -> bool:
    return before[-1].kind in ("text", "number")


def _compared(before: Sequence[Token]) -> str:
    """Return the name that is compared: the last before the place."""
    return next((token.text for token in reversed(before) if _is_name(token)), "")


def _names(choices: Choices) -> Iterator[Option]:
    yield from (Option(name, "field") for name in (*OFFERED, *SCOPES_OFFERED))
    named: tuple[tuple[OptionKind, str, tuple[str, ...]], ...] = (
        ("metric", "metrics", choices.metrics),
        ("param", "params", choices.params),
        ("tag", "tags", choices.tags),
    )
    for kind, scope, names in named:
        yield from (Option(f"{scope}.{written_part(name)}", kind) for name in names)


def _values(name: str, choices: Choices) -> Iterator[Option]:
    plain = name.lower()
    scope, _, rest = plain.partition(".")
    plain = rest if SCOPES.get(scope) == "run" else plain
    found = choices.experiments if plain == "experiment" else _CHOICES.get(plain, ())
    for value in found:
        yield Option(value if value in _UNQUOTED else _quoted(value), "value")
    yield from (Option(_literal(value), "value") for value in _values_of(name, choices))


def _values_of(name: str, choices: Choices) -> Sequence[Plain]:
    """Return the values of the parameter or tag that a name means; nothing for any other."""
    word, _, rest = name.partition(".")
    scope = SCOPES.get(word.lower()) if rest else None
    if scope == "params":
        return choices.values("params", _unwrapped(rest))
    if scope == "tags":
        return choices.values("tags", _unwrapped(rest))
    own = _unwrapped(name)
    return choices.values("params", own) if own in choices.params else ()


def _unwrapped(part: str) -> str:
    """Return a part of a name without the backticks or quotes around it."""
    sign = part[:1]
    if sign in ("`", '"') and len(part) > 1 and part.endswith(sign):
        return part[1:-1].replace(sign * 2, sign)
    return part


def _literal(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _fitting(offered: Iterable[Option], begun: str) -> Iterator[Option]:
    """Give those that begin as a word does, then those that have it anywhere."""
    word = _plain(begun)
    plain = {option: _plain(option.text) for option in offered if option.text != begun}
    yield from (option for option, text in plain.items() if text.startswith(word))
    if word:
        yield from (option for option, text in plain.items() if word in text)


def _plain(text: str) -> str:
    """Return a word as it is compared: without quotes, in small letters."""
    return text.lower().replace("`", "").lstrip("'\"")
