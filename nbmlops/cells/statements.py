"""A cell as its lines and the statements at its top level, so that parts can be taken out.

Sources are never written anew: what stays of a cell are whole lines of it, as they were. What
a statement means for others is read elsewhere.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.names import merged, names_of, parsed
from nbmlops.cells.our_lines import method_called, our_lines, without_our_header
from nbmlops.cells.slices import Step
from nbmlops.cells.touches import Touch
from nbmlops.records import Names

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# Calls that make a cell one thing, of which nothing is moved or left out.
_WHOLE = frozenset(("input", "exec", "eval", "globals", "locals", "__import__"))
_WHOLE_METHODS = frozenset(("run_cell", "run_cell_async", "run_cell_magic"))
_WHOLE_MAGICS = frozenset(("run", "load", "loadpy", "macro", "recall", "rerun"))

# Methods that show what an object holds and never change it.
LOOKING_METHODS = frozenset(
    "head tail describe info value_counts nunique isna isnull notna notnull corr to_string "
    "memory_usage mean median sum count min max std var groupby agg items keys values format join "
    "round unique astype tolist copy upper lower strip split score predict predict_proba "
    "predict_log_proba decision_function get_params".split()
)
_OWN_FUNCTION = re.compile(r"\bdef[ \t]+(\w+)|(\w+)[ \t]*=[ \t]*lambda\b")

# Python for IPython's syntax, one line for each.
type AsPython = Callable[[str], str]


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A statement at the top level of a cell, or a whole cell that cannot be taken apart.

    Attributes
    ----------
    names : Names
        As its source says.
    node : ast.stmt or None
        None for a whole cell.
    first, last : int
        Its lines in the cell, from 0, the last one included.
    is_alone : bool
        Whether no other statement shares its lines and it is not indented: it can be moved.
    """

    names: Names
    node: ast.stmt | None
    first: int
    last: int
    is_alone: bool = False

    @property
    def lines(self) -> range:
        """The numbers of its lines."""
        return range(self.first, self.last + 1)

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """All the syntax in it; of a whole cell none."""
        return ast.walk(self.node) if self.node is not None else iter(())


@dataclass(frozen=True, eq=False)
class Cell:
    """An execution of a slice and the parts of its source, in order.

    ``gone`` are the lines that were left out of it.
    """

    step: Step
    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    gone: frozenset[int] = frozenset()

    @property
    def has_failed(self) -> bool:
        """Whether it did not come to its end, so that nobody knows which of its parts ran."""
        return self.step.execution.outcome != "ok"

    @cached_property
    def is_whole(self) -> bool:
        """Whether it stays as it is: it failed, or can do what its source does not say."""
        return self.has_failed or any(_hides(part) for part in self.parts)

    @property
    def hidden_names(self) -> set[str]:
        """The hidden inputs that it wrote."""
        names = self.step.execution.names
        return {name for name in (*names.defined, *names.touched) if is_hidden(name)}

    def text(self, part: Part) -> str:
        """Return the lines of a part as they were written, without the last line's end."""
        return "".join(self.lines[part.first : part.last + 1]).rstrip("\r\n")

    def without(self, parts: Collection[Part]) -> "Cell":
        """Return the cell with some of its parts taken out."""
        left = tuple(part for part in self.parts if part not in parts)
        if len(left) == len(self.parts):
            return self
        lines = {line for part in parts if part in self.parts for line in part.lines}
        return replace(self, parts=left, gone=self.gone | lines)

    @property
    def source(self) -> str:
        """What is left of the source; empty where that is nothing but comments."""
        if not self.parts:
            return ""
        return _trimmed(
            "".join(line for place, line in enumerate(self.lines) if place not in self.gone)
        )


def cells_of(steps: Sequence[Step], as_python: AsPython) -> list[Cell]:
    """Return the executions of a slice, each taken apart."""
    found = [_OWN_FUNCTION.findall(step.execution.source) for step in steps]
    functions = {name for pairs in found for pair in pairs for name in pair if name}
    return [_cell_of(step, as_python, functions) for step in steps]


def _cell_of(step: Step, as_python: AsPython, functions: Collection[str]) -> Cell:
    lines = without_our_header(lines_of(step.execution.source))
    nodes, python = _syntax(lines, as_python)
    ours = our_lines(lines, nodes)
    if ours:
        kept = [(ours.get(place, line)) for place, line in enumerate(lines)]
        lines = [line for line in kept if line is not None]
        nodes, python = _syntax(lines, as_python)
    changes = _changes(step.execution.names, set(_modules(nodes or ())), functions)
    return Cell(step, tuple(lines), tuple(_parts(nodes, python, lines, step, changes)))


def lines_of(source: str) -> list[str]:
    r"""Return the lines of a source with their ends, as Python counts them.

    Examples
    --------
    >>> lines_of("a\r\nb\x0c\rc")
    ['a\r\n', 'b\x0c\r', 'c']
    """
    return _LINE.findall(source)


def _trimmed(source: str) -> str:
    """Return a source without the empty lines around it."""
    lines = lines_of(source.rstrip())
    while lines and not lines[0].strip():
        del lines[0]
    return "".join(lines)


# Taking a source apart


def _syntax(lines: Sequence[str], as_python: AsPython) -> tuple[list[ast.stmt] | None, list[str]]:
    """Return the statements of a cell and its Python, line for line.

    No statements where it is no Python, or has not one line for each of the cell's.
    """
    empty = 0
    while empty < len(lines) and not lines[empty].strip():
        empty += 1
    if empty == len(lines):
        return [], [*lines]
    python = "\n" * empty + as_python("".join(lines[empty:]))
    tree = parsed(python)
    python_lines = lines_of(python)
    if tree is None or len(python_lines) != len(lines):
        return None, python_lines
    return tree.body, python_lines


def _parts(
    nodes: list[ast.stmt] | None,
    python: Sequence[str],
    lines: Sequence[str],
    step: Step,
    changes: Callable[[Touch], bool],
) -> Iterator[Part]:
    names = merged([names_of("".join(python)), step.execution.names])
    whole = Part(names, None, 0, max(len(lines) - 1, 0))
    if nodes is None:
        yield whole
        return
    spans = [(_first_line(node), (node.end_lineno or node.lineno) - 1) for node in nodes]
    parts = []
    for place, (node, (first, last)) in enumerate(zip(nodes, spans, strict=True)):
        is_alone = (
            all(
                first > other_last or last < other_first
                for other_first, other_last in spans[max(place - 1, 0) : place]
                + spans[place + 1 : place + 2]
            )
            and not lines[first][:1].isspace()
        )
        source = "".join(python[first : last + 1]) if is_alone else ast.unparse(node)
        names = names_of(source, changes)
        if names == Names() and not _says_no_name(node):  # too deep to be read
            yield whole
            return
        parts.append(Part(names, node, first, last, is_alone))
    yield from parts


def _first_line(node: ast.stmt) -> int:
    """Return where a statement begins, decorators included; counted from 0."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    return node.lineno - 1


def _says_no_name(node: ast.stmt) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _modules(nodes: Iterable[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)


def _changes(
    recorded: Names, modules: Collection[str], functions: Collection[str]
) -> Callable[[Touch], bool]:
    """Return what tells of a touch whether it counts, after what was seen when the cell ran.

    Setting an item always does. A call counts where the cell wrote the name: of one that it
    defined itself nobody knows whether it was changed after that. Functions of libraries are
    trusted to leave their arguments alone, those of the notebook are not.
    """
    possible = {*recorded.defined, *recorded.touched} - {*modules}

    def changes(touch: Touch) -> bool:
        if touch.method is None and touch.function is None:
            return True
        if touch.function is not None and touch.function not in functions:
            return False
        return touch.name in possible and touch.method not in LOOKING_METHODS

    return changes


def _hides(part: Part) -> bool:
    """Tell whether a part can do what its source does not say, or waits for somebody."""
    if part.node is None:
        return True
    for node in part.nodes:
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) and _is_outside(part):
            return True
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in _WHOLE:
                return True
            method, texts = method_called(node)
            if method in _WHOLE_METHODS:
                return True
            if method == "run_line_magic" and texts[:1] and texts[0] in _WHOLE_MAGICS:
                return True
    return False


def _is_outside(part: Part) -> bool:
    """Tell whether a part is no function, in which waiting is nobody else's affair."""
    return not isinstance(part.node, ast.AsyncFunctionDef | ast.FunctionDef | ast.ClassDef)
