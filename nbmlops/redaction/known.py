"""Secrets that are known, looked for wherever they turn up later: escaped, cut off, in capitals.

A value is known once it stood in a variable, an environment variable or a text beside a name that
says secret, or looked like a token. Kept in memory alone, never written.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from nbmlops.redaction.forms import as_bytes, base64_of, forms_of
from nbmlops.redaction.lowering import lowered
from nbmlops.redaction.starts import Starts
from nbmlops.redaction.values import (
    SHORTEST_FOUND_AGAIN,
    can_be_found_again,
    can_be_found_in_quotes,
)

MOST_KNOWN = 2_000  # of one session; a column of a million tokens stays a column
_LONGEST = 20_000
_TELLING = 12  # so many signs of the beginning of a long secret are enough to know it
_LONG = 20
_MOST_LINES = 100
_LEAST_IN_BYTES = 8
_ESCAPES = frozenset(("\\n", "\\t", "\\r"))
_QUOTES_BEFORE = frozenset("\"'`;")  # or the end of &quot;
_QUOTES_BEHIND = frozenset("\"'`\\&")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a secret may be written, by what it is found (`start`), and what it is called.

    It is found in small letters. What is a common word in these ``needs_case``: its text is as it
    was; what is one anyway ``needs_quotes`` around it.
    """

    text: str
    start: str
    kind: str
    value: str
    needs_edges: bool
    needs_case: bool
    needs_quotes: bool


class KnownSecrets:
    """The secrets of a session. May be asked from any thread."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._texts = Starts[str, _Form](SHORTEST_FOUND_AGAIN)
        self._bytes = Starts[bytes, int](_LEAST_IN_BYTES)
        self.revision = 0  # counts the changes
        self._guard = threading.Lock()

    def __contains__(self, value: str) -> bool:
        return value in self._kinds

    def add(self, value: str, kind: str) -> None:
        """Know a secret from now on, if it can be told from other texts."""
        plain = value.strip()
        if plain in self._kinds or len(plain) > _LONGEST:
            return
        if not (can_be_found_again(plain) or can_be_found_in_quotes(plain)):
            return
        with self._guard:
            if plain in self._kinds or len(self._kinds) >= MOST_KNOWN:
                return
            self._kinds[plain] = kind
            self.revision += 1
            forms = _forms_of(plain, kind)
            for form in forms:
                self._texts.add(form.start, form)
            for data in _data_of(plain):
                self._bytes.add(data, len(data))

    def drop(self, value: str) -> None:
        """Know a secret no more: it is allowed."""
        plain = value.strip()
        with self._guard:
            kind = self._kinds.pop(plain, None)
            if kind is None:
                return
            self.revision += 1
            forms = _forms_of(plain, kind)
            for form in forms:
                self._texts.drop(form.start, form)
            for data in _data_of(plain):
                self._bytes.drop(data, len(data))

    def masked(self, data: bytes) -> bytes:
        """Return bytes of any format with asterisks in place of every known secret.

        As many as the secret has bytes: a pickle, say, can be read all the same.
        """
        places = [*self._bytes.places_in(data)]
        if not places:
            return data
        masked = bytearray(data)
        for at, size in places:
            masked[at : at + size] = b"*" * size
        return bytes(masked)

    def found_in(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Give begin, end, kind and value of every known secret, or of the beginning of one."""
        small = lowered(text)
        for at, form in self._texts.places_in(small):
            size = _agreeing(form.text, text if form.needs_case else small, at)
            if size >= len(form.start) and _counts(form, small, at, at + size):
                yield at, at + size, form.kind, form.value


def _data_of(value: str) -> set[bytes]:
    """Return the bytes by which a secret is found in data that is no text."""
    if not can_be_found_again(value):
        return set()
    written = {as_bytes(form) for part in _parts_of(value) for form in forms_of(part)}
    return {data for data in written if len(data) >= _LEAST_IN_BYTES}


def _parts_of(value: str) -> list[str]:
    """Return what of a secret is looked for: of more lines than one each that is none of words."""
    if "\n" not in value and "\\n" not in value:
        return [value]
    lines = [line.strip() for line in value.replace("\\n", "\n").splitlines()]
    telling = [line for line in lines if "-----" not in line and _can_be_found_alone(line)]
    return telling[:_MOST_LINES]


def _can_be_found_alone(line: str) -> bool:
    is_one_word = not any(sign.isspace() for sign in line)
    return len(line) >= _LONG or (is_one_word and can_be_found_again(line))


def _forms_of(value: str, kind: str) -> list[_Form]:
    return [form for part in _parts_of(value) for form in _forms_of_part(part, value, kind)]


def _forms_of_part(part: str, value: str, kind: str) -> list[_Form]:
    needs_edges = len(part) < _TELLING
    needs_quotes = not can_be_found_again(part)
    needs_case = not needs_quotes and not can_be_found_again(lowered(part))
    forms = forms_of(part) if needs_case else dict.fromkeys(map(lowered, forms_of(part)))
    inside = {*map(lowered, base64_of(part))}  # may stand between other letters
    return [
        _Form(
            text,
            lowered(text[:_TELLING] if len(text) >= _LONG else text),
            kind,
            value,
            needs_edges and lowered(text) not in inside,
            needs_case,
            needs_quotes,
        )
        for text in forms
    ]


def _agreeing(form: str, text: str, at: int) -> int:
    """Return how many signs of a form a text has at a place."""
    if text.startswith(form, at):
        return len(form)
    low, high = 0, min(len(form), len(text) - at)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(form[:middle], at):
            low = middle
        else:
            high = middle - 1
    return low


def _counts(form: _Form, text: str, begin: int, end: int) -> bool:
    """Tell whether a find is the secret: whole, or so much of its beginning that it can be seen."""
    size = end - begin
    if size < len(form.text) and size < _LONG:
        return text.startswith(("...", "…", "\n", "\\n"), end) or end == len(text)
    if form.needs_quotes:
        return text[begin - 1 : begin] in _QUOTES_BEFORE and text[end : end + 1] in _QUOTES_BEHIND
    return not form.needs_edges or _has_edges(text, begin, end)


def _has_edges(text: str, begin: int, end: int) -> bool:
    """Tell whether a find is a word of its own, not a piece of a longer one."""
    before, behind = text[begin - 1 : begin], text[end : end + 1]
    is_escape = text[max(begin - 2, 0) : begin] in _ESCAPES  # the end of a line
    is_joined_before = _is_word(before) and _is_word(text[begin]) and not is_escape
    return not (is_joined_before or (_is_word(behind) and _is_word(text[end - 1])))


def _is_word(sign: str) -> bool:
    return sign.isalnum()
