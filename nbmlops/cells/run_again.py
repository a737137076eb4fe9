"""Which cells to run again so that what all show holds, and in which order.

Pure. Beside the stale ones (`nbmlops.cells.staleness`) these are cells whose change in place was
lost, because the value that they had changed was made anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush

from nbmlops.cells.shown_cells import Shown
from nbmlops.cells.staleness import Freshness, Places, Stale
from nbmlops.records import Execution


def to_run_again(
    fresh: Freshness, stale: Iterable[Stale], places: Places | None = None
) -> tuple[Execution, ...]:
    """Return the cells to run again, in an order in which each finds what it needs.

    Parameters
    ----------
    fresh : Freshness
    stale : iterable of Stale
        The cells that have to run again in any case.
    places : mapping of str to pair of int, optional
        Where each cell stands in the notebook, by its key.
    """
    where = places or {}
    keys = {entry.execution.cell_key for entry in stale}
    waiting = list(keys)
    while waiting:
        for lost in _lost_changes(fresh, fresh.shown(waiting.pop()), where):
            if lost not in keys:
                keys.add(lost)
                waiting.append(lost)
    shown = {key: fresh.shown(key) for key in keys}
    before = {key: _providers(fresh, shown[key], where) & keys - {key} for key in keys}
    ranks = {key: (where.get(key) or (shown[key].first_place, 0), key) for key in keys}
    return tuple(shown[key].execution for key in _in_order(before, ranks))


def _lost_changes(fresh: Freshness, shown: Shown, places: Places) -> Iterator[str]:
    """Give the cells whose changes of an input are gone, because it was made anew above them.

    Gone through are the changes in place that the cell had found, back to the making.
    """
    for name, read in shown.reads.items():
        since = fresh.last_above(shown, name, places)
        change, chain = read.writer, dict[str, None]()
        while since is not None and change is not None:
            key = change.execution.cell_key
            if key == since.execution.cell_key:
                yield from chain
                break
            maker = fresh.shown(key)
            if change.kind != "changed" or maker.place != change.place or key in chain:
                break
            chain[key] = None
            change = maker.reads[name].writer if name in maker.reads else None


def _providers(fresh: Freshness, shown: Shown, places: Places) -> set[str]:
    found = set()
    for name, read in shown.reads.items():
        for write in (read.writer, fresh.last_above(shown, name, places)):
            if write is not None:
                found.add(write.execution.cell_key)
    return found


def _in_order(
    before: Mapping[str, set[str]], ranks: Mapping[str, tuple[tuple[int, int], str]]
) -> Iterator[str]:
    """Give keys so that each comes behind those it needs; of several, that of the least rank.

    Where they need each other, the least rank comes first.
    """
    waiting = {key: set(needed) for key, needed in before.items()}
    behind: dict[str, list[str]] = {}
    for key, needed in waiting.items():
        for other in needed:
            behind.setdefault(other, []).append(key)
    ready = [ranks[key] for key, needed in waiting.items() if not needed]
    heapify(ready)
    while waiting:
        rank = heappop(ready) if ready else min(ranks[key] for key in waiting)
        key = rank[1]
        if waiting.pop(key, None) is None:
            continue
        yield key
        for other in behind.get(key, ()):
            if other in waiting:
                waiting[other].discard(key)
                if not waiting[other]:
                    heappush(ready, ranks[other])
