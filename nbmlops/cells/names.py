"""The top-level names of a cell, from its source alone.

An estimate on the safe side: what may be changed counts as touched, what may be read before it is
written counts as used. Code in strings, star imports and what called functions do stay unseen.
"""

import ast
import contextlib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from nbmlops.cells.touches import Touch, touches_at
from nbmlops.records import Names

# Magics whose text is Python that runs in the notebook's namespace.
_PYTHON_MAGICS = frozenset(("time", "timeit", "capture", "prun", "memit"))

_NONE = Names()

type _Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
type _Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def names_of(source: str, changes: Callable[[Touch], bool] = lambda _: True) -> Names:
    r"""Return the names that a cell defines, uses, touches and deletes.

    None where it has no valid syntax.

    ``source`` is Python, with IPython's magics already transformed to calls; ``changes`` decides
    which ways of touching count, for a caller that knows more than the source.

    Examples
    --------
    >>> names = names_of("y = x + 1\nmodel.fit(y)")
    >>> names.defined, names.used, names.touched
    (('y',), ('model', 'x'), ('model', 'y'))
    """
    tree = parsed(source)
    if tree is None:
        return Names()
    reader = _Reader()
    try:
        reader.read(tree.body)
    except RecursionError:  # an expression of a thousand terms
        return Names()
    return Names(
        defined=tuple(sorted(reader.defined)),
        used=tuple(sorted(reader.used)),
        touched=tuple(sorted({touch.name for touch in reader.touched if changes(touch)})),
        deleted=tuple(sorted(reader.deleted)),
    )


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, which may await at top level; None where it has none."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with _unheard(source):
            tree = compile(source, "<cell>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    assert isinstance(tree, ast.Module)
    return tree


@contextlib.contextmanager
def _unheard(source: str) -> Iterator[None]:
    """Silence warnings of invalid escapes: running the cell gives them already."""
    if "\\" not in source:  # touching the filters makes Python forget which warnings it has shown
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def merged(parts: Iterable[Names]) -> Names:
    """Return the names of several pieces of code that ran within one execution.

    Items count where only one of them did something with the name.
    """
    rows = [part for part in parts if part != _NONE]
    if len(rows) == 1:
        return rows[0]
    together = Names(
        **{
            field: tuple(sorted({name for part in rows for name in getattr(part, field)}))
            for field in ("defined", "used", "touched", "deleted", "replaced")
        }
    )
    if not any(part.items_used or part.items_changed for part in rows):
        return together
    used = Counter(name for part in rows for name in {*part.used, *part.touched})
    written = Counter(name for part in rows for name in {*part.defined, *part.touched})
    return replace(
        together,
        items_used=tuple(each for part in rows for each in part.items_used if used[each.name] == 1),
        items_changed=tuple(
            each for part in rows for each in part.items_changed if written[each.name] == 1
        ),
    )


class _Reader(ast.NodeVisitor):
    """Walks a cell in the order it runs. ``known`` are the names surely written by now.

    ``beyond`` are, in the body of a class, those that the functions in it can see; None elsewhere.
    """

    def __init__(self, known: Iterable[str] = (), beyond: set[str] | None = None) -> None:
        self.known = set(known)
        self.beyond = beyond
        self.defined: set[str] = set()
        self.used: set[str] = set()
        self.touched: set[Touch] = set()
        self.deleted: set[str] = set()

    def read(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def branches(self, *bodies: Sequence[ast.AST]) -> None:
        """Read alternatives: what only some of them write may still be what it was before."""
        before, after = self.known, []
        written_before = set(self.defined)
        for body in bodies:
            self.known = set(before)
            self.read(body)
            after.append(self.known)
        self.known = set.intersection(*after)
        if self.beyond is None:
            self.used |= self.defined - written_before - self.known

    # Names

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._define(node.id)
        else:
            self.deleted.add(node.id)
            self._use(node.id)

    def _use(self, name: str) -> None:
        if name not in self.known:
            self.used.add(name)

    def _define(self, name: str) -> None:
        self.defined.add(name)
        self.known.add(name)

    def _touch(self, node: ast.AST) -> None:
        self.touched |= {touch for _, touch in touches_at(node)}

    # Statements, in the order in which they evaluate

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        self.read(node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._use(node.target.id)
            self._touch(node)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)
        self.visit(node.annotation)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.branches(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        # Taken to run at least once: a loop that does not is rare, and its names would otherwise
        # tie every execution of the cell to the one before.
        self.read([node.iter, node.target, *node.body])
        self.branches(node.orelse, [])

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.read([node.test, *node.body])
        self.branches(node.orelse, [])

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self.branches([*node.body, *node.orelse], *([handler] for handler in node.handlers))
        self.read(node.finalbody)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        self.known |= {node.name} if node.name else set()
        self.read(node.body)
        self.known -= {node.name}  # Python deletes it

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self.branches(
            *([case.pattern, *filter(None, [case.guard]), *case.body] for case in node.cases), []
        )

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name:
            self._define(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._define(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self._define(node.rest)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self._define(alias.asname or alias.name.split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    # Changes in place

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._touch(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._touch(node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self._touch(node)
        if isinstance(node.func, ast.Attribute):
            self._read_magic(node.func.attr, node.args)
        self.generic_visit(node)

    def _read_magic(self, method: str, arguments: Sequence[ast.expr]) -> None:
        """Read ``get_ipython().run_cell_magic("time", line, body)`` and its line form."""
        if method not in ("run_cell_magic", "run_line_magic"):
            return
        texts = [arg.value for arg in arguments if isinstance(arg, ast.Constant)]
        if texts[:1] == ["nbmlops"]:  # %nbmlops metric NAME… reads the variables that it names
            verb, *names = " ".join(map(str, texts[1:])).split() or [""]
            for name in names if verb == "metric" else ():
                self._use(name)
        if not texts or texts[0] not in _PYTHON_MAGICS:
            return
        code = texts[-1] if method == "run_cell_magic" else " ".join(map(str, texts[1:]))
        tree = parsed(_without_options(str(code)))
        if tree is not None:
            self.read(tree.body)

    # Scopes of their own: their locals are no names of the cell

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.read([*node.decorator_list, *_defaults(node.args), *_annotations(node)])
        self._define(node.name)
        self._inner(node.body, _arguments(node.args))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.read(_defaults(node.args))
        self._inner([node.body], _arguments(node.args))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.read([*node.decorator_list, *node.bases, *(key.value for key in node.keywords)])
        self._define(node.name)
        seen = self._seen_by_functions()
        inner = _Reader(seen, beyond=seen)
        inner.read(node.body)
        shared = _globals(node.body)
        self.used |= inner.used
        own = inner.defined - shared
        self.touched |= {touch for touch in inner.touched if touch.name not in own}
        self.defined |= shared & inner.defined

    def _seen_by_functions(self) -> set[str]:
        return self.known if self.beyond is None else self.beyond

    def _visit_comprehension(self, node: _Comprehension) -> None:
        self.visit(node.generators[0].iter)
        parts: list[ast.AST] = []
        for generator in node.generators:
            parts += [generator.target, *generator.ifs]
        parts += [generator.iter for generator in node.generators[1:]]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._inner(parts, ())
        self.defined |= {
            child.target.id
            for child in ast.walk(node)
            if isinstance(child, ast.NamedExpr) and isinstance(child.target, ast.Name)
        }

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def _inner(self, body: Sequence[ast.AST], local: Iterable[str]) -> None:
        """Read a nested scope: its own names stay inside, those from outside count."""
        inner = _Reader(local)
        inner.read(body)
        shared = _globals(body)
        own = (inner.defined | set(local)) - shared
        self.used |= inner.used - own - self._seen_by_functions()
        self.touched |= {touch for touch in inner.touched if touch.name not in own}
        self.defined |= shared & inner.defined


def _globals(body: Sequence[ast.AST]) -> set[str]:
    return {
        name
        for node in body
        for child in ast.walk(node)
        if isinstance(child, ast.Global)
        for name in child.names
    }


def _arguments(arguments: ast.arguments) -> list[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return [argument.arg for argument in every]


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(value for value in arguments.kw_defaults if value)]


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    found: list[ast.AST] = [argument.annotation for argument in every if argument.annotation]
    return [*found, node.returns] if node.returns else found


def _without_options(code: str) -> str:
    """Return a line magic's Python without options such as ``-q -n 10`` before it."""
    words = code.lstrip()
    while words.startswith("-") or (words != code.lstrip() and parsed(words) is None):
        _, _, rest = words.partition(" ")
        if not rest:
            return code
        words = rest.lstrip()
    return words
