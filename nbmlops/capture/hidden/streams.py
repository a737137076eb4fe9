"""The standard streams, where an execution has put another one in their place by hand.

From then until the usual one is back, who prints changes it: a stream in memory shows how far it is
written, any other counts as written to by all that run meanwhile. Who asks for ``sys.stdout`` reads
it.
"""

import io
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import STANDARD_STREAMS


@dataclass(slots=True)
class _Before:
    streams: dict[str, Any]
    places: dict[str, int | None] = field(default_factory=dict)  # in those that were put there


class StandardStreams:
    """Tells which executions put the standard streams aside, and which used what is there."""

    def __init__(self) -> None:
        self._usual: dict[str, int] = {}  # by identity
        self._redirected: set[str] = set()

    def open(self) -> None:
        """Do nothing: streams are compared."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> _Before:
        """Return the streams as they are."""
        before = _Before({name: getattr(sys, name, None) for name in STANDARD_STREAMS})
        for name, stream in before.streams.items():
            if name in self._redirected:
                before.places[name] = _place(stream)
                seen.unnamed.add(id(stream))
            else:
                self._usual[name] = id(stream)
        return before

    def mentioned(self, mention: Mention, seen: Seen, before: _Before) -> None:  # noqa: ARG002
        """Take that code asks for a stream."""
        module, _, name = mention.what.partition(".")
        if module == "sys" and name in self._redirected:
            seen.use(STANDARD_STREAMS[name])

    def ended(self, execution: Ended, seen: Seen, before: _Before) -> None:  # noqa: ARG002
        """Compare both, and what was written to them, with what they were."""
        for name, was in before.streams.items():
            now, hidden = getattr(sys, name, None), STANDARD_STREAMS[name]
            if now is not was:
                seen.defined.add(hidden)
            place = before.places.get(name)
            if name in self._redirected and (place is None or place != _place(was)):
                seen.used.add(hidden)
                seen.touched.add(hidden)
            if id(now) == self._usual[name]:
                self._redirected.discard(name)
            else:
                self._redirected.add(name)


def _place(stream: Any) -> int | None:
    """Return how far a stream in memory is written; None where that cannot be told."""
    if not issubclass(type(stream), io.StringIO):
        return None
    with suppress(ValueError):  # it is closed
        return io.StringIO.tell(stream)
    return None
