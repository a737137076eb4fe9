"""What a request asks for: its arguments, read and checked, and the store they are about."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbmlops.errors import InvalidArgument
from nbmlops.server.reruns import Reruns
from nbmlops.server.stores import HeldStores, Project
from nbmlops.store.base import Store
from nbmlops.tracking.opening import Held

MOST_LISTED = 500
_LISTED = 100
_MOST_BODY_BYTES = 1_000_000
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments in the query of an address; of one given twice the last counts."""

    given: Mapping[str, Sequence[str]]

    def text(self, name: str, default: str = "", *, longest: int = 10_000) -> str:
        """Return a text."""
        found = self.given.get(name, (default,))[-1]
        if len(found) > longest:
            raise InvalidArgument(name, f"it has at most {longest:,} characters.")
        return found

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def optional(self, name: str) -> str | None:
        """Return a text, None where it was not given or is empty."""
        return self.text(name) or None

    def needed(self, name: str) -> str:
        """Return a text that has to be given."""
        if name not in self.given:
            raise InvalidArgument(name, "it is missing.")
        return self.text(name)

    def several(self, name: str, least: int, most: int) -> list[str]:
        """Return all texts that were given under a name, each once."""
        found = list(dict.fromkeys(self.given.get(name, ())))
        if not least <= len(found) <= most:
            raise InvalidArgument(name, f"give {least} to {most} of them, not {len(found)}.")
        return found

    def integer(self, name: str, default: int, *, least: int = 0, most: int = 2**53) -> int:
        """Return a whole number within bounds."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal() and len(text) < 20):
            raise InvalidArgument(name, f"it is a whole number, not {text[:40]!r}.")
        if not least <= int(text) <= most:
            raise InvalidArgument(name, f"it is {least:,} to {most:,}, not {text}.")
        return int(text)

    def flag(self, name: str, default: bool) -> bool:
        """Return whether something is wanted."""
        text = self.text(name, str(default)).lower()
        if text not in _FLAGS:
            raise InvalidArgument(name, f"it is true or false, not {text[:40]!r}.")
        return _FLAGS[text]

    @property
    def limit(self) -> int:
        """How many of a list are wanted at most."""
        return self.integer("limit", _LISTED, least=1, most=MOST_LISTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes
    ----------
    project : Project
    stores : HeldStores
    arguments : Arguments
    names : tuple of str
        What the address names, in order: ``("3k9f", "auc")`` of ``runs/3k9f/series/auc``.
    root : Path
        The folder that the server shows.
    user : str
        Who asks.
    body : bytes
    reruns : Reruns
        What this server executes again.
    """

    project: Project
    stores: HeldStores
    arguments: Arguments
    names: tuple[str, ...] = ()
    root: Path = Path()
    user: str = ""
    body: bytes = b""
    reruns: Reruns = field(default_factory=Reruns)

    @property
    def where(self) -> Held:
        """The project's store, as all that looks into stores takes it; raises `StoreMissing`."""
        return self.stores.held(self.project)

    @property
    def store(self) -> Store:
        """The project's store; raises `StoreMissing`."""
        return self.where.store

    def document(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        if len(self.body) > _MOST_BODY_BYTES:
            raise InvalidArgument("the body", f"it has at most {_MOST_BODY_BYTES:,} bytes.")
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as problem:
            raise InvalidArgument("the body", f"it is no JSON: {problem}") from None
        if not isinstance(found, dict):
            raise InvalidArgument("the body", "it is a JSON object.")
        return found
