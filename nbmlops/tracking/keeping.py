"""Which runs stay: what `nbmlops.delete`, `undelete`, `pin` and `unpin` do, for every face."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import count, first_of
from nbmlops.errors import RunNotFound, RunNotInTrash, RunPinned
from nbmlops.records import Mark, MarkField, Run, RunId, RunSummary
from nbmlops.store.base import RunQuery, Store
from nbmlops.tracking import current
from nbmlops.tracking.choosing import certain
from nbmlops.tracking.clocks import after
from nbmlops.tracking.opening import Where, opened
from nbmlops.wording import short

_WORDS: dict[tuple[MarkField, bool], str] = {
    ("trashed", True): "put into the trash",
    ("trashed", False): "taken out of the trash",
    ("pinned", True): "pinned",
    ("pinned", False): "not pinned any more",
}
_MOST_SAID = 5


@dataclass(frozen=True)
class Marked(Drawn):
    """Runs that were just put into the trash or pinned, or neither any more, and when that was."""

    runs: tuple[Run, ...]
    field: MarkField
    is_on: bool
    at: float

    def to_json(self) -> Json:
        """Return the ids of the runs, and what they are now."""
        return {"runs": [run.id for run in self.runs], self.field: self.is_on}

    def page(self) -> Page:
        """Return what is to be drawn, with what takes it back."""
        if not self.runs:
            return Page((), [Text((Span(f"nothing was {_WORDS[self.field, self.is_on]}."),))])
        told = f"{count(len(self.runs), 'run')} {_WORDS[self.field, self.is_on]}: "
        names = [" ".join(filter(None, (short(run.id), run.name))) for run in self.runs]
        lines = [Text((Span(told, "strong"), Span(first_of(names, _MOST_SAID))))]
        if self.field == "trashed" and self.is_on:
            undo = Span(f"nbmlops undelete {self._all_of_it()}", "code")
            lines.append(Text((Span("to take it back: ", "muted"), undo)))
        back = [short(run.id) for run in self.runs if run.trashed is not None]
        if self.field == "pinned" and self.is_on and back:
            told = f"taken out of the trash for that: {first_of(back, _MOST_SAID)}"
            lines.append(Text((Span(told),)))
        return Page((), lines)

    def _all_of_it(self) -> str:
        """Return what `undelete` takes for these runs: their ids, of many when they went."""
        if len(self.runs) <= _MOST_SAID:
            return " ".join(short(run.id) for run in self.runs)
        return f'"trashed = {self.at!r}"'


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
    NoRunGiven
        The only one is empty.
    RunPinned
        One of them, or of those inside, is pinned; then none is deleted.
    """
    with opened(store) as (found, settings):
        named = with_those_inside(found, certain(found, runs, settings, only_names=only_names))
        # What is in the trash already stays there as of when it went.
        chosen = [summary for summary in named if summary.run.trashed is None]
        pinned = [summary.run for summary in chosen if summary.run.pinned is not None]
        if pinned:
            raise RunPinned(pinned[0].id, _around(pinned, chosen))
        return _mark(found, chosen, "trashed", by, is_on=True)


def undelete(
    *runs: str, by: str | None = None, store: Where = None, only_names: bool = False
) -> Marked:
    """Take runs out of the trash, and those inside them that were deleted with them.

    ``@1`` is the latest run in it. One filter stands for all that it finds there, unless there are
    ``only_names``.

    Raises
    ------
    RunNotInTrash, RunAmbiguous
        One of them is not in the trash; then none is taken out.
    NoRunGiven
        The only one is empty.
    """
    with opened(store) as (found, settings):
        try:
            ids = certain(found, runs, settings, in_trash=True, only_names=only_names)
        except RunNotFound as missing:
            raise RunNotInTrash(missing.reference, missing.possible) from None
        chosen = with_those_inside(found, ids, is_with=_went_together)
        return _mark(found, chosen, "trashed", by, is_on=False)


def pin(*runs: str, by: str | None = None, store: Where = None) -> Marked:
    """Pin runs: they cannot be deleted, and no making of space touches what they need.

    Raises
    ------
    RunNotFound, RunAmbiguous
        One of them is no run, or a name of several; then none is pinned.
    """
    return _pinned(runs, by, store, is_on=True)


def unpin(*runs: str, by: str | None = None, store: Where = None) -> Marked:
    """Let runs be deleted again."""
    return _pinned(runs, by, store, is_on=False)


def _pinned(runs: Sequence[str], by: str | None, store: Where, *, is_on: bool) -> Marked:
    with opened(store) as (found, settings):
        ids = tuple(certain(found, runs, settings, only_names=True))
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
    return Marked(tuple(summary.run for summary in chosen), field, is_on, at)


def with_those_inside(
    store: Store, ids: Sequence[RunId], *, is_with: Callable[[Run, Run], bool] = lambda *_: True
) -> list[RunSummary]:
    """Return runs of these ids and those inside them at any depth, whether in the trash or not.

    ``is_with`` tells of a run and one right inside it whether the latter belongs to it here.
    """
    found: dict[RunId, RunSummary] = {}
    level = store.runs(RunQuery(ids=tuple(ids), trashed=None))
    while level:
        found |= {summary.run.id: summary for summary in level}
        level = [
            child
            for summary in level
            for child in store.runs(RunQuery(parent_id=summary.run.id, trashed=None))
            if child.run.id not in found and is_with(summary.run, child.run)
        ]
    return list(found.values())


def _around(pinned: Sequence[Run], chosen: Sequence[RunSummary]) -> list[RunId]:
    """Return which of the runs that were chosen have pinned ones inside, and are not pinned."""
    by_id = {summary.run.id: summary.run for summary in chosen}
    found: dict[RunId, None] = {}
    for run in pinned:
        outer = by_id.get(run.parent_id) if run.parent_id else None
        while outer is not None and outer.id not in found:
            if outer.pinned is None:
                found[outer.id] = None
            outer = by_id.get(outer.parent_id) if outer.parent_id else None
    return list(found)


def _went_together(outer: Run, inner: Run) -> bool:
    return inner.trashed == outer.trashed
