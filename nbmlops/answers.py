"""What the verbs answer, beside runs and comparisons: each draws itself and becomes JSON."""

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbmlops.canonical import Json, jsonable
from nbmlops.cells.parameters import Declared
from nbmlops.drawing.page import Column, Drawn, Facts, Page, Span, Table, Text, Tone
from nbmlops.drawing.words import count, duration, number, shortened
from nbmlops.records import Run, RunSummary
from nbmlops.store.base import Finding, Selected
from nbmlops.tracking.table import lasted, run_json, status_span
from nbmlops.wording import short, shown

if TYPE_CHECKING:
    from nbmlops.pipelines.execute import Headless  # loads nbformat


@dataclass(frozen=True)
class Findings(Drawn):
    """What a check of the store found."""

    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return all(finding.is_good for finding in self.findings)

    def to_json(self) -> Json:
        """Return the findings as plain JSON."""
        return {
            "is_good": self.is_good,
            "findings": [
                {"subject": finding.subject, "is_good": finding.is_good, "text": finding.text}
                for finding in self.findings
            ],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        rows = [
            (finding.subject, Span(f"{'✓' if finding.is_good else '✗'} {finding.text}",
                                   "plain" if finding.is_good else "bad"))
            for finding in self.findings
        ]  # fmt: skip
        end = "the store is in order" if self.is_good else "something is wrong: see ✗ above"
        tone: Tone = "good" if self.is_good else "bad"
        return Page((), [Facts(rows), Text((Span(end, tone),))])


@dataclass(frozen=True)
class Declarations(Drawn):
    """The parameters a notebook declares."""

    notebook: str
    declared: tuple[Declared, ...]

    def to_json(self) -> Json:
        """Return the parameters as plain JSON."""
        return {
            "notebook": self.notebook,
            "parameters": [
                {"name": parameter.name, "default": parameter.default,
                 "takes": parameter.expected, "help": parameter.help}
                for parameter in self.declared
            ],
        }  # fmt: skip

    def page(self) -> Page:
        """Return what is to be drawn."""
        if not self.declared:
            text = (
                "declares no parameters: tag the cell with their defaults `parameters`, "
                "or head it `%%nbmlops params`"
            )
            return Page((), [Text((Span(f"{self.notebook} ", "strong"), Span(text)))])
        columns = [Column("parameter"), Column("takes"), Column("default"), Column("")]
        rows = [
            [Span(parameter.name, "strong"), Span(parameter.expected),
             Span(shortened(parameter.default, 40), "code"), Span(parameter.help, "muted")]
            for parameter in self.declared
        ]  # fmt: skip
        return Page((), [Table(f"Parameters of {self.notebook}", columns, rows)])


@dataclass(frozen=True)
class Report(Drawn):
    """What became of a headless execution; ``summary`` is None where its run cannot be found."""

    summary: RunSummary | None
    done: "Headless"
    problem: str

    def to_json(self) -> Json:
        """Return the run as plain JSON, with ``exit_code`` and ``output``."""
        return {
            **(run_json(self.summary) if self.summary else {"id": self.done.run_id}),
            "exit_code": self.done.exit_code,
            "output": self.done.output,
            "store": self.done.url,
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        error = [Text((Span(self.problem.strip()),))] if self.problem.strip() else []
        if self.summary is None:
            return Page((Span(self.done.run_id, "code"), Span("  could not be looked up")), error)
        run = self.summary.run
        title = (
            status_span(run.status),
            Span(f"  {run.id}", "code"),
            Span(f"  {run.experiment}  {duration(lasted(run, run.opened))}"),
        )
        metrics = "  ".join(
            f"{metric.name} {number(metric.last)}" for metric in self.summary.metrics
        )
        params = "  ".join(
            f"{param.name} {shown(param.value, 24)}" for param in self.summary.params
            if param.source != "estimator"
        )  # fmt: skip
        rows = [
            ("metrics", Span(metrics, "strong")),
            ("parameters", Span(params)),
            ("because", Span(run.reason or "", "bad")),
            ("notebook", Span(self.done.output or "")),
            ("next", Span(f"nbmlops show {short(run.id)}", "code")),
        ]
        return Page(title, [*error, Facts([row for row in rows if row[1].text])])


@dataclass(frozen=True)
class Prepared(Drawn):
    """A notebook that was written with its parameters and not executed."""

    output: str

    def to_json(self) -> Json:
        """Return where it was written."""
        return {"output": self.output}

    def page(self) -> Page:
        """Return what is to be drawn."""
        return Page((Span(f"written, not executed: {self.output}"),), ())


@dataclass(frozen=True)
class Kept(Drawn):
    """What was just written to a run: the kind of it and its text."""

    run: Run
    kind: str
    text: str

    def to_json(self) -> Json:
        """Return the run's id and what was written to it."""
        return {"run_id": self.run.id, self.kind: self.text}

    def page(self) -> Page:
        """Return what is to be drawn."""
        name = self.run.name or short(self.run.id)
        spans = (Span(f"{self.kind} of {name}: ", "muted"), Span(self.text))
        return Page((), [Text(spans)])


@dataclass(frozen=True)
class Rows(Drawn):
    """What a SELECT found."""

    found: Selected

    def to_json(self) -> Json:
        """Return the rows as lists, in the order of the columns."""
        rows: list[Json] = [[_cell(value) for value in row] for row in self.found.rows]
        return {"columns": [*self.found.columns], "rows": rows, "is_cut": self.found.is_cut}

    def csv(self) -> str:
        """Return the rows as CSV below a line with the columns' names."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.found.columns)
        writer.writerows([_cell(value) for value in row] for row in self.found.rows)
        return text.getvalue().removesuffix("\n")

    def page(self) -> Page:
        """Return what is to be drawn."""
        rows = self.found.rows
        if not rows:
            named = f" of {', '.join(self.found.columns)}"
            return Page((), [Text((Span("0 rows", "strong"), Span(named, "muted")))])
        columns = [
            Column(
                name, "right" if all(isinstance(row[n], int | float) for row in rows) else "left"
            )
            for n, name in enumerate(self.found.columns)
        ]
        drawn = [[_span(value) for value in row] for row in rows]
        more = ", and more: see --limit" if self.found.is_cut else ""
        return Page((), [Table(f"{count(len(rows), 'row')}{more}", columns, drawn)])


@dataclass(frozen=True)
class Views(Drawn):
    """What can be selected from."""

    def to_json(self) -> Json:
        """Return the columns of each view."""
        return {view: [*columns] for view, columns in _views().items()}

    def page(self) -> Page:
        """Return what is to be drawn."""
        rows = [(view, Span(", ".join(columns))) for view, columns in _views().items()]
        return Page((), [Facts(rows)])


def _views() -> dict[str, list[str]]:
    from nbmlops.store.search_views import VIEWS

    return {view: columns.split() for view, columns in VIEWS.items()}


def _cell(value: object) -> Json:
    if isinstance(value, bytes):
        return value.hex()
    return jsonable(value)


def _span(value: object) -> Span:
    if value is None:
        return Span("–", "muted", "none")
    if isinstance(value, float):
        return Span(number(value))
    return Span(shortened(str(_cell(value)), 60))


@dataclass(frozen=True)
class Script(Drawn):
    """A shell script to be evaluated."""

    text: str

    def to_json(self) -> Json:
        """Return the script."""
        return {"script": self.text}

    def page(self) -> Page:
        """Return what is to be drawn."""
        return Page((), [Text((Span(self.text, "code"),))])
