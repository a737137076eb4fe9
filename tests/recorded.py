"""A small project with recorded runs, for the tests of the faces."""

import subprocess
import sys
from pathlib import Path

from nbmlops.config import sqlite_url
from tests.kernels import clean_environment

# Three runs, the last of them failed; the second is the best by auc, the first by loss.
SCRIPT = """
import pathlib
import nbmlops

pathlib.Path("report.txt").write_text("fine")
for name, lr, auc, loss in (("baseline", 0.1, 0.8, 0.2), ("wide", 0.2, 0.9, 0.4)):
    with nbmlops.start_run(name, experiment="churn", params={"lr": lr, "depth": 3},
                           tags={"team": "red"}, hypothesis="wider is better") as run:
        for step in range(3):
            run.log_metric("loss", loss + step / 10)
        run.log_metric("auc", auc)
        run.log_artifact("report.txt")
try:
    with nbmlops.start_run("broken", experiment="other", params={"lr": 0.3}) as run:
        run.log_metric("auc", float("nan"))
        raise ValueError("bad <data> \\x1b[31m")
except ValueError:
    pass
"""


def record_three_runs(folder: Path) -> str:
    """Record the three runs in a folder's own store and return its URL."""
    folder.mkdir(exist_ok=True)
    (folder / ".nbmlops").mkdir()
    (folder / "train.py").write_text(SCRIPT)
    subprocess.run(
        [sys.executable, "train.py"], cwd=folder, env=clean_environment(), check=True, timeout=60
    )
    return sqlite_url(folder / ".nbmlops" / "store.db")
