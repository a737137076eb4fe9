"""Of what is asked over HTTP."""

from nbmlops.errors.base import NbmlopsError
from nbmlops.errors.stores import StoreUnavailable


class InvalidArgument(NbmlopsError, ValueError):
    """An argument of a request cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason
        self.message = f"{name}: {reason}"


class OutsideRoot(NbmlopsError, PermissionError):
    """A path does not lead to anything below the folder that a server shows."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        shown = path if len(path) <= 100 else f"{path[:99]}…"
        self.message = (
            f"{shown!r} does not lead to anything below the folder that this server shows. "
            "Start the server in a folder above it."
        )


class NothingThere(NbmlopsError, LookupError):
    """What an address names is not there."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(what, name)
        self.what, self.name = what, name
        shown = name if len(name) <= 100 else f"{name[:99]}…"
        self.message = f"there is no {what} {shown!r}."


class StoreUpgrading(StoreUnavailable):
    """Another process is leading the store to the present schema."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.message = f"{url} is being upgraded by another process ({reason}). Try again soon."


class TooBusy(NbmlopsError, RuntimeError):
    """More is asked at once than can be answered soon."""

    def __init__(self, waiting: int) -> None:
        super().__init__(waiting)
        self.waiting = waiting
        self.message = f"{waiting:,} requests are waiting already. Try again in a moment."


class TooManyReruns(NbmlopsError, RuntimeError):
    """As many runs are executed again as a server does at once."""

    def __init__(self, going: int) -> None:
        super().__init__(going)
        self.going = going
        self.message = f"{going} runs are executed again already. Wait for one, or stop it."


class TookTooLong(NbmlopsError, TimeoutError):
    """An answer was not ready in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.message = f"there was no answer within {seconds:g} s. Ask for less, or try again."
