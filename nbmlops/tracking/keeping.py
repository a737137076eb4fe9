"""Which runs stay: what `nbmlops.delete`, `undelete`, `pin` and `unpin` do, for every face."""

from collections.abc import Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import count
from nbmlops.errors import RunPinned
from nbmlops.records import Mark, MarkField, Run, RunId, RunSummary
from nbmlops.store.base import RunQuery, Store
from nbmlops.tracking import current
from nbmlops.tracking.choosing import meant
from nbmlops.tracking.clocks import after
from nbmlops.tracking.looking import find
from nbmlops.tracking.opening import Where, opened
from nbmlops.wording import short

_WORDS: dict[tuple[MarkField, bool], str] = {
    ("trashed", True): "put into the trash",
    ("trashed", False): "taken out of the trash",
    ("pinned", True): "pinned",
    ("pinned", False): "not pinned any more",
}


@dataclass(frozen=True)
class Marked(Drawn):
    """Runs that were just put into the trash or pinned, or neither any more."""

    runs: tuple[Run, ...]
    field: MarkField
    is_on: bool

    def to_json(self) -> Json:
        """Return the ids of the runs, and what they are now."""
        return {"runs": [run.id for run in self.runs], self.field: self.is_on}

    def page(self) -> Page:
        """Return what is to be drawn, with what takes it back."""
        told = f"{count(len(self.runs), 'run')} {_WORDS[self.field, self.is_on]}: "
        names = ", ".join(" ".join(filter(None, (short(run.id), run.name))) for run in self.runs)
        lines = [Text((Span(told, "strong"), Span(names)))]
        if self.field == "trashed" and self.is_on:
            undo = f"nbmlops undelete {' '.join(short(run.id) for run in self.runs[:5])}"
            lines.append(Text((Span("to take it back: ", "muted"), Span(undo, "code"))))
        return Page((), lines)


def delete(
    *runs: str, by: str | None = None, store: Where = None, only_names: bool = False
) -> Marked:
    """Put runs, and the runs inside them, into the trash; `undelete` takes them out again.

    One filter, as `nbmlops.runs` takes it, stands for all that it finds, unless there are
    ``only_names``. Nothing is lost until `nbmlops.gc` empties the trash.

    Raises
    ------
    RunNotFound, RunAmbiguous
        One of them is no run, or a name of several; then none is deleted.
    RunPinned
        One of them, or of those inside, is pinned; then none is deleted.
    """
    with opened(store) as (found, settings):
        chosen = with_those_inside(found, meant(found, runs, settings, only_names=only_names))
        for summary in chosen:
            if summary.run.pinned is not None:
                raise RunPinned(summary.run.id)
        return _mark(found, chosen, "trashed", by, is_on=True)


def undelete(
    *runs: str, by: str | None = None, store: Where = None, only_names: bool = False
) -> Marked:
    """Take runs, and the runs inside them, out of the trash; ``@1`` is the latest run in it.

    Raises
    ------
    RunNotFound, RunAmbiguous
        One of them is not in the trash; then none is taken out.
    """
    with opened(store) as (found, settings):
        ids = meant(found, runs, settings, in_trash=True, only_names=only_names)
        return _mark(found, with_those_inside(found, ids), "trashed", by, is_on=False)


def pin(*runs: str, by: str | None = None, store: Where = None) -> Marked:
    """Pin runs: they cannot be deleted, and no making of space touches what they need."""
    return _pinned(runs, by, store, is_on=True)


def unpin(*runs: str, by: str | None = None, store: Where = None) -> Marked:
    """Let runs be deleted again."""
    return _pinned(runs, by, store, is_on=False)


def _pinned(runs: Sequence[str], by: str | None, store: Where, *, is_on: bool) -> Marked:
    with opened(store) as (found, settings):
        ids = tuple(find(found, run, settings) for run in runs)
        chosen = found.runs(RunQuery(ids=ids, trashed=None))
        return _mark(found, chosen, "pinned", by, is_on=is_on)


def _mark(
    store: Store,
    chosen: Sequence[RunSummary],
    field: MarkField,
    by: str | None,
    *,
    is_on: bool,
) -> Marked:
    who = by or current.user_name()
    known = store.run_tallies([summary.run.id for summary in chosen]).values()
    at = after(max((at for tally in known for _, at, _ in tally.written), default=0.0))
    store.save([Mark(summary.run.id, field, is_on, at, who) for summary in chosen])
    return Marked(tuple(summary.run for summary in chosen), field, is_on)


def with_those_inside(store: Store, ids: Sequence[RunId]) -> list[RunSummary]:
    """Return runs of these ids and those inside them at any depth, whether in the trash or not."""
    found: dict[RunId, RunSummary] = {}
    level = store.runs(RunQuery(ids=tuple(ids), trashed=None))
    while level:
        found |= {summary.run.id: summary for summary in level}
        level = [
            child
            for summary in level
            for child in store.runs(RunQuery(parent_id=summary.run.id, trashed=None))
            if child.run.id not in found
        ]
    return list(found.values())
