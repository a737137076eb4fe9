"""What the hooks cost a cell: beside 500 names, beside a 1 GB frame, and in a kernel.

The same cells run in one shell, with and without recording, in alternating blocks; the overhead
is the difference of the wall times, so the background writer's share of the processor counts.
In a real kernel the two hooks are timed themselves.
"""

import statistics
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL

import numpy as np
import pandas as pd
from figures import milliseconds, percentile, report
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import run_kernel

import nbmlops  # noqa: F401, imported before the clock starts
from nbmlops.tracking import current

BLOCKS, CELLS = 10, 60
_CELL = """\
subset_{n} = [number * 2 for number in range(50)]
total_{n} = sum(subset_{n})
label_{n} = f"{{total_{n}}} of {{len(subset_{n})}}"
"""


def cell_times(shell: InteractiveShell, block: int) -> list[float]:
    """Run ordinary cells and return how long each took, in seconds."""
    found = []
    for number in range(CELLS):
        source = _CELL.format(n=(block * CELLS + number) % 40)
        start = time.perf_counter()
        shell.run_cell(source)
        found.append(time.perf_counter() - start)
    return found


def overheads(shell: InteractiveShell) -> list[float]:
    """Return how much longer each recorded cell took than the median cell without recording."""
    recorder = current.recorder()
    assert recorder is not None
    found = []
    for block in range(BLOCKS):
        recorder.stop()
        plain = statistics.median(cell_times(shell, block))
        recorder.start()
        found += [seconds - plain for seconds in cell_times(shell, block)]
    return found


# A module of its own: what cells define is watched, and this is no code of the notebook.
_TIMED = """
from time import perf_counter
import nbmlops.capture.recorder as module
seconds = []
def timed(hook):
    def wrapped(*arguments):
        start = perf_counter()
        hook(*arguments)
        seconds.append(perf_counter() - start)
    return wrapped
before, after = module.Recorder.before_cell, module.Recorder.after_cell
module.Recorder.before_cell = timed(before)
module.Recorder.after_cell = timed(after)
"""


def kernel_overheads() -> list[float]:
    """Return the time that both hooks took for each of 200 cells in a real kernel, in seconds."""
    with tempfile.TemporaryDirectory() as folder, run_kernel(cwd=folder, stderr=DEVNULL) as client:
        Path(folder, "timed_hooks.py").write_text(_TIMED)
        importing = f"import sys; sys.path.insert(0, {folder!r}); import timed_hooks"
        for source in (importing, f"%load_ext nbmlops\nimport os; os.chdir({folder!r})"):
            client.execute_interactive(source, output_hook=lambda _: None)
        time.sleep(2)
        client.execute_interactive("timed_hooks.seconds.clear()", output_hook=lambda _: None)
        for number in range(200):
            source = _CELL.format(n=number) + f"print(total_{number})"
            client.execute_interactive(source, output_hook=lambda _: None)
        shown: list[dict[str, str]] = []
        client.execute_interactive(
            "print(*timed_hooks.seconds)",
            output_hook=lambda message: shown.append(message["content"]),
        )
        text = "".join(content.get("text", "") for content in shown)
        hooks = [float(number) for number in text.split()][1:401]
        return [sum(hooks[index : index + 2]) for index in range(0, len(hooks) - 1, 2)]


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        shell = InteractiveShell.instance()
        tracker = current.start(shell, url=f"sqlite:///{Path(folder)}/store.db", quiet=True)
        tracker.writer.flush()
        time.sleep(2)  # what happens once, in the background, is over
        shell.user_ns.update({f"name_{number}": [number] for number in range(500)})
        _print("500 names", overheads(shell))
        columns = {f"column_{number}": np.random.default_rng(0).random(6_250_000)
                   for number in range(20)}  # fmt: skip
        shell.user_ns["frame"] = pd.DataFrame(columns)
        size = shell.user_ns["frame"].memory_usage().sum() / 1e9
        _print(f"500 names and a frame of {size:.1f} GB", overheads(shell))
        current.stop()
    _print("hooks in an ipykernel, cells that print", kernel_overheads())


def _print(title: str, seconds: list[float]) -> None:
    report(
        f"Overhead per cell, {title} ({len(seconds)} cells)",
        {
            "median": (statistics.median(seconds), 0.001),
            "95th percentile": (percentile(seconds, 0.95), 0.003),
            "largest": (max(seconds), None),
        },
        {"exptrack, as published": 0.148, "ipyflow, as published": 0.050},
        milliseconds,
        against="median",
    )


if __name__ == "__main__":
    main()
