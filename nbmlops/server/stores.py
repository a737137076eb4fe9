"""The stores of the projects that a server is asked about, each held open from its first use."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from nbmlops import config
from nbmlops.canonical import new_id
from nbmlops.errors import NbmlopsError, StoreMissing, StoreUnavailable, StoreUpgrading
from nbmlops.store import store_to_read
from nbmlops.store.base import Store
from nbmlops.store.places import is_on_server, path_of, without_password
from nbmlops.store.probing import is_behind
from nbmlops.tracking.opening import Held

_MOST_HELD = 8
_FAILED_SECONDS = 2.0  # for which a store that could not be opened is not tried again


@dataclass(frozen=True, slots=True)
class Project:
    """A folder whose runs are asked about. ``url`` may hold a password, ``shown`` does not."""

    folder: Path
    settings: config.Settings
    url: str

    @classmethod
    def of(cls, folder: Path) -> "Project":
        """Return the project of a folder; raises `ConfigInvalid`."""
        project = config.project_folder(folder)
        settings = config.load(project)
        return cls(project, settings, config.store_url(settings, project))

    @property
    def shown(self) -> str:
        """The store's URL as it may be shown."""
        return without_password(self.url)


@dataclass(slots=True)
class _Place:
    """What is known of a URL. ``token`` is another one for each opening."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    store: Store | None = None
    identity: tuple[int, int] | None = None
    token: str = ""
    problem: NbmlopsError | None = None
    failed: float = 0.0


class HeldStores:
    """Opens stores and holds them open. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._places: dict[str, _Place] = {}

    def held(self, project: Project) -> Held:
        """Return the store of a project, opening it where it is not open.

        Raises
        ------
        StoreMissing, StoreUpgrading, StoreError
            There is none yet, or it cannot be used now.
        """
        place = self._place(project.url)
        with place.guard:
            if place.store is not None and place.identity != _identity(project.url):
                _let_go(place)  # somebody has put another file there, or taken it away
            if place.store is None:
                self._open(place, project.url)
            assert place.store is not None
            return Held(place.store, project.settings)

    def change(self, project: Project) -> str:
        """Return a text that is another one when something was recorded; as `held` raises.

        Sessions whose processes died are settled first: nothing else tells of them.
        """
        held = self.held(project)
        place = self._place(project.url)
        with contextlib.suppress(NbmlopsError):  # what is there can be read all the same
            held.store.settle()
        try:
            return f"{place.token}-{held.store.change()}"
        except NbmlopsError:  # the next one who asks opens it anew, and is told why it cannot be
            with place.guard:
                _let_go(place)
            raise

    def close(self) -> None:
        """Close all stores."""
        with self._guard:
            places = [*self._places.values()]
            self._places.clear()
        for place in places:
            with place.guard:
                _let_go(place)

    def _place(self, url: str) -> _Place:
        with self._guard:
            place = self._places.pop(url, None) or _Place()
            self._places[url] = place  # the one used last stands last
            oldest = next(iter(self._places)) if len(self._places) > _MOST_HELD else None
            left = self._places.pop(oldest) if oldest is not None else None
        if left is not None:
            with left.guard:
                _let_go(left)
        return place

    def _open(self, place: _Place, url: str) -> None:
        if place.problem is not None and time.monotonic() - place.failed < _FAILED_SECONDS:
            raise place.problem.with_traceback(None)
        try:
            place.store = _opened(url)
        except StoreMissing:
            raise
        except NbmlopsError as problem:
            place.problem, place.failed = problem, time.monotonic()
            raise
        place.identity, place.token, place.problem = _identity(url), new_id(), None


def _opened(url: str) -> Store:
    """Open a store that is there, or that a session has died before making."""
    was_behind = not is_on_server(url) and is_behind(path_of(url))
    try:
        return store_to_read(url)
    except StoreUnavailable as problem:
        if was_behind:
            raise StoreUpgrading(without_password(url), problem.reason) from problem
        raise


def _identity(url: str) -> tuple[int, int] | None:
    """Return which file is there now; None for servers, and where there is none."""
    if is_on_server(url):
        return None
    try:
        found = path_of(url).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _let_go(place: _Place) -> None:
    if place.store is not None:
        place.store.close()
    place.store = None
