"""Where a kernel runs: which front end, which notebook, which kernel."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmlops.records import Place


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """What can be known of the front end; None where it tells nothing."""

    place: Place
    notebook: Path | None = None
    kernel_id: str | None = None


def front_end_of(shell: Any) -> FrontEnd:
    """Find out from inside the kernel which front end it serves.

    The notebook's path is the one it had when the kernel started: Jupyter does not tell kernels of
    a renamed file. The kernel id lets a server find the present one.
    """
    if shell is None:
        return FrontEnd("script", _script())
    if not hasattr(shell, "kernel"):
        return FrontEnd("ipython")
    vscode = shell.user_ns.get("__vsc_ipynb_file__")
    if isinstance(vscode, str):
        return FrontEnd("vscode", Path(vscode), _kernel_id())
    if "google.colab" in sys.modules:
        return FrontEnd("colab", None, _kernel_id())
    return FrontEnd("jupyter", _jupyter_notebook(), _kernel_id())


def _script() -> Path | None:
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(path).absolute() if path else None


def _jupyter_notebook() -> Path | None:
    name = os.environ.get("JPY_SESSION_NAME")
    return Path(name).absolute() if name and name.endswith(".ipynb") else None


def _kernel_id() -> str | None:
    from ipykernel.connect import get_connection_file

    try:
        return Path(get_connection_file()).stem.removeprefix("kernel-")
    except (RuntimeError, OSError):  # a kernel started without a connection file
        return None
