"""Prints benchmark figures: ours, the promise, the peers measured in the same run, and ratios.

A benchmark reports and never fails on a time: this machine's noise is no news. What must not
grow (queries, bytes, calls) is asserted in the tests.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence

# Peers must neither ask the network nor write outside their temporary folder.
_OFFLINE = {
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}


def in_fresh_process(code: str, *, repeat: int = 1) -> list[float]:
    """Run Python code in a process and an empty folder of its own; return the number it prints.

    The code prints one number on its last line; it is run ``repeat`` times.
    """
    return [printed_in_fresh_process(code)[0] for _ in range(repeat)]


def printed_in_fresh_process(code: str) -> list[float]:
    """Do the same once, and return all numbers that the code prints on its last line."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [float(word) for word in done.stdout.strip().splitlines()[-1].split()]


def environment(folder: str) -> dict[str, str]:
    """Return the environment in which a peer asks no network and writes below a folder."""
    places = {"TRACKIO_DIR": f"{folder}/trackio", "IPYTHONDIR": f"{folder}/ipython"}
    places["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"
    return {**os.environ, **_OFFLINE, **places}


def has(package: str) -> bool:
    """Tell whether a peer is installed (the extra ``bench`` does)."""
    return importlib.util.find_spec(package) is not None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def spread(values: Sequence[float], show: Callable[[float], str]) -> str:
    """Write the median of several measurements and how far they reach."""
    middle = show(statistics.median(values))
    return middle if len(values) < 2 else f"{middle} ({show(min(values))}–{show(max(values))})"


def report(
    title: str,
    ours: Mapping[str, tuple[float, float | None]],
    peers: Mapping[str, float],
    show: Callable[[float], str],
    *,
    against: str,
) -> None:
    """Print figures; ``ours`` maps a name to the figure and its promise, ``against`` names one.

    The ratio of a peer is its figure divided by ours named ``against``: how many times as much.
    """
    print(f"\n{title}")
    width = max(map(len, (*ours, *peers)))
    for name, (figure, promise) in ours.items():
        if promise is None:
            verdict = ""
        else:
            verdict = f"promise ≤ {show(promise)}: {'kept' if figure <= promise else 'NOT KEPT'}"
        print(f"  {name:<{width}}  {show(figure):>10}  {verdict}".rstrip())
    for name, figure in peers.items():
        ratio = figure / ours[against][0]
        print(f"  {name:<{width}}  {show(figure):>10}  {ratio:.1f} × nbmlops")
    if against and not peers:
        print("  (no peer is installed: make bench installs them)")


def milliseconds(seconds: float) -> str:
    """Write seconds as milliseconds."""
    return f"{seconds * 1e3:,.2f} ms"


def microseconds(seconds: float) -> str:
    """Write seconds as microseconds."""
    return f"{seconds * 1e6:,.2f} µs"


def whole_seconds(seconds: float) -> str:
    """Write seconds."""
    return f"{seconds:.3f} s"
