"""A session as a store has it, and what can be explained in it.

Everything is read when it is needed, without outputs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from nbmlops.cells.names import names_of
from nbmlops.cells.parameters import PARAMETER_TAGS, Declared, declared_in
from nbmlops.cells.slices import FilesOf, Slice, Step, slice_of
from nbmlops.records import (
    Execution,
    ExecutionId,
    FileUse,
    RunDetail,
    RunExecution,
    RunSummary,
    SessionId,
)
from nbmlops.store.base import Order, RunQuery, Store
from nbmlops.tracking.data import data_of
from nbmlops.tracking.slice_page import SlicePage, unused_params
from nbmlops.tracking.targets import (
    Target,
    cell_target,
    label_of,
    metric_target,
    run_target,
    until_next_run,
    variable_target,
    written_names,
)
from nbmlops.tracking.written_columns import written_columns


@dataclass(frozen=True)
class RecordedSession:
    """A session as a store has it, and the run in it that is asked about.

    ``known`` is the run with what it contains, where that has been read before.
    """

    store: Store
    session_id: SessionId
    summary: RunSummary | None
    known: RunDetail | None = None

    @cached_property
    def executions(self) -> Sequence[Execution]:
        """All of the session, in order."""
        of_run = [execution for execution, _ in self.known.executions] if self.known else []
        return sorted([*of_run, *self.others], key=attrgetter("sequence"))

    @cached_property
    def others(self) -> Sequence[Execution]:
        """Those of the session that are not known yet."""
        beside = self.known.run.id if self.known else None
        return self.store.session_executions(self.session_id, with_outputs=False, beside=beside)

    @cached_property
    def links(self) -> Mapping[ExecutionId, RunExecution]:
        """The executions that the run contains."""
        if self.summary is None:
            return {}
        if self.known is not None:
            return {execution.id: link for execution, link in self.known.executions}
        found = self.store.executions(self.summary.run.id, with_outputs=False)
        return {execution.id: link for execution, link in found}

    @property
    def givers(self) -> set[ExecutionId]:
        """Those of them that gave it results."""
        return {found for found, link in self.links.items() if link.gave_result}

    @cached_property
    def until_next_run(self) -> Sequence[Execution]:
        """Those until the run after this one began; without a run all."""
        if self.summary is None:
            return self.executions
        in_order = Order("opened", descending=False)
        query = RunQuery(
            session_id=self.session_id, trashed=None, metrics=(), params=(), order=in_order
        )
        runs = [summary.run for summary in self.store.runs(query)]
        return until_next_run(self.summary.run, runs, self.executions, self.givers)

    @cached_property
    def files(self) -> FilesOf:
        """What they did to files."""
        found: dict[ExecutionId, list[FileUse]] = {}
        of_others = self.store.file_uses([execution.id for execution in self.others])
        for use in [*(self.known.files if self.known else ()), *of_others]:
            found.setdefault(use.execution_id, []).append(use)
        return found

    # What can be asked for

    @cached_property
    def names(self) -> list[str]:
        """The variables that are there now, and the metrics of the run."""
        metrics = [metric.name for metric in self.summary.metrics] if self.summary else []
        return list(dict.fromkeys([*written_names(self.executions), *metrics]))

    def target(
        self, metric: str | None = None, variable: str | None = None, cell: int | None = None
    ) -> Target:
        """Return what is asked for by one of these, by none of them the run."""
        if variable is not None:
            return self._variable(variable)
        if cell is not None:
            return cell_target(cell, self.executions)
        assert self.summary is not None
        if metric is None:
            return run_target(self.summary, self._run_executions, self.givers)
        return metric_target(
            self.summary, metric, self._times(metric), self.executions, self.givers
        )

    def named(self, name: str) -> Target:
        """Return the variable of a name as it is now, or the metric.

        They are one where the variable is what was measured: the metric then tells its value.
        """
        metrics = self.summary.metrics if self.summary else ()
        metric = self.target(name) if any(each.name == name for each in metrics) else None
        if name not in written_names(self.executions):
            assert metric is not None
            return metric
        variable = variable_target(name, self.executions)
        return metric if metric and metric.executions == variable.executions else variable

    def _variable(self, name: str) -> Target:
        found = variable_target(name, self.until_next_run)
        others = self._other_writers(name, found)
        if not others:
            return found
        note = (
            f"the run's own results used {name} as {label_of(others[-1])} left it; "
            f"--cell {others[-1].sequence} explains that"
        )
        return replace(found, notes=(*found.notes, note))

    def _other_writers(self, name: str, target: Target) -> Sequence[Execution]:
        """Return who wrote a name for the results of the run, unless the target's did."""
        if not self.givers:
            return []
        behind = slice_of(self.executions, self.givers, "", self.files)
        writers = [
            step.execution
            for step in behind.steps
            if any(reason.name == name and not reason.is_file for reason in step.reasons)
        ]
        is_same = any(writer.id in target.executions for writer in writers)
        return [] if is_same else writers

    @property
    def _run_executions(self) -> Sequence[Execution]:
        return [execution for execution in self.executions if execution.id in self.links]

    def _times(self, metric: str) -> Sequence[float]:
        """Return when a metric was logged; nothing where one execution must have done it."""
        assert self.summary is not None
        counts = {each.name: each.count for each in self.summary.metrics}
        if counts.get(metric, 0) < 2 or len(self.givers) < 2:
            return ()
        return [point.time for point in self.store.points(self.summary.run.id, metric)]

    # The answer

    def explained(self, target: Target) -> SlicePage:
        """Return the slice behind a target, with what it stands on."""
        found = slice_of(
            self.executions,
            target.executions,
            target.words,
            self.files,
            is_shown=target.kind == "cell",
            variable=target.name if target.kind == "variable" else None,
        )
        executions = [step.execution for step in found.steps]
        ids = [execution.id for execution in executions]
        uses = self.store.uses(ids)
        values = self.store.values([use.digest for use in uses if use.digest is not None])
        files = [use for each in ids for use in self.files.get(each, ())]
        data = data_of(executions, uses, files, values)
        return SlicePage(
            found,
            target,
            self.summary,
            self._params(found, target),
            tuple(use for use in data if use.role == "input"),
            tuple(files),
            written_columns(found.steps, uses, values),
            self._later(found.steps),
        )

    def unused(self, found: Slice, target: Target) -> tuple[str, ...]:
        """Return the parameters of the run that cells set and no execution of the slice read."""
        if self.summary is None:
            return ()
        return tuple(unused_params(self.summary, found.steps, self._params(found, target)))

    def _params(self, found: Slice, target: Target) -> dict[str, Any]:
        """Return the parameters that the slice's executions set for it, as far as they are known.

        Of executions that belong to the run they have the run's values. A parameters cell that
        does not says them itself, where they are literals. What code set that is not recorded is
        as the run's executions read it.
        """
        known = {}
        if self.summary is not None:
            params = self.summary.params
            known = {param.name: param.value for param in params if param.source != "estimator"}
        values: dict[str, Any] = {}
        for step in found.steps:
            execution = step.execution
            declared = _declared(execution)
            literals = {each.name: each.value for each in declared if each.is_literal}
            for name in _set_for_others(step, declared, target):
                if name in known and execution.id in self.links:
                    values[name] = known[name]
                elif name in literals:
                    values[name] = literals[name]
        lost = (reason.name for reason in found.missing)
        return values | {name: known[name] for name in lost if name in known}

    def _later(self, steps: Iterable[Step]) -> dict[ExecutionId, Execution]:
        """Return the last execution of each step's cell, where that is not the step's own."""
        last = {execution.cell_key: execution for execution in self.executions}
        found = {}
        for step in steps:
            later = last.get(step.execution.cell_key, step.execution)
            if later.id != step.execution.id:
                found[step.execution.id] = later
        return found


def _declared(execution: Execution) -> list[Declared]:
    """Return the parameters that a parameters cell declares; of other cells none."""
    if not PARAMETER_TAGS & set(execution.tags):
        return []
    return declared_in(execution.source)


def _set_for_others(step: Step, declared: Sequence[Declared], target: Target) -> list[str]:
    """Return the names that an execution set and that others of its slice, or the target, are for.

    In a parameters cell also those from which it computed them.
    """
    names = step.execution.names.defined
    wanted = {reason.name for reason in step.reasons if not reason.is_file}
    if step.is_target:
        wanted |= {target.name} if target.kind == "variable" else set(names)
    for parameter in reversed(declared):
        if parameter.name in wanted:
            wanted |= set(names_of(parameter.default).used)
    return [name for name in names if name in wanted]
