"""Kernels of tests, forked from one process that has imported what every kernel imports.

A kernel that records needs more than a second of processor time to start, nearly all of it for
imports; the tests start hundreds. So the first kernel of a process that runs tests starts a parent
of kernels, which has imported ipykernel and nbmlops (and neither started a thread nor imported
numpy) and forks for every kernel. The kernel itself runs ``python -m ipykernel_launcher`` in the
copy, in its own session, with its own folder, environment and streams.

What cannot be had by forking is started as Jupyter does: another command, another Python, pipes, or
an environment that Python itself reads while it starts.
"""

import atexit
import gc
import importlib
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_LAUNCHER = "ipykernel_launcher"
# What every kernel that records imports in its first second.
OF_EVERY_KERNEL = (
    "ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "nbmlops.magics", "nbmlops.tracking.current", "nbmlops.tracking.why", "nbmlops.store.sql",
    "sqlalchemy.dialects.sqlite", "zmq.eventloop.zmqstream",
)  # fmt: skip
_PARENT = "JPY_PARENT_PID"
_HEADER_BYTES = 8  # the length of the request that follows
_LOOK_SECONDS = 0.01


class ForkedKernel:
    """A kernel's process: as much of `subprocess.Popen` as Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, parent: "ParentOfKernels", pid: int, args: Sequence[str]) -> None:
        self.pid, self.args, self.returncode = pid, args, None
        self._parent = parent

    def poll(self) -> int | None:
        """Return what the process ended with, minus the number of a signal; None if it runs."""
        if self.returncode is None:
            self.returncode = self._parent.ending_of(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return what the process ends with."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(list(self.args), timeout or 0)
            time.sleep(_LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the process if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


class ParentOfKernels:
    """The process that forks, seen from the one that runs tests. It ends with that one."""

    def __init__(self) -> None:
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(its.fileno())],
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._started_with = _read_at_start(os.environ)
        self._socket = ours
        self._one_at_a_time = threading.Lock()
        atexit.register(self._end)

    def can_fork(self, command: Sequence[str], options: Mapping[str, Any]) -> bool:
        """Tell whether a kernel that Jupyter starts so would be the same when forked."""
        return (
            list(command[:3]) == [sys.executable, "-m", _LAUNCHER]
            and not any(options.get(stream) for stream in ("stdin", "stdout", "stderr"))
            and _read_at_start(options.get("env") or {}) == self._started_with
        )

    def fork(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> int:
        """Start a kernel; return its process id."""
        request = {"command": list(command), "folder": folder, "environment": dict(environment)}
        return self._ask(request, (1, 2))

    def ending_of(self, pid: int) -> int | None:
        """Return what a kernel ended with, None while it runs."""
        return self._ask({"pid": pid})

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()

    def _ask(self, request: dict[str, Any], streams: Sequence[int] = ()) -> Any:
        message = json.dumps(request).encode()
        with self._one_at_a_time:
            socket.send_fds(self._socket, [len(message).to_bytes(_HEADER_BYTES)], streams)
            self._socket.sendall(message)
            answer = self._socket.recv(1024)
        if not answer:
            raise RuntimeError("the parent of the tests' kernels has ended")
        return json.loads(answer)


_parent: ParentOfKernels | None = None
_making = threading.Lock()


def launch(command: Sequence[str], **options: Any) -> Any:
    """Start a kernel's process as `jupyter_client.launcher.launch_kernel` does, sooner."""
    global _parent
    with _making:
        if _parent is None:
            _parent = ParentOfKernels()
    if not _parent.can_fork(command, options):
        return _launch_kernel(command, **options)
    pid = _parent.fork(command[3:], str(options.get("cwd") or Path.cwd()), options["env"])
    return ForkedKernel(_parent, pid, command)


def install() -> None:
    """Have the kernels that Jupyter starts in this process forked."""
    global _launch_kernel
    from jupyter_client.provisioning import local_provisioner

    if local_provisioner.launch_kernel is not launch:
        _launch_kernel = local_provisioner.launch_kernel
        local_provisioner.launch_kernel = launch


_launch_kernel: Any = None


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what Python and the system's loader read of an environment before any import."""
    read = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC", "OMP_", "TZ", "HOME")
    return {name: text for name, text in environment.items() if name.startswith(read)}


# What follows runs in the process that forks, and in the kernels.


def _serve(requests: socket.socket) -> tuple[dict[str, Any], Sequence[int]] | None:
    """Fork for every request, until the process that asks has ended; return one in its kernel."""
    while asked := _received(requests):
        request, streams = asked
        answer = _ending_of(request["pid"]) if "pid" in request else fork()
        if "command" in request:
            if answer == 0:
                requests.close()
                return asked
            while os.getpgid(answer) != answer:  # Jupyter asks at once, to interrupt the group
                time.sleep(_LOOK_SECONDS / 10)
        for stream in streams:
            os.close(stream)
        requests.sendall(json.dumps(answer).encode())
    return None


def fork() -> int:
    """Fork as `os.fork` does, where that is safe."""
    if sys.platform == "linux":
        threads = list(Path("/proc/self/task").iterdir())
        assert len(threads) == 1, "a process with threads cannot be forked safely"
    return os.fork()


def share_what_is_there() -> None:
    """Keep Python's collector away from what was made until now, whose memory would be copied."""
    gc.collect()
    gc.freeze()


def _received(requests: socket.socket) -> tuple[dict[str, Any], Sequence[int]] | None:
    header, streams, _, _ = socket.recv_fds(requests, _HEADER_BYTES, 2)
    if len(header) < _HEADER_BYTES:
        return None
    message = b""
    while len(message) < int.from_bytes(header):
        message += requests.recv(int.from_bytes(header) - len(message))
    return json.loads(message), streams


_endings: dict[int, int] = {}  # the system tells each once


def _ending_of(pid: int) -> int | None:
    if pid not in _endings:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            _endings[pid] = os.waitstatus_to_exitcode(status)
    return _endings.get(pid)


def _be_a_kernel(request: dict[str, Any], streams: Sequence[int]) -> None:
    """Run the kernel until it ends, as the process does then, by itself."""
    os.setsid()
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ[_PARENT] = str(os.getppid())
    random.seed()
    sys.argv = [_LAUNCHER, *request["command"]]
    runpy.run_module(_LAUNCHER, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    del sys.path[0]
    os.environ[_PARENT] = str(os.getpid())  # ipykernel looks while it is imported
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for imported in OF_EVERY_KERNEL:
        importlib.import_module(imported)
    share_what_is_there()
    if kernel := _serve(socket.socket(fileno=int(sys.argv[1]))):
        _be_a_kernel(*kernel)
