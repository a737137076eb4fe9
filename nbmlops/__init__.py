"""Notebook cells become tracked, comparable, repeatable runs, without logging code.

``%load_ext nbmlops`` in a notebook is enough; see ``help(nbmlops.start_run)`` and the others for
what can be said on top. Importing the package loads nothing heavy: every name below is imported at
its first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbmlops.api import (
        log_artifact,
        log_metric,
        log_metrics,
        log_model,
        log_params,
        set_tags,
        start_run,
    )
    from nbmlops.errors import NbmlopsError
    from nbmlops.fingerprints.asking import fingerprint
    from nbmlops.fingerprints.base import Fingerprint
    from nbmlops.fingerprints.files.described import fingerprint_file
    from nbmlops.fingerprints.registry import register_fingerprint
    from nbmlops.pipelines.execute import execute_notebook, inspect_notebook
    from nbmlops.replaying.replay import replay
    from nbmlops.restoring.restore import restore
    from nbmlops.tracking.annotating import annotate
    from nbmlops.tracking.artifacts import save_artifact
    from nbmlops.tracking.doctoring import doctor
    from nbmlops.tracking.exchanging import pull, push
    from nbmlops.tracking.forgetting import forget, forget_text
    from nbmlops.tracking.keeping import delete, pin, undelete, unpin
    from nbmlops.tracking.looking import compare, data, runs, show, sql
    from nbmlops.tracking.space import gc
    from nbmlops.tracking.status import status
    from nbmlops.tracking.why import why
    from nbmlops.widgets.living import widget

__version__ = "0.1.0.dev0"

_HOMES = {
    "Fingerprint": "nbmlops.fingerprints.base",
    "NbmlopsError": "nbmlops.errors",
    "annotate": "nbmlops.tracking.annotating",
    "compare": "nbmlops.tracking.looking",
    "data": "nbmlops.tracking.looking",
    "delete": "nbmlops.tracking.keeping",
    "doctor": "nbmlops.tracking.doctoring",
    "execute_notebook": "nbmlops.pipelines.execute",
    "fingerprint": "nbmlops.fingerprints.asking",
    "fingerprint_file": "nbmlops.fingerprints.files.described",
    "forget": "nbmlops.tracking.forgetting",
    "forget_text": "nbmlops.tracking.forgetting",
    "gc": "nbmlops.tracking.space",
    "inspect_notebook": "nbmlops.pipelines.execute",
    "log_artifact": "nbmlops.api",
    "log_metric": "nbmlops.api",
    "log_metrics": "nbmlops.api",
    "log_model": "nbmlops.api",
    "log_params": "nbmlops.api",
    "pin": "nbmlops.tracking.keeping",
    "pull": "nbmlops.tracking.exchanging",
    "push": "nbmlops.tracking.exchanging",
    "register_fingerprint": "nbmlops.fingerprints.registry",
    "replay": "nbmlops.replaying.replay",
    "restore": "nbmlops.restoring.restore",
    "runs": "nbmlops.tracking.looking",
    "save_artifact": "nbmlops.tracking.artifacts",
    "set_tags": "nbmlops.api",
    "show": "nbmlops.tracking.looking",
    "sql": "nbmlops.tracking.looking",
    "start_run": "nbmlops.api",
    "status": "nbmlops.tracking.status",
    "undelete": "nbmlops.tracking.keeping",
    "unpin": "nbmlops.tracking.keeping",
    "why": "nbmlops.tracking.why",
    "widget": "nbmlops.widgets.living",
}

__all__ = [
    "Fingerprint",
    "NbmlopsError",
    "__version__",
    "annotate",
    "compare",
    "data",
    "delete",
    "doctor",
    "execute_notebook",
    "fingerprint",
    "fingerprint_file",
    "forget",
    "forget_text",
    "gc",
    "inspect_notebook",
    "load_ipython_extension",
    "log_artifact",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_params",
    "pin",
    "pull",
    "push",
    "register_fingerprint",
    "replay",
    "restore",
    "runs",
    "save_artifact",
    "set_tags",
    "show",
    "sql",
    "start_run",
    "status",
    "undelete",
    "unload_ipython_extension",
    "unpin",
    "why",
    "widget",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'nbmlops' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(shell: Any) -> None:
    """Start recording in a shell; called by ``%load_ext nbmlops``."""
    from nbmlops.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Stop recording; called by ``%unload_ext nbmlops``. Loading again goes on with the session."""
    from nbmlops.magics import unload

    unload(shell)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell a Jupyter server what to load; called by it, where the extension is enabled."""
    return [{"module": "nbmlops.server.extension"}]
