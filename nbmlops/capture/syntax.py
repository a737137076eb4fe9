"""The syntax that code was compiled from, kept only until what is needed of it was read."""

import ast
import linecache
from collections.abc import Mapping
from pathlib import PurePath

from nbmlops.cells.bound_texts import Texts, texts_bound
from nbmlops.cells.lookups import Lookup, lookups_of
from nbmlops.cells.names import parsed
from nbmlops.cells.touches import Touch, nodes_with_calls, touches_of


class Syntax:
    """The touches and lookups in the source of a piece of code, by line and name.

    Parameters
    ----------
    source : ast.AST or str or None
        As the compiler got it; None where nobody saw that.
    filename : str
        Where Python finds the source then: IPython keeps that of cells, others are files.
    """

    __slots__ = ("_filename", "_lookups", "_source", "_touches")

    def __init__(self, source: ast.AST | str | None, filename: str) -> None:
        self._source, self._filename = source, filename
        self._touches: Mapping[tuple[int, str], set[Touch]] | None = None
        self._lookups: Mapping[tuple[int, str], set[Lookup]] = {}

    @property
    def touches(self) -> Mapping[tuple[int, str], set[Touch]]:
        """The touches; of source that cannot be found, none."""
        self.read()
        return self._touches or {}

    @property
    def lookups(self) -> Mapping[tuple[int, str], set[Lookup]]:
        """The lookups; of source that cannot be found, none."""
        self.read()
        return self._lookups

    def texts_bound(self, name: str) -> Texts | None:
        """Return the texts that it binds to a name; None too if the source was read by now."""
        tree = self._tree() if self._touches is None else None
        return None if tree is None else texts_bound(tree, name)

    def read(self) -> None:
        """Read the source now and forget it."""
        if self._touches is None:
            nodes = [*nodes_with_calls(self._tree() or ast.Module([], []))]
            self._touches, self._lookups = touches_of(nodes), lookups_of(nodes)
            self._source = None

    def _tree(self) -> ast.AST | None:
        if isinstance(self._source, ast.AST):
            return self._source
        if self._source is not None:
            return parsed(self._source)
        is_kept = self._filename in linecache.cache or PurePath(self._filename).is_absolute()
        return parsed("".join(linecache.getlines(self._filename))) if is_kept else None
