"""The source of functions: from a code object to its place in the syntax tree of its file or cell.

A file may have been edited since it was loaded, and the caches of `linecache` may be older or newer
than the code. So what is found is compiled again and must give the very code of the function.
"""

import __future__

import ast
import linecache
import os
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

type Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_LARGEST_FILE_BYTES = 10_000_000
_FILES_KEPT = 8  # of 5,000 lines each takes some 20 MB
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_LAMBDA = "<lambda>"
_RUN_MAGIC = "run_cell_magic"


class SourceMissing(Exception):
    """Says why the source of a function cannot be told."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A text with its definitions and the code that it compiles to, by name and first line."""

    definitions: dict[tuple[str, int], list[Definition]]
    codes: dict[tuple[str, int], list[CodeType]]


def definition_of(code: CodeType) -> Definition:
    """Return the syntax tree of the definition that a function's code was compiled from.

    Raises
    ------
    SourceMissing
        There is no source, or the source is not what the code was compiled from.
    """
    key = code.co_name, code.co_firstlineno
    is_there = False
    for text in _texts(code.co_filename):
        is_there = True
        source = _parsed(text, code.co_flags & _FUTURES)
        if source is not None and code in source.codes.get(key, ()):
            return _placed(code, source.definitions.get(key, []))
    if is_there:
        raise SourceMissing("its source was edited after it was loaded, or rewritten on loading")
    raise SourceMissing("its source is nowhere")


def _texts(filename: str) -> Iterator[str]:
    """Give the texts that may be the source of code with a file name."""
    kept = linecache.cache.get(filename)
    if kept is not None and len(kept) > 1:
        yield "".join(kept[2])
    if os.path.isfile(filename) and os.path.getsize(filename) <= _LARGEST_FILE_BYTES:  # noqa: PTH113, PTH202, names of code are text
        with tokenize.open(filename) as file:
            yield file.read()
    if filename.startswith("<"):
        yield from _bodies_of_magics()


def _bodies_of_magics() -> Iterator[str]:
    """Give the bodies of cells with magics like ``%%time``, which compile them namelessly."""
    for name in reversed(list(linecache.cache)):
        kept = linecache.cache.get(name)
        if kept is None or len(kept) < 2 or kept[1] is not None:  # a file has a time of change
            continue
        text = "".join(kept[2])
        if _RUN_MAGIC in text:
            yield from _texts_given_to_magics(text)


def _texts_given_to_magics(cell: str) -> Iterator[str]:
    try:
        tree = ast.parse(cell)
    except SyntaxError:
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            last = call.args[-1] if call.args else None
            if call.func.attr == _RUN_MAGIC and isinstance(last, ast.Constant):
                yield str(last.value)


@lru_cache(_FILES_KEPT)
def _parsed(text: str, futures: int) -> _Source | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the user has seen them when the code was loaded
            tree = ast.parse(text)
            flags = futures | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compiled = compile(tree, "", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return _Source(_definitions(tree), _codes(compiled))


def _definitions(tree: ast.Module) -> dict[tuple[str, int], list[Definition]]:
    found: dict[tuple[str, int], list[Definition]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found.setdefault((_LAMBDA, node.lineno), []).append(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found.setdefault((node.name, first), []).append(node)
    return found


def _codes(compiled: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    found: dict[tuple[str, int], list[CodeType]] = {}
    waiting = [compiled]
    while waiting:
        code = waiting.pop()
        found.setdefault((code.co_name, code.co_firstlineno), []).append(code)
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def _placed(code: CodeType, candidates: list[Definition]) -> Definition:
    """Return the definition that a code belongs to; several lambdas may begin in one line."""
    if len(candidates) == 1:
        return candidates[0]
    places = [place for place in code.co_positions() if None not in place and place[2:] != (0, 0)]
    if places:
        around = [node for node in candidates if _is_around(node, places)]
        return max(around, key=lambda node: (node.lineno, node.col_offset))  # the innermost
    found = [node for node in candidates if _compiles_to(node, code)]
    if len({ast.dump(node) for node in found}) == 1:
        return found[0]
    raise SourceMissing("which of the lambdas in its line it is cannot be told")


def _is_around(node: Definition, places: list[tuple[Any, ...]]) -> bool:
    body = node.body if isinstance(node, ast.Lambda) else node
    assert isinstance(body, ast.AST)
    start, end = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
    return all(
        start <= (line, column) and (end_line, end_column) <= end
        for line, end_line, column, end_column in places
    )


def _compiles_to(node: Definition, code: CodeType) -> bool:
    """Tell whether a lambda that closes over nothing is compiled to a code."""
    if not isinstance(node, ast.Lambda):
        return False
    compiled = compile(ast.Expression(node), "", "eval", dont_inherit=True)
    alone = next(inner for inner in compiled.co_consts if isinstance(inner, CodeType))
    return alone.replace(co_flags=code.co_flags) == code
