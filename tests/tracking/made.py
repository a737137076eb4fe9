"""Runs as a test expects them."""

from dataclasses import dataclass

from tests.kernels import metrics_of, params_of


@dataclass(frozen=True)
class Made:
    """A run as it is to be: its parameters, last metrics, the ids of the cells it contains."""

    params: dict[str, object]
    metrics: dict[str, float]
    cells: list[str]
    name: str | None = None
    status: str = "running"
    reason: str | None = None
    inside: str | None = None


def made(runs):
    """Return runs in the form of `Made`."""
    names = {run.run.id: run.run.name for run in runs}
    return [
        Made(
            params_of(run), metrics_of(run),
            [execution.cell_id for execution, _ in run.executions],
            name=run.run.name, status=run.run.status, reason=run.run.reason,
            inside=names.get(run.run.parent_id),
        )
        for run in runs
    ]  # fmt: skip
