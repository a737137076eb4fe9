"""What looks after a store as a whole: checks, repairs, space, and what is forgotten for good."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from nbmlops.errors import NbmlopsError, StoreNotWritable, StoreUnavailable
from nbmlops.records import RunId
from nbmlops.store.base import Finding, Forgotten, Policy, Removed, RunSize
from nbmlops.store.connected import Connected
from nbmlops.store.settling import dead_elsewhere

_PATIENCE_MS = 1_000  # with whoever reads, where what is left is told


class Upkeep(Connected):
    """Looks after a store in an SQL database; see `nbmlops.store.base.Store`."""

    def empty_log(self) -> bool:
        """Bring the log into the file, and cut it off, unless somebody reads from it."""
        if self.engine.dialect.name != "sqlite":
            return True
        with self._translating(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # outside of any transaction
            try:
                is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as problem:
                raise StoreUnavailable(self.url, str(problem)) from problem
            return not is_busy

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Raise our errors for the database's, and for those of the files beside it."""
        self._check_writable()
        with self._translating():
            try:
                yield
            except NbmlopsError:  # of which some are errors of the system
                raise
            except OSError as problem:
                raise StoreNotWritable(self.url, str(problem)) from problem

    def make_space(self, policy: Policy, *, is_done: bool) -> Removed:
        """Remove what may go, or say what would."""
        from nbmlops.store.space import make_space

        with self._changing():
            return make_space(self, policy, is_done=is_done)

    def forget_runs(self, ids: Sequence[RunId], *, is_done: bool = True) -> Forgotten:
        """Remove runs for good."""
        from nbmlops.store.forgetting_runs import forget_runs

        with self._changing():
            return forget_runs(self, ids, dead=dead_elsewhere(self), is_done=is_done)

    def forget_text(self, text: str, *, is_done: bool = True) -> Forgotten:
        """Put stars in the place of a text."""
        from nbmlops.store.forgetting import forget_text

        with self._changing():
            return forget_text(self, text, is_done=is_done)

    def places_of(self, text: str) -> tuple[str, ...]:
        """Return where a text occurs."""
        from nbmlops.store.forgetting import places_of

        with self._translating():
            return places_of(self, text)

    def sizes(self) -> list[RunSize]:
        """Return how many bytes each run takes."""
        from nbmlops.store.space import sizes

        with self._reading() as connection:
            return sizes(connection)

    def give_back_pages(self) -> bool:
        """Make the file of the database as small as what is in it.

        Returns whether it is so already: while somebody reads, what was stays until that ends.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self._translating(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # outside of any transaction
            [usual] = driver.execute("PRAGMA busy_timeout").fetchone()
            try:
                driver.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")  # not for each of them
                driver.execute("VACUUM")
                is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as problem:
                raise StoreUnavailable(self.url, str(problem)) from problem
            finally:
                driver.execute(f"PRAGMA busy_timeout = {int(usual)}")
            return not is_busy

    def check(self) -> list[Finding]:
        """Look the whole store over."""
        from nbmlops.store.checking import check

        with self._translating():
            return check(self)

    def repair(self, *, drops_lost: bool = False) -> list[Finding]:
        """Repair what can be, and say what was done."""
        from nbmlops.store.repairing import repair

        self._check_writable()
        with self._translating():
            return repair(self, drops_lost=drops_lost)
