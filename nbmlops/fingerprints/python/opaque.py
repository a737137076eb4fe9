"""Values that cannot be looked at, and why, in words for the one who asks."""

from typing import Any

from nbmlops.fingerprints.base import Described, Mode
from nbmlops.fingerprints.python.classes import ancestors, defined, full_name
from nbmlops.fingerprints.walking import opaque

_REASONS = {
    "a generator: looking at it would run it": "builtins.generator builtins.async_generator",
    "a coroutine: looking at it would run it": "builtins.coroutine builtins.coroutine_wrapper",
    "an open file: its content is in the file": "_io._IOBase mmap.mmap",
    "a socket": "_socket.socket",
    "a lock": "_thread.lock _thread.RLock threading.Condition threading.Event threading.Barrier "
    "threading.Semaphore multiprocessing.synchronize.SemLock",
    "a thread": "threading.Thread _thread._ThreadHandle",
    "a process": "subprocess.Popen multiprocessing.process.BaseProcess",
    "a connection": "sqlite3.Connection sqlite3.Cursor _multiprocessing.Connection",
    "a future: what it comes to is not there yet": "_asyncio.Future _asyncio.Task "
    "concurrent.futures._base.Future",
    "a reference that does not keep its object": "weakref.ReferenceType weakref.ProxyType "
    "weakref.CallableProxyType",
    "bytecode: its source is looked at instead": "builtins.code",
    "a moment of a program that runs": "builtins.frame builtins.traceback",
    "a context variable": "_contextvars.ContextVar _contextvars.Context",
}
_BY_TYPE = {name: reason for reason, names in _REASONS.items() for name in names.split()}

TYPES = tuple(_BY_TYPE)


def unreadable(value: Any, _mode: Mode) -> Described:
    """Describe a value that looking at would change, or that is no value but a thing at work."""
    return opaque(value, why_opaque(type(value)))


def why_opaque(kind: type) -> str:
    """Say why values of a type are opaque."""
    for ancestor in ancestors(kind):
        if full_name(ancestor) in _BY_TYPE:
            return _BY_TYPE[full_name(ancestor)]
    if defined(kind, "__next__") is not None:
        return "an iterator: looking at it would use it up"
    return f"no adapter for {full_name(kind)}".replace(" builtins.", " ")
