"""Tells the user what was taken out of the record, and keeps what they allow."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

from nbmlops.drawing.page import Span
from nbmlops.drawing.words import count
from nbmlops.errors import SecretUnknown
from nbmlops.redaction.redactor import Found, Redactor
from nbmlops.store.folders import make_private
from nbmlops.store.places import home_of

_FILE = "allowed_secrets"


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


def words_of_secrets(redact: Redactor) -> str:
    """Return what was taken out in this session, one line each, without saying what it is."""
    lines = [
        f"[{found.number}] {found.kind}, {count(found.size, 'character')}, "
        f"taken out {count(found.times, 'time')}"
        for found in redact.found
        if found.times
    ]
    return "\n".join(lines) or "nothing was redacted in this session"


def allowed_in(folder: Path) -> list[str]:
    """Return what was allowed for all sessions of a store: kinds and digests."""
    try:
        lines = (folder / _FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip()]


def allow_secret(redact: Redactor, wanted: str, url: str) -> str:
    """Keep a secret by its number, or secrets of a kind, from now on; return what to say.

    Raises
    ------
    SecretUnknown
        Nothing was redacted under this number, and there is no such kind.
    """
    entry: str | None = wanted
    if wanted.isdecimal():
        entry = redact.allow(int(wanted))
        possible = [str(found.number) for found in redact.found if found.times]
    else:
        possible = [*dict.fromkeys(found.kind for found in redact.found if found.times)]
        if any(fnmatchcase(kind, wanted) for kind in possible):
            redact.allow_kind(wanted)
        else:
            entry = None
    if entry is None:
        raise SecretUnknown(wanted, possible)
    _keep(home_of(url), entry)
    return (
        "kept from now on; what was redacted before stays so: run the cell again.\n"
        f'For everybody who shares the project: [tool.nbmlops] allow_secrets = ["{entry}"]'
    )


def _keep(folder: Path, entry: str) -> None:
    make_private(folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(folder / _FILE, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(entry + "\n")
