"""Where the blobs of a store are, remembered on this machine for who leaves that out of its URL."""

import contextlib
import os

from nbmlops.store.folders import make_private
from nbmlops.store.places import blobs_in, home_of, without_user

NAME = "blobs-are-at"


def remember_place(url: str) -> None:
    """Note beside what is local of a store where its blobs are, for who leaves that out."""
    place = blobs_in(url)
    if place is None or remembered_place(url) == without_user(place):
        return
    path = home_of(url) / NAME
    with contextlib.suppress(OSError):  # nobody needs it to record
        make_private(path.parent)
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(without_user(place))


def remembered_place(url: str) -> str | None:
    """Return where the blobs of a store were when it was used from here with a place for them."""
    try:
        return (home_of(url) / NAME).read_text() or None
    except (OSError, UnicodeDecodeError):  # never with one, or somebody else's file
        return None


def forgotten_place(url: str) -> str | None:
    """Return the place that a URL does not name, though the store was used with it from here."""
    return remembered_place(url) if blobs_in(url) is None else None
