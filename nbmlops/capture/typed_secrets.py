"""Hears what is typed where a cell asks for a password: `getpass` in a notebook."""

from collections.abc import Callable
from typing import Any

from nbmlops.capture.base import RedactText


class TypedSecrets:
    """Tells what a Jupyter kernel is given as a password. Elsewhere it hears nothing.

    Parameters
    ----------
    shell : InteractiveShell
    redact : RedactText
        Is told.
    fault : callable
        Is told of errors of ours: the cell gets its password all the same.
    """

    def __init__(
        self, shell: Any, redact: RedactText, fault: Callable[[str, BaseException], None]
    ) -> None:
        self._kernel: Any = getattr(shell, "kernel", None)
        self._redact, self._fault = redact, fault
        self._asks: Any = None

    def open(self) -> None:
        """Begin to listen."""
        original = getattr(self._kernel, "_input_request", None)
        if original is None or self._asks is not None:
            return

        def asks(*arguments: Any, **options: Any) -> Any:
            answer = original(*arguments, **options)
            if options.get("password") and isinstance(answer, str) and answer:
                self._learn(answer)
            return answer

        self._kernel._input_request = self._asks = asks

    def _learn(self, answer: str) -> None:
        try:
            self._redact.learn(answer, "password")
        except Exception as problem:  # noqa: BLE001, a fault of ours, in the user's cell
            self._fault("learning a password", problem)

    def close(self) -> None:
        """Listen no more, unless somebody has wrapped it since; theirs stays."""
        if self._asks is not None and vars(self._kernel).get("_input_request") is self._asks:
            del self._kernel._input_request
        self._asks = None
