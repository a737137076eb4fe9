"""The only room that knows SQL and blobs. `open_store` is its door, `base` its contract.

Importing the room loads no SQL library; opening a store does.
"""

from pathlib import Path

from nbmlops.errors import StoreMissing, StoreNotWritable
from nbmlops.store.base import Store
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.places import blobs_in, home_of, without_password
from nbmlops.store.probing import is_there


def open_store(url: str, *, makes: bool = True) -> Store:
    """Return the store at a URL, making it where there is none unless told not to.

    Raises
    ------
    UnsupportedStore, NotAStore, StoreTooNew, StoreNotWritable, StoreUnavailable
        The store cannot be used, and why.
    StoreMissing
        There is none, and it is not to be made.
    """
    from nbmlops.store.sql import SqlStore

    return SqlStore(url, makes=makes)


def store_to_read(url: str) -> Store:
    """Return the store at a URL to look into: one is made only for what a dead session left.

    Raises
    ------
    StoreMissing
        There is none.
    StoreLost
        It is gone from beside what only a store leaves.
    StoreError
        As `open_store` says.
    """
    from nbmlops.store.live import has_undelivered

    makes = has_undelivered(live_folder(url))
    is_here = is_there(url)
    if not is_here and not makes:
        raise StoreMissing(without_password(url))
    try:
        return open_store(url, makes=makes)
    except StoreNotWritable as problem:  # what was left stays where it is
        if not is_here or not makes:
            raise
        try:
            return open_store(url, makes=False)
        except StoreMissing:  # what was begun cannot be made either
            raise problem from None


def live_folder(url: str) -> Path:
    """Return the folder of the live files of a store's sessions on this machine."""
    return home_of(url) / "live"


def open_blobs(url: str) -> LocalBlobs:
    """Return where the blobs of a store are put, without opening its database.

    Where they are kept elsewhere they wait there until a `Store` has delivered them.
    """
    return LocalBlobs(home_of(url) / ("waiting" if blobs_in(url) else "blobs"))
