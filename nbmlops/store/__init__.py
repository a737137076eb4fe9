"""The only room that knows SQL and blobs. `open_store` is its door, `base` its contract.

Importing the room loads no SQL library; opening a store does.
"""

from pathlib import Path

from nbmlops.store.base import Store
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.places import blobs_in, home_of


def open_store(url: str) -> Store:
    """Return the store at a URL, making it where there is none.

    Raises
    ------
    UnsupportedStore, NotAStore, StoreTooNew, StoreNotWritable, StoreUnavailable
        The store cannot be used, and why.
    """
    from nbmlops.store.sql import SqlStore

    return SqlStore(url)


def live_folder(url: str) -> Path:
    """Return the folder of the live files of a store's sessions on this machine."""
    return home_of(url) / "live"


def open_blobs(url: str) -> LocalBlobs:
    """Return where the blobs of a store are put, without opening its database.

    Where they are kept elsewhere they wait there until a `Store` has delivered them.
    """
    return LocalBlobs(home_of(url) / ("waiting" if blobs_in(url) else "blobs"))
