"""Looks whether something was recorded, as long as somebody is there who wants to know.

What is sent is no more than "look again": whoever missed it is not wrong for long, because looking
is what a panel does also when it becomes visible.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from nbmlops.errors import NbmlopsError
from nbmlops.server.stores import HeldStores, Project
from nbmlops.server.working import Workers

SCHEMA_ID = "https://nbmlops.dev/events/changed/v1"
SCHEMA_PATH = Path(__file__).with_name("changed.yaml")
LOOK_SECONDS = 0.5
SUBSCRIBED_SECONDS = 60.0  # after a request
_MOST_WATCHED = 4  # those that were asked about last


@dataclass(slots=True)
class _Watched:
    project: Project
    asked: float
    change: str | None = None


class Watcher:
    """Tells of changes in the stores that were asked about within the last minute.

    All methods are called in the event loop's thread; looking itself is done in another.

    Parameters
    ----------
    stores : HeldStores
    tell : callable
        Is given the project and its new change.
    """

    def __init__(self, stores: HeldStores, tell: Callable[[Project, str], None]) -> None:
        self._stores, self._tell = stores, tell
        self._watched: dict[str, _Watched] = {}
        self._workers = Workers(threads=1)
        self._timer = PeriodicCallback(self.look, LOOK_SECONDS * 1000)

    def subscribe(self, project: Project) -> None:
        """Look at a project's store for the next minute."""
        known = self._watched.pop(project.url, None) or _Watched(project, 0.0)
        known.asked = time.monotonic()
        self._watched[project.url] = known  # the one asked about last stands last
        if len(self._watched) > _MOST_WATCHED:
            del self._watched[next(iter(self._watched))]
        if not self._timer.is_running():
            self._timer.start()

    async def look(self) -> None:
        """Look at every store once, and tell of those that changed."""
        since = time.monotonic() - SUBSCRIBED_SECONDS
        self._watched = {
            url: watched for url, watched in self._watched.items() if watched.asked >= since
        }
        if not self._watched:
            self._timer.stop()
        for watched in [*self._watched.values()]:
            found = await self._workers.result(
                self._workers.start(lambda project=watched.project: self._change(project))  # type: ignore[misc]
            )
            if watched.change not in (None, found):
                self._tell(watched.project, found)
            watched.change = found

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._workers.close()

    def _change(self, project: Project) -> str:
        """Return what tells of changes; of a store that cannot be read, why."""
        try:
            return self._stores.change(project)
        except NbmlopsError as problem:
            return type(problem).__name__
