"""The environment that runs are made in, taken when nothing else is to be done.

A session's first one is taken as soon as a run is there: a kernel that is killed while it is busy
leaves a run that says what it was made in.
"""

from collections.abc import Callable
from pathlib import Path

from nbmlops.capture.base import KeepBlob
from nbmlops.capture.environment import environment_document
from nbmlops.records import Environment, Record, RunId
from nbmlops.store.blobs import digest_of
from nbmlops.tracking.active import ActiveRun


class Surroundings:
    """Gives runs the environment they were opened in, and at their end that they closed in."""

    def __init__(
        self,
        project: Path,
        keep_blob: KeepBlob,
        put: Callable[[Record], None],
        redact: Callable[[str], str],
        soon: Callable[[], None],
    ) -> None:
        self._project, self._keep_blob, self._put = project, keep_blob, put
        self._redact, self._soon = redact, soon
        self._waiting: dict[RunId, ActiveRun] = {}
        self.environment: Environment | None = None

    def wanted_by(self, run: ActiveRun) -> None:
        """Have a run told of its environment; a session's first one soon, whatever else is done."""
        self._waiting[run.id] = run
        if self.environment is None:
            self._soon()

    def look(self) -> None:
        """Take the environment, where a run waits for it; takes up to seconds."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        try:
            document = self._redact(environment_document(self._project, self._keep_blob))
        except BaseException:
            self._waiting = waiting | self._waiting
            raise
        self.environment = Environment(digest_of(document.encode()), document)
        self._put(self.environment)
        for run in waiting.values():
            run.change(environment=self.environment.digest)
