"""Executing a notebook in a real kernel that records, and asking for the slice of every output."""

import contextlib
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from nbmlops.config import sqlite_url
from nbmlops.records import Execution
from nbmlops.store import open_store
from nbmlops.tracking.recorded_session import RecordedSession
from tests.kernels import FLUSH, SESSION, Kernel
from tests.slicing.forge import TIMEOUT_SECONDS, Forge
from tests.slicing.notebooks import Cell
from tests.slicing.outputs import Shown, shown_in

_HERE = "__import__('nbmlops.tracking.why').tracking.why.why_here"
_HOOKS = "__import__('tests.slicing.timed_hooks').slicing.timed_hooks.seconds"


@dataclass(frozen=True, slots=True)
class Executed:
    """A cell executed once in the kernel.

    ``sequence`` is its number in the session, None where it was not recorded; ``slice`` the
    numbers of the executions that nbmlops says its output needs.
    """

    cell: Cell
    shown: Shown
    count: int
    sequence: int | None = None
    slice: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a kernel did, and what it cost to record each cell, by id and in seconds."""

    executed: tuple[Executed, ...]
    overheads: tuple[tuple[str, float], ...]
    problem: str | None = None


class ForgedKernel(Kernel):
    """A kernel that a forge made; it is spoken to like any other."""

    def __init__(self, forge: Forge, folder: Path, store: Path, preload: Sequence[str]) -> None:
        self.folder = folder
        self.url = sqlite_url(store)
        self._sockets = Path(tempfile.mkdtemp(prefix="nbk"))  # ipc paths have to be short
        connection = str(self._sockets / "kernel-1.json")
        write_connection_file(connection, ip=str(self._sockets / "k"), transport="ipc", key=b"k")
        ready = self._sockets / "ready"
        self._pid = forge.order(
            folder=str(folder), connection=connection, ready=str(ready), preload=preload,
            environment={"NBMLOPS_STORE": str(store)},
        )["pid"]  # fmt: skip
        self.client = BlockingKernelClient(connection_file=connection)
        self.client.load_connection_file()
        self.client.start_channels(hb=False)
        self._wait(ready)

    def _wait(self, ready: Path) -> None:
        """Return when the kernel answers on all channels."""
        until = time.monotonic() + TIMEOUT_SECONDS
        while not ready.exists():
            if time.monotonic() > until:
                raise TimeoutError("a forked kernel did not start")
            time.sleep(0.005)
        while time.monotonic() < until:
            self.client.kernel_info()
            self.client.get_shell_msg(timeout=TIMEOUT_SECONDS)
            try:
                while True:
                    message = self.client.get_iopub_msg(timeout=0.1)
                    if message["content"].get("execution_state") == "idle":
                        return
            except Empty:
                continue
        raise TimeoutError("a forked kernel does not tell what it shows")

    def close(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        self.client.stop_channels()
        shutil.rmtree(self._sockets, ignore_errors=True)


def record(
    cells: Sequence[Cell],
    forge: Forge,
    folder: Path,
    *,
    again: Callable[[Sequence[Executed]], Sequence[Cell]] | None = None,
    preload: Sequence[str] = (),
) -> Recorded:
    """Execute cells in a folder, in order; return what they showed, with slices.

    ``again`` chooses cells to execute afterwards, having seen what the others did.
    """
    with (
        tempfile.TemporaryDirectory(prefix="nbmlops-store-") as place,
        ForgedKernel(forge, folder, Path(place) / "store.db", preload) as kernel,
    ):
        executed = [_executed(kernel, cell) for cell in cells]
        executed += [_executed(kernel, cell) for cell in (again(executed) if again else ())]
        session_id = kernel.ask(SESSION)
        assert kernel.ask(FLUSH)
        seconds = kernel.ask(_HOOKS)
        store = open_store(kernel.url)
        try:
            session = RecordedSession(store, session_id, None)
            found = _with_slices(executed, session)
        finally:
            store.close()
        # A cell that runs others has several; the first is the whole.
        ids = [each.cell.id for each in executed]
        overheads = tuple(zip(ids, seconds, strict=False)) if len(ids) == len(seconds) else ()
        return Recorded(found, overheads, _asked_here(kernel, found))


def _executed(kernel: ForgedKernel, cell: Cell) -> Executed:
    reply = kernel.run(cell.source, cell_id=cell.id, tags=cell.tags)
    events: list[Sequence[Any]] = []
    for message in reply.messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            events.append((content["name"], content["text"]))
        elif kind == "error":
            events.append(("error", content["ename"], content["evalue"]))
        elif kind == "clear_output":
            events.append(("clear",))
        elif "data" in content and "nbmlops" not in content.get("metadata", {}):
            events.append(("data", content["data"]))
    return Executed(cell, shown_in(events, kernel.folder), reply.content["execution_count"])


def _with_slices(executed: Sequence[Executed], session: RecordedSession) -> tuple[Executed, ...]:
    """Return executions with their numbers and slices.

    The session's executions are these in the same order, but for what is kept out of the record.
    """
    waiting = list(session.executions)
    found = []
    for each in executed:
        execution = waiting[0] if waiting and _is_of(waiting[0], each.cell) else None
        if execution is None:
            found.append(each)
            continue
        waiting.pop(0)
        number = execution.sequence
        page = session.explained(session.target(cell=number)) if not each.shown.is_empty else None
        found.append(
            Executed(each.cell, each.shown, each.count, number, page.executions if page else ())
        )
    return tuple(found)


def _is_of(execution: Execution, cell: Cell) -> bool:
    return execution.cell_key == cell.id and execution.source == cell.source


def _asked_here(kernel: ForgedKernel, executed: Sequence[Executed]) -> str | None:
    """Ask the kernel itself for the last slice, as a user would; return what is wrong with it."""
    last = next((each for each in reversed(executed) if each.slice), None)
    if last is None:
        return None
    try:
        answer = kernel.ask(f"{_HERE}(cell={last.sequence}).executions")
    except AssertionError as problem:
        return f"why in the kernel failed: {problem}"
    if tuple(answer) != last.slice:
        return f"why in the kernel said {answer}, the store {list(last.slice)}"
    return None


def rerun(
    executed: Sequence[Executed], forge: Forge, folder: Path, *, preload: Sequence[str] = ()
) -> list[Shown] | None:
    """Execute some executions again, in a fresh process without nbmlops; None if it never ended."""
    with tempfile.NamedTemporaryFile(prefix="nbmlops-rerun-") as answer:
        cells = [
            {"source": without_magics(each.cell.source), "count": each.count, "id": each.cell.id}
            for each in executed
        ]
        forge.order(folder=str(folder), cells=cells, answer=answer.name, preload=preload)
        text = Path(answer.name).read_text()
    if not text:
        return None
    return [shown_in(events, folder) for events in json.loads(text)]


def without_magics(source: str) -> str:
    """Return a cell without the lines that only tell nbmlops something."""
    kept = [
        line
        for line in source.splitlines(keepends=True)
        if not line.strip().startswith(("%load_ext nbmlops", "%nbmlops", "%%nbmlops"))
    ]
    return "".join(kept)


def slices_by_number(executed: Sequence[Executed]) -> Mapping[int, Executed]:
    """Return the recorded executions by their number."""
    return {each.sequence: each for each in executed if each.sequence is not None}
