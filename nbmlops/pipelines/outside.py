"""Records a headless execution from outside its kernel, where the kernel cannot record itself.

Kernels of other languages, and Python kernels whose environment has no nbmlops. Seen from outside
are source, time, outcome and outputs; names are read from the source where it is Python, values
are not seen, so metrics are none.
"""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbmlops import config
from nbmlops.canonical import new_id, now
from nbmlops.capture.outputs import Collector, Limits, strip_ansi
from nbmlops.cells.names import names_of
from nbmlops.cells.sources import source_key
from nbmlops.pipelines.plan import Ending, Plan
from nbmlops.records import Execution, ExecutionId, Failure, Names, Outcome, Session, SessionId
from nbmlops.tracking.tracker import Tracker


class OutsideRecorder:
    """Records the cells of one execution, told of each before and after it runs."""

    def __init__(self, plan: Plan, parameters: dict[str, object], language: str) -> None:
        project = config.project_folder(Path(plan.notebook).parent if plan.notebook else None)
        self._settings = config.load(project)
        session = Session(
            id=SessionId(new_id()),
            started=now(),
            place="headless",
            experiment=plan.experiment,
            notebook=plan.notebook,
            host=socket.gethostname(),
            user=config.user_name(),
            heartbeat=now(),
        )
        self._tracker = Tracker(session, plan.url, self._settings, project, lambda _: None)
        self._tracker.quiet = True
        self._run = self._tracker.runs.open(plan.name, run_id=plan.run_id)
        self._run.is_fixed = True
        for name, value in parameters.items():
            self._run.put_param(name, value, "given")
        self._is_python = language == "python"
        self._sequence = 0
        self._going: Execution | None = None

    def cell_started(self, cell: Any) -> None:
        """Record a code cell as running."""
        self._sequence += 1
        self._going = Execution(
            id=ExecutionId(new_id()),
            session_id=self._tracker.session.id,
            sequence=self._sequence,
            source=cell.source,
            started=now(),
            cell_key=cell.get("id") or source_key(cell.source),
            cell_id=cell.get("id"),
            tags=tuple(cell.metadata.get("tags", ())),
        )
        self._tracker.execution_started(self._going)

    def cell_ended(self, cell: Any, problem: BaseException | None) -> None:
        """Record how the cell that was started last ended."""
        if self._going is None:
            return
        collector = Collector(
            Limits(
                self._settings.output_limit_bytes,
                self._settings.image_limit_bytes,
                self._tracker.redacting.redact,
            ),
            self._tracker.keep_image,
        )
        failure = None
        for output in cell.get("outputs", ()):
            failure = _collect(collector, output) or failure
        outcome: Outcome = "error" if failure or problem else "ok"
        ended = replace(
            self._going,
            duration_seconds=now() - self._going.started,
            execution_count=cell.get("execution_count"),
            outcome="interrupted" if isinstance(problem, KeyboardInterrupt) else outcome,
            failure=failure,
            names=names_of(cell.source) if self._is_python else Names(),
            outputs=collector.outputs(),
        )
        self._going = None
        self._tracker.execution_ended(ended, {})
        self._tracker.execution_completed(ended)

    def end(self, ending: Ending) -> None:
        """Close the run and deliver everything."""
        self._run.finish(ending.status, reason=ending.reason)
        self._tracker.end()


def _collect(collector: Collector, output: Any) -> Failure | None:
    if output.output_type == "stream":
        collector.stream(output.name, output.text)
    elif output.output_type == "error":
        text = strip_ansi("\n".join(output.traceback))
        collector.data("error", {"text/plain": text}, None)
        return Failure(output.ename, strip_ansi(output.evalue), text)
    else:
        kind = "result" if output.output_type == "execute_result" else "display"
        collector.data(kind, dict(output.data), None)  # type: ignore[arg-type]
    return None
