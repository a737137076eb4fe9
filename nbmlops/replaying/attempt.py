"""One attempt to make a slice again: how it is wanted, what is executed, and where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from nbmlops.capture.python_of import python_of
from nbmlops.cells.documents import code_cell, notebook_of
from nbmlops.cells.extraction import RAISES
from nbmlops.cells.parameters import PARAMETER_TAGS
from nbmlops.cells.statements import Cell, cells_of
from nbmlops.drawing.progress import HowFar, progress
from nbmlops.drawing.words import count, first_of
from nbmlops.pipelines.plan import INTERRUPTED
from nbmlops.redaction.placeholders import kinds_in
from nbmlops.replaying.apart import Manner, executed_apart
from nbmlops.replaying.causes import Cause
from nbmlops.replaying.folders import project_of, working_folder
from nbmlops.replaying.inputs import InputFile, inputs_of, made_by
from nbmlops.replaying.outcome import Outcome, cell_id
from nbmlops.replaying.put_back import put_back
from nbmlops.replaying.recorded import Recorded, metrics_of
from nbmlops.replaying.replayed import FirstDifference, Replay, Replayed
from nbmlops.replaying.verdicts import Compared
from nbmlops.store.base import Store
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import prompt_of

type Say = Callable[[str], None]
_MOST_FILES = 4


def _in_silence(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a replay is wanted.

    Attributes
    ----------
    rtol : float
        How far a metric may be from what was recorded, as a share of that; 0 for not at all.
    timeout_seconds : int or None
        Give up when one cell takes longer.
    cwd : str or None
        Execute in this folder; by default where the session worked, as far as that can be told.
    output : str or None
        Keep the executed notebook under this path.
    say : callable
        Is told what goes on.
    """

    rtol: float = 0.0
    timeout_seconds: int | None = None
    cwd: str | None = None
    output: str | None = None
    say: Say = _in_silence


@dataclass(frozen=True)
class Attempt:
    """A slice to be executed again. ``store`` is the one that has it; nothing is written there."""

    page: SlicePage
    recorded: Recorded
    wish: Wish
    store: Store

    def answer(self, answer: Replay) -> Replay:
        """Return what is to be answered, on top of what is known of it before."""
        answer = replace(answer, inputs=self.inputs, folder=str(self.folder))
        problem = next(self._hindrances(), "")
        if problem:
            first = next(self._missing(), None)
            rows = self._not_executed
            return replace(answer, problem=problem, executions=rows, first_difference=first)
        self._announce()
        made = made_by(self.page)
        written = {use.path for use in self.page.files if use.role == "written"}
        with (
            put_back(map(self.project.joinpath, written), map(self.project.joinpath, made)),
            progress("executing", "cell") as say,
            executed_apart(self.notebook, self._manner(say)) as executed,
        ):
            if executed.done.exit_code == INTERRUPTED:
                raise KeyboardInterrupt
            answer = replace(answer, output=self.wish.output)
            outcome = Outcome(self.page, self.recorded, self.inputs, self.store, executed)
            return outcome.answer(answer, rtol=self.wish.rtol)

    def _manner(self, say: HowFar) -> Manner:
        return Manner(
            self.folder,
            self.recorded.session.experiment,
            self.wish.timeout_seconds,
            self.wish.output,
            metrics_of(self.page),
            thorough=True,
            say=say,
        )

    # What is executed

    @cached_property
    def project(self) -> Path:
        """The folder that recorded paths are relative to."""
        return project_of(self.recorded.session)

    @cached_property
    def folder(self) -> Path:
        """Where the cells work."""
        if self.wish.cwd is not None:
            return Path(self.wish.cwd).absolute()
        return working_folder(self.recorded.session, self.page, self.project)

    @cached_property
    def inputs(self) -> tuple[InputFile, ...]:
        """What became of the files that the slice reads."""
        return inputs_of(self.page, self.project)

    @cached_property
    def notebook(self) -> dict[str, object]:
        """The executions, each a cell; without what asked nbmlops for something."""
        cells = [
            code_cell(cell_id(execution), cell.source, _tags(cell), execution.execution_count)
            for cell in cells_of(self.page.steps, python_of)
            if cell.source and (execution := cell.step.execution)
        ]
        return {**notebook_of(cells)}

    def _hindrances(self) -> Iterator[str]:
        """Give why it cannot be executed."""
        executions = [step.execution for step in self.page.steps]
        for execution in executions:
            if execution.outcome not in ("ok", "error"):
                yield (
                    f"{prompt_of(execution)} was interrupted, and where it stopped cannot be "
                    "repeated"
                )
            if not self.recorded.session.python:
                yield "it was recorded from outside of its kernel: nothing is known of its values"
            if kinds_in(execution.source):
                yield (
                    f"a secret was taken out of the code of {prompt_of(execution)} when it was "
                    "recorded. Read it from the environment, and record the run again"
                )
        missing = [first.what.name for first in self._missing()]
        if missing:
            are = "is" if len(missing) == 1 else "are"
            yield f"{first_of(missing, _MOST_FILES)} {are} not there any more"

    def _missing(self) -> Iterator[FirstDifference]:
        """Give the files that are gone, as what is not the same."""
        executions = {step.execution.sequence: step.execution for step in self.page.steps}
        for file in self.inputs:
            if file.state == "missing" and file.is_needed:
                execution = executions[file.read_by]
                what = Compared(file.path, "different", words=file.words)
                why = f"{prompt_of(execution)} reads it"
                cause = Cause("code changed" if file.is_code else "data changed", why)
                yield FirstDifference(execution, what, cause)

    def _announce(self) -> None:
        say = self.wish.say
        for file in self.inputs:
            if file.state == "changed":
                say(f"{file.path} {file.words}")
        say(f"executing {count(len(self.page.steps), 'cell')} in {self.folder} …")

    @property
    def _not_executed(self) -> tuple[Replayed, ...]:
        return tuple(Replayed(step.execution, "not run") for step in self.page.steps)


def _tags(cell: Cell) -> tuple[str, ...]:
    """Return the tags of a cell; where it failed then, with one that lets the others go on."""
    execution = cell.step.execution
    tags = [tag for tag in execution.tags if tag not in PARAMETER_TAGS and tag != RAISES]
    return (*tags, *([RAISES] if execution.outcome == "error" else []))
