"""The list of faults beside a store: what went wrong in recording, for people to read.

``faults.log`` has what nobody has acknowledged yet; ``nbmlops doctor --fix`` moves it to
``faults-seen.log``.
"""

import os
from pathlib import Path

from nbmlops.canonical import now

NAME, SEEN = "faults.log", "faults-seen.log"


def note(home: Path, where: str, text: str) -> None:
    """Write a fault down; raises `OSError` where it cannot be."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(home / NAME, flags, 0o600), "w", errors="backslashreplace") as file:
        file.write(f"{now():.3f} {where}\n{text}\n")


def last(home: Path) -> str | None:
    """Return the last line of what nobody has acknowledged, None where there is nothing."""
    try:
        lines = (home / NAME).read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return None
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def acknowledge(home: Path) -> bool:
    """Move what is written down to what was seen; return whether there was anything."""
    log = home / NAME
    if not log.exists():
        return False
    with (home / SEEN).open("ab") as seen:
        os.fchmod(seen.fileno(), 0o600)
        seen.write(log.read_bytes())
    log.unlink()
    return True
