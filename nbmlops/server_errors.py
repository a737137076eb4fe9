"""Errors of stores in database servers and of blobs elsewhere; all others are in `errors`."""

from nbmlops.errors import StoreError, StoreUnavailable


class ServerAway(StoreUnavailable):
    """The server of a store, or the connection to it, is not there now."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.message = (
            f"{url} does not answer: {reason}. Is the server running, and can it be reached from "
            "here? What is recorded meanwhile waits on this machine: nbmlops doctor"
        )


class ServerRefuses(StoreError, PermissionError):
    """The server does not let this user in."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url} refuses: {reason}. Give the user in the URL (postgresql://USER@HOST/DATABASE) "
            "and the password in ~/.pgpass or PGPASSWORD."
        )


class DatabaseMissing(StoreError, LookupError):
    """The server has no such database, or no such schema that this user may use."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url}: {reason}. Somebody who may has to create it first (createdb -h HOST DATABASE; "
            "CREATE SCHEMA NAME) and let this user in: GRANT USAGE, CREATE ON SCHEMA NAME TO USER"
        )


class LibraryMissing(StoreError, ImportError):
    """A kind of store needs a library that is not installed."""

    def __init__(self, url: str, library: str, install: str) -> None:
        super().__init__(url, library, install)
        self.url, self.library, self.install = url, library, install
        self.message = f"{url} needs {library}. Install it with: pip install {install}"


class BlobsUnavailable(StoreUnavailable):
    """Where a store keeps its blobs does not answer, or does not take them."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.message = (
            f"the blobs at {url} cannot be used: {reason}. Check the address and the credentials; "
            "what is recorded meanwhile waits on this machine: nbmlops doctor"
        )
