"""What a store's URL says without opening it: file or server, its local folder, its blobs.

The URL alone is what tells stores apart: it also says where blobs are (``…?blobs=s3://bucket/x``)
where that is not the default. No SQL library is loaded here.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from blake3 import blake3

from nbmlops.config import with_blobs
from nbmlops.errors import StoreMissing, UnsupportedStore

_SERVERS = ("postgresql", "postgres", "postgresql+psycopg")
_SECRET = ("password", "sslpassword")
_BLOBS = re.compile(r"[?&]blobs=([^&]*)$")

# As SQLAlchemy reads it, where a password may hold any character but @; one that does, written as
# it is, opens nothing and is still nobody's to see.
_USER = re.compile(r"^([\w+.-]+://)([^:/@]*)(?::([^@]*(?:@[^@/?]*)*))?@")
_ANY_USER = re.compile(r"(?<=://)(?:[^/?@:]*:.*|[^/?]*)@", re.DOTALL)


def is_on_server(url: str) -> bool:
    """Tell whether a store is in a database server, which may be away."""
    return url.partition("://")[0] in _SERVERS


def path_of(url: str) -> Path:
    """Return the database file of a store's URL, as an absolute path; behind links, as SQLite does.

    What belongs to the file lies beside it, not beside a link: who comes by another way must find
    the same living sessions and blobs.

    Raises
    ------
    UnsupportedStore
        The URL is not ``sqlite:///PATH``.
    StoreMissing
        No file can be called so.
    """
    scheme, _, path = without_blobs(url).partition(":///")
    if scheme != "sqlite" or not path or path == ":memory:":
        raise UnsupportedStore(without_password(url))
    if "\0" in path:  # no file is called so, and only some Pythons refuse to look
        raise StoreMissing(without_password(url))
    named = Path(path).absolute()
    return named.resolve() if named.is_symlink() and named.exists() else named


def home_of(url: str) -> Path:
    """Return the local folder of a store: of live files, faults and what waits for a server.

    The folder of an SQLite file; for servers one below ``$XDG_STATE_HOME/nbmlops``, whatever
    the project, so that any process of this user on this machine delivers what waits.

    Raises
    ------
    UnsupportedStore
        The URL cannot hold a store.
    """
    if not is_on_server(url):
        return path_of(url).parent
    named = without_password(without_blobs(url))
    database = urlsplit(named).path.strip("/") or "default"
    words = re.sub(r"[^\w.-]+", "_", database)[:40]
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    digest = blake3(named.partition("://")[2].encode()).hexdigest()
    return Path(state) / "nbmlops" / f"{words}-{digest[:16]}"


def without_password(url: str) -> str:
    """Return a store's URL as it may be shown and kept.

    Examples
    --------
    >>> without_password("postgresql://ada:secret@host/runs?password=secret&sslmode=require")
    'postgresql://ada@host/runs?sslmode=require'
    >>> without_password("mysql://ada:secret@host/runs")
    'mysql://ada@host/runs'
    """
    if (blobs := blobs_in(url)) is not None:
        return with_blobs(without_password(without_blobs(url)), without_user(blobs))
    if url.lower().startswith("sqlite:///") or "://" not in url:  # a path, in which all is meant
        return url
    address, mark, query = _USER.sub(r"\1\2@", url).partition("?")
    pairs = query.split("&") if mark else []
    kept = [pair for pair in pairs if not _is_secret(pair.partition("=")[0])]
    return address + ("?" + "&".join(kept) if kept else "")


def without_user(url: str) -> str:
    """Return any URL as it may be shown: without user, password and query.

    In doubt of what is a password, as much goes as one may be.

    Examples
    --------
    >>> without_user("sftp://ada:s@e/cr?et@host/blobs?x=1")
    'sftp://host/blobs'
    >>> without_user("s3://bucket/a@b")
    's3://bucket/a@b'
    """
    return _ANY_USER.sub("", url).partition("?")[0]


def passwords_in(url: str) -> list[str]:
    """Return the texts in a URL that nobody may see, as written and as meant."""
    if not is_on_server(url):
        return []
    user = _USER.match(url)
    written = [user[3]] if user and user[3] else []
    # Of one with an @ in it a driver takes the rest as part of the host, and says so.
    written += [f"{password.partition('@')[2]}@" for password in written if "@" in password]
    pairs = [pair.partition("=") for pair in url.partition("?")[2].split("&")]
    written += [value for name, _, value in pairs if _is_secret(name) and value]
    return sorted({*written, *map(unquote, written)}, key=len, reverse=True)


def _is_secret(name: str) -> bool:
    return unquote(name).lower() in _SECRET


def blobs_in(url: str) -> str | None:
    """Return the URL of a store's blobs, None where they are at the default."""
    found = _BLOBS.search(url)
    return unquote(found[1]) if found else None


def without_blobs(url: str) -> str:
    """Return a store's URL without what it says of blobs."""
    return _BLOBS.sub("", url)
