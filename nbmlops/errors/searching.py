"""Of the query language, of SQL on the views, and of choices among words."""

from collections.abc import Sequence

from nbmlops.errors.base import NbmlopsError, did_you_mean, listed, sentence

_POINTED_BEFORE, _POINTED_BEHIND = 60, 60  # characters shown of a long text


class SelectFailed(NbmlopsError, ValueError):
    """The store cannot answer a statement in SQL, or will not: it only reads."""

    def __init__(self, problem: str, views: Sequence[str] = ()) -> None:
        super().__init__(problem, tuple(views))
        self.problem, self.views = problem, tuple(views)
        reason = problem
        if any(word in problem for word in ("not authorized", "readonly", "prohibited")):
            reason = f"only SELECT is possible ({problem})"
        self.message = (
            f"{sentence(reason)} There is: {', '.join(views)}; their columns: nbmlops sql"
        )


class SelectTooSlow(NbmlopsError, TimeoutError):
    """A statement in SQL took longer than it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.message = (
            f"the statement took longer than {seconds:g} s. Narrow it down, or use --timeout."
        )


class InvalidCursor(NbmlopsError, ValueError):
    """A search cannot go on behind this: it is not where a page of it ended."""

    def __init__(self, cursor: str, reason: str) -> None:
        super().__init__(cursor, reason)
        self.cursor, self.reason = cursor, reason
        self.message = (
            f"the search cannot go on behind {listed([cursor])!r}: {sentence(reason)} "
            "Begin again with the first page."
        )


class QueryError(NbmlopsError, ValueError):
    """A filter or an order cannot be read; the message points at the place.

    ``start`` counts characters of ``text`` from 0; ``possible`` are names that could stand there.
    """

    def __init__(
        self, text: str, start: int, reason: str, *, word: str = "", possible: Sequence[str] = ()
    ) -> None:
        super().__init__(text, start, reason)
        self.text, self.start, self.reason = text, start, reason
        self.word, self.possible = word, tuple(possible)
        line, caret = _pointed_at(text, start)
        hint = did_you_mean(word, self.possible) if word else ""
        self.message = f"{reason}{hint}\n  {line}\n  {caret}"


class InvalidLimit(NbmlopsError, ValueError):
    """No list has so few entries."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.message = f"limit {limit} is negative: give the most that you want, or None for all."


class InvalidChoice(NbmlopsError, ValueError):
    """A word is none of the few that are possible there."""

    def __init__(self, what: str, word: object, possible: Sequence[str]) -> None:
        super().__init__(what, word, tuple(possible))
        self.what, self.word, self.possible = what, word, tuple(possible)
        self.message = f"{what} {word!r} is none of {', '.join(self.possible)}."


def _pointed_at(text: str, start: int) -> tuple[str, str]:
    """Return a line of a text around a place, and one with a caret below that place."""
    begin = max(0, start - _POINTED_BEFORE)
    end = start + _POINTED_BEHIND
    before = ("…" if begin else "") + _on_one_line(text[begin:start])
    behind = _on_one_line(text[start:end]) + ("…" if end < len(text) else "")
    return before + behind, " " * len(before) + "^"


def _on_one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
