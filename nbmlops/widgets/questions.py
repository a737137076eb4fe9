"""What a widget can ask the kernel, and the answers as documents of the server's contract."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from nbmlops.canonical import Json
from nbmlops.errors import NbmlopsError, QueryError
from nbmlops.measures import direction
from nbmlops.query.completing import Choices, completions
from nbmlops.store.base import DataQuery, RunSearch
from nbmlops.tracking import annotating, keeping, looking, opening, why
from nbmlops.tracking.curves import curves
from nbmlops.tracking.data_table import data_list
from nbmlops.tracking.table import run_json

_BUCKETS = 500
_MOST_RUNS = 500
_MOST_CHOICES = 200
_MOST_DATA = 100
_MOST_NAMES = 500  # offered as columns


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


def _runs(
    *,
    filter: str,
    orderBy: str,
    limit: int,
    after: str | None = None,
    total: bool = True,
    wanted: Mapping[str, Any] | None = None,
) -> Json:
    columns = wanted or {}
    with opening.opened() as (store, settings):
        search = RunSearch(
            filter,
            orderBy,
            min(limit, _MOST_RUNS),
            after,
            is_lower_better=lambda metric: direction(metric, settings) == "lower",
            metrics=_names_in(columns, "metrics"),
            params=_names_in(columns, "params"),
            most_names=columns.get("most"),
        )
        found = store.search(search)
        counted = store.count_found(search) if total else None
    rows: list[Json] = [run_json(summary) for summary in found.summaries]
    return {"total": counted, "runs": rows, "next": found.next, "notes": [*found.notes]}


def _names_in(columns: Mapping[str, Any], kind: str) -> tuple[str, ...] | None:
    return tuple(columns[kind]) if kind in columns else None


def _names(*, kind: Literal["metrics", "params"]) -> Json:
    with opening.opened() as (store, _):
        found: list[Json] = [*store.names(kind)]
    return found[:_MOST_NAMES]


def _complete(*, text: str, cursor: int) -> Json:
    with opening.opened() as (store, _):
        choices = Choices(
            tuple(store.names("metrics")),
            tuple(store.names("params")),
            tuple(store.names("tags")),
            tuple(tally.name for tally in store.experiments()),
            lambda kind, name: store.choices(kind, name, limit=_MOST_CHOICES),
        )
        return completions(text, cursor, choices).to_json()


def _compare(*, ids: list[str]) -> Json:
    return looking.compare(*ids).to_json()


def _series(*, ids: list[str], metrics: list[str], buckets: int = _BUCKETS) -> Json:
    with opening.opened() as (store, settings):
        return curves(store, looking.summaries_of(store, ids, settings), metrics, buckets)


def _run(*, id: str) -> Json:
    return looking.show(id).to_json()


def _data(*, offset: int, packages: bool) -> Json:
    with opening.opened() as (store, _):
        return data_list(store, DataQuery(packages=packages, limit=_MOST_DATA, offset=offset))


def _slice(*, id: str, metric: str | None) -> Json:
    return why.why(id, metric).to_json()


def _change(*, id: str, change: dict[str, Any]) -> Json:
    tags = {f"tags.{name}": value for name, value in change.get("tags", {}).items()}
    written = {name: value for name, value in change.items() if name not in ("pinned", "tags")}
    if "pinned" in change:
        (keeping.pin if change["pinned"] else keeping.unpin)(id)
    if written or tags:
        annotating.write_on(id, written | tags)
    return None


def _trash(*, ids: list[str], is_put_in: bool) -> Json:
    (keeping.delete if is_put_in else keeping.undelete)(*ids, only_names=True)
    return None


_QUESTIONS: dict[str, Callable[..., Json]] = {
    "runs": _runs,
    "names": _names,
    "complete": _complete,
    "compare": _compare,
    "series": _series,
    "run": _run,
    "data": _data,
    "slice": _slice,
    "change": _change,
    "trash": _trash,
}
