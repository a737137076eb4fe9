"""Files, folders and URLs: what each holds.

A file's digest is BLAKE3 of its bytes, the same as ``b3sum`` prints and as the store files blobs
under. `file_bytes` reads files, `folders` says what counts of a folder, `urls` reads through
fsspec. The path itself never counts: equal content, equal digest, here and on a server.
"""

import os
import re
from os import PathLike

from nbmlops.fingerprints.base import Described, Fingerprint, fingerprint_from
from nbmlops.fingerprints.deadline import NEVER, Deadline, TakesTooLong
from nbmlops.fingerprints.files.file_bytes import FileDigests, Stamp, kind_of, why_unreadable
from nbmlops.fingerprints.files.folders import described_folder, listing_digest
from nbmlops.fingerprints.hashing import joined

# `scheme://…`, and fsspec's chains of them: `zip://inner.csv::s3://bucket/outer.zip`, of which the
# first may be a scheme alone: `simplecache::s3://…`. A file may be called `a::b.csv`.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(://|::.*://)", re.DOTALL)

_CHANGED = "it was changed before it was looked at"

DIGESTS = FileDigests()  # of this process


def fingerprint_file(path_or_url: str | PathLike[str]) -> Fingerprint:
    """Say what a file or folder holds: equal content, equal digest, wherever it lies.

    Never raises: what cannot be read is ``opaque``, with the reason. A link is followed if it is
    what was asked for; those in a folder count by where they point. A file is read again only when
    its size or times are others than when it was read last.

    Parameters
    ----------
    path_or_url : str or path
        A path, ``file://…``, or any URL that fsspec reads (``s3://…``, ``memory://…``,
        ``zip://inner.csv::outer.zip``): ``pip install fsspec`` and what it asks for. A URL is read
        anew each time, in pieces of a few MB.

    Returns
    -------
    Fingerprint
        Of kind ``file``, or ``folder`` with its entries as parts if they are no more than 1,000.

    Examples
    --------
    >>> fingerprint_file("no such file").reason
    'there is no such file'
    """
    return fingerprint_from(described_file(path_or_url))


def described_file(
    path_or_url: str | PathLike[str],
    *,
    stamp: Stamp | None = None,
    digests: FileDigests = DIGESTS,
    deadline: Deadline = NEVER,
) -> Described:
    """Describe what a file, folder or URL holds; never raises.

    With ``stamp`` the file is described as it was when that was taken; where it has been written
    since and was not looked at before that, it is opaque. So it is when the deadline is over, which
    URLs have none of.
    """
    try:
        return _described(path_or_url, stamp, digests, deadline)
    except TakesTooLong as over:
        return _opaque(str(over))
    except Exception as problem:  # noqa: BLE001, file systems and their drivers fail in any way
        return _opaque(why_unreadable(problem))


def described_listing(path: str, *, stamp: Stamp | None = None) -> Described:
    """Describe the names and kinds of a folder's entries, not what they hold; never raises."""
    try:
        before = _stamp_now(path)
        digest = listing_digest(path)
        if stamp not in (None, before) or _stamp_now(path) != before:
            return _opaque(_CHANGED)
        return Described("listing", digest, hash="blake3")
    except Exception as problem:  # noqa: BLE001, as above
        return _opaque(why_unreadable(problem))


def _described(
    path_or_url: str | PathLike[str],
    stamp: Stamp | None,
    digests: FileDigests,
    deadline: Deadline,
) -> Described:
    path = os.fsdecode(path_or_url)
    if isinstance(path_or_url, str) and _URL.match(path):
        from nbmlops.fingerprints.files.urls import described_url, local_path

        local = local_path(path)
        if local is None:
            return described_url(path)
        path = local
    known = None if stamp is None else digests.remembered(stamp)
    if stamp is not None and known is not None:
        return _file(known, stamp)
    kind = kind_of(os.stat(path).st_mode)  # noqa: PTH116, Path would lose bytes
    if stamp is not None and kind != "file":
        return _opaque(_CHANGED)
    if kind == "folder":
        return described_folder(path, digests, deadline)
    if kind != "file":
        return _opaque(f"a {kind}: it holds nothing by itself")
    digest, found = digests.of(path, deadline=deadline)
    if stamp not in (None, found):
        return _opaque(_CHANGED)
    return _file(digest, found)


def _file(digest: bytes, stamp: Stamp) -> Described:
    return Described("file", digest, size_bytes=stamp.size_bytes, hash="blake3")


def _opaque(reason: str) -> Described:
    return Described("opaque", joined("opaque", b"file"), reason=reason, hash="blake3")


def _stamp_now(path: str) -> Stamp:
    return Stamp.of(os.stat(path))  # noqa: PTH116, Path would lose bytes
