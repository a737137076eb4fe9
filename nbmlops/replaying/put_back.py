"""Files that something is known to write, put back afterwards as they were."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from nbmlops.canonical import new_id


@contextmanager
def put_back(written: Iterable[Path], made: Iterable[Path] = ()) -> Iterator[None]:
    """Have files as they were when the block ends; those that were not there are gone.

    Folders that were not there go too, if nothing else is in them. What cannot be copied, moved or
    put back stays as the block left it.

    Parameters
    ----------
    written : iterable of Path
        What the block may write over. It is copied.
    made : iterable of Path
        What is not to be there when the block begins: files and folders. They are moved aside,
        beside where they are, since others may have them open.
    """
    paths = [*dict.fromkeys(written)]
    with TemporaryDirectory(prefix="nbmlops-kept-") as name:
        moved = dict(_moved_aside(made))
        kept = {path: _copied(path, Path(name) / str(place)) for place, path in enumerate(paths)}
        was_there = {path for path in paths if os.path.lexists(path)}
        try:
            yield
        finally:
            for path in sorted(paths, key=lambda path: -len(path.parts)):
                with contextlib.suppress(OSError):
                    _restore(path, kept[path], was_there=path in was_there)
            for path, aside in moved.items():
                with contextlib.suppress(OSError):
                    _move_back(path, aside)


def _moved_aside(made: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Move what is there aside, folders before what is in them; give where to."""
    for path in sorted(set(made), key=lambda path: len(path.parts)):
        aside = path.with_name(f".{path.name}.{new_id()}.aside")
        if os.path.lexists(path):
            with contextlib.suppress(OSError):
                path.rename(aside)
                yield path, aside


def _move_back(path: Path, aside: Path) -> None:
    """Put something in its place again; what is there by now came after it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    aside.replace(path)


def _copied(path: Path, copy: Path) -> Path | None:
    """Copy a file with its times; None for what is none."""
    if not path.is_file() or path.is_symlink():
        return None
    with contextlib.suppress(OSError):
        shutil.copy2(path, copy)
        return copy
    return None


def _restore(path: Path, copy: Path | None, *, was_there: bool) -> None:
    if copy is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(copy, path)
    elif not was_there and path.is_dir() and not path.is_symlink():
        path.rmdir()
    elif not was_there:
        path.unlink(missing_ok=True)
