"""The door of the room: takes the secrets out of texts, and remembers which there were.

One `Redactor` serves a session. What it has once seen as a secret it takes out of every later text.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

from nbmlops.redaction.assignments import assigned_in, names_in, says_secret
from nbmlops.redaction.beside import beside_in
from nbmlops.redaction.columns import columns_in
from nbmlops.redaction.connections import passwords_in
from nbmlops.redaction.entropy import RANDOM_TEXT, random_texts_in
from nbmlops.redaction.known import MOST_KNOWN, KnownSecrets
from nbmlops.redaction.literals import literals_in
from nbmlops.redaction.names import KINDS_OF_NAMES, said_by
from nbmlops.redaction.placeholders import placeholder, places_of
from nbmlops.redaction.positions import SecretPositions
from nbmlops.redaction.tokens import KINDS_OF_TOKENS, tokens_in
from nbmlops.redaction.values import is_secret_text, without_scheme

_SHORTEST = 4
_MOST_ROUNDS = 4
_MOST_REMEMBERED = 500
_LONGEST_REMEMBERED = 10_000
DIGEST = "blake2:"  # what an allowed text is told by
_LARGEST_LOOKED_INTO = 32_000_000  # bytes; of what is larger only known secrets are taken out


@dataclass(slots=True)
class Found:
    """A secret: its kind, the number by which it can be allowed, and how often it was taken out."""

    kind: str
    number: int
    size: int
    times: int = 0


class _Span(NamedTuple):
    begin: int
    end: int
    kind: str
    value: str


class Redactor:
    """Takes secrets out of texts. May be called from any thread.

    Parameters
    ----------
    allowed : iterable of str
        What is kept all the same: kinds (``AWS key``, ``*key*``), and digests of values as
        `digest_of` makes them.

    Examples
    --------
    >>> redact = Redactor()
    >>> redact('login(password="s3same-street")')
    'login(password="[redacted: password]")'
    >>> redact("nothing here, s3same-street but for this")
    'nothing here, [redacted: password] but for this'
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        entries = [*allowed]
        self._allowed_kinds = [entry for entry in entries if not entry.startswith(DIGEST)]
        self._allowed_digests = {entry for entry in entries if entry.startswith(DIGEST)}
        self._known = KnownSecrets()
        self._positions = SecretPositions()
        self._found: dict[str, Found] = {}  # the first of each kind, whatever their number
        self._kinds: set[str] = set()
        self._guard = threading.Lock()
        self._clean: dict[tuple[str, bool, bool], tuple[int, int]] = {}

    def __call__(self, text: str, *, is_code: bool = False, has_code: bool = False) -> str:
        """Return a text without its secrets; the very same object where it has none.

        Parameters
        ----------
        text : str
        is_code : bool
            Whether it is source code: what has no quotes is an expression, and texts in quotes
            that look random are secrets.
        has_code : bool
            Whether there is code in it, as in a patch, or it is code perhaps: texts in quotes that
            look random are secrets.
        """
        how, known = (text, is_code, has_code), (self._known.revision, self._positions.revision)
        if self._clean.get(how) == known:
            return text
        for _ in range(_MOST_ROUNDS):  # what is taken out may bring other things together
            spans = self._spans(text, is_code=is_code, has_code=has_code or is_code)
            if not spans:
                break
            text = self._without(text, spans)
        else:
            return text
        if text is how[0] and len(text) <= _LONGEST_REMEMBERED:
            self._remember(how, known)
        return text

    def _remember(self, how: tuple[str, bool, bool], known: tuple[int, int]) -> None:
        """Remember that a text has nothing in it, given what is known: cells are run again."""
        if len(self._clean) >= _MOST_REMEMBERED:
            self._clean.clear()
        self._clean[how] = known

    def until(self, text: str, end: int) -> str:
        """Return the beginning of a text without its secrets, one that lies across `end` included.

        To be cut after `end` signs, a text must be known beyond: half a secret looks like none.
        """
        spans = [span for span in self._spans(text) if span.begin < end]
        last = max([end, *(span.end for span in spans)])
        return self(self._without(text[:last], spans))

    def since(self, text: str, begin: int) -> str:
        """Return the end of a text without its secrets, one that lies across `begin` included."""
        spans = [span for span in self._spans(text) if span.end > begin]
        start = min([begin, *(span.begin for span in spans)])
        moved = [span._replace(begin=span.begin - start, end=span.end - start) for span in spans]
        return self(self._without(text[start:], moved))

    def data(self, data: bytes, *, has_code: bool = False) -> bytes:
        """Return bytes without their secrets: as text where they are, else masked in place."""
        is_small = len(data) <= _LARGEST_LOOKED_INTO
        if is_small and b"\0" not in data[:8192]:
            try:
                text = data.decode()
            except UnicodeDecodeError:
                pass
            else:
                redacted = self(text, has_code=has_code)
                return data if redacted is text else redacted.encode()
        if is_small and not data.startswith(_IMAGES):
            masked = bytearray(data)
            for begin, end, kind in tokens_in(data.decode("latin-1")):
                if self.learn(data[begin:end].decode("latin-1"), kind):
                    masked[begin:end] = b"*" * (end - begin)
            if masked != data:
                data = bytes(masked)
        return self._known.masked(data)

    def value_of(self, name: str, value: str) -> str:
        """Return what a name holds without its secrets: all of it where the name says so."""
        said = said_by(name)
        if said is not None and self.learn_named(name, value):
            found = self._taken(value.strip())
            return placeholder(said.kind if found is None else found.kind)
        return self(value)

    def learn_named(self, name: str, value: str, *, is_of_many: bool = False) -> bool:
        """Know what a name holds as a secret, where the name says so; return whether it does.

        Where it ``is_of_many`` (of a list, of a column), what may be a word is none.
        """
        said = said_by(name)
        if said is not None and is_of_many:
            said = replace(said, is_of_many=True)
        if said is None:
            return False
        value = without_scheme(value, said)
        if not is_secret_text(value, said):
            return False
        return self.learn(value, said.kind)

    def learn(self, value: str, kind: str) -> bool:
        """Know a text as a secret from now on; return whether it is one, not being allowed."""
        if self._allows(value, kind):
            return False
        plain = value.strip()
        if plain not in self._found:
            with self._guard:
                if len(self._found) < MOST_KNOWN or kind not in self._kinds:
                    self._found.setdefault(plain, Found(kind, len(self._found) + 1, len(plain)))
                    self._kinds.add(kind)
            self._known.add(plain, kind)
        return True

    def knows(self, value: str) -> bool:
        """Tell whether a text is a known secret."""
        return value in self._known

    @property
    def revision(self) -> int:
        """What changes whenever a secret becomes known, or is allowed."""
        return self._known.revision

    @property
    def found(self) -> list[Found]:
        """The secrets that are known, those that were taken out of nothing yet included."""
        return [*self._found.values()]

    def allow(self, number: int) -> str | None:
        """Keep the secret with a number from now on; return the digest that stands for it.

        None where there is none with this number.
        """
        for value, found in [*self._found.items()]:
            if found.number == number:
                digest = digest_of(value)
                self.allow_digest(digest)
                return digest
        return None

    def allow_digest(self, digest: str) -> None:
        """Keep the text that a digest stands for from now on."""
        self._allowed_digests.add(digest)
        for value in [*self._found]:
            if digest_of(value) == digest:
                self._known.drop(value)

    def allow_kind(self, pattern: str) -> None:
        """Keep secrets of a kind from now on; ``*`` stands for any signs."""
        self._allowed_kinds.append(pattern)
        for value, found in [*self._found.items()]:
            if fnmatchcase(found.kind, pattern):
                self._known.drop(value)

    def _allows(self, value: str, kind: str) -> bool:
        if any(fnmatchcase(kind, pattern) for pattern in self._allowed_kinds):
            return True
        return bool(self._allowed_digests) and digest_of(value) in self._allowed_digests

    def _taken(self, value: str) -> Found | None:
        found = self._found.get(value)
        if found is not None:
            found.times += 1
        return found

    def _spans(self, text: str, *, is_code: bool = False, has_code: bool = False) -> list[_Span]:
        """Return what to take out of a text, in order, nothing twice."""
        if len(text) < _SHORTEST:
            return []
        kept, names = _Kept(places_of(text)), names_in(text)
        spans = []
        for begin, end, kind in self._seen_in(text, names, is_code=is_code, has_code=has_code):
            value = text[begin:end]
            if not kept.overlaps(begin, end) and self.learn(value, kind):
                spans.append(_Span(begin, end, kind, value.strip()))
        if has_code and (self._positions.may_be_in(text) or says_secret(text, names)):
            spans += self._spans_of_literals(text, kept)
        spans += [_Span(*found) for found in self._known.found_in(text)]
        return _apart(spans, kept) if spans else spans

    def _spans_of_literals(self, code: str, kept: "_Kept") -> Iterator[_Span]:
        for literal in literals_in(code, self._positions):
            is_new = not any(kept.overlaps(*piece) for piece in literal.pieces)
            if is_new and self.learn(literal.value, literal.kind):
                for begin, end in literal.pieces:  # of which one line of a traceback shows one
                    piece = code[begin:end]
                    if len(literal.pieces) > 1 and len(piece.strip()) >= _SHORTEST:
                        self.learn(piece, literal.kind)
                    yield _Span(begin, end, literal.kind, literal.value.strip())

    def _seen_in(
        self, text: str, names: list[tuple[int, int]], *, is_code: bool, has_code: bool
    ) -> Iterator[tuple[int, int, str]]:
        yield from tokens_in(text)
        yield from passwords_in(text)
        yield from assigned_in(text, names, is_code=is_code)
        yield from columns_in(text, names, is_code=is_code)
        yield from beside_in(text)
        if has_code:
            yield from random_texts_in(text)

    def _without(self, text: str, spans: Iterable[_Span]) -> str:
        parts, at = [], 0
        for begin, end, kind, value in spans:
            parts += [text[at:begin], placeholder(kind)]
            at = end
            self._taken(value)
        return "".join([*parts, text[at:]])


_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")


def kinds_of_secrets() -> list[str]:
    """Return what secrets are called, in order."""
    return sorted({*KINDS_OF_TOKENS, *KINDS_OF_NAMES, "password", RANDOM_TEXT})


def digest_of(value: str) -> str:
    """Return what stands for an allowed text in settings."""
    data = value.strip().encode("utf-8", "surrogatepass")
    return DIGEST + blake2b(data, digest_size=10).hexdigest()


class _Kept:
    """Placeholders in a text: where they stand, in order."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self._places = places

    def overlaps(self, begin: int, end: int) -> bool:
        """Tell whether a stretch has a sign of any."""
        at = bisect_right(self._places, begin, key=_last)
        return at < len(self._places) and self._places[at][0] < end


_last = itemgetter(1)


def _apart(spans: list[_Span], kept: _Kept) -> list[_Span]:
    """Return spans in order, those that overlap as one of the first's kind, none in `kept`."""
    found: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, -span.end)):
        if span.begin >= span.end or kept.overlaps(span.begin, span.end):
            continue
        if found and span.begin < found[-1].end:
            found[-1] = found[-1]._replace(end=max(span.end, found[-1].end))
        else:
            found.append(span)
    return found
