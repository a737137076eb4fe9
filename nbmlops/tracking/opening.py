"""Which store somebody means, and that store opened to look into it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from nbmlops import config
from nbmlops.errors import ServerAway, StoreError
from nbmlops.store import store_to_read
from nbmlops.store.base import Store
from nbmlops.tracking import current


@dataclass(frozen=True, slots=True)
class Held:
    """A store that whoever looks into it often holds open, and its project's settings."""

    store: Store
    settings: config.Settings


# A store's URL or path, or the store itself; None for the one this process records into, else the
# project's.
type Where = str | Held | None


@contextmanager
def opened(
    where: Where = None, *, profiles_seconds: float = 0.0
) -> Iterator[tuple[Store, config.Settings]]:
    """Give the store to look into, with everything this process has recorded in it.

    Dead sessions are settled first, where the store can be written now. Raises
    `StoreMissing` where nothing was recorded, and at once `ServerAway` where this process knows of
    it. Profiles of data that it still makes are waited for no longer than ``profiles_seconds``.
    """
    if isinstance(where, Held):
        with suppress(StoreError):
            where.store.settle()
        yield where.store, where.settings
        return
    running = current.tracker()
    if running is not None and (where is None or config.as_url(where) == running.url):
        running.flush(profiles_seconds=profiles_seconds)
        if isinstance(running.writer.problem, ServerAway):
            raise running.writer.problem.with_traceback(None)
        recording = running.writer.store
        _settle(recording)
        yield recording, running.settings
        return
    settings = config.load(config.project_folder())
    store = store_to_read(url_of(where))
    try:
        _settle(store)
        yield store, settings
    finally:
        store.close()


def _settle(store: Store) -> None:
    """Settle a store where it can be written: what is there can be read all the same."""
    try:
        store.settle()
    except ServerAway:  # to ask again would take as long again
        raise
    except StoreError:
        pass


def url_of(store: str | None) -> str:
    """Return the URL of a store: of one that is named, else the project's."""
    project = config.project_folder()
    return config.as_url(store) if store else config.store_url(config.load(project), project)
