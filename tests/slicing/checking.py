"""The verdicts: does every slice of a notebook, executed alone, show what the notebook showed?

A notebook is executed in three orders, see `ORDERS`. The slice of every execution that showed
something is executed in a fresh process without nbmlops, in a fresh copy of the folder. What
differs there, and also between two executions of the whole notebook, is nondeterministic. What
differs in a notebook that states a limit is known, and no failure.
"""

import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tests.slicing.forge import Forge
from tests.slicing.notebooks import Cell, Notebook
from tests.slicing.outputs import Shown, first_difference
from tests.slicing.recording import Executed, Recorded, record, rerun, slices_by_number

type Verdict = Literal["reproduced", "not reproduced", "nondeterministic", "known limit"]
type Order = Literal["as is", "shuffled", "twice"]
ORDERS: tuple[Order, ...] = ("as is", "shuffled", "twice")

_IGNORED = shutil.ignore_patterns(".ipynb_checkpoints", ".nbmlops", ".git", ".venv", "__pycache__")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]+)", re.MULTILINE)
# What is worth importing once for all re-runs, and safe to fork after.
_HEAVY = {
    "numpy": ("numpy",),
    "scipy": ("numpy", "scipy"),
    "pandas": ("numpy", "pandas"),
    "palmerpenguins": ("numpy", "pandas"),
    "joblib": ("joblib",),
    "sklearn": (
        "numpy", "scipy", "pandas", "joblib", "sklearn.linear_model", "sklearn.ensemble",
        "sklearn.datasets", "sklearn.metrics", "sklearn.model_selection", "sklearn.pipeline",
        "sklearn.compose",
    ),
    "matplotlib": ("numpy", "matplotlib.figure", "matplotlib.backends.backend_agg"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """An output and its slice, executed alone."""

    sequence: int
    cell_id: str
    slice: tuple[int, ...]
    verdict: Verdict
    difference: str | None = None
    hint: str | None = None

    @property
    def fraction(self) -> float:
        """How many of the executions until then are in its slice, from above 0 to 1."""
        return len(self.slice) / self.sequence


@dataclass(frozen=True, slots=True)
class Inexact:
    """A slice that is not the one found by hand, by cell ids."""

    cell_id: str
    missing: tuple[str, ...]
    unneeded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checkup:
    """A notebook in one order.

    ``overheads`` are what recording cost the cells, by id and in seconds; ``problem`` is what went
    wrong beside all slices.
    """

    notebook: str
    order: Order
    outputs: tuple[Checked, ...] = ()
    inexact: tuple[Inexact, ...] = ()
    checked_by_hand: int = 0
    overheads: tuple[tuple[str, float], ...] = ()
    problem: str | None = None

    @property
    def is_fine(self) -> bool:
        """Whether everything was reproduced, with the slices found by hand."""
        failed = any(each.verdict == "not reproduced" for each in self.outputs)
        return not (failed or self.inexact or self.problem)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What checks need: the forges, and where to put copies of folders."""

    bare_kernels: Forge  # with nothing imported
    kernels: Forge
    shells: Forge
    scratch: Path
    # Changes a slice before it is executed, to see that a wrong one is found.
    falsify: Callable[[tuple[int, ...]], tuple[int, ...]] = lambda numbers: numbers


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Yield a workshop with forges of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="nbmlops-slicing-") as scratch,
        Forge("kernels", Path(scratch)) as bare_kernels,
        Forge("kernels", Path(scratch)) as kernels,
        Forge("shells", Path(scratch)) as shells,
    ):
        yield Workshop(bare_kernels, kernels, shells, Path(scratch))


def check(notebook: Notebook, order: Order, shop: Workshop, *, seed: int = 0) -> Checkup:
    """Execute a notebook in an order, and the slice of each of its outputs."""
    [found] = check_in(notebook, (order,), shop, seed=seed)
    return found


def check_in(
    notebook: Notebook, orders: Sequence[Order], shop: Workshop, *, seed: int = 0
) -> list[Checkup]:
    """Check a notebook in several orders.

    What is shuffled begins as it is, so that one kernel serves for both.
    """
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    found: dict[Order, Checkup] = {}
    if "as is" in orders or "shuffled" in orders:
        again = _some_again(f"{seed} {notebook.name}") if "shuffled" in orders else None
        with _copy_of(notebook, shop) as folder:
            recorded = record(cells, shop.bare_kernels, folder, again=again)
        reruns = _Reruns(notebook, recorded.executed, shop)
        found["as is"] = _checkup(notebook, "as is", recorded, reruns, slice(len(cells)))
        found["shuffled"] = _checkup(
            notebook, "shuffled", recorded, reruns, slice(len(cells), None)
        )
    if "twice" in orders:
        twice = [cell for cell in cells for _ in range(2)]
        with _copy_of(notebook, shop) as folder:
            recorded = record(twice, shop.kernels, folder, preload=_heavy_modules(cells))
        reruns = _Reruns(notebook, recorded.executed, shop)
        found["twice"] = _checkup(notebook, "twice", recorded, reruns, slice(None))
    return [found[order] for order in orders]


def _some_again(seed: str) -> Callable[[Sequence[Executed]], list[Cell]]:
    """Return what chooses cells to execute again: as many, of those that did not fail."""

    def chosen(executed: Sequence[Executed]) -> list[Cell]:
        fine = [each.cell for each in executed if each.shown.error is None]
        return random.Random(seed).choices(fine, k=len(fine)) if fine else []

    return chosen


def _checkup(
    notebook: Notebook, order: Order, recorded: Recorded, reruns: "_Reruns", part: slice
) -> Checkup:
    executed = recorded.executed[part]
    asked = [each for each in executed if each.sequence and not each.shown.is_empty]
    outputs = tuple(reruns.checked(asked))
    if notebook.limit is not None:
        outputs = tuple(_within(notebook.limit, each) for each in outputs)
    by_hand = notebook.slices if order == "as is" and notebook.limit is None else {}
    by_number = slices_by_number(recorded.executed)
    inexact = tuple(
        found
        for each in asked
        if each.cell.id in by_hand
        for found in _inexact(each, by_hand[each.cell.id], by_number)
    )
    silent = sorted(by_hand.keys() - {each.cell.id for each in asked})
    problem = f"no output: {', '.join(silent)}" if silent else recorded.problem
    overheads = recorded.overheads[part]
    return Checkup(notebook.name, order, outputs, inexact, len(by_hand), overheads, problem)


def _within(limit: str, checked: Checked) -> Checked:
    if checked.verdict != "not reproduced":
        return checked
    return replace(checked, verdict="known limit", hint=limit)


class _Reruns:
    """Executes slices of a recorded notebook, each only once."""

    def __init__(self, notebook: Notebook, executed: Sequence[Executed], shop: Workshop) -> None:
        self._notebook, self._executed, self._shop = notebook, executed, shop
        self._by_number = slices_by_number(executed)
        self._preload = _heavy_modules([each.cell for each in executed])
        self._found: dict[tuple[int, ...], Shown] = {}
        self._whole: list[Sequence[Shown]] = []

    def checked(self, asked: Sequence[Executed]) -> Iterator[Checked]:
        slices = [self._shop.falsify(each.slice) for each in asked]
        self._run_all(slices)
        apart = [
            (each, numbers)
            for each, numbers in zip(asked, slices, strict=True)
            if self._difference(each, numbers) is not None
        ]
        if apart and not self._whole:
            self._whole = [self._run(self._executed) for _ in range(2)]
        for each, numbers in zip(asked, slices, strict=True):
            assert each.sequence is not None
            verdict: Verdict = "reproduced"
            difference, hint = self._difference(each, numbers), None
            if difference is not None:
                verdict, hint = self._judged(each, numbers)
            yield Checked(each.sequence, each.cell.id, numbers, verdict, difference, hint)

    def _judged(self, each: Executed, numbers: tuple[int, ...]) -> tuple[Verdict, str | None]:
        place = next(place for place, one in enumerate(self._executed) if one is each)
        one, other = (run[place] if place < len(run) else Shown() for run in self._whole)
        if first_difference(one, other) is not None:
            return "nondeterministic", None
        unrecorded = first_difference(each.shown, one)
        if unrecorded is not None:
            return "not reproduced", f"nor by all of the notebook: {unrecorded}"
        return "not reproduced", self._lacking(each, numbers)

    def _difference(self, each: Executed, numbers: tuple[int, ...]) -> str | None:
        if not numbers or numbers[-1] != each.sequence:
            return "the slice does not end with it"
        return first_difference(each.shown, self._found[numbers])

    def _lacking(self, each: Executed, numbers: tuple[int, ...]) -> str | None:
        """Return the one execution that makes it reproduce, if there is one."""
        assert each.sequence is not None
        others = [number for number in self._by_number if number < each.sequence]
        for number in sorted(set(others) - set(numbers), reverse=True):
            more = tuple(sorted({*numbers, number}))
            self._run_all([more])
            if first_difference(each.shown, self._found[more]) is None:
                return f"lacks {self._by_number[number].cell.id} [{number}]"
        return "lacks more than one execution"

    def _run_all(self, slices: Iterable[tuple[int, ...]]) -> None:
        """Execute slices; one that is the beginning of another is not executed for itself."""
        waiting = sorted({numbers for numbers in slices if numbers}, reverse=True)
        for numbers in waiting:
            if numbers in self._found:
                continue
            shown = self._run([self._by_number[number] for number in numbers])
            for length in range(1, len(numbers) + 1):
                seen = shown[length - 1] if length <= len(shown) else Shown(error=_NEVER_ENDED)
                self._found.setdefault(numbers[:length], seen)

    def _run(self, executed: Sequence[Executed]) -> Sequence[Shown]:
        with _copy_of(self._notebook, self._shop) as folder:
            return rerun(executed, self._shop.shells, folder, preload=self._preload) or ()


_NEVER_ENDED = ("TimeoutError", "the process did not end by itself")


def _inexact(
    each: Executed, expected: frozenset[str], by_number: Mapping[int, Executed]
) -> Iterator[Inexact]:
    found = {by_number[number].cell.id for number in each.slice} - {each.cell.id}
    missing, unneeded = sorted(expected - found), sorted(found - expected)
    if missing or unneeded:
        yield Inexact(each.cell.id, tuple(missing), tuple(unneeded))


def _heavy_modules(cells: Iterable[Cell]) -> list[str]:
    roots = {name.partition(".")[0] for cell in cells for name in _IMPORT.findall(cell.source)}
    return [module for root in sorted(roots) for module in _HEAVY.get(root, ())]


@contextmanager
def _copy_of(notebook: Notebook, shop: Workshop) -> Iterator[Path]:
    place = tempfile.mkdtemp(dir=shop.scratch)
    folder = Path(place) / "work"
    if notebook.folder is None:
        folder.mkdir()
    else:
        shutil.copytree(notebook.folder, folder, ignore=_IGNORED, symlinks=True)
    try:
        yield folder
    finally:
        shutil.rmtree(place, ignore_errors=True)
