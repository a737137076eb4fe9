"""Making space and telling where it went: what `nbmlops.gc` does, and sizes for the doctor."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json, now
from nbmlops.drawing.page import Drawn, Facts, Page, Span, Text
from nbmlops.drawing.words import count, size
from nbmlops.store.base import Policy, Removed, RunSize
from nbmlops.tracking.opening import opened
from nbmlops.wording import short

TRASH_DAYS = 30
BLOB_SECONDS = 24 * 3600.0  # a record may wait so long for a store that is locked or away
_DAY = 24 * 3600.0
_MOST_SHOWN = 3


@dataclass(frozen=True)
class SpaceMade(Drawn):
    """What went, or would go."""

    removed: Removed
    is_done: bool

    def to_json(self) -> Json:
        """Return the figures with stable keys."""
        removed = self.removed
        return {
            "is_done": self.is_done,
            "runs": [*removed.runs],
            "executions": removed.executions,
            "outputs": removed.outputs,
            "blobs": removed.blobs,
            "blob_bytes": removed.blob_bytes,
            "database_bytes": removed.database_bytes,
            "series": removed.series,
            "young_blobs": removed.young_blobs,
            "kept_blobs": removed.kept_blobs,
            "packing_bytes": removed.packing_bytes,
        }

    def page(self) -> Page:
        """Return what is to be drawn, with how to have it done."""
        removed = self.removed
        total = removed.blob_bytes + removed.database_bytes + removed.packing_bytes
        staying = [Text((Span(text, "muted"),)) for text in _told_of_staying(removed)]
        if removed == Removed(young_blobs=removed.young_blobs, kept_blobs=removed.kept_blobs):
            nothing = Text((Span("nothing is there to be removed.", "strong"),))
            return Page((), [nothing, *staying])
        packed = "of measurements packed" if self.is_done else "of measurements that can be packed"
        if removed.packing_bytes:
            packed += f", about {size(removed.packing_bytes)}"
        rows = [
            ("runs", count(len(removed.runs), "run") + " in the trash" if removed.runs else ""),
            ("executions", f"{removed.executions:,} that no other run contains"),
            ("outputs", f"{removed.outputs:,}" if removed.outputs else ""),
            ("blobs", f"{removed.blobs:,} with {size(removed.blob_bytes)}"),
            ("series", f"{removed.series:,} {packed}" if removed.series else ""),
            ("database", f"{size(removed.database_bytes)} of whole pages"),
        ]
        facts = Facts([(name, Span(text)) for name, text in rows if text])
        if self.is_done:
            return Page((Span(f"removed, {size(total)} in all:", "strong"),), [facts, *staying])
        how = (Span("to remove it say the same with ", "muted"), Span("--apply", "code"))
        of_all = f"about {size(total)}" if removed.packing_bytes else size(total)
        return Page((Span(f"{of_all} can go:", "strong"),), [facts, *staying, Text(how)])


def _told_of_staying(removed: Removed) -> Iterator[str]:
    """Say of blobs that nothing names why they stay."""
    if removed.young_blobs:
        yield (
            f"{_unnamed(removed.young_blobs)} younger than a day, and can go then: a record may be "
            "on its way to name it."
        )
    if removed.kept_blobs:
        yield (
            f"{_unnamed(removed.kept_blobs)} kept while a copy of the damaged store is there: "
            "see nbmlops doctor."
        )


def _unnamed(blobs: int) -> str:
    many = f"{blobs:,} blobs that nothing names are"
    return "1 blob that nothing names is" if blobs == 1 else many


def gc(
    *,
    apply: bool = False,
    older_than: float = TRASH_DAYS,
    outputs_older_than: float | None = None,
    store: str | None = None,
) -> SpaceMade:
    """Say what can go, or with ``apply`` remove it: old trash and blobs that nothing names.

    Nothing goes of sessions that have not ended, nor what pinned runs need, nor blobs that were
    written within a day. With a run goes all that only it uses.

    Parameters
    ----------
    apply : bool
        Remove it; without, nothing changes.
    older_than : float
        Days that a run has been in the trash; 0 for all of it.
    outputs_older_than : float, optional
        Also cut outputs of cells that were executed so many days ago.
    """
    moment = now()
    outputs_days = math.inf if outputs_older_than is None else outputs_older_than
    policy = Policy(
        trashed_before=moment - older_than * _DAY,
        put_before=moment - BLOB_SECONDS,
        outputs_before=moment - outputs_days * _DAY,
    )
    with opened(store) as (found, _):
        return SpaceMade(found.make_space(policy, is_done=apply), apply)


def sizes_told(sizes: Sequence[RunSize]) -> str:
    """Return in words what experiments and runs take, the largest first."""
    if not sizes:
        return "no runs"
    experiments: dict[str, int] = {}
    for each in sizes:
        experiments[each.experiment] = experiments.get(each.experiment, 0) + each.size_bytes
    largest = sorted(experiments.items(), key=lambda item: -item[1])
    of_experiments = [f"{name} {size(taken)}" for name, taken in largest]
    of_runs = [f"{short(each.run_id)} {size(each.size_bytes)}" for each in sizes]
    return f"experiments: {_few(of_experiments)}; runs: {_few(of_runs)}"


def _few(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _MOST_SHOWN:,} more" if len(texts) > _MOST_SHOWN else ""
    return ", ".join(texts[:_MOST_SHOWN]) + more
