"""Tells the user what was taken out of the record."""

from nbmlops.drawing.page import Span
from nbmlops.redaction.redactor import Found, Redactor


class ToldSecrets:
    """What was said of secrets in one session: each kind once."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact
        self._told: set[str] = set()

    def line(self) -> tuple[Span, ...] | None:
        """Return what names the kinds taken out and not told yet; None where there are none."""
        new: dict[str, Found] = {}
        for found in self._redact.found:
            if found.times and found.kind not in self._told:
                new.setdefault(found.kind, found)
        if not new:
            return None
        self._told |= new.keys()
        what = ", ".join(f"{kind} [{found.number}]" for kind, found in new.items())
        first = next(iter(new.values())).number
        return (
            Span("redacted in the record: ", "muted"),
            Span(what),
            Span("  ·  no secret? ", "muted"),
            Span(f"%nbmlops allow {first}", "code"),
        )
