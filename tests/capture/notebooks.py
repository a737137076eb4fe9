"""A real IPython shell in the process of the tests, whose names are watched."""

import atexit
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nbmlops.capture.observed_names import ObservedNames
from nbmlops.records import Names


class Notebook:
    """Cells run one after the other, as the recorder has them watched."""

    def __init__(self) -> None:
        config = Config({"HistoryManager": {"enabled": False}})
        self.shell = InteractiveShell(config=config)
        self.shell.register_magic_function(lambda line: None, "line", "nbmlops")
        self.shell.enable_gui = lambda gui=None: None
        self.faults: list[tuple[str, BaseException]] = []
        self.watcher = ObservedNames(self.shell, lambda *fault: self.faults.append(fault))

    def run(self, cell: str, *, is_midway: bool = False) -> Names:
        """Run a cell and return what is said of its names."""
        try:
            source = self.shell.transform_cell(cell)
        except SyntaxError:
            source = cell
        self.watcher.started(source, is_midway=is_midway)
        self.quietly(cell)
        return self.watcher.ended(source, self.shell.user_ns)

    def quietly(self, cell: str) -> None:
        """Run a cell that nobody watches."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.shell.run_cell(cell, store_history=True)

    def __getitem__(self, name: str) -> object:
        return self.shell.user_ns[name]


@contextmanager
def open_notebook() -> Iterator[Notebook]:
    """Give a notebook that is watched; leave the process as it was."""
    main: ModuleType = sys.modules["__main__"]
    notebook = Notebook()
    notebook.watcher.open()
    try:
        yield notebook
    finally:
        notebook.watcher.close()
        sys.modules["__main__"] = main
        _forget(notebook.shell)


def _forget(shell: InteractiveShell) -> None:
    """Let a shell go: the process would keep it, and collect garbage for each of them at its end.

    It has no history to close, and no cell of ours leaves a process in the background.
    """
    atexit.unregister(shell.atexit_operations)
    atexit.unregister(shell.magics_manager.registry["ScriptMagics"].kill_bg_processes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # cells leave files open
        shell.last_execution_result = None
        shell.user_ns.clear()
