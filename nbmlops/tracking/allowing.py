"""What is kept though it looks like a secret: what `allow` does, for every face.

It holds for all sessions that begin later, and for that of this process at once.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from nbmlops import config
from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import count
from nbmlops.errors import SecretKindUnknown, SecretUnknown
from nbmlops.redaction.redactor import DIGEST, Found, Redactor, digest_of, kinds_of_secrets
from nbmlops.store.places import home_of
from nbmlops.tracking import current
from nbmlops.tracking.allowed import allowed_in, keep_allowed
from nbmlops.tracking.opening import url_of


@dataclass(frozen=True)
class AllowedPage(Drawn):
    """What is allowed, and what was redacted in the session of this process.

    Attributes
    ----------
    allowed : tuple of str
        Kinds and digests: the project's settings and what was allowed before.
    redacted : tuple of Found or None
        None where no session records here.
    added : str or None
        What was allowed just now.
    """

    allowed: tuple[str, ...]
    redacted: tuple[Found, ...] | None = None
    added: str | None = None

    def to_json(self) -> Json:
        """Return kinds, digests and figures, with stable keys."""
        redacted: list[Json] = [
            {"number": found.number, "kind": found.kind, "characters": found.size,
             "times": found.times}
            for found in self.redacted or ()
        ]  # fmt: skip
        return {
            "added": self.added,
            "allowed": [*self.allowed],
            "redacted": None if self.redacted is None else redacted,
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        lines = self._of_added() if self.added is not None else self._of_all()
        return Page((), [Text((Span(line),)) for line in lines])

    def _of_added(self) -> list[str]:
        again = ": run the cell again" if self.redacted is not None else ""
        return [
            f"{self.added} is kept from now on, by sessions that go on elsewhere from their next "
            f"start; what was redacted before stays so{again}.",
            "For everybody who shares the project: "
            f'[tool.nbmlops] allow_secrets = ["{self.added}"]',
        ]

    def _of_all(self) -> list[str]:
        lines = [
            f"[{found.number}] {found.kind}, {count(found.size, 'character')}, "
            f"taken out {count(found.times, 'time')}"
            for found in self.redacted or ()
        ]
        if self.redacted is not None and not lines:
            lines = ["nothing was redacted in this session"]
        return [*lines, f"allowed: {', '.join(self.allowed) or 'nothing'}"]


def allow(wanted: str = "", *, text: str | None = None, store: str | None = None) -> AllowedPage:
    """Keep what was redacted and is no secret from now on; without an argument, list it.

    Parameters
    ----------
    wanted : str
        The number of a secret of the session that records here, a kind of secrets, in which ``*``
        stands for any signs, or the digest of a text.
    text : str, optional
        A text instead; its digest alone is kept.
    store : str, optional
        URL or path of another store, for whose sessions it holds.

    Raises
    ------
    SecretUnknown
        Nothing was redacted under this number in a session that records here.
    SecretKindUnknown
        No kind of secrets is called so.
    """
    settings = config.load(config.project_folder())
    running = current.tracker()
    if running is not None and store is not None and config.as_url(store) != running.url:
        running = None
    if running is not None:
        redact, home = running.redacting.redact, home_of(running.url)
    else:
        redact, home = Redactor(), home_of(url_of(store))
    added = None
    if wanted or text is not None:
        added = _added(redact, wanted, text)
        keep_allowed(home, added)
    redacted = None if running is None else tuple(each for each in redact.found if each.times)
    allowed = dict.fromkeys((*settings.allow_secrets, *allowed_in(home)))
    return AllowedPage(tuple(allowed), redacted, added)


def _added(redact: Redactor, wanted: str, text: str | None) -> str:
    """Allow what is wanted in a session, and return the entry that stands for it."""
    if text is not None:
        wanted = digest_of(text)
    if wanted.isdecimal():
        entry = redact.allow(int(wanted))
        if entry is None:
            there_is = [str(found.number) for found in redact.found if found.times]
            raise SecretUnknown(wanted, there_is)
        return entry
    if wanted.startswith(DIGEST):
        redact.allow_digest(wanted)
        return wanted
    if not any(fnmatchcase(kind, wanted) for kind in kinds_of_secrets()):
        raise SecretKindUnknown(wanted, kinds_of_secrets())
    redact.allow_kind(wanted)
    return wanted
