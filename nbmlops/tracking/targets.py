"""What can be explained: a metric, a whole run, a variable, the output of a cell.

Finds the executions that gave it, in the records of its session.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from nbmlops.cells.hidden import is_hidden
from nbmlops.errors import ExecutionNotFound, MetricNotFound, VariableNotFound
from nbmlops.records import Execution, ExecutionId, Run, RunId, RunSummary

type Kind = Literal["run", "failure", "metric", "variable", "cell"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be explained, and which executions gave it.

    Attributes
    ----------
    kind : str
    name : str
        Of the metric or variable; the label of the cell; the id of the run.
    executions : frozenset of str
        Ids; empty where none was recorded.
    notes : tuple of str
        Sentences on what is not known exactly.
    """

    kind: Kind
    name: str
    executions: frozenset[ExecutionId]
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The target in words: ``metric auc``, ``run 3k9f``, ``variable df``, ``output of [7]``."""
        prefix = {"cell": "output of", "failure": "failure of run"}.get(self.kind, self.kind)
        return f"{prefix} {self.name}"


def number_of(execution: Execution) -> int:
    """Return the number that the notebook shows beside a cell; without one its place."""
    return execution.execution_count or execution.sequence


def prompt_of(execution: Execution) -> str:
    """Return the number of a cell as the notebook shows it: ``[3]``."""
    return f"[{number_of(execution)}]"


def label_of(execution: Execution) -> str:
    """Return the number that the notebook shows, and the one in the session where it is another.

    Examples
    --------
    >>> seen = Execution("e", "s", 12, "x", 0.0, "c", execution_count=14)
    >>> prompt_of(seen), label_of(seen)
    ('[14]', '[14] #12')
    """
    prompt = prompt_of(execution)
    is_same = number_of(execution) == execution.sequence
    return prompt if is_same else f"{prompt} #{execution.sequence}"


def metric_target(
    summary: RunSummary,
    name: str,
    times: Sequence[float],
    executions: Sequence[Execution],
    givers: Collection[ExecutionId],
) -> Target:
    """Return a metric of a run: all executions that measured it are behind it.

    Only the last of them is recorded. Where the metric was measured several times the others are
    told by ``times``, when its points were logged: they are those that gave the run a result and
    had begun last at one of those times.

    Raises
    ------
    MetricNotFound
        The run has none of this name.
    """
    known = {metric.name: metric for metric in summary.metrics}
    if name not in known:
        raise MetricNotFound(name, summary.run.id, [*known])
    found = measured_in(times, executions) & set(givers)
    last = known[name].execution_id
    if last is not None:
        found.add(last)
    notes = []
    if len(found) > 1:
        labels = ", ".join(prompt_of(each) for each in executions if each.id in found)
        notes.append(f"measured in {labels}, by the times of its points")
    return Target("metric", name, frozenset(found), tuple(notes))


def measured_in(times: Iterable[float], executions: Sequence[Execution]) -> set[ExecutionId]:
    """Return the executions that had begun last at one of some times."""
    waiting = sorted(times)
    starts = [execution.started for execution in executions[1:]]
    found = set()
    for execution, until in zip(executions, [*starts, inf], strict=False):
        first = bisect_left(waiting, execution.started)
        if first < len(waiting) and waiting[first] < until:
            found.add(execution.id)
    return found


def run_target(
    summary: RunSummary, executions: Iterable[Execution], givers: Collection[ExecutionId]
) -> Target:
    """Return a whole run: what gave it results; of a run that failed before that, what failed."""
    failed = [execution.id for execution in executions if execution.outcome == "error"]
    if givers or summary.run.status != "failed" or not failed:
        return Target("run", summary.run.id, frozenset(givers))
    return Target("failure", summary.run.id, frozenset(failed[-1:]))


def variable_target(name: str, executions: Sequence[Execution]) -> Target:
    """Return a variable as the last of some executions left it.

    Raises
    ------
    VariableNotFound
        None of them wrote it, or one deleted it since.
    """
    writer, there = _last_writer(name, executions)
    if writer is not None:
        return Target("variable", name, frozenset((writer.id,)))
    if there is not None and name in there.names.replaced:
        reason = f"what wrote {name!r} last, before {prompt_of(there)}, was not recorded."
        raise VariableNotFound(name, written_names(executions), reason)
    if there is None:
        readers = [prompt_of(each) for each in executions if name in each.names.used]
        reason = (
            f"no recorded execution wrote {name!r}; {readers[0]} found it there already: what "
            "made it was not recorded."
            if readers
            else ""
        )
        raise VariableNotFound(name, written_names(executions), reason)
    raise VariableNotFound(
        name,
        written_names(executions),
        f"{name!r} was not there any more: {prompt_of(there)} deleted it. What needed it before "
        "can be explained with --cell.",
    )


def _last_writer(
    name: str, executions: Sequence[Execution]
) -> tuple[Execution | None, Execution | None]:
    """Return the execution that wrote a name, or the one that deleted it since, or lost it."""
    for execution in reversed(executions):
        names = execution.names
        if name in names.defined or name in names.touched:
            return execution, None
        if name in names.deleted or name in names.replaced:
            return None, execution
    return None, None


def written_names(executions: Iterable[Execution]) -> list[str]:
    """Return the variables that executions left behind, those written last first."""
    found: dict[str, None] = {}
    for execution in executions:
        for name in (*execution.names.replaced, *execution.names.deleted):
            found.pop(name, None)
        for name in (*execution.names.defined, *execution.names.touched):
            found.pop(name, None)
            found[name] = None
    return [name for name in reversed(found) if not is_hidden(name)]


def cell_target(number: int, executions: Sequence[Execution]) -> Target:
    """Return what the execution of a number, counted in its session, showed.

    Raises
    ------
    ExecutionNotFound
        There is none.
    """
    for execution in executions:
        if execution.sequence == number:
            return Target("cell", label_of(execution), frozenset((execution.id,)))
    raise ExecutionNotFound(number, executions[-1].sequence if executions else 0)


def until_next_run(
    run: Run,
    runs: Sequence[Run],
    executions: Sequence[Execution],
    givers: Collection[ExecutionId],
) -> Sequence[Execution]:
    """Return the executions of a session until the run after this one began.

    The execution in which that happened is not among them, but for one that gave this run a
    result. Runs inside this one are part of it.

    Parameters
    ----------
    run : Run
    runs : sequence of Run
        All of the session, in the order they were opened.
    executions : sequence of Execution
        All of the session, in order.
    givers : collection of str
        Ids of the executions that gave this run results.
    """
    parents = {each.id: each.parent_id for each in runs}
    behind = [each.id for each in runs].index(run.id) + 1
    next_run = next((each for each in runs[behind:] if not _is_inside(each, run, parents)), None)
    if next_run is None:
        return executions
    end = 0
    following = [execution.started for execution in executions[1:]]
    for place, execution in enumerate(executions):
        lasted = execution.duration_seconds
        ended = execution.started + (inf if lasted is None else lasted)
        is_before = next_run.opened >= min([ended, *following[place : place + 1]])
        if is_before or execution.id in givers:
            end = place + 1
    return executions[:end]


def _is_inside(run: Run, outer: Run, parents: Mapping[RunId, RunId | None]) -> bool:
    parent = run.parent_id
    while parent is not None and parent != outer.id:
        parent = parents.get(parent)
    return parent is not None
