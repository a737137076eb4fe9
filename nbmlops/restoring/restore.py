"""A result as a notebook of its own: what `nbmlops.restore` does, for every face.

The slice is that of `nbmlops.why`; what becomes of its cells is in `nbmlops.cells.extraction`.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbmlops.capture.python_of import python_of
from nbmlops.cells.extraction import Extracted, extract
from nbmlops.errors import NothingToRestore, OutputExists, OutputFolderMissing
from nbmlops.restoring.notebook import Origin, document, remarks
from nbmlops.restoring.restored import Restored
from nbmlops.restoring.trial import Say, Trial, recorded_evidence
from nbmlops.tracking.opening import Where, opened
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.why import why, why_here

_NOT_IN_A_NAME = re.compile(r"[^\w.@+-]+")
_LONGEST_STEM = 100


def _in_silence(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How a notebook is wanted.

    Attributes
    ----------
    output : str or None
        Where it is written; by default in the present folder, named after what it is.
    smallest : bool
        Leave out statements that the target does not need, if executing shows it to be the same.
    overwrite : bool
        Take the place of a file that is there.
    timeout_seconds : int or None
        When executing it, give up on a cell after so long.
    say : callable
        Is told what goes on.
    """

    output: str | None = None
    smallest: bool = False
    overwrite: bool = False
    timeout_seconds: int | None = None
    say: Say = _in_silence


def restore(
    run: str = "@1",
    metric: str | None = None,
    *,
    variable: str | None = None,
    cell: int | None = None,
    output: str | None = None,
    smallest: bool = False,
    overwrite: bool = False,
    timeout_seconds: int | None = None,
    store: Where = None,
    say: Say = _in_silence,
) -> Restored:
    """Write the notebook that makes a result and nothing else, and say what is in it.

    It holds the executions behind the result, with their sources as they ran, in the order they
    ran: imports at the top, parameters in a cell tagged ``parameters``, then the cells that matter.

    Parameters
    ----------
    run : str
        An id, unique prefix, name, ``@N`` or ``best:METRIC``; alone, all of its results.
    metric, variable, cell : optional
        One result, as for `nbmlops.why`.
    output : str, optional
        The notebook's path. By default it is named after the notebook and the result, in the
        present folder.
    smallest : bool
        Also leave out statements inside of cells. For that both forms are executed, in the folder
        of the original notebook, and the smaller one is written only if what it makes is the same.
        What the cells write to files they write again.
    overwrite : bool
        Take the place of a file that is there.
    timeout_seconds : int, optional
        When executing, give up on a cell after so long; whole cells are written then.
    store : str, optional
        URL or path of another store. Nothing is written into it.
    say : callable, optional
        Is told what goes on.

    Raises
    ------
    RunNotFound, RunAmbiguous, MetricNotFound, VariableNotFound, ExecutionNotFound, SeveralTargets
        As `nbmlops.why` does.
    NothingToRestore
        No recorded execution is known to have made the result.
    OutputExists, OutputFolderMissing
        The notebook cannot be written there.
    """
    page = why(run, metric, variable=variable, cell=cell, store=store)
    return restored(page, Writing(output, smallest, overwrite, timeout_seconds, say), store=store)


def restore_here(
    name: str | None,
    writing: Writing,
    *,
    variable: str | None = None,
    cell: int | None = None,
) -> Restored:
    """Write the notebook for something in the session of this process, as `why_here` finds it."""
    return restored(why_here(name, variable=variable, cell=cell), writing)


def restored(page: SlicePage, writing: Writing, *, store: Where = None) -> Restored:
    """Write the notebook for a slice."""
    origin = _origin(page, store)
    path = _path(origin, writing)
    extracted, answer = _whole(origin, str(path))
    if writing.smallest:
        with opened(store) as (found, _):
            recorded = recorded_evidence(found, page)
        trial = Trial(origin, extracted, recorded, writing.timeout_seconds, writing.say)
        extracted, answer = trial.smallest(answer)
    notebook = document(extracted, origin, is_smallest=answer.is_smallest)
    _write(path, notebook, overwrite=writing.overwrite)
    return _described(answer, extracted)


def drafted(page: SlicePage, *, store: Where = None) -> tuple[Restored, dict[str, Any]]:
    """Return what restoring a slice would answer, and the notebook, without writing it."""
    origin = _origin(page, store)
    extracted, answer = _whole(origin, f"{_stem(origin)}.ipynb")
    return _described(answer, extracted), document(extracted, origin)


def _origin(page: SlicePage, store: Where) -> Origin:
    if not page.steps:
        raise NothingToRestore(page.target.words)
    with opened(store) as (found, _):
        return Origin(page, found.session(page.steps[0].execution.session_id))


def _whole(origin: Origin, path: str) -> tuple[Extracted, Restored]:
    """Return the cells of a slice, whole, and an answer that says where they come from."""
    page = origin.page
    extracted = extract(page.steps, python_of, written=origin.written_files)
    answer = Restored(
        path,
        page.target.words,
        page.executions,
        missing=origin.missing,
        files=origin.needed_files,
        whole_line_count=extracted.line_count,
    )
    return extracted, answer


def _described(answer: Restored, extracted: Extracted) -> Restored:
    return replace(
        answer,
        parameters=extracted.parameters,
        cell_count=len(extracted.cells),
        line_count=extracted.line_count,
        notes=tuple(remarks(extracted)),
    )


# The file


def _path(origin: Origin, writing: Writing) -> Path:
    path = Path(writing.output or f"{_stem(origin)}.ipynb")
    if path.is_dir():
        path /= f"{_stem(origin)}.ipynb"
    if not path.parent.is_dir():
        raise OutputFolderMissing(str(path.parent))
    if path.exists() and not writing.overwrite:
        raise OutputExists(str(path))
    return path


def _stem(origin: Origin) -> str:
    """Return the name of the notebook, or else its experiment's, and of the target."""
    page, session = origin.page, origin.session
    experiment = page.summary.run.experiment if page.summary else session.experiment
    source = Path(session.notebook).stem if session.notebook else experiment
    target, name = page.target, page.target.name
    if target.kind == "cell":
        name = f"cell-{next(step.execution.sequence for step in page.steps if step.is_target)}"
    elif target.kind in ("run", "failure") and page.summary and page.summary.run.name:
        name = page.summary.run.name
    text = _NOT_IN_A_NAME.sub("-", f"{source}-{name}").strip("-.")
    return text[:_LONGEST_STEM] or "restored"


def _write(path: Path, notebook: dict[str, Any], *, overwrite: bool) -> None:
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise OutputExists(str(path)) from None
