"""When to give up looking at a value."""

import time
from dataclasses import dataclass


class TakesTooLong(Exception):
    """The time given is over; the message is a reason."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the time given for all that is to be found out about a value; never, by default.

    Nothing is interrupted: whatever works for long asks `check` now and then.
    """

    seconds: float | None = None
    until: float | None = None

    @classmethod
    def within(cls, seconds: float | None) -> "Deadline":
        """Return the deadline that is so many seconds from now."""
        return cls() if seconds is None else cls(seconds, time.monotonic() + seconds)

    def check(self) -> None:
        """Raise `TakesTooLong` when the time is over."""
        if self.until is not None and time.monotonic() > self.until:
            raise TakesTooLong(f"takes longer than {self.seconds:g} s")


NEVER = Deadline()
