"""Why a stale cell is stale, in a clause for each reason."""

from collections.abc import Iterator, Sequence

from nbmlops.cells.hidden import in_words, is_hidden
from nbmlops.cells.shown_cells import Kind
from nbmlops.cells.staleness import Reason
from nbmlops.drawing.words import first_of, shortened
from nbmlops.tracking.data import short_path
from nbmlops.tracking.targets import prompt_of

MOST_REASONS, MOST_NAMES = 4, 4
LONGEST_NAME = 30
_VERBS: dict[Kind, str] = {"written": "written", "changed": "changed", "deleted": "deleted"}


def sentences(reasons: Sequence[Reason]) -> Iterator[str]:
    """Say in clauses why a cell is stale; names that share a reason stand together."""
    together: dict[tuple[object, ...], list[Reason]] = {}
    standing = [reason for reason in reasons if reason.kind == "stale"]
    for reason in reasons:
        if reason.kind == "stale":
            continue
        made_by, since = (each.id if each else None for each in (reason.made_by, reason.since))
        key = (reason.kind, made_by, since, reason.is_file)
        together.setdefault(key, []).append(reason)
    for alike in together.values():
        yield _sentence(alike[0], first_of([_name(reason) for reason in alike], MOST_NAMES))
    if standing:
        yield _standing(standing)


def _standing(reasons: Sequence[Reason]) -> str:
    """Say in a clause on which stale cells a cell stands."""
    names: dict[str, list[str]] = {}
    for reason in reasons:
        if reason.made_by is not None:
            names.setdefault(prompt_of(reason.made_by), []).append(_name(reason))
    makers = [f"{prompt} ({first_of(theirs, MOST_NAMES)})" for prompt, theirs in names.items()]
    are = "which is stale" if len(makers) == 1 else "which are stale"
    return f"stands on {first_of(makers, MOST_NAMES)}, {are}"


def sentence(reason: Reason) -> str:
    """Say in a clause why a cell is stale, for one reason alone."""
    return _sentence(reason, _name(reason))


def _sentence(reason: Reason, names: str) -> str:
    made_by, since = reason.made_by, reason.since
    if reason.kind == "stale":
        return _standing([reason])
    if since is None:
        return f"{names} has changed on disk since it was read"
    before = "as it was before the recording"
    if made_by is not None:
        maker = prompt_of(made_by)
        before = f"as set by {maker}" if is_hidden(reason.name) else f"as {maker} made it"
    if reason.kind == "replaced":
        return f"used {names} {before}; a cell that is not recorded has written it since"
    is_same_cell = made_by is not None and made_by.cell_key == since.cell_key
    if reason.kind == "left_over":
        how = "edited and run" if since.outcome == "ok" else "run"
        end = "does not make it any more" if since.outcome == "ok" else "failed"
        return f"used {names} {before}; its cell, {how} again as {prompt_of(since)}, {end}"
    if is_same_cell and made_by is not None:
        was_edited = made_by.source.strip() != since.source.strip()
        edited = "edited and run" if was_edited else "run"
        return f"used {names} {before}; that cell was {edited} again as {prompt_of(since)}"
    return f"used {names} {before}; {prompt_of(since)} has {_VERBS[reason.kind]} it since"


def _name(reason: Reason) -> str:
    if reason.is_file:
        return f"file `{short_path(reason.name)}`"
    if is_hidden(reason.name):
        return in_words(reason.name)
    name = f"`{shortened(reason.name, LONGEST_NAME)}`"
    if not reason.columns:
        return name
    columns = [f"`{shortened(column, LONGEST_NAME)}`" for column in reason.columns]
    return f"{name} (column{'s' * (len(columns) > 1)} {first_of(columns, MOST_NAMES)})"
