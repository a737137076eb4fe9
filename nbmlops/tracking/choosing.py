"""Which runs somebody means who names several, or describes them by a filter."""

from collections.abc import Sequence

from nbmlops import config
from nbmlops.drawing.notices import tell
from nbmlops.errors import NoRunGiven, QueryError, RunAmbiguous, RunNotFound
from nbmlops.measures import direction
from nbmlops.query.parsing import parse
from nbmlops.query.tree import And
from nbmlops.records import RunId
from nbmlops.store.base import RunQuery, RunSearch, Store
from nbmlops.tracking.looking import find, namesakes


def chosen(
    store: Store,
    words: Sequence[str],
    settings: config.Settings,
    *,
    in_trash: bool = False,
    only_names: bool = False,
) -> list[RunId]:
    """Return the runs that words name, or that one filter finds, unless there are ``only_names``.

    Of a name that several have it is the latest.

    Raises
    ------
    RunNotFound, RunAmbiguous, QueryError
        One of them is neither a run nor a filter.
    NoRunGiven
        The only one is empty: as a filter it would find all, which nobody asked for who let a
        variable of a shell be empty.
    """
    try:
        return [find(store, word, settings, in_trash=in_trash) for word in words]
    except RunNotFound:
        if len(words) > 1 or not words or only_names:
            raise
        try:
            asked = parse(words[0])
        except QueryError:
            if words[0].isidentifier() or words[0].isalnum():  # rather a run that is not there
                raise RunNotFound(words[0]) from None
            raise
        if asked == And():
            raise NoRunGiven(words[0]) from None
    return _found(store, words[0], settings, in_trash=in_trash)


def certain(
    store: Store,
    words: Sequence[str],
    settings: config.Settings,
    *,
    in_trash: bool = False,
    only_names: bool = False,
) -> list[RunId]:
    """Return the runs that something is to be done to: a name that several have is none of them.

    Raises
    ------
    RunAmbiguous
        A name is that of several runs.
    RunNotFound, QueryError, NoRunGiven
        One of them is neither a run nor a filter.
    """
    ids = chosen(store, words, settings, in_trash=in_trash, only_names=only_names)
    if len(ids) == len(words):
        found = store.runs(RunQuery(ids=tuple(ids), trashed=None))
        names = {summary.run.name for summary in found} & {*words}
        for name in sorted(filter(None, names)):
            same = namesakes(store, name, in_trash=in_trash)
            if len(same) > 1:
                raise RunAmbiguous(name, same, is_name=True)
    return ids


def _found(store: Store, words: str, settings: config.Settings, *, in_trash: bool) -> list[RunId]:
    def is_lower_better(metric: str) -> bool:
        return direction(metric, settings) == "lower"

    search = RunSearch(
        words, limit=None, is_lower_better=is_lower_better, trashed=in_trash, metrics=(), params=()
    )
    found = store.search(search)
    for note in found.notes:
        tell(note)
    return [summary.run.id for summary in found.summaries]
