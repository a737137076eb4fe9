"""How executions end: what IPython says of them, and the records of what was raised."""

import asyncio
import re
import sys
import traceback
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.capture.outputs import strip_ansi
from nbmlops.records import Failure, Outcome

_IPYTHON_FRAME = re.compile(r"[\\/]IPython[\\/]core[\\/]")

# As Python itself has it, whatever a class of the user's makes of it.
_CODE_OF = SystemExit.__dict__["code"].__get__


def outcome_of(shell: Any, result: Any) -> tuple[Outcome, BaseException | None]:
    """Return how an execution ended, by IPython's result, and what it failed with.

    Asks no object of the user's anything.
    """
    if result is None:  # the cell was cancelled so early that IPython has no result
        return "interrupted", None
    error = result.error_before_exec
    if error is None:
        error = result.error_in_exec
    # A result that cannot be shown: the kernel tells the front end of an error, IPython of none.
    if error is None and getattr(shell, "_last_traceback_during_displayhook", False):
        error = getattr(sys, "last_value", None)
    if error is None or is_normal_exit(error):
        return "ok", None
    if issubclass(type(error), KeyboardInterrupt | asyncio.CancelledError):
        return "interrupted", error
    return "error", error


def is_normal_exit(error: BaseException) -> bool:
    """Tell whether an exception is ``sys.exit()`` or ``sys.exit(0)``."""
    if not issubclass(type(error), SystemExit):
        return False
    code = _CODE_OF(error)
    return code is None or (issubclass(type(code), int) and int.__eq__(code, 0))


def failure_of(error: BaseException) -> Failure:
    """Return the record of an exception, its traceback beginning in the user's own code."""
    name = class_name(error)
    try:
        message = str(error)
    except BaseException as problem:  # noqa: BLE001, an exception whose own __str__ fails
        message = f"<its text failed: {type(problem).__name__}>"
    lines = traceback.format_list(
        [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if not _IPYTHON_FRAME.search(frame.filename)
        ]
    )
    text = "".join(lines) + f"{name}: {message}"
    return Failure(name, strip_ansi(message), strip_ansi(text))
