"""Which imports of a slice can stand at its top without anything coming out different.

Those stay where they are that something before them may have changed: the search path, the
environment, the folder, the backend, warnings, installed packages, a module that was just written;
and those whose name means something else elsewhere.
"""

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from nbmlops.cells.our_lines import method_called
from nbmlops.cells.statements import Cell, Part

_BUILTINS = frozenset(dir(builtins))
# Attributes, by what they are of, that change what a later import does.
_SETTINGS = frozenset((
    "sys.path", "sys.modules", "sys.meta_path", "sys.path_hooks", "sys.argv", "os.environ",
    "os.putenv", "os.unsetenv", "os.chdir", "os.fchdir", "matplotlib.use", "mpl.use",
    "plt.switch_backend", "site.addsitedir",
))  # fmt: skip
_SETTING_MODULES = frozenset(("warnings", "importlib", "subprocess"))
_SETTING_NAMES = frozenset((
    "environ", "putenv", "chdir", "filterwarnings", "simplefilter", "load_dotenv", "reload",
    "globals", "locals", "exec", "eval", "__import__",
))  # fmt: skip
_HIDDEN_SETTINGS = ("<os.environ", "<working directory")  # how their names begin
# Magics that change nothing for an import; any other may.
_HARMLESS_MAGICS = frozenset((
    "matplotlib", "time", "timeit", "config", "load_ext", "autoreload", "precision", "pinfo",
    "pinfo2", "who", "whos", "history", "pylab",
))  # fmt: skip
_MAGICS = frozenset(("run_line_magic", "run_cell_magic", "system", "getoutput"))

type Import = ast.Import | ast.ImportFrom


def imports_to_hoist(cells: Sequence[Cell], written: Iterable[str] = ()) -> list[Part]:
    """Return the imports that can stand at the top, in their order, those of the future first.

    Parameters
    ----------
    cells : sequence of Cell
        In the order they ran.
    written : iterable of str
        Paths of files that they wrote.
    """
    modules = {module for path in written for module in _modules_of(path)}
    modules |= set(_written_by_magic(cells))
    others = _meanings(cells)
    used: set[str] = set()
    found: list[Part] = []
    known: set[tuple[str, str]] = set()  # what the found ones bind
    is_begun = False
    for cell, part in _until_settings_change(cells):
        node = part.node
        if not isinstance(node, ast.Import | ast.ImportFrom):
            is_begun = True
        elif not cell.is_whole and part.is_alone and not (modules & set(_modules(node))):
            bound = dict(bindings(node))
            is_clear = all(
                name not in _BUILTINS
                and others.get(name) == {meaning}
                and (name not in used or (name, meaning) in known)
                for name, meaning in bound.items()
            )
            if bound and is_clear and not (is_begun and _is_future(node)):
                found.append(part)
                known |= set(bound.items())
        used |= {*part.names.used, *part.names.touched}
    return sorted(found, key=lambda part: not _is_future(part.node))


def bindings(node: Import) -> Iterator[tuple[str, str]]:
    """Give the names that an import binds, and to what; of a star import nothing.

    Examples
    --------
    >>> [*bindings(ast.parse("import a.b, c as d").body[0])]
    [('a', 'a'), ('d', 'c')]
    """
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            if alias.name != "*":
                home = f"{'.' * node.level}{node.module or ''}"
                yield alias.asname or alias.name, f"{home}:{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            root = alias.name.partition(".")[0]
            yield root, root


def _until_settings_change(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Part]]:
    """Give the parts up to the first that may change what an import does."""
    for cell in cells:
        is_setting = any(name.startswith(_HIDDEN_SETTINGS) for name in cell.hidden_names)
        for part in cell.parts:
            is_import = isinstance(part.node, ast.Import | ast.ImportFrom)
            if not is_import and (is_setting or _changes_settings(cell, part)):
                return
            yield cell, part


def _changes_settings(cell: Cell, part: Part) -> bool:
    if part.node is None:
        return not _is_harmless(cell)
    for node in part.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            home = node.value.id
            if home in _SETTING_MODULES or f"{home}.{node.attr}" in _SETTINGS:
                return True
        if isinstance(node, ast.Name) and node.id in _SETTING_NAMES:
            return True
        method, texts = method_called(node)
        if method in _MAGICS and not (texts and texts[0] in _HARMLESS_MAGICS):
            return True
    return False


def _is_harmless(cell: Cell) -> bool:
    """Tell whether a cell that is one whole only measures time: ``%%time``."""
    head = next((line.strip() for line in cell.lines if line.strip()), "")
    words = head.removeprefix("%%").split()
    body = "".join(cell.lines)
    is_timed = head.startswith("%%") and bool(words) and words[0] in ("time", "timeit", "capture")
    quiet = not any(word in body for word in (*_SETTINGS, *_SETTING_MODULES, *_SETTING_NAMES))
    return is_timed and quiet and not any(line.lstrip()[:1] in "%!" for line in cell.lines[1:])


def _meanings(cells: Sequence[Cell]) -> dict[str, set[str]]:
    """Return what each name is bound to by any part: for all but imports something unknown."""
    found: dict[str, set[str]] = {}
    for cell in cells:
        for part in cell.parts:
            known = {}
            if isinstance(part.node, ast.Import | ast.ImportFrom):
                known = dict(bindings(part.node))
            for name in (*part.names.defined, *part.names.deleted):
                found.setdefault(name, set()).add(known.get(name, "?"))
    return found


def _is_future(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


# Modules that the slice itself writes


def _modules(node: Import) -> Iterator[str]:
    """Give the first names of the modules that an import may load."""
    if isinstance(node, ast.ImportFrom) and (node.level or not node.module):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0]
    else:
        yield from (alias.name.partition(".")[0] for alias in node.names)


def _modules_of(path: str) -> Collection[str]:
    """Return the modules that a file may belong to: itself, and the folders that it is in."""
    pure = PurePosixPath(path)
    return {pure.stem, *pure.parent.parts} if pure.suffix == ".py" else ()


def _written_by_magic(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        head = next((line.split() for line in cell.lines if line.strip()), [])
        if head and head[0] in ("%%writefile", "%%file"):
            yield from _modules_of(head[-1])
