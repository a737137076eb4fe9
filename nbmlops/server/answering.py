"""From a request to the bytes of its answer: all of it that may take time, in one thread.

Nothing here knows of tornado; `nbmlops.server.handlers` calls it in a thread of
`nbmlops.server.working`.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from nbmlops import config
from nbmlops.canonical import Json, jsonable, now
from nbmlops.errors import NbmlopsError, StoreMissing
from nbmlops.query.parsing import parse, parse_order
from nbmlops.server.asked import Arguments, Asked
from nbmlops.server.problems import problem_json, status_of
from nbmlops.server.reruns import Reruns
from nbmlops.server.roots import folder_of, inside
from nbmlops.server.routes import Route
from nbmlops.server.stores import HeldStores, Project

_FRESH_SECONDS = 60  # for which nothing that depends on the time of day is asked again
_COMPRESSED_FROM_BYTES = 4_096
_GZIP_LEVEL = 1  # of nine: most of what can be saved, in a fifth of the time


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came.

    ``user`` is who asks, None for whose server it is. ``etag`` is that of the answer which the
    client has. ``takes_gzip`` tells whether the answer may be compressed.
    """

    method: str
    names: tuple[str, ...]
    arguments: Arguments
    user: str | None
    body: bytes = b""
    etag: str = ""
    takes_gzip: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, ready to be sent; ``project`` is what it is about, None where that is refused."""

    status: int
    body: bytes = b""
    etag: str | None = None
    is_gzip: bool = False
    project: Project | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests about what is below a root."""

    stores: HeldStores
    root: Path
    reruns: Reruns = field(default_factory=Reruns)

    def reply(self, route: Route, incoming: Incoming) -> Reply:
        """Return the answer to a request, also to one that cannot be met."""
        project = None
        try:
            folder = folder_of(self.root, incoming.arguments.text("path"))
            project = Project.of(folder)
            return self._answer(route, incoming, project)
        except NbmlopsError as problem:
            return Reply(status_of(problem), _bytes(problem_json(problem)), project=project)

    def _answer(self, route: Route, incoming: Incoming, project: Project) -> Reply:
        # Asked first: the answer is never older than its tag, and nothing is written into a store
        # that a later version has led on.
        etag = self._etag(route, incoming, project)
        is_reading = incoming.method == "GET"
        if is_reading and etag is not None and etag in incoming.etag:
            return Reply(304, etag=etag, project=project)
        asked = Asked(
            project,
            self.stores,
            incoming.arguments,
            incoming.names,
            self.root,
            incoming.user or config.user_name(),  # which may ask git
            incoming.body,
            self.reruns,
        )
        try:
            document = route.methods[incoming.method](asked)
        except StoreMissing:
            if route.empty is None:
                raise
            _check_words(incoming.arguments)
            document = route.empty
        body = _bytes(document)
        is_gzip = incoming.takes_gzip and len(body) >= _COMPRESSED_FROM_BYTES
        if is_gzip:
            body = gzip.compress(body, _GZIP_LEVEL)
        return Reply(200, body, etag if is_reading else None, is_gzip, project)

    def _etag(self, route: Route, incoming: Incoming, project: Project) -> str | None:
        """Return a tag that is another one when the answer may be; None where none can be told."""
        if route.is_moving:
            return None
        try:
            change = self.stores.change(project)
        except StoreMissing:
            change = "missing"
        except NbmlopsError:
            if not route.always:
                raise
            return None
        notebook = _saved(self.root, incoming.arguments.text("path"))
        minute = int(now() // _FRESH_SECONDS)
        text = f"{project.url} {change} {notebook} {minute} {incoming.user}"
        return f'W/"{hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=12).hexdigest()}"'


def _saved(root: Path, path: str) -> str:
    """Return when a notebook was saved: what is told of its cells depends on it."""
    found = inside(root, path)
    try:
        return str(found.stat().st_mtime_ns) if found.is_file() else ""
    except OSError:
        return ""


def _check_words(arguments: Arguments) -> None:
    """Raise what is wrong with a filter or order also where there is nothing to look through."""
    parse(arguments.text("filter"))
    parse_order(arguments.text("order_by", "opened DESC"))


def _bytes(document: Json) -> bytes:
    try:
        text = _dumps(document)
    except ValueError:  # a number that JSON has no word for
        text = _dumps(jsonable(document))
    return text.encode("utf-8", "replace")


def _dumps(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
