"""``import nbmlops`` + ``%load_ext`` + the first recorded cell, beside importing the peers.

Measured in fresh processes with IPython already started, as it is in a kernel. *Recorded* is when
the cell's hooks have returned: the record is then in the session's live file, which a ``kill -9``
does not lose. *In the database* is when other processes can query it. The package is compiled
first, as installing it does; the peers' are.
"""

import compileall
import statistics
from pathlib import Path

from figures import has, in_fresh_process, report, whole_seconds

import nbmlops

_OURS = """
from IPython.core.interactiveshell import InteractiveShell
import time
shell = InteractiveShell.instance()
start = time.perf_counter()
import nbmlops
shell.run_cell("%load_ext nbmlops")
shell.run_cell("x = 1")
recorded = time.perf_counter() - start
from nbmlops.tracking import current
current.tracker().writer.flush()
stored = time.perf_counter() - start
print({what})
"""
_PEER = """
import IPython, time
start = time.perf_counter()
import {name}
print(time.perf_counter() - start)
"""


def main() -> None:
    """Print the figures."""
    compileall.compile_dir(Path(nbmlops.__file__).parent, quiet=1)
    recorded = statistics.median(in_fresh_process(_OURS.format(what="recorded"), repeat=5))
    stored = statistics.median(in_fresh_process(_OURS.format(what="stored"), repeat=5))
    peers = {
        f"import {name}": statistics.median(in_fresh_process(_PEER.format(name=name), repeat=3))
        for name in ("trackio", "wandb", "mlflow")
        if has(name)
    }
    report(
        "import nbmlops + %load_ext + first cell",
        {"recorded": (recorded, 0.2), "in the database": (stored, None)},
        peers,
        whole_seconds,
        against="recorded",
    )


if __name__ == "__main__":
    main()
