"""Finding runs and writing on them, over HTTP."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from nbmlops.canonical import Json, jsonable
from nbmlops.drawing.words import iso
from nbmlops.errors import InvalidArgument
from nbmlops.measures import direction
from nbmlops.query.completing import Choices, completions
from nbmlops.query.meaning import NameKind
from nbmlops.records import RunSummary
from nbmlops.server.asked import Arguments, Asked
from nbmlops.store.base import RunSearch
from nbmlops.tracking import keeping
from nbmlops.tracking.annotating import write_on
from nbmlops.tracking.checked_names import checked_run_name
from nbmlops.tracking.looking import show
from nbmlops.tracking.table import run_json

_NAMED: dict[str, NameKind] = {"metrics": "metrics", "params": "params", "tags": "tags"}
_MOST_SPARKLINES = 8
_SPARKLINE_BUCKETS = 32
_LONGEST_TEXT = {"name": 250, "note": 100_000, "hypothesis": 100_000, "verdict": 100}
_MOST_COLUMNS = 500
_MOST_AT_ONCE = 500
_MOST_CHOICES = 200
_MOST_TAGS, _LONGEST_TAG = 100, 10_000


def listed(asked: Asked) -> Json:
    """Return a page of the runs that fit a filter."""
    search = _search(asked)
    found = asked.store.search(search)
    rows = [run_json(summary) for summary in found.summaries]
    for name in _sparkline_names(asked):
        _add_sparklines(asked, name, found.summaries, rows)
    total = None
    if asked.arguments.flag("total", True):
        is_all = search.after is None and found.next is None
        total = len(rows) if is_all else asked.store.count_found(search)
    return {"total": total, "runs": [*rows], "next": found.next, "notes": list(found.notes)}


def counted(asked: Asked) -> Json:
    """Return how many runs fit a filter."""
    return {"total": asked.store.count_found(_search(asked))}


def _search(asked: Asked) -> RunSearch:
    arguments, settings = asked.arguments, asked.project.settings
    return RunSearch(
        arguments.text("filter"),
        arguments.text("order_by", "opened DESC"),
        arguments.limit,
        arguments.optional("after"),
        is_lower_better=lambda metric: direction(metric, settings) == "lower",
        trashed=arguments.flag("trash", False),
        metrics=_listed_names(arguments, "metrics"),
        params=_listed_names(arguments, "params"),
        most_names=arguments.integer("most", 0, least=1, most=1_000)
        if "most" in arguments
        else None,
    )


def _listed_names(arguments: Arguments, argument: str) -> tuple[str, ...] | None:
    """Return the names in a list with commas; None where there is no list."""
    if argument not in arguments:
        return None
    names = tuple(unquote(name) for name in arguments.text(argument).split(",") if name)
    if len(names) > _MOST_COLUMNS:
        raise InvalidArgument(argument, f"at most {_MOST_COLUMNS} names.")
    return names


def _sparkline_names(asked: Asked) -> tuple[str, ...]:
    names = _listed_names(asked.arguments, "sparklines") or ()
    if len(names) > _MOST_SPARKLINES:
        raise InvalidArgument("sparklines", f"at most {_MOST_SPARKLINES} metrics.")
    return names


def _add_sparklines(
    asked: Asked, name: str, summaries: tuple[RunSummary, ...], rows: list[dict[str, Json]]
) -> None:
    """Add the curves of a metric to the rows of the runs that have it."""
    ids = [summary.run.id for summary in summaries]
    found = asked.store.series_of_runs(ids, [name], buckets=_SPARKLINE_BUCKETS)
    for run_id, row in zip(ids, rows, strict=True):
        curves: Any = row.setdefault("sparklines", {})
        if (run_id, name) in found:
            curves[name] = [jsonable(point.value) for point in found[run_id, name].points]


def names(asked: Asked) -> Json:
    """Return the names of metrics, parameters or tags."""
    kind = _NAMED.get(word := asked.arguments.needed("kind"))
    if kind is None:
        raise InvalidArgument("kind", f"it is {', '.join(_NAMED)}, not {word[:40]!r}.")
    after, limit = asked.arguments.optional("after"), asked.arguments.limit
    found = [name for name in asked.store.names(kind) if after is None or name > after]
    page, settings = found[:limit], asked.project.settings
    rows: list[Json] = [
        {"name": name, "better": direction(name, settings)} if kind == "metrics" else {"name": name}
        for name in page
    ]
    return {"names": rows, "next": page[-1] if len(found) > limit else None}


def completed(asked: Asked) -> Json:
    """Return what could stand at a place in a filter."""
    text = asked.arguments.needed("text")
    cursor = min(asked.arguments.integer("cursor", len(text)), len(text))
    return completions(text, cursor, _choices(asked)).to_json()


def _choices(asked: Asked) -> Choices:
    store = asked.store
    return Choices(
        tuple(store.names("metrics")),
        tuple(store.names("params")),
        tuple(store.names("tags")),
        tuple(tally.name for tally in store.experiments()),
        lambda kind, name: store.choices(kind, name, limit=_MOST_CHOICES),
    )


def experiments(asked: Asked) -> Json:
    """Return the experiments, that with the latest run first."""
    offset, limit = asked.arguments.integer("offset", 0), asked.arguments.limit
    found = asked.store.experiments()
    page = found[offset : offset + limit]
    return {
        "total": len(found),
        "experiments": [
            {
                "name": tally.name,
                "runs": tally.run_count,
                "running": tally.running_count,
                "latest": iso(tally.latest),
            }
            for tally in page
        ],
        "next": offset + limit if len(found) > offset + limit else None,
    }


# Writing


def changed(asked: Asked) -> Json:
    """Write on a run, or pin it, and return its row."""
    [run] = asked.names
    document = asked.document()
    changes, is_pinned = _changes(document), document.get("pinned")
    if not document:
        raise InvalidArgument("the body", "it says nothing to change.")
    if changes:
        write_on(run, changes, by=asked.user, store=asked.where)
    if is_pinned is not None:
        mark = keeping.pin if is_pinned else keeping.unpin
        mark(run, by=asked.user, store=asked.where)
    return run_json(show(run, store=asked.where).detail.summary)


def _changes(document: dict[str, Any]) -> dict[str, str | None]:
    """Return what is to be written by field, checked."""
    changes: dict[str, str | None] = {}
    for field, value in document.items():
        if field in _LONGEST_TEXT:
            changes[field] = _text(field, value, _LONGEST_TEXT[field])
        elif field == "tags":
            changes |= _tags(value)
        elif field != "pinned":
            raise InvalidArgument(field[:40], "a run has nothing of this name to change.")
        elif not isinstance(value, bool):
            raise InvalidArgument("pinned", "it is true or false.")
    if changes.get("name"):
        checked_run_name(str(changes["name"]))
    return changes


def _tags(given: Any) -> dict[str, str | None]:
    if not isinstance(given, dict) or len(given) > _MOST_TAGS:
        raise InvalidArgument("tags", f"it is an object with at most {_MOST_TAGS} names.")
    if "" in given:
        raise InvalidArgument("tags", "a tag has a name.")
    return {
        f"tags.{_text('a tag', name, _LONGEST_TAG)}": _text(f"tag {name[:40]}", value, _LONGEST_TAG)
        for name, value in given.items()
    }


def _text(name: str, value: Any, longest: int) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidArgument(name, "it is a text or null.")
    if value is not None and len(value) > longest:
        raise InvalidArgument(name, f"it has at most {longest:,} characters.")
    return value or None if name in _LONGEST_TEXT else value


def deleted(asked: Asked) -> Json:
    """Put a run into the trash."""
    return _put(keeping.delete, asked, asked.names)


def undeleted(asked: Asked) -> Json:
    """Take a run out of the trash."""
    return _put(keeping.undelete, asked, asked.names)


def trashed(asked: Asked) -> Json:
    """Put several runs into the trash, or take them out: all of them or none."""
    document = asked.document()
    named, is_put_in = document.get("runs"), document.get("trashed")
    if not isinstance(named, list) or not all(isinstance(run, str) for run in named):
        raise InvalidArgument("runs", "it is a list of texts.")
    if not 1 <= len(named) <= _MOST_AT_ONCE:
        raise InvalidArgument("runs", f"give 1 to {_MOST_AT_ONCE} of them, not {len(named)}.")
    if not isinstance(is_put_in, bool):
        raise InvalidArgument("trashed", "it is true or false.")
    change = keeping.delete if is_put_in else keeping.undelete
    return _put(change, asked, named)


def _put(change: Callable[..., keeping.Marked], asked: Asked, runs: Sequence[str]) -> Json:
    """Put runs into the trash, or take them out; an address names runs, and never by a filter."""
    marked: keeping.Marked = change(*runs, by=asked.user, store=asked.where, only_names=True)
    return marked.to_json()
