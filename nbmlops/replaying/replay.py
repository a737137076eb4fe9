"""A run's slice executed again, and verified: what `nbmlops.replay` does, for every face."""

import time
from dataclasses import replace

from nbmlops.replaying.attempt import Attempt, Say, Wish
from nbmlops.replaying.recorded import recorded
from nbmlops.replaying.replayed import Replay
from nbmlops.tracking.opening import Where, opened
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.why import why


def _in_silence(_: str) -> None:
    """Say nothing."""


def replay(
    run: str = "@1",
    metric: str | None = None,
    *,
    rtol: float = 0.0,
    timeout_seconds: int | None = None,
    cwd: str | None = None,
    output: str | None = None,
    store: Where = None,
    say: Say = _in_silence,
) -> Replay:
    """Execute again what a run's results depend on, and say whether they came out the same.

    The executions of the slice, as they ran and in their order, are executed in a fresh kernel that
    records into a store of its own. What each wrote is compared with what it wrote then, by
    fingerprints, metrics by all their measurements. The first difference is named, and why.

    Files that the cells write are written in the folder that they work in. Those that they are
    known to have written are put back afterwards as they were; what they made anew is moved aside
    before, since it was not there then.

    Parameters
    ----------
    run : str
        An id, unique prefix, name, ``@N`` or ``best:METRIC``.
    metric : str, optional
        Only this metric of the run.
    rtol : float
        How far a metric may be from what was recorded, as a share of that: ``1e-6``. By default
        0: every number has to be the same.
    timeout_seconds : int, optional
        Give up when one cell takes longer.
    cwd : str, optional
        Execute in this folder; by default where the session worked, as far as that can be told.
    output : str, optional
        Keep the executed notebook under this path.
    store : str, optional
        URL or path of another store. Nothing is written into it.
    say : callable, optional
        Is told what goes on.

    Returns
    -------
    Replay
        ``.verdict`` is one of ``identical``, ``equal`` (but for NaN, −0.0 or the order of rows),
        ``within tolerance``, ``different``, ``not comparable``, ``not run``; draws itself.

    Raises
    ------
    RunNotFound, RunAmbiguous, MetricNotFound
        As `nbmlops.why` does.
    StoreMissing
        There is no store.
    OutputFolderMissing
        The notebook cannot be kept there.
    """
    page = why(run, metric, store=store)
    return replayed(page, Wish(rtol, timeout_seconds, cwd, output, say), store=store)


def replayed(page: SlicePage, wish: Wish, *, store: Where = None) -> Replay:
    """Execute a slice again and compare."""
    began = time.perf_counter()
    run = page.summary.run.id if page.summary else ""
    answer = Replay(run, page.target.words, "not run", rtol=wish.rtol)
    if not page.steps:
        return replace(answer, problem="no recorded execution is known to have made it")
    with opened(store) as (found, _):
        answer = Attempt(page, recorded(found, page), wish, found).answer(answer)
    return replace(answer, seconds=time.perf_counter() - began)
