"""What a headless kernel executes, silently, before the first cell and after the last.

Runs in the kernel's own process: nothing here may load papermill or nbclient.
"""

import json
from pathlib import Path
from typing import Any

from nbmlops.records import RunId, RunStatus
from nbmlops.tracking import current


def begin(spec: str) -> None:
    """Start recording into a run that stays open until `end`; ``spec`` is JSON.

    Keys: ``url``, ``experiment``, ``notebook`` (or null), ``run_id``, ``name`` (or null),
    ``metrics``, the names of variables that become some, and ``uses_magics``, whether the notebook
    has some of ours, which it need not load.
    """
    asked: dict[str, Any] = json.loads(spec)
    tracker = current.start(
        current.running_shell(),
        url=asked["url"],
        experiment=asked["experiment"],
        notebook=Path(asked["notebook"]) if asked["notebook"] else None,
        place="headless",
        quiet=True,
    )
    run = tracker.runs.open(asked["name"], run_id=RunId(asked["run_id"]))
    run.is_fixed = True
    tracker.runs.want_metrics_named(asked["metrics"])
    if asked["uses_magics"]:
        extensions = current.running_shell().extension_manager
        extensions.load_extension("nbmlops")
        extensions.loaded.discard("nbmlops")  # or a cell that loads it would be told that it was


def go_on_with(prompt: int) -> None:
    """Give the next cell this number, under which others take its output: ``_7``, ``Out[7]``."""
    current.running_shell().execution_count = prompt


def settle() -> None:
    """Return when what the last cell read and wrote has been looked at, profiles included."""
    tracker = current.tracker()
    if tracker is not None:
        tracker.flush()


def end(status: RunStatus, reason: str | None) -> None:
    """Close the run and deliver everything."""
    tracker = current.tracker()
    if tracker is not None:
        for run in [*tracker.runs.stack]:
            run.finish(status, reason=reason)
        current.stop()
