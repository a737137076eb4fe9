"""A run, and the executions that it contains."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nbmlops.records.ids import Digest, ExecutionId, RunId, SessionId

type RunStatus = Literal["running", "finished", "failed", "interrupted"]

type Verdict = Literal["confirmed", "refuted", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Run:
    """A result and everything it depends on; the parts are records of their own, by ``run_id``.

    ``automatic`` runs were opened by a result, the others by name. ``reason`` says why a run
    failed or was interrupted. ``environment`` is the digest of the environment it closed in.
    ``trashed`` is when it was put into the trash, ``pinned`` when it was pinned, None where it is
    not. Once a run is stored, its `AnnotationField` fields are changed by an `Annotation` only,
    its `MarkField` fields by a `Mark`.
    """

    id: RunId
    session_id: SessionId
    experiment: str
    opened: float
    name: str | None = None
    status: RunStatus = "running"
    closed: float | None = None
    automatic: bool = False
    parent_id: RunId | None = None
    notebook: str | None = None
    user: str = ""
    hypothesis: str | None = None
    verdict: Verdict | None = None
    note: str | None = None
    reason: str | None = None
    environment: Digest | None = None
    trashed: float | None = None
    pinned: float | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Executions that a run contains, as numbers of its session from ``first`` to ``last``.

    A run contains what any of its stretches has, and has results of what any with ``gave_result``
    has: they may overlap, come in any order and more than once.
    """

    run_id: RunId
    first: int
    last: int
    gave_result: bool = False


@dataclass(frozen=True, slots=True)
class RunExecution:
    """An execution that a run contains, and whether it gave the run a result."""

    run_id: RunId
    execution_id: ExecutionId
    gave_result: bool = False


def stretches_of(
    run_id: RunId, numbers: Iterable[int], *, gave_result: bool = False
) -> list[Stretch]:
    """Return the stretches of a run with executions of these numbers, in order.

    >>> [(each.first, each.last) for each in stretches_of("r", [3, 1, 2, 7])]
    [(1, 3), (7, 7)]
    """
    bounds = joined((number, number) for number in numbers)
    return [Stretch(run_id, first, last, gave_result) for first, last in bounds]


def joined(bounds: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs of first and last number in order, those that overlap or continue as one."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(bounds):
        if apart and first <= apart[-1][1] + 1:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart
