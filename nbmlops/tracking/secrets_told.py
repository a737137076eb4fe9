"""Tells the user what was taken out of the record."""

from nbmlops.drawing.page import Span
from nbmlops.redaction.redactor import Found, Redactor


class ToldSecrets:
    """What was said of secrets in one session: each once, as somebody may want to keep it."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact
        self._told: set[int] = set()

    def line(self) -> tuple[Span, ...] | None:
        """Return what names the secrets taken out and not told yet; None where there are none."""
        new: dict[str, list[Found]] = {}
        for found in self._redact.found:
            if found.times and found.number not in self._told:
                new.setdefault(found.kind, []).append(found)
        if not new:
            return None
        self._told.update(found.number for each in new.values() for found in each)
        first = next(iter(new.values()))[0].number
        return (
            Span("redacted in the record: ", "muted"),
            Span(", ".join(_words_of(kind, each) for kind, each in new.items())),
            Span("  ·  no secret? ", "muted"),
            Span(f"%nbmlops allow {first}", "code"),
        )


def _words_of(kind: str, found: list[Found]) -> str:
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{kind} [{found[0].number}]{more}"
