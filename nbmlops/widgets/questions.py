"""What a widget can ask the kernel, and the answers as documents of the server's contract."""

from collections.abc import Callable, Mapping
from typing import Any

from nbmlops.canonical import Json, jsonable
from nbmlops.errors import NbmlopsError, QueryError
from nbmlops.query.completing import Choices, completions
from nbmlops.records import RunId
from nbmlops.tracking import keeping, looking, why

_BUCKETS = 500
_MOST_RUNS = 500


def answer(question: str, args: Mapping[str, Any]) -> dict[str, Json]:
    """Answer one question of a widget: ``{"answer": …}``, or ``{"problem": …}`` with the reason.

    Any fault becomes a problem that the widget shows: nothing is raised into the kernel.
    """
    try:
        return {"answer": _QUESTIONS[question](**args)}
    except QueryError as problem:
        query: dict[str, Json] = {
            "text": problem.text,
            "start": problem.start,
            "reason": problem.reason,
            "possible": [*problem.possible],
        }
        return {"problem": {**_told(problem), "query": query}}
    except Exception as problem:  # noqa: BLE001, the widget is the place that says what went wrong
        return {"problem": _told(problem)}


def _told(problem: Exception) -> dict[str, Json]:
    is_ours = isinstance(problem, NbmlopsError)
    message = str(problem) if is_ours else f"{type(problem).__name__}: {problem}"
    return {"code": type(problem).__name__, "message": message, "hint": None}


def _runs(*, filter: str, orderBy: str, limit: int, after: str | None = None, **_: object) -> Json:
    table = looking.runs(filter, order_by=orderBy, limit=min(limit, _MOST_RUNS), after=after)
    return {**table.to_json(), "notes": [*table.notes]}  # type: ignore[dict-item]


def _complete(*, text: str, cursor: int) -> Json:
    with looking.opened() as (store, _):
        choices = Choices(
            tuple(store.names("metrics")), tuple(store.names("params")), tuple(store.names("tags"))
        )
    return completions(text, cursor, choices).to_json()


def _compare(*, ids: list[str]) -> Json:
    return looking.compare(*ids).to_json()


def _series(*, ids: list[RunId], metric: str) -> Json:
    with looking.opened() as (store, _):
        found = [(run_id, store.series(run_id, metric, buckets=_BUCKETS)) for run_id in ids]
    return [
        {
            "run": run_id,
            "metric": metric,
            "count": series.count,
            "is_whole": series.is_whole,
            "steps": [point.step for point in series.points],
            "times": [point.time for point in series.points],
            "values": [jsonable(point.value) for point in series.points],
        }
        for run_id, series in found
        if series.points
    ]


def _slice(*, id: str, metric: str | None) -> Json:
    return why.why(id, metric).to_json()


def _change(*, id: str, change: dict[str, Any]) -> Json:
    tags = {f"tags.{name}": value for name, value in change.get("tags", {}).items()}
    written = {name: value for name, value in change.items() if name not in ("pinned", "tags")}
    if "pinned" in change:
        (keeping.pin if change["pinned"] else keeping.unpin)(id)
    if written or tags:
        looking.write_on(id, written | tags)
    return None


_QUESTIONS: dict[str, Callable[..., Json]] = {
    "runs": _runs,
    "complete": _complete,
    "compare": _compare,
    "series": _series,
    "slice": _slice,
    "change": _change,
}
