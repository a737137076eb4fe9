"""Of stores and their blobs, on this machine and on servers."""

from nbmlops.errors.base import NbmlopsError, sentence


class StoreError(NbmlopsError):
    """The store cannot be used; base of the errors that say why."""


class NotAStore(StoreError, ValueError):
    """What the URL names is not a store of nbmlops."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        instead = "or move this file away"
        if url.startswith("postgres"):
            mark = "&" if "?" in url else "?"
            instead = (
                f"or give it a schema of its own in this one: {mark}options=-csearch_path=NAME"
            )
        self.message = (
            f"{url} is not a store of nbmlops: {sentence(reason)} "
            f"Name another with --store or NBMLOPS_STORE, {instead}."
        )


class StoreDamaged(NotAStore):
    """The file of a store is there, and not whole: cut off, or written over in places."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.message = (
            f"{url} is damaged: {sentence(reason)} Save what can be read of it, into a new "
            "store beside a copy of how it is, with: nbmlops doctor --fix"
        )


class StoreEmptied(StoreDamaged):
    """The file of a store has no byte left, though there is what only a store leaves beside it."""

    def __init__(self, url: str, beside: str) -> None:
        super().__init__(url, beside)
        self.beside = beside
        self.message = (
            f"{url} is empty (0 bytes), but a store has left {beside} beside it: something has "
            "emptied it. Put a copy of it back; or begin a new one, which keeps what is beside "
            "it, with: nbmlops doctor --fix"
        )


class StoreLost(StoreError):
    """The file of a store is gone, though there is what only a store leaves beside it."""

    def __init__(self, url: str, beside: str) -> None:
        super().__init__(url, beside)
        self.url, self.beside = url, beside
        self.message = (
            f"{url} is gone, but a store has left {beside} beside it: something has removed or "
            "renamed it. Put it back, or a copy of it; what is recorded next begins a new one, "
            "which keeps what is beside it."
        )


class StoreMissing(StoreError, FileNotFoundError):
    """There is no store yet to look into."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = (
            f"there is no store at {url} yet. Put %load_ext nbmlops into a notebook, execute one "
            "with nbmlops run, or name another store with --store or NBMLOPS_STORE."
        )


class StoreTooNew(StoreError):
    """The store was written by a later nbmlops, whose schema this one does not know."""

    def __init__(self, url: str, found: str, known: str) -> None:
        super().__init__(url, found, known)
        self.url, self.found, self.known = url, found, known
        self.message = (
            f"{url} has schema {found}, this nbmlops knows up to {known}: it was written by a "
            "later version. Upgrade with: pip install --upgrade nbmlops"
        )


class StoreNotUpgraded(StoreError):
    """A store says that it is of an earlier schema, and has not the tables of that schema."""

    def __init__(self, url: str, found: str, reason: str, copy: str | None) -> None:
        super().__init__(url, found, reason, copy)
        self.url, self.found, self.reason, self.copy = url, found, reason, copy
        kept = f", and how it is was copied to {copy}" if copy else ""
        self.message = (
            f"{url} says that it has schema {found}, and cannot be upgraded from that: "
            f"{sentence(reason)} Nothing was changed{kept}. If somebody has set the number in its "
            "table alembic_version by hand, set it back there; else put a copy of the store back, "
            "or begin another with --store or NBMLOPS_STORE."
        )


class StoreNotWritable(StoreError, PermissionError):
    """The store can be read but not written."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url} cannot be written: {sentence(reason)} "
            "Check its permissions and free space, or name another with --store or NBMLOPS_STORE."
        )


class DiskFull(StoreNotWritable):
    """The store can be read but not written, as there is no room left on its disk."""

    def __init__(self, url: str, said: str) -> None:
        super().__init__(url, said)
        self.reason = f"the disk is full ({said})"
        self.message = (
            f"{url} cannot be written: {self.reason}. Make room on it; what is there can be read "
            "meanwhile."
        )


class NoRoomForStore(DiskFull):
    """There is no store yet, and no room to make it."""

    def __init__(self, url: str, said: str) -> None:
        super().__init__(url, said)
        self.message = (
            f"there is no store at {url} yet, and it cannot be made: {self.reason}. Make room on "
            "it; what is recorded meanwhile is saved when there is some."
        )


class StoreUnavailable(StoreError, ConnectionError):
    """The store does not answer: locked for long, or its server is away."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = f"{url} does not answer: {sentence(reason)} Try again when it is free."


class StoreInUse(StoreUnavailable):
    """Something can be done only while nobody records into the store."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.message = (
            f"{url} is in use: {sentence(reason)} End them (or their kernels) and ask again."
        )


class UnsupportedStore(StoreError, ValueError):
    """The URL's scheme names a database that nbmlops cannot keep a store in."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = (
            f"{url} cannot hold a store. Use sqlite:///PATH (a file on a local disk) or "
            "postgresql://HOST/DATABASE."
        )


class SameStore(StoreError, ValueError):
    """A store was to be copied into itself."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = f"{url} is the store itself. Name another, by its URL or its folder."


class BlobMissing(StoreError, KeyError):
    """A digest that a record names is not among the store's blobs."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
        self.message = f"the store has no blob {digest}. Look with: nbmlops doctor"


class BlobNotHere(BlobMissing):
    """An artifact's bytes are not where its store's blobs are looked for from here."""

    def __init__(self, digest: str, name: str, where: str, hint: str) -> None:
        super().__init__(digest)
        self.args = (digest, name, where, hint)
        self.name, self.where, self.hint = name, where, hint
        self.message = f"artifact {name!r}, {digest}, is not at {where}: {hint}"


class BlobCorrupt(StoreError, ValueError):
    """A blob's bytes do not have the digest they are filed under."""

    def __init__(self, digest: str, path: str) -> None:
        super().__init__(digest, path)
        self.digest, self.path = digest, path
        self.message = f"blob {digest} is damaged ({path}). Look with: nbmlops doctor"


class ServerAway(StoreUnavailable):
    """The server of a store, or the connection to it, is not there now.

    Nothing ``waits`` for one that is not recorded to from here.
    """

    def __init__(self, url: str, reason: str, *, waits: bool = True) -> None:
        super().__init__(url, reason)
        self.message = (
            f"{url} does not answer: {sentence(reason)} Is the server running, and can it be "
            "reached from here?"
        )
        if waits:
            self.message += " What is recorded meanwhile waits on this machine: nbmlops doctor"


class ServerRefuses(StoreError, PermissionError):
    """The server does not let this user in."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url} refuses: {sentence(reason)} Give the user in the URL "
            "(postgresql://USER@HOST/DATABASE) and the password in ~/.pgpass or PGPASSWORD."
        )


class DatabaseMissing(StoreError, LookupError):
    """The server has no such database, or no such schema that this user may use."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url}: {sentence(reason)} Somebody who may has to create it first "
            "(createdb -h HOST DATABASE; CREATE SCHEMA NAME) and let this user in: GRANT USAGE, "
            "CREATE ON SCHEMA NAME TO USER"
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
            f"the blobs at {url} cannot be used: {sentence(reason)} Check the address and the "
            "credentials; what is recorded meanwhile waits on this machine: nbmlops doctor"
        )
