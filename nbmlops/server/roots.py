"""Paths of a request: below the root that the server shows, or refused."""

from pathlib import Path

from nbmlops.errors import OutsideRoot


def inside(root: Path, path: str) -> Path:
    """Return where a path below the root leads, symbolic links followed; it may not be there yet.

    Raises
    ------
    OutsideRoot
        It is absolute, goes up, leads out of the root, or cannot be a path.
    """
    here = root.resolve()
    relative = Path(path)
    if "\0" in path or relative.is_absolute() or ".." in relative.parts:
        raise OutsideRoot(path)
    try:
        found = (here / relative).resolve()
        # From Python 3.13 on, links in a circle are left as they are.
        is_real = not any(map(Path.is_symlink, (found, *found.parents)))
    except (OSError, RuntimeError, ValueError):  # too long, links in a circle, no text
        raise OutsideRoot(path) from None
    if not (is_real and found.is_relative_to(here)):
        raise OutsideRoot(path)
    return found


def folder_of(root: Path, path: str) -> Path:
    """Return the folder that a notebook is in, or a folder itself; the nearest that is there."""
    found = inside(root, path)
    here = root.resolve()
    try:
        while found != here and not found.is_dir():
            found = found.parent
    except OSError:  # a name that is too long
        raise OutsideRoot(path) from None
    return found
