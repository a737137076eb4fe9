"""Whether a store's server answers at all, found out in a moment and without any driver."""

import contextlib
import os
import socket
import threading
from urllib.parse import parse_qs, unquote, urlsplit

from nbmlops.store.places import without_blobs

_PORT = 5432
_SOCKETS = ("/var/run/postgresql", "/tmp")  # noqa: S108, where servers make theirs, by their builds


def answers(url: str, *, within_seconds: float) -> bool:
    """Tell whether something takes connections where a URL says that the server is."""
    found = threading.Event()

    def knock() -> None:
        with contextlib.suppress(OSError, ValueError):
            if any(_takes_connections(*place, within_seconds) for place in _places(url)):
                found.set()

    knocking = threading.Thread(target=knock, name="nbmlops-knocking", daemon=True)
    knocking.start()  # names of hosts may take as long as they like
    knocking.join(within_seconds)
    return found.is_set()


def _places(url: str) -> list[tuple[str, int]]:
    """Return the hosts, or folders of sockets, and the ports; as libpq reads them."""
    parts = urlsplit(without_blobs(url))
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    named = parts.netloc.rpartition("@")[2]
    hosts = query.get("hostaddr") or query.get("host") or os.environ.get("PGHOST", "")
    port = query.get("port") or os.environ.get("PGPORT") or str(_PORT)
    if named:
        host, _, given = (
            named.rpartition(":") if ":" in named.rpartition("]")[2] else (named, "", "")
        )
        hosts, port = unquote(host.strip("[]")) or hosts, given or port
    if not hosts:
        return [(folder, int(port)) for folder in _SOCKETS]
    ports = port.split(",")
    return [
        (host, int(ports[min(number, len(ports) - 1)]))
        for number, host in enumerate(hosts.split(","))
    ]


def _takes_connections(host: str, port: int, within_seconds: float) -> bool:
    if host.startswith("/"):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as local:
            local.settimeout(within_seconds)
            return local.connect_ex(f"{host}/.s.PGSQL.{port}") == 0
    with contextlib.suppress(OSError), socket.create_connection((host, port), within_seconds):
        return True
    return False
