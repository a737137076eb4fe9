"""The file beside a store of what its sessions keep though it looks like a secret.

A line each: kinds (``AWS key``, ``*key*``) and digests of texts, never texts.
"""

import os
from pathlib import Path

from nbmlops.store.folders import make_private

_FILE = "allowed_secrets"


def allowed_in(folder: Path) -> list[str]:
    """Return what was allowed for all sessions of a store: kinds and digests."""
    try:
        lines = (folder / _FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip()]


def keep_allowed(folder: Path, entry: str) -> None:
    """Have an entry hold for all sessions of a store that begin from now on."""
    if entry in allowed_in(folder):
        return
    make_private(folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(folder / _FILE, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(entry + "\n")
