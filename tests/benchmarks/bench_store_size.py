"""What a store grows by for each cell, beyond the cell's source and its outputs, and each point.

The session is one of small cells in which every sixth gives a result that depends on all before,
so that the runs contain ever more executions. The points are a million of a noisy loss.
"""

import math
import random
import sqlite3
import sys
import zlib
from itertools import batched
from pathlib import Path

from bench_search import bytes_of, place_of
from figures import in_fresh_process, report

from nbmlops.config import sqlite_url
from nbmlops.records import Points, Run, Session
from nbmlops.store.sql import SqlStore

CELLS, PROMISE = 600, 2_000
POINTS, PART, FEW = 1_000_000, 10_000, 50_000
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
    report("a point, of a million", points(), {}, "{:.1f} bytes".format, against="")


def points() -> dict[str, tuple[float, float | None]]:
    """Return what a point takes in stores, logged fast and slowly, and what it would otherwise."""
    chance, moment, rows = random.Random(0), 1_760_000_000.0, []
    for step in range(POINTS):
        moment += chance.uniform(0.8e-3, 1.4e-3)
        rows.append((step, moment, math.exp(-step / 2e5) + chance.gauss(0, 0.05)))
    found: dict[str, tuple[float, float | None]] = {}
    for kind in ("sqlite", "postgresql"):
        found[f"{kind}, {PART:,} at once"] = (_in_a_store(kind, rows, PART), None)
        found[f"{kind}, {FEW:,} one by one"] = (_in_a_store(kind, rows[:FEW], 1), None)
    whole = Points.pack_rows("r", "loss", 0, rows).data
    return found | {
        "three numbers of 8 bytes": (len(whole) / POINTS, None),
        "these, by zlib": (len(zlib.compress(whole)) / POINTS, None),
        "a row of SQLite for each": (_as_rows(rows) / POINTS, None),
    }


def _in_a_store(kind: str, rows: list[tuple[int, float, float]], part: int) -> float:
    parts = [
        Points.pack_rows("r", "loss", start // part, rows[start : start + part])
        for start in range(0, len(rows), part)
    ]
    with place_of(kind) as place:
        store = SqlStore(sqlite_url(place) if isinstance(place, Path) else place)
        store.save([Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)])
        before = _bytes(store)
        for some in batched(parts, 1_000):
            store.save(some)
        grown = _bytes(store) - before
        store.close()
    return grown / len(rows)


def _bytes(store: SqlStore) -> int:
    """Return what a store takes once what was replaced in it is given back."""
    if store.engine.dialect.name == "sqlite":
        store.give_back_pages()
        return bytes_of(store)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM FULL points")
        size = connection.exec_driver_sql("SELECT pg_total_relation_size('points')").scalar()
    return int(size or 0)


def _as_rows(rows: list[tuple[int, float, float]]) -> int:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE m (run INTEGER, key INTEGER, step INTEGER, t REAL, v REAL)")
    connection.executemany("INSERT INTO m VALUES (1, 1, ?, ?, ?)", rows)
    (size,) = connection.execute(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    ).fetchone()
    connection.close()
    return int(size)


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
