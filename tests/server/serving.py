"""A real Jupyter server in a thread of this process, and asking it over HTTP."""

import asyncio
import contextlib
import http.client
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from tests.server.contract import DOCUMENT, check

TOKEN = "secret"
BASE = "/a%40b/"
_API = f"{BASE}nbmlops/api"
_PATTERNS = [
    (re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$"), path)
    for path in sorted(DOCUMENT["paths"], key=lambda path: path.count("{"))
]


@dataclass
class Got:
    """An answer. ``document`` is None where it has none."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    document: Any = None


@dataclass
class Serving:
    """A server that runs. ``path`` is sent with every request that says nothing else."""

    app: ServerApp
    port: int
    loop: asyncio.AbstractEventLoop
    path: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"token {TOKEN}"})

    @property
    def parts(self) -> dict[str, Any]:
        """What the extension hands to its handlers."""
        rules = [
            rule
            for group in self.app.web_app.default_router.rules
            for rule in getattr(group.target, "rules", [])
            if "nbmlops" in getattr(getattr(rule.matcher, "regex", None), "pattern", "")
        ]
        return rules[0].target_kwargs

    def get(self, address: str, **arguments: Any) -> Any:
        """Return the document of an answer that went well and is what the contract says."""
        got = self.ask("GET", address, **arguments)
        assert got.status == 200, got.body
        return got.document

    def problem(self, status: int, address: str, method: str = "GET", **arguments: Any) -> Any:
        """Return what a request is refused with, at this status."""
        got = self.ask(method, address, **arguments)
        assert got.status == status, (got.status, got.body)
        assert set(got.document) >= {"code", "message", "hint"}
        return got.document

    def ask(self, method: str, address: str, **request: Any) -> Got:
        """Ask for an address below the interface's base, and check the answer by the contract."""
        got = self.fetch(method, address, **request)
        if got.body and got.headers["Content-Encoding"] is None:
            path = next((path for pattern, path in _PATTERNS if pattern.match(address)), None)
            if path is not None and method.lower() in DOCUMENT["paths"][path]:
                got.document = check(path, method, got.status, got.body)
            else:
                got.document = json.loads(got.body)
        return got

    def fetch(
        self,
        method: str,
        address: str,
        *,
        body: Any = None,
        headers: dict[str, str] | None = None,
        **arguments: Any,
    ) -> Got:
        """Ask for an address below the interface's base."""
        given = {"path": self.path, **arguments} if self.path else arguments
        query = urllib.parse.urlencode(given, doseq=True)
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(
                method, f"{_API}{address}?{query}", sent, self.headers | (headers or {})
            )
            answer = connection.getresponse()
            return Got(answer.status, answer.headers, answer.read())


@contextlib.contextmanager
def serving(root: Path, home: Path, config: dict[str, Any] | None = None) -> Iterator[Serving]:
    """Run a server for a folder, with nothing of whoever runs the tests."""
    began: Future[tuple[ServerApp, asyncio.AbstractEventLoop]] = Future()

    def run() -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            began.set_result((_started(root, home, config or {}, loop), loop))
            loop.run_forever()
        except BaseException as problem:  # the test tells it
            if not began.done():
                began.set_exception(problem)
        finally:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    app, loop = began.result(timeout=60)
    try:
        yield Serving(app, app.port, loop)
    finally:
        asyncio.run_coroutine_threadsafe(_stopped(app), loop).result(timeout=30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=30)
        ServerApp.clear_instance()


def _started(
    root: Path, home: Path, config: dict[str, Any], loop: asyncio.AbstractEventLoop
) -> ServerApp:
    ServerApp.clear_instance()
    settings = Config({
        "ServerApp": {"jpserver_extensions": {"nbmlops": True}, "token": ""},
        "IdentityProvider": {"token": TOKEN},
    })  # fmt: skip
    settings.merge(Config(config))
    app = ServerApp.instance(
        config=settings, root_dir=str(root), port=0, port_retries=0, ip="127.0.0.1",
        open_browser=False, allow_root=True, base_url=BASE, log_level="ERROR",
        runtime_dir=str(home / "runtime"), data_dir=str(home / "data"),
        config_dir=str(home / "config"),
    )  # fmt: skip
    app.init_signal = lambda: None

    async def begin() -> None:
        app.initialize(argv=[], new_httpserver=True)
        app.start_app()

    loop.run_until_complete(begin())
    app.port = next(iter(app.http_server._sockets.values())).getsockname()[1]
    return app


async def _stopped(app: ServerApp) -> None:
    await app._cleanup()
    app.kernel_manager.context.destroy()
