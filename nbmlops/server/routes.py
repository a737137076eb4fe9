"""Which function answers which address: the contract's paths, as ``openapi.yaml`` has them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.server import data, repeating, replays, run_parts, runs, sessions, status
from nbmlops.server.asked import Asked

type Answering = Callable[[Asked], Json]


@dataclass(frozen=True, slots=True)
class Route:
    """An address and what answers it, by method.

    Attributes
    ----------
    path : str
        As the contract has it: ``/runs/{id}``.
    methods : mapping of str to callable
    empty : Json or None
        What is answered while nothing was recorded yet; None where that is a problem.
    always : bool
        Whether it answers also where the store cannot be read.
    is_moving : bool
        Whether the answer changes while the store stays as it is.
    executes : bool
        Whether code is executed, or kept from it: that needs another right, too.
    """

    path: str
    methods: Mapping[str, Answering]
    empty: Json = None
    always: bool = False
    is_moving: bool = False
    executes: bool = False

    @property
    def pattern(self) -> str:
        """The path as a regular expression, with a group for each name in it."""
        return re.sub(r"\{\w+\}", "([^/]+)", self.path)


_NO_PAGE = {"next": None}

ROUTES = (
    Route("/status", {"GET": status.shown}, always=True),
    Route("/runs", {"GET": runs.listed}, {"total": 0, "runs": [], "notes": [], **_NO_PAGE}),
    Route("/runs/count", {"GET": runs.counted}, {"total": 0}),
    Route("/runs/trash", {"POST": runs.trashed}),
    Route("/names", {"GET": runs.names}, {"names": [], **_NO_PAGE}),
    Route("/completions", {"GET": runs.completed}, {"start": 0, "end": 0, "options": []}),
    Route("/runs/{id}", {"GET": run_parts.shown, "PATCH": runs.changed, "DELETE": runs.deleted}),
    Route("/runs/{id}/undelete", {"POST": runs.undeleted}),
    Route("/runs/{id}/executions", {"GET": run_parts.executions}),
    Route("/runs/{id}/outputs/{execution}", {"GET": run_parts.outputs}),
    Route("/runs/{id}/notebook", {"GET": run_parts.as_notebook}),
    Route("/runs/{id}/slice", {"GET": run_parts.sliced}),
    Route("/runs/{id}/restored", {"GET": run_parts.restored}),
    Route("/runs/{id}/restoration", {"POST": repeating.compared_with_notebook}),
    Route("/runs/{id}/reruns", {"POST": repeating.begun}, executes=True),
    Route(
        "/reruns/{id}",
        {"GET": repeating.shown, "DELETE": repeating.stopped},
        is_moving=True,
        executes=True,
    ),
    Route("/runs/{id}/replays", {"POST": replays.begun}, executes=True),
    Route(
        "/replays/{id}",
        {"GET": replays.shown, "DELETE": replays.stopped},
        is_moving=True,
        executes=True,
    ),
    Route("/runs/{id}/series/{metric}", {"GET": run_parts.series}),
    Route("/runs/{id}/data", {"GET": run_parts.data}),
    Route("/runs/{id}/environment", {"GET": run_parts.environment}),
    Route("/compare", {"GET": run_parts.compared}),
    Route("/series", {"GET": run_parts.many_series}),
    Route("/experiments", {"GET": runs.experiments}, {"total": 0, "experiments": [], **_NO_PAGE}),
    Route("/data", {"GET": data.listed}, {"total": 0, "data": [], **_NO_PAGE}),
    Route("/data/{digest}", {"GET": data.shown}),
    Route("/sessions", {"GET": sessions.listed}, {"sessions": [], **_NO_PAGE}),
    Route("/sessions/{id}", {"GET": sessions.shown}),
)
