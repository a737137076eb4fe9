"""What watching names costs: beside many names, in loops, with many functions, in memory.

The same cells run in one shell, watched and unwatched, in alternating blocks. Beside the watcher
stand the names read from the source, which it took the place of. The whole recorder's overhead is
printed for the largest namespace, since that is what the promise is about, beside ipyflow's.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import has, in_fresh_process, milliseconds, percentile
from IPython.core.interactiveshell import InteractiveShell

import nbmlops  # noqa: F401, imported before the clock starts
from nbmlops.capture.base import NameWatcher
from nbmlops.capture.observed_names import ObservedNames
from nbmlops.capture.static_names import StaticNames
from nbmlops.tracking import current

BLOCKS, CELLS, NAMES, FUNCTIONS = 8, 60, 10_000, 2_000
SMALL = """\
subset_{n} = [number * 2 for number in range(50)]
total_{n} = sum(subset_{n})
label_{n} = f"{{total_{n}}} of {{len(subset_{n})}}"
"""
LONG = "\n".join(f"v{i} = len(str({i})) + max({i}, 2)\nvalues.append(v{i})" for i in range(30))
DEFINING = "class Trainer:\n" + "\n".join(
    f"    def step_{i}(self, rows, least=2):\n        kept = [row for row in rows if row > least]\n"
    f"        log.append(kept)\n        return sum(kept) / len(kept) + self.step_0(rows)"
    for i in range(20)
)
LOOPS = {
    "arithmetic at the top level": "t = 0\nfor number in range(1_000_000):\n    t += number",
    "calls of a function of an earlier cell": "for number in range(1_000_000):\n    add(number)",
    "a generator over a global name": "total = sum(number * step for number in range(1_000_000))",
}
_MEMORY = """
import gc, os, resource
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from nbmlops.capture.observed_names import ObservedNames
shell = InteractiveShell(config=Config({{"HistoryManager": {{"enabled": False}}}}))
watcher = ObservedNames(shell, print)
def run(number):
    source = f"def f_{{number % 100}}(a):\\n    return [a + b for b in xs]\\n" \
             f"x_{{number % 500}} = f_{{number % 100}}({{number}})\\nxs.append(1); xs.pop()"
    if {watched}:
        watcher.started(source)
    shell.run_cell(source)
    if {watched}:
        watcher.ended(source, shell.user_ns)
def resident():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
shell.user_ns["xs"] = [1, 2, 3]
if {watched}:
    watcher.open()
for number in range(500):
    run(number)
before = resident()
for number in range(10_000):
    run(number)
print((resident() - before) / 1e6)
"""


_IPYFLOW = """
import statistics, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def median(count=100):
    found = []
    for number in range(count):
        source = {cell!r}.format(n=number % 40)
        began = time.perf_counter()
        shell.run_cell(source)
        found.append(time.perf_counter() - began)
    return statistics.median(found)
plain = median()
assert shell.run_cell("%load_ext ipyflow").success
print(median() - plain)
"""


def timed(shell: InteractiveShell, source: str, watcher: NameWatcher | None) -> float:
    """Run a cell and return how long it took, in seconds, with all that was done to watch it."""
    start = time.perf_counter()
    if watcher is not None:
        watcher.started(source)
    shell.run_cell(source)
    if watcher is not None:
        watcher.ended(source, shell.user_ns)
    return time.perf_counter() - start


def overheads(
    shell: InteractiveShell, sources: list[str], watcher: NameWatcher
) -> tuple[float, list[float]]:
    """Return how long an unwatched cell takes, and how much longer each of the watched ones."""
    plain: list[float] = []
    watched: list[float] = []
    for _ in range(BLOCKS):
        plain += [timed(shell, source, None) for source in sources]
        watcher.open()
        watched += [timed(shell, source, watcher) for source in sources]
        watcher.close()
    usual = statistics.median(plain)
    return usual, [seconds - usual for seconds in watched]


def print_cells(shell: InteractiveShell) -> None:
    """Print the overhead of cells of several kinds beside namespaces of several sizes."""
    kinds = {
        "3 statements": [SMALL.format(n=number % 40) for number in range(CELLS)],
        "60 statements": [LONG] * (CELLS // 4),
        "a class of 20 methods": [DEFINING] * (CELLS // 4),
    }
    watchers: dict[str, NameWatcher] = {
        "watched": ObservedNames(shell, _fail), "from the source": StaticNames(),
    }  # fmt: skip
    for size in (100, 500, NAMES):
        shell.user_ns.update({f"name_{number}": [number] for number in range(size)})
        for kind, sources in kinds.items():
            print(f"\nNames of a cell of {kind} beside {size:,} names")
            for how, watcher in watchers.items():
                usual, found = overheads(shell, sources, watcher)
                print(
                    f"  {how:<16}  median {milliseconds(statistics.median(found)):>8}"
                    f"  95th percentile {milliseconds(percentile(found, 0.95)):>8}"
                    f"  unwatched cell {milliseconds(usual):>8}"
                    f"  {1 + statistics.median(found) / usual:.2f} × unwatched"
                )


def print_recorder(shell: InteractiveShell) -> None:
    """Print the overhead of the whole recorder beside the largest namespace."""
    with tempfile.TemporaryDirectory() as folder:
        tracker = current.start(shell, url=f"sqlite:///{Path(folder)}/store.db", quiet=True)
        tracker.writer.flush()
        time.sleep(2)  # what happens once, in the background, is over
        recorder = current.recorder()
        assert recorder is not None
        found = []
        for _ in range(BLOCKS):
            recorder.stop()
            plain = [timed(shell, SMALL.format(n=number % 40), None) for number in range(CELLS)]
            recorder.start()
            again = [timed(shell, SMALL.format(n=number % 40), None) for number in range(CELLS)]
            found += [seconds - statistics.median(plain) for seconds in again]
        current.stop()
    median, late = statistics.median(found), percentile(found, 0.95)
    print(f"\nWhole recorder beside {NAMES:,} names")
    print(f"  median           {_promised(median, 0.001)}")
    print(f"  95th percentile  {_promised(late, 0.003)}")
    if has("ipyflow"):
        (theirs,) = in_fresh_process(_IPYFLOW.format(cell=SMALL))
        print(f"  ipyflow's median {milliseconds(theirs):>8}  {theirs / median:.0f} × nbmlops")
    else:
        print("  (ipyflow is not installed: make bench installs it)")


def print_loops(shell: InteractiveShell) -> None:
    """Print how much longer loops of a million turns take in a watched cell."""
    shell.run_cell("step = 2\ndef add(number):\n    return number + step")
    print("\nLoops of 1,000,000 turns in a watched cell")
    for title, source in LOOPS.items():
        _print_ratio(title, *_side_by_side(shell, source, 7))


def print_functions(shell: InteractiveShell) -> None:
    """Print what many watched functions cost: where they run, and where they do not."""
    watcher = ObservedNames(shell, _fail)
    watcher.open()
    source = "\n".join(
        f"def g{i}(a):\n    b = a + step\n    return b * {i}" for i in range(FUNCTIONS)
    )
    shell.run_cell(source + "\nall_g = [" + ", ".join(f"g{i}" for i in range(FUNCTIONS)) + "]")
    watcher.close()
    print(f"\n{FUNCTIONS:,} watched functions")
    _print_ratio("1,000,000 calls of one of them", *_side_by_side(
        shell, "for number in range(1_000_000):\n    g7(number)", 7))  # fmt: skip
    plain, watched = _side_by_side(shell, "for g in all_g:\n    g(1)", 7)
    first = 1e6 * (watched - plain) / FUNCTIONS
    print(f"  the first call of a cell costs {first:>7.1f} µs more for each function")
    watcher.open()
    few = [timed(shell, "z = step", watcher) for _ in range(200)]
    print(f"  a cell that calls none         {milliseconds(statistics.median(few)):>10}")
    after = []
    for _ in range(10):
        timed(shell, "for g in all_g:\n    g(1)", watcher)
        after.append(timed(shell, "z = step", watcher))
    print(f"  the cell after all were called {milliseconds(statistics.median(after)):>10}")
    watcher.close()


def print_memory() -> None:
    """Print how much the process grows in 10,000 executions, watched and unwatched."""
    grown = {
        how: in_fresh_process(_MEMORY.format(watched=how == "watched"))[0]
        for how in ("unwatched", "watched")
    }
    more = grown["watched"] - grown["unwatched"]
    print("\nGrowth of the process in 10,000 executions")
    print(f"  unwatched {grown['unwatched']:6.1f} MB\n  watched   {grown['watched']:6.1f} MB")
    print(f"  more      {more:6.1f} MB  promise ≤ 50 MB: {'kept' if more <= 50 else 'NOT KEPT'}")


def _side_by_side(shell: InteractiveShell, source: str, repeat: int) -> tuple[float, float]:
    """Return how long a cell takes unwatched and watched, the shortest of several times."""
    watcher = ObservedNames(shell, _fail)
    plain, watched = [], []
    for _ in range(repeat):
        gc.collect()
        plain.append(timed(shell, source, None))
        watcher.open()
        watched.append(timed(shell, source, watcher))
        watcher.close()
    return min(plain), min(watched)


def _print_ratio(title: str, plain: float, watched: float) -> None:
    ratio = watched / plain
    print(
        f"  {title:<40} {milliseconds(plain):>10} → {milliseconds(watched):>10}  {ratio:.3f} ×"
        f"  promise ≤ 1.05: {'kept' if ratio <= 1.05 else 'NOT KEPT'}"
    )


def _promised(seconds: float, promise: float) -> str:
    verdict = "kept" if seconds <= promise else "NOT KEPT"
    return f"{milliseconds(seconds):>8}  promise ≤ {milliseconds(promise)}: {verdict}"


def _fail(where: str, problem: BaseException) -> None:
    raise RuntimeError(where) from problem


def main() -> None:
    """Print the figures."""
    shell = InteractiveShell.instance()
    shell.user_ns.update(values=[], log=[])
    take_turns: list[Callable[[InteractiveShell], None]] = [
        print_loops, print_functions, print_cells, print_recorder,
    ]  # fmt: skip
    for print_figures in take_turns:
        print_figures(shell)
    print_memory()


if __name__ == "__main__":
    main()
