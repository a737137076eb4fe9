"""What a store grows by for each cell, beyond the cell's source and its outputs.

The session is one of small cells in which every sixth gives a result that depends on all before,
so that the runs contain ever more executions.
"""

import sqlite3
import sys
from pathlib import Path

from figures import in_fresh_process, report

CELLS, PROMISE = 600, 2_000
KINDS = (
    "df_{n} = [i * {n} for i in range(20)]",
    "xs.append(sum(df_{a}))",
    "def f_{n}(a, b=2):\n    return a + b + len(xs)",
    "y_{n} = f_{a}({n})\nprint(y_{n})",
    "accuracy = 1 / (1 + len(xs) + {n})",
    "z_{n} = [f_{c}(v) for v in df_{e}]",
)
RECORDING = """
import sys
sys.path.insert(0, {here!r})
from bench_store_size import recorded
print(recorded())
"""


def main() -> None:
    """Print the figure."""
    (grown,) = in_fresh_process(RECORDING.format(here=str(Path(__file__).parent)))
    title = f"a cell, of {CELLS}, beyond source and outputs"
    report("store size", {title: (grown, PROMISE)}, {}, "{:,.0f} bytes".format, against="")


def recorded() -> float:
    """Record a session into the working directory; return what its store grew by a cell."""
    from IPython.core.interactiveshell import InteractiveShell

    from nbmlops.tracking import current

    shell, said = InteractiveShell.instance(), sys.stdout
    sys.stdout = sys.stderr
    for source in ("%load_ext nbmlops", "xs = []"):
        shell.run_cell(source, store_history=True)
    for n in range(CELLS):
        shell.run_cell(
            KINDS[n % len(KINDS)].format(n=n, a=n - 1, c=n - 3, e=n - 5), store_history=True
        )
    current.stop()
    sys.stdout = said
    connection = sqlite3.connect(Path(".nbmlops") / "store.db")
    connection.execute("VACUUM")
    (size,) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, "
                                 "pragma_page_size").fetchone()  # fmt: skip
    (source,) = connection.execute("SELECT SUM(LENGTH(source)) FROM executions").fetchone()
    (shown,) = connection.execute("SELECT SUM(LENGTH(text)) FROM contents").fetchone()
    connection.close()
    return float(size - source - shown) / CELLS


if __name__ == "__main__":
    main()
