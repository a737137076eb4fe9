"""Finding runs again: what `nbmlops.runs`, `show`, `compare` and `data` do, for every face."""

import re
from collections.abc import Sequence
from typing import get_args, overload

from nbmlops import config
from nbmlops.comparison import Comparison, compare_runs
from nbmlops.data_changes import columns_to_compare
from nbmlops.drawing.notices import tell
from nbmlops.drawing.words import first_of
from nbmlops.errors import (
    DataNotFound,
    InvalidChoice,
    InvalidLimit,
    RunNotFound,
    StoreMissing,
    TooFewRuns,
)
from nbmlops.fingerprint_records import fingerprint_of
from nbmlops.measures import direction
from nbmlops.query.parsing import parse, parse_order
from nbmlops.records import (
    Digest,
    RunDetail,
    RunId,
    RunStatus,
    RunSummary,
)
from nbmlops.store.base import DataQuery, Order, RunQuery, RunSearch, Selected, Store
from nbmlops.tracking import current
from nbmlops.tracking.data import RunData, run_data
from nbmlops.tracking.data_page import DataPage
from nbmlops.tracking.data_table import DataTable
from nbmlops.tracking.details import RunPage
from nbmlops.tracking.opening import Where, opened
from nbmlops.tracking.run_details import details_without_outputs
from nbmlops.tracking.run_order import behind
from nbmlops.tracking.table import RunTable
from nbmlops.wording import short

_MOST_NAMESAKES = 6
_PROFILES_SECONDS = 5.0  # that somebody waits who wants to know how data differs, or one data set
_SHOWN_FORM = re.compile(r"(?:[a-z]+:)?([0-9a-f]{4,})…?(?:\s|$)")


def runs(
    filter: str | None = "",
    *,
    experiment: str | None = None,
    status: RunStatus | None = None,
    order_by: str | Sequence[str] = "opened DESC",
    limit: int | None = 20,
    after: str | None = None,
    trashed: bool = False,
    store: Where = None,
) -> RunTable:
    """Return the latest runs, or those asked for, as a table that draws itself.

    Parameters
    ----------
    filter : str, optional
        Such as ``metrics.auc > 0.9 and params.lr < 0.1``; filters of MLflow mean here what they
        mean there. All that can be said is under "Searching" in the README.
    experiment, status : str, optional
        Only runs of this experiment, in this state.
    order_by : str or sequence of str
        What the filter can name, with ``ASC`` or ``DESC`` behind it; several, by commas.
        Ascending unless told otherwise; runs without a value come last either way.
    limit : int or None
        The most runs; None for all.
    after : str, optional
        The ``next`` of the table before: go on behind it.
    trashed : bool
        Those in the trash instead of all others.
    store : str, optional
        URL or path of another store.

    Raises
    ------
    QueryError
        The filter or order cannot be read.
    InvalidChoice, InvalidCursor, InvalidLimit
        ``status``, ``after`` or ``limit`` is none.
    StoreMissing
        There is no ``store``. Only the project's own may be missing: it has no runs yet.
    StoreLost
        It is gone, the project's own or not, from beside what only a store leaves.
    """
    check_choice("status", status, get_args(RunStatus.__value__))
    check_limit(limit)
    order = order_by if isinstance(order_by, str) else ", ".join(order_by)
    filter = filter or ""
    parse(filter), parse_order(order)  # also where there is nothing to ask yet
    try:
        with opened(store) as (found, settings):
            search = RunSearch(
                filter,
                order,
                limit,
                after,
                experiment,
                status,
                lambda metric: direction(metric, settings) == "lower",
                trashed,
            )
            return _listed(found, search, settings)
    except StoreMissing:
        if store is not None:
            raise
        return RunTable((), 0, in_trash=trashed)


def _listed(store: Store, search: RunSearch, settings: config.Settings) -> RunTable:
    """Return a page of the runs that a search finds, counted where they need not be all of them."""
    page = store.search(search)
    total = len(page.summaries)
    if search.after is not None or page.next is not None or search.limit == 0:
        total = store.count_found(search)
    return RunTable(
        page.summaries,
        total,
        settings,
        page.next,
        search.filter,
        search.order_by,
        page.notes,
        search.trashed,
        is_narrowed=search.experiment is not None or search.status is not None,
    )


def sql(
    statement: str, *, limit: int = 1000, timeout: float = 30.0, store: Where = None
) -> Selected:
    """Return what a SELECT finds in the store, which it can only read.

    Raises
    ------
    SelectFailed, SelectTooSlow
        The statement fails, would do something else than read, or takes longer than ``timeout``
        (seconds).
    InvalidLimit
        ``limit`` is negative.
    """
    check_limit(limit)
    with opened(store) as (found, _):
        return found.select(statement, limit=limit, timeout_seconds=timeout)


def show(run: str = "@1", *, store: Where = None) -> RunPage:
    """Return everything about one run, as a page that draws itself.

    Raises
    ------
    RunNotFound, RunAmbiguous
        ``run`` is no id, unique prefix, name, ``@N`` or ``best:METRIC``.
    """
    with opened(store) as (found, settings):
        asked, used = _whole(found, find_and_tell(found, run, settings))
        return RunPage(asked, settings, behind(found, asked, used.uses))


def compare(*runs: str, store: Where = None) -> Comparison:
    """Return what differs between runs; the first is the baseline. Without any, ``@2`` and ``@1``.

    Raises
    ------
    RunNotFound, RunAmbiguous
        One of them is no run.
    TooFewRuns
        Less than two were named, and the store has less than two.
    """
    with opened(store, profiles_seconds=_PROFILES_SECONDS) as (found, settings):
        total = found.count_runs(RunQuery()) if len(runs) < 2 else 2
        if total < 2:
            raise TooFewRuns(total)
        chosen = runs if len(runs) > 1 else (("@2", "@1") if not runs else ("@1", *runs))
        summaries = summaries_of(found, chosen, settings)
        for words, summary in zip(chosen, summaries, strict=True):
            tell_of_namesakes(found, words, summary.run.id)
        details = details_without_outputs(found, summaries)
        profiles = found.profiles(columns_to_compare(details))
        return compare_runs(details, settings, profiles)


@overload
def data(reference: None = None, *, limit: int | None = 20, store: Where = None) -> DataTable: ...
@overload
def data(reference: str, *, limit: int | None = 20, store: Where = None) -> DataPage: ...
def data(
    reference: str | None = None, *, limit: int | None = 20, store: Where = None
) -> DataTable | DataPage:
    """Return the data sets that the store has seen, the latest first; or one of them whole.

    Parameters
    ----------
    reference : str, optional
        The name of a variable, a path, or the beginning of a digest: the latest that had it.
    limit : int or None
        The most data sets, or the most runs that used the one; None for all.
    store : str, optional
        URL or path of another store.

    Raises
    ------
    DataNotFound, DataAmbiguous
        ``reference`` is no data set.
    StoreMissing
        There is no ``store``. Without a reference, the project's own may be missing.
    InvalidLimit
        ``limit`` is negative.
    """
    check_limit(limit)
    try:
        seconds = 0.0 if reference is None else _PROFILES_SECONDS
        with opened(store, profiles_seconds=seconds) as (found, _):
            if reference is not None:
                return _data_page(found, reference, limit)
            query = DataQuery(limit=limit)
            return DataTable(tuple(found.data(query)), found.count_data(query))
    except StoreMissing:
        if store is not None or reference is not None:
            raise
        return DataTable((), 0)


def find(
    store: Store, reference: str, settings: config.Settings, *, in_trash: bool = False
) -> RunId:
    """Return the run that a user means; `Store.find_run` and ``best:METRIC``.

    Where several have the name it is the latest.
    """
    if in_trash or not reference.startswith("best:"):
        return store.find_run(reference, in_trash=in_trash)
    name = reference.removeprefix("best:")
    descending = direction(name, settings) != "lower"
    order = Order("metrics", name, descending=descending)
    best = store.runs(RunQuery(order=order, limit=1))
    if not best or all(metric.name != name for metric in best[0].metrics):
        names = {
            metric.name for summary in store.runs(RunQuery(limit=100)) for metric in summary.metrics
        }
        raise RunNotFound(reference, [f"best:{known}" for known in sorted(names)])
    return best[0].run.id


def find_and_tell(store: Store, reference: str, settings: config.Settings) -> RunId:
    """Return the run that a user means, as `find`, and tell of others that have its name."""
    found = find(store, reference, settings)
    tell_of_namesakes(store, reference, found)
    return found


def namesakes(store: Store, name: str, *, in_trash: bool = False) -> list[RunId]:
    """Return the runs that have a name, the latest first."""
    quoted = name.replace("'", "''")
    search = RunSearch(f"name = '{quoted}'", trashed=in_trash, metrics=(), params=())
    return [summary.run.id for summary in store.search(search).summaries]


def tell_of_namesakes(store: Store, reference: str, taken: RunId) -> None:
    """Tell which run was taken, where ``reference`` is a name that several have."""
    if reference.startswith(("@", "best:")) or taken.startswith(reference.lower()):
        return
    others = [short(run) for run in namesakes(store, reference) if run != taken]
    if others:
        told = f"The other{'s' if len(others) > 1 else ''}: {first_of(others, _MOST_NAMESAKES)}."
        called = f"{len(others) + 1:,} runs are called {reference!r}"
        tell(f"{called}: this is the latest, {short(taken)}. {told}")


def summaries_of(
    store: Store, references: Sequence[str], settings: config.Settings
) -> list[RunSummary]:
    """Return the runs that a user means, in their order; of a shared name the latest.

    Whole ids are looked up together.
    """
    found = _by_id(store, references)
    named = {each: find(store, each, settings) for each in references if each not in found}
    found |= _by_id(store, list(named.values())) if named else {}
    return [found[named.get(each, RunId(each))] for each in references]


def _by_id(store: Store, ids: Sequence[str]) -> dict[RunId, RunSummary]:
    asked = RunQuery(ids=tuple(map(RunId, ids)), trashed=None)
    return {summary.run.id: summary for summary in store.runs(asked)}


def detail(store: Store, run_id: RunId) -> RunDetail:
    """Return everything a store has about a run."""
    return _whole(store, run_id)[0]


def _whole(store: Store, run_id: RunId) -> tuple[RunDetail, RunData]:
    """Return everything about a run, and what its executions read and wrote."""
    summary = store.runs(RunQuery(ids=(run_id,), trashed=None))[0]
    digest = summary.run.environment
    executions = tuple(store.executions(run_id))
    used = run_data(store, [execution for execution, _ in executions])
    found = RunDetail(
        summary,
        executions,
        store.environment(digest) if digest else None,
        store.session(summary.run.session_id),
        used.data,
        used.files,
    )
    return found, used


def _data_page(store: Store, reference: str, limit: int | None) -> DataPage:
    digest = _find_data(store, reference)
    [data_set] = store.data(DataQuery(digests=(digest,)))
    columns = [part.digest for part in fingerprint_of(data_set.value).columns]
    running = current.tracker()
    namesakes = store.data(DataQuery(name=reference, limit=_MOST_NAMESAKES))
    return DataPage(
        data_set,
        store.profiles(columns),
        tuple(store.runs(RunQuery(used=digest, limit=limit))),
        tuple(other for other in namesakes if other.value.digest != digest),
        is_looking=running is not None and running.is_looking,
    )


def _find_data(store: Store, reference: str) -> Digest:
    """Return the data set that a user means, also by how a fingerprint is shown: ``df:4f2a…``."""
    try:
        return store.find_data(reference)
    except DataNotFound:
        shown_form = _SHOWN_FORM.match(reference)
        if shown_form is None:
            raise
        return store.find_data(shown_form[1])


def check_limit(limit: int | None) -> None:
    """Raise `InvalidLimit` where no list can be so long."""
    if limit is not None and limit < 0:
        raise InvalidLimit(limit)


def check_choice(what: str, word: str | None, possible: Sequence[str]) -> None:
    """Raise `InvalidChoice` where a word is given that is none of those that are possible."""
    if word is not None and word not in possible:
        raise InvalidChoice(what, word, possible)
