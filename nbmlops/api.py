"""What a notebook or script calls to say more than is recorded by itself."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from nbmlops.errors import ArtifactMissing
from nbmlops.tracking import current
from nbmlops.tracking.active import ActiveRun, check_metrics, pickled
from nbmlops.tracking.checked_names import checked_name


def start_run(
    name: str | None = None,
    *,
    experiment: str | None = None,
    params: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    hypothesis: str | None = None,
) -> ActiveRun:
    """Open a run by hand; as a context manager it closes itself.

    Inside the ``with`` block of another run it becomes a child of that one; otherwise it takes
    the place of the run that is open. An exception that leaves the block makes the run ``failed``.

    Parameters
    ----------
    name : str, optional
        Need not be unique.
    experiment : str, optional
        By default the notebook's name.
    params, tags : mapping, optional
        Recorded at once.
    hypothesis : str, optional
        What the run is to find out.

    Examples
    --------
    >>> with start_run("baseline", params={"lr": 0.1}) as run:  # doctest: +SKIP
    ...     run.log_metric("auc", 0.91)
    """
    for text in params or ():
        checked_name(text, "parameter")
    tags = {checked_name(text, "tag"): value for text, value in (tags or {}).items()}
    run = current.ensure().runs.open(name, experiment=experiment, hypothesis=hypothesis)
    if params:
        run.log_params(params)
    if tags:
        run.set_tags(**tags)
    return run


def log_metric(name: str, value: float, step: int | None = None) -> None:
    """Record one measurement of a metric in the open run, opening one if need be.

    See `ActiveRun.log_metric` for what is accepted and raised.
    """
    tracker = current.tracker() or current.ensure()
    run = tracker.runs.current
    if run is None or tracker.current_execution_id not in run.result_executions:
        check_metrics({name: value}, step)  # what is refused opens no run
        run = tracker.runs.run_for_result()
    run.log_metric(name, value, step)


def log_metrics(values: Mapping[str, float], step: int | None = None) -> None:
    """Record one measurement of each of several metrics in the open run, opening one if need be."""
    check_metrics(values, step)
    current.ensure().runs.run_for_result().log_metrics(values, step)


def log_params(params: Mapping[str, object]) -> None:
    """Record parameters, with their types, in the open run or, before one opens, in the next."""
    current.ensure().runs.log_params(params)


def log_artifact(path: str | PathLike[str], name: str | None = None) -> None:
    """Keep a file with the open run, opening one if need be; see `ActiveRun.log_artifact`."""
    if not Path(path).is_file():
        raise ArtifactMissing(path)
    current.ensure().runs.run_for_result().log_artifact(path, name)


def log_model(model: Any, name: str = "model") -> None:
    """Keep a model itself with the open run, opening one if need be; see `ActiveRun.log_model`."""
    data = pickled(model)  # before a run is opened for it
    current.ensure().runs.run_for_result().keep_model(model, data, name)


def set_tags(*words: str, **pairs: object) -> None:
    """Put words and ``key=value`` pairs on the open run; raise `NoRunOpen` where there is none."""
    current.ensure().runs.require("put tags on").set_tags(*words, **pairs)
