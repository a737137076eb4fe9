"""Secrets that are known, looked for wherever they turn up later, also escaped or cut off.

A value is known once it stood in a variable, an environment variable or a text beside a name that
says secret, or looked like a token. Kept in memory alone, never written.
"""

import html
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from nbmlops.redaction.values import can_be_found_again

_MOST = 2_000  # of one session; a column of a million tokens stays a column
_LONGEST = 20_000
_TELLING = 12  # so many signs of the beginning of a long secret are enough to know it
_LONG = 20
_MOST_LINES = 100
_LEAST_IN_BYTES = 8


@dataclass(frozen=True, slots=True)
class _Form:
    """How a secret may be written, by what it is found (`start`), and what it is called."""

    text: str
    start: str
    kind: str
    value: str
    needs_edges: bool


class KnownSecrets:
    """The secrets of a session. May be asked from any thread."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._forms: tuple[_Form, ...] = ()
        self.revision = 0  # counts the changes
        self._guard = threading.Lock()

    def __contains__(self, value: str) -> bool:
        return value in self._kinds

    def add(self, value: str, kind: str) -> None:
        """Know a secret from now on, if it can be told from other texts."""
        plain = value.strip()
        if plain in self._kinds or len(plain) > _LONGEST or not can_be_found_again(plain):
            return
        with self._guard:
            if plain in self._kinds or len(self._kinds) >= _MOST:
                return
            self._kinds[plain] = kind
            self.revision += 1
            forms = [*self._forms, *_forms_of(plain, kind)]
            self._forms = tuple(sorted(forms, key=lambda form: -len(form.text)))

    def drop(self, value: str) -> None:
        """Know a secret no more: it is allowed."""
        plain = value.strip()
        with self._guard:
            if self._kinds.pop(plain, None) is not None:
                self.revision += 1
                gone = {form.text for form in _forms_of(plain, "")}
                self._forms = tuple(form for form in self._forms if form.text not in gone)

    def masked(self, data: bytes) -> bytes:
        """Return bytes of any format with asterisks in place of every known secret.

        As many as the secret has bytes: a pickle, say, can be read all the same.
        """
        for form in self._forms:
            found = form.text.encode("utf-8", "surrogatepass")
            if len(found) >= _LEAST_IN_BYTES and found in data:
                data = data.replace(found, b"*" * len(found))
        return data

    def found_in(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Give begin, end, kind and value of every known secret, or of the beginning of one."""
        for form in self._forms:
            if form.start not in text:
                continue
            at = text.find(form.start)
            while at >= 0:
                end = at + _agreeing(form.text, text, at)
                if _counts(form, text, at, end):
                    yield at, end, form.kind, form.value
                at = text.find(form.start, max(end, at + 1))


def _forms_of(value: str, kind: str) -> list[_Form]:
    if "\n" in value or "\\n" in value:  # a private key, say: it is known by any line of it
        lines = [line.strip() for line in value.replace("\\n", "\n").splitlines()]
        telling = [line for line in lines if len(line) >= _LONG and "-----" not in line]
        return [
            form for line in telling[:_MOST_LINES] for form in _forms_in_line(line, value, kind)
        ]
    return _forms_in_line(value, value, kind)


def _forms_in_line(line: str, value: str, kind: str) -> list[_Form]:
    needs_edges = len(line) < _TELLING
    written = {
        line,
        json.dumps(line)[1:-1],
        json.dumps(line, ensure_ascii=False)[1:-1],
        repr(line)[1:-1],
        repr(repr(line)[1:-1])[1:-1],
        json.dumps(json.dumps(line)[1:-1])[1:-1],
        html.escape(line),
        html.escape(line, quote=False),
        quote(line, safe=""),
        quote(line),
        quote_plus(line),
        line.encode("utf-8", "surrogatepass").hex(),
    }
    return [
        _Form(text, text[:_TELLING] if len(text) >= _LONG else text, kind, value, needs_edges)
        for text in written
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
    return not form.needs_edges or _has_edges(text, begin, end)


def _has_edges(text: str, begin: int, end: int) -> bool:
    """Tell whether a find is a word of its own, not a piece of a longer one."""
    return not (_is_word(text[begin - 1 : begin]) and _is_word(text[begin : begin + 1])) and not (
        _is_word(text[end : end + 1]) and _is_word(text[end - 1 : end])
    )


def _is_word(sign: str) -> bool:
    return sign.isalnum()
