"""Which types' values cannot be looked at by their nature, and why, in words for the one who asks.

No adapter lives here: `opaque` has it, and `registry` names it for the types that need one.
"""

# By the reason: types written in C, which no other adapter takes, and types written in Python,
# which would otherwise be read by their attributes.
_REASONS = {
    "a generator: looking at it would run it": ("builtins.generator builtins.async_generator", ""),
    "a coroutine: looking at it would run it": (
        "builtins.coroutine builtins.coroutine_wrapper",
        "",
    ),
    "an open file: its content is in the file": ("_io._IOBase mmap.mmap", ""),
    "a socket": ("_socket.socket", ""),
    "a lock": (
        "_thread.lock _thread.RLock multiprocessing.synchronize.SemLock",
        "threading.Condition threading.Event threading.Barrier threading.Semaphore",
    ),
    "a thread": ("_thread._ThreadHandle", "threading.Thread"),
    "a process": ("", "subprocess.Popen multiprocessing.process.BaseProcess"),
    "a connection": ("sqlite3.Connection sqlite3.Cursor _multiprocessing.Connection", ""),
    "a future: what it comes to is not there yet": (
        "_asyncio.Future _asyncio.Task",
        "concurrent.futures._base.Future",
    ),
    "a reference that does not keep its object": (
        "weakref.ReferenceType weakref.ProxyType weakref.CallableProxyType",
        "",
    ),
    "bytecode: its source is looked at instead": ("builtins.code", ""),
    "a moment of a program that runs": ("builtins.frame builtins.traceback", ""),
    "a drawing: what it shows is in the output": ("", "matplotlib.artist.Artist"),
    "a context variable": ("_contextvars.ContextVar _contextvars.Context", ""),
}

REASONS = {
    name: reason for reason, kinds in _REASONS.items() for names in kinds for name in names.split()
}
WRITTEN_IN_PYTHON = tuple(name for _, names in _REASONS.values() for name in names.split())
