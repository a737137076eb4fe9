"""Which statements of a slice its target does not need: an estimate, to be tried by executing.

Reads the slice backwards, keeping what writes a name that is still needed. A statement with an
effect that the source does not tell stays, as does a cell that cannot be taken apart.
"""

import ast
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.hoisting import bindings
from nbmlops.cells.statements import LOOKING_METHODS, Cell, Part

type WantedKind = Literal["metric", "variable", "output", "everything"]

# Functions that show or measure what they are given and change nothing.
_LOOKING = frozenset(
    "abs all any bool dict display enumerate filter float format frozenset id int isinstance len "
    "list map max min print range repr reversed round set sorted str sum tuple type zip".split()
)
_PURE_MODULES = frozenset(("math", "numpy", "statistics"))
_IMPURE_WORDS = ("random", "seed", "set", "save", "load", "err", "print", "open", "put", "fill")
_DRAWING = frozenset(("matplotlib.pyplot",))
# Modules that are known to do nothing but define: others are kept though nothing names them.
_PLAIN_MODULES = sys.stdlib_module_names | {
    "numpy", "pandas", "scipy", "sklearn", "matplotlib", "polars", "joblib", "tqdm",
}  # fmt: skip
_FOR_EFFECT = ("sklearn.experimental", "readline", "this", "antigravity")
_STAYING = (
    ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Raise, ast.Await, ast.Yield, ast.YieldFrom,
    ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.Return,
)  # fmt: skip
_BINDING = (
    ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import,
    ast.ImportFrom,
)  # fmt: skip
_MAKING_CODE = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a slice is wanted for.

    ``names`` are those of variables and metrics; of an output, or of everything that the target's
    executions did, there are none.
    """

    kind: WantedKind
    names: frozenset[str] = frozenset()


def unneeded(cells: Sequence[Cell], wanted: Wanted) -> set[Part]:
    """Return the parts that can be left out of a slice, as far as the source tells."""
    modules = _modules(cells)
    always: frozenset[str] = frozenset()
    while True:  # what functions read is needed wherever it is written
        kept = _kept(cells, wanted, modules, always)
        read = {name for part in kept if _makes_code(part) for name in part.names.used}
        if read <= always:
            break
        always |= read
    every = {part for cell in cells for part in cell.parts}
    return every - _with_neighbours(cells, kept)


def _makes_code(part: Part) -> bool:
    return part.node is None or any(isinstance(node, _MAKING_CODE) for node in part.nodes)


def _kept(
    cells: Sequence[Cell], wanted: Wanted, modules: dict[str, str], always: Collection[str]
) -> set[Part]:
    live: set[str] = set()
    kept: set[Part] = set()
    for cell in reversed(cells):
        if cell.step.is_target:
            live |= wanted.names
        is_whole = _stays_whole(cell, wanted)
        for part in reversed(cell.parts):
            names = part.names
            written = {*names.defined, *names.touched, *names.deleted}
            is_needed = is_whole or bool(written & (live | set(always)))
            if is_needed or _has_effect(part, cell, wanted, modules):
                kept.add(part)
                if isinstance(part.node, _BINDING):
                    live -= set(names.defined)
                live |= set(names.used) | set(names.touched) - set(names.defined)
    return kept


def _stays_whole(cell: Cell, wanted: Wanted) -> bool:
    """Tell whether nothing of a cell can go."""
    if cell.is_whole or (cell.step.is_target and wanted.kind == "everything"):
        return True
    static = {name for part in cell.parts for name in (*part.names.defined, *part.names.touched)}
    needed = {
        reason.name
        for reason in cell.step.reasons
        if not reason.is_file and not is_hidden(reason.name)
    }
    if not needed <= static:  # written by what a function did
        return True
    if cell.step.is_target and wanted.kind == "metric":
        return not any(
            set(part.names.defined) & wanted.names or _logs(part, wanted) for part in cell.parts
        )
    return False


def _with_neighbours(cells: Sequence[Cell], kept: set[Part]) -> set[Part]:
    """Return the kept parts and those that share a line with one of them."""
    found = set(kept)
    for cell in cells:
        lines = {line for part in cell.parts if part in kept for line in part.lines}
        crowded = [part for part in cell.parts if not part.is_alone]
        grown = True
        while grown:
            more = [each for each in crowded if each not in found and lines & set(each.lines)]
            found |= set(more)
            lines |= {line for part in more for line in part.lines}
            grown = bool(more)
    return found


# Effects


def _has_effect(part: Part, cell: Cell, wanted: Wanted, modules: dict[str, str]) -> bool:
    """Tell whether a part that writes no needed name stays all the same."""
    node = part.node
    if node is None:
        return True
    is_target = cell.step.is_target
    if is_target and wanted.kind == "metric" and _logs(part, wanted):
        return True
    if is_target and wanted.kind == "output" and _shows(part):
        return True
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _is_for_effect(node)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return bool(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        return bool(node.decorator_list or node.keywords)
    if any(isinstance(inner, _STAYING) for inner in part.nodes):
        return True
    calls = [inner for inner in part.nodes if isinstance(inner, ast.Call)]
    if any(reason.is_file or is_hidden(reason.name) for reason in cell.step.reasons):
        return not all(_is_looking(call, modules, variables=False) for call in calls)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    return not all(_is_looking(call, modules, variables=True) for call in calls)


def _shows(part: Part) -> bool:
    """Tell whether a part may put something into its cell's output."""
    is_display = isinstance(part.node, ast.Expr)
    return is_display or any(isinstance(node, ast.Call) for node in part.nodes)


def _logs(part: Part, wanted: Wanted) -> bool:
    """Tell whether a part names a metric in a text, or logs several by a mapping."""
    for node in part.nodes:
        if isinstance(node, ast.Constant) and node.value in wanted.names:
            return True
        if isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if name == "log_metrics":
                return True
    return False


def _is_looking(call: ast.Call, modules: dict[str, str], *, variables: bool) -> bool:
    """Tell whether a call only looks; with ``variables`` methods of those may change their own.

    That they do is then known otherwise: as a touch.
    """
    function = call.func
    if isinstance(function, ast.Name):
        return function.id in _LOOKING and function.id not in modules
    if not isinstance(function, ast.Attribute):
        return False
    root, words = function.value, [function.attr]
    while isinstance(root, ast.Attribute | ast.Subscript):
        words += [root.attr] if isinstance(root, ast.Attribute) else []
        root = root.value
    if isinstance(root, ast.Name) and root.id in modules:
        module = modules[root.id]
        is_pure = module in _PURE_MODULES and not any(
            impure in word for word in words for impure in _IMPURE_WORDS
        )
        return is_pure or (variables and module in _DRAWING)
    if function.attr in LOOKING_METHODS or isinstance(root, ast.Constant):
        return True
    return variables and isinstance(root, ast.Name)


def _is_for_effect(node: ast.Import | ast.ImportFrom) -> bool:
    """Tell whether an import that nothing names may be there for what it does."""
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        is_star = any(alias.name == "*" for alias in node.names)
        is_plain = module.partition(".")[0] in _PLAIN_MODULES and module not in _FOR_EFFECT
        return is_star or bool(node.level) or module == "__future__" or not is_plain
    return any(
        ("." in alias.name and not alias.asname)
        or alias.name.partition(".")[0] not in _PLAIN_MODULES
        or alias.name in _FOR_EFFECT
        for alias in node.names
    )


def _modules(cells: Sequence[Cell]) -> dict[str, str]:
    """Return the names that imports of the slice bind, with what they bind them to."""
    return dict(_imported(cells))


def _imported(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    for cell in cells:
        for part in cell.parts:
            if isinstance(part.node, ast.Import | ast.ImportFrom):
                for name, meaning in bindings(part.node):
                    yield name, meaning.replace(":", ".")
