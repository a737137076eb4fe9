"""Where cells are executed: the kernel's life, and its surroundings."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from nbmlops.records.ids import Digest, SessionId

type Place = Literal["jupyter", "vscode", "colab", "ipython", "script", "headless"]


@dataclass(frozen=True, slots=True)
class Session:
    """One kernel's life (or one script's), from the start of recording until its end.

    ``ended`` is None while it lives. ``notebook`` is a path as text, None where no front end
    tells it. ``heartbeat`` is when it last wrote, for readers on other hosts.
    """

    id: SessionId
    started: float
    place: Place
    experiment: str
    notebook: str | None = None
    kernel_id: str | None = None
    host: str = ""
    pid: int = 0
    user: str = ""
    python: str = ""
    heartbeat: float = 0.0
    ended: float | None = None
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run was made; ``document`` is canonical JSON, filed under its own digest."""

    digest: Digest
    document: str

    @property
    def content(self) -> dict[str, Any]:
        """The document: python, platform, packages, modules, git, variables."""
        loaded: dict[str, Any] = json.loads(self.document)
        return loaded
