"""The document of a restored notebook: a first cell that says what it is, then its code."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbmlops.canonical import Json
from nbmlops.cells.documents import code_cell, notebook_of
from nbmlops.cells.extraction import Extracted
from nbmlops.cells.file_writers import FOLDER_LOOKED_AT, NOT_THERE
from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.slices import Step
from nbmlops.drawing.words import moment, number
from nbmlops.records import Session
from nbmlops.redaction.placeholders import BEGINNING, lines_redacted
from nbmlops.restoring.restored import Note
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import label_of, prompt_of

_ABOUT_ID = "about"
_NAMED = re.compile(r"""([A-Za-z_]\w*)["'\]]*\s*(?:=|:|,|\()[^=:,(]*\Z""")
_NOT_IN_A_VARIABLE = re.compile(r"\W+")
_NUMBERED = re.compile(r"_\d+")


@dataclass(frozen=True)
class Origin:
    """Where a restored notebook comes from: the slice and its session."""

    page: SlicePage
    session: Session

    @property
    def missing(self) -> tuple[str, ...]:
        """The variables that nothing recorded has written."""
        names = [reason.name for reason in self.page.found.missing]
        return tuple(name for name in names if not is_hidden(name))

    @property
    def written_files(self) -> tuple[str, ...]:
        """The paths that the executions wrote."""
        return tuple(dict.fromkeys(file.path for file in self.page.files if file.role == "written"))

    @cached_property
    def needed_files(self) -> tuple[str, ...]:
        """The paths that they read and that none of them had written before."""
        by_execution = defaultdict(list)
        for file in self.page.files:
            by_execution[file.execution_id].append(file)
        found: dict[str, None] = {}
        written: set[str] = set()
        for step in self.page.steps:
            own = by_execution[step.execution.id]
            made = {use.path for use in own if use.role == "written"}
            for use in own:
                is_there = use.reason not in (NOT_THERE, FOLDER_LOOKED_AT)
                if use.role == "read" and is_there and use.path not in written | made:
                    found[use.path] = None
            written |= made
        return tuple(found)


def document(extracted: Extracted, origin: Origin, *, is_smallest: bool = False) -> dict[str, Any]:
    """Return the notebook as nbformat 4.5 has it."""
    about = "\n\n".join(_about(extracted, origin, is_smallest=is_smallest))
    taken = {cell.id for cell in extracted.cells}
    about_id = next(name for name in _numbered(_ABOUT_ID) if name not in taken)
    cells: list[Json] = [{"cell_type": "markdown", "id": about_id, "metadata": {}, "source": about}]
    cells += [code_cell(cell.id, cell.source, cell.tags) for cell in extracted.cells]
    return notebook_of(cells)


def _numbered(name: str) -> Iterator[str]:
    yield name
    for count in range(2, 1_000_000):
        yield f"{name}-{count}"


def _about(extracted: Extracted, origin: Origin, *, is_smallest: bool) -> Iterator[str]:
    page, session = origin.page, origin.session
    yield f"# {_result(page)}"
    source = f"`{Path(session.notebook).name}`" if session.notebook else "a session without a file"
    run = f"run `{page.summary.run.id}`, " if page.summary else ""
    when = moment(page.steps[-1].execution.started)
    labels = ", ".join(label_of(step.execution) for step in page.steps)
    kept = "the statements of them that it needs" if is_smallest else "whole cells"
    yield (
        f"What made it, from {source}: {run}{when}. These are the executions {labels}, {kept}, "
        "in the order they ran."
    )
    yield from _remarks(extracted, origin)


def _remarks(extracted: Extracted, origin: Origin) -> Iterator[str]:
    files = origin.needed_files
    if files:
        yield "It reads these files:\n\n" + "\n".join(f"- `{path}`" for path in files)
    if origin.missing:
        names = ", ".join(f"`{name}`" for name in origin.missing)
        yield f"**Missing**: what made {names} was not recorded; define it before running this."
    for note in remarks(extracted):
        yield f"**Before running this**: {note.text}" if note.kind == "to_change" else note.text
    if extracted.needs_nbmlops:  # it is where it was recorded, and need not be where it is read
        yield "Its code calls nbmlops, which has to be installed."


def remarks(extracted: Extracted) -> Iterator[Note]:
    """Say what there is to know of the cells before they are run."""
    for step in extracted.failed:
        yield Note(_ending(step), "to_know")
    numbered = [*_outputs_by_number(extracted)]
    if numbered:
        yield Note(
            f"It takes outputs by their numbers ({', '.join(numbered)}), which are others here: "
            "change them.",
            "to_change",
        )
    redacted = [*_redacted(extracted)]
    if redacted:
        yield Note(
            "Secrets were taken out of the code when it was recorded. Put them in again, better "
            f"from the environment than in here: {'; '.join(redacted)}.",
            "to_change",
        )


def _outputs_by_number(extracted: Extracted) -> Iterator[str]:
    """Give the names of outputs, such as ``_7``, that some execution took from another."""
    steps = [cell.step for cell in extracted.cells if cell.step is not None]
    for name in dict.fromkeys(reason.name for step in steps for reason in step.reasons):
        if _NUMBERED.fullmatch(name):
            yield f"`{name}`"


def _redacted(extracted: Extracted) -> Iterator[str]:
    """Give where a secret is missing, with what could be written instead of it."""
    for cell_number, cell in enumerate(extracted.cells, 1):
        lines = cell.source.splitlines()
        for line_number, kind in lines_redacted(cell.source):
            line = lines[line_number - 1]
            named = _NAMED.search(line[: line.index(BEGINNING)])
            name = (named[1] if named else kind).upper()
            variable = _NOT_IN_A_VARIABLE.sub("_", name).strip("_")
            yield f'cell {cell_number}, line {line_number}: {kind}, `os.environ["{variable}"]`'


def _ending(step: Step) -> str:
    execution = step.execution
    if execution.outcome == "error":
        kind = execution.failure.type if execution.failure else "an error"
        return (
            f"{prompt_of(execution)} failed half-way ({kind}); what it did until then counts, so "
            "it is here, tagged `raises-exception`."
        )
    return (
        f"{prompt_of(execution)} did not come to its end; what it did until then counts, so it is "
        "here. Executed again it may go on for longer."
    )


def _result(page: SlicePage) -> str:
    target, summary = page.target, page.summary
    if summary is None or target.kind in ("variable", "cell"):
        return target.words
    values = {metric.name: metric.last for metric in summary.metrics}
    if target.kind == "metric":
        return f"{target.name} {number(values[target.name])}"
    return f"Results of run {summary.run.name or summary.run.id}: " + (
        ", ".join(f"{name} {number(value)}" for name, value in values.items()) or "none"
    )
