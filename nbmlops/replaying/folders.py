"""Where a session worked: the project that its paths are relative to, and its working folder."""

import ast
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbmlops import config
from nbmlops.capture.python_of import python_of
from nbmlops.cells.names import parsed
from nbmlops.cells.slices import Step
from nbmlops.records import Session
from nbmlops.replaying.inputs import by_execution
from nbmlops.tracking.slice_page import SlicePage


def project_of(session: Session) -> Path:
    """Return the folder that recorded paths are relative to: the project of the notebook."""
    notebook = Path(session.notebook).parent if session.notebook else None
    return config.project_folder(notebook if notebook and notebook.is_dir() else None)


def working_folder(session: Session, page: SlicePage, project: Path) -> Path:
    """Return the folder that a session worked in, as far as that can be told.

    The one in which the relative paths in the code are the files that were used; else that of the
    notebook. What was executed headlessly usually worked in the project's.
    """
    notebook = Path(session.notebook).parent if session.notebook else project
    likely = [project, notebook] if session.place == "headless" else [notebook, project]
    told = Counter(_told_by_paths(page, project, [*likely, Path.cwd()]))
    if told:
        return told.most_common(1)[0][0]
    return next((folder for folder in likely if folder.is_dir()), Path.cwd())


def _told_by_paths(page: SlicePage, project: Path, likely: Sequence[Path]) -> Iterator[Path]:
    """Give the folders in which a relative path in the code is a file that its cell used."""
    uses = by_execution(page.files)
    for step in page.steps:
        used = {os.path.normpath(project / use.path) for use in uses[step.execution.id]}
        for text in _relative_paths(step) if used else ():
            folders = dict.fromkeys((*likely, *_above(text, used)))
            for folder in folders:
                if os.path.normpath(folder / text) in used and folder.is_dir():
                    yield folder


def _above(text: str, used: Iterable[str]) -> Iterator[Path]:
    """Give the folders from which a path that leads down is one of those used."""
    ending = f"/{os.path.normpath(text)}"
    for path in used:
        if path.endswith(ending):
            yield Path(path.removesuffix(ending))


def _relative_paths(step: Step) -> Sequence[str]:
    """Return the texts in a cell that could be paths from the working folder."""
    tree = parsed(python_of(step.execution.source))
    texts = (
        node.value
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [
        text
        for text in dict.fromkeys(texts)
        if text and not text.startswith(("/", "~")) and text.isprintable()
    ]
