"""The folders of a store: whoever makes one, only its owner may look into it."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, with mode 0700.

    ``mkdir(parents=True, mode=…)`` gives the mode to the last of them only.
    """
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
