"""Processes that make fresh ones by forking, so that each costs milliseconds.

``python -m tests.slicing.forge kernels`` forks real ipykernels that record with nbmlops,
``… shells`` forks plain IPython shells that execute cells without it. Orders come as JSON, one a
line, on standard input; an answer goes out for each. A forge has one thread and never executes
cells itself. `Forge` is the side that gives orders.
"""

import asyncio
import builtins
import contextlib
import importlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, Self

from tests.forked_kernels import OF_EVERY_KERNEL, fork, share_what_is_there

TIMEOUT_SECONDS = 240.0
# One thread, so that it can be forked; one hash seed, so that sets print alike in all processes.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline", "NBMLOPS_QUIET": "1",
    # As ipykernel sets them.
    "TERM": "xterm-color", "CLICOLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1",
    "PAGER": "cat", "GIT_PAGER": "cat",
}  # fmt: skip
_FOREIGN = ("NBMLOPS_", "JPY_", "IPYTHON", "PYTHON", "PYTEST", "COV_")

type Kind = Literal["kernels", "shells"]


class Forge:
    """A forge that was started; ends with it. Not for several threads at once."""

    def __init__(self, kind: Kind, scratch: Path) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(_FOREIGN)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.slicing.forge", kind],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2],
            env=kept | _ENVIRONMENT | {"IPYTHONDIR": str(scratch / "ipython")},
        )  # fmt: skip

    def order(self, **order: Any) -> Any:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a forge ended by itself")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()


# From here on: what runs in the forge.


def main(kind: Kind) -> None:
    """Fork for every order until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.set_inheritable(answers.fileno(), False)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    orders = os.fdopen(os.dup(0))
    os.dup2(nowhere, 0)
    # As for a kernel, the first place to import from is the working directory.
    sys.path[0] = ""
    prepare = {"kernels": _prepare_kernels, "shells": _prepare_shells}[kind]
    child = prepare()
    share_what_is_there()
    kernels: set[int] = set()
    for line in orders:
        order = json.loads(line)
        _preload(order.get("preload", ()))
        pid = fork()
        if pid == 0:
            _be(child, order)
        timed_out = kind == "shells" and not _ended(pid, order.get("timeout", TIMEOUT_SECONDS))
        answers.write(json.dumps({"pid": pid, "timed_out": timed_out}) + "\n")
        answers.flush()
        if kind == "kernels":
            kernels.add(pid)
        with contextlib.suppress(ChildProcessError):
            while gone := os.waitpid(-1, os.WNOHANG)[0]:
                kernels.discard(gone)
    for pid in kernels:  # whoever gave the orders may have been killed
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _be(child: Any, order: Mapping[str, Any]) -> None:
    """Be the new process."""
    try:
        os.setsid()
        os.environ.update(order.get("environment", {}))
        os.chdir(order["folder"])
        _seed()
        child(order)
    except BaseException:  # nothing may go on in the forge's own loop
        with contextlib.suppress(OSError):
            traceback.print_exc()
    finally:
        os._exit(0)


def _ended(pid: int, timeout: float) -> bool:
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def _preload(modules: Sequence[str]) -> None:
    # pandas asks when it is imported whether this is a notebook, and shows tables accordingly.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    for module in modules:
        if module not in sys.modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
            share_what_is_there()
    del builtins.get_ipython  # type: ignore[attr-defined]


def _seed() -> None:
    """Make random what all forks would otherwise share."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _prepare_kernels() -> Any:
    import ipykernel.kernelapp

    for module in OF_EVERY_KERNEL:
        importlib.import_module(module)

    def child(order: Mapping[str, Any]) -> None:
        app = ipykernel.kernelapp.IPKernelApp.instance()
        app.initialize(["-f", order["connection"], "--HistoryManager.enabled=False"])
        if order.get("recorded", True):
            from tests.slicing import timed_hooks

            timed_hooks.install()
            app.shell.extension_manager.load_extension("nbmlops")
        Path(order["ready"]).touch()
        app.start()

    return child


def _prepare_shells() -> Any:
    from tests.slicing.plain_shell import PlainShell

    shell = PlainShell.instance()

    def child(order: Mapping[str, Any]) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        told: list[list[Any]] = []
        sys.stdout, sys.stderr = _Told(shell.tell, "stdout"), _Told(shell.tell, "stderr")
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(shell.execute(order["cells"], told.append))
        Path(order["answer"]).write_text(json.dumps(told))

    return child


class _Told(io.TextIOBase):
    """A stream that tells what is written to it."""

    encoding = "utf-8"

    def __init__(self, tell: Any, name: str) -> None:
        self._tell, self.name = tell, f"<{name}>"
        self._stream = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._tell(self._stream, str(text))
        return len(text)

    def fileno(self) -> int:
        return 1 if self._stream == "stdout" else 2


if __name__ == "__main__":
    main(sys.argv[1])  # type: ignore[arg-type]
