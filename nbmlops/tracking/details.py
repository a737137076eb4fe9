"""The page of one run: results, parameters, models, data, code, environment."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nbmlops.canonical import Json, jsonable, now
from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.order import RunOrder
from nbmlops.config import Settings
from nbmlops.drawing.page import Block, Code, Column, Drawn, Facts, Heading, Page, Span, Table, Text
from nbmlops.drawing.words import count, duration, first_of, iso, moment, number, shortened, size
from nbmlops.records import Execution, Failure, RunDetail, RunStatus
from nbmlops.redaction.placeholders import kinds_in
from nbmlops.tracking.data import data_blocks, data_json, files_json
from nbmlops.tracking.run_order import Behind, order_json, order_words
from nbmlops.tracking.table import lasted, run_json, status_span
from nbmlops.wording import shown

_WITHOUT_ENVIRONMENT: dict[RunStatus, str] = {
    "running": "not known yet",
    "interrupted": "unknown: the process ended before they were kept",
}
_OUTCOME_SIGNS = {"ok": "✓", "error": "✗", "interrupted": "!", "running": "●"}


@dataclass(frozen=True)
class RunPage(Drawn):
    """Everything about one run; draws itself, or becomes JSON."""

    detail: RunDetail
    settings: Settings = Settings()
    behind: Behind = Behind()

    @property
    def order(self) -> RunOrder | None:
        """The order of the executions behind the run; None where there are none."""
        return self.behind.order

    def __repr__(self) -> str:
        run = self.detail.run
        return f"<RunPage {run.id} of {run.experiment!r}, {run.status}>"

    def to_json(self) -> Json:
        """Return the run as plain JSON with stable keys: those of ``runs``, and its parts."""
        detail = self.detail
        return {
            **run_json(detail.summary),
            "metric_ranges": {
                metric.name: {
                    "last": jsonable(metric.last),
                    "min": jsonable(metric.minimum),
                    "max": jsonable(metric.maximum),
                    "count": metric.count,
                    "execution_id": metric.execution_id,
                }
                for metric in detail.summary.metrics
            },
            "executions": [
                {
                    **execution_json(execution),
                    "outputs": _outputs_json(execution),
                    "gave_result": link.gave_result,
                }
                for execution, link in detail.executions
            ],
            "unused_params": [*self.behind.unused],
            "order": order_json(self.order),
            "data": data_json(detail.data),
            "files": files_json(detail.files, [execution for execution, _ in detail.executions]),
            "environment": detail.environment.content if detail.environment else None,
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        run = self.detail.run
        title = (
            Span(f"{run.name}  " if run.name else "", "strong"),
            Span(run.id, "code"),
            Span(f"  {run.experiment}  "),
            status_span(run.status),
        )
        parts = (
            self._facts(), self._metrics(), self._params(), self._models(), self._artifacts(),
            data_blocks(self.detail), self._code(), self._environment(),
        )  # fmt: skip
        return Page(title, [block for part in parts for block in part])

    def _facts(self) -> Iterator[Block]:
        run = self.detail.run
        seconds = lasted(run, now())
        took = f", {duration(seconds)}" if seconds is not None else ""
        rows = [
            ("opened", moment(run.opened) + took),
            ("notebook", run.notebook),
            ("order", order_words(self.order) if self.order else None),
            ("because", run.reason),
            ("in the trash", f"since {moment(run.trashed)}" if run.trashed else None),
            ("pinned", f"since {moment(run.pinned)}" if run.pinned else None),
            ("redacted", self._redacted()),
            ("inside", run.parent_id),
            ("user", run.user),
            ("tags", ", ".join(f"{tag.name}={tag.value}" if tag.value else tag.name
                               for tag in self.detail.summary.tags)),
            ("hypothesis", run.hypothesis),
            ("verdict", run.verdict),
            ("note", run.note),
        ]  # fmt: skip
        yield Facts([(name, Span(text)) for name, text in rows if text])

    def _redacted(self) -> str:
        """Return in words which secrets were taken out of the run's texts, and where."""
        by_kind: dict[str, list[str]] = {}
        for where, text in _texts(self.detail):
            for kind in kinds_in(text):
                places = by_kind.setdefault(kind, [])
                if where not in places:
                    places.append(where)
        return "; ".join(f"{kind} in {first_of(at, 4)}" for kind, at in by_kind.items())

    def _metrics(self) -> Iterator[Block]:
        metrics = self.detail.summary.metrics
        if not metrics:
            return
        yield Heading("Metrics")
        several = any(metric.count > 1 for metric in metrics)
        numbers = {execution.id: _prompt(execution) for execution, _ in self.detail.executions}
        columns = [Column("name"), Column("last", "right")]
        columns += [Column(name, "right") for name in ("min", "max", "points")] if several else []
        columns += [Column("from", "right")]
        rows = []
        for metric in metrics:
            cells = [Span(metric.name), Span(number(metric.last), "strong")]
            if several:
                cells += [
                    Span(number(metric.minimum)), Span(number(metric.maximum)),
                    Span(f"{metric.count:,}"),
                ]  # fmt: skip
            where = numbers.get(metric.execution_id) if metric.execution_id else None
            rows.append([*cells, Span(f"[{where}]" if where else "", "muted")])
        yield Table("", columns, rows)

    def _params(self) -> Iterator[Block]:
        params = self.detail.summary.params
        if not params:
            return
        yield Heading("Parameters")
        rows = [
            [Span(param.name), Span(shown(param.value, 80)), Span(param.type, "muted"),
             Span("not used" if param.name in self.behind.unused else param.source, "muted")]
            for param in sorted(params, key=lambda param: param.source == "estimator")
        ]  # fmt: skip
        yield Table("", [Column("name"), Column("value"), Column("type"), Column("source")], rows)

    def _models(self) -> Iterator[Block]:
        if self.detail.summary.models:
            yield Heading("Models")
            yield Facts([
                (model.name, Span(model.class_name + (f", kept ({size(model.size_bytes)})"
                                                      if model.size_bytes else "")))
                for model in self.detail.summary.models
            ])  # fmt: skip

    def _artifacts(self) -> Iterator[Block]:
        if self.detail.summary.artifacts:
            yield Heading("Artifacts")
            yield Facts([
                (artifact.name, Span(f"{size(artifact.size_bytes)}, {artifact.mime}"))
                for artifact in self.detail.summary.artifacts
            ])  # fmt: skip

    def _code(self) -> Iterator[Block]:
        executions = self.detail.executions
        if not executions:
            return
        yield Heading("Code")
        yield Text((Span(f"{count(len(executions), 'execution')} behind the results", "muted"),))
        for execution, link in executions:
            yield Code(_execution_title(execution, link.gave_result), execution.source.strip())
            if execution.failure:
                yield Code(Span(f"{execution.failure.type}", "bad"), execution.failure.traceback,
                           "text")  # fmt: skip

    def _environment(self) -> Iterator[Block]:
        if self.detail.environment is None:
            yield from self._unknown_environment()
            return
        content = self.detail.environment.content
        yield Heading("Environment")
        git, on = content.get("git"), content.get("platform", {})
        state = " with changes" if git and git["is_dirty"] else ""
        rows = [
            ("python", content.get("python", {}).get("version", "?")),
            ("platform", f"{on.get('system', '?')} {on.get('machine', '')}".rstrip()),
            ("git", f"{git['commit'][:10]}{state}" if git else "no repository with a commit"),
            ("packages", count(len(content.get("packages", ())), "package")),
            ("local modules", ", ".join(content.get("modules", ())) or "none"),
        ]
        yield Facts([(name, Span(text)) for name, text in rows])

    def _unknown_environment(self) -> Iterator[Block]:
        """Say of a run that is interrupted, or has just begun, why nothing but Python is known."""
        session, why = self.detail.session, _WITHOUT_ENVIRONMENT.get(self.detail.run.status)
        if session is not None and session.python and why is not None:
            yield Heading("Environment")
            rows = [("python", session.python), ("packages, git", why)]
            yield Facts([(name, Span(text)) for name, text in rows])


def _texts(detail: RunDetail) -> Iterator[tuple[str, str]]:
    """Give what is kept of a run as text, each with where that is."""
    for execution, _ in detail.executions:
        where = f"[{_prompt(execution)}]"
        yield where, execution.source
        if execution.failure is not None:
            yield where, execution.failure.traceback
        for output in execution.outputs:
            for content in output.contents:
                yield where, content.text or ""
    for param in detail.summary.params:
        yield f"parameter {param.name}", param.json
    for tag in detail.summary.tags:
        yield f"tag {tag.name}", tag.value
    for model in detail.summary.models:
        yield f"model {model.name}", model.params
    run = detail.run
    for name, text in (("name", run.name), ("reason", run.reason), ("note", run.note),
                       ("hypothesis", run.hypothesis)):  # fmt: skip
        yield name, text or ""


def _prompt(execution: Execution) -> int:
    """Return the number the notebook shows beside the cell; without one, its place."""
    return execution.execution_count or execution.sequence


def _execution_title(execution: Execution, gave_result: bool) -> Span:
    first = next((line for line in execution.source.splitlines() if line.strip()), "(empty)")
    took = duration(execution.duration_seconds)
    mark = "  gave a result" if gave_result else ""
    sign = _OUTCOME_SIGNS[execution.outcome]
    return Span(
        f"[{_prompt(execution)}] {sign} {shortened(first, 60)}  {took}{mark}",
        "code" if execution.outcome == "ok" else "bad",
    )


def execution_json(execution: Execution) -> dict[str, Json]:
    """Return an execution as plain JSON with stable keys, without its outputs."""
    seconds = execution.duration_seconds
    return {
        "id": execution.id,
        "sequence": execution.sequence,
        "execution_count": execution.execution_count,
        "cell_id": execution.cell_id,
        "tags": list(execution.tags),
        "source": execution.source,
        "started": iso(execution.started),
        "duration_seconds": None if seconds is None or math.isnan(seconds) else seconds,
        "cpu_seconds": execution.cpu_seconds,
        "memory_growth_bytes": execution.memory_growth_bytes,
        "outcome": execution.outcome,
        "error": _failure_json(execution.failure),
        "defined": [name for name in execution.names.defined if not is_hidden(name)],
        "used": [name for name in execution.names.used if not is_hidden(name)],
    }


def _outputs_json(execution: Execution) -> Json:
    return [
        {
            "kind": output.kind,
            "contents": [
                {"mime": content.mime, "size_bytes": content.size_bytes, "text": content.text,
                 "blob": content.blob, "cut_bytes": content.cut_bytes}
                for content in output.contents
            ],
        }
        for output in execution.outputs
    ]  # fmt: skip


def _failure_json(failure: Failure | None) -> Json:
    if failure is None:
        return None
    return {"type": failure.type, "message": failure.message, "traceback": failure.traceback}
