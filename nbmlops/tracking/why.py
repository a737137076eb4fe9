"""Why a result is what it is: what `nbmlops.why` does, for every face.

What is asked for is found in `nbmlops.tracking.targets`, the slice behind it in
`nbmlops.cells.slices`.
"""

import re

from nbmlops.errors import (
    NoRunYet,
    NothingToExplain,
    PartNotExplained,
    RunNotFound,
    SeveralTargets,
)
from nbmlops.store.base import RunQuery, Store
from nbmlops.tracking import current
from nbmlops.tracking.looking import find, find_and_tell
from nbmlops.tracking.opening import Where, opened
from nbmlops.tracking.recorded_session import RecordedSession
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import written_names

_PART = re.compile(r"([^\W\d]\w*)[\[.(]")  # the beginning of an expression, as far as that


def why(
    run: str | None = None,
    metric: str | None = None,
    *,
    variable: str | None = None,
    cell: int | None = None,
    store: Where = None,
) -> SlicePage:
    """Return which executions made a result, each with the reason why it is needed.

    Parameters
    ----------
    run : str, optional
        An id, unique prefix, name, ``@N`` or ``best:METRIC``; alone, all of its results. By default
        the latest. Where cells are being recorded, alone also the name of a variable as it is now,
        or of a metric of the notebook's latest run.
    metric : str, optional
        Only this metric of the run. Of one that was measured in several executions all are behind
        it.
    variable : str, optional
        A variable of the run's session as it was until the next run began; of the latest run, as
        it is now.
    cell : int, optional
        The output of an execution, by its number in the run's session, from 1.
    store : str, optional
        URL or path of another store.

    Returns
    -------
    SlicePage
        Draws itself; ``executions`` are the numbers of the executions in order, ``steps`` have
        their records and the reasons. Empty where no execution is known to have made the result.

    Raises
    ------
    RunNotFound, RunAmbiguous, MetricNotFound, VariableNotFound, ExecutionNotFound
        There is no such run, metric, variable or execution; the last three know what there is.
    SeveralTargets
        More than one of ``metric``, ``variable`` and ``cell`` is given.
    StoreMissing
        There is no store.
    """
    is_here = store is None and metric is None and current.tracker() is not None
    if is_here and (run is None or (variable is None and cell is None)):
        return why_here(run, variable=variable, cell=cell)
    try:
        return _why_of_run(run or "@1", metric, variable=variable, cell=cell, store=store)
    except RunNotFound:
        if run is not None and store is None and run in names_here():
            more = metric or variable
            raise SeveralTargets([run, more or "a cell"]) from None
        raise


def _why_of_run(
    run: str,
    metric: str | None = None,
    *,
    variable: str | None = None,
    cell: int | None = None,
    store: Where = None,
) -> SlicePage:
    _check_single(metric, variable, cell)
    with opened(store) as (found, settings):
        try:
            run_id = find_and_tell(found, run, settings)
        except RunNotFound as problem:
            raise _with_metric(problem, found) from None
        [summary] = found.runs(RunQuery(ids=(run_id,), trashed=None))
        session = RecordedSession(found, summary.run.session_id, summary)
        return session.explained(session.target(metric, variable, cell))


def why_here(
    name: str | None = None, *, variable: str | None = None, cell: int | None = None
) -> SlicePage:
    """Return what made something in the session of this process.

    ``name`` is a variable as it is now; else a metric of the session's latest run; else a run.
    Without any, the session's latest run, else the latest of all.
    """
    running = current.tracker()
    if running is None:
        return _why_of_run(name or "@1", variable=variable, cell=cell)
    _check_single(name, variable, cell)
    with opened() as (found, settings):
        latest = found.runs(RunQuery(session_id=running.session.id, limit=1))
        session = RecordedSession(found, running.session.id, latest[0] if latest else None)
        if variable is not None or cell is not None:
            return session.explained(session.target(None, variable, cell))
        if name is None and latest:
            return session.explained(session.target())
        if name is None and not found.runs(RunQuery(limit=1)):
            raise NoRunYet("", session.names)
        if name is not None and name in session.names:
            return session.explained(session.named(name))
        if name is not None:
            try:
                find(found, name, settings)
            except RunNotFound as problem:
                variable = _variable_of(name)
                if variable in session.names:
                    raise PartNotExplained(name, variable) from None
                possible = [*session.names, *problem.possible]
                raise NothingToExplain(name, possible) from None
    return _why_of_run(name or "@1")


def names_here() -> list[str]:
    """Return what `why_here` can explain in this session beside runs: metrics and variables."""
    running = current.tracker()
    if running is None:
        return []
    with opened() as (found, _):
        latest = found.runs(RunQuery(session_id=running.session.id, limit=1))
        return RecordedSession(found, running.session.id, latest[0] if latest else None).names


def names_of_run(run: str, *, store: Where = None) -> tuple[list[str], list[str], list[int]]:
    """Return what can be asked of a run: its metrics, its session's variables and numbers."""
    with opened(store) as (found, settings):
        [summary] = found.runs(RunQuery(ids=(find(found, run, settings),), trashed=None))
        session = RecordedSession(found, summary.run.session_id, summary)
        metrics = [metric.name for metric in summary.metrics]
        numbers = [execution.sequence for execution in session.executions]
        return metrics, written_names(session.until_next_run), numbers


def _check_single(metric: str | None, variable: str | None, cell: int | None) -> None:
    given = {"a metric": metric, "a variable": variable, "a cell": cell}
    several = [what for what, value in given.items() if value is not None]
    if len(several) > 1:
        raise SeveralTargets(several)


def _variable_of(part: str) -> str:
    """Return the variable that an item or attribute is of: ``df`` of ``df[a]``; else nothing."""
    found = _PART.match(part)
    return found[1] if found else ""


def _with_metric(problem: RunNotFound, store: Store) -> RunNotFound:
    """Return an error that says how to ask, where a metric was given in place of a run."""
    for summary in store.runs(RunQuery(limit=1)):
        if any(metric.name == problem.reference for metric in summary.metrics):
            return RunNotFound(problem.reference, [f"@1 {problem.reference}"])
    return problem
