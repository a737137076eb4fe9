"""Forgetting for good: what `nbmlops.forget` and `forget_text` do, for every face."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.config import Settings
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import count, first_of
from nbmlops.errors import RunNotFound, RunPinned
from nbmlops.records import RunId
from nbmlops.store.base import Finding, Forgotten, Store
from nbmlops.store.forgettable import check_forgettable
from nbmlops.tracking.choosing import certain
from nbmlops.tracking.keeping import with_those_inside
from nbmlops.tracking.looking import find
from nbmlops.tracking.opening import opened

_MOST_NAMES = 10
_ASK_AGAIN = "end the sessions and ask again"


@dataclass(frozen=True)
class ForgottenPage(Drawn):
    """What was forgotten, or would be."""

    forgotten: Forgotten
    is_done: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left."""
        return not self.forgotten.left

    def to_json(self) -> Json:
        """Return the figures with stable keys."""
        done = self.forgotten
        return {
            "is_done": self.is_done,
            "is_whole": self.is_whole,
            "runs": [*done.runs],
            "executions": done.executions,
            "rows": done.rows,
            "blobs": done.blobs,
            "files": [*done.files],
            "left": [*done.left],
            "names": [*done.names],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        done = self.forgotten
        numbers = {"run": len(done.runs), "execution": done.executions,
                   "row": done.rows, "blob": done.blobs, "file": len(done.files)}  # fmt: skip
        told = ", ".join(count(number, what) for what, number in numbers.items() if number)
        head = "forgotten" if self.is_done else "would be forgotten"
        lines = [Text((Span(f"{head}: {told or 'it is nowhere'}", "strong"),))]
        if done.names:
            lines.append(Text((Span(f"names would become: {first_of(done.names, _MOST_NAMES)}"),)))
        if done.left:
            then = "when nobody has it open any more, it goes" if done.runs else _ASK_AGAIN
            lines.append(Text((Span(f"still in {', '.join(done.left)}: {then}", "bad"),)))
        return Page((), lines)


def forget(
    *runs: str,
    dry_run: bool = False,
    store: str | None = None,
    begins: Callable[[], None] | None = None,
) -> ForgottenPage:
    """Remove runs for good, with those inside them and all that only they use.

    There is no way back; with ``dry_run`` it is only said what would go. Afterwards what they were
    is in no file of the store but those that the page names, nor in the copies from before
    upgrades, which are removed. ``begins`` is called when these runs are known to be there, before
    they go.

    Raises
    ------
    RunNotFound, RunAmbiguous, RunPinned
        One of them is no run, also none in the trash, or a name of several, or pinned; then none
        is forgotten.
    RunInLivingSession
        The session of one of them, or of one inside, goes on; then none is forgotten.
    """
    with opened(store) as (found, settings):
        chosen = with_those_inside(found, _meant(found, runs, settings))
        for summary in chosen:
            if summary.run.pinned is not None:
                raise RunPinned(summary.run.id)
        ids = [summary.run.id for summary in chosen]
        if begins is not None and not dry_run:
            begins()
        return ForgottenPage(found.forget_runs(ids, is_done=not dry_run), is_done=not dry_run)


def _meant(store: Store, runs: Sequence[str], settings: Settings) -> list[RunId]:
    """Return the runs that are meant, those in the trash too."""
    ids: list[RunId] = []
    for run in runs:
        try:
            find(store, run, settings)
        except RunNotFound as problem:
            try:
                ids += certain(store, [run], settings, in_trash=True, only_names=True)
            except RunNotFound:
                raise problem from None
        else:
            ids += certain(store, [run], settings)
    return ids


def forget_text(
    text: str,
    *,
    dry_run: bool = False,
    store: str | None = None,
    begins: Callable[[], None] | None = None,
) -> ForgottenPage:
    """Put stars in the place of a text wherever it occurs in the store, in any written form.

    Escaped, as bytes, in hexadecimal and base64, and, unless it is a common word, in capitals and
    small letters. ``begins`` is called when it is known that it can be forgotten, before it goes.

    With ``dry_run`` it is only said what would change, and which names to what. In a notebook ask
    for it in a way that does not record it again: ``%nbmlops forget --text``.

    Raises
    ------
    TextTooCommon
        It is short, a number, or a word that records are written with.
    """
    with opened(store) as (found, _):
        check_forgettable(text)
        if begins is not None and not dry_run:
            begins()
        return ForgottenPage(found.forget_text(text, is_done=not dry_run), is_done=not dry_run)


def absent(text: str, *, store: str | None = None) -> Finding:
    """Return whether a text is in no file of a store, in any written form."""
    with opened(store) as (found, _):
        places = found.places_of(text)
    return Finding("text", not places, f"found in {', '.join(places)}" if places else "nowhere")
