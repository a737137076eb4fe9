"""What a cell binds by statements that say all about the value: imports, literals, functions.

Such a name is the same whatever else is in the cell. Static: no cell is run.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

_MAGICS = ("%", "!", "?")
_IMPORTS = ("import ", "from ")


def say_the_same(name: str, one: str, other: str) -> bool:
    r"""Tell whether two cells bind a name to the same, by statements that say all about it.

    Examples
    --------
    >>> say_the_same("os", "import os", "import os\nimport re")
    True
    """
    first, second = _lines_about(name, one), _lines_about(name, other)
    may_import = any(line.startswith(_IMPORTS) for line in first)
    if not first or not second or (first != second and not may_import):
        return False  # without reading them as Python
    said = bindings_of(one).get(name)
    return said is not None and said == bindings_of(other).get(name)


def _lines_about(name: str, source: str) -> list[str]:
    if name not in source:
        return []
    beginnings = (*_IMPORTS, f"{name} ", f"{name}=", f"def {name}")
    return [line for line in source.splitlines() if line.startswith(beginnings) and name in line]


@lru_cache(maxsize=256)
def bindings_of(source: str) -> Mapping[str, str]:
    r"""Return by name what a cell binds it to, as a text that is the same for the same value.

    Left out are names that are bound more than once, and whatever needs other names.

    Examples
    --------
    >>> bindings_of("import numpy as np\nrate = 0.1\ntotal = rate * 2")
    {'np': 'import numpy', 'rate': '0.1'}
    """
    try:
        tree = ast.parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    times = Counter(_bound_names(tree))
    return {
        name: text
        for statement in tree.body
        for name, text in _said_by(statement)
        if times[name] == 1
    }


def _without_magics(source: str) -> str:
    if source.lstrip().startswith("%%") and not source.lstrip().startswith("%%nbmlops"):
        return ""
    lines = source.splitlines()
    return "\n".join("" if line.startswith(_MAGICS) else line for line in lines)


def _bound_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def _said_by(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    match statement:
        case ast.Import(names=aliases):
            for alias in aliases:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, f"import {alias.name if alias.asname else top}"
        case ast.ImportFrom(module=module, names=aliases, level=level):
            for alias in aliases:
                where = "." * level + (module or "")
                yield alias.asname or alias.name, f"from {where} import {alias.name}"
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_literal(value):
            yield name, ast.unparse(value)
        case ast.FunctionDef(name=name, decorator_list=[], args=arguments) if _is_plain(arguments):
            yield name, ast.unparse(statement)


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _is_plain(arguments: ast.arguments) -> bool:
    """Tell whether the defaults of a function need no names."""
    return all(map(_is_literal, filter(None, [*arguments.defaults, *arguments.kw_defaults])))
