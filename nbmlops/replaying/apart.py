"""A notebook executed apart: in a kernel and a store of its own.

Nothing here touches the store that the user records into. What the cells write to files they write
in the folder that they are executed in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from nbmlops.config import sqlite_url
from nbmlops.drawing.progress import HowFar
from nbmlops.store import open_store
from nbmlops.store.base import Store

if TYPE_CHECKING:
    from nbmlops.pipelines.execute import Headless  # loads nbformat


@dataclass(frozen=True, slots=True)
class Manner:
    """How a notebook is to be executed.

    Attributes
    ----------
    folder : Path
        The kernel's working folder.
    experiment : str
        What the kernel takes for the name of the experiment.
    timeout_seconds : int or None
        Give up when one cell takes longer.
    output : str or None
        Keep the executed notebook under this path, written as it goes on.
    metrics : sequence of str
        Variables that become metrics whatever they are called.
    thorough : bool
        Whether all that a cell wrote is looked at before the next one begins.
    say : callable or None
        Told how many cells are done, of how many.
    """

    folder: Path
    experiment: str = "apart"
    timeout_seconds: int | None = None
    output: str | None = None
    metrics: Sequence[str] = ()
    thorough: bool = False
    say: HowFar | None = None


@dataclass(frozen=True, slots=True)
class Executed:
    """What came out: how it ended, the notebook, and the store that recorded it."""

    done: "Headless"
    notebook: Mapping[str, Any]
    store: Store

    @property
    def problem(self) -> str:
        """Why it did not come to its end, in a line; empty where it did."""
        if not self.done.exit_code:
            return ""
        said = self.done.said.strip().splitlines()
        return said[-1] if said else type(self.done.problem).__name__


@contextmanager
def executed_apart(notebook: Mapping[str, Any], manner: Manner) -> Iterator[Executed]:
    """Execute a notebook and give what came out; its store is gone afterwards."""
    from nbmlops.pipelines.execute import run_notebook

    with TemporaryDirectory(prefix="nbmlops-") as name:
        here = Path(name)
        url = sqlite_url(here / "store.db")
        output = manner.output or str(here / "executed.ipynb")
        done = run_notebook(
            dict(notebook),
            output.replace("{", "{{").replace("}", "}}"),
            store=url,
            cwd=str(manner.folder),
            experiment=manner.experiment,
            execution_timeout=manner.timeout_seconds,
            progress_bar=manner.say or False,
            metrics=manner.metrics,
            thorough=manner.thorough,
        )
        store = open_store(url)
        try:
            yield Executed(done, json.loads(Path(output).read_text(encoding="utf-8")), store)
        finally:
            store.close()
