"""What came of a slice that was executed again, beside what was recorded of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nbmlops.capture.python_of import python_of
from nbmlops.data_differences import profiled_columns
from nbmlops.drawing.words import first_of, shortened
from nbmlops.pipelines.plan import KERNEL_DIED, OUT_OF_MEMORY, TIMEOUT
from nbmlops.records import Environment, Execution, ExecutionId
from nbmlops.replaying.apart import Executed
from nbmlops.replaying.aside import Aside
from nbmlops.replaying.causes import Cause, Circumstances, causes_of, causes_of_failure
from nbmlops.replaying.comparing import compared_version, without_columns
from nbmlops.replaying.inputs import InputFile
from nbmlops.replaying.judging import Judged, judged
from nbmlops.replaying.recorded import Recorded, environment_of, metrics_of
from nbmlops.replaying.replayed import FirstDifference, Replay
from nbmlops.replaying.surroundings import Differing, differences
from nbmlops.replaying.traces import Trace, trace_of
from nbmlops.replaying.verdicts import Compared, worst
from nbmlops.store.base import Order, RunQuery, Store
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import prompt_of

type Again = Mapping[ExecutionId, Execution]  # what each recorded execution became

_ENDINGS = {
    TIMEOUT: "it took longer than it was given",
    OUT_OF_MEMORY: "the kernel was killed for lack of memory",
    KERNEL_DIED: "the kernel died",
}
_MOST_LEFT = 4
_LONGEST = 200


def cell_id(execution: Execution) -> str:
    """Return the id of the cell that executes an execution again."""
    return f"execution-{execution.sequence}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a slice. ``store`` is the user's; that of ``executed`` has what came out."""

    page: SlicePage
    recorded: Recorded
    inputs: tuple[InputFile, ...]
    store: Store
    executed: Executed

    def answer(self, answer: Replay, *, rtol: float) -> Replay:
        """Return what is to be answered, on top of what was known before."""
        executed = self.executed
        session = executed.store.latest_session()
        assert session is not None
        executions = executed.store.session_executions(session.id, with_outputs=False)
        by_cell = {execution.cell_id: execution for execution in executions}
        again = {
            step.execution.id: by_cell[key]
            for step in self.page.steps
            if (key := cell_id(step.execution)) in by_cell
        }
        runs = executed.store.runs(RunQuery(order=Order("opened", descending=False)))
        after = trace_of(
            executed.store,
            executions,
            runs,
            metrics_of(self.page),
            looked_into=[execution.id for execution in executions],
        )
        found = judged(self.page, self.recorded.trace, after, again, rtol=rtol)
        own = next((each for each in runs if each.run.id == executed.done.run_id), None)
        environment = environment_of(executed.store, own)
        around = Circumstances(
            self.page.found,
            self.inputs,
            self._environment_differences(environment),
            _has_fixed_hashes(self.recorded.environment) and _has_fixed_hashes(environment),
            frozenset(row.execution.sequence for row in found.rows if row.is_unclear),
        )
        answer = replace(
            answer,
            executions=found.rows,
            results=found.results,
            environment=around.environment,
            first_difference=self._first(found, around, again, after),
            notes=tuple(_notes(found)),
        )
        return _with_verdict(answer, found, executed)

    def _environment_differences(self, now: Environment | None) -> tuple[Differing, ...]:
        """Return what is not as it was, but for modules that are among the files already."""
        changed = {each.path for each in self.inputs if each.state == "changed"}
        found = differences(self.recorded.environment, now)
        return tuple(each for each in found if each.name not in changed)

    def _first(
        self,
        found: Judged,
        around: Circumstances,
        again: Again,
        after: Trace,
    ) -> FirstDifference | None:
        if found.first is None:
            return None
        execution, what = found.first
        failure = again[execution.id].failure
        causes: tuple[Cause, ...]
        if execution == found.failed and failure is not None:
            causes = causes_of_failure(execution, failure, around, python_of)
        else:
            causes = causes_of(execution, around, python_of)
            what = self._in_full(execution, what, again, after)
        return FirstDifference(execution, what, causes[0], causes[1:])

    def _in_full(
        self,
        execution: Execution,
        what: Compared,
        again: Again,
        after: Trace,
    ) -> Compared:
        """Return the difference with what the profiles of its columns tell."""
        was = self.recorded.trace.versions(execution).get(what.name)
        now = after.versions(again[execution.id]).get(what.name)
        if was is None or now is None:
            return what
        in_slice = frozenset(step.execution.id for step in self.page.steps)
        aside = Aside(self.recorded.trace.executions, in_slice).columns(execution, what.name)
        was, now = without_columns(was, aside), without_columns(now, aside)
        if was.value is None or now.value is None:
            return what
        columns = profiled_columns(was.value, now.value)
        profiles = {**self.store.profiles(columns), **self.executed.store.profiles(columns)}
        return compared_version(what.name, was, now, profiles=profiles)


def _with_verdict(answer: Replay, found: Judged, executed: Executed) -> Replay:
    """Return the answer with the verdict on what came out."""
    if found.failed is not None or executed.done.exit_code:
        problem = shortened(_ENDINGS.get(executed.done.exit_code, executed.problem), _LONGEST)
        if found.failed is not None:
            problem = f"{prompt_of(found.failed)} failed this time: {problem}"
        return replace(answer, verdict="not run", problem=problem)
    verdict = worst(each.verdict for each in answer.results) or "not comparable"
    problem = ""
    if verdict == "not comparable":
        open_ones = [each for each in answer.results if each.verdict == verdict]
        words = [f"`{each.name}`: {each.words}" for each in open_ones]
        problem = first_of(words, _MOST_LEFT, "; ") or "it has no result that can be compared"
    return replace(answer, verdict=verdict, problem=problem)


def _notes(found: Judged) -> Iterator[str]:
    """Say what could not be compared though somebody needs it."""
    left = [
        f"`{shortened(each.name, 40)}` of {prompt_of(row.execution)} ({each.words})"
        for row in found.rows
        for each in row.compared
        if each.is_needed and each.verdict == "not comparable"
    ]
    if left:
        yield f"not compared: {first_of(left, _MOST_LEFT)}"


def _has_fixed_hashes(environment: Environment | None) -> bool:
    seed = environment.content["variables"].get("PYTHONHASHSEED") if environment else None
    return seed not in (None, "", "random")
