"""The one handler behind every address: who asks may do so, a thread answers, the loop sends."""

import asyncio
import functools
import json
from concurrent.futures import Future
from inspect import isawaitable
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from nbmlops.errors import NbmlopsError, TooBusy, TookTooLong
from nbmlops.server.answering import Answerer, Incoming, Reply
from nbmlops.server.asked import Arguments
from nbmlops.server.problems import (
    AGAIN_SECONDS,
    plain_problem_json,
    problem_json,
    status_of,
)
from nbmlops.server.routes import Route
from nbmlops.server.watching import Watcher
from nbmlops.server.working import Workers

_NOBODY_WAITS = 499  # as servers call it; only the log says so
_ANONYMOUS = "Anonymous "  # how Jupyter's server names whoever shows the token alone


class ResourceHandler(APIHandler):
    """Answers the methods of one route."""

    auth_resource = "nbmlops"
    # A panel asks by itself, also when nobody is there: that must not keep a server from being
    # stopped for want of use.
    _track_activity = False

    def initialize(
        self, *, route: Route, answerer: Answerer, workers: Workers, watcher: Watcher
    ) -> None:
        """Take what the extension hands to every handler."""
        self._route, self._answerer = route, answerer
        self._workers, self._watcher = workers, watcher
        self._etag: str | None = None
        self._job: Future[Reply] | None = None

    @web.authenticated
    @authorized
    async def get(self, *names: str) -> None:
        """Answer with a document."""
        await self._answer(names)

    @web.authenticated
    @authorized
    async def post(self, *names: str) -> None:
        """Do something."""
        await self._answer(names)

    @web.authenticated
    @authorized
    async def patch(self, *names: str) -> None:
        """Change something."""
        await self._answer(names)

    @web.authenticated
    @authorized
    async def delete(self, *names: str) -> None:
        """Put something into the trash."""
        await self._answer(names)

    def compute_etag(self) -> str | None:
        """Return the tag that the answer came with, in place of a hash of it."""
        return self._etag

    def on_connection_close(self) -> None:
        """Leave out work that nobody waits for any more: what was typed before the last letter."""
        if self._job is not None:
            self._job.cancel()
        super().on_connection_close()

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer as the contract's ``Problem`` also where the server itself refuses."""
        found = details.get("exc_info", (None, None))[1]
        said = found.log_message if isinstance(found, web.HTTPError) else None
        message = str(said or self._reason)
        self._send(json.dumps(plain_problem_json(status_code, message)).encode())

    async def _answer(self, names: tuple[str, ...]) -> None:
        method = self.request.method or ""
        if method not in self._route.methods:
            raise web.HTTPError(405, f"{method} is not possible here.")
        if self._route.executes and method != "GET":
            await self._check_execution()
        incoming = Incoming(
            method,
            names,
            self._arguments(),
            self._user(),
            self.request.body,
            self.request.headers.get("If-None-Match", ""),
            "gzip" in self.request.headers.get("Accept-Encoding", ""),
        )
        try:
            work = functools.partial(self._answerer.reply, self._route, incoming)
            self._job = self._workers.start(work)
            reply = await self._workers.result(self._job)
        except (TooBusy, TookTooLong) as problem:
            reply = _refused(problem)
        except asyncio.CancelledError:
            if self._job is None or not self._job.cancelled():
                raise
            self.set_status(_NOBODY_WAITS)
            return
        if reply.project is not None:
            self._watcher.subscribe(reply.project)
        self._reply(reply)

    async def _check_execution(self) -> None:
        """Refuse who may not execute code in kernels."""
        asked = self.authorizer.is_authorized(self, self.current_user, "execute", "kernels")
        if not (await asked if isawaitable(asked) else asked):
            raise web.HTTPError(403, "You may not execute code on this server.")

    def _reply(self, reply: Reply) -> None:
        self._etag = reply.etag
        self.set_status(reply.status)
        self.set_header("Cache-Control", "no-cache, private")
        if reply.status == 503:
            self.set_header("Retry-After", str(AGAIN_SECONDS))
        if reply.status == 304:
            self.set_header("Etag", reply.etag or "")
            self.finish()
            return
        if reply.is_gzip:
            self.set_header("Content-Encoding", "gzip")
        self._send(reply.body)

    def _send(self, body: bytes) -> None:
        self.finish(body, set_content_type="application/json; charset=utf-8")

    def _arguments(self) -> Arguments:
        """Return the arguments as they were sent: tornado's own would lose control characters."""
        return Arguments({
            name: [value.decode("utf-8", "replace") for value in values]
            for name, values in self.request.query_arguments.items()
        })  # fmt: skip

    def _user(self) -> str | None:
        """Return who asks, as an identity provider says; None where it does not know."""
        user = self.current_user
        is_known = user.name and not user.name.startswith(_ANONYMOUS)
        return str(user.username) if is_known else None


def _refused(problem: NbmlopsError) -> Reply:
    return Reply(status_of(problem), json.dumps(problem_json(problem)).encode())
