"""Runs executed again to be verified, over HTTP: begun, how far they are, and what came out."""

import json
import math
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbmlops.canonical import Json
from nbmlops.errors import InvalidArgument
from nbmlops.records import RunId
from nbmlops.server.asked import Asked
from nbmlops.server.reruns import Begun, RerunState
from nbmlops.server.run_parts import summary_of

_MOST_SECONDS = 86_400
_NOTEBOOK = "replay.ipynb"


class Replaying(Begun):
    """A run that is executed again. Its notebook is kept as long as somebody may ask for it."""

    good_codes = frozenset((0, 1, 3))  # whatever the verdict

    def __init__(self, run: RunId, options: list[str], folder: Path, store: str) -> None:
        self.run = run
        self._kept = tempfile.TemporaryDirectory(prefix="nbmlops-replay-")
        notebook = Path(self._kept.name) / _NOTEBOOK
        command = [sys.executable, "-m", "nbmlops", "replay", "--json"]
        command += ["--store", store, "--output", str(notebook), *options]
        super().__init__(command, notebook, folder, store)

    @property
    def state(self) -> RerunState:
        """How it stands: with one exit code it says that it was not run, or ends for a fault."""
        found = super().state
        return "failed" if found == "finished" and not self._found() else found

    def _found(self) -> dict[str, Any]:
        """Return what came out, nothing where its answer is that it could not be run."""
        answer = self.answer
        found: dict[str, Any] = json.loads(answer) if answer else {}
        return {} if "error" in found else found

    def described(self, metadata: Mapping[str, Any]) -> dict[str, Json]:  # noqa: ARG002
        """Return which run it is of, and what came out once it has ended."""
        found = self._found() if self.state == "finished" else {}
        if found:
            found["output"] = None  # a path of the server's, which goes with it
        return {"of": self.run, "replay": found or None}


def begun(asked: Asked) -> Json:
    """Begin to execute again what a run's results, or one of them, depend on."""
    document = asked.document()
    summary = summary_of(asked)
    metric = document.get("metric")
    if metric is not None and not isinstance(metric, str):
        raise InvalidArgument("metric", "it is a text.")
    options = ["--rtol", repr(_number(document, "rtol", 0.0, most=1.0))]
    seconds = _number(document, "timeout_seconds", 0.0, most=_MOST_SECONDS)
    options += ["--timeout", str(math.ceil(seconds))] if seconds else []
    options += ["--", summary.run.id, *([metric] if metric else [])]
    make = lambda: Replaying(summary.run.id, options, asked.project.folder, asked.project.url)  # noqa: E731
    return asked.reruns.begin(make).to_json()


def shown(asked: Asked) -> Json:
    """Return how far it has come."""
    return asked.reruns.find(Replaying, asked.names[0]).to_json()


def stopped(asked: Asked) -> Json:
    """Interrupt it."""
    found = asked.reruns.find(Replaying, asked.names[0])
    found.stop()
    return found.to_json()


def _number(document: Mapping[str, Any], name: str, default: float, *, most: float) -> float:
    found = document.get(name)
    if found is None:
        return default
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or not 0 <= found <= most:
        raise InvalidArgument(name, f"it is a number from 0 to {most:g}.")
    return float(found)
