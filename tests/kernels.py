"""Real kernels for tests: started over ipc sockets, given cells, killed and interrupted."""

import ast
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from jupyter_client.manager import KernelManager

from nbmlops.config import sqlite_url
from nbmlops.records import Execution, RunDetail
from nbmlops.store import open_store
from nbmlops.store.base import Order, RunQuery, Store
from nbmlops.tracking.looking import detail

TIMEOUT_SECONDS = 120
FLUSH = "__import__('nbmlops.tracking.current').tracking.current.tracker().flush()"
SESSION = "__import__('nbmlops.tracking.current').tracking.current.tracker().session.id"
# What a kernel may inherit from the process that runs the tests and must not.
_FOREIGN = ("NBMLOPS_", "JPY_", "IPYTHON", "PYTHONPATH", "PYTEST", "COV_")


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what would change how a kernel records."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_FOREIGN)}
    return kept | more


@contextmanager
def own_environment(ipython_folder: Path) -> Iterator[None]:
    """Keep the settings of whoever runs the tests from kernels that this process starts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(clean_environment()):
            if not name.startswith("PYTEST"):
                patch.delenv(name)
        patch.setenv("IPYTHONDIR", str(ipython_folder))
        yield


@dataclass(frozen=True)
class Reply:
    """What a kernel answered to a cell: its reply and every output message, in order."""

    content: dict[str, Any]
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.content["status"]

    @property
    def error(self) -> str | None:
        return self.content.get("ename")

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    def stream(self, name: str = "stdout") -> str:
        return "".join(part["text"] for part in self.of("stream") if part["name"] == name)

    @property
    def stdout(self) -> str:
        return self.stream("stdout")

    @property
    def stderr(self) -> str:
        return self.stream("stderr")

    @property
    def lines(self) -> list[str]:
        """The lines that nbmlops showed below the cell."""
        return [
            shown["data"]["text/plain"]
            for shown in self.of("display_data")
            if "nbmlops" in shown["metadata"]
        ]

    @property
    def visible(self) -> list[tuple[str, Any]]:
        """What a user sees that is not from nbmlops: streams joined, data, errors by name."""
        found: list[tuple[str, Any]] = []
        for message in self.messages:
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                if found and found[-1][0] == content["name"]:
                    found[-1] = (content["name"], found[-1][1] + content["text"])
                else:
                    found.append((content["name"], content["text"]))
            elif kind == "error":
                found.append((kind, (content["ename"], content["evalue"])))
            elif kind in ("execute_result", "display_data", "update_display_data"):
                if "nbmlops" not in content["metadata"]:
                    found.append((kind, content["data"]))
            elif kind == "clear_output":
                found.append((kind, content["wait"]))
        return found


class Kernel:
    """A kernel in a folder of its own process. Use it as a context manager."""

    def __init__(self, folder: Path, *, name: str = "python3", **env: str) -> None:
        self.folder = folder
        self.url = sqlite_url(folder / ".nbmlops" / "store.db")
        self._sockets = Path(tempfile.mkdtemp(prefix="nbk"))  # ipc paths have to be short
        self.manager = KernelManager(
            kernel_name=name, transport="ipc", connection_file=str(self._sockets / "kernel-1.json")
        )
        environment = clean_environment(IPYTHONDIR=str(self._sockets / "ipython"), **env)
        self.manager.start_kernel(cwd=str(folder), env=environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        source: str,
        *,
        cell_id: str | None = None,
        tags: Sequence[str] = (),
        answers: Sequence[str] = (),
        on_output: Callable[[str], None] | None = None,
    ) -> Reply:
        """Execute a cell as a front end does; ``answers`` are typed where it asks for input."""
        messages: list[dict[str, Any]] = []
        waiting = list(answers)

        def output(message: dict[str, Any]) -> None:
            messages.append(message)
            if on_output is not None and message["msg_type"] == "stream":
                on_output(message["content"]["text"])

        def asked(_: dict[str, Any]) -> None:
            self.client.input(waiting.pop(0))

        self.client.session.metadata = _metadata(cell_id, tags)
        try:
            reply = self.client.execute_interactive(
                source,
                allow_stdin=bool(answers),
                stop_on_error=False,
                output_hook=output,
                stdin_hook=asked if answers else None,
                timeout=TIMEOUT_SECONDS,
            )
        finally:
            self.client.session.metadata = {}
        return Reply(reply["content"], messages)

    def run_and_interrupt(self, source: str) -> Reply:
        """Execute a cell that prints ``ready``, and interrupt it when it has."""
        return self.run(
            source, on_output=lambda text: self.manager.interrupt_kernel() if "ready" in text else 0
        )

    def start(self, source: str, *, until: str = "ready") -> None:
        """Begin to execute a cell and return when it has printed a word."""
        self.client.execute(source)
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT_SECONDS)
            if message["msg_type"] == "stream" and until in message["content"]["text"]:
                return

    def begin(self, store: Path) -> None:
        """Begin another session, in an empty namespace, recorded to another store."""
        self.url = sqlite_url(store)
        self.quietly(f"""
get_ipython().reset()
def begin():
    import os, nbmlops
    from nbmlops.tracking import current
    current.stop()
    os.environ["NBMLOPS_STORE"] = {str(store)!r}
    nbmlops.load_ipython_extension(get_ipython())
begin()
del begin
""")

    def quietly(self, source: str) -> None:
        """Execute something unseen by what records."""
        reply = self.client.execute_interactive(
            source, silent=True, output_hook=lambda _: None, timeout=TIMEOUT_SECONDS
        )
        assert reply["content"]["status"] == "ok", reply["content"]

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the kernel, unseen by what records."""
        reply = self.client.execute_interactive(
            "",
            silent=True,
            store_history=False,
            user_expressions={"asked": f"__import__('json').dumps({expression})"},
            output_hook=lambda _: None,
            timeout=TIMEOUT_SECONDS,
        )
        answer = reply["content"]["user_expressions"]["asked"]
        if answer["status"] != "ok":
            raise AssertionError(f"{answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def store(self) -> Store:
        """Return the store with everything recorded until now; the caller closes it."""
        assert self.ask(FLUSH)
        return open_store(self.url)

    def executions(self) -> list[Execution]:
        """Return every execution recorded until now."""
        session = self.ask(SESSION)
        store = self.store()
        try:
            return store.session_executions(session)
        finally:
            store.close()

    def runs(self) -> list[RunDetail]:
        """Return every run recorded until now, the first one first."""
        store = self.store()
        try:
            return all_runs(store)
        finally:
            store.close()

    def kill(self) -> None:
        """End the process as ``kill -9`` does."""
        self.manager.signal_kernel(9)
        self.wait_for_death()

    def wait_for_death(self) -> None:
        """Return when the process has ended."""
        self.manager.provisioner.process.wait(TIMEOUT_SECONDS)

    def close(self) -> None:
        """Shut the kernel down as a front end does, and release everything."""
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        self.manager.cleanup_resources()
        shutil.rmtree(self._sockets, ignore_errors=True)


@contextmanager
def recording_kernel(folder: Path) -> Iterator[Kernel]:
    """Give a kernel that records from its first cell, to a store in its folder."""
    (folder / ".nbmlops").mkdir()
    with Kernel(folder) as started:
        assert started.run("%load_ext nbmlops").status == "ok"
        yield started


def all_runs(store: Store) -> list[RunDetail]:
    """Return every run of a store, the first one first, with all its parts."""
    oldest_first = RunQuery(order=Order("opened", descending=False))
    return [detail(store, summary.run.id) for summary in store.runs(oldest_first)]


def runs_at(url: str) -> list[RunDetail]:
    """Return every run of the store at a URL, as another process sees them now."""
    store = open_store(url)
    try:
        store.settle()
        return all_runs(store)
    finally:
        store.close()


def params_of(run: RunDetail) -> dict[str, Any]:
    """Return a run's parameters by name."""
    return {param.name: param.value for param in run.summary.params}


def metrics_of(run: RunDetail) -> dict[str, float]:
    """Return the last values of a run's metrics by name."""
    return {metric.name: metric.last for metric in run.summary.metrics}


def sources_of(run: RunDetail) -> list[str]:
    """Return the sources of the executions that a run contains, in order."""
    return [execution.source for execution, _ in run.executions]


def _metadata(cell_id: str | None, tags: Sequence[str]) -> Mapping[str, Any]:
    metadata: dict[str, Any] = {"cellId": cell_id} if cell_id else {}
    return metadata | ({"tags": list(tags)} if tags else {})
