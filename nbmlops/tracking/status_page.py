"""The page of a session's status: what is recorded, which cells are stale and why, what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbmlops.canonical import Json, now
from nbmlops.cells.headers import header_of
from nbmlops.cells.staleness import Stale
from nbmlops.cells.ties import Tie, Ties
from nbmlops.drawing.page import Block, Drawn, Facts, Page, Span, Text
from nbmlops.drawing.words import count, first_of, iso, minute, shortened, when
from nbmlops.records import Execution, RunSummary, Session
from nbmlops.tracking.notebook_file import NotebookFile
from nbmlops.tracking.stale_words import LONGEST_NAME, MOST_NAMES, MOST_REASONS, sentences
from nbmlops.tracking.status_json import Used, notebook_json, stale_json
from nbmlops.tracking.targets import label_of, prompt_of
from nbmlops.wording import short

_MOST_STALE = 30
_MOST_CELLS = 12  # in a line
_LONGEST_LINE = 28
_NOTHING = "nothing is recorded: %load_ext nbmlops"


@dataclass(frozen=True)
class StatusPage(Drawn):
    """What a session records, and which of its cells do not show any more what holds now.

    Attributes
    ----------
    store : str or None
        URL; None where nothing was ever recorded.
    session : Session or None
    is_recording : bool
        Whether cells are recorded now.
    run : RunSummary or None
        The run that is open.
    count : int
        How many cells ran to their end.
    interrupted : int
        How many did not, when they ran last.
    stale : tuple of Stale
        The stale cells in the order they ran, each with its reasons.
    to_run_again : tuple of Execution
        The cells to run again to be up to date, in an order that works.
    notebook : NotebookFile or None
        As it is saved now.
    ties : Ties or None
        Its cells and what was recorded of them.
    used : tuple of Used
        Deleted cells that others still stand on.
    waiting : int
        How many records wait on this machine for the store's server.
    away : str or None
        Why the server does not answer; then nothing else is known.
    unsaved : str or None
        Why what is recorded cannot be saved now, and where it is; the page is of what was saved.
    """

    store: str | None = None
    session: Session | None = None
    is_recording: bool = False
    run: RunSummary | None = None
    count: int = 0
    interrupted: int = 0
    stale: tuple[Stale, ...] = ()
    to_run_again: tuple[Execution, ...] = ()
    notebook: NotebookFile | None = None
    ties: Ties | None = None
    used: tuple[Used, ...] = ()
    waiting: int = 0
    away: str | None = None
    unsaved: str | None = None

    def __repr__(self) -> str:
        return str(self)

    @property
    def is_up_to_date(self) -> bool:
        """Whether what every cell shows follows from what is defined, and written, now."""
        return not (self.stale or self.used or self._in_state("edited"))

    def to_json(self) -> Json:
        """Return the status as plain JSON with stable keys."""
        session = self.session
        return {
            "recording": self.is_recording,
            "store": self.store,
            "experiment": session.experiment if session else None,
            "session_id": session.id if session else None,
            "run_id": self.run.run.id if self.run else None,
            "started": iso(session.started) if session else None,
            "ended": iso(session.ended) if session else None,
            "up_to_date": self.is_up_to_date,
            "cells": self.count,
            "stale": [stale_json(entry) for entry in self.stale],
            "run_again": [execution.sequence for execution in self.to_run_again],
            "notebook": notebook_json(self.notebook, self.ties, self.used),
            "waiting": self.waiting,
            "away": self.away,
            "unsaved": self.unsaved,
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        title = [*self._title()]
        if self.session is None or self.away is not None:
            return Page(title, ())
        blocks = [*self._stale_cells(), *self._again(), *self._notebook_facts()]
        return Page(title, blocks)

    # In a line

    def _title(self) -> Iterator[Span]:
        session = self.session
        if self.away is not None:
            if session is not None:
                yield self._recording(session)
                yield Span(" · ")
            yield Span(f"{self.store} does not answer ({self.away}) · ", "warn")
            yield Span(f"{count(self.waiting, 'record')} on this machine until it does")
            return
        if session is None:
            yield Span(_NOTHING)
            return
        yield self._recording(session)
        if self.unsaved is not None:
            yield Span(f" · it cannot be saved now: {self.unsaved}", "warn")
        if self.waiting:
            yield Span(
                f" · {count(self.waiting, 'record')} on this machine until delivered", "warn"
            )
        yield Span(f" · {shortened(session.experiment, LONGEST_NAME)} · ", label=self.store or "")
        yield from self._run_spans()
        yield Span(" · ")
        yield self._verdict()

    def _recording(self, session: Session) -> Span:
        if session.ended is not None:
            how = f"session {'was interrupted' if session.interrupted else 'ended'} "
            return Span(
                how + when(session.ended, now()), "muted",
                lasting=how + minute(session.ended),
            )  # fmt: skip
        if self.is_recording:
            return Span("cells are recorded", "good")
        return Span("cells are not recorded; %nbmlops on goes on", "warn")

    def _run_spans(self) -> Iterator[Span]:
        if self.run is None:
            yield Span("run: none open", "muted")
            return
        name = self.run.run.name
        yield Span(f"run {shortened(name, LONGEST_NAME)} " if name else "run ")
        yield Span(short(self.run.run.id), "code")
        yield Span(" is open")

    def _verdict(self) -> Span:
        if not self.count and self.interrupted:
            return Span(f"no cell has run to its end; {self.interrupted} interrupted", "warn")
        if not self.count:
            return Span("no cell has run yet", "muted")
        if self.is_up_to_date:
            show = "shows" if self.count == 1 else "show"
            never = len(self._never_run())
            rest = f"; {count(never, 'cell')} not run" if never else ""
            rest += f"; {count(self.interrupted, 'cell')} interrupted" if self.interrupted else ""
            text = f"up to date: what {count(self.count, 'cell')} {show} holds now{rest}"
            return Span(text, "good")
        parts = []
        if self.stale:
            parts.append(f"{len(self.stale)} of {count(self.count, 'cell')} stale")
        edited = len(self._in_state("edited"))
        if edited:
            parts.append(f"{edited} edited since")
        if self.used:
            parts.append(f"{count(len(self.used), 'deleted cell')} still in use")
        return Span(", ".join(parts), "warn")

    # What is stale

    def _stale_cells(self) -> Iterator[Block]:
        if not self.stale:
            return
        yield Facts([_stale_row(entry) for entry in self.stale[:_MOST_STALE]])
        if len(self.stale) > _MOST_STALE:
            more = len(self.stale) - _MOST_STALE
            yield Text((Span(f"and {more:,} more, --json has all", "muted"),))

    def _again(self) -> Iterator[Block]:
        if self.to_run_again:
            prompts = [prompt_of(execution) for execution in self.to_run_again]
            yield Text((
                Span("→ run again, in this order: "),
                Span(first_of(prompts, _MOST_CELLS, " "), "strong"),
            ))  # fmt: skip
            said = {entry.execution.id for entry in self.stale}
            said |= {tie.execution.id for tie in self._in_state("edited") if tie.execution}
            others = [prompt_of(each) for each in self.to_run_again if each.id not in said]
            if others:
                what = "what they change is" if len(others) > 1 else "what it changes is"
                text = f"{first_of(others, _MOST_CELLS)} too: {what} made anew before"
                yield Text((Span(text, "muted"),))

    # The notebook file

    def _notebook_facts(self) -> Iterator[Block]:
        notebook, ties = self.notebook, self.ties
        if notebook is None:
            return
        if self.is_up_to_date and notebook.saved is None:
            return
        if notebook.problem is not None or ties is None:
            name = Path(notebook.path).name
            text = f"{name} {notebook.problem}; where its cells stand is not known"
            yield Text((Span(text, "muted"),))
            return
        rows = [(name, Span(text)) for name, text in self._states(ties) if text]
        if rows and not self.is_up_to_date:
            saved = f", saved {when(notebook.saved, now())}" if notebook.saved else ""
            name = Path(notebook.path).name
            yield Text((Span(f"{name}{saved}", "muted", label=notebook.path),))
            yield Facts(rows)

    def _states(self, ties: Ties) -> Iterator[tuple[str, str]]:
        edited = [prompt_of(tie.execution) for tie in self._in_state("edited") if tie.execution]
        yield "edited since it ran", first_of(edited, _MOST_CELLS)
        used = [f"{prompt_of(entry.execution)}, whose {_names_used(entry)}" for entry in self.used]
        yield "deleted, still in use", first_of(used, MOST_REASONS, "; ")
        never = [f"{_ordinal(tie)}{_origin(tie)}" for tie in self._never_run()]
        yield "not run", first_of(never, MOST_REASONS)
        yield "not saved yet", first_of(
            [prompt_of(tie.execution) for tie in self._in_state("unsaved") if tie.execution]
            + [prompt_of(execution) for execution in ties.unsaved], _MOST_CELLS,
        )  # fmt: skip

    def _in_state(self, state: str) -> Sequence[Tie]:
        return [tie for tie in self.ties.cells if tie.state == state] if self.ties else []

    def _never_run(self) -> Sequence[Tie]:
        return [tie for tie in self._in_state("never_run") if _has_code(tie)]


def _names_used(entry: Used) -> str:
    by_name: dict[str, list[str]] = {}
    for reader, name in entry.readers:
        by_name.setdefault(name, []).append(prompt_of(reader))
    texts = [
        f"`{shortened(name, LONGEST_NAME)}` is used by {first_of(readers, MOST_NAMES)}"
        for name, readers in by_name.items()
    ]
    return first_of(texts, MOST_NAMES)


def _ordinal(tie: Tie) -> str:
    line = _first_line(tie.cell.source or "")
    return f"cell {tie.place} `{line}`" if line else f"cell {tie.place}"


def _origin(tie: Tie) -> str:
    if tie.copy_of is not None:
        return f" (a copy of {prompt_of(tie.copy_of)})"
    return f" (was part of {prompt_of(tie.part_of)})" if tie.part_of is not None else ""


def _has_code(tie: Tie) -> bool:
    source = tie.cell.source
    if source is None:
        return True
    header = header_of(source)
    if header is not None and header.kind == "scratch":  # kept out of the record if it has run
        return False
    return not (source.isspace() or source == "" or is_question(source))


def is_question(source: str) -> bool:
    """Tell whether a cell only asks nbmlops: what it shows is no result of the notebook's."""
    if not source.lstrip().startswith("%nbmlops"):
        return False
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return all(line.startswith("%nbmlops") for line in lines)


def _stale_row(entry: Stale) -> tuple[str, Span]:
    line = _first_line(entry.execution.source)
    why = first_of([*sentences(entry.reasons)], MOST_REASONS, "; ")
    return f"{label_of(entry.execution)} {line}", Span(why)


def _first_line(source: str) -> str:
    lines = (line.strip() for line in source.splitlines())
    return shortened(next((line for line in lines if line), ""), _LONGEST_LINE)
