"""The page of a slice: what made a result, why each execution is in it, on what it stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nbmlops.canonical import Json, jsonable
from nbmlops.cells.file_writers import LOOKED_AT
from nbmlops.cells.headers import header_of
from nbmlops.cells.hidden import in_words, is_hidden, unset_in_words, written_in_words
from nbmlops.cells.slices import Reason, Slice, Step
from nbmlops.drawing.lane_svg import lane_svg
from nbmlops.drawing.lane_text import lane_text
from nbmlops.drawing.lanes import Node, lay_out
from nbmlops.drawing.page import Block, Code, Drawn, Facts, Heading, Page, Picture, Span, Text
from nbmlops.drawing.words import count, first_of, number, shortened
from nbmlops.records import DataUse, Execution, ExecutionId, FileUse, ParamSource, RunSummary
from nbmlops.tracking.data import data_json, data_table, files_json, short_path
from nbmlops.tracking.targets import Target, label_of, number_of, prompt_of
from nbmlops.tracking.written_columns import Written
from nbmlops.wording import shown

_MOST_STEPS = 100  # that are drawn
_MOST_PARAMS = 12
_MOST_FILES, _MOST_MISSING = 8, 8
_MOST_READERS, _MOST_SENTENCES = 12, 8  # of one execution
_LONGEST_NAME = 40
_DID = {"run": "made its results", "failure": "led to its failure"}
_GAVE = {
    "run": "gave a result", "failure": "is where it failed", "metric": "measured `{}`",
    "variable": "wrote `{}` last",
}  # fmt: skip
_NOTHING = (
    "It has no result yet, or was logged where nothing is recorded: outside of cells, from another "
    "process, or in a script that goes on."
)
_LEGEND = "● wrote what stands behind its →, for those that its line leads to; ◆ was asked for"


def unused_params(
    summary: RunSummary, steps: Sequence[Step], used: Collection[str], source: ParamSource = "cell"
) -> list[str]:
    """Return the parameters of a run, from a source, that no execution of a slice read by name.

    Where a cell set them it did not need them; of those that were logged nobody knows. ``used``
    are those that it is known to have used.
    """
    read = {reason.name for step in steps for reason in step.reasons} | {*used}
    return [p.name for p in summary.params if p.source == source and p.name not in read]


@dataclass(frozen=True)
class SlicePage(Drawn):
    """What made a result; draws itself, or becomes JSON.

    Attributes
    ----------
    found : Slice
    target : Target
    summary : RunSummary or None
        The run that it is about; None for a session that has none.
    params : mapping
        The parameters that the slice's cells set, by name.
    data : tuple of DataUse
        The data that the slice stands on.
    files : tuple of FileUse
        All that its executions read and wrote.
    written : mapping
        What executions changed of data, by execution and name.
    later : mapping of str to Execution
        By execution: the last of the same cell, where that is another.
    """

    found: Slice
    target: Target
    summary: RunSummary | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    data: tuple[DataUse, ...] = ()
    files: tuple[FileUse, ...] = ()
    written: Mapping[tuple[ExecutionId, str], Written] = field(default_factory=dict)
    later: Mapping[ExecutionId, Execution] = field(default_factory=dict)

    def __repr__(self) -> str:
        numbers = ", ".join(map(str, self.executions)) or "none"
        return f"<SlicePage of {self._what}: executions {shortened(numbers, 60)}>"

    @property
    def executions(self) -> tuple[int, ...]:
        """The executions by their numbers in the session, in the order they ran."""
        return self.found.sequence

    @property
    def steps(self) -> tuple[Step, ...]:
        """The executions as they were recorded, each with the reasons why it is here."""
        return self.found.steps

    def to_json(self) -> Json:
        """Return the slice as plain JSON with stable keys."""
        return {
            "executions": list(self.executions),
            "target": self.found.target,
            "run": self.summary.run.id if self.summary else None,
            "steps": [self._step_json(step) for step in self.steps],
            "params": {name: jsonable(value) for name, value in self.params.items()},
            "data": data_json(self.data),
            "files": files_json(self.files, [step.execution for step in self.steps]),
            "left_out": self.found.left_out,
            "missing": [
                {"name": reason.name, "read_by": list(reason.read_by)}
                for reason in self.found.missing
            ],
            "hidden": [
                {"name": reason.name, "read_by": list(reason.read_by)}
                for reason in self.found.hidden
            ],
            "notes": list(self.target.notes),
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        notes = [Text((Span(note, "muted"),)) for note in self.target.notes]
        notes += [Text((Span(words, "warn"),)) for words in self._missing()]
        return Page([*self._title()], [*notes, *self._roots(), *self._steps()])

    def _missing(self) -> Iterator[str]:
        """Say what is not known: the slice is incomplete then."""
        names = [
            f"`{shortened(reason.name, _LONGEST_NAME)}` (read by {self._readers(reason.read_by)})"
            for reason in self.found.missing
        ]
        if names:
            yield f"what made {first_of(names, _MOST_MISSING)} was not recorded"

    def _readers(self, sequences: Sequence[int]) -> str:
        return first_of([self._prompts[sequence] for sequence in sequences], _MOST_READERS)

    # What it is about

    @property
    def _what(self) -> str:
        if self.summary is None or self.target.kind in ("run", "failure"):
            return self.target.words
        return f"{self.target.words} of run {self.summary.run.id}"

    def _title(self) -> Iterator[Span]:
        yield from self._subject()
        made = len(self.steps)
        if not made:
            yield Span(": no recorded execution is known to have made it")
            return
        total = made + self.found.left_out
        did = _DID.get(self.target.kind, "made it")
        yield Span(f": {made:,} of {count(total, 'execution')} {did}")

    def _subject(self) -> Iterator[Span]:
        name, summary = shortened(self.target.name, _LONGEST_NAME), self.summary
        if self.target.kind == "metric" and summary is not None:
            values = {metric.name: metric.last for metric in summary.metrics}
            yield Span(f"{name} {number(values[self.target.name])}", "strong")
            yield Span(" of ")
            yield from _run_spans(summary)
        elif self.target.kind in ("run", "failure") and summary is not None:
            yield from _run_spans(summary)
            values = {metric.name: metric.last for metric in summary.metrics}
            texts = [f"{shortened(key, 30)} {number(value)}" for key, value in values.items()]
            yield Span(f" ({first_of(texts, 4)})" if texts else "", "strong")
        elif self.target.kind == "variable":
            yield Span(name, "strong")
            yield Span(f" as {self._target_labels} left it")
        else:
            yield Span("output of ")
            yield Span(self._target_labels, "strong")

    @property
    def _target_labels(self) -> str:
        return ", ".join(label_of(step.execution) for step in self.steps if step.is_target)

    # What it stands on

    def _roots(self) -> Iterator[Block]:
        rows = []
        if self.params:
            texts = [
                f"{shortened(name, 30)} {shown(self.params[name], 24)}" for name in self.params
            ]
            rows.append(("parameters", Span(first_of(texts, _MOST_PARAMS, " · "))))
        for label, names in (
            ("not used", self._unused("cell")),
            ("logged", self._unused("logged")),
        ):
            if names:
                rows.append((label, Span(first_of(names, _MOST_PARAMS), "muted")))
        files = [*self._files_from_outside()]
        if files:
            rows.append(("also read", Span(first_of(files, _MOST_FILES))))
        if rows or self.data or self.found.hidden:
            yield Heading("Stands on")
        if rows:
            yield Facts(rows)
        numbers = {step.execution.sequence: number_of(step.execution) for step in self.steps}
        yield from data_table(self.data, numbers)
        hidden = [
            f"{unset_in_words(reason.name)} ({self._readers(reason.read_by)})"
            for reason in self.found.hidden
        ]
        if hidden:
            yield Text((Span(f"depends also on: {', '.join(hidden)}"),))

    def _unused(self, source: ParamSource) -> list[str]:
        if self.summary is None or self.target.kind not in ("metric", "run"):
            return []
        names = unused_params(self.summary, self.steps, self.params, source)
        return [shortened(name, 30) for name in names]

    def _files_from_outside(self) -> Iterator[str]:
        """Give the files that are behind no data and that no execution of the slice wrote."""
        known = {file.path for use in self.data for file in use.files}
        known |= {reason.name for step in self.steps for reason in step.reasons if reason.is_file}
        at = {step.execution.id: step.execution for step in self.steps}
        for file in self.files:
            if file.role == "read" and file.path not in known and file.reason not in LOOKED_AT:
                known.add(file.path)
                yield f"{short_path(file.path)} {prompt_of(at[file.execution_id])}"

    # Its executions

    @cached_property
    def _prompts(self) -> dict[int, str]:
        return {step.execution.sequence: prompt_of(step.execution) for step in self.steps}

    def _steps(self) -> Iterator[Block]:
        if not self.steps:
            yield Text((Span(_NOTHING, "muted"),))
            return
        yield Heading("Executions")
        drawn = self.steps[-_MOST_STEPS:]
        if len(drawn) < len(self.steps):
            rest = count(len(self.steps) - len(drawn), "earlier execution")
            yield Text((Span(f"{rest} left out here, --json has all", "muted"),))
        if any(step.execution.sequence != number_of(step.execution) for step in drawn):
            yield Text((Span("#N counts the session's executions; --cell takes it", "muted"),))
        yield self._picture(drawn)
        for step in drawn:
            bad = step.execution.outcome in ("error", "interrupted")
            yield Code(Span(self._headline(step), "bad" if bad else "code"), _source(step))

    def _picture(self, steps: Sequence[Step]) -> Picture:
        rows = {step.execution.sequence: row for row, step in enumerate(steps)}
        takes: list[dict[int, list[str]]] = [{} for _ in steps]
        for row, step in enumerate(steps):
            for reason in step.reasons:
                for reader in reason.read_by:
                    takes[rows[reader]].setdefault(row, []).append(_short(reason))
        nodes = [
            Node(
                label_of(step.execution),
                tuple(_short(reason) for reason in step.reasons),
                takes[row],
                _first_line(step.execution),
                step.is_target,
            )
            for row, step in enumerate(steps)
        ]
        layout = lay_out(nodes)
        alt = f"Graph of {count(len(steps), 'execution')}, each above those that read what it wrote"
        return Picture(Span(_LEGEND, "muted"), alt, lane_svg(layout), lane_text(layout))

    def _headline(self, step: Step) -> str:
        execution = step.execution
        parts = [*self._outcome(execution)]
        sentences = [*self._sentences(step)]
        if step.is_target:
            name = shortened(self.target.name, _LONGEST_NAME)
            sentences.append(_GAVE.get(self.target.kind, "is what was asked for").format(name))
        parts.append("; ".join(sentences))
        later = self.later.get(execution.id)
        if later is not None:
            edited = later.source.strip() != execution.source.strip()
            parts.append(f"{'edited and ' if edited else ''}executed again as {prompt_of(later)}")
        return f"{label_of(execution)}  {' · '.join(parts)}"

    def _outcome(self, execution: Execution) -> Iterator[str]:
        if execution.outcome == "error":
            kind = execution.failure.type if execution.failure else "an error"
            yield f"✗ failed half-way ({kind})"
        elif execution.outcome == "interrupted":
            yield "! interrupted half-way"
        elif execution.outcome == "running":
            yield "● still running: what it reads is not known yet"

    def _sentences(self, step: Step) -> Iterator[str]:
        """Say what an execution wrote for whom; names that the same ones read go together."""
        together: dict[tuple[int, ...], list[str]] = {}
        hidden = []
        for reason in step.reasons:
            if is_hidden(reason.name) and not reason.is_file:
                is_new = reason.name in step.execution.names.defined
                did = written_in_words(reason.name, is_new=is_new)
                hidden.append(f"{did}, read by {self._readers(reason.read_by)}")
                continue
            words = f"`{shortened(reason.name, _LONGEST_NAME)}`"
            if reason.is_file:
                words = f"file `{short_path(reason.name)}`"
            changed = self.written.get((step.execution.id, reason.name))
            if changed is not None and not reason.is_file:
                words += f" ({changed.words})"
            together.setdefault(reason.read_by, []).append(words)
        said = []
        for readers, names in together.items():
            said.append(f"{', '.join(names)}, read by {self._readers(readers)}")
        if said:
            yield f"writes {first_of(said, _MOST_SENTENCES, '; ')}"
        yield from hidden

    def _step_json(self, step: Step) -> dict[str, Json]:
        execution = step.execution
        return {
            "sequence": execution.sequence,
            "execution_count": execution.execution_count,
            "cell_id": execution.cell_id,
            "source": execution.source,
            "outcome": execution.outcome,
            "reasons": [
                {
                    "name": reason.name,
                    "kind": _kind(reason),
                    "columns": list(self._columns(execution, reason)),
                    "read_by": list(reason.read_by),
                }
                for reason in step.reasons
            ],
            "is_target": step.is_target,
        }

    def _columns(self, execution: Execution, reason: Reason) -> tuple[str, ...]:
        changed = None if reason.is_file else self.written.get((execution.id, reason.name))
        return changed.columns if changed is not None else ()


def _run_spans(summary: RunSummary) -> Iterator[Span]:
    if summary.run.name:
        yield Span(f"{shortened(summary.run.name, _LONGEST_NAME)} ", "strong")
    yield Span("run ")
    yield Span(summary.run.id, "code")


def _kind(reason: Reason) -> str:
    if reason.is_file:
        return "file"
    return "hidden" if is_hidden(reason.name) else "variable"


def _short(reason: Reason) -> str:
    if reason.is_file:
        return short_path(reason.name)
    return in_words(reason.name) if is_hidden(reason.name) else reason.name


def _first_line(execution: Execution) -> str:
    """Return the first line that says what a cell does."""
    lines = [line.strip() for line in execution.source.splitlines() if line.strip()]
    is_headed = header_of(execution.source) is not None and len(lines) > 1
    return lines[1 if is_headed else 0] if lines else ""


def _source(step: Step) -> str:
    return step.execution.source.strip("\n").rstrip()
