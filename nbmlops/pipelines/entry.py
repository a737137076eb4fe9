"""Where papermill finds the engine ``nbmlops``; loaded while papermill itself is being imported.

Nothing but papermill imports this module, and it loads the engine at its first use: papermill loads
every engine it finds, and would fail to import where one of them does.
"""

from typing import Any

from papermill.engines import Engine


class NbmlopsEngine(Engine):  # type: ignore[misc]
    """Executes a notebook, tracked."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, *args: Any, **options: Any) -> Any:
        """Execute a notebook under papermill's contract; see `papermill.engines.Engine`."""
        from nbmlops.pipelines.engine import execute_managed

        return execute_managed(nb, kernel_name, *args, **options)
