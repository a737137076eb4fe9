"""An IPython shell without a kernel and without nbmlops, that tells what its cells show."""

import asyncio
import base64
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

_CONFIG = Config({"HistoryManager": {"enabled": False}})


class _Hook(DisplayHook):
    """Tells results as data."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Any = None) -> None:
        self.shell.tell("data", encoded(format_dict))

    def finish_displayhook(self) -> None:
        pass


class _Publisher(DisplayPublisher):
    """Tells displays as data."""

    def publish(self, data: Mapping[str, Any], *_: Any, **__: Any) -> None:
        self.shell.tell("data", encoded(data))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.tell("clear")


class PlainShell(InteractiveShell):
    """Executes cells as ipykernel does, in the working directory of its process."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    tell = AnyTrait()

    def __init__(self, **options: Any) -> None:
        super().__init__(config=_CONFIG, **options)
        self.tell = lambda *_: None
        self.system = self.system_piped
        self.InteractiveTB.set_mode("Minimal")  # nobody reads it, and more takes seconds
        self.events_told: list[Any] = []
        self.tell = self._tell

    def enable_gui(self, gui: Any = None) -> None:
        """Accept any, as there are no windows."""

    def _tell(self, *event: Any) -> None:
        self.events_told.append(event)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        try:
            message = str(evalue)
        except Exception:  # one whose own __str__ fails
            message = ""
        self._tell("error", etype.__name__, message)

    async def execute(
        self, cells: Sequence[Mapping[str, Any]], done: Callable[[list[Any]], None]
    ) -> None:
        """Execute cells in order; give what each showed to ``done``."""
        with tempfile.TemporaryFile() as processes:  # what child processes write comes last
            for number in (1, 2):
                os.dup2(processes.fileno(), number)
            for cell in cells:
                self.events_told.clear()
                await self._one(cell["source"], cell["count"], cell["id"])
                await asyncio.sleep(0)
                processes.seek(0)
                written = processes.read().decode(errors="replace")
                processes.seek(0)
                processes.truncate()
                if written:
                    self._tell("stdout", written)
                done(list(self.events_told))

    async def _one(self, source: str, count: int, cell_id: str) -> None:
        self.execution_count = count  # Out[3] is the same as in the notebook
        transformed, problem = source, None
        try:
            transformed = self.transform_cell(source)
        except Exception:  # it is the cell's own, and shown as such
            problem = sys.exc_info()
        if not self.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=problem
        ):
            self.run_cell(source, store_history=True, cell_id=cell_id)
            return
        result = None
        try:
            result = await self.run_cell_async(
                source, store_history=True, transformed_cell=transformed,
                preprocessing_exc_tuple=problem, cell_id=cell_id,
            )  # fmt: skip
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)


def encoded(data: Mapping[str, Any]) -> dict[str, str]:
    """Return data as a kernel sends it: images in base64."""
    return {
        mime: base64.b64encode(content).decode() if isinstance(content, bytes) else str(content)
        for mime, content in data.items()
        if mime == "text/plain" or mime.startswith("image/")
    }
