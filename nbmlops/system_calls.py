"""System calls that keep the interpreter to the thread that makes them.

Python lets other threads in whenever it calls the system. Where one is waiting, to be let in again
takes ten times as long as a short call itself, and the user's cell waits for that.
"""

import ctypes
import os

_pwrite = ctypes.PyDLL(None, use_errno=True).pwrite
_pwrite.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_ssize_t)
_pwrite.restype = ctypes.c_ssize_t


def pwrite_undisturbed(handle: int, data: bytes, offset: int) -> int:
    """Write bytes to an open file, as `os.pwrite` does: return how many; raises `OSError`.

    For what is short, and written to where that takes no time: all threads wait.
    """
    written: int = _pwrite(handle, data, len(data), offset)
    if written < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return written
